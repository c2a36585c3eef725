"""Malformed, oversized and slow requests: refused, and the server goes on."""

import json
from contextlib import suppress

import pytest
from support.raw_http import GET, LIMITS, POST, QUICK, Client, still_serves
from support.waiting import until

HOSTILE = {
    "garbage": (b"\x00\x01\x02\xff\xfe garbage\r\n\r\n", 400),
    "a TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "HTTP/2 without asking": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
    "a version of the future": (b"GET / HTTP/3.0\r\nHost: x\r\n\r\n", {400, 505}),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    "a tunnel": (b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "a tunnel to a path": (b"CONNECT /x HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "a tunnel to a URL": (b"CONNECT http://x/ HTTP/1.1\r\nHost: x\r\nUpgrade: x\r\n\r\n", 400),
    "a target that is no path": (b"GET x HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "bytes beyond ASCII in the path": (b"GET /\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "length and chunks": (POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "chunks and length": (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
    "a list of lengths": (POST + b"Content-Length: 3, 4\r\n\r\nabcd", 400),
    "a negative length": (POST + b"Content-Length: -3\r\n\r\n", 400),
    "a signed length": (POST + b"Content-Length: +3\r\n\r\nabc", 400),
    "a length in words": (POST + b"Content-Length: three\r\n\r\nabc", 400),
    "a length beyond 64 bits": (POST + b"Content-Length: 99999999999999999999999\r\n\r\n", {400, 413}),
    "chunks twice": (
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        {400, 501},
    ),
    "chunks last": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "chunks not last": (POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", {400, 501}),
    "chunks disguised": (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", {400, 501}),
    "chunks in HTTP/1.0": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a chunk size in words": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", 400),
    "a negative chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n", 400),
    "a chunk size with a prefix": (POST + b"Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 400),
    "a chunk size beyond 64 bits": (
        POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff3\r\nabc",
        {400, 408},
    ),
    "a chunk longer than it says": (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", 400),
    "a folded line": (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n", 400),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: x\n\n", 400),
    "one bare line feed": (b"GET / HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n", 400),
    "a bare carriage return": (b"GET / HTTP/1.1\r\nHost: x\rX-A: b\r\n\r\n", 400),
    "a zero byte in a value": (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n", 400),
    "a zero byte in a name": (b"GET / HTTP/1.1\r\nHost: x\r\nX-\0A: b\r\n\r\n", 400),
    "a zero byte in the path": (b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "a space before the colon": (POST + b"Content-Length : 3\r\n\r\nabc", 400),
    "a header without colon": (b"GET / HTTP/1.1\r\nHost: x\r\nNonsense\r\n\r\n", 400),
    "another expectation": (POST + b"Expect: the-impossible\r\nContent-Length: 0\r\n\r\n", 417),
    "an announced body too large": (POST + b"Content-Length: 100001\r\n\r\n", 413),
    "a body too large, waiting to be let": (
        POST + b"Expect: 100-continue\r\nContent-Length: 100001\r\n\r\n",
        413,
    ),
    "chunks too large": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"400\r\n%b\r\n" % (b"x" * 1024) * 101,
        413,
    ),
    "a giant header": (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 300_000, 431),
    "giant headers": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: abcdefghij\r\n" * 20_000, 431),
    "a giant path": (b"GET /" + b"a" * 300_000, 431),
    "a giant chunk extension": (POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 300_000, {400, 431}),
    "giant trailers": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X-A: abcdefghij\r\n" * 20_000,
        {400, 431},
    ),
}

UNFINISHED = {"a chunk size beyond 64 bits"}
"""Those for whose end a reader may wait."""


class TestHostileRequests:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_get_a_plain_answer(self, serve, name, caplog):
        request, expected = HOSTILE[name]
        limits = QUICK if name in UNFINISHED else LIMITS
        server = serve(lambda *_: pytest.fail("it must not reach the application"), limits=limits)
        with Client(server) as client:
            response = client.ask(request, method="POST")
            assert response.status in (expected if isinstance(expected, set) else {expected})
            assert set(json.loads(response.content)) == {"__type", "message"}
            assert response.headers["Connection"] == "close"
            assert client.is_closed()
        assert f"{response.status} " in caplog.text

    def test_leave_the_server_serving(self, serve):
        server = serve()
        for request, _ in HOSTILE.values():
            with Client(server) as client:
                client.send(request)
        assert still_serves(server)

    def test_do_not_spoil_the_good_ones_before_them(self, serve):
        with Client(serve()) as client:
            client.send(GET + GET + HOSTILE["two lengths"][0])
            assert [client.answer().status for _ in range(3)] == [200, 200, 400]
            assert client.is_closed()

    @pytest.mark.parametrize(
        "part",
        [
            b"GET / HT",
            POST + b"Content-Length: 10\r\n\r\nabc",
            POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        ],
    )
    def test_that_stop_halfway_are_given_up(self, serve, part):
        with Client(serve(limits=QUICK)) as client:
            response = client.ask(part)
            assert response.status == 408
            assert client.is_closed()

    @pytest.mark.parametrize("start", [b"GET /", POST + b"Content-Length: 1000\r\n\r\n"])
    def test_that_trickle_in_are_given_up(self, serve, start):
        with Client(serve(limits=QUICK)) as client:
            client.send(start)
            client.socket.settimeout(0.05)

            def answer():
                client.send(b"a")
                with suppress(TimeoutError):
                    return client.socket.recv(12)

            assert until(answer) == b"HTTP/1.1 408"

    def test_that_hang_up_halfway_harm_nobody(self, serve):
        server = serve()
        for part in (b"", b"GET / HT", POST + b"Content-Length: 10\r\n\r\nabc"):
            with Client(server) as client:
                client.send(part)
        assert still_serves(server)

    def test_too_large_hear_it_even_while_they_still_send(self, serve):
        with Client(serve()) as client:
            client.send(POST + b"Content-Length: 20000000\r\n\r\n")
            client.send(b"x" * 20_000_000)
            assert client.answer().status == 413
