"""A server on a port: start, memory, requests a second at 1, 8 and 64 connections, and what boto3 waits for it.

CPU is the server's alone.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import boto3

from scripts.bench.load import measure, request

USERS = 1000
CONNECTIONS = (1, 8, 64)
SECONDS = 2.0
STARTS = 3
CALLS = 200  # through boto3
READY = {"cogmock": "/_cogmock/health", "ministack": "/_ministack/health", "moto": "/moto-api/"}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ministack() -> str | None:
    """The program that starts ministack: what MINISTACK names, or the one on PATH."""
    return shutil.which(os.environ.get("MINISTACK", "ministack"))


def command(name: str, port: int) -> list[str]:
    folder = Path(sys.executable).parent
    if name == "moto":
        return [str(folder / "moto_server"), "-p", str(port)]
    if name == "ministack":
        return [ministack() or name]
    return [str(folder / "cogmock"), "serve", "--port", str(port), "--log-level", "warning"]


def settings(port: int) -> dict[str, str]:
    """Environment variables for ministack. Like cogmock it logs warnings alone; moto's server has no such option."""
    return {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "LOG_LEVEL": "WARNING"}


def start(name: str) -> tuple[subprocess.Popen[bytes], int, float]:
    """The server's process, its port, and the milliseconds until it has made its first user pool.

    moto and ministack load what Cognito needs at the first call, so an answer to a question for health is too early.
    """
    port = free_port()
    began = time.perf_counter()
    server = subprocess.Popen(
        command(name, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | settings(port),
    )
    url = f"http://127.0.0.1:{port}{READY[name]}"
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                answer.read()
            ask(port, "CreateUserPool", PoolName="first")
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


def through_boto3(port: int, have: dict[str, str]) -> dict[str, dict[str, float]]:
    """Milliseconds that boto3 waits for one call after the other: operation → median and 99th percentile."""
    idp = boto3.client("cognito-idp", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{port}")
    given = {"USERNAME": "user000000", "PASSWORD": "Passw0rd!"}
    calls: dict[str, Callable[[], Any]] = {
        "GetUser": lambda: idp.get_user(AccessToken=have["access"]),
        "AdminGetUser": lambda: idp.admin_get_user(UserPoolId=have["pool"], Username="user000500"),
        "InitiateAuth": lambda: idp.initiate_auth(
            ClientId=have["client"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
        ),
        "ListUsers": lambda: idp.list_users(UserPoolId=have["pool"], Limit=60),
    }
    times: dict[str, list[float]] = {operation: [] for operation in calls}
    for operation, call in calls.items():
        call()
        for _ in range(CALLS):
            began = time.perf_counter()
            call()
            times[operation].append((time.perf_counter() - began) * 1000)
    return {name: {"p50": median(of), "p99": quantiles(of, n=100)[98]} for name, of in times.items()}


def under_load(server: subprocess.Popen[bytes], port: int, have: dict[str, str]) -> dict[str, Any]:
    """Operation and number of connections → what was measured."""
    result: dict[str, Any] = {}
    for operation, stream in requests(port, have).items():
        for connections in CONNECTIONS:
            before = cpu(server.pid)
            got = measure(port, stream, connections, SECONDS)
            got["cpu"] = (cpu(server.pid) - before) / max(got["rate"] * SECONDS, 1) * 1e6
            result[f"{operation} {connections}"] = got
    return result


def stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def first_starts(name: str) -> list[float]:
    """Milliseconds to the first user pool of servers that are stopped at once."""
    times = []
    for _ in range(STARTS - 1):
        server, _, milliseconds = start(name)
        stop(server)
        times.append(milliseconds)
    return times


def main() -> None:
    """Argument: cogmock, ministack or moto."""
    name = sys.argv[1]
    starts = first_starts(name)
    server, port, milliseconds = start(name)
    try:
        result: dict[str, Any] = {"start": median([*starts, milliseconds]), "memory": memory(server.pid)}
        have = fill(port, USERS)
        result["boto3"] = through_boto3(port, have)
        result["load"] = under_load(server, port, have)
        result["memory after"] = memory(server.pid)
    finally:
        stop(server)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
