"""What `@mock_cognito` decorates: functions, coroutines, generators and test classes."""

from __future__ import annotations

import functools
import inspect
import sys
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Mock(Protocol):
    """What runs around a target: a session for each run of a function, start and stop around each test of a class."""

    def session(self) -> AbstractContextManager[Any]: ...
    def start(self) -> Any: ...
    def stop(self) -> None: ...


def decorated(mock: Mock, target: Any) -> Any:
    if isinstance(target, type):
        return _class(mock, target)
    if inspect.iscoroutinefunction(target):
        return _coroutine(mock, target)
    if inspect.isasyncgenfunction(target):
        return _async_generator(mock, target)
    if inspect.isgeneratorfunction(target):
        return _generator(mock, target)
    if type(target).__module__.startswith("_pytest."):
        raise TypeError("@mock_cognito belongs beneath @pytest.fixture, not above it")
    return _function(mock, target)


def _function(mock: Mock, target: Any) -> Any:
    @functools.wraps(target)
    def mocked(*args: Any, **kwargs: Any) -> Any:
        with mock.session():
            return target(*args, **kwargs)

    return mocked


def _coroutine(mock: Mock, target: Any) -> Any:
    @functools.wraps(target)
    async def mocked(*args: Any, **kwargs: Any) -> Any:
        with mock.session():
            return await target(*args, **kwargs)

    return mocked


def _generator(mock: Mock, target: Any) -> Any:
    @functools.wraps(target)
    def mocked(*args: Any, **kwargs: Any) -> Any:
        with mock.session():
            return (yield from target(*args, **kwargs))

    return mocked


def _async_generator(mock: Mock, target: Any) -> Any:
    @functools.wraps(target)
    async def mocked(*args: Any, **kwargs: Any) -> Any:
        with mock.session():
            async for value in target(*args, **kwargs):
                yield value

    return mocked


def _class(mock: Mock, target: type) -> type:
    unittest = sys.modules.get("unittest")
    if unittest is not None and issubclass(target, unittest.TestCase):
        return _test_case(mock, target)
    return _plain_class(mock, target)


def _test_case(mock: Mock, target: Any) -> type:
    """`run` covers setUp, the test, tearDown and the cleanups. All tests of the class share what setUpClass makes."""
    run = target.run

    @functools.wraps(run)
    def mocked(self: Any, result: Any = None) -> Any:
        with mock.session():
            return run(self, result)

    target.run = mocked
    if "setUpClass" in vars(target):
        set_up = target.setUpClass.__func__

        @functools.wraps(set_up)
        def set_up_class(cls: Any) -> None:
            mock.start()
            cls.addClassCleanup(mock.stop)
            set_up(cls)

        target.setUpClass = classmethod(set_up_class)
    return target  # type: ignore[no-any-return]  # unittest's own type is not asked for


def _plain_class(mock: Mock, target: Any) -> type:
    """A class of pytest's kind: setup_method, fixtures and test share a world.

    All tests of the class share what setup_class makes. A test that is called directly has a world of its own.
    """
    for name, member in list(vars(target).items()):
        if isinstance(member, type) and name.startswith("Test"):
            setattr(target, name, _class(mock, member))
        elif name.startswith("test") and inspect.isfunction(member):
            setattr(target, name, decorated(mock, member))
    target.setup_method = _set_up(mock, getattr(target, "setup_method", None))
    target.teardown_method = _tear_down(mock, getattr(target, "teardown_method", None))
    if "setup_class" in vars(target):
        target.setup_class = classmethod(_set_up(mock, _underlying(target.setup_class)))
        target.teardown_class = classmethod(
            _tear_down(mock, _underlying(getattr(target, "teardown_class", None)))
        )
    return target  # type: ignore[no-any-return]  # the class that came in


def _set_up(mock: Mock, own: Any) -> Any:
    def set_up(self: Any, method: Any = None) -> None:
        mock.start()
        try:
            _call(own, self, method)
        except BaseException:
            mock.stop()
            raise

    return set_up


def _tear_down(mock: Mock, own: Any) -> Any:
    def tear_down(self: Any, method: Any = None) -> None:
        try:
            _call(own, self, method)
        finally:
            mock.stop()

    return tear_down


def _underlying(method: Any) -> Any:
    return getattr(method, "__func__", method)


def _call(function: Any, self: Any, method: Any) -> None:
    """Pytest lets setup_method leave its parameter out."""
    if function is not None:
        takes = len(inspect.signature(function).parameters)
        function(*(self, method)[:takes])
