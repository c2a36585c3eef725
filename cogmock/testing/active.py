"""The mocks that run now, and which of them a request belongs to.

Several may run at once: nested, in threads of their own, in tasks of their own. A request belongs to the mock begun
last of those it can see; where it sees none (a thread that the tested code made), to the mock begun last of all.
"""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from cogmock.testing import calls

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from cogmock.core.world import World

_seen: ContextVar[tuple[int, ...]] = ContextVar("cogmock_seen", default=())
"""The serial numbers of the mocks begun in this context. Numbers, for a context may outlive its mocks."""

_serials = itertools.count(1)

running: list[Run] = []
"""Oldest first. Only `cogmock.testing.mock` changes it, under its lock."""


class Run:
    """One mock that runs, with its world and application, which are made at their first use."""

    def __init__(
        self, owner: object, settings: dict[str, Any], passthrough: frozenset[str], *, keep_sessions: bool
    ) -> None:
        self.owner = owner
        self.passthrough = passthrough
        self.keep_sessions = keep_sessions
        self.starts = 1
        self.serial = next(_serials)
        self.hints_told: set[str] = set()
        self.settings = settings
        self._public_url: str | None = None
        self._made: tuple[World, WSGIApplication] | None = None
        self._making = threading.Lock()
        self._thread = threading.get_ident()
        self._task = _current_task()

    @property
    def world(self) -> World:
        return (self._made or self._make())[0]

    @property
    def application(self) -> WSGIApplication:
        return (self._made or self._make())[1]

    @property
    def public_url(self) -> str:
        """The URL of the server that the mock takes the place of. Its stand-in providers are below it."""
        if self._public_url is None:
            from cogmock.settings import Settings

            self._public_url = Settings(**self.settings).url
        return self._public_url

    @property
    def may_block(self) -> bool:
        """Whether a call may wait for a Lambda function of the user's. On an event loop it then runs in a thread."""
        behind = self.settings.get("lambda_") or self.settings.get("lambda_endpoint")
        return bool(behind or (self._made is not None and self.world.functions))

    def is_seen_here(self) -> bool:
        if self.serial in _seen.get():
            return True
        # What a finished task began (an async fixture, say) belongs to the thread from then on.
        return self._thread == threading.get_ident() and (self._task is None or self._task.done())

    def close(self) -> None:
        if self._made is not None:
            calls.forget(self.world.journal)
            if self.world.keeper is not None:
                from cogmock.persistence.opening import stop_keeping

                stop_keeping(self.world)
            self.world.close()

    def _make(self) -> tuple[World, WSGIApplication]:
        with self._making:
            if self._made is None:
                self._made = build(self.settings)
                calls.note(self.world.journal)
            return self._made


def build_world(settings: dict[str, Any]) -> tuple[World, WSGIApplication]:
    from cogmock.core.world import World
    from cogmock.settings import Settings
    from cogmock.web.app import Application

    world = World(Settings(**_with_document(settings)))
    application = Application(world)
    if world.settings.state:
        from cogmock.persistence.opening import keep_state

        keep_state(world)
    if world.settings.config:
        from cogmock.core import own_server
        from cogmock.definitions.config import apply_config

        # The mock answers nothing before it is made, and the document may name its stand-in providers.
        own_server.register(world.settings, application)
        try:
            apply_config(world)
        finally:
            own_server.unregister(world.settings)
    return world, application


def _with_document(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings, with those of the `server` block of a document where none are given."""
    if not settings.get("config"):
        return settings
    from cogmock.definitions import server_settings
    from cogmock.testing.options import checked

    stated = server_settings.stated(settings["config"])
    values = {name: server_settings.value(name, node) for name, node in stated.items()}
    return checked("server", values) | settings


build: Callable[[dict[str, Any]], tuple[World, WSGIApplication]] = build_world


def current() -> Run | None:
    """The mock that answers a request made here and now."""
    if len(running) == 1:
        return running[0]
    return seen() or (running[-1] if running else None)


def seen() -> Run | None:
    """The last mock begun by this thread or task, or by one that it stems from."""
    return next((run for run in reversed(running) if run.is_seen_here()), None)


def begin(run: Run) -> None:
    alive = {other.serial for other in running}
    _seen.set((*(serial for serial in _seen.get() if serial in alive), run.serial))
    running.append(run)


def end(run: Run) -> None:
    running.remove(run)
    _seen.set(tuple(serial for serial in _seen.get() if serial != run.serial))


def _current_task() -> Any:
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or asyncio._get_running_loop() is None:  # noqa: SLF001 - documented, and raises nothing
        return None
    return asyncio.current_task()
