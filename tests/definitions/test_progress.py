"""How far an application of a document with many users is."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from support.http import ask

from cogmock import cli
from cogmock.cli import progress
from cogmock.web.app import Application

MANY = 1200


def document(users):
    return {
        "pools": [
            {
                "id": "us-east-1_Shop",
                "PoolName": "shop",
                "users": [{"Username": f"user{n}"} for n in range(users)],
            }
        ]
    }


class Terminal(io.StringIO):
    def isatty(self):
        return True


class TestLines:
    @pytest.fixture(autouse=True)
    def _moments(self, monkeypatch):
        moments = iter(range(1000))
        monkeypatch.setattr(progress, "monotonic", lambda: float(next(moments)))

    def test_one_each_tenth_where_there_is_no_terminal(self):
        out = io.StringIO()
        told = progress.Progress(out, "applied")
        for done in range(1, 5001):
            told(done, 5000)
        lines = out.getvalue().splitlines()
        assert len(lines) == 10
        assert lines[0].startswith("10 % · 500 of 5,000 users applied · 499/s · 9 s left")
        assert lines[-1].startswith("100 % · 5,000 of 5,000 users applied · ")
        assert "left" not in lines[-1]

    def test_one_that_renews_itself_on_a_terminal(self):
        out = Terminal()
        told = progress.Progress(out, "applied")
        for done in range(100, 5001, 100):
            told(done, 5000)
        shown = out.getvalue()
        assert shown.count("\r\x1b[K") == 50
        assert shown.count("\n") == 1
        assert shown.endswith("\n")

    def test_nothing_for_few_users(self):
        out = Terminal()
        progress.Progress(out, "applied")(999, 999)
        assert out.getvalue() == ""


class TestOverHttp:
    @pytest.fixture
    def post(self, documents):
        application = Application(documents.world)

        def send(content):
            body = json.dumps(content).encode()
            answer = ask(application, "POST", "/_cogmock/apply?progress=true", body)
            return answer, [json.loads(line) for line in answer.body.splitlines()]

        return send

    def test_lines_and_then_the_answer(self, post, documents):
        answer, lines = post(document(MANY))
        assert answer.headers["content-type"] == "application/x-ndjson"
        assert lines[0] == {"users": 6, "of": MANY}
        assert lines[-2] == {"users": MANY, "of": MANY}
        assert (lines[-1]["status"], lines[-1]["summary"]["created"]) == (200, MANY + 1)
        assert documents.user("user7")

    def test_a_refusal_comes_last(self, post, documents):
        content = document(2)
        content["pools"][0]["users"].append({"Username": "grace", "password": "short"})
        _, lines = post(content)
        assert (lines[-1]["status"], lines[-1]["error"]) == (400, "InvalidConfig")
        assert lines[-1]["faults"][0]["path"] == "pools[0].users[2]"
        assert documents.pools() == []

    def test_a_faulty_document_is_an_ordinary_refusal(self, post):
        answer, [line] = post({"pool": []})
        assert (answer.status, line["error"]) == (400, "InvalidConfig")


def test_the_verb_tells_it(cognito_server, tmp_path, capsys):
    (tmp_path / "many.json").write_text(json.dumps(document(MANY)))
    assert cli.main(["apply", "--url", cognito_server.url, str(tmp_path / "many.json")]) == 0
    printed = capsys.readouterr()
    assert printed.err.splitlines()[-1].startswith("100 % · 1,200 of 1,200 users applied · ")
    assert printed.out.splitlines()[-1].endswith("1201 created, 0 updated, 0 unchanged, 0 deleted")


def test_a_server_tells_it_at_its_start(tmp_path):
    (tmp_path / "many.json").write_text(json.dumps(document(MANY)))
    command = [
        sys.executable,
        "-m",
        "cogmock",
        "serve",
        "--port",
        "0",
        "--config",
        str(tmp_path / "many.json"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert "listening" in server.stdout.readline()
        server.terminate()
        assert "100 % · 1,200 of 1,200 users applied" in server.stderr.read()
