"""Authorization requests: read and checked (RFC 6749, 4.1.1; OpenID Connect Core, 3.1.2.1)."""

from __future__ import annotations

import re

from werkzeug.datastructures import MultiDict

from cogmock.standin.answers import PageError, is_redirectable
from cogmock.standin.oauth.provider import OAuthProvider
from cogmock.standin.oauth.request import AuthorizationRequest, ClientError

CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
MODES = ("query", "fragment", "form_post")


def read(params: MultiDict[str, str], provider: OAuthProvider) -> AuthorizationRequest:
    """Raises PageError while the client's address is in doubt, and ClientError from then on."""
    client_id, redirect_uri = params.get("client_id", ""), params.get("redirect_uri", "")
    if not client_id:
        raise PageError("The parameter client_id is missing.")
    if not redirect_uri:
        raise PageError("The parameter redirect_uri is missing.")
    if not is_redirectable(redirect_uri):
        raise PageError(f"The redirect_uri {redirect_uri!r} must be an absolute URL without a fragment.")
    kinds = frozenset(params.get("response_type", "").split())
    asked = AuthorizationRequest(
        client_id=client_id,
        redirect_uri=redirect_uri,
        response_type=kinds,
        response_mode=params.get("response_mode") or ("query" if kinds <= {"code"} else "fragment"),
        scopes=tuple(filter(None, re.split(f"[{provider.separators}]+", params.get("scope", "")))),
        state=params.get("state"),
        nonce=params.get("nonce"),
        challenge=params.get("code_challenge", ""),
        challenge_method=params.get("code_challenge_method") or "plain",
        params=params.to_dict(),
    )
    _check(asked, params, provider)
    provider.check(asked)
    return asked


def _check(asked: AuthorizationRequest, params: MultiDict[str, str], provider: OAuthProvider) -> None:
    """In the order in which the parameters decide how an answer travels."""
    if asked.response_mode not in MODES:
        raise PageError(f"The response_mode {asked.response_mode!r} is not one of {', '.join(MODES)}.")
    if asked.response_mode == "query" and not asked.response_type <= {"code"}:
        raise PageError("Tokens are not sent in a query: response_mode must be fragment or form_post.")
    repeated = [name for name in params if len(params.getlist(name)) > 1]
    if repeated:
        raise ClientError(asked, "invalid_request", f"{repeated[0]} is given more than once")
    if " ".join(sorted(asked.response_type)) not in provider.response_types:
        error = "unsupported_response_type" if asked.response_type else "invalid_request"
        raise ClientError(asked, error, f"response_type is one of: {', '.join(provider.response_types)}")
    for name in ("request", "request_uri"):
        if name in params:
            raise ClientError(asked, f"{name}_not_supported", f"{name} is not supported")
    _check_challenge(asked, params)
    if "id_token" in asked.response_type and not asked.nonce:
        raise ClientError(asked, "invalid_request", "nonce is required with this response_type")
    if "none" in params.get("prompt", "").split():
        raise ClientError(asked, "login_required", "nobody is signed in at the stand-in")


def _check_challenge(asked: AuthorizationRequest, params: MultiDict[str, str]) -> None:
    """RFC 7636, 4.3."""
    if asked.challenge_method not in {"plain", "S256"}:
        raise ClientError(asked, "invalid_request", "code_challenge_method is plain or S256")
    if "code_challenge" in params and not CHALLENGE.fullmatch(asked.challenge):
        raise ClientError(asked, "invalid_request", "code_challenge has 43 to 128 unreserved characters")
