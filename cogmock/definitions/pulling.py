"""A user pool as a document, read through AWS's API by a client that is handed over: describe and list calls only."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cogmock.definitions.applying.run import Progress
from cogmock.userpools.rules.settings import client_settings, pool_settings, schema
from cogmock.wire import model

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
        counts = [f"{len(pool.get(key, ()))} {key}" for key in ("clients", "groups", "users")]
        return f"user pool {pool['PoolName']}, {', '.join(counts)}"


def pull(client: Any, pool_id: str, *, users: bool = False, progress: Progress | None = None) -> Pulled:
    """The document of a pool. Raises ClientError of botocore where a call is refused that it cannot do without.

    Passwords cannot be read; a pulled user keeps the status and has none.
    """
    return _Puller(client, pool_id).pull(users=users, progress=progress)


PUBLISHED = {"GenerateSecret": True, "PublishSecretsInAWSSecretsManager": True}
"""Of a client whose secret is in Secrets Manager, which is not read."""


class _Puller:
    def __init__(self, client: Any, pool_id: str) -> None:
        self._client = client
        self._about = {"UserPoolId": pool_id}
        self._warnings: list[str] = []

    def pull(self, *, users: bool, progress: Progress | None) -> Pulled:
        described = self._client.describe_user_pool(**self._about)["UserPool"]
        clients = [*self._clients()]
        ids = [client["id"] for client in clients]
        block: Data = {"id": described["Id"], "PoolName": described["Name"]}
        block |= _settings(described)
        block |= {
            "mfa": self._mfa(),
            "domain": self._domain(described),
            "resource_servers": self._listed(
                "list_resource_servers", "ResourceServers", "CreateResourceServer", 50
            ),
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
        if described.get("LambdaConfig"):
            self._warnings.append(
                "LambdaConfig names functions in AWS: give stand-ins by `functions` or --lambda"
            )
        return Pulled({"pools": [_stated(block)]}, self._warnings)

    def _mfa(self) -> Data:
        found = self._part(self._client.get_user_pool_mfa_config) or {}
        kept = _stated({key: of for key, of in found.items() if key != "ResponseMetadata"})
        return {} if kept == {"MfaConfiguration": "OFF"} else kept

    def _domain(self, described: Data) -> Data | list[Data]:
        """The domain, or a list of the prefix domain and the custom domain."""
        names = [described[key] for key in ("Domain", "CustomDomain") if described.get(key)]
        shown = [self._client.describe_user_pool_domain(Domain=name)["DomainDescription"] for name in names]
        found = [_stated(_members(one, "CreateUserPoolDomain")) for one in shown]
        return found[0] if len(found) == 1 else found

    def _clients(self) -> Iterator[Data]:
        for listed in self._pages("list_user_pool_clients", "UserPoolClients", 60):
            about = self._about | {"ClientId": listed["ClientId"]}
            found = self._client.describe_user_pool_client(**about)["UserPoolClient"]
            stated = _stated(_without_defaults(_members(found, "CreateUserPoolClient")))
            yield {"id": found["ClientId"]} | stated | (PUBLISHED if "ClientSecretArn" in found else {})

    def _providers(self) -> Iterator[Data]:
        for listed in self._pages("list_identity_providers", "Providers", 60):
            about = self._about | {"ProviderName": listed["ProviderName"]}
            found = self._client.describe_identity_provider(**about)["IdentityProvider"]
            yield _stated(_members(found, "CreateIdentityProvider"))

    def _brandings(self, clients: list[str]) -> Iterator[Data]:
        for client_id in clients:
            answer = self._part(self._client.describe_managed_login_branding_by_client, ClientId=client_id)
            if answer:
                found = _members(answer["ManagedLoginBranding"], "CreateManagedLoginBranding")
                yield {"client": client_id} | _texts(_stated(found))

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
            yield {"client": found["ClientId"]} | _stated(_members(found, "CreateTerms"))

    def _risks(self, clients: list[str]) -> Iterator[Data]:
        """The settings of the pool, and of clients that have others."""
        common: Data = {}
        for client_id in [None, *clients]:
            about = {"ClientId": client_id} if client_id else {}
            answer = self._part(self._client.describe_risk_configuration, **about)
            found = _stated(_members((answer or {}).get("RiskConfiguration", {}), "SetRiskConfiguration"))
            if found and found != common:
                yield ({"client": client_id} if client_id else {}) | found
            if client_id is None:
                common = found

    def _log_delivery(self) -> Data:
        answer = self._part(self._client.get_log_delivery_configuration) or {}
        return _stated(_members(answer.get("LogDeliveryConfiguration", {}), "SetLogDeliveryConfiguration"))

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
                yield {"client": found["ClientId"]} | _stated(_members(found, "CreateCIMDPolicy"))

    def _users(
        self, described: Data, groups: list[Data], estimate: int, progress: Progress | None
    ) -> Iterator[Data]:
        joined: dict[str, list[str]] = {}
        for group in groups:
            about = {"GroupName": group["GroupName"]}
            for user in self._pages("list_users_in_group", "Users", 60, key="Limit", **about):
                joined.setdefault(user["Username"], []).append(group["GroupName"])
        for number, user in enumerate(self._pages("list_users", "Users", 60, key="Limit"), 1):
            yield _user(described, user, joined.get(user["Username"], []))
            if progress:
                progress(number, max(number, estimate))

    def _listed(
        self, call: str, member: str, operation: str, most: int, key: str = "MaxResults"
    ) -> list[Data]:
        return [_stated(_members(one, operation)) for one in self._pages(call, member, most, key=key)]

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


def _settings(described: Data) -> Data:
    found = _members(described, "CreateUserPool")
    found.pop("MfaConfiguration", None)  # stands in the block mfa
    found["Schema"] = [
        entry | {"Name": entry["Name"].removeprefix("dev:").removeprefix("custom:")}
        for entry in described.get("SchemaAttributes", ())
        if not schema.is_default(entry)
    ]
    template = found.get("VerificationMessageTemplate") or {}
    for newer, older in pool_settings.TEMPLATE.items():
        if newer in template:
            found.pop(older, None)  # the same text in its older place
    creation = dict(found.get("AdminCreateUserConfig") or {})
    if "TemporaryPasswordValidityDays" in (found.get("Policies") or {}).get("PasswordPolicy", {}):
        creation.pop("UnusedAccountValidityDays", None)  # the same number in its older place
        found["AdminCreateUserConfig"] = creation
    defaults: Data = {**pool_settings.DEFAULTS}
    return _stated({key: of for key, of in found.items() if defaults.get(key) != of})


def _user(described: Data, user: Data, groups: list[str]) -> Data:
    attributes = {one["Name"]: one.get("Value", "") for one in user.get("Attributes", ())}
    identities = json.loads(attributes.pop("identities", "[]"))
    addresses = [attributes.get(name) for name in described.get("UsernameAttributes") or ()]
    is_federated = any(_is_primary(one) for one in identities)
    shown = None if is_federated else next((address for address in addresses if address), None)
    return _stated(
        {
            "Username": shown or user["Username"],
            "attributes": attributes,
            "status": user.get("UserStatus"),
            "disabled": not user.get("Enabled", True),
            "groups": groups,
            "identities": [{key: of for key, of in one.items() if of is not None} for one in identities],
        }
    )


def _is_primary(identity: Data) -> bool:
    """AWS writes the flag as a text in some answers and as a boolean in others."""
    return str(identity.get("primary")).lower() == "true"


def _members(found: Data, operation: str) -> Data:
    """The members that a Create operation takes."""
    service = model.load("cognito-idp")
    accepted = service.shapes[service.operations[operation].input or ""]["members"]
    return {key: of for key, of in found.items() if key in accepted and key not in {"UserPoolId", "ClientId"}}


def _without_defaults(client: Data) -> Data:
    defaults: Data = {**client_settings.DEFAULTS}
    return {key: of for key, of in client.items() if key not in defaults or defaults[key] != of}


def _stated(found: Data) -> Data:
    """What is not empty and not off; a number, such as a precedence of 0, is neither."""
    return {
        key: of
        for key, of in found.items()
        if key in KEPT or (of is not False and of not in (None, "", [], {}))
    }


KEPT = frozenset({"EnableTokenRevocation", "Mutable", "Required"})
"""Members whose `false` says something."""


def _texts(value: Any) -> Any:
    """Bytes as base64, as documents have them."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _texts(of) for key, of in value.items()}
    return [_texts(each) for each in value] if isinstance(value, list) else value
