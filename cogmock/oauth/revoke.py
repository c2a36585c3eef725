"""POST /oauth2/revoke: the end of a refresh token and of what came from it (RFC 7009)."""

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
    """Empty, also for a token that is unknown, foreign or void already. Raises OAuthError."""
    token = request.values.get("token")
    if not token or repeated(request.values):
        raise OAuthError("invalid_request", reason="one token is wanted")
    client = clients.authenticated(call, pool, request, status=401)
    if pool is None or not client.settings.get("EnableTokenRevocation", True):
        raise OAuthError("invalid_request", reason="the client has no token revocation")
    if _is_signed(token):
        raise OAuthError("unsupported_token_type", reason="only refresh tokens can be revoked")
    try:
        refresh.end(call, pool, client, token, linked=False)
    except UnauthorizedException as foreign:
        call.reason = foreign.reason
    return DomainResponse()


def _is_signed(token: str) -> bool:
    try:
        jws.peek(token)
    except ValueError:
        return False
    return True


RULES = [endpoint("/oauth2/revoke", answer, ["POST"], cross_origin=True)]
