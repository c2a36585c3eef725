"""The stand-in for Google (Google Identity: OpenID Connect; People API).

It serves the paths of accounts.google.com, oauth2.googleapis.com, www.googleapis.com, openidconnect.googleapis.com and
people.googleapis.com. ID tokens name https://accounts.google.com as their issuer.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.standin import keys, oidc
from cogmock.standin.answers import JsonError, PageError, as_json
from cogmock.standin.context import Context
from cogmock.standin.memory import Access, Claims, Grant
from cogmock.standin.oauth import authorize as authorization
from cogmock.standin.oauth import tokens
from cogmock.standin.oauth.provider import OAuthProvider, opaque
from cogmock.standin.oauth.redeem import Unredeemable, credentials, redeem, refresh_token, refreshed
from cogmock.standin.oauth.request import AuthorizationRequest

ISSUER = "https://accounts.google.com"
SCOPE_URL = "https://www.googleapis.com/auth/"
FULL_SCOPES = {"email": f"{SCOPE_URL}userinfo.email", "profile": f"{SCOPE_URL}userinfo.profile"}
"""Google tells the short scopes by their full names."""
SECONDS = 3599


def _check(asked: AuthorizationRequest) -> None:
    if not asked.params.get("scope"):
        raise PageError("Error 400: invalid_request. Missing required parameter: scope")


def _callback(_context: Context, asked: AuthorizationRequest, grant: Grant) -> dict[str, str]:
    if "code" not in asked.response_type:
        return {"scope": _told(grant.scopes)}
    return {"iss": ISSUER, "scope": _told(grant.scopes), "authuser": "0", "prompt": "consent"}


def _id_token_claims(_context: Context, grant: Grant) -> Claims:
    return {"azp": grant.client_id, **_seen(grant.claims, grant.scopes)}


PROVIDER = OAuthProvider(
    key="google",
    title="Google",
    takes_the_place=True,
    subject=lambda digest: f"1{int.from_bytes(digest) % 10**20:020}",
    issuer=ISSUER,
    response_types=oidc.RESPONSE_TYPES,
    new_code=opaque("4/0A", 68),
    new_access_token=opaque("ya29.a0", 200),
    access_seconds=SECONDS,
    id_token_claims=_id_token_claims,
    check=_check,
    callback=_callback,
    foreign_client="123456789012-another.apps.googleusercontent.com",
)


def _has(scopes: tuple[str, ...], scope: str) -> bool:
    return scope in scopes or FULL_SCOPES[scope] in scopes


def _seen(claims: Claims, scopes: tuple[str, ...]) -> Claims:
    hidden = {name for scope, names in oidc.BY_SCOPE.items() if not _has(scopes, scope) for name in names}
    return {name: value for name, value in claims.items() if name not in hidden}


def _told(scopes: tuple[str, ...]) -> str:
    told = [FULL_SCOPES.get(scope, scope) for scope in scopes]
    return " ".join([scope for scope in scopes if scope in FULL_SCOPES] + told)


def discovery(context: Context, _request: Request) -> Response:
    """Issuer and claims are Google's, the endpoints are here."""
    at = f"{context.url}/google"
    return as_json(
        {
            "issuer": ISSUER,
            "authorization_endpoint": f"{at}/o/oauth2/v2/auth",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/v1/userinfo",
            "jwks_uri": f"{at}/oauth2/v3/certs",
            "response_types_supported": list(oidc.RESPONSE_TYPES),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": [
                "aud",
                "email",
                "email_verified",
                "exp",
                "family_name",
                "given_name",
                "iat",
                "iss",
                "name",
                "picture",
                "sub",
            ],
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
        }
    )


def certs(context: Context, _request: Request) -> Response:
    return as_json({"keys": keys.jwks(context, "google")["keys"][:1]})


def authorize(context: Context, request: Request) -> Response:
    return authorization.answer(context, request, PROVIDER)


def token(context: Context, request: Request) -> Response:
    params = request.form.to_dict()
    client = credentials(request, params)
    if not client.client_id:
        raise _error("invalid_request", "Could not determine client ID from request.")
    if not client.secret and "code_verifier" not in params:
        raise _error("invalid_request", "client_secret is missing.")
    try:
        match params.get("grant_type"):
            case "authorization_code":
                return _answer(context, _granted(context, client.client_id, params), fresh=True)
            case "refresh_token":
                given = params.get("refresh_token", "")
                return _answer(context, refreshed(context, PROVIDER, given, client.client_id), fresh=False)
            case other:
                raise _error("unsupported_grant_type", f"Invalid grant_type: {other or ''}")
    except Unredeemable as fault:
        if fault.why == "redirect_uri":
            raise _error("redirect_uri_mismatch", "Bad Request") from None
        raise _error("invalid_grant", "Bad Request") from None


def _granted(context: Context, client_id: str, params: dict[str, str]) -> Grant:
    if not params.get("code"):
        raise _error("invalid_request", "Missing required parameter: code")
    return redeem(
        context,
        PROVIDER,
        params["code"],
        client_id=client_id,
        redirect_uri=params.get("redirect_uri", ""),
        verifier=params.get("code_verifier", ""),
    )


def _answer(context: Context, grant: Grant, *, fresh: bool) -> Response:
    access_token = tokens.access_token(context, PROVIDER, grant)
    content: dict[str, Any] = {
        "access_token": access_token,
        "expires_in": SECONDS,
        "scope": _told(grant.scopes),
        "token_type": "Bearer",
    }
    if "openid" in grant.scopes:
        content["id_token"] = tokens.id_token(context, PROVIDER, grant, access_token=access_token)
    if fresh and grant.offline:
        content["refresh_token"] = refresh_token(context, PROVIDER, grant, f"1//0{context.entropy.text(96)}")
    return as_json(content)


def _error(error: str, description: str, status: int = 400) -> JsonError:
    return JsonError({"error": error, "error_description": description}, status)


def _access(context: Context, request: Request) -> Access | None:
    given = request.authorization
    if given is not None and given.type == "bearer":
        access = tokens.opened(context, PROVIDER, given.token or "")
    else:
        access = tokens.opened(context, PROVIDER, request.values.get("access_token", ""))
    return access if access is not None and access.expires > context.now else None


def userinfo(context: Context, request: Request) -> Response:
    access = _access(context, request)
    if access is None:
        raise _error("invalid_request", "Invalid Credentials", 401)
    return as_json(_seen(access.claims, access.scopes))


def tokeninfo(context: Context, request: Request) -> Response:
    """What an access token is good for."""
    access = _access(context, request)
    if access is None:
        raise _error("invalid_token", "Invalid Value")
    seen = _seen(access.claims, access.scopes)
    return as_json(
        {
            "azp": access.client_id,
            "aud": access.client_id,
            "sub": access.claims["sub"],
            "scope": _told(access.scopes),
            "exp": str(int(access.expires)),
            "expires_in": str(int(access.expires - context.now)),
            **({"email": seen["email"], "email_verified": "true"} if "email" in seen else {}),
            "access_type": "online",
        }
    )


def person(context: Context, request: Request) -> Response:
    """`people/me` of the People API, with the fields that the mask names."""
    access = _access(context, request)
    if access is None:
        raise _api_error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
    mask = [name for name in request.args.get("personFields", "").split(",") if name]
    if not mask:
        raise _api_error(400, "INVALID_ARGUMENT", "personFields mask is required.")
    claims = _seen(access.claims, access.scopes)
    source = {"primary": True, "source": {"type": "PROFILE", "id": access.claims["sub"]}}
    known: dict[str, Any] = {}
    if "name" in claims:
        known["names"] = {
            "displayName": claims["name"],
            "familyName": claims.get("family_name"),
            "givenName": claims.get("given_name"),
            "unstructuredName": claims["name"],
        }
    if "email" in claims:
        known["emailAddresses"] = {"value": claims["email"]}
    if "picture" in claims:
        known["photos"] = {"url": claims["picture"]}
    if "phone_number" in claims:
        known["phoneNumbers"] = {"value": claims["phone_number"]}
    if "locale" in claims:
        known["locales"] = {"value": claims["locale"]}
    found = {name: [{"metadata": source, **known[name]}] for name in mask if name in known}
    return as_json(
        {"resourceName": f"people/{access.claims['sub']}", "etag": "%EgUBAi43PRoEAQIFByIA", **found}
    )


def _api_error(code: int, status: str, text: str) -> JsonError:
    return JsonError({"error": {"code": code, "message": text, "status": status}}, code)
