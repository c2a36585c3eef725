"""What people see: colours on terminals alone, and lines that fit 80 columns."""

import re
import sys

import pytest

from cogmock.cli import demo, doctor, terminal

SEQUENCE = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture
def become_terminal(capsys, monkeypatch):
    """Makes standard output a terminal of 80 columns; call it in the test, for pytest exchanges the stream before."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    return lambda: monkeypatch.setattr(sys.stdout, "isatty", lambda: True)


@pytest.fixture
def findings(monkeypatch):
    """The doctor's, one of each kind; the note is too long for a line."""
    found = [
        doctor.Finding("ok", "all is well"),
        doctor.Finding("note", "word " * 30 + "end"),
        doctor.Finding("fault", "it cannot work", "cogmock mend"),
    ]
    monkeypatch.setattr(doctor, "findings", lambda _: found)


def test_the_doctor_indents_and_paints_on_a_terminal(findings, become_terminal, ended):
    become_terminal()
    _, out, _ = ended("doctor")
    lines = out.splitlines()
    assert lines[0] == "\x1b[32mok   \x1b[0m all is well"
    assert lines[1].startswith("\x1b[2mnote \x1b[0m word word")
    assert lines[2].startswith("      word")
    assert lines[-2:] == ["\x1b[31mfault\x1b[0m it cannot work", "      cogmock mend"]
    assert max(len(SEQUENCE.sub("", line)) for line in lines) <= 80


def test_elsewhere_a_finding_is_a_line_without_colours(findings, ended):
    status, out, _ = ended("doctor")
    assert status == 1
    assert out == f"ok    all is well\nnote  {'word ' * 30}end\nfault it cannot work\n      cogmock mend\n"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_may_be_refused(become_terminal, monkeypatch, name, value):
    become_terminal()
    assert terminal.coloured("text", "red") == "\x1b[31mtext\x1b[0m"
    monkeypatch.setenv(name, value)
    assert terminal.coloured("text", "red") == "text"


@pytest.mark.parametrize("port", [4577, 61234])
def test_the_welcome_fits_80_columns_except_for_its_address(port):
    url = f"http://localhost:{port}"
    lines = demo.welcome(url, f"{url}/{demo.POOL}", colour=False).splitlines()
    assert max(len(line) for line in lines if "/login?" not in line) <= 80
    assert any("# an access token" in line for line in lines)


def test_the_time_of_a_request_is_quiet(server, become_terminal, ended):
    server.make_pool(PoolName="shop")
    become_terminal()
    _, out, _ = ended("requests")
    assert re.match(r"\x1b\[2m\d\d:\d\d:\d\d\x1b\[0m \x1b\[32m✓", out)


def test_the_doctor_names_the_server_that_it_was_asked_about(server, ended, monkeypatch):
    assert '      eval "$(cogmock env)"\n' in ended("doctor")[1]
    monkeypatch.delenv("COGMOCK_URL")
    assert f'      eval "$(cogmock env --url {server.url})"\n' in ended("doctor", "--url", server.url)[1]
