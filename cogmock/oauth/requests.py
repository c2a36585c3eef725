"""Requests and responses of a pool's domain: Werkzeug's, with what the endpoints and pages have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.datastructures import Authorization, Headers, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_cookie
from werkzeug.utils import cached_property
from werkzeug.wrappers import Request, Response

JSON = "application/json;charset=UTF-8"
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 200
CROSS_SITE = {"csrf-state": "None", "csrf-state-legacy": None}
"""Cookies that must come along where another site posts a form, as SAML providers and Apple do, and their SameSite.

`SameSite=None` needs https. Over http nothing is said: browsers then send a fresh cookie with such a form.
"""
UNENCODED = "!#$%&'()*+,/:;=?@[]~"
"""Characters that an address may have unencoded."""


class DomainRequest(Request):
    """One request at a pool's domain.

    The query is made ASCII first: it travels from page to page in addresses, and must come back as it went.
    """

    max_content_length = 10 * 1024 * 1024
    managed = True
    """Whether the pages are managed login. The classic hosted UI has no prompt, no languages and no passkeys."""
    near = False
    """Whether the browser runs on this machine, as far as can be told: only then are aids for developers shown."""

    def __init__(self, environ: dict[str, Any]) -> None:
        query = quote(environ.get("QUERY_STRING", ""), safe=UNENCODED, encoding="latin-1", errors="replace")
        # Without populate_request: a request in its own environ would be a reference cycle.
        super().__init__({**environ, "QUERY_STRING": query}, populate_request=False)

    @property
    def given(self) -> str:
        """The query with its question mark, as it is carried from page to page."""
        return f"?{self.query_string.decode()}" if self.query_string else ""

    @property
    def want_form_data_parsed(self) -> bool:
        """OAuth has one form of forms (RFC 6749, appendix B); a multipart body is none."""
        return self.mimetype == FORM

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """On localhost a browser sends the cookies of all servers, and some are not UTF-8, which Werkzeug requires."""
        header = self.headers.get("Cookie", "").encode("latin-1").decode("utf-8", "replace")
        return parse_cookie(header.encode().decode("latin-1"), cls=self.dict_storage_class)  # type: ignore[return-value]

    @cached_property
    def authorization(self) -> Authorization | None:
        """None also where it cannot be read; Werkzeug raises for a Basic header that is not ASCII."""
        try:
            return Authorization.from_header(self.headers.get("Authorization"))
        except ValueError:
            return None

    @property
    def bearer(self) -> str:
        """The token of a Bearer header; empty where there is none."""
        given = self.authorization
        if given is None or given.type != "bearer":
            return ""
        if not self.headers["Authorization"].partition(" ")[2].strip():
            return ""  # Werkzeug 2.3 gives None for it, as for a token with "="
        # With a "=" within, Werkzeug takes it for parameters; it is a token all the same, though never a valid one.
        return "=" if given.token is None else given.token

    def has_too_many_fields(self) -> bool:
        return any(sum(map(len, given.listvalues())) > MOST_FIELDS for given in (self.args, self.form))


class DomainResponse(Response):
    """`cookies` are set when the response is sent, as `Secure` depends on the request; None deletes one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cookies: dict[str, str | None] = {}

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """With cookies, and with Location verbatim: Werkzeug would make `app:?code=1` of `app://?code=1`.

        A path stands below the one that the application is mounted at.
        """
        secure = environ["wsgi.url_scheme"] == "https"
        for name, value in self.cookies.items():
            life = 0 if value is None else None
            same_site = "Lax" if name not in CROSS_SITE else CROSS_SITE[name] if secure else None
            self.set_cookie(name, value or "", max_age=life, httponly=True, secure=secure, samesite=same_site)
        location = self.headers.pop("Location", None)
        headers = super().get_wsgi_headers(environ)
        if location is not None:
            root = environ.get("SCRIPT_NAME", "") if location.startswith("/") else ""
            headers["Location"] = f"{root}{location}"
        return headers


class OAuthError(HTTPException):
    """A refusal of an OAuth endpoint, answered in JSON (RFC 6749, 5.2)."""

    def __init__(
        self, error: str, description: str | None = None, *, status: int = 400, reason: str | None = None
    ) -> None:
        super().__init__(description)
        self.code = status
        self.error = error
        self.reason = reason
        """What AWS hides, for the log."""

    def get_response(self, environ: Any = None, scope: Any = None) -> DomainResponse:
        del environ, scope
        return as_json(self.code or 400, {"error": self.error, "error_description": self.description})


class PageRefusal(HTTPException):
    """A refusal that is shown in the browser, or sent to the client's callback. It has its response with it."""

    def __init__(self, response: DomainResponse) -> None:
        super().__init__(response=response)
        self.code = response.status_code


def repeated(values: MultiDict[str, str]) -> set[str]:
    """Names that stand more than once in a query or a form; OAuth allows each parameter once."""
    return {name for name, given in values.lists() if len(given) > 1}


def as_json(status: int, content: Mapping[str, Any]) -> DomainResponse:
    """Members that are None are left out."""
    import json

    present = {name: value for name, value in content.items() if value is not None}
    return DomainResponse(json.dumps(present), status, content_type=JSON)


def token_refused(status: int, error: str, description: str, *, scheme: str = "") -> DomainResponse:
    """The refusal of a bearer's token. AWS's userInfo names no scheme in the header, against RFC 6750."""
    response = as_json(status, {"error": error, "error_description": description})
    response.headers["WWW-Authenticate"] = f'{scheme}error="{error}", error_description="{description}"'
    return response


def redirect(
    url: str, parameters: Mapping[str, str | None] | None = None, *, mark: str = "?"
) -> DomainResponse:
    """To a URL with parameters added, in its query or, by `mark`, in its fragment. The body is empty, as AWS's is."""
    added = urlencode({name: value for name, value in (parameters or {}).items() if value is not None})
    if added:
        mark = "&" if mark == "?" and "?" in url else mark
        url = f"{url}{mark}{added}"
    response = DomainResponse(status=302)
    del response.headers["Content-Type"]
    response.headers["Location"] = quote(url, safe=UNENCODED)
    return response


def error_page(error: str, client_id: str | None = None, *, message: str | None = None) -> DomainResponse:
    """To the page that shows an error. AWS never sends the browser on from there."""
    return redirect("/error", {"error": error, "client_id": client_id, "message": message})
