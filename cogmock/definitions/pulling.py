"""A user pool as a document, read through AWS's API by a client that is handed over: describe and list calls only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cogmock.core.world import ACCOUNT
from cogmock.definitions import pulled
from cogmock.definitions.applying.run import Progress

Data = dict[str, Any]
ABSENT = ("ResourceNotFoundException", "UserPoolAddOnNotEnabledException", "InvalidParameterException")
"""What AWS answers where a pool has no such part."""


@dataclass(slots=True)
class Pulled:
    document: Data
    warnings: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        pool = self.document["pools"][0]
        counts = [_counted(len(pool.get(key, ())), key) for key in ("clients", "groups", "users")]
        return f"user pool {pool['PoolName']}, {', '.join(counts)}"


def _counted(number: int, names: str) -> str:
    return f"{number} {names.removesuffix('s') if number == 1 else names}"


def pull(
    client: Any,
    pool_id: str,
    *,
    users: bool = False,
    iam: Any = None,
    progress: Progress | None = None,
) -> Pulled:
    """The document of a pool. Raises ClientError of botocore where a call is refused that it cannot do without.

    Passwords cannot be read; a pulled user keeps the status and has none. With a client of IAM as `iam`, the document
    has the roles, users, groups, policies and providers of the pool's account as well.
    """
    found = _Puller(client, pool_id).pull(users=users, progress=progress)
    if iam is not None:
        _add_iam(found, iam, client.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Arn"])
    return found


def _add_iam(found: Pulled, client: Any, pool_arn: str) -> None:
    """The account's IAM, in the account of its ARNs."""
    from cogmock.definitions import pulling_iam

    puller = pulling_iam.Puller(client)
    blocks, account = puller.pull(), pool_arn.split(":")[4]
    if account == ACCOUNT:
        found.document |= blocks
    elif blocks:
        found.document["accounts"] = {account: blocks}
    found.warnings += puller.warnings


PUBLISHED = {"GenerateSecret": True, "PublishSecretsInAWSSecretsManager": True}
"""Of a client whose secret is in Secrets Manager, which is not read."""


NEW_SESSIONS = {"UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 20}}
NEW_SSO = {"MaxValidityMinutes": 60}
"""The sessions of a new pool, and of a new client."""


class _Puller:
    def __init__(self, client: Any, pool_id: str) -> None:
        self._client = client
        self._about = {"UserPoolId": pool_id}
        self._warnings: list[str] = []

    def pull(self, *, users: bool, progress: Progress | None) -> Pulled:
        described = self._client.describe_user_pool(**self._about)["UserPool"]
        sessions = self._sessions(described)
        clients = [*self._clients(tracks=sessions.get("UserSessionTracking") == "ENABLED")]
        ids = [client["id"] for client in clients]
        block: Data = {"id": described["Id"], "PoolName": described["Name"]}
        block |= pulled.settings(described)
        block |= {
            "mfa": self._mfa(),
            "sessions": sessions,
            "domain": self._domain(described),
            "resource_servers": [
                pulled.stated(pulled.members(one, "CreateResourceServer"))
                for one in self._pages("list_resource_servers", "ResourceServers", 50)
                if "ManagedBy" not in one
            ],
            "identity_providers": [*self._providers()],
            "clients": clients,
            "branding": [*self._brandings(ids)],
            "ui": [*self._classic_looks(ids)],
            "terms": [*self._terms()],
            "risk": [*self._risks(ids)],
            "log_delivery": self._log_delivery(),
            "cimd_policies": [*self._cimd_policies()],
            "groups": self._listed("list_groups", "Groups", "CreateGroup", 60, key="Limit"),
        }
        if users:
            estimate = described.get("EstimatedNumberOfUsers") or 0
            block["users"] = [*self._users(described, block["groups"], estimate, progress)]
        if any("ClientSecret" in client for client in clients):
            self._warnings.append("the document holds secrets of app clients: keep it as you keep those")
        if any("second_secret" in client for client in clients):
            self._warnings.append(
                "AWS does not show the second secret of an app client: applying the document draws another"
            )
        if described.get("LambdaConfig"):
            self._warnings.append(
                "LambdaConfig names functions in AWS: give stand-ins by `functions` or --lambda"
            )
        return Pulled({"pools": [pulled.stated(block)]}, self._warnings)

    def _mfa(self) -> Data:
        found = self._part(self._client.get_user_pool_mfa_config) or {}
        kept = pulled.stated({key: of for key, of in found.items() if key != "ResponseMetadata"})
        return {} if kept == {"MfaConfiguration": "OFF"} else kept

    def _sessions(self, described: Data) -> Data:
        """What differs from a new pool. boto3 may be older than the operation."""
        ask = getattr(self._client, "get_user_pool_session_configuration", None)
        if ask is None or described.get("UserPoolTier") == "LITE":
            return {}
        found = pulled.members(self._part(ask) or {}, "SetUserPoolSessionConfiguration")
        return {} if found == NEW_SESSIONS else found

    def _domain(self, described: Data) -> Data | list[Data]:
        """The domain, or a list of the prefix domain and the custom domain."""
        names = [described[key] for key in ("Domain", "CustomDomain") if described.get(key)]
        shown = [self._client.describe_user_pool_domain(Domain=name)["DomainDescription"] for name in names]
        found = [pulled.stated(pulled.members(one, "CreateUserPoolDomain")) for one in shown]
        return found[0] if len(found) == 1 else found

    def _clients(self, *, tracks: bool) -> Iterator[Data]:
        """The clients of a pool that `tracks` sessions, or not."""
        for listed in self._pages("list_user_pool_clients", "UserPoolClients", 60):
            about = self._about | {"ClientId": listed["ClientId"]}
            found = self._client.describe_user_pool_client(**about)["UserPoolClient"]
            stated = pulled.stated(pulled.without_defaults(pulled.members(found, "CreateUserPoolClient")))
            stated |= {"type": "DCR"} if found.get("ClientType") == "DCR" else {}
            stated |= PUBLISHED if "ClientSecretArn" in found else self._second_secret(found)
            yield {"id": found["ClientId"]} | stated | (self._client_sessions(found) if tracks else {})

    def _second_secret(self, client: Data) -> Data:
        """Whether a client has a second secret, which AWS does not show."""
        ask = getattr(self._client, "list_user_pool_client_secrets", None)
        if ask is None or "ClientSecret" not in client:
            return {}
        listed = self._part(ask, ClientId=client["ClientId"]) or {}
        return {"second_secret": True} if len(listed.get("ClientSecrets", ())) > 1 else {}

    def _client_sessions(self, client: Data) -> Data:
        ask = self._client.get_user_pool_client_session_configuration
        found = pulled.members(
            self._part(ask, ClientId=client["ClientId"]) or {}, "SetUserPoolClientSessionConfiguration"
        )
        return {"sessions": found} if found.get("SSOSession", NEW_SSO) != NEW_SSO else {}

    def _providers(self) -> Iterator[Data]:
        for listed in self._pages("list_identity_providers", "Providers", 60):
            about = self._about | {"ProviderName": listed["ProviderName"]}
            found = self._client.describe_identity_provider(**about)["IdentityProvider"]
            yield pulled.stated(pulled.members(found, "CreateIdentityProvider"))

    def _brandings(self, clients: list[str]) -> Iterator[Data]:
        for client_id in clients:
            answer = self._part(self._client.describe_managed_login_branding_by_client, ClientId=client_id)
            if answer:
                found = pulled.members(answer["ManagedLoginBranding"], "CreateManagedLoginBranding")
                yield {"client": client_id} | pulled.texts(pulled.stated(found))

    def _classic_looks(self, clients: list[str]) -> Iterator[Data]:
        for client_id in ["ALL", *clients]:
            answer = self._part(self._client.get_ui_customization, ClientId=client_id)
            found = (answer or {}).get("UICustomization", {})
            # A client without a look of its own is answered with that of all.
            if found.get("CSS") and found.get("ClientId", client_id) == client_id:
                look = {"CSS": found["CSS"]}
                yield look if client_id == "ALL" else {"client": client_id} | look

    def _terms(self) -> Iterator[Data]:
        try:
            listed = [*self._pages("list_terms", "Terms", 60)]
        except self._client.exceptions.ClientError as refused:
            self._note(refused)
            return
        for one in listed:
            found = self._client.describe_terms(**self._about, TermsId=one["TermsId"])["Terms"]
            yield {"client": found["ClientId"]} | pulled.stated(pulled.members(found, "CreateTerms"))

    def _risks(self, clients: list[str]) -> Iterator[Data]:
        """The settings of the pool, and of clients that have others."""
        common: Data = {}
        for client_id in [None, *clients]:
            about = {"ClientId": client_id} if client_id else {}
            answer = self._part(self._client.describe_risk_configuration, **about)
            found = pulled.stated(
                pulled.members((answer or {}).get("RiskConfiguration", {}), "SetRiskConfiguration")
            )
            if found and found != common:
                yield ({"client": client_id} if client_id else {}) | found
            if client_id is None:
                common = found

    def _log_delivery(self) -> Data:
        answer = self._part(self._client.get_log_delivery_configuration) or {}
        return pulled.stated(
            pulled.members(answer.get("LogDeliveryConfiguration", {}), "SetLogDeliveryConfiguration")
        )

    def _cimd_policies(self) -> Iterator[Data]:
        if not hasattr(self._client, "list_cimd_policies"):  # boto3 is older than they are
            return
        try:
            listed = [*self._pages("list_cimd_policies", "CIMDPolicies", 60)]
        except self._client.exceptions.ClientError as refused:
            self._note(refused)
            return
        for one in listed:
            about = self._about | {"CIMDPolicyId": one["CIMDPolicyId"]}
            found = self._client.describe_cimd_policy(**about)["CIMDPolicy"]
            if "ClientId" in found:  # its app client is still there
                yield {"client": found["ClientId"]} | pulled.stated(pulled.members(found, "CreateCIMDPolicy"))

    def _users(
        self, described: Data, groups: list[Data], estimate: int, progress: Progress | None
    ) -> Iterator[Data]:
        joined: dict[str, list[str]] = {}
        for group in groups:
            about = {"GroupName": group["GroupName"]}
            for user in self._pages("list_users_in_group", "Users", 60, key="Limit", **about):
                joined.setdefault(user["Username"], []).append(group["GroupName"])
        for number, user in enumerate(self._pages("list_users", "Users", 60, key="Limit"), 1):
            yield pulled.user(described, user, joined.get(user["Username"], []))
            if progress:
                progress(number, max(number, estimate))

    def _listed(
        self, call: str, member: str, operation: str, most: int, key: str = "MaxResults"
    ) -> list[Data]:
        return [
            pulled.stated(pulled.members(one, operation)) for one in self._pages(call, member, most, key=key)
        ]

    def _pages(
        self, call: str, member: str, most: int, *, key: str = "MaxResults", **about: Any
    ) -> Iterator[Data]:
        """All entries of a list. Its pages go on by NextToken, those of users by PaginationToken."""
        asked = self._about | about | {key: most}
        while True:
            answer = getattr(self._client, call)(**asked)
            yield from answer.get(member, ())
            name = next((name for name in ("NextToken", "PaginationToken") if answer.get(name)), None)
            if name is None:
                return
            asked[name] = answer[name]

    def _part(self, ask: Callable[..., Data], **about: Any) -> Data | None:
        """A part that a pool need not have, and without which a document is of use."""
        try:
            return ask(**self._about, **about)
        except self._client.exceptions.ClientError as refused:
            self._note(refused)
            return None

    def _note(self, refused: Any) -> None:
        code = refused.response.get("Error", {}).get("Code", "")
        if code not in ABSENT:
            warning = f"{refused.operation_name} was refused ({code}); what it answers is not in the document"
            if warning not in self._warnings:
                self._warnings.append(warning)
