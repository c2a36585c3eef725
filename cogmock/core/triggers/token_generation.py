"""The pre token generation trigger: applies the answer of its function to the claims."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cogmock.core.call import Call
from cogmock.core.triggers import events
from cogmock.core.triggers.response_fields import Wrong, document, text, text_map, texts
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

Claims = dict[str, Any]

FIXED = frozenset(
    [
        *("acr", "amr", "at_hash", "auth_time", "azp", "exp", "iat", "iss"),
        *("jti", "nbf", "nonce", "origin_jti", "sub", "token_use"),
    ]
)
"""Claims that a function cannot change; attempts are ignored (AWS dev guide: pre token generation)."""
FIXED_IN_ID = FIXED | {"identities", "aud"}
FIXED_IN_ACCESS = FIXED | {"username", "client_id", "scope", "device_key", "event_id", "version"}
RESERVED = ("cognito:", "dev:")
OWN_SCOPES = "aws.cognito."
"""The prefix of scopes that a function cannot add. It may remove them."""


def apply(  # noqa: PLR0913 - the claims, and whose they are, each named
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    user: User | None,
    source: str,
    identity: Claims,
    access: Claims,
    metadata: dict[str, str] | None = None,
) -> tuple[Claims, Claims]:
    """The claims of ID and access token after the trigger. Without a user there is only an access token.

    The world's lock is given away meanwhile. Raises what `triggers.fire` raises.
    """
    request: dict[str, Any] = {
        "userAttributes": events.user_attributes(pool, user),
        "groupConfiguration": _groups(identity) if user else None,
    }
    first = events.version_of(pool) == "1"
    if not first:
        request["scopes"] = access["scope"].split()
    name = user.name if user else "ClientCredentials"
    answer = events.fire(
        call, pool, f"TokenGeneration_{source}", name, request, client_id=client.id, metadata=metadata
    )
    details = next(iter((answer or {}).values()), None)
    if not details:
        return identity, access
    try:
        identity, access = (_first if first else _second)(details, identity, access)
        return _regrouped(details, identity, access) if user else (identity, access)
    except Wrong:
        call.triggers[-1].outcome = "InvalidLambdaResponseException"
        raise events.invalid() from None


def is_on(pool: UserPool) -> bool:
    return events.has(pool, events.TOKENS)


def is_on_for_clients(pool: UserPool) -> bool:
    """Only V3 functions are run for tokens without a user."""
    return is_on(pool) and events.version_of(pool) == "3"


def _groups(identity: Claims) -> dict[str, Any]:
    return {
        "groupsToOverride": identity.get("cognito:groups", []),
        "iamRolesToOverride": identity.get("cognito:roles", []),
        "preferredRole": identity.get("cognito:preferred_role"),
    }


def _first(details: Claims, identity: Claims, access: Claims) -> tuple[Claims, Claims]:
    """V1: adds strings to the ID token only; groups apply to both tokens."""
    added = text_map(details.get("claimsToAddOrOverride")) or {}
    suppressed = texts(details.get("claimsToSuppress")) or []
    changed = _changed(identity, added, suppressed, FIXED_IN_ID)
    return changed, access


def _second(details: Claims, identity: Claims, access: Claims) -> tuple[Claims, Claims]:
    """V2 and V3: adds values of any type to both tokens, and scopes."""
    of_id = document(details.get("idTokenGeneration")) or {}
    of_access = document(details.get("accessTokenGeneration")) or {}
    client_id = access["client_id"]
    changed = _changed(identity, *_asked(of_id), FIXED_IN_ID)
    added, suppressed = _asked(of_access)
    if added.get("aud", client_id) != client_id:
        del added["aud"]  # dev guide: an access token has no audience but its client
    access = _changed(access, added, suppressed, FIXED_IN_ACCESS)
    more = [scope for scope in texts(of_access.get("scopesToAdd")) or [] if _is_scope(scope)]
    less = texts(of_access.get("scopesToSuppress")) or []
    scopes = dict.fromkeys([*access["scope"].split(), *more])
    access["scope"] = " ".join(scope for scope in scopes if scope not in less)
    return changed, access


def _asked(generation: Claims) -> tuple[Claims, list[str]]:
    added = document(generation.get("claimsToAddOrOverride")) or {}
    return dict(added), texts(generation.get("claimsToSuppress")) or []


def _changed(claims: Claims, added: Claims, suppressed: Iterable[str], fixed: frozenset[str]) -> Claims:
    """A claim that is both added and suppressed is suppressed."""

    def is_free(name: str) -> bool:
        return name not in fixed and not name.startswith(RESERVED)

    changed = claims | {name: value for name, value in added.items() if is_free(name) and value is not None}
    for name in filter(is_free, suppressed):
        changed.pop(name, None)
    return changed


def _regrouped(details: Claims, identity: Claims, access: Claims) -> tuple[Claims, Claims]:
    """Groups after the trigger: unchanged without groupOverrideDetails, none where it has no groups."""
    if "groupOverrideDetails" not in details:
        return identity, access
    override = document(details["groupOverrideDetails"]) or {}
    groups = texts(override.get("groupsToOverride")) or None
    wanted = {
        "cognito:groups": groups,
        "cognito:roles": texts(override.get("iamRolesToOverride")) or None,
        "cognito:preferred_role": text(override.get("preferredRole")) or None,
    }
    return _with(identity, wanted), _with(access, {"cognito:groups": groups})


def _with(claims: Claims, wanted: Claims) -> Claims:
    return {name: value for name, value in (claims | wanted).items() if value is not None}


def _is_scope(scope: str) -> bool:
    return len(scope.split()) == 1 and scope == scope.strip() and not scope.startswith(OWN_SCOPES)
