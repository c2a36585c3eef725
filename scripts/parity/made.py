"""What a run created at an endpoint, and how it is deleted again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

Remover = Callable[[Any, dict[str, Any], dict[str, Any]], None]
"""Takes the client that created something, its parameters and the answer."""

GONE = {"ResourceNotFoundException", "NoSuchEntity"}


class Made:
    """Remembers creations at an endpoint. The newest is deleted first."""

    def __init__(self) -> None:
        self._made: list[tuple[Remover, Any, dict[str, Any], dict[str, Any]]] = []

    def note(
        self, client: Any, service: str, operation: str, params: dict[str, Any], answer: dict[str, Any]
    ) -> None:
        """`params` and `answer` are those of the endpoint, with all prefixes."""
        remover = REMOVERS.get((service, operation))
        if remover:
            self._made.append((remover, client, params, answer))

    def delete(self) -> list[str]:
        """Deletes everything. What could not be deleted is returned, one line each."""
        left = []
        while self._made:
            remover, client, params, answer = self._made.pop()
            try:
                remover(client, params, answer)
            except ClientError as error:
                if error.response["Error"]["Code"] not in GONE:
                    left.append(f"{remover.__name__.lstrip('_')} {params}: {error}")
            except (BotoCoreError, KeyError) as error:
                left.append(f"{remover.__name__.lstrip('_')} {params}: {error!r}")
        return left


def _user_pool(client: Any, _: dict[str, Any], answer: dict[str, Any]) -> None:
    pool_id = answer["UserPool"]["Id"]
    pool = client.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    for domain in filter(None, (pool.get("Domain"), pool.get("CustomDomain"))):
        client.delete_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    if pool.get("DeletionProtection") == "ACTIVE":
        client.update_user_pool(UserPoolId=pool_id, DeletionProtection="INACTIVE")
    client.delete_user_pool(UserPoolId=pool_id)


def _identity_pool(client: Any, _: dict[str, Any], answer: dict[str, Any]) -> None:
    client.delete_identity_pool(IdentityPoolId=answer["IdentityPoolId"])


def _role(client: Any, params: dict[str, Any], _: dict[str, Any]) -> None:
    _stripped_principal(client, "role", {"RoleName": params["RoleName"]})


def _iam_user(client: Any, params: dict[str, Any], _: dict[str, Any]) -> None:
    name = {"UserName": params["UserName"]}
    for group in client.list_groups_for_user(**name)["Groups"]:
        client.remove_user_from_group(GroupName=group["GroupName"], **name)
    _stripped_principal(client, "user", name)


def _iam_group(client: Any, params: dict[str, Any], _: dict[str, Any]) -> None:
    name = {"GroupName": params["GroupName"]}
    for user in client.get_group(**name)["Users"]:
        client.remove_user_from_group(UserName=user["UserName"], **name)
    _stripped_principal(client, "group", name)


def _stripped_principal(client: Any, kind: str, name: dict[str, str]) -> None:
    """Deletes a role, user or group of IAM. AWS refuses while it has policies."""
    for policy in getattr(client, f"list_{kind}_policies")(**name)["PolicyNames"]:
        getattr(client, f"delete_{kind}_policy")(PolicyName=policy, **name)
    for attached in getattr(client, f"list_attached_{kind}_policies")(**name)["AttachedPolicies"]:
        getattr(client, f"detach_{kind}_policy")(PolicyArn=attached["PolicyArn"], **name)
    getattr(client, f"delete_{kind}")(**name)


def _policy(client: Any, _: dict[str, Any], answer: dict[str, Any]) -> None:
    arn = answer["Policy"]["Arn"]
    for version in client.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            client.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    client.delete_policy(PolicyArn=arn)


def _oidc_provider(client: Any, _: dict[str, Any], answer: dict[str, Any]) -> None:
    client.delete_open_id_connect_provider(OpenIDConnectProviderArn=answer["OpenIDConnectProviderArn"])


def _saml_provider(client: Any, _: dict[str, Any], answer: dict[str, Any]) -> None:
    client.delete_saml_provider(SAMLProviderArn=answer["SAMLProviderArn"])


REMOVERS: dict[tuple[str, str], Remover] = {
    ("cognito-idp", "CreateUserPool"): _user_pool,
    ("cognito-identity", "CreateIdentityPool"): _identity_pool,
    ("iam", "CreateRole"): _role,
    ("iam", "CreateUser"): _iam_user,
    ("iam", "CreateGroup"): _iam_group,
    ("iam", "CreatePolicy"): _policy,
    ("iam", "CreateOpenIDConnectProvider"): _oidc_provider,
    ("iam", "CreateSAMLProvider"): _saml_provider,
}
"""What else is created belongs to one of these, and is deleted with it."""
