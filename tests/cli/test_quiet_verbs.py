"""`--quiet`: results and errors, and neither progress nor hints nor confirmations; and `--json` of each verb."""

import io
import json
import subprocess
import sys

import pytest
from support.waiting import LIMIT

from cogmock import cli
from cogmock.cli import demo, progress, serve

DOCUMENT = "pools: [{id: us-east-1_Shop, PoolName: shop}]\n"


def test_every_verb_takes_it():
    assert {
        verb for verb, of in cli._parser()[1].items() if {"-q", "--quiet"} <= set(of._option_string_actions)
    } == set(cli._parser()[1])


def test_every_verb_that_prints_data_has_a_form_for_programs():
    assert {verb for verb, of in cli._parser()[1].items() if "--json" not in of._option_string_actions} == {
        "serve"
    }


@pytest.mark.parametrize("arguments", [["reset"], ["risk", "shop", "low"], ["snapshot", "save", "a.json"]])
def test_what_is_done_is_not_confirmed(server, ended, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    server.make_pool(PoolName="shop")
    assert ended(arguments[0], "--json", *arguments[1:], "-q")[1].startswith("{")
    server.reset()
    server.make_pool(PoolName="shop")
    assert ended(*arguments, "--quiet") == (0, "", "")


def test_results_are_printed(server, ended, tmp_path):
    file = tmp_path / "shop.yaml"
    file.write_text(DOCUMENT)
    for arguments in (["clock"], ["health"], ["env"], ["apply", str(file)], ["export"]):
        status, out, _ = ended(*arguments, "--quiet")
        assert (status, out != "") == (0, True), arguments


def test_a_file_of_hosts_has_no_note(server, ended):
    assert ended("hosts")[1].startswith("# Programs ask")
    assert ended("hosts", "-q")[1].startswith("127.0.0.1 ")
    told = json.loads(ended("hosts", "--json")[1])
    assert told == {
        "names": [
            f"{name}.us-east-1.amazonaws.com"
            for name in ("cognito-idp", "issuer-cognito-idp", "cognito-identity")
        ],
        "address": "127.0.0.1",
        "port": server.settings.port,
    }


def test_errors_are_told_without_hints(alone, ended):
    status, out, err = ended("clock", "--quiet", "--url", "http://127.0.0.1:1")
    assert (status, out) == (1, "")
    assert err == "cogmock: no cogmock answers at http://127.0.0.1:1: Connection refused\n"
    assert "`cogmock serve` starts one" in ended("clock", "--url", "http://127.0.0.1:1")[2]


def test_there_is_no_progress():
    out = io.StringIO()
    progress.Progress(out, "applied", quiet=True)(5000, 10000)
    assert out.getvalue() == ""


def test_pulling_is_not_summed_up(server, ended, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    pool = server.make_pool(PoolName="shop")
    asked = ["pull", pool.id, "--endpoint-url", server.url, "--output", str(tmp_path / "pulled.json")]
    assert ended(*asked, "--json", "--quiet") == (0, "", "")
    assert json.loads((tmp_path / "pulled.json").read_text())["pools"][0]["id"] == pool.id
    assert "user pool shop, 1 client, 0 groups, 0 users\n" in ended(*asked)[2]


class TestServe:
    @pytest.fixture
    def served(self, alone, monkeypatch):
        """The settings and the other arguments of servers that would have started."""
        found = []
        monkeypatch.setattr(
            serve, "run", lambda settings, *more, **named: found.append((settings, more, named)) or 0
        )
        return found

    def test_the_document_of_the_folder_is_not_announced(self, served, ended, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "cogmock.yaml").write_text("{}")
        assert ended("serve", "--quiet") == (0, "", "")
        monkeypatch.setenv("COGMOCK_QUIET", "on")
        assert ended() == (0, "", "")
        assert [settings.config for settings, *_ in served] == ["cogmock.yaml"] * 2

    def test_the_log_has_warnings_alone_unless_it_is_asked_for(self, served, ended, monkeypatch):
        ended("serve")
        ended("serve", "-q")
        ended("serve", "-q", "--log-level", "debug")
        monkeypatch.setenv("COGMOCK_LOG_LEVEL", "info")
        ended("serve", "-q")
        assert [settings.log_level for settings, *_ in served] == ["info", "warning", "debug", "info"]

    def test_a_demo_is_made_and_not_described(self, served, ended, server, capsys):
        ended("serve", "--demo", "--quiet")
        [(_, (when_ready,), _)] = served
        when_ready(server.url)
        assert capsys.readouterr() == ("", "")
        assert demo.is_there(server.url)

    def test_the_line_that_names_the_port_stays(self):
        command = [sys.executable, "-m", "cogmock", "serve", "--port", "0", "--quiet", "--demo"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            line = process.stdout.readline()
            process.terminate()
            rest, errors = process.communicate(timeout=LIMIT)
        assert line.startswith("cogmock listening on http://localhost:")
        assert (rest, errors) == ("", "")
