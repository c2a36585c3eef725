"""Identities: GetId, describing, listing, deleting and unlinking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import next_token, start
from cogmock.errors import NotAuthorizedException
from cogmock.identitypools.rules import identities, logins, lookup, providers

if TYPE_CHECKING:
    from cogmock.aws import cognito_identity as aws


@operation
def get_id(call: Call, params: aws.GetIdInput) -> aws.GetIdResponse:
    """Without logins, creates a new guest identity each time."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    given = params.get("Logins") or {}
    if not given:
        if not pool.settings.get("AllowUnauthenticatedIdentities"):
            raise NotAuthorizedException(identities.GUESTS_REFUSED)
        return {"IdentityId": identities.create(call, pool).id}
    logins.refuse_own_tokens(given)
    verified = logins.verify(call, pool.id, given)
    pool = lookup.pool(call, pool.id)  # the lock may have been released
    known = identities.of_logins(pool, verified)
    return {"IdentityId": identities.join(call, pool, known, verified).id}


@operation
def describe_identity(call: Call, params: aws.DescribeIdentityInput) -> aws.IdentityDescription:
    return identities.described(*lookup.identity(call, params["IdentityId"]))


@operation
def list_identities(call: Call, params: aws.ListIdentitiesInput) -> aws.ListIdentitiesResponse:
    """Includes disabled identities, which were merged into others, unless HideDisabled is set."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    hidden = bool(params.get("HideDisabled"))
    question = ["ListIdentities", pool.id, hidden]
    after, limit = start(params.get("NextToken"), question), params["MaxResults"]
    shown = identities.after(pool, after, limit + 1, hide_disabled=hidden)
    return {
        "IdentityPoolId": pool.id,
        "Identities": [identities.described(pool, identity) for identity in shown[:limit]],
        "NextToken": next_token(shown[limit - 1].number, question) if len(shown) > limit else None,
    }


@operation
def delete_identities(call: Call, params: aws.DeleteIdentitiesInput) -> aws.DeleteIdentitiesResponse:
    """An identity that does not exist is answered as unprocessed, with the code AccessDenied."""
    left: list[aws.UnprocessedIdentityId] = []
    for identity_id in params["IdentityIdsToDelete"]:
        found = lookup.find(call, identity_id)
        if found is None:
            left.append({"IdentityId": identity_id, "ErrorCode": "AccessDenied"})
        else:
            identities.remove(*found)
    return {"UnprocessedIdentityIds": left}


@operation
def unlink_identity(call: Call, params: aws.UnlinkIdentityInput) -> None:
    """Needs a valid login of the identity. Without its last login, an identity is inaccessible."""
    pool, _ = lookup.identity(call, params["IdentityId"])
    verified = logins.verify(call, pool.id, params["Logins"])
    pool, identity = lookup.identity(call, params["IdentityId"])  # the lock may have been released
    identities.opened(pool, identity, verified)
    if identity not in identities.of_logins(pool, verified):
        raise NotAuthorizedException(logins.MISMATCH, reason="none of the logins belongs to this identity")
    identities.unlink(call, pool, identity, [providers.canonical(name) for name in params["LoginsToRemove"]])
