"""How verbs end that cannot do what they are asked for: exit status, standard error, and no trace."""

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from support.waiting import LIMIT

from cogmock import cli
from cogmock.cli import demo
from cogmock.cli.verbs import SWITCHES
from cogmock.testing.server import CognitoServer

ASKING = {
    "health": [],
    "env": ["--format", "amplify"],
    "doctor": [],
    "messages": [],
    "requests": [],
    "token": ["--user", "ada"],
    "totp": ["ada"],
    "clock": [],
    "apply": ["shop.json"],
    "export": [],
    "import": ["template.json"],
    "reset": [],
    "snapshot": ["save", "state.json"],
    "logs": [],
    "risk": ["us-east-1_Shop", "high"],
    "hosts": [],
}
"""Verb that asks a server → its arguments."""


@contextmanager
def another_program(media_type, body):
    """A server that is no cogmock, and has one answer for all requests: its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            if media_type:
                self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_GET  # noqa: N815 - names of http.server

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as other:
        thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{other.server_port}"
        other.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def folder(alone, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.json").write_text('{"pools": []}')
    (tmp_path / "template.json").write_text('{"Resources": {}}')
    (tmp_path / "state.json").write_text("kept")
    return tmp_path


def test_every_verb_that_asks_a_server_is_tried_here():
    parsers = cli._parser()[1]
    assert set(ASKING) == {
        verb for verb, parser in parsers.items() if "--url" in parser._option_string_actions
    }


@pytest.mark.parametrize("verb", ASKING)
class TestAnotherProgram:
    """A wrong port, a proxy's error page: data of it is never taken for a server's, nor written over a file."""

    @pytest.mark.parametrize(
        ("media_type", "body"),
        [
            ("text/html", b"<h1>Welcome to nginx</h1>"),
            (None, b"{}"),
            ("application/json", b"<h1>"),
            ("application/json", b"[1]"),
            ("application/json", b'{"hello": "world"}'),
        ],
        ids=["a page", "no type", "no JSON", "a list", "another object"],
    )
    def test_is_told_from_a_server(self, verb, media_type, body, ended, folder):
        if verb in {"export", "snapshot"} and b"hello" in body:
            pytest.skip("the document of a server is any object")
        with another_program(media_type, body) as url:
            status, out, err = ended(verb, *ASKING[verb], "--url", url)
        assert status == 1
        told = out if verb == "doctor" else err
        assert f"what answers at {url} is no cogmock" in told
        assert "Traceback" not in err
        assert (folder / "state.json").read_text() == "kept"

    def test_a_url_that_is_none_is_wrong_usage(self, verb, ended):
        status, out, err = ended(verb, *ASKING[verb], "--url", "localhost:4577")
        if verb == "doctor":
            assert status == 1
            assert "is no URL of a server" in out
        else:
            assert (status, out) == (2, "")
            assert err == "cogmock: localhost:4577 is no URL of a server: it should read http://host:port\n"


@pytest.mark.parametrize("body", [b"<h1>", b"{}"])
def test_a_pull_from_another_program_is_a_fault(ended, monkeypatch, body):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with another_program("text/html", body) as url:
        status, out, err = ended("pull", "us-east-1_Shop", "--endpoint-url", url)
    assert (status, out) == (1, "")
    assert f"what answers at {url} is no Cognito" in err


class TestNames:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["messages", "--pool", "shoe"],
            ["export", "--pool", "shoe"],
            ["import", "template.json", "--pool", "shoe"],
            ["risk", "shoe", "high"],
            ["token", "--user", "ada", "--pool", "shoe"],
            ["totp", "ada", "--pool", "shoe"],
            ["env", "--format", "aws-exports", "--pool", "shoe"],
        ],
    )
    def test_an_unknown_pool_is_a_fault_and_the_others_are_named(self, server, ended, arguments):
        pool = server.make_pool(PoolName="shop")
        status, out, err = ended(*arguments)
        assert (status, out) == (1, "")
        assert err == f"cogmock: there is no user pool 'shoe'; there is {pool.id} (shop)\n"

    def test_a_pool_has_a_name_in_every_verb(self, server, ended):
        pool = server.make_pool(PoolName="shop", users=["ada"])
        status, out, _ = ended("risk", "shop", "high", "--json")
        assert (status, json.loads(out)["user_pool_id"]) == (0, pool.id)
        status, out, _ = ended("export", "--pool", "shop", "--format", "csv")
        assert (status, "ada" in out) == (0, True)
        assert ended("messages", "--pool", "shop") == (0, "", "")

    def test_what_has_no_form_in_json_is_wrong_usage(self, server, ended):
        server.make_pool(PoolName="shop")
        assert json.loads(ended("export", "--format", "cfn", "--json")[1])["Resources"]
        status, out, err = ended("export", "--format", "csv", "--json")
        assert (status, out) == (2, "")
        assert err == "cogmock: --format csv has no form in JSON; config and cfn have one\n"

    def test_a_snapshot_that_is_none_is_named_and_changes_nothing(self, server, ended):
        server.make_pool(PoolName="shop")
        status, out, err = ended("snapshot", "load", "state.json")
        assert (status, out) == (2, "")
        assert err.startswith("cogmock: state.json is no snapshot: ")
        assert len(server.client("cognito-idp").list_user_pools(MaxResults=5)["UserPools"]) == 1


class TestTls:
    def test_a_server_that_answers_https_alone_is_asked_over_it(self, alone, ended, monkeypatch):
        with CognitoServer(tls="only") as server:
            port = str(server.settings.port)
            assert server.url == server.settings.url == f"https://localhost:{port}"
            assert ended("health", "--url", server.url)[0] == 0
            demo.fill_when_ready(server.url)
            assert demo.is_there(server.url)
            monkeypatch.setenv("COGMOCK_PORT", port)
            monkeypatch.setenv("COGMOCK_TLS", "only")
            assert ended("health")[0] == 0

    def test_a_certificate_of_another_authority_is_refused(self, ended, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "theirs"))
        with CognitoServer() as server:
            url = f"https://localhost:{server.settings.port}"
            assert ended("health", "--url", url)[0] == 0
            monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
            status, _, err = ended("health", "--url", url)
        assert status == 1
        assert "certificate verify failed" in err


class TestOutput:
    """Real processes: the interpreter writes what is left when it exits."""

    @pytest.fixture
    def shell(self, server):
        server.make_pool(PoolName="shop")

        def shell(command, **environ):
            return subprocess.run(
                [
                    "bash",
                    "-c",
                    f"set -o pipefail; {command.replace('cogmock', f'{sys.executable} -m cogmock')}",
                ],
                capture_output=True,
                env={**os.environ, **environ},
                timeout=LIMIT * 2,
                check=False,
            )

        return shell

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
    @pytest.mark.parametrize("verb", ["env", "requests", "export"])
    def test_a_full_disk_is_a_fault_and_one_clear_line(self, shell, verb):
        found = shell(f"cogmock {verb} > /dev/full")
        assert found.returncode == 1
        assert found.stderr == b"cogmock: the output cannot be written: No space left on device\n"

    def test_a_reader_that_is_gone_leaves_no_trace(self, shell):
        assert shell("cogmock env | true").stderr == b""

    def test_closed_streams_are_no_fault(self, shell):
        found = shell("cogmock env >&-; cogmock health 2>&-")
        assert (found.returncode, found.stderr) == (0, b"")

    def test_characters_that_the_output_lacks_are_escaped(self, shell):
        found = shell("cogmock requests", PYTHONIOENCODING="ascii")
        assert (found.returncode, found.stderr) == (0, b"")
        assert rb"\u2713 CreateUserPool" in found.stdout


class TestSwitches:
    @pytest.mark.parametrize("name", [*SWITCHES, "quiet"])
    def test_a_wrong_variable_is_named(self, name, ended, monkeypatch):
        monkeypatch.setenv(f"COGMOCK_{name.upper()}", "perhaps")
        status, _, err = ended("serve")
        assert status == 2
        assert f"COGMOCK_{name.upper()}: 'perhaps' is not possible: give on or off" in err
