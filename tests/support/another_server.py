"""A second, empty server beside the one of a test's fixture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cogmock import mock_cognito
from cogmock.testing.handle import Cognito


@contextmanager
def another_server() -> Iterator[Cognito]:
    """A mock without settings would join the one that runs already, and a round trip would compare it with itself."""
    with mock_cognito(code="123456") as other:
        assert not other.world.accounts, "the other server is not empty"
        yield other
