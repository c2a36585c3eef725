"""The stand-in for Sign in with Apple (Apple developer documentation: Sign in with Apple REST API).

It serves the paths of appleid.apple.com. The client secret is a JWT signed with ES256; its form and times are checked,
its signature is not, since the stand-in has no public keys of developers. The name of a user is told at the first
sign-in only, in the parameter `user`.
"""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.crypto import jws
from cogmock.standin import keys
from cogmock.standin.answers import JsonError, PageError, as_json
from cogmock.standin.context import Context
from cogmock.standin.memory import Claims, Grant
from cogmock.standin.oauth import authorize as authorization
from cogmock.standin.oauth import tokens
from cogmock.standin.oauth.provider import OAuthProvider, opaque
from cogmock.standin.oauth.redeem import Unredeemable, redeem, refresh_token, refreshed
from cogmock.standin.oauth.request import AuthorizationRequest

ISSUER = "https://appleid.apple.com"
LONGEST_SECRET = 15_777_000
"""Seconds from `iat` to `exp` of a client secret: six months."""
RESPONSE_TYPES = ("code", "code id_token", "id_token")
NAMES = ("name", "given_name", "family_name")
SIGNATURE_BYTES = 64


def _subject(digest: bytes) -> str:
    number = int.from_bytes(digest[:4])
    return f"{number % 10**6:06}.{digest.hex()[8:40]}.{number % 10**4:04}"


def _check(asked: AuthorizationRequest) -> None:
    if asked.scopes and asked.response_mode != "form_post":
        raise PageError(
            "invalid_request: response_mode must be form_post when name or email scope is requested."
        )


def _callback(context: Context, asked: AuthorizationRequest, grant: Grant) -> dict[str, str]:
    """The parameter `user`, at the first sign-in of a user to a client that asks for it."""
    with context.memory.lock:
        key = (PROVIDER.key, grant.client_id, grant.claims["sub"])
        known = context.memory.signed_in.get(key, context.now)
    if known or not asked.scopes:
        return {}
    user: dict[str, Any] = {}
    if "name" in asked.scopes:
        user["name"] = {
            "firstName": grant.claims.get("given_name", ""),
            "lastName": grant.claims.get("family_name", ""),
        }
    if "email" in asked.scopes:
        user["email"] = grant.claims.get("email", "")
    return {"user": json.dumps(user)}


def _id_token_claims(_context: Context, grant: Grant) -> Claims:
    hidden = NAMES if "email" in grant.scopes else (*NAMES, "email", "email_verified")
    seen = {name: value for name, value in grant.claims.items() if name not in hidden}
    about: Claims = {"auth_time": int(grant.auth_time), "nonce_supported": True}
    return seen | about


PROVIDER = OAuthProvider(
    key="apple",
    title="Apple",
    takes_the_place=True,
    subject=_subject,
    issuer=ISSUER,
    response_types=RESPONSE_TYPES,
    denied={"error": "user_cancelled_authorize"},
    new_code=opaque("c", 60),
    new_access_token=opaque("a", 60),
    id_token_seconds=86400,
    id_token_claims=_id_token_claims,
    check=_check,
    callback=_callback,
    foreign_client="com.example.another",
)


def discovery(context: Context, _request: Request) -> Response:
    """Issuer and claims are Apple's, the endpoints are here."""
    at = f"{context.url}/apple"
    return as_json(
        {
            "issuer": ISSUER,
            "authorization_endpoint": f"{at}/auth/authorize",
            "token_endpoint": f"{at}/auth/token",
            "revocation_endpoint": f"{at}/auth/revoke",
            "jwks_uri": f"{at}/auth/keys",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "name"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "claims_supported": [
                "aud",
                "email",
                "email_verified",
                "exp",
                "iat",
                "is_private_email",
                "iss",
                "nonce",
                "nonce_supported",
                "real_user_status",
                "sub",
                "transfer_sub",
            ],
        }
    )


def certs(context: Context, _request: Request) -> Response:
    return as_json({"keys": keys.jwks(context, "apple")["keys"][:1]})


def authorize(context: Context, request: Request) -> Response:
    return authorization.answer(context, request, PROVIDER)


def token(context: Context, request: Request) -> Response:
    params = request.form.to_dict()
    client_id = _client(context, params)
    match params.get("grant_type"):
        case "authorization_code":
            grant = _granted(context, client_id, params)
        case "refresh_token":
            try:
                grant = refreshed(context, PROVIDER, params.get("refresh_token", ""), client_id)
            except Unredeemable:
                raise _error("invalid_grant", "The refresh token is invalid.") from None
        case None:
            raise _error("invalid_request")
        case _:
            raise _error("unsupported_grant_type")
    access_token = tokens.access_token(context, PROVIDER, grant)
    content = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": PROVIDER.access_seconds,
        "id_token": tokens.id_token(context, PROVIDER, grant, access_token=access_token),
    }
    if params["grant_type"] == "authorization_code":
        fresh = f"r{context.entropy.text(60)}"
        content["refresh_token"] = refresh_token(context, PROVIDER, grant, fresh)
    return as_json(content)


def _granted(context: Context, client_id: str, params: dict[str, str]) -> Grant:
    try:
        return redeem(
            context,
            PROVIDER,
            params.get("code", ""),
            client_id=client_id,
            redirect_uri=params.get("redirect_uri", ""),
            verifier=params.get("code_verifier", ""),
        )
    except Unredeemable as fault:
        if fault.why == "redirect_uri":
            text = "The redirect_uri does not match the previously used one."
            raise _error("invalid_grant", text) from None
        if fault.why == "client":
            text = "client_id mismatch. The code was not issued to this client."
            raise _error("invalid_grant", text) from None
        raise _error("invalid_grant", "The code has expired or has been revoked.") from None


def revoke(context: Context, request: Request) -> Response:
    """Drops a token, as Apple does: 200 whatever it is."""
    params = request.form.to_dict()
    _client(context, params)
    key = (PROVIDER.key, params.get("token", ""))
    with context.memory.lock:
        context.memory.access.pop(key)
        context.memory.refresh.pop(key)
    return Response("", 200)


def _client(context: Context, params: dict[str, str]) -> str:
    """The client whose secret has the right form. Raises invalid_client, with the reason for those who debug."""
    client_id = params.get("client_id", "")
    fault = _fault_of(params.get("client_secret", ""), client_id, context.now)
    if not client_id or fault:
        raise _error("invalid_client", fault or "client_id is missing")
    return client_id


def _fault_of(secret: str, client_id: str, now: float) -> str:
    """What is wrong with a client secret; empty where nothing is."""
    try:
        token = jws.peek(secret)
        signature = jws.unb64url(secret.rpartition(".")[2])
    except ValueError:
        return "client_secret is not a JWT"
    header, claims = token.header, token.claims
    issued, expires = claims.get("iat"), claims.get("exp")
    if header.get("alg") != "ES256" or len(signature) != SIGNATURE_BYTES:
        return "client_secret must be signed with ES256"
    if not isinstance(header.get("kid"), str) or not header["kid"]:
        return "client_secret needs the key ID as kid in its header"
    if not isinstance(claims.get("iss"), str) or not claims["iss"]:
        return "client_secret needs the team ID as iss"
    if claims.get("sub") != client_id:
        return "sub of client_secret must be the client_id"
    if claims.get("aud") != ISSUER:
        return f"aud of client_secret must be {ISSUER}"
    if not isinstance(issued, int) or not isinstance(expires, int):
        return "client_secret needs iat and exp"
    if expires <= now:
        return "client_secret has expired"
    if expires - issued > LONGEST_SECRET:
        return f"client_secret is good for more than {LONGEST_SECRET} seconds"
    return ""


def _error(error: str, description: str = "") -> JsonError:
    return JsonError({"error": error, **({"error_description": description} if description else {})})
