"""Requests to other servers over HTTP: what an issuer publishes, what a provider answers.

Never made under the world's lock: use `call.outside()`. Redirects, size and time of an answer are bounded.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cogmock import foreign_json
from cogmock.core import own_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SECONDS = 5
"""How long a server may keep silent."""
LONGEST = 10
"""How many seconds an answer may take in all, redirects included."""
LARGEST = 1024 * 1024
REDIRECTS = 20
"""How many redirects are followed (AWS dev guide: OIDC identity providers)."""
USER_AGENT = "Amazon/Cognito"
"""AWS dev guide: OIDC identity providers."""


class Unreachable(Exception):
    """No usable answer. `status` and `body` are those of an answer that reports an error."""

    def __init__(
        self, message: str, status: int | None = None, *, body: bytes = b"", timed_out: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = body
        self.timed_out = timed_out


def fetch(url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """The body of a successful answer; a POST where a body is given. Raises Unreachable.

    Headers given here are not sent to another address that the server redirects to.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request

    if not url.startswith(("http://", "https://")):
        raise Unreachable(f"{url[:200]!r} is no web URL")
    application = own_server.application_at(url)
    if application is not None:
        return _own(application, url, body, headers or {})
    shown = _shown(url)
    deadline = Deadline(LONGEST)
    try:
        request = Request(url, data=body, headers={"User-Agent": USER_AGENT})  # noqa: S310 - checked above
        for name, value in (headers or {}).items():
            request.add_unredirected_header(name, value)
        with deadline, _opener(deadline).open(request, timeout=SECONDS) as answer:
            return _read(answer, shown, deadline)
    except HTTPError as refusal:
        with refusal, deadline:
            content = _read_error(refusal)
        raise Unreachable(f"{shown} answers {refusal.code}", refusal.code, body=content) from None
    except (OSError, HTTPException, ValueError) as fault:
        timed_out = deadline.passed or "timed out" in str(fault)
        raise Unreachable(f"{shown}: {fault}", timed_out=timed_out) from None


def _own(application: WSGIApplication, url: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
    """As `fetch`, from this process's own server."""
    kind = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
    status, content = own_server.ask(application, url, body, {"User-Agent": USER_AGENT, **kind, **headers})
    if status != 200:
        raise Unreachable(f"{_shown(url)} answers {status}", status, body=content[:4096])
    return content


def _shown(url: str) -> str:
    """A URL as messages may name it: its query may hold the client secret."""
    return url.partition("?")[0]


def fetch_json(
    url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object at a web URL. Raises Unreachable."""
    try:
        found = foreign_json.read(fetch(url, body=body, headers=headers))
    except foreign_json.NotJson as fault:
        raise Unreachable(f"{_shown(url)}: {fault}") from None
    if not isinstance(found, dict):
        raise Unreachable(f"{_shown(url)} answers no JSON object")
    return found


class Deadline:
    """Shuts the sockets of a request down when its time is over: a timeout alone starts anew with each byte."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._sockets: list[Any] = []
        self._timer: threading.Timer | None = None

    @property
    def passed(self) -> bool:
        return time.monotonic() >= self._end

    def watch(self, sock: Any) -> None:
        self._sockets.append(sock)
        if self._timer is None:
            self._timer = threading.Timer(max(self._end - time.monotonic(), 0), self._expire)
            self._timer.daemon = True
            self._timer.start()

    def _expire(self) -> None:
        import contextlib
        import socket

        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _opener(deadline: Deadline) -> Any:
    """An opener for http and https alone: a redirect to another scheme is an error."""
    from urllib import request

    class Redirects(request.HTTPRedirectHandler):
        max_redirections = REDIRECTS

        def redirect_request(self, *args: Any, **more: Any) -> Any:
            if deadline.passed:
                raise Unreachable("redirects take too long", timed_out=True)
            return super().redirect_request(*args, **more)

    class Watching:
        def do_open(self, http_class: Any, req: Any, **more: Any) -> Any:
            class Watched(http_class):  # type: ignore[misc]  # one of the two classes of http.client
                def connect(self) -> None:
                    super().connect()
                    deadline.watch(self.sock)

            return super().do_open(Watched, req, **more)  # type: ignore[misc]  # the handler beside it has it

    class Http(Watching, request.HTTPHandler):
        pass

    class Https(Watching, request.HTTPSHandler):
        pass

    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.UnknownHandler(),
        Http(),
        Https(),
        request.HTTPDefaultErrorHandler(),
        Redirects(),
        request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _read(answer: Any, url: str, deadline: Deadline) -> bytes:
    body = b""
    while chunk := answer.read1(65536):
        body += chunk
        if len(body) > LARGEST:
            raise Unreachable(f"{url} answers more than {LARGEST} bytes")
        if deadline.passed:
            raise Unreachable(f"{url} answers too slowly", timed_out=True)
    if deadline.passed:
        raise Unreachable(f"{url} answers too slowly", timed_out=True)
    return body


def _read_error(refusal: Any) -> bytes:
    """The beginning of an error's body: enough for an OAuth error."""
    try:
        return bytes(refusal.read(4096)) if refusal.fp is not None else b""
    except (OSError, ValueError):
        return b""
