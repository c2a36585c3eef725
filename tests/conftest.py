"""What all tests share."""

from __future__ import annotations

import os
import signal
import time

import pytest
from support import remote, state_check, waiting

from cogmock.core.backend import Backend
from cogmock.core.clock import Clock
from cogmock.core.messages import custom_senders
from cogmock.errors import AwsError

pytest_plugins = ["pytester"]

SEEN = {("AdminCreateUser", "LimitExceededException")}
"""Errors of AWS that its model lists not: cognito-backup-restore#46."""
EVERYWHERE = {"NotImplementedException", "ValidationException", "InvalidParameterException"}
"""Errors that any operation may answer, though its model lists them not: refusals by shape, and what is not built."""


def pytest_addoption(parser):
    remote.add_options(parser)


def pytest_configure(config):
    """Background jobs of a shell ignore SIGINT, and so would the servers that tests start and stop with it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    remote.configure(config)
    state_check.configure()


def pytest_collection_modifyitems(items):
    """The first run of a client creates its environment, or waits for the process that does: minutes on a busy machine."""
    for item in items:
        long = any(item.get_closest_marker(name) for name in ("slow", "node", "browser"))
        if long and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture(autouse=True)
def environment_is_left():
    """Fails a test that leaves the environment changed: it would be another one for whatever test comes next."""
    before = dict(os.environ)
    yield
    after = dict(os.environ)
    for known in (before, after):
        known.pop("PYTEST_CURRENT_TEST", None)
    assert after == before


@pytest.fixture
def monkeypatch(environment_is_left, monkeypatch):
    """Undone before `environment_is_left` looks."""
    return monkeypatch


@pytest.fixture(autouse=True)
def all_is_stored():
    """Fails a test of `COGMOCK_CHECK_STATE=1` during which a change of state was not stored."""
    state_check.faults.clear()
    yield
    assert not state_check.faults, "\n".join(state_check.faults)


@pytest.fixture(autouse=True)
def grace(monkeypatch):
    """How long a call waits for a custom sender. A test has it wait long, and so sees what came of the sender."""
    usual = custom_senders.GRACE
    monkeypatch.setattr(custom_senders, "GRACE", waiting.LIMIT)
    return usual


@pytest.fixture
def still(monkeypatch):
    """Real time stands still, for what differs by a second more or less. Clocks of worlds are moved by the test alone."""
    moment = time.time()
    monkeypatch.setattr(Clock, "real", lambda _clock: moment)


@pytest.fixture(autouse=True)
def conformant(monkeypatch):
    """Fails a test during which an answer or an error did not match the service model."""
    faults = []
    answer = Backend.answer.__func__

    def watched(cls, call, name, params):
        model = cls.model().operations[name]
        try:
            result = answer(cls, call, name, params)
        except AwsError as error:
            if not declared(cls.model(), model, error):
                faults.append(f"{name} does not declare {error.code}: {error.message}")
            raise
        if model.output is not None:
            faults.extend(f"{name}: {fault}" for fault in unknown(result, model.output, model.shapes))
        return result

    monkeypatch.setattr(Backend, "answer", classmethod(watched))
    yield
    assert not faults, "\n".join(faults)


def declared(service, operation, error):
    codes = {service.shapes[name].get("error", {}).get("code", name) for name in operation.errors}
    known = error.code in codes | EVERYWHERE or (operation.name, error.code) in SEEN
    return known or service.protocol == "query"


def unknown(value, shape_name, shapes, path=""):
    """Members of an answer that its shape does not have, and values of another type."""
    shape = shapes[shape_name]
    if value is None:
        return
    match shape["type"]:
        case "structure" if not shape.get("document"):
            for name, of in value.items():
                if name not in shape["members"]:
                    yield f"{path}{name} is no member of {shape_name}"
                else:
                    yield from unknown(of, shape["members"][name]["shape"], shapes, f"{path}{name}.")
        case "list":
            if not isinstance(value, list):
                yield f"{path} should be a list"
                return
            for index, of in enumerate(value):
                yield from unknown(of, shape["member"]["shape"], shapes, f"{path}{index}.")
        case "map":
            for name, of in value.items():
                yield from unknown(of, shape["value"]["shape"], shapes, f"{path}{name}.")
        case "structure":
            return
        case kind:
            if not isinstance(value, KINDS[kind]) or (kind != "boolean" and isinstance(value, bool)):
                yield f"{path} should be a {kind}, not {value!r}"


KINDS = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
    "blob": bytes,
}
