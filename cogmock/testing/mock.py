"""`mock_cognito`: Cognito in this process, while a test runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeVar, overload

from cogmock.testing import active
from cogmock.testing.active import Run
from cogmock.testing.doors import Doors
from cogmock.testing.dummies import Dummies
from cogmock.testing.handle import Cognito

Target = TypeVar("Target", bound=Callable[..., Any])

_lock = threading.RLock()
_doors = Doors()
_dummies = Dummies()


class Mock:
    """Decorates functions, coroutines, generators and classes, and is a context; `start` and `stop` do for the rest.

    A start within a running mock joins its world, so a decorated test sees what its fixtures made. With arguments of
    its own it gets a world of its own, which the outer one does not see.
    """

    def __init__(self, settings: dict[str, Any], passthrough: Iterable[str], *, keep_sessions: bool) -> None:
        if settings:
            from cogmock.settings import Settings

            Settings(**settings)  # a wrong name fails here, where it was written
        self._settings = settings
        self._passthrough = frozenset(passthrough)
        self._keep_sessions = keep_sessions
        self._runs: list[Run] = []

    def start(self) -> Cognito:
        run = self._begin()
        self._runs.append(run)
        return Cognito(run)

    def stop(self) -> None:
        if not self._runs:
            raise RuntimeError("this mock_cognito does not run: stop() came before start()")
        mine = [run for run in self._runs if run.is_seen_here()] or self._runs
        run = mine[-1]
        self._runs.reverse()
        self._runs.remove(run)
        self._runs.reverse()
        _end(run)

    def __enter__(self) -> Cognito:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __call__(self, target: Target) -> Target:
        from cogmock.testing.decorate import decorated

        mocked: Target = decorated(self, target)
        return mocked

    def session(self) -> _Session:
        """One start and its stop, apart from those of other threads that use the same decorator."""
        return _Session(self)

    def _begin(self) -> Run:
        with _lock:
            run = active.seen()
            if run is not None and (run.owner is self or not self._has_own_arguments()):
                run.starts += 1
                return run
            run = Run(
                self, {"issuer": "aws"} | self._settings, self._passthrough, keep_sessions=self._keep_sessions
            )
            if not active.running:
                _dummies.set()
                _doors.open()
                _make_keys_ahead()
            active.begin(run)
            return run

    def _has_own_arguments(self) -> bool:
        return bool(self._settings or self._passthrough or not self._keep_sessions)


class _Session:
    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    def __enter__(self) -> Run:
        self._run = self._mock._begin()  # noqa: SLF001  # a part of Mock
        return self._run

    def __exit__(self, *_: object) -> None:
        _end(self._run)


def _make_keys_ahead() -> None:
    """So that they are ready when boto3 has made its first client, which takes it 90 ms."""
    from cogmock.core.keys import STOCK

    STOCK.start()


def _end(run: Run) -> None:
    with _lock:
        run.starts -= 1
        if run.starts:
            return
        active.end(run)
        if not active.running:
            _doors.close()
            _dummies.restore()
    run.close()


@overload
def mock_cognito(target: Target, /) -> Target: ...


@overload
def mock_cognito(
    target: None = None, /, *, passthrough: Iterable[str] = (), keep_sessions: bool = True, **settings: Any
) -> Mock: ...


def mock_cognito(
    target: Any = None, /, *, passthrough: Iterable[str] = (), keep_sessions: bool = True, **settings: Any
) -> Any:
    """Answers Cognito's calls in this process, as a decorator or in a `with`.

    `settings` are those of `cogmock.settings.Settings`. Services named in `passthrough` ("sts", "iam" …) are left
    alone. With `keep_sessions=False` boto3's default session is made anew for each test.
    """
    mock = Mock(settings, passthrough, keep_sessions=keep_sessions)
    return mock if target is None else mock(target)
