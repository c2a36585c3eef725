"""The decorator that marks a function as an operation of AWS."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, Literal, NamedTuple, TypeVar, overload

Function = TypeVar("Function", bound=Callable[..., Any])
Fidelity = Literal["full", "stored"]


class Operation(NamedTuple):
    """What is said of an operation: whether it has AWS's effect or only stores its parameters, and a note."""

    fidelity: Fidelity
    note: str


@overload
def operation(function: Function) -> Function: ...
@overload
def operation(*, fidelity: Fidelity) -> Callable[[Function], Function]: ...
def operation(function: Function | None = None, *, fidelity: Fidelity = "full") -> Any:
    """Marks a function as an operation. `fidelity="stored"`: parameters are kept and returned without effect."""

    def mark(function: Function) -> Function:
        note = (function.__doc__ or "").strip().split("\n")[0]
        function.operation = Operation(fidelity, note)  # type: ignore[attr-defined]  # read by operations_of
        return function

    return mark if function is None else mark(function)


def operations_of(module: ModuleType) -> list[Callable[..., Any]]:
    """The operations that a module defines, in their order there."""
    return [
        function
        for function in vars(module).values()
        if hasattr(function, "operation") and function.__module__ == module.__name__
    ]
