"""All addresses of the stand-ins, and the functions that answer there."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, Rule, Submount
from werkzeug.wrappers import Request, Response

from cogmock.standin import page
from cogmock.standin.answers import JsonError, PageError, as_json
from cogmock.standin.context import Context
from cogmock.standin.hosts import PREFIX

LARGEST = 1024 * 1024
"""Bytes that a request's body may have."""
MOST_FIELDS = 200
PLACES = (
    "Stand-ins are at oidc/{name}/.well-known/openid-configuration, saml/{name}/metadata, google, facebook, amazon and "
    f"apple below {PREFIX}/."
)
ANYBODY = {"Access-Control-Allow-Origin": "*"}
"""Endpoints for machines answer pages of every origin, as the real providers' discovery, keys and user info do."""
G, P = ("GET",), ("POST",)

OIDC = {
    "/.well-known/openid-configuration": (G, "oidc:discovery"),
    "/jwks": (G, "oidc:jwks"),
    "/authorize": (G + P, "oidc:authorize"),
    "/token": (P, "oidc:token"),
    "/userinfo": (G + P, "oidc:userinfo"),
    "/register": (P, "oidc:register"),
    "/logout": (G + P, "oidc:logout"),
}
SAML = {
    "/metadata": (G, "saml.metadata:answer"),
    "/sso": (G + P, "saml.sign_in:answer"),
    "/start": (G + P, "saml.sign_in:start"),
    "/slo": (G + P, "saml.logout:answer"),
    "/sp": (P, "saml.service_providers:register"),
}
GOOGLE = {
    "/.well-known/openid-configuration": (G, "social.google:discovery"),
    "/o/oauth2/v2/auth": (G + P, "social.google:authorize"),
    "/o/oauth2/auth": (G + P, "social.google:authorize"),
    "/token": (P, "social.google:token"),
    "/oauth2/v4/token": (P, "social.google:token"),
    "/oauth2/v3/token": (P, "social.google:token"),
    "/oauth2/v3/certs": (G, "social.google:certs"),
    "/v1/userinfo": (G + P, "social.google:userinfo"),
    "/oauth2/v3/userinfo": (G + P, "social.google:userinfo"),
    "/tokeninfo": (G + P, "social.google:tokeninfo"),
    "/oauth2/v3/tokeninfo": (G + P, "social.google:tokeninfo"),
    "/v1/people/me": (G, "social.google:person"),
}
FACEBOOK = {
    "/dialog/oauth": (G + P, "social.facebook:authorize"),
    "/oauth/access_token": (G + P, "social.facebook:token"),
    "/me": (G + P, "social.facebook:me"),
    "/app": (G, "social.facebook:app"),
    "/debug_token": (G, "social.facebook:debug_token"),
}
AMAZON = {
    "/ap/oa": (G + P, "social.amazon:authorize"),
    "/auth/o2/token": (P, "social.amazon:token"),
    "/auth/O2/token": (P, "social.amazon:token"),
    "/user/profile": (G, "social.amazon:profile"),
    "/auth/o2/tokeninfo": (G, "social.amazon:tokeninfo"),
    "/auth/O2/tokeninfo": (G, "social.amazon:tokeninfo"),
}
APPLE = {
    "/.well-known/openid-configuration": (G, "social.apple:discovery"),
    "/auth/authorize": (G + P, "social.apple:authorize"),
    "/auth/token": (P, "social.apple:token"),
    "/auth/keys": (G, "social.apple:certs"),
    "/auth/revoke": (P, "social.apple:revoke"),
}
MOUNTED = {
    "/oidc/<name:name>": OIDC,
    "/saml/<name:name>": SAML,
    "/google": GOOGLE,
    "/facebook": FACEBOOK,
    "/facebook/<version:version>": FACEBOOK,
    "/amazon": AMAZON,
    "/apple": APPLE,
}


class NameConverter(BaseConverter):
    """The name of an issuer or of a SAML identity provider."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


class VersionConverter(BaseConverter):
    """A version of Facebook's API."""

    regex = r"v\d{1,3}\.\d{1,2}"


@cache
def _map() -> Map:
    rules = [
        Rule(base + path, endpoint=endpoint, methods=list(methods))
        for base, paths in MOUNTED.items()
        for path, (methods, endpoint) in paths.items()
    ]
    converters = {"name": NameConverter, "version": VersionConverter}
    return Map([Submount(PREFIX, rules)], converters=converters, strict_slashes=False, merge_slashes=False)


def answer(context: Context, request: Request) -> Response:
    """The answer to a request below `PREFIX`. What is malformed gets a status of 400 and above, and a reason."""
    request.max_content_length = request.max_form_memory_size = LARGEST
    request.max_form_parts = MOST_FIELDS
    adapter = _map().bind(request.host or "localhost", path_info=request.path)
    if request.method == "OPTIONS":
        return _preflight(request)
    _drop_unreadable_credentials(request)
    try:
        endpoint, names = adapter.match(method=request.method)
        return _shared(_call(context, request, str(endpoint), dict(names)))
    except PageError as fault:
        return page.message(context, "This sign-in cannot go on", fault.message, fault.status)
    except JsonError as fault:
        return _shared(as_json(fault.content, fault.status, fault.headers))
    except ModuleNotFoundError as fault:
        if fault.name not in {"lxml", "signxml"}:
            raise
        text = f"SAML needs the package {fault.name}: pip install 'cogmock[saml]'"
        return as_json({"error": "NotInstalled", "message": text}, 501)
    except HTTPException as fault:
        return _refused(request, fault)


def _drop_unreadable_credentials(request: Request) -> None:
    """Werkzeug raises for an Authorization header that is not ASCII. It counts as none."""
    try:
        _ = request.authorization
    except ValueError:
        del request.environ["HTTP_AUTHORIZATION"]


def _call(context: Context, request: Request, endpoint: str, names: dict[str, str]) -> Response:
    module, _, name = endpoint.partition(":")
    function = getattr(import_module(f"cogmock.standin.{module}"), name)
    _ = request.form  # a body that is too large or has too many fields is refused here
    found: Response = function(context, request, **names)
    return found


def _shared(response: Response) -> Response:
    """Pages are for their own origin; documents and tokens are for anybody."""
    if response.mimetype in {"application/json", "application/samlmetadata+xml"}:
        response.headers.extend(ANYBODY)
    return response


def _preflight(request: Request) -> Response:
    wanted = request.headers.get("Access-Control-Request-Headers", "*")
    more = {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": wanted}
    return Response("", 204, {**ANYBODY, **more, "Access-Control-Max-Age": "600"})


def _refused(request: Request, fault: HTTPException) -> Response:
    """Werkzeug's own refusals: no such path, another method, too large."""
    text = PLACES if fault.code == 404 else str(fault.description)
    headers = {name: value for name, value in fault.get_headers(request.environ) if name == "Allow"}
    content = {"error": fault.name.replace(" ", ""), "message": f"{request.path}: {text}"}
    return as_json(content, fault.code or 400, {**headers, **ANYBODY})
