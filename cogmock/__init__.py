"""A local Amazon Cognito: `mock_cognito` for tests in process, and the types that it hands out.

The rooms beneath are described in docs/architecture.md. Only the names in `__all__` are a stable interface. Each is
imported when it is first asked for, since every pytest run of a project with cogmock imports this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cogmock.core.outbox import Message
    from cogmock.testing.decision import Decision
    from cogmock.testing.handle import Cognito
    from cogmock.testing.mock import mock_cognito
    from cogmock.testing.pools import Pool, Tokens, User
    from cogmock.testing.server import CognitoServer

__all__ = ["Cognito", "CognitoServer", "Decision", "Message", "Pool", "Tokens", "User", "mock_cognito"]

_MODULES = {
    "Cognito": "cogmock.testing.handle",
    "CognitoServer": "cogmock.testing.server",
    "Decision": "cogmock.testing.decision",
    "Message": "cogmock.core.outbox",
    "Pool": "cogmock.testing.pools",
    "Tokens": "cogmock.testing.pools",
    "User": "cogmock.testing.pools",
    "mock_cognito": "cogmock.testing.mock",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
