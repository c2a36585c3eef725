"""The pytest plugin. It is loaded in every pytest run where cogmock is installed, so it imports only pytest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from cogmock.testing.clients import Clients
    from cogmock.testing.handle import Cognito
    from cogmock.testing.server import CognitoServer


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("cogmock_region", "AWS_DEFAULT_REGION for tests that use cogmock's fixtures")
    parser.addini(
        "cogmock_config", "a document that is applied before each test that uses cogmock's fixtures"
    )
    parser.addini("cogmock_issuer", "issuer of in-process tokens: aws (default), server or host")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "cognito(**settings): settings for the `cognito` fixture; clock= is the time it starts at"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:  # noqa: ARG001 - pytest's signature
    calls = sys.modules.get("cogmock.testing.calls")
    if calls is not None:
        calls.begin_test()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,  # noqa: ARG001 - pytest's signature
    call: pytest.CallInfo[None],  # noqa: ARG001 - pytest's signature
) -> Generator[None, Any, None]:
    """A failing test shows the calls that it made, with the reasons that AWS hides."""
    outcome = yield
    report = outcome.get_result()
    calls = sys.modules.get("cogmock.testing.calls")
    if report.failed and calls is not None:
        text = calls.report()
        if text:
            report.sections.append(("cogmock calls", text))


@pytest.fixture
def cognito(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cognito]:
    """Cognito in process, for one test. Credentials and region are set where the environment has none."""
    from cogmock.testing.mock import mock_cognito

    settings = _settings(request)
    clock = settings.pop("clock", None)
    _set_environment(request, monkeypatch)
    with mock_cognito(**settings) as handle:
        if clock is not None:
            handle.clock.set(clock)
        yield handle


@pytest.fixture
def cognito_clients(cognito: Cognito) -> Clients:  # noqa: ARG001 - it starts the mock
    """boto3 clients: cognito_idp, cognito_identity, sts, iam."""
    from cogmock.testing.clients import Clients

    return Clients()


@pytest.fixture(scope="session")
def _cognito_server() -> Iterator[CognitoServer]:
    from cogmock.testing.server import CognitoServer

    with CognitoServer() as server:
        yield server


@pytest.fixture
def cognito_server(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _cognito_server: CognitoServer
) -> Iterator[CognitoServer]:
    """A server on a free port, before each test empty, or with what `cogmock_config` or the marker's `config` states.

    Each xdist worker has its own. Credentials and region are set where the environment has none.
    """
    _set_environment(request, monkeypatch)
    _cognito_server.reset()
    _cognito_server.functions.clear()
    config = _settings(request).get("config")
    if config:
        _cognito_server.apply(config)
    yield _cognito_server
    _cognito_server.reset()


@pytest.fixture
def cognito_account() -> str:
    """A 12-digit account id that no other test has. As access key id it keeps what a test makes to itself."""
    import os

    return str(10**11 + int.from_bytes(os.urandom(8)) % (9 * 10**11))


def _set_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """By `monkeypatch`, which undoes it together with what the test sets; a mock would have ended before that."""
    from cogmock.testing.dummies import missing

    region = request.config.getini("cogmock_region")
    if region:
        monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    for name, value in missing().items():
        monkeypatch.setenv(name, value)


def _settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings of the nearest marker take precedence, those of the ini file come last."""
    issuer = request.config.getini("cogmock_issuer")
    settings: dict[str, Any] = {"issuer": issuer} if issuer else {}
    config = request.config.getini("cogmock_config")
    if config:
        settings["config"] = str(request.config.rootpath / config)
    for marker in reversed(list(request.node.iter_markers("cognito"))):
        settings |= marker.kwargs
    return settings
