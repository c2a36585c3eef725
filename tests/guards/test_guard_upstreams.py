"""Servers behind a guard: what they get, what becomes of their answers, and what of answers that are none."""

from __future__ import annotations

import pytest
from support.behind import RawBehind
from support.processes import free_port
from support.waiting import LIMIT, LONG, promptly
from werkzeug import Response

KINDS = ("rest", "http")
DEAD = {"rest": "Internal server error", "http": "Bad Gateway"}
LATE = {"rest": "Endpoint request timed out", "http": "Gateway Timeout"}


def api(url, kind="http", **more):
    """Its server behind may take long, as it may on a loaded machine. For one that is late, say `timeout`."""
    return {
        "id": "shop",
        "kind": kind,
        "upstream": url,
        "routes": [{"path": "/{proxy+}"}],
        "timeout": LONG,
        **more,
    }


@pytest.fixture
def raw():
    servers = []

    def start(*pieces, **how):
        servers.append(RawBehind(*pieces, **how))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize("kind", KINDS)
class TestDead:
    def test_nobody_listens(self, shop, kind):
        env = shop(api(f"http://127.0.0.1:{free_port()}", kind))
        answer = env.get("/a")
        assert (answer.status, answer.json) == (502, {"message": DEAD[kind]})
        assert "Connection refused" in env.last_call().reason

    def test_a_name_that_is_none(self, shop, kind):
        answer = shop(api("http://nowhere.invalid", kind)).get("/a")
        assert (answer.status, answer.json) == (502, {"message": DEAD[kind]})

    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"hello\r\n",
            b"HTTP/1.1 abc OK\r\n\r\n",
            b"HTTP/1.1 99 Low\r\n\r\n",
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n",
            b"HTTP/1.1 200 OK\r\na: " + b"b" * 70000 + b"\r\n\r\n",
            OK + b"Content-Length: 10\r\n\r\nfive!",
            OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
            OK + b"Transfer-Encoding: chunked\r\n\r\n",
        ],
        ids=[
            "nothing",
            "words",
            "no status",
            "99",
            "101",
            "many headers",
            "a long header",
            "short",
            "chunk",
            "no chunk",
        ],
    )
    def test_an_answer_that_is_none(self, shop, raw, kind, sent):
        answer = shop(api(raw(sent).url, kind)).get("/a")
        assert (answer.status, answer.json) == (502, {"message": DEAD[kind]})


@pytest.mark.parametrize("kind", KINDS)
class TestLate:
    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"HTTP/1.1 200",
            OK,
            OK + b"Content-Length: 10\r\n\r\nfive!",
            OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n",
        ],
        ids=["nothing", "half a line", "half a head", "half a body", "half a chunk"],
    )
    def test_a_server_that_hangs(self, shop, raw, kind, sent):
        env = shop(api(raw(sent, silent=True).url, kind, timeout=0.4))
        with promptly():
            answer = env.get("/a")
        assert (answer.status, answer.json) == (504, {"message": LATE[kind]})
        assert "did not answer within 0.4 s" in env.last_call().reason

    def test_a_server_that_sends_drop_by_drop(self, shop, raw, kind):
        """Each drop comes in time; the whole counts."""
        drops = [OK, b"a: ", *[b"b"] * 600]
        env = shop(api(raw(*drops, pause=0.1, silent=True).url, kind, timeout=0.4))
        with promptly():
            assert env.get("/a").status == 504


def test_an_upstream_that_leads_back_to_the_guard_is_a_dead_one(shop, behind):
    env = shop(api(behind.url))
    loop = api(f"http://127.0.0.1:{env.port}/_api/shop")
    env.server.apply({"apis": [loop]})
    with promptly():
        assert env.get("/a").status == 502
    assert "leads back to this API" in next(entry.reason for entry in env.world.journal if entry.reason)


class TestLies:
    def test_a_body_longer_than_its_length_is_cut(self, shop, raw):
        answer = shop(api(raw(OK + b"Content-Length: 5\r\n\r\nfive! and more").url)).get("/a")
        assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"five!", "5")

    @pytest.mark.parametrize("length", [b"abc", b"-5", b"5, 6", b"1e3", b""])
    def test_a_length_that_is_none_is_not_passed_on(self, shop, raw, length):
        answer = shop(api(raw(OK + b"Content-Length: " + length + b"\r\n\r\nfive!").url)).get("/a")
        assert answer.status in {200, 502}
        assert answer.status == 502 or answer.body == b"five!"

    def test_length_and_chunks_at_once(self, shop, raw):
        head = OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer = shop(api(raw(head + b"5\r\nfive!\r\n0\r\n\r\n").url)).get("/a")
        assert (answer.status, answer.body) == (200, b"five!")

    def test_headers_on_several_lines_become_one(self, shop, raw):
        answer = shop(api(raw(OK + b"A: b\r\n c\r\nX: y\0z\r\nContent-Length: 0\r\n\r\n").url)).get("/a")
        assert (answer.status, answer.headers["a"], answer.headers["x"]) == (200, "b c", "y z")

    def test_a_stream_that_breaks_off_reaches_its_reader_broken(self, shop, raw):
        import http.client

        sent = OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nfive!\r\n"
        env = shop(api(raw(sent).url))
        with pytest.raises(http.client.IncompleteRead) as caught:
            env.get("/a")
        assert caught.value.partial == b"five!"

    def test_a_head_of_a_head_request(self, shop, raw):
        env = shop(api(raw(OK + b"Content-Length: 1000\r\n\r\n").url))
        answer = env.ask("HEAD", "/a")
        assert (answer.status, answer.headers["content-length"], answer.body) == (200, "1000", b"")
        env = shop(api(raw(OK + b"Content-Length: x\r\n\r\n").url))
        assert env.ask("HEAD", "/a").status == 200

    @pytest.mark.parametrize("status", [204, 304])
    def test_answers_without_a_body(self, shop, raw, status):
        sent = f"HTTP/1.1 {status} Fine\r\nContent-Length: 5\r\n\r\nfive!".encode()
        answer = shop(api(raw(sent).url)).get("/a")
        assert (answer.status, answer.body) == (status, b"")


class TestPassedOn:
    def test_method_body_query_and_headers(self, shop, behind):
        behind.respond = lambda request: Response(
            request.get_data(), 418, {"X-Answer": "a", "Set-Cookie": "c=d"}
        )
        env = shop(api(behind.url))
        body = bytes(range(256)) * 4096
        headers = {"Content-Type": "application/x-own", "X-Mine": "yes", "Cookie": "a=b", "User-Agent": "me"}
        answer = env.ask("PATCH", "/a/b?x=%20&x=2&&y", headers=headers, body=body)
        assert (answer.status, answer.body) == (418, body)
        assert (answer.headers["x-answer"], answer.headers["set-cookie"]) == ("a", "c=d")
        assert (behind.last.method, behind.target) == ("PATCH", "/a/b?x=%20&x=2&&y")
        given = dict(behind.last.headers)
        assert {name: given[name] for name in headers} == headers
        assert given["Host"] == behind.url.removeprefix("http://")
        assert given["X-Forwarded-For"] == "127.0.0.1"
        assert given["X-Forwarded-Host"] == "shop.execute-api.us-east-1.localhost"

    def test_headers_of_the_connection_stay_here(self, shop, behind):
        env = shop(api(behind.url))
        headers = {
            "Connection": "keep-alive, X-Hop",
            "X-Hop": "1",
            "TE": "trailers",
            "Keep-Alive": "5",
            "X-End": "2",
        }
        assert env.get("/a", headers=headers).status == 200
        assert not {"X-Hop", "Te", "Keep-Alive"} & set(dict(behind.last.headers))
        assert behind.last.headers["X-End"] == "2"

    def test_the_caller_s_own_context_is_dropped(self, shop, behind):
        env = shop(api(behind.url))
        forged = [
            ("X-Amzn-Request-Context", '{"forged": 1}'),
            ("x-amzn-request-context", "{}"),
            ("X_Amzn_Request_Context", "{}"),
        ]
        assert env.send("GET", "/a", headers=forged).status == 200
        assert "forged" not in behind.context
        assert behind.context["apiId"] == "shop"

    def test_an_answer_without_a_length_comes_piece_by_piece(self, shop, behind):
        import http.client
        import threading

        go_on = threading.Event()

        def pieces():
            yield b"one"
            assert go_on.wait(LIMIT)
            yield b"two"

        behind.respond = lambda _: Response(pieces(), mimetype="text/event-stream")
        env = shop(api(behind.url))
        connection = http.client.HTTPConnection("127.0.0.1", env.port, timeout=LIMIT)
        connection.request("GET", "/a", headers={"Host": env.host()})
        answer = connection.getresponse()
        assert answer.read1(100) == b"one"
        go_on.set()
        assert answer.read() == b"two"
        connection.close()

    def test_a_large_answer_comes_whole(self, shop, behind):
        behind.respond = lambda _: Response(b"x" * 12_000_000)
        answer = shop(api(behind.url)).get("/a")
        assert len(answer.body) == 12_000_000

    @pytest.mark.parametrize(
        ("kind", "words"), [("rest", "Request Too Long"), ("http", "Request Entity Too Large")]
    )
    def test_a_body_beyond_ten_megabytes(self, shop, behind, kind, words):
        env = shop(api(behind.url, kind))
        answer = env.ask("POST", "/a", body=b"x" * (10 * 1024 * 1024 + 1))
        assert (answer.status, answer.json) == (413, {"message": words})
        assert behind.requests == []

    def test_a_rest_api_gives_some_headers_another_name(self, shop, behind):
        behind.respond = lambda _: Response("no", 401, {"WWW-Authenticate": "Basic"})
        answer = shop(api(behind.url, "rest")).get("/a")
        assert (answer.status, answer.headers["x-amzn-remapped-www-authenticate"]) == (401, "Basic")
        assert "www-authenticate" not in answer.headers
        answer = shop(api(behind.url)).get("/a")
        assert answer.headers["www-authenticate"] == "Basic"

    @pytest.mark.parametrize("kind", KINDS)
    def test_websockets_are_refused(self, shop, behind, kind):
        env = shop(api(behind.url, kind))
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version": "13",
        }
        answer = env.get("/a", headers=headers)
        assert answer.status == 501
        assert "WebSocket" in answer.json["message"]
        assert behind.requests == []
