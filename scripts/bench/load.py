"""A load generator process: raw JSON over many concurrent keep-alive connections."""

from __future__ import annotations

import json
import selectors
import socket
import time
from statistics import quantiles
from typing import Any

SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cognito-idp/aws4_request, "
    "SignedHeaders=host, "
    "Signature=00"
)


def request(port: int, operation: str, body: bytes, *, close: bool = False) -> bytes:
    head = (
        f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-amz-json-1.1\r\n"
        f"X-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\nAuthorization: {SIGNATURE}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: {'close' if close else 'keep-alive'}\r\n\r\n"
    )
    return head.encode() + body


def ask(port: int, operation: str, **params: Any) -> Any:
    body = json.dumps(params).encode()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request(port, operation, body, close=True))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return json.loads(received.partition(b"\r\n\r\n")[2] or b"{}")


class _Connection:
    """One keep-alive connection with one request under way."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self.connect()
        self.began = 0.0
        self.received = b""

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def send(self, data: bytes) -> None:
        self.received = b""
        self.began = time.perf_counter()
        self.socket.sendall(data)

    def read(self) -> tuple[bool, bool]:
        """Whether the answer is whole, and whether the server closed the connection."""
        data = self.socket.recv(262144)
        if not data:
            return bool(self.received), True
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return False, False
        lines = head.lower().split(b"\r\n")
        length = [line for line in lines if line.startswith(b"content-length:")]
        whole = bool(length) and len(body) >= int(length[0].split(b":")[1])
        return whole, whole and b"connection: close" in lines


LEAST = 10


def measure(port: int, requests: Any, connections: int, seconds: float) -> dict[str, float]:
    """Requests a second, and median, 99th percentile and maximum of their milliseconds, over so many connections.

    `requests` yields the bytes of the next request. Counts connections that the server closed, and answers that
    were not 200. Lasts until there are LEAST answers, and raises SystemExit where that takes ten times as long.
    """
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        connection = _Connection(port)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(next(requests))
    times: list[float] = []
    errors = closed = 0
    began = time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds or len(times) < LEAST:
        if spent > 10 * seconds:
            raise SystemExit(f"{len(times)} answers in {spent:.0f} s over {connections} connections")
        for key, _ in selector.select(timeout=5):
            connection = key.data
            whole, gone = connection.read()
            if whole:
                times.append(time.perf_counter() - connection.began)
                errors += not connection.received.startswith(b"HTTP/1.1 200")
            if gone:
                closed += 1
                selector.unregister(connection.socket)
                connection.socket.close()
                connection.socket = connection.connect()
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            if whole or gone:
                connection.send(next(requests))
    ended = time.perf_counter()
    waiting = max(ended - key.data.began for key in selector.get_map().values())
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    cuts = quantiles(times, n=100)
    return {
        "answers": len(times),
        "rate": len(times) / (ended - began),
        "p50": cuts[49] * 1000,
        "p99": cuts[98] * 1000,
        "max": max([waiting, *times]) * 1000,
        "errors": errors,
        "closed": closed,
    }
