"""Developer authenticated identities: users whom the developer's backend authenticates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page_of
from cogmock.core.tokens import identity_tokens
from cogmock.errors import (
    DeveloperUserAlreadyRegisteredException,
    InvalidParameterException,
    NotAuthorizedException,
    ResourceConflictException,
    ResourceNotFoundException,
)
from cogmock.identitypools.rules import identities, logins, lookup, principal_tags
from cogmock.identitypools.rules.login import Login
from cogmock.state.identity_pool import Identity, IdentityPool

if TYPE_CHECKING:
    from cogmock.aws import cognito_identity as aws

SECONDS = 900
LONGEST_USER = 1024


@operation
def get_open_id_token_for_developer_identity(
    call: Call, params: aws.GetOpenIdTokenForDeveloperIdentityInput
) -> aws.GetOpenIdTokenForDeveloperIdentityResponse:
    """Logins of public providers in the same call are linked to the same identity."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    given = dict(params["Logins"])
    name = _provider(
        pool, next((key for key in given if key == pool.settings.get("DeveloperProviderName")), "")
    )
    user = given.pop(name)
    if len(user) > LONGEST_USER:
        raise InvalidParameterException(
            f"A developer user identifier can have at most {LONGEST_USER} characters."
        )
    tags = dict(params.get("PrincipalTags") or {})
    if principal_tags.too_long(tags):
        raise InvalidParameterException(
            f"Principal tags can have at most {principal_tags.MOST_BYTES} bytes, keys and values together."
        )
    verified = logins.verify(call, pool.id, given)
    pool = lookup.pool(call, pool.id)  # the lock may have been released
    members = _members(pool, params.get("IdentityId"), user, verified)
    owner = identities.join(call, pool, members, verified)
    identities.register(call, pool, owner, user)
    amr = ["authenticated", name, f"{name}:{pool.id}:{user}", *logins.amr(verified)[1:]]
    claims = identity_tokens.claims(call, pool, owner.id, amr, tags, params.get("TokenDuration") or SECONDS)
    return {"IdentityId": owner.id, "Token": identity_tokens.mint(call, claims)}


@operation
def lookup_developer_identity(
    call: Call, params: aws.LookupDeveloperIdentityInput
) -> aws.LookupDeveloperIdentityResponse:
    """Looks up by user or by identity. If both are given, they must belong together."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    identity_id, user = params.get("IdentityId"), params.get("DeveloperUserIdentifier")
    if identity_id is None and user is None:
        raise InvalidParameterException("Either IdentityId or DeveloperUserIdentifier must be given.")
    identity = _of_user(pool, user) if user is not None else lookup.identity_of(pool, identity_id or "")
    if identity_id not in {None, identity.id}:
        raise ResourceConflictException("The developer user belongs to another identity.")
    users, token = page_of(
        identity.developer_users,
        params.get("MaxResults") or 60,
        params.get("NextToken"),
        ["LookupDeveloperIdentity", identity.id],
    )
    return {"IdentityId": identity.id, "DeveloperUserIdentifierList": users, "NextToken": token}


@operation
def merge_developer_identities(
    call: Call, params: aws.MergeDeveloperIdentitiesInput
) -> aws.MergeDeveloperIdentitiesResponse:
    """The destination identity gets the users and logins of both; the source is disabled."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    _provider(pool, params["DeveloperProviderName"])
    source = _of_user(pool, params["SourceUserIdentifier"])
    destination = _of_user(pool, params["DestinationUserIdentifier"])
    members = list(dict.fromkeys([destination, source]))
    return {"IdentityId": identities.join(call, pool, members, []).id}


@operation
def unlink_developer_identity(call: Call, params: aws.UnlinkDeveloperIdentityInput) -> None:
    """The user gets a new identity next time. Without its last login, an identity is inaccessible."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    _provider(pool, params["DeveloperProviderName"])
    identity = lookup.identity_of(pool, params["IdentityId"])
    user = params["DeveloperUserIdentifier"]
    if _of_user(pool, user) is not identity:
        raise ResourceConflictException("The developer user belongs to another identity.")
    identities.unregister(call, pool, identity, user)


def _provider(pool: IdentityPool, name: str) -> str:
    if not name or name != pool.settings.get("DeveloperProviderName"):
        raise InvalidParameterException(
            "This identity pool does not support the specified developer provider"
        )
    return name


def _of_user(pool: IdentityPool, user: str) -> Identity:
    found = identities.of_developer_user(pool, user)
    if found is None:
        raise ResourceNotFoundException(f"Developer user '{user}' not found.")
    return found


def _members(pool: IdentityPool, identity_id: str | None, user: str, verified: list[Login]) -> list[Identity]:
    """The identities to merge, the surviving one first; empty if all is new."""
    owner = identities.of_developer_user(pool, user)
    known = identities.of_logins(pool, verified)
    if identity_id is None:
        return identities.together(([owner] if owner else []) + known, verified)
    identity = lookup.identity_of(pool, identity_id)
    if identity.disabled:
        raise identities.forbidden(identity)
    if owner is not None and owner is not identity:
        raise DeveloperUserAlreadyRegisteredException(
            f"The developer user is registered with another identity, '{owner.id}'."
        )
    if owner is None and identity.logins and identity not in known:
        raise NotAuthorizedException(logins.MISMATCH, reason="none of the logins belongs to this identity")
    return identities.together([identity, *known], verified)
