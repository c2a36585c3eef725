"""Fixtures for tests of a pool's domain, imported by several conftest.py files."""

from __future__ import annotations

import logging

import pytest

from support.domain_env import WEB, Domain


@pytest.fixture
def domain_of(cognito):
    def made(pool=None, **client):
        return Domain(cognito, client={**WEB, **client}, **(pool or {}))

    return made


@pytest.fixture
def env(domain_of):
    """A pool, a public client with the code and implicit flows, and the user ada."""
    env = domain_of()
    env.add_user(email="ada@example.com", email_verified="true", name="Ada", phone_number="+15550100")
    return env


@pytest.fixture(autouse=True)
def no_fault(request):
    """Fails a test during which cogmock logged a fault of its own: a redirect with `server_error` would hide it.

    Modules that provoke faults say so by PROVOKES_FAULTS.
    """
    seen = _Faults()
    log = logging.getLogger("cogmock")
    log.addHandler(seen)
    yield
    log.removeHandler(seen)
    if not getattr(request.module, "PROVOKES_FAULTS", False):
        assert not seen.faults, "\n".join(seen.faults)


class _Faults(logging.Handler):
    def __init__(self):
        super().__init__(logging.ERROR)
        self.faults = []

    def emit(self, record):
        if record.exc_info:
            self.faults.append(f"{record.getMessage()}: {record.exc_info[1]!r}")
