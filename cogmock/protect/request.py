"""A request for a protected service, and the answer or refusal that it gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes

_ASCII = "".join(chr(code) for code in range(33, 127))

Keys = Mapping[str, str | list[str]]
Head = list[tuple[str, str]]


@dataclass(slots=True)
class ProxyRequest:
    """`path` is percent-encoded in one canonical way; the names of `headers` are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    region: str = "us-east-1"
    account: str = ""
    """Region and account of the caller; set once the caller is authenticated."""

    def header(self, name: str) -> str | None:
        return self.headers.get(name.lower())

    def parameters(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class RequiredAction:
    """One action that the caller must be allowed to perform."""

    action: str
    resource: str
    context: Keys = field(default_factory=dict)


@dataclass(slots=True)
class Answer:
    """The response. A body of type forward.Pieces must be closed."""

    status: int
    headers: Head
    body: Iterable[bytes]


class Refusal(Exception):
    """A request that is not passed on. s3 and dynamodb translate `kind` into their own code and message."""

    def __init__(self, kind: str, message: str = "", reason: str | None = None) -> None:
        super().__init__(message or kind)
        self.kind = kind
        self.message = message
        self.reason = reason


def read(environ: dict[str, Any], largest: int) -> ProxyRequest:
    """The request of a WSGI environ. Raises Refusal if the body has more than `largest` bytes."""
    target = str(environ.get("REQUEST_URI") or "")
    path = target.partition("?")[0] if target.startswith("/") else ""
    raw = unquote_to_bytes(path) if path else environ.get("PATH_INFO", "/").encode("latin-1")
    return ProxyRequest(
        method=environ["REQUEST_METHOD"],
        path=quote(raw, safe="/-_.~") or "/",
        query=query_of(environ),
        headers=dict(headers_of(environ)),
        body=body_of(environ, largest),
    )


def query_of(environ: dict[str, Any]) -> str:
    """The query string, with all that is not ASCII encoded."""
    return quote(environ.get("QUERY_STRING", "").encode("latin-1"), safe=_ASCII)


def headers_of(environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield key[5:].lower().replace("_", "-"), value
        elif key in {"CONTENT_TYPE", "CONTENT_LENGTH"} and value:
            yield key.lower().replace("_", "-"), value


def body_of(environ: dict[str, Any], largest: int) -> bytes:
    """The body. Raises Refusal if it has more than `largest` bytes."""
    if "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated"):
        body: bytes = environ["wsgi.input"].read(largest + 1)  # other servers pass on a chunked body so
        if len(body) > largest:
            raise Refusal("too large")
        return body
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > largest:
        raise Refusal("too large")
    return bytes(environ["wsgi.input"].read(length)) if length > 0 else b""
