"""The stand-in for Facebook (Facebook Login: manual flow; Graph API).

It serves the paths of www.facebook.com and graph.facebook.com, with and without a version. There is no ID token: who
signed in is told by the Graph API. Errors are the Graph API's, with type, code and fbtrace_id.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.standin.answers import JsonError, as_json
from cogmock.standin.context import Context
from cogmock.standin.memory import Access, Claims
from cogmock.standin.oauth import authorize as authorization
from cogmock.standin.oauth import tokens
from cogmock.standin.oauth.provider import OAuthProvider, opaque
from cogmock.standin.oauth.redeem import Unredeemable, redeem
from cogmock.standin.provider import OPAQUE_FAULTS

SECONDS = 5_183_944
JSON = "application/json; charset=UTF-8"
FIELDS = (
    "id",
    "name",
    "email",
    "first_name",
    "last_name",
    "middle_name",
    "name_format",
    "short_name",
    "picture",
    "age_range",
    "birthday",
    "gender",
    "hometown",
    "languages",
    "link",
    "locale",
    "location",
    "timezone",
    "updated_time",
    "verified",
)
"""The fields of a user that the Graph API knows."""
FROM_CLAIMS = {"id": "sub", "first_name": "given_name", "last_name": "family_name"}

PROVIDER = OAuthProvider(
    key="facebook",
    title="Facebook",
    takes_the_place=True,
    subject=lambda digest: f"1{int.from_bytes(digest) % 10**15:015}",
    faults=OPAQUE_FAULTS,
    response_types=("code", "token", "code token"),
    separators=", ",
    denied={
        "error": "access_denied",
        "error_code": "200",
        "error_description": "Permissions error",
        "error_reason": "user_denied",
    },
    new_code=opaque("AQ", 300),
    new_access_token=opaque("EAAG", 180),
    access_seconds=SECONDS,
    fragment="#_=_",
    foreign_client="1000000000000001",
)


def authorize(context: Context, request: Request, version: str = "") -> Response:  # noqa: ARG001 - all versions are alike
    return authorization.answer(context, request, PROVIDER)


def token(context: Context, request: Request, version: str = "") -> Response:  # noqa: ARG001
    """A code for an access token, by GET or POST; or the token of the app itself."""
    params = request.values.to_dict()
    if not params.get("client_id"):
        raise error(context, "Missing client_id parameter.", 101)
    if not params.get("client_secret"):
        raise error(context, "Missing client_secret parameter.", 1)
    if params.get("grant_type") == "client_credentials":
        app_token = f"{params['client_id']}|{context.entropy.text(27)}"
        return as_json({"access_token": app_token, "token_type": "bearer"}, content_type=JSON)
    if not params.get("redirect_uri"):
        raise error(context, "Missing redirect_uri parameter.", 191)
    if not params.get("code"):
        raise error(context, "No code parameter was given.", 100)
    try:
        grant = redeem(
            context,
            PROVIDER,
            params["code"],
            client_id=params["client_id"],
            redirect_uri=params["redirect_uri"],
            verifier=params.get("code_verifier", ""),
        )
    except Unredeemable as fault:
        raise _refused(context, fault) from None
    return as_json(
        {
            "access_token": tokens.access_token(context, PROVIDER, grant),
            "token_type": "bearer",
            "expires_in": SECONDS,
        },
        content_type=JSON,
    )


def _refused(context: Context, fault: Unredeemable) -> JsonError:
    match fault.why:
        case "used":
            return error(context, "This authorization code has been used.", 100, subcode=36009)
        case "redirect_uri":
            text = (
                "Error validating verification code. Please make sure your redirect_uri is identical to the one "
                "you used in the OAuth dialog request"
            )
            return error(context, text, 100, subcode=36008)
        case "client":
            return error(context, "Error validating client secret.", 1)
        case "verifier":
            return error(context, "Invalid code_verifier parameter.", 1)
    return error(context, "Invalid verification code format.", 100)


def me(context: Context, request: Request, version: str = "") -> Response:  # noqa: ARG001
    """The user, with the fields that are asked for; `id` and `name` where none are."""
    access = _opened(context, request.values.get("access_token") or _bearer(request))
    names = [name.strip() for name in request.values.get("fields", "id,name").split(",") if name.strip()]
    found: Claims = {}
    for name in names:
        plain = name.partition("{")[0].partition(".")[0]
        if plain not in FIELDS and plain not in access.claims:
            text = f"(#100) Tried accessing nonexistent field ({plain}) on node type (User)"
            raise error(context, text, 100)
        value = access.claims.get(FROM_CLAIMS.get(plain, plain))
        if value is not None and (plain != "email" or "email" in access.scopes):
            found[plain] = _picture(value) if plain == "picture" else value
    return as_json(found | {"id": access.claims["sub"]}, content_type=JSON)


def _picture(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return {"data": {"height": 50, "is_silhouette": False, "url": value, "width": 50}}


def app(context: Context, request: Request, version: str = "") -> Response:  # noqa: ARG001
    """The app to which an access token was issued."""
    access = _opened(context, request.values.get("access_token") or _bearer(request))
    return as_json({"id": access.client_id, "name": "Stand-in app", "link": ""}, content_type=JSON)


def debug_token(context: Context, request: Request, version: str = "") -> Response:  # noqa: ARG001
    """What a token is good for, asked by the app itself (`id|secret`) or with a token of the app."""
    if not (request.values.get("access_token") or _bearer(request)):
        raise _without_token(context)
    access = tokens.opened(context, PROVIDER, request.values.get("input_token", ""))
    if access is None:
        text = "Invalid OAuth access token - Cannot parse access token"
        return as_json(
            {"data": {"error": {"code": 190, "message": text}, "is_valid": False, "scopes": []}},
            content_type=JSON,
        )
    return as_json(
        {
            "data": {
                "app_id": access.client_id,
                "type": "USER",
                "application": "Stand-in app",
                "data_access_expires_at": int(access.issued) + 90 * 86400,
                "expires_at": int(access.expires),
                "is_valid": access.expires > context.now,
                "issued_at": int(access.issued),
                "scopes": list(access.scopes),
                "user_id": access.claims["sub"],
            }
        },
        content_type=JSON,
    )


def _bearer(request: Request) -> str:
    given = request.authorization
    return (given.token or "") if given is not None and given.type == "bearer" else ""


def _opened(context: Context, token: str) -> Access:
    if not token:
        raise _without_token(context)
    access = tokens.opened(context, PROVIDER, token)
    if access is None:
        raise error(context, "Invalid OAuth access token - Cannot parse access token", 190)
    if access.expires <= context.now:
        text = "Error validating access token: Session has expired. The current time is later."
        raise error(context, text, 190, subcode=463)
    return access


def _without_token(context: Context) -> JsonError:
    text = "An active access token must be used to query information about the current user."
    return error(context, text, 2500)


def error(context: Context, text: str, code: int, *, subcode: int | None = None) -> JsonError:
    """An error of the Graph API."""
    content = {
        "message": text,
        "type": "OAuthException",
        "code": code,
        **({} if subcode is None else {"error_subcode": subcode}),
        "fbtrace_id": f"A{context.entropy.text(22)}",
    }
    challenge = f'OAuth "Facebook Platform" "invalid_request" "{text}"'
    return JsonError({"error": content}, 400, {"WWW-Authenticate": challenge})
