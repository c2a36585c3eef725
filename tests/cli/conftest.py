import os

import pytest

from cogmock import cli
from cogmock.testing.server import CognitoServer


@pytest.fixture
def alone(monkeypatch):
    """An environment that tells of no server."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "COGMOCK_")):
            monkeypatch.delenv(name)


@pytest.fixture
def server(alone, monkeypatch):
    with CognitoServer() as server:
        monkeypatch.setenv("COGMOCK_URL", server.url)
        yield server


@pytest.fixture
def ended(capsys):
    """The exit status of a command line, and what it printed."""

    def ended(*arguments):
        try:
            status = cli.main(arguments)
        except SystemExit as stopped:
            status = stopped.code
        return status, *capsys.readouterr()

    return ended
