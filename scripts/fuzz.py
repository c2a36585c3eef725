"""`make fuzz`: a million random requests to a server of its own: JSON, query, control API, domain and bare sockets.

Fails where an answer has a status of 5xx (501 says that something is not offered, 505 that a version of HTTP is not), a
line of a head is long, an answer does not come, the log has a trace, or memory after it is far above memory before.
A run with the same seed sends the same requests, as far as the answers, which it learns from, are the same.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import time
from collections import Counter
from typing import Any, NamedTuple

from scripts.fuzzer import calls, pages, raw
from scripts.fuzzer.values import Values
from scripts.lives import PASSWORD, Connection, Shop
from scripts.served import Served, served

KINDS = {"json": 40, "query": 15, "domain": 25, "control": 12, "raw": 8}
"""Of a hundred requests."""
MAKERS = {
    "json": calls.json_call,
    "query": calls.query_call,
    "domain": pages.domain_request,
    "control": pages.control_request,
}
RENEWED = 20_000
"""After so many requests the server's state is dropped and made anew: else the calls get slower and slower."""
ALLOWED = {501, 505}
LONGEST_LINE = 8192
PATIENCE = 60.0
MORE = 50.0
"""MiB that memory may be higher at the end."""
MOST_FAULTS = 20
_LEAF = re.compile(r"<(\w+)>([^<]{1,2000})</")
_HEADER_CONTROLS = dict.fromkeys([*range(32), 127], "_")


class Answer(NamedTuple):
    status: int
    head: bytes
    body: bytes
    closed: bool


class Wire:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def ask(self, method: str, request: bytes) -> Answer:
        """Raises OSError, also where no answer comes."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
        try:
            self._socket.sendall(request)
            answer = _received(self._socket, method)
        except OSError:
            self.close()
            raise
        if answer.closed:
            self.close()
        return answer

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _received(connection: socket.socket, method: str) -> Answer:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionResetError("closed before an answer")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    status = int(head[9:12])
    if status == 100:
        raise ConnectionResetError("an interim answer that nobody asked for")
    lower = head.lower()
    closed = b"\r\nconnection: close" in lower
    found = re.search(rb"\r\ncontent-length: *(\d+)", lower)
    length = 0 if method == "HEAD" or status in {204, 304} else int(found[1]) if found else -1
    while len(body) < length or (length < 0 and not closed) or length < 0:
        more = connection.recv(262_144)
        if not more:
            closed = True
            break
        body += more
    return Answer(status, head, body, closed)


class Run:
    """A run: its requests, and what was wrong."""

    def __init__(self, server: Served, seed: int, only: str | None = None) -> None:
        self.server = server
        self.values = Values(seed)
        self.faults: list[str] = []
        self.seen: Counter[str] = Counter()
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.longest = (0.0, "")
        self._kinds = [only] if only else list(KINDS)
        self._weights = [KINDS[kind] for kind in self._kinds]
        self._wire = Wire(server.port)

    def renew(self) -> float:
        """Drops all state, measures memory, and makes pools, a user and tokens to play with."""
        self._wire.close()
        door = Connection(self.server.port, lambda request: request())
        door.ask("POST", "/_cogmock/reset", "{}", **{"Content-Type": "application/json"})
        memory = self.server.mebibytes()
        self.values.forget()
        shop = Shop(door)
        user = {"UserPoolId": shop.pool, "Username": "ada@example.com"}
        self.values.learn(door.call("AdminCreateUser", **user))
        door.call("AdminSetUserPassword", Password=PASSWORD, Permanent=True, **user)
        given = {"USERNAME": "ada@example.com", "PASSWORD": PASSWORD}
        flow = {"ClientId": shop.client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given}
        tokens = door.call("InitiateAuth", **flow)["AuthenticationResult"]
        logins = {shop.provider: tokens["IdToken"]}
        self.values.learn(door.call("GetId", "Identity", IdentityPoolId=shop.identities, Logins=logins))
        door.close()
        self.values.learn(tokens)
        self.values.learn(
            user | {"ClientId": shop.client, "IdentityPoolId": shop.identities, "GroupName": "staff"}
        )
        return memory

    def close(self) -> None:
        self._wire.close()

    def play(self, count: int) -> None:
        """Sends so many requests, or stops after many faults."""
        for _ in range(count):
            kind = self.values.chance.choices(self._kinds, self._weights)[0]
            if kind == "raw":
                self._raw(raw.request(self.values))
            else:
                self._proper(kind)
            if len(self.faults) >= MOST_FAULTS:
                return

    def _proper(self, kind: str) -> None:
        method, path, headers, body = MAKERS[kind](self.values)
        request = written(method, path, headers, body, self.server.port)
        began = time.perf_counter()
        try:
            answer = self._wire.ask(method, request)
        except (OSError, ValueError) as fault:
            self._fault(kind, f"{type(fault).__name__}: {fault}", request)
            return
        self._clocked(time.perf_counter() - began, kind, request)
        self.statuses[kind, answer.status] += 1
        if answer.status >= 500 and answer.status not in ALLOWED:
            self._fault(kind, f"status {answer.status}: {answer.body[:300]!r}", request)
        if max(map(len, answer.head.split(b"\r\n"))) > LONGEST_LINE:
            self._fault(kind, "a line of the head is longer than 8 KB", request)
        self._learn(kind, answer, request)

    def _learn(self, kind: str, answer: Answer, request: bytes) -> None:
        if answer.status != 200 or len(answer.body) > 50_000:
            return
        if kind == "query":
            for name, value in _LEAF.findall(answer.body.decode("utf-8", "replace")):
                self.values.learn(value, name)
        elif answer.body.startswith(b"{"):
            try:
                self.values.learn(json.loads(answer.body))
            except ValueError:
                self._fault(kind, f"the answer is no JSON: {answer.body[:300]!r}", request)

    def _raw(self, request: bytes) -> None:
        began = time.perf_counter()
        try:
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as connection:
                received = _talked(connection, request, leaves=self.values.chance.random() < 0.1)
        except TimeoutError:
            self._fault("raw", "no answer, and the connection stays open", request)
            return
        except OSError:  # refused while it was sent: the server had closed already
            self.statuses["raw", 0] += 1
            return
        self._clocked(time.perf_counter() - began, "raw", request)
        found = re.match(rb"HTTP/1\.[01] (\d{3})", received)
        status = int(found[1]) if found else 0
        self.statuses["raw", status] += 1
        if status >= 500 and status not in ALLOWED:
            self._fault("raw", f"status {status}: {received[:300]!r}", request)

    def _clocked(self, seconds: float, kind: str, request: bytes) -> None:
        if seconds > self.longest[0]:
            self.longest = (seconds, f"{kind}: {request[:300]!r}")

    def _fault(self, kind: str, what: str, request: bytes) -> None:
        sort = re.sub(r"[0-9a-f]{8,}|\d+", "#", f"{kind}: {what}")[:90]
        self.seen[sort] += 1
        if self.seen[sort] == 1:
            self.faults.append(f"{kind}: {what}\n    request: {request[:2000]!r}")


def written(method: str, path: str, headers: dict[str, str], body: bytes, port: int) -> bytes:
    """The bytes of a request. Control characters in headers become underscores: others are the business of `raw`."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}"]
    lines += [f"{name}: {value.translate(_HEADER_CONTROLS)}" for name, value in headers.items()]
    if body or method in {"POST", "PUT", "PATCH"}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


def _talked(connection: socket.socket, request: bytes, *, leaves: bool) -> bytes:
    """What a socket answers until it is closed. A client that `leaves` reads nothing."""
    connection.sendall(request)
    if leaves:
        return b""
    connection.shutdown(socket.SHUT_WR)
    received = b""
    while more := connection.recv(65536):
        received = (received + more)[:100_000]
    return received


def run(server: Served, count: int, seed: int, only: str | None = None, *, told: Any = print) -> list[str]:
    """The faults of so many requests."""
    fuzz = Run(server, seed, only)
    fuzz.renew()
    fuzz.play(min(count, 3000))
    before = memory = fuzz.renew()
    began, done = time.monotonic(), 0
    while done < count and len(fuzz.faults) < MOST_FAULTS:
        seen = len(fuzz.faults)
        fuzz.play(min(RENEWED, count - done))
        for fault in fuzz.faults[seen:]:
            told(fault)
        done += min(RENEWED, count - done)
        memory = fuzz.renew()
        rate = done / (time.monotonic() - began)
        told(f"{done:>9} requests, {rate:.0f} a second, {memory:.1f} MiB, {len(fuzz.faults)} faults")
    of = Counter(status for (_, status), number in fuzz.statuses.items() for _ in range(number))
    told("statuses: " + ", ".join(f"{status or 'none'} {number}" for status, number in sorted(of.items())))
    told(f"the longest answer took {fuzz.longest[0] * 1000:.0f} ms: {fuzz.longest[1]}")
    told(f"memory: {before:.1f} MiB before, {memory:.1f} MiB after")
    if memory > before + MORE:
        fuzz.faults.append(f"memory grew from {before:.1f} MiB to {memory:.1f} MiB")
    return fuzz.faults + server.traces()


def main() -> int:
    parser = argparse.ArgumentParser("make fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=KINDS, help="requests of this kind alone")
    given = parser.parse_args()
    with served() as server:
        faults = run(
            server, given.requests, given.seed, given.only, told=lambda line: print(line, flush=True)
        )
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults with --seed {given.seed}" if faults else f"no fault (seed {given.seed})")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
