"""From a library's request to the application and back, without a socket."""

from __future__ import annotations

import functools
import io
import re
import sys
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import unquote_to_bytes

from cogmock import services
from cogmock.testing.active import Run, current

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from cogmock.core.world import World

_OURS = re.compile(
    r"(?P<scheme>https?)://(?P<host>"
    rf"(?:{services.HOST}|{services.OUTBOUND}"
    rf"|{services.DOMAIN_HOST})"
    r"(?::(?P<port>\d+))?)(?P<path>/[^#]*)?(?:#.*)?",
    re.IGNORECASE,
)
"""AWS's own hosts: those of the four services, of the multi-region issuer, and of the pools' domains."""
_STAND_INS = (
    r"(?P<scheme>https?)://(?P<host>[^/@\s]+?(?::(?P<port>\d+))?)(?P<path>/_cogmock/idp/[^#]*)(?:#.*)?"
)
"""The stand-in providers, at whatever host: `claim` compares it with the one of the running mock."""

_IMPORTS = rf"(?P<scheme>https?)://(?P<host>s3\.[a-z0-9-]+\.amazonaws\.com(?::(?P<port>\d+))?)(?P<path>/{services.IMPORT_BUCKET}[^#]*)"
"""The presigned URLs of user imports."""

_APIS = rf"(?P<scheme>https?)://(?P<host>{services.API_HOST}(?::(?P<port>\d+))?)(?P<path>/[^#]*)?(?:#.*)?"
"""The hosts of guarded APIs: `claim` asks whether the running mock has such an API."""

_ENVIRON: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}

Headers = Iterable[tuple[str, Any]]


class Place(Protocol):
    """What has a world and the application over it: a running mock, or a server."""

    @property
    def world(self) -> World: ...

    @property
    def application(self) -> WSGIApplication: ...


class Answer(NamedTuple):
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


def claim(url: str) -> Run | None:
    """The running mock that answers this URL; None where the URL is not Cognito's, or passes through."""
    bare = url.partition("?")[0]
    place = _place(bare)
    if place is None:
        return None
    run = current()
    if run is None or place[0] in run.passthrough:
        return None
    if place[0] == "stand-ins" and not bare.startswith(f"{run.public_url}/_cogmock/idp/"):
        return None  # those of a server, and not of this mock
    if place[0] == "apis" and run.world.find_api(_api_id(place[1])) is None:
        return None  # one at AWS
    return run


def ask(place: Place, method: str, url: str, headers: Headers, body: Any) -> Answer:
    """The application's answer to a request that `claim` gave a mock for."""
    bare, _, query = url.partition("?")
    found = _place(bare)
    if found is None:
        raise ValueError(f"{url} is no URL of Cognito's")
    content = body if type(body) is bytes else _bytes(body)
    environ: dict[str, Any] = found[1].copy()
    environ["REQUEST_METHOD"] = method
    environ["QUERY_STRING"] = query.partition("#")[0]
    environ["wsgi.input"] = io.BytesIO(content)
    environ["wsgi.errors"] = sys.stderr
    for name, value in headers:
        key = _environ_key(name)
        if key is not None:
            text = value if type(value) is str else _text(value)
            environ[key] = text if key not in environ or key == "HTTP_HOST" else f"{environ[key]},{text}"
    environ["CONTENT_LENGTH"] = str(len(content))
    answer = _called(place, environ)
    if answer.status >= 400 and "moto" in sys.modules:
        _hint(place, answer)
    return answer


def _hint(place: Place, answer: Answer) -> None:
    """Suites that move from moto are told what AWS refuses and moto takes."""
    if not isinstance(place, Run):
        return
    from cogmock.testing import moto_hints

    request_id = next((value for name, value in answer.headers if name.lower() == "x-amzn-requestid"), None)
    if request_id is None:
        return
    for entry in reversed(list(place.world.journal)):
        if entry.request_id == request_id:
            moto_hints.tell(entry, place.hints_told)
            return


def _called(place: Place, environ: dict[str, Any]) -> Answer:
    status = ""
    fields: list[tuple[str, str]] = []
    written: list[bytes] = []

    def start_response(line: str, headers: list[tuple[str, str]], _fault: Any = None) -> Any:
        nonlocal status, fields
        status, fields = line, headers
        return written.append

    parts = place.application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    if written:
        body = b"".join(written) + body
    code, _, reason = status.partition(" ")
    return Answer(int(code), reason or _reason(int(code)), fields, body)


@functools.lru_cache(maxsize=512)
def _place(bare: str) -> tuple[str | None, dict[str, Any]] | None:
    """Service, and the environ that each request begins with. The query may hold secrets, and is never kept."""
    found = _OURS.fullmatch(bare)
    service = "stand-ins" if found is None else found["service"] and found["service"].lower()
    found = found or re.fullmatch(_STAND_INS, bare, re.IGNORECASE)
    if found is None:
        service, found = "cognito-idp", re.fullmatch(_IMPORTS, bare, re.IGNORECASE)
    if found is None:
        service, found = "apis", re.fullmatch(_APIS, bare, re.IGNORECASE)
    if found is None:
        return None
    scheme, host, path = found["scheme"].lower(), found["host"].lower(), found["path"] or "/"
    return service, _ENVIRON | {
        "wsgi.url_scheme": scheme,
        "SERVER_NAME": host.partition(":")[0],
        "SERVER_PORT": found["port"] or ("443" if scheme == "https" else "80"),
        "HTTP_HOST": host,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "REQUEST_URI": path,
    }


def _api_id(environ: dict[str, Any]) -> str:
    return str(environ["HTTP_HOST"]).partition(".")[0]


@functools.lru_cache(maxsize=512)
def _environ_key(name: str) -> str | None:
    """None for a header that a server would not pass on: framing, and names with "_", which "-" becomes in WSGI."""
    key = name.upper().replace("-", "_")
    if key in {"CONTENT_LENGTH", "TRANSFER_ENCODING", "CONNECTION"} or "_" in name:
        return None
    return key if key == "CONTENT_TYPE" else f"HTTP_{key}"


def _bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytearray | memoryview):
        return bytes(body)
    if hasattr(body, "read"):
        return _bytes(body.read())
    return b"".join(_bytes(part) for part in body)


def _text(value: Any) -> str:
    return value.decode("latin-1") if type(value) is bytes else str(value)


def _reason(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""


async def ask_async(run: Run, method: str, url: str, headers: Headers, body: Any) -> Answer:
    """As `ask`: on the event loop, since it takes microseconds; in a thread where a trigger of the user's may wait.

    So may the server behind a guarded API, which may run on the same event loop.
    """
    if not run.may_block and not re.fullmatch(_APIS, url.partition("?")[0], re.IGNORECASE):
        return ask(run, method, url, headers, body)
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:  # httpx on trio's event loop
        from anyio.to_thread import run_sync

        return await run_sync(ask, run, method, url, list(headers), body)
    return await asyncio.to_thread(ask, run, method, url, list(headers), body)
