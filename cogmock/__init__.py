"""A local Amazon Cognito."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cogmock.testing.mock import mock_cognito

__all__ = ["mock_cognito"]


def __getattr__(name: str) -> Any:
    """The way in, imported when somebody asks for it: every pytest run of a project with cogmock passes here."""
    if name == "mock_cognito":
        from cogmock.testing.mock import mock_cognito

        return mock_cognito
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
