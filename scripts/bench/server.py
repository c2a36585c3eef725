"""A server on a port: start, memory, and requests a second at 1, 8 and 64 connections; CPU of the server alone."""

from __future__ import annotations

import itertools
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.bench.load import measure, request

USERS = 1000
CONNECTIONS = (1, 8, 64)
SECONDS = 2.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def command(name: str, port: int) -> list[str]:
    folder = Path(sys.executable).parent
    if name == "moto":
        return [str(folder / "moto_server"), "-p", str(port)]
    return [str(folder / "cogmock"), "serve", "--port", str(port), "--log-level", "warning"]


def ready_path(name: str) -> str:
    return "/moto-api/" if name == "moto" else "/_cogmock/health"


def start(name: str) -> tuple[subprocess.Popen[bytes], int, float]:
    """The server's process, its port, and the milliseconds to its first 200."""
    port = free_port()
    began = time.perf_counter()
    server = subprocess.Popen(command(name, port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}{ready_path(name)}"
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                answer.read()
            return server, port, (time.perf_counter() - began) * 1000
        except OSError:
            if server.poll() is not None or time.perf_counter() - began > 30:
                raise SystemExit(f"{name} did not start") from None
            time.sleep(0.002)


def ask(port: int, operation: str, **params: Any) -> Any:
    body = json.dumps(params).encode()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request(port, operation, body, close=True))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return json.loads(received.partition(b"\r\n\r\n")[2] or b"{}")


def fill(port: int, users: int) -> dict[str, str]:
    """A pool with users; one of them has a password and a token."""
    pool = ask(port, "CreateUserPool", PoolName="bench")["UserPool"]["Id"]
    client = ask(
        port,
        "CreateUserPoolClient",
        UserPoolId=pool,
        ClientName="c",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]["ClientId"]
    for index in range(users):
        ask(port, "AdminCreateUser", **new_user(pool, f"user{index:06}"))
    ask(
        port,
        "AdminSetUserPassword",
        UserPoolId=pool,
        Username="user000000",
        Password="Passw0rd!",
        Permanent=True,
    )
    given = {"USERNAME": "user000000", "PASSWORD": "Passw0rd!"}
    tokens = ask(port, "InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    return {"pool": pool, "client": client, "access": tokens["AuthenticationResult"]["AccessToken"]}


def new_user(pool: str, name: str) -> dict[str, Any]:
    attributes = {"email": f"{name}@example.com", "email_verified": "true", "name": "A User"}
    return {
        "UserPoolId": pool,
        "Username": name,
        "MessageAction": "SUPPRESS",
        "UserAttributes": [{"Name": key, "Value": value} for key, value in attributes.items()],
    }


def requests(port: int, have: dict[str, str]) -> dict[str, Iterator[bytes]]:
    given = {"USERNAME": "user000000", "PASSWORD": "Passw0rd!"}
    fixed = {
        "GetUser": {"AccessToken": have["access"]},
        "AdminGetUser": {"UserPoolId": have["pool"], "Username": "user000500"},
        "ListUsers": {"UserPoolId": have["pool"], "Limit": 60},
        "InitiateAuth": {
            "ClientId": have["client"],
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": given,
        },
    }
    streams: dict[str, Iterator[bytes]] = {
        name: itertools.repeat(request(port, name, json.dumps(body).encode())) for name, body in fixed.items()
    }
    streams["AdminCreateUser"] = (
        request(port, "AdminCreateUser", json.dumps(new_user(have["pool"], f"load{index:09}")).encode())
        for index in itertools.count()
    )
    return streams


def memory(pid: int) -> float:
    """Resident MiB of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def cpu(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    name = sys.argv[1]
    server, port, milliseconds = start(name)
    try:
        result: dict[str, Any] = {"start": milliseconds, "memory": memory(server.pid)}
        have = fill(port, USERS)
        for operation, stream in requests(port, have).items():
            for connections in CONNECTIONS:
                before = cpu(server.pid)
                got = measure(port, stream, connections, SECONDS)
                got["cpu"] = (cpu(server.pid) - before) / max(got["rate"] * SECONDS, 1) * 1e6
                result[f"{operation} {connections}"] = got
        result["memory after"] = memory(server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=10)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
