"""cogmock in tests: the in-process mock, pytest fixtures, the handle, a server on a free port.

Here: `mock` starts and stops a mock, and `active` finds the one that a request belongs to. `doors` patches HTTP
libraries and AWS clients; `transport` carries a request from there to the application. `handle`, with what it gives out
(`pools`, `decision`, `functions`), is the surface for tests.

Not here: behaviour. What the handle offers, the control API offers over HTTP.

May import every room but `cli`, and imports nothing heavy before a test uses it: the plugin is loaded in every pytest
run of a project that has cogmock.
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
