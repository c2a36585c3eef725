"""`mock_cognito`: Cognito in this process, while a test runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, Unpack, overload

from cogmock.testing import active
from cogmock.testing.active import Run
from cogmock.testing.doors import Doors
from cogmock.testing.dummies import Dummies
from cogmock.testing.handle import Cognito

if TYPE_CHECKING:
    from cogmock.testing.options import Options

Params = ParamSpec("Params")
Result = TypeVar("Result")
Class = TypeVar("Class", bound=type)

_lock = threading.RLock()
_doors = Doors()
_dummies = Dummies()


class Mock:
    """Decorates functions, coroutines, generators and classes; a context manager; has `start` and `stop` besides.

    A mock that starts while another runs shares its world, so a decorated test sees what its fixtures made: always
    where it has no arguments, otherwise where they equal the other's. With other arguments it gets a new world.
    """

    def __init__(
        self, settings: Mapping[str, Any], passthrough: Iterable[str], *, keep_sessions: bool
    ) -> None:
        """Raises TypeError and ValueError for wrong options."""
        self._settings = {"issuer": "aws"} | (_checked(settings) if settings else {})
        self._passthrough = _services(passthrough) if passthrough else frozenset()
        self._keep_sessions = keep_sessions
        self._has_arguments = bool(settings or passthrough or not keep_sessions)
        self._runs: list[Run] = []

    def start(self) -> Cognito:
        """Raises InvalidConfig where `config` has faults; then nothing is mocked."""
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

    @overload
    def __call__(self, target: Class, /) -> Class: ...

    @overload
    def __call__(self, target: Callable[Params, Result], /) -> Callable[Params, Result]: ...

    def __call__(self, target: Any, /) -> Any:
        from cogmock.testing.decorate import decorated

        return decorated(self, target)

    def session(self) -> _Session:
        """One start and its stop, apart from those of other threads that use the same decorator."""
        return _Session(self)

    def _begin(self) -> Run:
        """A document is applied now, so that its faults are raised here, not within a call of the code under test."""
        run = self._joined_or_new()
        if self._settings.get("config"):
            try:
                _ = run.world
            except BaseException:
                _end(run)
                raise
        return run

    def _joined_or_new(self) -> Run:
        with _lock:
            run = active.seen()
            if run is not None and self._joins(run):
                run.starts += 1
                return run
            run = Run(self, self._settings, self._passthrough, keep_sessions=self._keep_sessions)
            if not active.running:
                _dummies.set()
                _doors.open()
                _make_keys_ahead()
            active.begin(run)
            return run

    def _joins(self, run: Run) -> bool:
        if run.owner is self or not self._has_arguments:
            return True
        from cogmock.testing.options import same

        return (self._passthrough, self._keep_sessions) == (run.passthrough, run.keep_sessions) and same(
            self._settings, run.settings
        )


class _Session:
    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    def __enter__(self) -> Run:
        self._run = self._mock._begin()  # noqa: SLF001  # a part of Mock
        return self._run

    def __exit__(self, *_: object) -> None:
        _end(self._run)


def _checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    from cogmock.testing.options import checked

    return checked("mock_cognito", settings, "passthrough", "keep_sessions")


def _services(passthrough: Iterable[str]) -> frozenset[str]:
    from cogmock.testing.options import services

    return services(passthrough)


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
def mock_cognito(target: Class, /) -> Class: ...


@overload
def mock_cognito(target: Callable[Params, Result], /) -> Callable[Params, Result]: ...


@overload
def mock_cognito(
    target: None = None,
    /,
    *,
    passthrough: Iterable[str] = (),
    keep_sessions: bool = True,
    **settings: Unpack[Options],
) -> Mock: ...


def mock_cognito(
    target: Any = None, /, *, passthrough: Iterable[str] = (), keep_sessions: bool = True, **settings: Any
) -> Any:
    """Answers Cognito's calls in this process, as a decorator or in a `with` statement.

    `settings` are those of `cogmock.settings.Settings`, for example `code="123456"`. Services named in `passthrough`
    ("cognito-idp", "cognito-identity", "sts", "iam") are left to the network, or to moto. With `keep_sessions=False`
    boto3's default session is made anew for each test, and clients share no models. Raises
    TypeError and ValueError for wrong options.
    """
    mock = Mock(settings, passthrough, keep_sessions=keep_sessions)
    return mock if target is None else mock(target)
