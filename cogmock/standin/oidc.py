"""The OpenID issuer: discovery, keys, authorization, tokens, user info, registration, sign-out.

OpenID Connect Core 1.0, Discovery 1.0, RFC 7591 for registration. Any client ID and any secret is accepted.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock import foreign_json
from cogmock.standin import keys, page
from cogmock.standin.answers import JsonError, as_json, is_redirectable, redirect, with_query
from cogmock.standin.context import Context
from cogmock.standin.memory import Access, Claims, Grant
from cogmock.standin.oauth import authorize as authorization
from cogmock.standin.oauth import tokens
from cogmock.standin.oauth.provider import OAuthProvider, opaque
from cogmock.standin.oauth.redeem import (
    Credentials,
    Unredeemable,
    credentials,
    redeem,
    refresh_token,
    refreshed,
)

RESPONSE_TYPES = (
    "code",
    "id_token",
    "id_token token",
    "code id_token",
    "code token",
    "code id_token token",
)
BY_SCOPE = {
    "email": ("email", "email_verified"),
    "profile": ("name", "given_name", "family_name"),
}
"""Claims that follow from the form's fields. All others were asked for explicitly, and need no scope."""


def provider(context: Context, name: str) -> OAuthProvider:
    key = f"oidc/{name}"
    return OAuthProvider(
        key=key,
        title=name,
        subject=lambda digest: f"{name[:40]}-{digest.hex()[:24]}",
        algorithms=keys.ALGORITHMS,
        issuer=f"{context.url}/{key}",
        new_code=opaque("", 40),
        new_access_token=opaque("", 64),
        response_types=RESPONSE_TYPES,
        id_token_claims=lambda _context, grant: _claims(grant.claims, grant.scopes) | _about(grant),
    )


def _about(grant: Grant) -> Claims:
    return {"auth_time": int(grant.auth_time), "azp": grant.client_id}


def _claims(claims: Claims, scopes: tuple[str, ...]) -> Claims:
    """The claims that the scopes open."""
    hidden = {name for scope, names in BY_SCOPE.items() if scope not in scopes for name in names}
    return {name: value for name, value in claims.items() if name not in hidden}


def discovery(context: Context, _request: Request, name: str) -> Response:
    issuer = provider(context, name).issuer
    return as_json(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "registration_endpoint": f"{issuer}/register",
            "end_session_endpoint": f"{issuer}/logout",
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "response_types_supported": list(RESPONSE_TYPES),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "grant_types_supported": ["authorization_code", "implicit", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": list(keys.ALGORITHMS),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256", "plain"],
            "claims_supported": ["sub", "email", "email_verified", "name", "given_name", "family_name"],
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }
    )


def jwks(context: Context, _request: Request, name: str) -> Response:
    return as_json(keys.jwks(context, f"oidc/{name}"))


def authorize(context: Context, request: Request, name: str) -> Response:
    return authorization.answer(context, request, provider(context, name))


def token(context: Context, request: Request, name: str) -> Response:
    """The token endpoint: authorization_code and refresh_token."""
    issuer = provider(context, name)
    params = request.form.to_dict()
    client = credentials(request, params)
    if not client.client_id:
        raise _error("invalid_client", "the client does not say who it is", 401)
    match params.get("grant_type"):
        case "authorization_code":
            return _answer(context, issuer, client, _granted(context, issuer, client, params), fresh=True)
        case "refresh_token":
            try:
                grant = refreshed(context, issuer, params.get("refresh_token", ""), client.client_id)
            except Unredeemable as fault:
                raise _error("invalid_grant", str(fault).replace("the code", "the refresh token")) from None
            return _answer(context, issuer, client, grant, fresh=False)
        case None:
            raise _error("invalid_request", "grant_type is missing")
        case other:
            raise _error("unsupported_grant_type", f"{other!r} is not supported")


def _granted(context: Context, issuer: OAuthProvider, client: Credentials, params: dict[str, str]) -> Grant:
    if not params.get("code"):
        raise _error("invalid_request", "code is missing")
    try:
        return redeem(
            context,
            issuer,
            params["code"],
            client_id=client.client_id,
            redirect_uri=params.get("redirect_uri", ""),
            verifier=params.get("code_verifier", ""),
        )
    except Unredeemable as fault:
        raise _error("invalid_grant", str(fault)) from None


def _answer(
    context: Context, issuer: OAuthProvider, client: Credentials, grant: Grant, *, fresh: bool
) -> Response:
    access_token = tokens.access_token(context, issuer, grant)
    content: dict[str, Any] = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": issuer.access_seconds,
        "scope": " ".join(grant.scopes),
    }
    if "openid" in grant.scopes:
        if grant.algorithm == "HS256" and not client.secret:
            raise _error("invalid_client", "HS256 signs with the client secret, and none was sent", 401)
        content["id_token"] = tokens.id_token(
            context, issuer, grant, access_token=access_token, secret=client.secret
        )
    if fresh and grant.offline:
        content["refresh_token"] = refresh_token(context, issuer, grant, context.entropy.text(48))
    return as_json(content)


def _error(error: str, description: str, status: int = 400) -> JsonError:
    headers = {"WWW-Authenticate": 'Basic realm="stand-in"'} if status == 401 else {}
    return JsonError({"error": error, "error_description": description}, status, headers)


def userinfo(context: Context, request: Request, name: str) -> Response:
    """The claims of the user, by GET or POST, with the token in the header or in a form (RFC 6750)."""
    issuer = provider(context, name)
    access = bearer(context, request, issuer)
    if access is None or access.expires <= context.now:
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise JsonError(
            {"error": "invalid_token", "error_description": "the access token is unknown or has expired"},
            401,
            headers,
        )
    return as_json(_claims(access.claims, access.scopes))


def bearer(context: Context, request: Request, issuer: OAuthProvider) -> Access | None:
    """What the access token of a request opens."""
    given = request.authorization
    text = given.token if given is not None and given.type == "bearer" else request.form.get("access_token")
    return tokens.opened(context, issuer, text or "")


def register(context: Context, request: Request, name: str) -> Response:
    """Remembers a client's metadata (RFC 7591). `id_token_signed_response_alg` has an effect."""
    try:
        metadata = foreign_json.read(request.get_data())
    except foreign_json.NotJson:
        metadata = None
    if not isinstance(metadata, dict):
        raise _error("invalid_client_metadata", "the metadata must be a JSON object")
    algorithm = metadata.get("id_token_signed_response_alg", "RS256")
    if algorithm not in keys.ALGORITHMS:
        raise _error(
            "invalid_client_metadata",
            f"id_token_signed_response_alg is one of: {', '.join(keys.ALGORITHMS)}",
        )
    content = {
        **metadata,
        "client_id": context.entropy.text(26),
        "client_secret": context.entropy.text(52),
        "client_id_issued_at": int(context.now),
        "client_secret_expires_at": 0,
        "id_token_signed_response_alg": algorithm,
    }
    with context.memory.lock:
        context.memory.clients.put((f"oidc/{name}", content["client_id"]), content, float("inf"))
    return as_json(content, 201)


def logout(context: Context, request: Request, name: str) -> Response:
    """The end of a session that does not exist: every sign-in asks anew (RP-Initiated Logout 1.0)."""
    target = request.values.get("post_logout_redirect_uri", "")
    if not target:
        return page.message(context, "Signed out", f"You are signed out of “{name}”.", 200)
    if not is_redirectable(target):
        return page.message(
            context, "This address cannot be used", f"{target!r} is no absolute URL without a fragment."
        )
    state = request.values.get("state")
    return redirect(with_query(target, {} if state is None else {"state": state}))
