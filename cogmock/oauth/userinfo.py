"""GET /oauth2/userInfo: the attributes of the user that the scopes of the access token allow."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.errors import AwsError
from cogmock.oauth import clients
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.requests import DomainRequest, DomainResponse, as_json, token_refused
from cogmock.state import identities
from cogmock.state.user_pool import UserPool

MALFORMED = "Bad OAuth2 request at UserInfo Endpoint"
VOID = "Access token is expired, disabled, or deleted, or the user has globally signed out."
"""AWS dev guide: userInfo endpoint."""
NO_OPENID = "Access token does not contain openid scope"
PROFILE = frozenset(
    [
        *("name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile"),
        *("picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at", "address"),
    ]
)
SCOPED = {
    "email": frozenset(["email", "email_verified"]),
    "phone": frozenset(["phone_number", "phone_number_verified"]),
}


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    token = request.bearer
    if not token:
        return token_refused(400, "invalid_request", MALFORMED)
    if pool is None:
        return token_refused(401, "invalid_token", VOID)
    try:
        user, claims = pool_tokens.read(call, pool, token)
    except AwsError as refused:
        call.reason = refused.reason or refused.message
        return token_refused(401, "invalid_token", VOID)
    scopes = str(claims.get("scope", "")).split()
    if "openid" not in scopes:
        return token_refused(401, "invalid_token", NO_OPENID)
    client = clients.find(call, pool, str(claims.get("client_id")))
    readable = client.settings.get("ReadAttributes") if client else None
    shown = {
        name: value
        for name, value in user.attributes.items()
        if _allow(scopes, name) and (readable is None or name in readable)
    }
    linked = identities.as_attribute(user)
    return as_json(200, {"sub": user.sub, **shown, "identities": linked, "username": user.name})


def _allow(scopes: list[str], attribute: str) -> bool:
    """Whether scopes include an attribute. The scope openid alone includes every attribute."""
    if not {"profile", "email", "phone"}.intersection(scopes):
        return True
    if "profile" in scopes and (attribute in PROFILE or attribute.startswith(("custom:", "dev:"))):
        return True
    return any(attribute in SCOPED[scope] for scope in SCOPED if scope in scopes)


RULES = [endpoint("/oauth2/userInfo", answer, ["GET", "POST"], cross_origin=True)]
