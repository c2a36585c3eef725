"""The stand-in for Login with Amazon (developer guide: authorization code grant, profile, token validation).

It serves the paths of www.amazon.com and api.amazon.com. There is no ID token. Errors bear a request_id.
"""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from cogmock.standin.answers import JsonError, as_json
from cogmock.standin.context import Context
from cogmock.standin.memory import Access, Grant
from cogmock.standin.oauth import authorize as authorization
from cogmock.standin.oauth import tokens
from cogmock.standin.oauth.provider import OAuthProvider, opaque
from cogmock.standin.oauth.redeem import Unredeemable, credentials, redeem, refresh_token, refreshed
from cogmock.standin.oauth.request import AuthorizationRequest, ClientError
from cogmock.standin.provider import OPAQUE_FAULTS

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
SCOPES = ("profile", "profile:user_id", "postal_code", "openid")
SECONDS = 3600


def _subject(digest: bytes) -> str:
    return "amzn1.account." + "".join(LETTERS[byte % 32] for byte in digest[:28])


def _check(asked: AuthorizationRequest) -> None:
    unknown = [scope for scope in asked.scopes if scope not in SCOPES]
    if unknown or not asked.scopes:
        text = f"An unknown scope was requested : {' '.join(unknown)}"
        raise ClientError(asked, "invalid_scope", text)


def _callback(_context: Context, _asked: AuthorizationRequest, grant: Grant) -> dict[str, str]:
    return {"scope": " ".join(grant.scopes)}


PROVIDER = OAuthProvider(
    key="amazon",
    title="Amazon",
    takes_the_place=True,
    subject=_subject,
    faults=OPAQUE_FAULTS,
    response_types=("code", "token"),
    denied={
        "error": "access_denied",
        "error_description": "The customer or authorization server denied the request.",
    },
    new_code=opaque("AN", 18),
    new_access_token=opaque("Atza|", 300),
    access_seconds=SECONDS,
    check=_check,
    callback=_callback,
    foreign_client="amzn1.application-oa2-client.another",
)


def authorize(context: Context, request: Request) -> Response:
    return authorization.answer(context, request, PROVIDER)


def token(context: Context, request: Request) -> Response:
    params = request.form.to_dict()
    client = credentials(request, params)
    required = {"grant_type": params.get("grant_type"), "client_id": client.client_id}
    if "code_verifier" not in params:
        required["client_secret"] = client.secret
    for name, value in required.items():
        if not value:
            raise _missing(context, name)
    match params["grant_type"]:
        case "authorization_code":
            grant = _granted(context, client.client_id, params)
        case "refresh_token":
            try:
                grant = refreshed(context, PROVIDER, params.get("refresh_token", ""), client.client_id)
            except Unredeemable:
                text = "The request has an invalid grant parameter : refresh_token"
                raise _error(context, "invalid_grant", text) from None
        case _:
            text = "The authorization grant type is not supported by the authorization server"
            raise _error(context, "unsupported_grant_type", text)
    refresh = params.get("refresh_token") or f"Atzr|{context.entropy.text(300)}"
    return as_json(
        {
            "access_token": tokens.access_token(context, PROVIDER, grant),
            "refresh_token": refresh_token(context, PROVIDER, grant, refresh),
            "token_type": "bearer",
            "expires_in": SECONDS,
        }
    )


def _granted(context: Context, client_id: str, params: dict[str, str]) -> Grant:
    for name in ("code", "redirect_uri"):
        if not params.get(name):
            raise _missing(context, name)
    try:
        return redeem(
            context,
            PROVIDER,
            params["code"],
            client_id=client_id,
            redirect_uri=params["redirect_uri"],
            verifier=params.get("code_verifier", ""),
        )
    except Unredeemable as fault:
        name = {"redirect_uri": "redirect_uri", "verifier": "code_verifier"}.get(fault.why, "code")
        text = f"The request has an invalid grant parameter : {name}"
        raise _error(context, "invalid_grant", text) from None


def profile(context: Context, request: Request) -> Response:
    """The user, as far as the scopes go. The token is in the header, in Amazon's own header or in the query."""
    given = request.authorization
    text = given.token if given is not None and given.type == "bearer" else None
    text = text or request.headers.get("x-amz-access-token") or request.args.get("access_token", "")
    access = _opened(context, text)
    user = {"user_id": access.claims["sub"]}
    if "profile" in access.scopes:
        user |= {name: access.claims[name] for name in ("email", "name") if name in access.claims}
    if "postal_code" in access.scopes and "postal_code" in access.claims:
        user["postal_code"] = access.claims["postal_code"]
    standard = {"sub", "email", "email_verified", "name", "given_name", "family_name", "postal_code"}
    more = {name: value for name, value in access.claims.items() if name not in standard}
    return as_json(user | more)


def tokeninfo(context: Context, request: Request) -> Response:
    """To whom a token was issued, by which app. `exp` is the number of seconds that are left."""
    access = _opened(context, request.args.get("access_token", ""))
    return as_json(
        {
            "iss": "https://www.amazon.com",
            "user_id": access.claims["sub"],
            "aud": access.client_id,
            "app_id": f"amzn1.application.{access.client_id.rpartition('.')[2]}",
            "exp": int(access.expires - context.now),
            "iat": int(access.issued),
        }
    )


def _opened(context: Context, text: str) -> Access:
    if not text:
        raise _missing(context, "access_token")
    access = tokens.opened(context, PROVIDER, text)
    if access is None or access.expires <= context.now:
        raise _error(context, "invalid_token", "The request has an invalid parameter : access_token")
    return access


def _missing(context: Context, name: str) -> JsonError:
    return _error(context, "invalid_request", f"The request is missing a required parameter : {name}")


def _error(context: Context, error: str, description: str) -> JsonError:
    return JsonError({"error": error, "error_description": description, "request_id": context.entropy.uuid()})
