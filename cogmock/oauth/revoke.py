"""POST /oauth2/revoke: revokes a refresh token and the access tokens issued for it (RFC 7009)."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.crypto import jws
from cogmock.errors import UnauthorizedException
from cogmock.oauth import clients
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.requests import DomainRequest, DomainResponse, OAuthError, repeated
from cogmock.state.user_pool import UserPool
from cogmock.userpools.sign_in import refresh


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """An empty answer, also for a token that is unknown, revoked or another client's. Raises OAuthError."""
    token = request.values.get("token")
    if not token or repeated(request.values):
        raise OAuthError("invalid_request", reason="token is missing, or a parameter is repeated")
    client = clients.authenticated(call, pool, request, status=401)
    if pool is None or not client.settings.get("EnableTokenRevocation", True):
        raise OAuthError("invalid_request", reason="EnableTokenRevocation of the client is false")
    if _is_signed(token):
        raise OAuthError("unsupported_token_type", reason="only refresh tokens can be revoked")
    try:
        refresh.end(call, pool, client, token, linked=False)
    except UnauthorizedException as foreign:
        call.reason = foreign.reason
    response = DomainResponse()
    del response.headers["Content-Type"]  # an empty body has none; oidc-client refuses text/plain
    return response


def _is_signed(token: str) -> bool:
    try:
        jws.peek(token)
    except ValueError:
        return False
    return True


RULES = [endpoint("/oauth2/revoke", answer, ["POST"], cross_origin=True)]
