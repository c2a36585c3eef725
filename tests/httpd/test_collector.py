"""With the collector off, no request over a socket leaves anything that only the collector can free.

What is left behind in a reference cycle stays, with the body of its request, until the collector runs, which in a
server is seldom. Each door is asked on new connections and on one that is kept open.
"""

from __future__ import annotations

import gc
import json
import logging
import re
import socket
import sys
import threading
import time
import types
import weakref

import pytest
from support.waiting import LIMIT

from cogmock.httpd.reader import RequestRefused
from cogmock.testing.server import CognitoServer
from scripts.lives import SIGNED, Connection, Shop

IDP = "AWSCognitoIdentityProviderService"
CLIENT = "c" * 26
"""Stands for a client id, in its length."""
FORM = "application/x-www-form-urlencoded"


def api(operation, signed=SIGNED, prefix=IDP, raw=None, **params):
    body = json.dumps(params).encode() if raw is None else raw
    headers = {"X-Amz-Target": f"{prefix}.{operation}", **({"Authorization": signed} if signed else {})}
    return written("POST", "/", headers, body)


def form(path, text, **headers):
    return written("POST", path, {"Content-Type": FORM, **headers}, text.encode())


def get(path, **headers):
    return written("GET", path, headers, b"")


def written(method, path, headers, body):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


SIGNED_IAM = SIGNED.replace("cognito-idp", "iam")
DOORS = {
    "JSON, good": (200, api("ListUserPools", MaxResults=10)),
    "JSON, of the model's refusals": (400, api("ListUserPools", MaxResults=100)),
    "JSON, of an operation's refusals": (400, api("DescribeUserPool", UserPoolId="us-east-1_aaaaaaaaa")),
    "JSON, broken": (400, api("ListUserPools", raw=b'{"MaxResults": ')),
    "JSON, unsigned": (400, api("ListUserPools", signed=None, MaxResults=1)),
    "JSON, no operation": (400, api("Nothing")),
    "JSON, from a foreign page": (
        403,
        written(
            "POST", "/", {"X-Amz-Target": f"{IDP}.ListUserPools", "Origin": "https://evil.example"}, b"{}"
        ),
    ),
    "identity pools": (200, api("ListIdentityPools", prefix="AWSCognitoIdentityService", MaxResults=1)),
    "KMS": (400, api("Decrypt", prefix="TrentService", CiphertextBlob="AAAA")),
    "STS, good": (200, form("/", "Action=GetCallerIdentity&Version=2011-06-15", Authorization=SIGNED)),
    "IAM, refused": (
        404,
        form("/", "Action=GetRole&Version=2010-05-08&RoleName=no", Authorization=SIGNED_IAM),
    ),
    "query, no action": (400, form("/", "x", Authorization=SIGNED)),
    "control, good": (200, get("/_cogmock/health")),
    "control, refused": (400, form("/_cogmock/clock", "{")),
    "control, foreign": (403, get("/_cogmock/messages", Origin="https://evil.example")),
    "control, nothing there": (404, get("/_cogmock/nothing")),
    "documents": (200, get("/POOL/.well-known/jwks.json")),
    "documents, none": (404, get("/us-east-1_aaaaaaaaa/.well-known/jwks.json")),
    "a page": (
        200,
        get(f"/login?client_id={CLIENT}&response_type=code&redirect_uri=http://localhost:3000/callback"),
    ),
    "a page, refused": (302, get("/login?client_id=nobody")),
    "a form without its token": (
        403,
        form(
            f"/login?client_id={CLIENT}&response_type=code&redirect_uri=http://localhost:3000/callback",
            "username=a",
        ),
    ),
    "authorize": (302, get(f"/oauth2/authorize?client_id={CLIENT}&response_type=x")),
    "tokens, refused": (
        400,
        form("/oauth2/token", f"grant_type=authorization_code&client_id={CLIENT}&code=x"),
    ),
    "userInfo, refused": (401, get("/oauth2/userInfo", Authorization="Bearer a.b.c")),
    "a stand-in": (200, get("/_cogmock/idp/google/.well-known/openid-configuration")),
    "nothing there": (404, get("/nothing")),
}
MALFORMED = {
    "no request line": b"\x00\x01\x02\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
    "too long": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n",
    "a bad chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "half a body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
}


@pytest.fixture(scope="module")
def server():
    logging.getLogger("cogmock").setLevel(logging.CRITICAL)
    with CognitoServer() as running:
        door = Connection(int(running.url.rpartition(":")[2]), lambda request: request())
        running.shop = Shop(door)
        door.close()
        yield running
    logging.getLogger("cogmock").setLevel(logging.NOTSET)


def connect(server):
    return socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=LIMIT)


def filled(server, request):
    """A request with the ids of this server's pool and client in it."""
    return request.replace(b"POOL", server.shop.pool.encode()).replace(
        CLIENT.encode(), server.shop.client.encode()
    )


def ask(connection, request):
    """The status of the answer."""
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536) or pytest.fail(f"closed after {data!r}")
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"content-length: (\d+)", head.lower())[1])
    while len(body) < length:
        body += connection.recv(65536) or pytest.fail(f"closed after {data!r}")
    return int(head[9:12])


def settled(most):
    """Waits until no more threads run than so many: those of closed connections have ended."""
    for _ in range(300):
        if threading.active_count() <= most:
            return
        time.sleep(0.01)


def is_of_the_map(each):
    """Whether an object is of Werkzeug's matcher, whose inner function refers to itself: a path and a method."""
    if isinstance(each, types.CellType | set):
        return True
    if isinstance(each, types.FunctionType):
        return each.__module__ == "werkzeug.routing.matcher"
    return isinstance(each, tuple) and all(isinstance(part, types.CellType) for part in each)


@pytest.fixture
def nothing_left():
    """Fails where so many times of something leave objects that only the collector frees.

    `ends`: each time is a connection of its own, whose thread ends.
    """

    def check(act, times=8, *, ends=True):
        threads = threading.active_count()
        act()
        act()
        rounds = []
        # A handful may be of the interpreter's own, or of another thread, once; what a request leaves comes each time.
        while not rounds or (len(rounds) < 3 and len(rounds[-1]) >= times):
            rounds.append(left_by(act, times, threads if ends else None))
        assert len(rounds[-1]) < times, rounds[-1][:20]

    def left_by(act, times, threads):
        gc.collect()
        gc.disable()
        try:
            for _ in range(times):
                act()
            if threads is not None:
                settled(threads)
            gc.set_debug(gc.DEBUG_SAVEALL)
            gc.collect()
            return [repr(each)[:200] for each in gc.garbage if not is_of_the_map(each)]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()

    return check


@pytest.mark.parametrize(("status", "request_"), DOORS.values(), ids=DOORS)
def test_new_connections(server, nothing_left, status, request_):
    request = filled(server, request_)

    def act():
        with connect(server) as connection:
            assert ask(connection, request) == status

    nothing_left(act)


@pytest.mark.parametrize(("status", "request_"), DOORS.values(), ids=DOORS)
def test_a_connection_that_is_kept(server, nothing_left, status, request_):
    request = filled(server, request_)
    with connect(server) as connection:

        def act():
            assert ask(connection, request) == status

        nothing_left(act, times=12, ends=False)


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_requests_that_are_malformed(server, nothing_left, sent):
    def act():
        with connect(server) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass

    nothing_left(act)


@pytest.fixture(params=["httptools", "h11"])
def reader(request):
    from cogmock.httpd.reader_h11 import H11Reader
    from cogmock.httpd.reader_httptools import HttptoolsReader

    kind = {"httptools": HttptoolsReader, "h11": H11Reader}[request.param]
    return lambda: kind({}, 65536, 1_000_000)


class TestReaders:
    """They keep neither the last request nor themselves."""

    def test_a_request_that_was_handed_out_is_forgotten(self, reader):
        of = reader()
        body = b"x" * 100_000
        before = sys.getrefcount(body)
        of.feed(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        of.feed(body)
        ((environ, _),) = of.finished
        of.finished = []
        assert environ["wsgi.input"].read() == body
        del environ
        assert sys.getrefcount(body) == before
        assert not of._body
        assert not of._environ

    @pytest.mark.parametrize(
        "sent", [b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x00\r\n\r\n"]
    )
    def test_one_that_is_closed_is_gone(self, reader, sent):
        gc.collect()
        gc.disable()
        try:
            of = reader()
            of.feed(sent)
            of.close()
            gone = weakref.ref(of)
            del of
            assert gone() is None
        finally:
            gc.enable()

    def test_the_refusal_leads_to_no_frame(self, reader):
        of = reader()
        of.feed(b"GET / HTTP/1.1\r\n\r\n")
        assert isinstance(of.refusal, RequestRefused)
        assert of.refusal.__traceback__ is None


def test_long_names_of_headers_are_not_remembered():
    from cogmock.httpd import reader

    before = reader._known_key.cache_info().currsize
    for number in range(50):
        assert reader._key(b"x" * 10_000 + str(number).encode()).startswith("HTTP_XXX")
    assert reader._known_key.cache_info().currsize == before
