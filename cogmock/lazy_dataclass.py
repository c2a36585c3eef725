"""Dataclasses with slots whose constructor is written when it is first needed, for modules that each start imports.

`dataclasses.dataclass` takes 0.3 ms for a class, nearly all of it to write methods. The state has some seventy classes,
of which a first pool needs a third, so each process would spend 15 ms on constructors that it never calls. Here a class
has its slots at once; its constructor, its `fields` and all else that the standard library adds come when asked for.
"""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING, Any

_lock = threading.RLock()

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - the type checker sees the real one
else:

    def dataclass(*, slots: bool, weakref_slot: bool = False, **options: bool) -> Any:
        """As the standard one with slots=True. Raises TypeError for options that it does not know."""
        unknown = options.keys() - {"eq", "repr", "kw_only"}
        if unknown or not slots:
            raise TypeError(
                f"only dataclasses with slots can wait, and none with {', '.join(unknown) or 'less'}"
            )
        return lambda described: _with_slots(described, options, weakref_slot=weakref_slot)


_ALWAYS = ("__init__", "__dataclass_fields__", "__dataclass_params__", "__match_args__", "__replace__")
"""What the standard library adds to each dataclass, the last from Python 3.13 on."""


def _with_slots(described: type, options: dict[str, bool], *, weakref_slot: bool) -> type:
    """The class with slots in place of its annotations, all of which must be fields."""
    names = tuple(vars(described).get("__annotations__", ()))
    apart = {*names, "__dict__", "__weakref__"}
    members = {name: member for name, member in vars(described).items() if name not in apart}
    members["__slots__"] = (*names, "__weakref__") if weakref_slot else names
    waiting = [*_ALWAYS, *(f"__{name}__" for name in ("eq", "repr") if options.get(name, True))]
    completion = _Completion(described, options, [name for name in waiting if name not in members])
    members |= {name: _Waiting(completion) for name in completion.waiting}
    if "__eq__" in members:
        members.setdefault("__hash__", None)  # what is compared by value, and may change, has no hash
    completion.made = type(described)(described.__name__, described.__bases__, members)
    return completion.made


class _Completion:
    """Lets the standard library complete a class as it was written, and takes over what that added."""

    def __init__(self, described: type, options: dict[str, bool], waiting: list[str]) -> None:
        self.waiting = waiting
        self.made: type
        self._described = described
        self._options = options
        self._is_done = False

    def __call__(self) -> None:
        with _lock:
            if self._is_done:
                return
            complete: Any = dataclasses.dataclass(**self._options)
            whole = vars(complete(self._described))
            for name in self.waiting:
                if name in whole:
                    setattr(self.made, name, whole[name])
                else:
                    delattr(self.made, name)
            self._is_done = True


class _Waiting:
    """Stands for a member of a class until somebody asks for it."""

    def __init__(self, complete: _Completion) -> None:
        self._complete = complete

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, row: object | None, owner: type) -> Any:
        self._complete()
        return getattr(owner if row is None else row, self._name)
