"""A PostgreSQL of the tests' own."""

from __future__ import annotations

import shutil
import tempfile

import pytest

from scripts.postgres import Postgres, programs


@pytest.fixture(scope="session")
def postgres():
    """Skips where no PostgreSQL server is installed."""
    if programs() is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    pytest.importorskip("psycopg")
    folder = tempfile.mkdtemp(prefix="cogmock-postgres-")
    server = None
    try:
        server = Postgres(folder)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
