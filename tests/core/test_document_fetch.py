"""Documents are fetched over TLS from servers of this machine, and nobody can send cogmock elsewhere in its network."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from support.agents import AgentEnv, metadata
from support.domain_env import WEB
from support.waiting import LONG, promptly

from cogmock.core import document_fetch
from cogmock.core.outside import Unreachable
from cogmock.core.world import World
from cogmock.crypto import authority_folder
from cogmock.crypto.authority import Authority


@pytest.fixture(scope="module")
def authority():
    return Authority(Authority.create(time.time()))


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Servers may take long, as they may on a loaded machine."""
    monkeypatch.setattr(document_fetch, "SECONDS", LONG)


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """The authority is that of this machine's cogmock."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = authority_folder.folder()
    folder.mkdir(parents=True)
    (folder / authority_folder.CERTIFICATE).write_bytes(authority.pem())


@pytest.fixture
def serve(authority, tmp_path):
    """Starts an https server at localhost whose answers a function writes; gives its URL."""
    servers = []

    def start(respond, names=("localhost",)):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                respond(self)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.is_over = threading.Event()
        server.handle_error = lambda *_: None
        leaf = tmp_path / "leaf.pem"
        leaf.write_bytes(authority.leaf(list(names), time.time()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(leaf)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"https://localhost:{server.server_port}/client.json"

    yield start
    for server in servers:
        server.is_over.set()
        server.shutdown()
        server.server_close()


def answering(body, status=200, **headers):
    def respond(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def silent(handler):
    handler.server.is_over.wait(LONG)


def fetch(url):
    return document_fetch.fetch(World(), url)


@pytest.mark.usefixtures("trusted")
class TestFetch:
    def test_a_server_with_a_certificate_of_the_local_authority_is_asked(self, serve):
        seen = []

        def respond(handler):
            seen.append((handler.path, dict(handler.headers)))
            answering(b'{"a": 1}', Content_Type="application/json", Cache_Control="max-age=5")(handler)

        url = serve(respond)
        found = fetch(f"{url}?a=b")
        assert (found.status, json.loads(found.body)) == (200, {"a": 1})
        assert found.headers["cache-control"] == "max-age=5"
        path, headers = seen[0]
        assert path == "/client.json?a=b"
        assert headers["Accept"] == "application/json"
        assert headers["User-Agent"] == "Amazon/Cognito"

    def test_an_agent_signs_in_by_a_document_that_such_a_server_has(self, serve, cognito):
        env = AgentEnv(cognito, client=WEB)
        env.policy("https://localhost:*/*")
        served = []

        def respond(handler):
            served.append(handler.path)
            body = json.dumps(metadata(env.client_id)).encode()
            answering(body, Content_Type="application/json")(handler)

        env.client_id = serve(respond)
        assert env.agent_tokens().json["token_type"] == "Bearer"
        assert served == ["/client.json"]

    @pytest.mark.parametrize(
        ("respond", "patience", "told"),
        [
            (lambda handler: answering(b"x" * 2**20)(handler), 30, "more than 5120 bytes"),
            (
                lambda handler: answering(b"", 302, Location="https://localhost:1/")(handler),
                30,
                "answers 302",
            ),
            (lambda handler: answering(b"<p>", Content_Type="text/html")(handler), 30, "answers text/html"),
            (silent, 0.3, "no answer"),
        ],
    )
    def test_a_bad_one_is_no_client(self, serve, cognito, monkeypatch, respond, patience, told):
        monkeypatch.setattr(document_fetch, "SECONDS", patience)
        env = AgentEnv(cognito, client=WEB)
        env.policy("https://localhost:*/*")
        env.client_id = serve(respond)
        assert not env.opened()
        assert told in env.reason()

    def test_a_redirect_is_not_followed(self, serve):
        url = serve(answering(b"", 302, Location="https://localhost:1/elsewhere"))
        assert fetch(url).status == 302

    def test_five_kilobytes_are_read_and_no_more(self, serve):
        assert len(fetch(serve(answering(b"x" * 5120))).body) == 5120
        for size in (5121, 1024 * 1024):
            with pytest.raises(Unreachable, match="more than 5120 bytes"):
                fetch(serve(answering(b"x" * size)))

    def test_a_slow_one_is_given_up(self, serve, monkeypatch):
        monkeypatch.setattr(document_fetch, "SECONDS", 0.3)

        def trickle(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            while not handler.server.is_over.wait(0.05):
                handler.wfile.write(b" ")

        for respond in (trickle, silent):
            with promptly(), pytest.raises(Unreachable, match=r"slowly|within"):
                fetch(serve(respond))

    def test_a_server_that_says_nothing_in_the_handshake_is_given_up(self, monkeypatch):
        monkeypatch.setattr(document_fetch, "SECONDS", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as mute, promptly(), pytest.raises(Unreachable):
            fetch(f"https://localhost:{mute.getsockname()[1]}/")

    def test_a_certificate_for_another_name_is_refused(self, serve):
        with pytest.raises(Unreachable, match=r"(?i)certificate"):
            fetch(serve(answering(b"{}"), names=("other.example.com",)))

    def test_an_answer_that_is_no_http_is_refused(self, serve):
        with pytest.raises(Unreachable):
            fetch(serve(lambda handler: handler.wfile.write(b"SSH-2.0-x\r\n")))

    def test_nobody_there_is_told(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        with pytest.raises(Unreachable, match="gives no answer"):
            fetch(f"https://localhost:{port}/")


def test_an_authority_that_nobody_trusts_is_refused(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    with pytest.raises(Unreachable, match=r"(?i)certificate"):
        fetch(serve(answering(b"{}")))


class TestAddresses:
    @pytest.fixture
    def resolved(self, monkeypatch):
        """Has every name mean these addresses; gives the addresses that were connected to."""
        asked = []

        def to(*addresses):
            found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
            monkeypatch.setattr(socket, "create_connection", connect)
            return asked

        def connect(address, _timeout):
            asked.append(address[0])
            raise OSError("not in a test")

        return to

    @pytest.mark.parametrize(
        "address",
        [
            *(
                "127.0.0.1",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "0.0.0.0",
                "224.0.0.1",
            ),
            *("100.64.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "::"),
            *("255.255.255.255", "192.0.2.1", "::ffff:169.254.169.254"),
        ],
    )
    def test_a_public_name_with_an_address_of_special_use_is_not_asked(self, resolved, address):
        asked = resolved(address)
        with pytest.raises(Unreachable, match="not a public one"):
            fetch("https://agent.example.com/client.json")
        assert asked == []

    def test_one_such_address_among_others_is_enough(self, resolved):
        asked = resolved("93.184.215.14", "10.0.0.1")
        with pytest.raises(Unreachable, match="not a public one"):
            fetch("https://agent.example.com/client.json")
        assert asked == []

    def test_the_address_that_was_checked_is_the_one_that_is_asked(self, resolved):
        asked = resolved("93.184.215.14")
        with pytest.raises(Unreachable, match="not in a test"):
            fetch("https://agent.example.com/client.json")
        assert asked == ["93.184.215.14"]

    @pytest.mark.parametrize(
        "host", ["localhost", "shop.localhost", "agent", "host.docker.internal", "a.test"]
    )
    @pytest.mark.parametrize("address", ["127.0.0.1", "172.18.0.5", "10.1.2.3"])
    def test_servers_of_this_machine_and_of_its_containers_are_asked_by_name(self, resolved, host, address):
        asked = resolved(address)
        with pytest.raises(Unreachable, match="not in a test"):
            fetch(f"https://{host}/client.json")
        assert asked == [address]

    @pytest.mark.parametrize("host", ["metadata.google.internal", "metadata"])
    def test_but_never_the_metadata_service_of_a_cloud(self, resolved, host):
        asked = resolved("169.254.169.254")
        with pytest.raises(Unreachable, match="not a public one"):
            fetch(f"https://{host}/client.json")
        assert asked == []

    def test_a_loopback_address_may_be_written_out_and_a_private_one_may_not(self, resolved):
        asked = resolved("127.0.0.1")
        with pytest.raises(Unreachable, match="not in a test"):
            fetch("https://127.0.0.1:8443/client.json")
        assert asked == ["127.0.0.1"]
        resolved("10.0.0.1")
        with pytest.raises(Unreachable, match="not a public one"):
            fetch("https://10.0.0.1/client.json")
