"""Binds the operations of a service to its model."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar

from cogmock.core.call import Call
from cogmock.core.operation import operations_of
from cogmock.errors import AwsError, InvalidParameterException, NotBuilt
from cogmock.version import DOCS
from cogmock.wire import model
from cogmock.wire.constraints import text

Function = Callable[[Call, dict[str, Any]], dict[str, Any] | None]


def not_built(name: str) -> NotBuilt:
    """The error of an operation that AWS has and cogmock does not offer."""
    return NotBuilt(
        f"cogmock does not offer {name} yet. {DOCS}/operations.md lists the operations that are there."
    )


class Backend:
    """A service. `subjects` maps module names to operations; a module is imported at the first call of one."""

    service: ClassVar[str]
    package: ClassVar[str]
    subjects: ClassVar[dict[str, str]]
    refusal: ClassVar[type[AwsError]] = InvalidParameterException
    """The error for parameters that break constraints of the model."""
    unsigned_too: ClassVar[frozenset[str]] = frozenset()
    """Operations that AWS accepts unsigned although the model requires a signature."""

    _subject_of: ClassVar[dict[str, str]]
    _functions: ClassVar[dict[str, Function]]

    def __init_subclass__(cls) -> None:
        cls._subject_of = {}
        cls._functions = {}
        for subject, names in cls.subjects.items():
            for name in names.split():
                if name in cls._subject_of:
                    raise TypeError(f"{cls.__name__}: {name} has two subjects")
                cls._subject_of[name] = subject

    @classmethod
    def model(cls) -> model.Model:
        return model.load(cls.service)

    @classmethod
    def function(cls, name: str) -> Function | None:
        """The function that implements an operation; None where it is not implemented."""
        if name not in cls._functions and name in cls._subject_of:
            cls.open_subject(cls._subject_of[name])
        return cls._functions.get(name)

    @classmethod
    def open_subject(cls, subject: str) -> None:
        """Imports a module of operations and checks its functions against the model."""
        path = f"{cls.package}.{subject}"
        if find_spec(path) is None:
            return
        aws_names = {name.lower(): name for name in cls.subjects[subject].split()}
        for function in operations_of(import_module(path)):
            name = aws_names.get(function.__name__.replace("_", ""))
            if name is None or name not in cls.model().operations:
                raise TypeError(f"{path}.{function.__name__} is no operation of this subject")
            cls._functions[name] = function

    @classmethod
    def answer(cls, call: Call, name: str, params: dict[str, Any]) -> dict[str, Any]:
        """Runs an operation. The parameters must have been checked against the model."""
        function = cls.function(name)
        if function is None:
            raise not_built(name)
        cls.admit(call, name, params)
        return function(call, params) or {}

    @classmethod
    def admit(cls, call: Call, name: str, params: dict[str, Any]) -> None:
        """Decides whether a call may run at all, before its operation. Raises AwsError."""

    @classmethod
    def ask(cls, call: Call, name: str, params: dict[str, Any]) -> dict[str, Any]:
        """Runs an operation for a caller inside cogmock; its parameters are checked as usual. Raises AwsError."""
        checked, problems = cls.model().operations[name].checked(params)
        if problems:
            raise cls.refuse(problems)
        return cls.answer(call, name, checked)

    @classmethod
    def refuse(cls, problems: list[str]) -> AwsError:
        """The error for parameters that break these constraints."""
        return cls.refusal(text(problems))
