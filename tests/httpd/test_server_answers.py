"""Answers over real sockets, and faults of the application."""

import http.client
import json
import threading
import time
import tracemalloc

import pytest
from support.raw_http import GET, Client, ask, echo, still_serves
from support.waiting import LIMIT, LONG, promptly


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
            assert seen.wait(LIMIT)
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

    def test_large_bodies_are_not_copied_to_be_sent(self, serve):
        body = b"x" * 20_000_000

        def application(_environ, start_response):
            start_response("200 OK", [])
            return [body]

        with Client(serve(application)) as client:
            client.ask(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD")
            tracemalloc.start()
            try:
                client.send(GET)
                response = http.client.HTTPResponse(client)
                response.begin()
                received = 0
                while piece := response.read1(65536):
                    received += len(piece)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            assert received == len(body)
            assert peak < len(body) / 4
            assert client.ask(GET).content == body

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
        assert closed.wait(LIMIT)

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


class TestAnswersThatWait:
    """An application that has nothing to send yet yields an empty piece."""

    def test_end_when_the_client_leaves(self, serve):
        closed = threading.Event()
        server = serve(_waiting(closed))
        with Client(server) as client:
            client.send(GET)
            assert client.socket.recv(1000)
        assert closed.wait(LIMIT)

    def test_end_whole_when_the_server_stops(self, serve):
        closed = threading.Event()
        server = serve(_waiting(closed), grace=LONG)
        with Client(server) as client:
            client.send(GET)
            response = http.client.HTTPResponse(client)
            response.begin()
            assert response.read(4) == b"news"
            with promptly():
                server.stop()
            assert response.read() == b""
        assert closed.wait(LIMIT)


def _waiting(closed):
    def application(_environ, start_response):
        start_response("200 OK", [])
        try:
            yield b"news"
            while True:
                time.sleep(0.05)
                yield b""
        finally:
            closed.set()

    return application
