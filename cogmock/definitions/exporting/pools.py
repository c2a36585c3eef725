"""A user pool with all that is in it, as a block of a document."""

from __future__ import annotations

import base64
from typing import Any

from cogmock.core.call import Call
from cogmock.definitions.exporting import users
from cogmock.state.client import UserPoolClient
from cogmock.state.risk import POOL
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.userpools.rules.settings import client_settings, pool_settings, schema
from cogmock.userpools.rules.threats import configuration
from cogmock.wire import model

APART = frozenset({"MfaConfiguration", "UserPoolTags", "PoolName", "Schema"})
"""Members of CreateUserPool that stand elsewhere in a block."""


SESSIONS = 20
"""How many sessions a user of a new pool may have."""
SSO_MINUTES = 60
"""How long a browser's session spares the prompt in a new client."""
DAYS = 30
"""How long refresh tokens are valid where a client does not say."""


def block(call: Call, pool: UserPool, *, secrets: bool) -> dict[str, Any]:
    """The block of a pool. What equals AWS's defaults is left out."""
    found: dict[str, Any] = {"id": pool.id, "PoolName": pool.name}
    found |= _settings(pool)
    found |= {
        "Schema": [_entry(entry) for entry in pool.schema.values() if not schema.is_default(entry)],
        "UserPoolTags": dict(pool.tags),
        "mfa": _mfa(call, pool),
        "sessions": _sessions(pool),
        "domain": _domain(call, pool),
        "resource_servers": _resource_servers(pool),
        "identity_providers": _identity_providers(call, pool, secrets=secrets),
        "clients": [
            _client(call, pool, client, secrets=secrets)
            for client in call.region.clients.where("pool_id", pool.id)
        ],
        "branding": _brandings(call, pool),
        "ui": _classic_looks(pool),
        "terms": _terms(call, pool),
        "risk": _risk(pool),
        "log_delivery": _log_delivery(call, pool),
        "cimd_policies": _cimd_policies(call, pool),
        "groups": _groups(call, pool),
        "users": [users.entry(pool, user, secrets=secrets) for _, user in pool.users.unwatched()],
    }
    return _stated(found)


def _stated(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value not in (None, [], {}, "")}


def _accepted(shape: str) -> dict[str, Any]:
    members: dict[str, Any] = model.load("cognito-idp").shapes[shape]["members"]
    return members


def _settings(pool: UserPool) -> dict[str, Any]:
    members = _accepted("CreateUserPoolRequest").keys() - APART
    found: dict[str, Any] = {key: value for key, value in pool.settings.items() if key in members}
    template: dict[str, Any] = found.get("VerificationMessageTemplate") or {}
    for newer, older in pool_settings.TEMPLATE.items():
        if newer in template:
            found.pop(older, None)  # the same text in its older place
    defaults: dict[str, Any] = {**pool_settings.DEFAULTS}
    return {key: value for key, value in found.items() if defaults.get(key) != value}


def _entry(entry: Any) -> dict[str, Any]:
    """A definition as Create takes it: the prefix says what a custom attribute is."""
    name = str(entry["Name"])
    return {**entry, "Name": name.removeprefix("dev:").removeprefix("custom:")}


def _mfa(call: Call, pool: UserPool) -> dict[str, Any]:
    answer = UserPoolsBackend.answer(call, "GetUserPoolMfaConfig", {"UserPoolId": pool.id})
    found = _stated(dict(answer))
    return {} if found == {"MfaConfiguration": "OFF"} else found


def _sessions(pool: UserPool) -> dict[str, Any]:
    """What differs from a new pool. A pool whose plan has no tracking of sessions takes no such settings."""
    if (pool.tracks_sessions, pool.sessions_per_user) == (False, SESSIONS) or pool.tier == "LITE":
        return {}
    return {
        "UserSessionTracking": "ENABLED" if pool.tracks_sessions else "DISABLED",
        "TokenSession": {"MaxPerUser": pool.sessions_per_user},
    }


def _domain(call: Call, pool: UserPool) -> dict[str, Any] | list[dict[str, Any]]:
    """The domain of a pool; a list where it has a prefix domain and a custom domain."""
    found = [
        _stated(
            {
                "Domain": domain.name,
                "ManagedLoginVersion": domain.version,
                "CustomDomainConfig": domain.custom,
                "Routing": domain.routing,
            }
        )
        for domain in call.region.domains.where("pool_id", pool.id)
    ]
    return found[0] if len(found) == 1 else found


def domains(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The domains of an exported block."""
    stated = block.get("domain") or []
    return stated if isinstance(stated, list) else [stated]


def _client(call: Call, pool: UserPool, client: UserPoolClient, *, secrets: bool) -> dict[str, Any]:
    about = {"UserPoolId": client.pool_id, "ClientId": client.id}
    described = UserPoolsBackend.answer(call, "DescribeUserPoolClient", about)["UserPoolClient"]
    members = _accepted("CreateUserPoolClientRequest").keys() - {"UserPoolId", "ClientSecret"}
    stated = {key: value for key, value in described.items() if key in members}
    found = {"id": client.id} | {key: value for key, value in stated.items() if not _is_default(key, stated)}
    found["PublishSecretsInAWSSecretsManager"] = client.published is not None or None
    found["type"] = None if client.type == "REGULAR" else client.type
    found |= _secrets(client, shown=secrets)
    if pool.tracks_sessions and pool.tier != "LITE" and client.sso_minutes != SSO_MINUTES:
        found["sessions"] = {"SSOSession": {"MaxValidityMinutes": client.sso_minutes}}
    return _stated(found)


def _secrets(client: UserPoolClient, *, shown: bool) -> dict[str, Any]:
    """The secrets, or that new ones are to be drawn. The rotation of a published one makes its second one."""
    values = [secret.value for secret in client.secrets]
    if client.published:
        values = values[-1:]
    if not shown:
        return dict(zip(("GenerateSecret", "second_secret"), (True for _ in values), strict=False))
    return dict(zip(("ClientSecret", "second_secret"), values, strict=False))


def _is_default(key: str, stated: dict[str, Any]) -> bool:
    """Whether a setting of a client is what a client that states nothing has."""
    defaults: dict[str, Any] = {**client_settings.DEFAULTS}
    if key == "RefreshTokenValidity":
        unit = (stated.get("TokenValidityUnits") or {}).get("RefreshToken", "days")
        seconds = client_settings.SECONDS
        return bool(stated[key] * seconds[unit] == DAYS * seconds["days"])
    return key in defaults and defaults[key] == stated[key]


def _groups(call: Call, pool: UserPool) -> list[dict[str, Any]]:
    members = _accepted("CreateGroupRequest").keys() - {"UserPoolId"}
    found = [
        UserPoolsBackend.answer(call, "GetGroup", {"UserPoolId": pool.id, "GroupName": group.name})["Group"]
        for group in pool.groups
    ]
    return [_stated({key: value for key, value in group.items() if key in members}) for group in found]


def _resource_servers(pool: UserPool) -> list[dict[str, Any]]:
    return [
        _stated(
            {
                "Identifier": server.identifier,
                "Name": server.name,
                "Scopes": [
                    {"ScopeName": name, "ScopeDescription": about} for name, about in server.scopes.items()
                ],
            }
        )
        for server in pool.resource_servers
        if not server.managed
    ]


def _identity_providers(call: Call, pool: UserPool, *, secrets: bool) -> list[dict[str, Any]]:
    """As described; with Apple's private key, which AWS never shows, only where secrets are exported."""
    members = _accepted("CreateIdentityProviderRequest").keys() - {"UserPoolId"}
    found = []
    for provider in pool.identity_providers:
        about = {"UserPoolId": pool.id, "ProviderName": provider.name}
        answer = UserPoolsBackend.answer(call, "DescribeIdentityProvider", about)["IdentityProvider"]
        if secrets and provider.private_key:
            answer["ProviderDetails"]["private_key"] = provider.private_key
        found.append(_stated({key: value for key, value in answer.items() if key in members}))
    return found


def _brandings(call: Call, pool: UserPool) -> list[dict[str, Any]]:
    members = _accepted("CreateManagedLoginBrandingRequest").keys() - {"UserPoolId", "ClientId"}
    found = []
    for client_id, branding in pool.brandings.items():
        about = {"UserPoolId": pool.id, "ManagedLoginBrandingId": branding.id}
        answer = UserPoolsBackend.answer(call, "DescribeManagedLoginBranding", about)["ManagedLoginBranding"]
        stated = {key: value for key, value in answer.items() if key in members and value}
        found.append({"client": client_id} | _texts(stated))
    return found


def _classic_looks(pool: UserPool) -> list[dict[str, Any]]:
    return [
        _stated(
            {
                "client": None if client_id == "ALL" else client_id,
                "CSS": look.css,
                "ImageFile": base64.b64encode(look.image).decode() if look.image else None,
            }
        )
        for client_id, look in pool.customizations.items()
    ]


def _terms(call: Call, pool: UserPool) -> list[dict[str, Any]]:
    found = []
    for terms in pool.terms:
        about = {"UserPoolId": pool.id, "TermsId": terms.id}
        answer = UserPoolsBackend.answer(call, "DescribeTerms", about)["Terms"]
        found.append(_of_client(terms.client_id, "CreateTermsRequest", answer))
    return found


def _cimd_policies(call: Call, pool: UserPool) -> list[dict[str, Any]]:
    """Those whose app client is there: AWS makes none without."""
    found = []
    for policy in pool.cimd_policies:
        about = {"UserPoolId": pool.id, "CIMDPolicyId": policy.id}
        answer = UserPoolsBackend.answer(call, "DescribeCIMDPolicy", about)["CIMDPolicy"]
        if "ClientId" in answer:
            found.append(_of_client(answer["ClientId"], "CreateCIMDPolicyRequest", answer))
    return found


def _of_client(client_id: str, shape: str, described: dict[str, Any]) -> dict[str, Any]:
    """The block of something that a client has: what was described of it and the request that creates it takes."""
    members = _accepted(shape).keys() - {"UserPoolId", "ClientId"}
    return {"client": client_id} | {key: value for key, value in described.items() if key in members}


def _risk(pool: UserPool) -> list[dict[str, Any]]:
    """The pool's own settings of threat protection first, then those of its clients."""
    if configuration.mode(pool) == configuration.OFF:
        return []  # they have no effect, and AWS would not take them
    kept = sorted(pool.risk_configurations.items(), key=lambda entry: entry[0] != POOL)
    return [({} if key == POOL else {"client": key}) | found.settings for key, found in kept]


def _log_delivery(call: Call, pool: UserPool) -> dict[str, Any]:
    about = {"UserPoolId": pool.id}
    found = UserPoolsBackend.answer(call, "GetLogDeliveryConfiguration", about)["LogDeliveryConfiguration"]
    return _stated({"LogConfigurations": found.get("LogConfigurations")})


def _texts(value: Any) -> Any:
    """Bytes as base64, as documents have them."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _texts(of) for key, of in value.items()}
    if isinstance(value, list):
        return [_texts(each) for each in value]
    return value
