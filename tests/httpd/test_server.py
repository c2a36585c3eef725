"""The HTTP server, over real sockets: what it serves, what it refuses, and that it goes on afterwards."""

import errno
import http.client
import io
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from cogmock.httpd.connection import Limits
from cogmock.httpd.reader_h11 import H11Reader
from cogmock.httpd.reader_httptools import HttptoolsReader
from cogmock.httpd.server import PortTaken, Server, quickest_reader

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
LIMITS = Limits(max_body=100_000, max_head=20_000, read_timeout=0.4, idle_timeout=20)


def echo(environ, start_response):
    """Answers with what it was asked."""
    body = environ["wsgi.input"].read()
    asked = {key: value for key, value in environ.items() if isinstance(value, str)}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"environ": asked, "body": body.decode("latin-1")}).encode()]


@pytest.fixture(params=[HttptoolsReader, H11Reader])
def serve(request):
    """Starts servers, and stops them."""
    servers = []

    def start(application=echo, **options):
        options.setdefault("limits", LIMITS)
        servers.append(Server(application, reader=request.param, **options))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


class Stream(io.BufferedReader):
    """Stays open when http.client has done with one answer: the next may be in its buffer already."""

    def close(self):
        pass


class Client:
    """A raw socket, and a library's reader of answers."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        self.stream = Stream(socket.SocketIO(self.socket, "r"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def answer(self, method="GET"):
        response = http.client.HTTPResponse(self, method=method)
        response.begin()
        response.content = response.read()
        return response

    def ask(self, data, method="GET"):
        self.send(data)
        return self.answer(method)

    def is_closed(self):
        return self.stream.read(1) == b""

    def makefile(self, _mode):
        return self.stream


def ask(server, data, method="GET"):
    with Client(server) as client:
        return client.ask(data, method)


def echoed(response):
    assert response.status == 200, response.content
    return json.loads(response.content)


def still_serves(server):
    return ask(server, GET).status == 200


class TestRequests:
    def test_reach_the_application_as_wsgi_says(self, serve):
        server = serve()
        head = b"POST /a%20b/%C3%A4?q=%20&r HTTP/1.1\r\nHost: h:1\r\nX-Amz-Target: T\r\nContent-Type: t/x\r\nContent-Length: 3\r\n\r\n"
        got = echoed(ask(server, head + b"abc"))
        environ = got["environ"]
        assert got["body"] == "abc"
        assert environ["PATH_INFO"] == "/a b/\xc3\xa4"
        assert environ["QUERY_STRING"] == "q=%20&r"
        assert environ["REQUEST_URI"] == "/a%20b/%C3%A4?q=%20&r"
        assert environ["REQUEST_METHOD"] == "POST"
        assert environ["HTTP_X_AMZ_TARGET"] == "T"
        assert environ["HTTP_HOST"] == "h:1"
        assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("t/x", "3")
        assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"
        assert environ["SERVER_PORT"] == str(server.port)
        assert environ["REMOTE_ADDR"] == "127.0.0.1"
        assert environ["wsgi.url_scheme"] == "http"

    def test_satisfy_the_standard_librarys_validator(self, serve):
        from wsgiref.validate import validator

        def application(environ, start_response):
            assert environ["wsgi.input"].read(2) == b"ab"
            start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
            return [b"ok"]

        server = serve(validator(application))
        assert ask(server, POST + b"Content-Length: 2\r\n\r\nab").content == b"ok"

    def test_come_one_after_another_on_one_connection(self, serve):
        server = serve()
        with Client(server) as client:
            for number in range(300):
                got = echoed(client.ask(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number))
                assert got["environ"]["PATH_INFO"] == f"/{number}"
            assert "HTTP_CONTENT_LENGTH" not in got["environ"]

    def test_leave_nothing_to_the_next_one(self, serve):
        with Client(serve()) as client:
            client.ask(POST + b"X-Once: 1\r\nContent-Length: 3\r\n\r\nabc")
            got = echoed(client.ask(GET))
            assert got["body"] == ""
            assert "HTTP_X_ONCE" not in got["environ"]
            assert "CONTENT_LENGTH" not in got["environ"]

    def test_sent_ahead_are_answered_in_order(self, serve):
        with Client(serve()) as client:
            client.send(
                b"".join(b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nz" % n for n in range(20))
            )
            paths = [echoed(client.answer())["environ"]["PATH_INFO"] for _ in range(20)]
            assert paths == [f"/{n}" for n in range(20)]

    def test_arrive_in_any_slices(self, serve):
        request = (
            POST
            + b"Transfer-Encoding: chunked\r\nX-Long: abcdefgh\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: 1\r\n\r\n"
        )
        limits = Limits(read_timeout=20)
        with Client(serve(limits=limits)) as client:
            for byte in request + request:
                client.send(bytes([byte]))
            for _ in range(2):
                got = echoed(client.answer())
                assert got["body"] == "abcdefg"
                assert got["environ"]["HTTP_X_LONG"] == "abcdefgh"

    def test_in_chunks_look_like_any_other(self, serve):
        request = POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n"
        got = echoed(ask(serve(), request))
        assert got["body"] == "abc0123456789"
        assert got["environ"]["CONTENT_LENGTH"] == "13"
        assert "HTTP_TRANSFER_ENCODING" not in got["environ"]

    def test_cannot_smuggle_headers_in_as_trailers(self, serve):
        request = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Amz-Target: T\r\n\r\n"
        with Client(serve()) as client:
            assert "HTTP_X_AMZ_TARGET" not in echoed(client.ask(request))["environ"]
            assert "HTTP_X_AMZ_TARGET" not in echoed(client.ask(GET))["environ"]

    def test_cannot_pass_a_header_with_underscores_for_another(self, serve):
        got = echoed(
            ask(serve(), b"GET / HTTP/1.1\r\nHost: x\r\nX_Amz_Target: T\r\nContent_Length: 3\r\n\r\n")
        )
        assert "HTTP_X_AMZ_TARGET" not in got["environ"]
        assert "CONTENT_LENGTH" not in got["environ"]

    def test_may_repeat_a_header(self, serve):
        head = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-A: 2\r\nCookie: a=b\r\nCookie: c=d\r\n\r\n"
        environ = echoed(ask(serve(), head))["environ"]
        assert environ["HTTP_X_A"] == "1, 2"
        assert environ["HTTP_COOKIE"] == "a=b; c=d"

    def test_are_told_to_go_on_when_they_wait(self, serve):
        with Client(serve()) as client:
            client.send(POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            assert client.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            assert echoed(client.ask(b"abc"))["body"] == "abc"
            assert echoed(client.ask(GET))["body"] == ""

    def test_that_do_not_wait_are_not_told(self, serve):
        got = echoed(ask(serve(), POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"))
        assert got["body"] == "abc"

    def test_may_be_whole_urls(self, serve):
        request = b"GET http://cognito-idp.eu-west-1.amazonaws.com/pool?x=1 HTTP/1.1\r\nHost: other\r\n\r\n"
        environ = echoed(ask(serve(), request))["environ"]
        assert environ["HTTP_HOST"] == "cognito-idp.eu-west-1.amazonaws.com"
        assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/pool", "x=1")

    def test_may_ask_about_the_server_as_a_whole(self, serve):
        environ = echoed(ask(serve(), b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"))["environ"]
        assert environ["PATH_INFO"] == "*"

    def test_that_offer_another_protocol_are_served_in_this_one(self, serve):
        offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n"
        with Client(serve()) as client:
            got = echoed(client.ask(POST + offer + b"Content-Length: 3\r\n\r\nabc"))
            assert got["body"] == "abc"
            assert got["environ"]["HTTP_HTTP2_SETTINGS"] == "AAA"
            chunks = b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            got = echoed(client.ask(POST + offer + chunks))
            assert (got["body"], got["environ"]["CONTENT_LENGTH"]) == ("abc", "3")
            assert echoed(client.ask(POST + b"Expect: 100-continue\r\n" + offer + chunks))["body"] == "abc"
            assert echoed(client.ask(GET + GET))["body"] == ""
            assert client.answer().status == 200

    def test_may_offer_another_protocol_as_often_as_they_like(self, serve):
        offer = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
        with Client(serve()) as client:
            client.send(offer * 400)
            assert [client.answer().status for _ in range(400)] == [200] * 400

    def test_of_http_1_0_close_the_connection_unless_told_otherwise(self, serve):
        server = serve()
        with Client(server) as client:
            assert echoed(client.ask(b"GET / HTTP/1.0\r\n\r\n"))["environ"]["SERVER_PROTOCOL"] == "HTTP/1.0"
            assert client.is_closed()
        with Client(server) as client:
            for _ in range(3):
                response = client.ask(b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                assert response.headers["Connection"] == "keep-alive"

    def test_may_ask_to_close(self, serve):
        with Client(serve()) as client:
            response = client.ask(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert response.headers["Connection"] == "close"
            assert client.is_closed()


HOSTILE = {
    "garbage": (b"\x00\x01\x02\xff\xfe garbage\r\n\r\n", 400),
    "a TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "HTTP/2 without asking": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
    "a version of the future": (b"GET / HTTP/3.0\r\nHost: x\r\n\r\n", {400, 505}),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    "a tunnel": (b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
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


class TestHostileRequests:
    @pytest.mark.timeout(20)
    @pytest.mark.parametrize("name", HOSTILE)
    def test_get_a_plain_answer(self, serve, name, caplog):
        request, expected = HOSTILE[name]
        server = serve(lambda *_: pytest.fail("it must not reach the application"))
        with Client(server) as client:
            response = client.ask(request, method="POST")
            assert response.status in (expected if isinstance(expected, set) else {expected})
            assert set(json.loads(response.content)) == {"__type", "message"}
            assert response.headers["Connection"] == "close"
            assert client.is_closed()
        assert f"{response.status} " in caplog.text

    @pytest.mark.timeout(20)
    def test_leave_the_server_serving(self, serve):
        server = serve()
        for request, _ in HOSTILE.values():
            with Client(server) as client:
                client.send(request)
        assert still_serves(server)

    @pytest.mark.timeout(20)
    def test_do_not_spoil_the_good_ones_before_them(self, serve):
        with Client(serve()) as client:
            client.send(GET + GET + HOSTILE["two lengths"][0])
            assert [client.answer().status for _ in range(3)] == [200, 200, 400]
            assert client.is_closed()

    @pytest.mark.timeout(20)
    @pytest.mark.parametrize(
        "part",
        [
            b"GET / HT",
            POST + b"Content-Length: 10\r\n\r\nabc",
            POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        ],
    )
    def test_that_stop_halfway_are_given_up(self, serve, part):
        with Client(serve()) as client:
            response = client.ask(part)
            assert response.status == 408
            assert client.is_closed()

    @pytest.mark.timeout(20)
    @pytest.mark.parametrize("start", [b"GET /", POST + b"Content-Length: 1000\r\n\r\n"])
    def test_that_trickle_in_are_given_up(self, serve, start):
        with Client(serve()) as client:
            client.send(start)
            began = time.monotonic()
            client.socket.settimeout(0.05)
            answer = b""
            while not answer and time.monotonic() - began < 5:
                client.send(b"a")
                with suppress(TimeoutError):
                    answer = client.socket.recv(12)
            assert answer == b"HTTP/1.1 408"
            assert time.monotonic() - began < 2

    @pytest.mark.timeout(20)
    def test_that_hang_up_halfway_harm_nobody(self, serve):
        server = serve()
        for part in (b"", b"GET / HT", POST + b"Content-Length: 10\r\n\r\nabc"):
            with Client(server) as client:
                client.send(part)
        assert still_serves(server)

    @pytest.mark.timeout(20)
    def test_too_large_hear_it_even_while_they_still_send(self, serve):
        with Client(serve()) as client:
            client.send(POST + b"Content-Length: 20000000\r\n\r\n")
            client.send(b"x" * 20_000_000)
            assert client.answer().status == 413


class TestAnswers:
    def test_carry_length_and_date(self, serve):
        response = ask(serve(), GET)
        assert response.headers["Content-Length"] == str(len(response.content))
        assert time.strptime(response.headers["Date"], "%a, %d %b %Y %H:%M:%S GMT")
        assert "Connection" not in response.headers

    def test_keep_the_applications_own_date_and_length(self, serve):
        def application(_environ, start_response):
            start_response("200 OK", [("date", "Thu, 01 Jan 1970 00:00:00 GMT"), ("content-length", "2")])
            return [b"a", b"b"]

        response = ask(serve(application), GET)
        assert response.headers.get_all("Date") == ["Thu, 01 Jan 1970 00:00:00 GMT"]
        assert response.headers.get_all("Content-Length") == ["2"]
        assert response.content == b"ab"

    def test_of_unknown_length_go_in_chunks_as_they_come(self, serve):
        seen = threading.Event()

        def application(_environ, start_response):
            start_response("200 OK", [])
            yield b""
            yield b"first"
            assert seen.wait(5)
            yield b"second"

        server = serve(application)
        with Client(server) as client:
            client.send(GET)
            response = http.client.HTTPResponse(client)
            response.begin()
            assert response.headers["Transfer-Encoding"] == "chunked"
            assert response.read(5) == b"first"
            seen.set()
            assert response.read() == b"second"
            assert client.ask(GET).content == b"firstsecond"

    def test_of_unknown_length_end_with_the_connection_in_http_1_0(self, serve):
        def application(_environ, start_response):
            start_response("200 OK", [])
            return iter([b"a", b"b"])

        with Client(serve(application)) as client:
            response = client.ask(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert "Transfer-Encoding" not in response.headers
            assert response.headers["Connection"] == "close"
            assert response.content == b"ab"

    def test_in_pieces_may_announce_their_length(self, serve):
        def application(_environ, start_response):
            start_response("200 OK", [("Content-Length", "4")])
            return iter([b"ab", b"cd"])

        with Client(serve(application)) as client:
            for _ in range(3):
                response = client.ask(GET)
                assert response.content == b"abcd"
                assert "Transfer-Encoding" not in response.headers

    def test_to_head_have_no_body(self, serve):
        with Client(serve()) as client:
            for _ in range(3):
                response = client.ask(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD")
                assert response.content == b""
                assert int(response.headers["Content-Length"]) > 0

    @pytest.mark.parametrize("body", [[], iter(()), [b"x"]])
    @pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
    def test_without_content_have_neither_body_nor_length(self, serve, status, body):
        def application(environ, start_response):
            start_response(status if environ["PATH_INFO"] == "/" else "200 OK", [])
            return body if environ["PATH_INFO"] == "/" else [b"next"]

        with Client(serve(application)) as client:
            response = client.ask(GET)
            assert "Content-Length" not in response.headers
            assert "Transfer-Encoding" not in response.headers
            assert client.ask(b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n").content == b"next"

    def test_may_be_written(self, serve):
        def application(_environ, start_response):
            write = start_response("200 OK", [])
            write(b"a")
            write(b"b")
            return [b"c"]

        assert ask(serve(application), GET).content == b"abc"

    @pytest.mark.parametrize("begun", [False, True])
    def test_may_be_taken_back_while_nothing_has_left(self, serve, begun):
        def application(_environ, start_response):
            start_response("200 OK", [])
            if begun:
                yield b"half"
            fault = KeyError("boom")
            start_response("418 Sorry", [], (KeyError, fault, fault.__traceback__))
            yield b"sorry"

        server = serve(application)
        if begun:
            with pytest.raises(http.client.IncompleteRead):
                ask(server, GET)
        else:
            assert (ask(server, GET).status, ask(server, GET).content) == (418, b"sorry")

    def test_are_closed_by_the_server_as_wsgi_demands(self, serve):
        closed = threading.Event()

        class Body:
            def __iter__(self):
                return iter([b"x"])

            def close(self):
                closed.set()

        def application(_environ, start_response):
            start_response("200 OK", [])
            return Body()

        assert ask(serve(application), GET).content == b"x"
        assert closed.wait(5)

    def test_of_werkzeug_pass_too(self, serve):
        from werkzeug.wrappers import Response

        response = ask(serve(Response("hello", headers={"X-A": "b"})), GET)
        assert (response.content, response.headers["X-A"]) == (b"hello", "b")
        assert response.headers["Content-Length"] == "5"

    def test_reach_a_client_that_hung_up_without_harm(self, serve):
        def application(environ, start_response):
            start_response("200 OK", [])
            return [b"x" * (20_000_000 if environ["PATH_INFO"] == "/large" else 1)]

        server = serve(application)
        for _ in range(3):
            with Client(server) as client:
                client.send(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
                client.socket.recv(100)
        assert still_serves(server)


def _answering(headers, body=(b"fine",)):
    def application(_environ, start_response):
        start_response("200 OK", headers)
        return list(body) if isinstance(body, tuple) else iter(body)

    return application


def _raising(error):
    def application(_environ, _start_response):
        raise error

    return application


def _without_start(_environ, _start_response):
    return [b"x"]


def _starting_twice(_environ, start_response):
    start_response("200 OK", [])
    start_response("200 OK", [])
    return [b"x"]


def _breaking_off(pieces):
    def application(_environ, start_response):
        start_response("200 OK", [])
        yield from pieces
        raise KeyError("boom")

    return application


EARLY = {
    "it raises": _raising(KeyError("boom")),
    "it raises what a broken connection raises": _raising(ConnectionResetError("boom")),
    "it never starts": _without_start,
    "it starts twice": _starting_twice,
    "it answers text": _answering([], ("text",)),
    "it raises before the first piece": _breaking_off([]),
    "it splits a header": _answering([("Location", "/\r\nSet-Cookie: stolen=1")]),
    "it splits a header by LF": _answering([("Location", "/\nSet-Cookie: stolen=1")]),
    "it writes beyond latin-1": _answering([("X-A", "\u2713")]),
    "its length is wrong": _answering([("Content-Length", "3")]),
}

LATE = {
    "it raises after two pieces": _breaking_off([b"a", b"b"]),
    "its body is too short": _answering([("Content-Length", "300")], [b"x"]),
}


class TestFaultsOfTheApplication:
    def test_leave_the_connection_open(self, serve):
        paths = iter([_raising(KeyError("boom")), echo])
        with Client(serve(lambda *args: next(paths)(*args))) as client:
            assert client.ask(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD").status == 500
            assert client.ask(GET).status == 200

    @pytest.mark.parametrize("fault", EARLY)
    def test_are_answered_with_500_and_logged(self, serve, fault, caplog):
        sound = threading.Event()

        def application(environ, start_response):
            return (echo if sound.is_set() else EARLY[fault])(environ, start_response)

        server = serve(application)
        response = ask(server, b"GET /path HTTP/1.1\r\nHost: x\r\n\r\n")
        assert response.status == 500
        assert json.loads(response.content)["__type"] == "InternalErrorException"
        assert "boom" not in response.content.decode()
        assert "GET /path failed" in caplog.text
        assert "Traceback" in caplog.text
        sound.set()
        assert still_serves(server)

    @pytest.mark.parametrize("fault", LATE)
    def test_in_the_middle_of_a_body_break_it_off(self, serve, fault, caplog):
        server = serve(LATE[fault])
        for _ in range(2):
            with pytest.raises(http.client.IncompleteRead):
                ask(server, GET)
        server.stop()
        assert caplog.text.count("GET / failed") == 2

    def test_cannot_add_an_answer_of_their_own(self, serve):
        too_long = _answering([("Content-Length", "3")], [b"abc", b"HTTP/1.1 200 OK\r\n\r\n"])
        with Client(serve(too_long)) as client:
            assert client.ask(GET).content == b"abc"
            assert client.is_closed()


class TestManyConnections:
    @pytest.mark.timeout(60)
    def test_are_all_served_at_once(self, serve):
        together = threading.Barrier(64)

        def application(environ, start_response):
            if environ["PATH_INFO"] == "/together":
                together.wait(30)
            return echo(environ, start_response)

        server = serve(application)

        def talk(number):
            with Client(server) as client:
                paths = ["/together", *[f"/{number}/{turn}" for turn in range(20)]]
                for path in paths:
                    got = echoed(client.ask(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()))
                    assert got["environ"]["PATH_INFO"] == path
            return number

        with ThreadPoolExecutor(64) as pool:
            assert list(pool.map(talk, range(64))) == list(range(64))

    def test_that_are_silent_too_long_are_closed(self, serve):
        with Client(serve(limits=Limits(idle_timeout=0.2))) as client:
            assert client.ask(GET).status == 200
            began = time.monotonic()
            assert client.is_closed()
            assert time.monotonic() - began < 5

    def test_go_on_when_one_could_not_be_taken(self, serve, caplog):
        class Exhausted:
            def accept(self):
                raise OSError(24, "Too many open files")

        server = serve()
        server._accept(Exhausted())
        assert "Too many open files" in caplog.text
        assert still_serves(server)

    def test_go_on_when_one_left_before_it_was_taken(self, serve):
        class Empty:
            def accept(self):
                raise BlockingIOError

        server = serve()
        server._accept(Empty())
        assert still_serves(server)

    def test_go_on_when_one_gets_no_thread(self, serve, caplog, monkeypatch):
        class Thread(threading.Thread):
            def start(self):
                raise RuntimeError("can't start new thread")

        server = serve()
        with monkeypatch.context() as patch:
            patch.setattr("cogmock.httpd.server.threading.Thread", Thread)
            with Client(server) as client:
                assert client.is_closed()
        assert "can't start new thread" in caplog.text
        assert still_serves(server)


class TestStop:
    def test_is_prompt_with_idle_connections(self, serve):
        server = serve(limits=Limits())
        clients = [Client(server) for _ in range(20)]
        assert [client.ask(GET).status for client in clients] == [200] * 20
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 0.5
        for client in clients:
            assert client.is_closed()
            client.socket.close()
        with pytest.raises(ConnectionRefusedError):
            Client(server)

    def test_lets_running_requests_finish(self, serve):
        at_work = threading.Event()

        def application(environ, start_response):
            at_work.set()
            time.sleep(0.3)
            return echo(environ, start_response)

        server = serve(application)
        with Client(server) as client:
            client.send(GET)
            assert at_work.wait(5)
            server.stop()
            assert client.answer().status == 200
            assert client.is_closed()

    def test_does_not_wait_for_ever(self, serve):
        at_work, stuck = threading.Event(), threading.Event()

        def application(environ, start_response):
            at_work.set()
            stuck.wait(30)
            return echo(environ, start_response)

        server = serve(application, grace=0.2)
        with Client(server) as client:
            client.send(GET)
            assert at_work.wait(5)
            began = time.monotonic()
            server.stop()
            assert time.monotonic() - began < 2
            assert client.is_closed()
            stuck.set()

    def test_may_come_before_the_start_and_twice(self):
        server = Server(echo)
        server.stop()
        server.stop()
        with pytest.raises(ConnectionRefusedError):
            Client(server)

    def test_gives_the_port_back(self, serve):
        server = serve()
        ask(server, GET)
        server.stop()
        again = serve(port=server.port)
        assert ask(again, GET).status == 200

    @pytest.mark.timeout(30)
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
    def test_may_come_from_a_signal(self):
        program = (
            "import signal, sys\n"
            "from cogmock.httpd.server import Server\n"
            "server = Server(lambda e, s: [s('200 OK', []) and b'', b'ok'])\n"
            "signal.signal(signal.SIGTERM, lambda *_: server.stop())\n"
            "print(server.port, flush=True)\n"
            "server.serve()\n"
            "print('stopped', flush=True)\n"
        )
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
            port = int(process.stdout.readline())
            with socket.create_connection(("127.0.0.1", port), timeout=10) as idle:
                idle.sendall(GET)
                assert idle.recv(12) == b"HTTP/1.1 200"
                process.send_signal(signal.SIGTERM)
                assert process.stdout.read() == "stopped\n"
                assert process.wait(5) == 0


class TestListening:
    def test_takes_a_free_port_and_says_which(self, serve):
        server = serve()
        assert server.port > 0
        assert server.url == f"http://127.0.0.1:{server.port}"

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "::"])
    def test_answers_as_localhost_on_every_address(self, serve, host):
        server = serve(host=host)
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if family == socket.AF_INET6 and not _has_ipv6():
                continue
            connection = http.client.HTTPConnection(address, server.port, timeout=10)
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
            connection.close()

    def test_gives_a_url_that_can_be_called(self, serve):
        assert serve(host="0.0.0.0").url.startswith("http://127.0.0.1:")
        assert serve(host="localhost").url.startswith("http://localhost:")

    def test_refuses_a_port_that_is_taken_and_says_what_to_do(self, serve):
        server = serve()
        with pytest.raises(PortTaken) as refusal:
            Server(echo, port=server.port)
        assert f"port {server.port}" in str(refusal.value)
        assert "--port" in str(refusal.value)
        assert still_serves(server)

    def test_refuses_a_port_of_which_localhost_has_only_half(self):
        if not _has_ipv6():
            pytest.skip("no IPv6 here")
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
            port = other.getsockname()[1]
            with pytest.raises(PortTaken):
                Server(echo, port=port)
            with socket.create_server(("127.0.0.1", port)):
                pass  # what was taken first has been given back

    def test_takes_another_free_port_when_localhost_has_only_half_of_it(self, monkeypatch):
        tried = []

        def create_server(address, **options):
            tried.append(address)
            if len(tried) == 2:
                raise OSError(errno.EADDRINUSE, "taken")
            return real(address, **options)

        real = socket.create_server
        monkeypatch.setattr("cogmock.httpd.server.socket.create_server", create_server)
        Server(echo).stop()
        assert len(tried) == 4
        assert tried[1][1] != tried[3][1]

    def test_does_without_ipv6_where_there_is_none(self, monkeypatch):
        def create_server(address, **options):
            if address[0] == "::1":
                raise OSError(errno.EADDRNOTAVAIL, "no IPv6")
            return real(address, **options)

        real = socket.create_server
        monkeypatch.setattr("cogmock.httpd.server.socket.create_server", create_server)
        server = Server(echo)
        server.start()
        assert still_serves(server)
        server.stop()

    def test_fails_plainly_on_an_address_that_is_not_here(self):
        with pytest.raises(OSError, match="assign"):
            Server(echo, host="192.0.2.1")


def _has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


HEAVY = {"werkzeug", "h11", "asyncio", "http.client", "http.server", "socketserver", "email", "ssl", "jinja2"}


def _modules_after(statement):
    program = f"import sys\n{statement}\nprint(*sys.modules)"
    return set(
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.split()
    )


class TestStartUp:
    def test_imports_nothing_heavy(self):
        assert not HEAVY & _modules_after("import cogmock.httpd.server")

    def test_imports_nothing_heavy_for_the_application_either(self):
        assert not HEAVY & _modules_after("import cogmock.httpd.server, cogmock.web.app")

    def test_finds_another_parser_where_the_fast_one_is_missing(self, monkeypatch):
        assert quickest_reader() is HttptoolsReader
        monkeypatch.setitem(sys.modules, "httptools", None)
        monkeypatch.delitem(sys.modules, "cogmock.httpd.reader_httptools")
        assert quickest_reader() is H11Reader

    def test_can_spare_the_garbage_collector_its_walks(self):
        program = "import gc; from cogmock.httpd.server import *; settle_garbage_collector(); print(gc.get_freeze_count() > 1000, gc.get_threshold()[0])"
        out = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        assert out == "True 50000\n"
