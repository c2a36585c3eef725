"""Passes a request on, signed again for the server behind, and streams its answer back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cogmock import blocking
from cogmock.protect.request import Answer, ProxyRequest, Refusal
from cogmock.protect.upstreams import Upstream
from cogmock.wire import sigv4

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 60.0
PIECE = 65536

_NOT_SENT = frozenset(
    (
        *("authorization", "host", "content-length", "x-amz-date", "x-amz-security-token", "date"),
        *("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"),
        *("proxy-authorization", "proxy-connection", "accept-encoding", "origin"),
    )
)
"""Request headers that are not passed on: those of the caller's signature and of the connection."""
_NOT_RETURNED = frozenset(
    ("connection", "keep-alive", "transfer-encoding", "trailer", "upgrade", "date", "server")
)
_SIGNATURES = frozenset(
    (
        *("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders"),
        *("x-amz-signature", "x-amz-security-token", "awsaccesskeyid", "signature", "expires"),
    )
)
"""Parameters of presigned URLs."""

Real = Callable[[], float]


class Pieces:
    """The body of a response, read in pieces. close() ends the connection, even if the body was not read."""

    def __init__(self, connection: HTTPConnection, response: HTTPResponse) -> None:
        self._connection = connection
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._response.read1(PIECE):
            yield piece

    def close(self) -> None:
        self._response.close()
        self._connection.close()


def send(upstream: Upstream, request: ProxyRequest, real: Real) -> Answer:
    """The upstream's answer, with a body that is yet to be read. `real` reads the real clock.

    Raises Refusal if the server behind cannot be reached.
    """
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    kind = HTTPSConnection if upstream.secure else HTTPConnection
    connection = kind(upstream.host, upstream.port, timeout=CONNECT_TIMEOUT)
    outgoing = _outgoing(upstream, request, real())
    target = f"{outgoing.path}?{outgoing.query}" if outgoing.query else outgoing.path
    blocking.will_wait()
    try:
        connection.connect()
        connection.sock.settimeout(READ_TIMEOUT)
        connection.request(outgoing.method, target, outgoing.body, outgoing.headers)
        response = connection.getresponse()
    except (OSError, HTTPException) as error:
        connection.close()
        message = f"cogmock cannot reach {upstream.url}, which it protects as {upstream.service}: {error}"
        raise Refusal("unreachable", message, message) from None
    headers = [(name, value) for name, value in response.getheaders() if name.lower() not in _NOT_RETURNED]
    return Answer(response.status, headers, Pieces(connection, response))


def whole(answer: Answer, most: int = 16 * 1024 * 1024) -> bytes:
    """The whole body; closes the answer. Raises Refusal if it has more than `most` bytes."""
    parts, size = [], 0
    try:
        for piece in answer.body:
            size += len(piece)
            if size > most:
                raise Refusal("unreachable", "The answer of the server behind is too large to be processed.")
            parts.append(piece)
    finally:
        close(answer)
    return b"".join(parts)


def close(answer: Answer) -> None:
    if isinstance(answer.body, Pieces):
        answer.body.close()


def _outgoing(upstream: Upstream, request: ProxyRequest, now: float) -> ProxyRequest:
    headers = {name: value for name, value in request.headers.items() if name not in _NOT_SENT}
    headers["host"] = upstream.netloc
    headers["accept-encoding"] = "identity"
    if request.body or request.method in {"PUT", "POST"}:
        headers["content-length"] = str(len(request.body))
    kept = [part for part in request.query.split("&") if part.partition("=")[0].lower() not in _SIGNATURES]
    outgoing = replace(request, path=upstream.path + request.path, query="&".join(kept), headers=headers)
    return _sign(upstream, outgoing, now) if upstream.key_id else outgoing


def _sign(upstream: Upstream, request: ProxyRequest, now: float) -> ProxyRequest:
    time = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = request.headers | {"x-amz-date": time}
    declared = headers.get("x-amz-content-sha256", "")
    if not declared.startswith("STREAMING-UNSIGNED"):  # with it, the signature does not cover the body
        headers["x-amz-content-sha256"] = hashlib.sha256(request.body).hexdigest()
    names = sorted(name for name in headers if name in {"host", "content-type"} or name.startswith("x-amz-"))
    claim = sigv4.Claim(
        key_id=upstream.key_id,
        date=time[:8],
        region=request.region,
        service=upstream.service,
        headers=tuple(names),
        signature="",
        time=time,
        token=None,
        expires=None,
    )
    signed = sigv4.Signed(request.method, request.path, request.query, headers.get, request.body)
    headers["authorization"] = (
        f"{sigv4.ALGORITHM} Credential={upstream.key_id}/{claim.scope}, "
        f"SignedHeaders={';'.join(names)}, Signature={sigv4.signature(signed, claim, upstream.secret)}"
    )
    return replace(request, headers=headers)
