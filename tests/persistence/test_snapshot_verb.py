"""`cogmock snapshot`."""

from __future__ import annotations

import io
import json
import stat

import pytest

from cogmock import CognitoServer, cli


@pytest.fixture
def server(monkeypatch):
    with CognitoServer() as server:
        monkeypatch.setenv("COGMOCK_URL", server.url)
        yield server


def pools(server):
    return [each["Name"] for each in server.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]]


def test_save_and_load(server, tmp_path, capsys):
    server.make_pool(users=["ada"])
    file = tmp_path / "state.json"
    assert cli.main(["snapshot", "save", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}: {file.stat().st_size:,} bytes\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]
    server.reset()
    assert cli.main(["snapshot", "load", str(file)]) == 0
    assert capsys.readouterr().out == f"the server has the state of {file}\n"
    assert pools(server) == ["test"]


def test_standard_output_and_input(server, capsys, monkeypatch):
    server.make_pool()
    assert cli.main(["snapshot", "save", "-"]) == 0
    text = capsys.readouterr().out
    assert json.loads(text)["kind"] == "cogmock snapshot"
    server.reset()
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert cli.main(["snapshot", "load", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"status": "ok"}
    assert pools(server) == ["test"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), (b"\xff\xfe", "not a text in UTF-8"), (b"{}", "no snapshot"), (b"", "not JSON")],
)
def test_what_cannot_be_loaded_is_told_in_one_line(server, tmp_path, capsys, content, words):
    server.make_pool()
    file = tmp_path / "state.json"
    if content is not None:
        file.write_bytes(content)
    assert cli.main(["snapshot", "load", str(file)]) == 2
    written = capsys.readouterr().err
    assert words in written
    assert written.count("\n") == 1
    assert pools(server) == ["test"]


def test_a_file_that_cannot_be_written_keeps_what_it_was(server, tmp_path, capsys):
    assert cli.main(["snapshot", "save", str(tmp_path / "none" / "state.json")]) == 1
    assert "No such file" in capsys.readouterr().err
