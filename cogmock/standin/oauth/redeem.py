"""Codes and refresh tokens, redeemed: who may, and how often."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import NamedTuple
from urllib.parse import unquote_plus

from werkzeug.wrappers import Request

from cogmock.standin.context import Context
from cogmock.standin.memory import Grant
from cogmock.standin.oauth.provider import OAuthProvider

REFRESH_SECONDS = 180 * 86400


class Unredeemable(Exception):
    """`why` is one of: unknown, used, client, redirect_uri, verifier."""

    def __init__(self, why: str) -> None:
        super().__init__(WHY[why])
        self.why = why


WHY = {
    "unknown": "the code is unknown or has expired",
    "used": "the code was used before",
    "client": "the code was issued to another client",
    "redirect_uri": "the code was issued for another redirect_uri",
    "verifier": "code_verifier does not fit code_challenge",
}


class Credentials(NamedTuple):
    """What a client says of itself. Any secret is right."""

    client_id: str
    secret: str


def credentials(request: Request, params: dict[str, str]) -> Credentials:
    """From the Authorization header (Basic), else from the parameters. Empty where there are none."""
    given = request.authorization
    if given is not None and given.type == "basic":
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        return Credentials(unquote_plus(given.username or ""), unquote_plus(given.password or ""))
    return Credentials(params.get("client_id", ""), params.get("client_secret", ""))


def redeem(
    context: Context, provider: OAuthProvider, code: str, *, client_id: str, redirect_uri: str, verifier: str
) -> Grant:
    """What a code grants, once. Raises Unredeemable."""
    key = (provider.key, code)
    with context.memory.lock:
        grant = context.memory.codes.get(key, context.now)
        if grant is None:
            raise Unredeemable("unknown")
        if grant.redeemed:
            raise Unredeemable("used")
        if grant.client_id != client_id:
            raise Unredeemable("client")
        if grant.redirect_uri != redirect_uri:
            raise Unredeemable("redirect_uri")
        if not _verifies(grant, verifier):
            raise Unredeemable("verifier")
        grant.redeemed = True
        if not grant.fault:
            context.memory.last_good.put((provider.key, client_id), code, float("inf"))
    return grant


def _verifies(grant: Grant, verifier: str) -> bool:
    if not grant.challenge:
        return not verifier
    if grant.challenge_method == "S256":
        digest = hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest()
        verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(verifier.encode("utf-8", "surrogatepass"), grant.challenge.encode())


def refresh_token(context: Context, provider: OAuthProvider, grant: Grant, token: str) -> str:
    """Remembers a refresh token for what was granted."""
    with context.memory.lock:
        context.memory.refresh.put((provider.key, token), grant, context.now + REFRESH_SECONDS)
    return token


def refreshed(context: Context, provider: OAuthProvider, token: str, client_id: str) -> Grant:
    """What a refresh token of this client grants. Raises Unredeemable."""
    with context.memory.lock:
        grant = context.memory.refresh.get((provider.key, token), context.now)
    if grant is None:
        raise Unredeemable("unknown")
    if grant.client_id != client_id:
        raise Unredeemable("client")
    return grant
