"""What an account has in IAM, as blocks of a document."""

from __future__ import annotations

import json
from typing import Any

from cogmock.state.account import Account
from cogmock.state.iam import (
    Group,
    ManagedPolicy,
    OidcProvider,
    Outbound,
    Principal,
    Role,
    SamlProvider,
    User,
)

Data = dict[str, Any]


def blocks(account: Account) -> Data:
    """The lists of a document that are about IAM."""
    iam = account.iam
    return {
        "oidc_providers": [_oidc_provider(provider) for provider in iam.oidc_providers],
        "saml_providers": [_saml_provider(provider) for provider in iam.saml_providers],
        "iam_policies": [_policy(policy) for policy in iam.policies],
        "iam_groups": [_group(group) for group in iam.groups],
        "iam_users": [_user(account, user) for user in iam.users],
        "roles": [_role(role) for role in iam.roles],
    }


def outbound(federation: Outbound) -> Data:
    """Outbound federation; nothing where it was never switched on."""
    if not federation.id:
        return {}
    return {"id": federation.id} | ({} if federation.enabled else {"enabled": False})


def _stated(found: Data) -> Data:
    return {key: value for key, value in found.items() if value not in (None, [], {})}


def _tags(tags: dict[str, str]) -> list[Data]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _path(path: str) -> str | None:
    return None if path == "/" else path


def _policies(principal: Principal) -> Data:
    return {
        "managed_policies": list(principal.attached),
        "policies": {name: json.loads(text) for name, text in principal.policies.items()},
    }


def _role(role: Role) -> Data:
    return _stated(
        {
            "RoleName": role.name,
            "id": role.id,
            "AssumeRolePolicyDocument": json.loads(role.trust_policy),
            "Path": _path(role.path),
            "Description": role.description,
            "MaxSessionDuration": None if role.max_session_duration == 3600 else role.max_session_duration,
            "MaxSigninSessionDuration": role.max_signin_session_duration,
            "PermissionsBoundary": role.permissions_boundary,
            "Tags": _tags(role.tags),
            **_policies(role),
        }
    )


def _user(account: Account, user: User) -> Data:
    return _stated(
        {
            "UserName": user.name,
            "id": user.id,
            "Path": _path(user.path),
            "PermissionsBoundary": user.permissions_boundary,
            "Tags": _tags(user.tags),
            "groups": [group.name for group in account.iam.groups if user.name in group.members],
            **_policies(user),
        }
    )


def _group(group: Group) -> Data:
    return _stated({"GroupName": group.name, "id": group.id, "Path": _path(group.path), **_policies(group)})


def _policy(policy: ManagedPolicy) -> Data:
    """A policy; with all its versions, where it has another one than the first."""
    documents = {key: json.loads(version.document) for key, version in policy.versions.items()}
    found: Data = {"PolicyName": policy.name, "id": policy.id, "Path": _path(policy.path)}
    found |= {"Description": policy.description, "Tags": _tags(policy.tags)}
    if [*documents] == ["v1"]:
        return _stated(found) | {"PolicyDocument": documents["v1"]}
    return _stated(found) | {"versions": documents, "default": policy.default}


def _oidc_provider(provider: OidcProvider) -> Data:
    return _stated(
        {
            "Url": f"https://{provider.url}",
            "ClientIDList": [*provider.client_ids],
            "ThumbprintList": list(provider.thumbprints),
            "Tags": _tags(provider.tags),
            "ContextProvider": provider.context_provider,
            "IdentityCenterInstanceArn": provider.identity_center,
        }
    )


def _saml_provider(provider: SamlProvider) -> Data:
    return _stated(
        {
            "Name": provider.name,
            "id": provider.uuid,
            "SAMLMetadataDocument": provider.metadata,
            "Tags": _tags(provider.tags),
            "ContextProvider": provider.context_provider,
            "IdentityCenterInstanceArn": provider.identity_center,
        }
    )
