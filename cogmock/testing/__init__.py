"""cogmock in tests: the mock, the fixtures, and what they hand out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cogmock.testing.server import CognitoServer as Server

__all__ = ["Server"]


def __getattr__(name: str) -> Any:
    if name == "Server":
        from cogmock.testing.server import CognitoServer

        return CognitoServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
