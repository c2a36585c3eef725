"""Replaces boto3's default session while a mock runs; sessions made for mocks are reused by later mocks.

A new session costs 55 ms, since it reads botocore's data again. A kept one is used only where a new one would be no
different: the AWS_ variables and the config files are the same, and it has not been altered since it was made.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cogmock.testing.active import current
from cogmock.testing.doors import Patch

_MOST = 4
_kept: dict[Any, tuple[Any, _Mark]] = {}
"""What a session is made from → the session, and its state when it was new. The last used comes last."""


def patches(boto3: Any) -> Iterator[Patch]:
    yield "DEFAULT_SESSION", lambda _users_own: None
    yield "setup_default_session", lambda original: _setup(original, boto3)


def _setup(original: Any, boto3: Any) -> Any:
    def setup_default_session(**kwargs: Any) -> None:
        run = current()
        if kwargs or run is None or not run.keep_sessions:
            original(**kwargs)
            return
        key = _surroundings()
        kept = _kept.pop(key, None)
        if kept is None or not kept[1].still_holds(kept[0]):
            session = boto3.Session()
            kept = session, _Mark(session)
        _kept[key] = kept
        if len(_kept) > _MOST:
            del _kept[next(iter(_kept))]
        boto3.DEFAULT_SESSION = kept[0]

    return setup_default_session


class _Mark:
    """Tells whether a session was altered. One whose insides are not as expected counts as altered."""

    def __init__(self, session: Any) -> None:
        self._seen = _insides(session)

    def still_holds(self, session: Any) -> bool:
        then, now = self._seen, _insides(session)
        if then is None or now is None:
            return False
        same = all(one is other for one, other in zip(then[0], now[0], strict=True))
        return same and then[1] == now[1]


def _insides(session: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]] | None:
    """What must be the very same object, and what must be equal."""
    try:
        inner = session._session
        # botocore begins a new cache whenever a handler is registered or unregistered.
        handlers = inner.get_component("event_emitter")._emitter._lookup_cache
        return (
            (handlers, inner.get_default_client_config()),
            (
                dict(inner.instance_variables()),
                inner.user_agent_name,
                inner.user_agent_version,
                inner.user_agent_extra,
            ),
        )
    except AttributeError:
        return None


def _surroundings() -> Any:
    """All that a new session would be made from."""
    environ = os.environ
    home = Path.home() / ".aws"
    files = (
        environ.get("AWS_CONFIG_FILE", home / "config"),
        environ.get("AWS_SHARED_CREDENTIALS_FILE", home / "credentials"),
    )
    return (
        tuple(sorted((name, value) for name, value in environ.items() if name.startswith(("AWS_", "BOTO")))),
        tuple(_state_of(Path(file).expanduser()) for file in files),
        # moto adds its handler here when it is imported: a session made before that never meets it.
        len(sys.modules["botocore.handlers"].BUILTIN_HANDLERS),
    )


def _state_of(file: Path) -> Any:
    try:
        stat = file.stat()
    except OSError:
        return str(file)
    return str(file), stat.st_mtime_ns, stat.st_size
