"""Requests, responses and errors of a pool's domain, derived from Werkzeug's classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
"""Cookie → its SameSite attribute, for cookies that are needed when another site posts a form (SAML, Apple).

`SameSite=None` requires https. Over http the attribute is omitted: browsers then send a cookie that is less than two
minutes old with such a form.
"""
UNENCODED = "!#$%&'()*+,/:;=?@[]~"
"""Characters that are not percent-encoded in URLs."""


class DomainRequest(Request):
    """A request at a pool's domain.

    The query is percent-encoded to ASCII first, because pages pass it on in URLs and it must stay the same.
    """

    max_content_length = 10 * 1024 * 1024
    managed = True
    """Whether the pages are managed login. The classic hosted UI has no prompt, no languages and no passkeys."""
    pool_id = ""
    """The pool that the request's host or client belongs to; "" where that is not known."""
    near = False
    """Whether the browser seems to run on this machine: only then are the developer aids shown."""
    on_fault: Callable[[], DomainResponse] | None = None
    """What answers a fault of ours: a redirect to the callback, once that was found to be the client's."""

    def __init__(self, environ: dict[str, Any]) -> None:
        query = quote(environ.get("QUERY_STRING", ""), safe=UNENCODED, encoding="latin-1", errors="replace")
        # Without populate_request: a request in its own environ would be a reference cycle.
        super().__init__({**environ, "QUERY_STRING": query}, populate_request=False)

    @property
    def given(self) -> str:
        """The query with its question mark, as it is passed from page to page; "" without a query."""
        return f"?{self.query_string.decode()}" if self.query_string else ""

    @property
    def want_form_data_parsed(self) -> bool:
        """Only urlencoded bodies are parsed (RFC 6749, appendix B), never multipart ones."""
        return self.mimetype == FORM

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """Cookies; bytes that are not UTF-8 are replaced, which Werkzeug does not do.

        On localhost a browser sends the cookies of all servers of the machine.
        """
        header = self.headers.get("Cookie", "").encode("latin-1").decode("utf-8", "replace")
        return parse_cookie(header.encode().decode("latin-1"), cls=self.dict_storage_class)  # type: ignore[return-value]

    @cached_property
    def authorization(self) -> Authorization | None:
        """The parsed header; None if it is malformed. Werkzeug raises ValueError for a Basic header not in ASCII."""
        try:
            return Authorization.from_header(self.headers.get("Authorization"))
        except ValueError:
            return None

    @property
    def bearer(self) -> str:
        """The token of a Bearer header; "" without one."""
        given = self.authorization
        if given is None or given.type != "bearer":
            return ""
        if not self.headers["Authorization"].partition(" ")[2].strip():
            return ""  # Werkzeug 2.3 gives None for it, as for a token with "="
        # Werkzeug parses a token that contains "=" as parameters. It counts as a token, which is never valid.
        return "=" if given.token is None else given.token

    def has_too_many_fields(self) -> bool:
        return any(sum(map(len, given.listvalues())) > MOST_FIELDS for given in (self.args, self.form))


class DomainResponse(Response):
    """`cookies` maps names to values; None deletes a cookie.

    They are set when the response is sent, because the attribute `Secure` depends on the request.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cookies: dict[str, str | None] = {}

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """Adds the cookies, and keeps Location as it is: Werkzeug would change `app://?code=1` to `app:?code=1`.

        A path in Location is prefixed with the path that the application is mounted at.
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
        """The explanation for the log; AWS does not send it."""

    def get_response(self, environ: Any = None, scope: Any = None) -> DomainResponse:
        del environ, scope
        return as_json(self.code or 400, {"error": self.error, "error_description": self.description})


class PageRefusal(HTTPException):
    """A refusal with a complete response: an error page, or a redirect to the client's callback."""

    def __init__(self, response: DomainResponse) -> None:
        super().__init__(response=response)
        self.code = response.status_code


def repeated(values: MultiDict[str, str]) -> set[str]:
    """The parameters that occur more than once, which OAuth does not allow."""
    return {name for name, given in values.lists() if len(given) > 1}


def as_json(status: int, content: Mapping[str, Any]) -> DomainResponse:
    """A JSON response, without members that are None."""
    import json

    present = {name: value for name, value in content.items() if value is not None}
    return DomainResponse(json.dumps(present), status, content_type=JSON)


def token_refused(status: int, error: str, description: str, *, scheme: str = "") -> DomainResponse:
    """The refusal of a bearer token. AWS's userInfo omits the scheme in WWW-Authenticate, contrary to RFC 6750."""
    response = as_json(status, {"error": error, "error_description": description})
    response.headers["WWW-Authenticate"] = f'{scheme}error="{error}", error_description="{description}"'
    return response


def redirect(
    url: str, parameters: Mapping[str, str | None] | None = None, *, mark: str = "?"
) -> DomainResponse:
    """A redirect to a URL with parameters in its query, or with `mark="#"` in its fragment. The body is empty.

    Parameters that are None are left out.
    """
    added = urlencode({name: value for name, value in (parameters or {}).items() if value is not None})
    if added:
        mark = "&" if mark == "?" and "?" in url else mark
        url = f"{url}{mark}{added}"
    response = DomainResponse(status=302)
    del response.headers["Content-Type"]
    response.headers["Location"] = quote(url, safe=UNENCODED)
    return response


def error_page(error: str, client_id: str | None = None, *, message: str | None = None) -> DomainResponse:
    """A redirect to the error page, which never redirects to the client."""
    return redirect("/error", {"error": error, "client_id": client_id, "message": message})
