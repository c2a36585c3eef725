"""cogmock in tests: the in-process mock, pytest fixtures, the handle, a server on a free port.

Here: `mock_cognito`, the plugin with the fixtures, `doors` (the patches of HTTP libraries and AWS clients), and the
handle through which a test reads messages, moves the clock and asks for decisions.

Not here: behaviour. What the handle offers, the control API offers over HTTP.

May import every room, but imports nothing heavy before a test uses it: the plugin is loaded in every pytest run.
"""

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
