"""Malformed HTTP and concurrent requests at a running server."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from support.browser import CALLBACK

KEY = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
HIDDEN = "GET /_cogmock/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
SHAPES = {
    "length and chunks": "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": "Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + HIDDEN,
    "two lengths in one": "Content-Length: 0, 60\r\n\r\n" + HIDDEN,
    "a negative length": "Content-Length: -1\r\n\r\n" + HIDDEN,
    "a length with a sign": "Content-Length: +0\r\n\r\n" + HIDDEN,
    "a length that is none": "Content-Length: x\r\n\r\n" + HIDDEN,
    "a space before the colon": "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "another coding": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two codings": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a folded header": "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a chunk that is too long": "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" + HIDDEN,
    "a chunk that is none": "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n" + HIDDEN,
    "two hosts": "Host: evil.example\r\nContent-Length: 0\r\n\r\n",
    "a bare line end in a header": "X: a\rSet-Cookie: evil=1\r\nContent-Length: 0\r\n\r\n",
    "a nul in a header": "X: a\x00b\r\nContent-Length: 0\r\n\r\n",
}


def spoken(server, text, patience=30):
    """Everything that the server sends in answer to these bytes, until it closes the connection or is done."""
    with socket.create_connection(("127.0.0.1", server.settings.port), timeout=patience) as client:
        client.sendall(text.encode("latin-1"))
        client.shutdown(socket.SHUT_WR)
        heard = b""
        while part := client.recv(65536):
            heard += part
    return heard


class TestShapes:
    @pytest.mark.parametrize("path", ["/oauth2/token", "/login", "/oauth2/userInfo"])
    @pytest.mark.parametrize("rest", SHAPES.values(), ids=SHAPES)
    def test_nothing_is_smuggled_behind_a_request(self, cognito_server, rest, path):
        heard = spoken(cognito_server, f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{rest}")
        assert b'"status": "ok"' not in heard
        assert b"evil" not in heard
        assert heard.count(b"HTTP/1.1 ") == 1
        assert heard.startswith((b"HTTP/1.1 400", b"HTTP/1.1 413", b"HTTP/1.1 431", b"HTTP/1.1 501"))

    @pytest.mark.parametrize("path", ["/login", "/oauth2/authorize", "/oauth2/token"])
    def test_a_line_of_a_megabyte_is_refused_or_answered(self, cognito_server, path):
        heard = spoken(
            cognito_server, f"GET {path}?state={'x' * 1_000_000} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )
        assert heard.startswith(b"HTTP/1.1 ")
        assert not heard.startswith(b"HTTP/1.1 5")

    def test_who_sends_slowly_keeps_nobody_waiting(self, cognito_server):
        slow = [socket.create_connection(("127.0.0.1", cognito_server.settings.port)) for _ in range(20)]
        for client in slow:
            client.sendall(b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n_cs")
        heard = spoken(cognito_server, "GET /error HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert heard.startswith(b"HTTP/1.1 400")
        for client in slow:
            client.close()


class TestConcurrentRequests:
    def test_one_code_gives_tokens_once_and_then_none(self, env):
        code = env.fresh_code()
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: env.redeem(code), range(8)))
        good = [answer.json for answer in answers if answer.status == 200]
        assert len(good) == 1
        assert all(answer.json == {"error": "invalid_grant"} for answer in answers if answer.status != 200)
        fields = {"grant_type": "refresh_token", "client_id": env.client_id}
        again = env.token({**fields, "refresh_token": good[0]["refresh_token"]})
        assert again.json == {"error": "invalid_grant"}, "somebody else had the code, too"

    def test_pools_come_and_go_while_their_domains_are_visited(self, cognito_server):
        idp = boto3.client("cognito-idp", endpoint_url=cognito_server.url, region_name="us-east-1", **KEY)
        done = []

        def visit(_):
            lines = "Host: gone.auth.us-east-1.localhost\r\nConnection: close"
            query = f"client_id=x&redirect_uri={CALLBACK}"
            answers = []
            while not (answers and done):
                answers.append(spoken(cognito_server, f"GET /login?{query} HTTP/1.1\r\n{lines}\r\n\r\n")[:12])
            return answers

        with ThreadPoolExecutor(3) as threads:
            visits = [threads.submit(visit, index) for index in range(3)]
            for _ in range(15):
                pool = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
                idp.create_user_pool_domain(UserPoolId=pool, Domain="gone")
                idp.delete_user_pool_domain(UserPoolId=pool, Domain="gone")
                idp.delete_user_pool(UserPoolId=pool)
            done.append(True)
        assert {answer for of in visits for answer in of.result()} == {b"HTTP/1.1 302"}
