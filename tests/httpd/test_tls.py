"""TLS and plain HTTP on one port."""

from __future__ import annotations

import shlex
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.waiting import LIMIT

from cogmock import cli
from cogmock.core.world import World
from cogmock.httpd.server import Server
from cogmock.httpd.tls import Tls, authority_path
from cogmock.web.app import Application


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def serve():
    servers = []

    def start(**options):
        servers.append(Server(Application(World()), tls=Tls(clock=time.time, **options)))
        servers[-1].start()
        return servers[-1].port

    yield start
    for server in servers:
        server.stop()


def trusting():
    return ssl.create_default_context(cafile=str(authority_path(time.time)))


def health(url, context=None):
    with urllib.request.urlopen(f"{url}/_cogmock/health", context=context, timeout=LIMIT) as answer:
        return answer.status


def named(port, name, context):
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.settimeout(LIMIT)
        with context.wrap_socket(raw, server_hostname=name) as wrapped:
            wrapped.sendall(f"GET /_cogmock/health HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
            return wrapped.recv(100), wrapped.getpeercert()


class TestTlsAuto:
    def test_both_are_answered_on_one_port(self, serve):
        port = serve()
        assert health(f"http://localhost:{port}") == 200
        assert health(f"https://localhost:{port}", trusting()) == 200
        assert health(f"https://127.0.0.1:{port}", trusting()) == 200

    @pytest.mark.parametrize(
        "name",
        [
            "shop.auth.us-east-1.localhost",
            "shop.auth.us-east-1.amazoncognito.com",
            "cognito-idp.us-east-1.amazonaws.com",
            "auth.example.com",
        ],
    )
    def test_the_certificate_is_for_the_name_that_is_asked_for(self, serve, name):
        begun, certificate = named(serve(), name, trusting())
        assert begun.startswith(b"HTTP/1.1")
        assert ("DNS", name) in certificate["subjectAltName"]

    def test_documents_keep_the_scheme_that_was_asked(self, serve):
        port = serve()
        url = f"https://localhost:{port}/.well-known/openid-configuration"
        with urllib.request.urlopen(url, context=trusting(), timeout=LIMIT) as answer:
            assert f"https://localhost:{port}/".encode() in answer.read()

    def test_who_does_not_trust_the_authority_is_warned(self, serve):
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            health(f"https://localhost:{serve()}", ssl.create_default_context())

    def test_a_broken_handshake_harms_nobody_else(self, serve):
        port = serve()
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"\x16\x03\x01nonsense" * 100)
            client.settimeout(LIMIT)
            assert b"HTTP" not in client.recv(1000)
        assert health(f"https://localhost:{port}", trusting()) == 200

    def test_many_at_once(self, serve):
        url, context = f"https://localhost:{serve()}", trusting()
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: health(url, context), range(24))) == {200}

    def test_a_large_answer_and_a_large_body_come_whole(self, serve):
        url = f"https://localhost:{serve()}/"
        request = urllib.request.Request(url, b"x" * 3_000_000, {"X-Amz-Target": "nobody.nothing"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, context=trusting(), timeout=LIMIT)
        assert caught.value.code == 400
        caught.value.close()


class TestTlsOnly:
    def test_plain_http_is_told_so(self, serve):
        with pytest.raises(urllib.error.HTTPError) as caught:
            health(f"http://localhost:{serve(only=True)}")
        assert caught.value.code == 400
        assert caught.value.read() == b"This port takes https://.\n"
        caught.value.close()


class TestAuthority:
    def test_is_made_once_and_its_key_is_the_users_alone(self, cache):
        first = authority_path(time.time).read_bytes()
        assert authority_path(time.time).read_bytes() == first
        assert b"PRIVATE KEY" not in first
        if sys.platform != "win32":
            assert (cache / "cogmock" / "ca-key.pem").stat().st_mode & 0o077 == 0

    def test_its_path_is_printed(self):
        ran = subprocess.run(
            [sys.executable, "-m", "cogmock", "ca"], capture_output=True, text=True, check=True
        )
        assert ran.stdout.strip() == str(authority_path(time.time))

    def test_how_to_trust_it_is_printed(self, cache, capsys):
        assert cli.main(["ca", "--install-hint"]) == 0
        told = capsys.readouterr().out
        path = shlex.quote(str(authority_path(time.time)))
        for each in (f"NODE_EXTRA_CA_CERTS={path}", f"REQUESTS_CA_BUNDLE={path}", "certutil", "keytool"):
            assert each in told

    def test_a_certificate_of_the_users_own_takes_its_place(self, serve, tmp_path):
        from cogmock.crypto.authority import Authority

        own = Authority(Authority.create(time.time()))
        (tmp_path / "own.pem").write_bytes(own.leaf(["localhost"], time.time()))
        (tmp_path / "own-ca.pem").write_bytes(own.pem())
        port = serve(cert=str(tmp_path / "own.pem"))
        context = ssl.create_default_context(cafile=str(tmp_path / "own-ca.pem"))
        assert health(f"https://localhost:{port}", context) == 200

    def test_one_that_is_not_there_is_told_at_the_start(self):
        ran = subprocess.run(
            [sys.executable, "-m", "cogmock", "serve", "--port", "0", "--cert", "nowhere.pem"],
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert ran.returncode == 2
        assert "nowhere.pem" in ran.stderr
