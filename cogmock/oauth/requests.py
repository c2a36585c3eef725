"""What a visitor of a domain asks, and what it is answered; neither knows how it travels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

JSON = "application/json;charset=UTF-8"


@dataclass(slots=True, frozen=True)
class DomainRequest:
    """One request at a pool's domain."""

    method: str
    path: str
    query_string: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    repeated: frozenset[str]
    """Parameters that came twice."""
    authorization: str
    cookies: Mapping[str, str]
    body: bytes
    """What was posted, where it is no form."""
    origin: str
    """Scheme and host that the visitor used."""
    managed: bool
    """Whether the pages are managed login. The classic hosted UI knows no prompt, no language and no passkeys."""
    near: bool = False
    """Whether the visitor is at this machine, as far as can be told: aids for developers are shown to nobody else."""

    @property
    def given(self) -> str:
        """The query, as it is carried from page to page."""
        return f"?{self.query_string}" if self.query_string else ""


@dataclass(slots=True)
class DomainResponse:
    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    cookies: dict[str, str | None] = field(default_factory=dict)
    """None takes a cookie away."""


class OAuthError(Exception):
    """A refusal at an endpoint that answers in JSON."""

    def __init__(
        self, error: str, description: str | None = None, *, status: int = 400, reason: str | None = None
    ) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status
        self.reason = reason
        """What AWS hides, for the log."""


class PageRefusal(Exception):
    """A refusal that is shown to the visitor, who is not sent anywhere."""

    def __init__(self, reply: DomainResponse) -> None:
        super().__init__(reply.status)
        self.reply = reply


def as_json(status: int, content: Mapping[str, Any]) -> DomainResponse:
    import json

    present = {name: value for name, value in content.items() if value is not None}
    return DomainResponse(status, json.dumps(present).encode(), [("Content-Type", JSON)])


def token_refused(status: int, error: str, description: str, *, scheme: str = "") -> DomainResponse:
    """The refusal of a bearer's token. AWS's userInfo names no scheme in the header, against RFC 6750."""
    reply = as_json(status, {"error": error, "error_description": description})
    reply.headers.append(("WWW-Authenticate", f'{scheme}error="{error}", error_description="{description}"'))
    return reply


def redirect(
    url: str, parameters: Mapping[str, str | None] | None = None, *, mark: str = "?"
) -> DomainResponse:
    """To a URL with parameters added, in its query or, by `mark`, in its fragment."""
    added = urlencode({name: value for name, value in (parameters or {}).items() if value is not None})
    if added:
        mark = "&" if mark == "?" and "?" in url else mark
        url = f"{url}{mark}{added}"
    # Whatever was registered, a header bears ASCII alone, and no line ends.
    return DomainResponse(302, headers=[("Location", quote(url, safe="!#$%&'()*+,/:;=?@[]~"))])


def error_page(error: str, client_id: str | None = None, *, message: str | None = None) -> DomainResponse:
    """To the page that shows an error. AWS never sends the visitor on from there."""
    return redirect("/error", {"error": error, "client_id": client_id, "message": message})
