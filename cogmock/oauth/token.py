"""POST /oauth2/token: the grants authorization_code, refresh_token, client_credentials and token-exchange."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from cogmock import foreign_json
from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.errors import (
    AwsError,
    NotAuthorizedException,
    RefreshTokenReuseException,
    TooManyRequestsException,
)
from cogmock.oauth import authorization_codes, clients, token_exchange
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.requests import DomainRequest, DomainResponse, OAuthError, as_json, repeated
from cogmock.state.client import UserPoolClient
from cogmock.state.session import Session
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import throttling
from cogmock.userpools.sign_in import refresh

Answer = dict[str, Any]


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Raises OAuthError."""
    if more := repeated(request.values):
        raise OAuthError("invalid_request", reason=f"repeated parameters: {sorted(more)}")
    kind = request.values.get("grant_type")
    if not kind:
        raise OAuthError("invalid_request", reason="no grant_type")
    give = GRANTS.get(kind)
    if give is None:
        raise OAuthError("unsupported_grant_type")
    _count(call, kind)
    client = clients.authenticated(call, pool, request)
    if pool is None:
        raise OAuthError("invalid_client")
    try:
        return as_json(200, give(call, pool, client, request))
    except AwsError as refused:
        raise OAuthError("invalid_request", refused.message, reason=refused.reason) from None


def _count(call: Call, grant: str) -> None:
    """With the setting `throttle`: AWS dev guide: Quotas. inferred: how the endpoint words it."""
    if not call.world.settings.throttle:
        return
    try:
        throttling.check_category(
            call, "ClientAuthentication" if grant == "client_credentials" else "UserToken"
        )
    except TooManyRequestsException as refused:
        raise OAuthError("too_many_requests", refused.message, status=429, reason=refused.reason) from None


def _for_code(call: Call, pool: UserPool, client: UserPoolClient, request: DomainRequest) -> Answer:
    value, redirect_uri = request.values.get("code"), request.values.get("redirect_uri")
    if not value or not redirect_uri:
        raise OAuthError("invalid_request", reason="code or redirect_uri is missing")
    if "code" not in clients.flows(client):
        raise OAuthError("unauthorized_client", reason="the client has no code flow")
    code, user, session = authorization_codes.redeem(
        call, pool, client, value, redirect_uri, request.values.get("code_verifier")
    )
    clients.check_readable(client, session.scopes)
    minted = authorization_codes.issue(call, pool, client, user, session, code)
    return _answered(client, session, minted.id, minted.access, minted.refresh if code.renewable else None)


def _for_refresh_token(call: Call, pool: UserPool, client: UserPoolClient, request: DomainRequest) -> Answer:
    given = request.values.get("refresh_token")
    if not given:
        raise OAuthError("invalid_request", reason="no refresh_token")
    metadata = _metadata(request.values.get("aws_client_metadata"))
    try:
        token = pool_tokens.read_refresh_token(call, pool, client, given)
        result = refresh.renew(call, pool, client, token, None, metadata)
    except RefreshTokenReuseException as reused:
        # The token may have been stolen, so the whole session ends (RFC 9700, 4.14.2).
        refresh.end(call, pool, client, given, linked=False)
        raise OAuthError("invalid_grant", reason=reused.message) from None
    except NotAuthorizedException as refused:
        raise OAuthError("invalid_grant", reason=f"{refused.message} {refused.reason or ''}") from None
    return _answered(
        client, token.session, result.get("IdToken"), result.get("AccessToken"), result.get("RefreshToken")
    )


def _for_client(call: Call, pool: UserPool, client: UserPoolClient, request: DomainRequest) -> Answer:
    if not client.secrets or "client_credentials" not in clients.flows(client):
        raise OAuthError("unauthorized_client", reason="the client has no client_credentials flow")
    wanted = clients.scopes(client, request.values.get("scope"), custom_only=True)
    access = pool_tokens.mint_for_client(
        call,
        pool,
        client,
        list(clients.active(pool, wanted)),
        _metadata(request.values.get("aws_client_metadata")),
    )
    return {
        "access_token": access,
        "expires_in": pool_tokens.validity(client, "AccessToken"),
        "token_type": "Bearer",
    }


GRANTS = {
    "authorization_code": _for_code,
    "refresh_token": _for_refresh_token,
    "client_credentials": _for_client,
    token_exchange.GRANT: token_exchange.answered,
}


def _answered(
    client: UserPoolClient, session: Session, identity: str | None, access: str | None, fresh: str | None
) -> Answer:
    """The token response. It has an ID token with the scope openid, and for sessions that began by API."""
    return {
        "id_token": identity if "openid" in session.scopes or not session.oauth else None,
        "access_token": access,
        "refresh_token": fresh,
        "expires_in": pool_tokens.validity(client, "AccessToken"),
        "token_type": "Bearer",
    }


def _metadata(text: str | None) -> dict[str, str] | None:
    if not text:
        return None
    for each in (text, unquote(text)):
        try:
            found = foreign_json.read(each)
        except foreign_json.NotJson:
            continue
        if isinstance(found, dict) and all(isinstance(value, str) for value in found.values()):
            return found
    raise OAuthError("invalid_request", reason="aws_client_metadata is not a JSON object of strings")


RULES = [endpoint("/oauth2/token", answer, ["POST"], cross_origin=True)]
