"""The libraries through which requests leave a process, each opened while a mock runs.

A door is a module with a `patches` function. It is loaded only once its library is, and takes the library as an
argument: cogmock imports none of them.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

DOORS = {
    "botocore.httpsession": "botocore",
    "botocore.auth": "credentials",
    "boto3": "boto3",
    "moto.core.botocore_stubber": "moto",
    "aiobotocore.httpsession": "aiobotocore",
    "aiobotocore.httpxsession": "aiobotocore",
    "urllib.request": "urllib",
    "urllib3.connectionpool": "urllib3",
    "requests.adapters": "requests",
    "httpx": "httpx",
    "httpx2": "httpx",
    "aiohttp.connector": "aiohttp",
}
"""A library's module → the door that opens it."""

Patch = tuple[Any, str, Callable[[Any], Any]]
"""Owner, attribute, and what makes the replacement from the original."""


class Doors:
    """Opens every door there is, and those of libraries imported later. Closing leaves no trace.

    Each opening makes replacements of its own, which hold the originals they replaced. So another mock may have put
    its own over ours, and take it off after we are gone: ours then only passes on.
    """

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []
        self._watch = _Watch(self._open)

    def open(self) -> None:
        for name in DOORS:
            library = sys.modules.get(name)
            if library is not None and not _is_being_imported(library):
                self._open(library)
        sys.meta_path.insert(0, self._watch)

    def close(self) -> None:
        sys.meta_path.remove(self._watch)
        while self._undo:
            self._undo.pop()()

    def _open(self, library: ModuleType) -> None:
        for owner, name, make in _patches(library.__name__)(library):
            self._undo.append(_replace(owner, name, make))


def _replace(owner: Any, name: str, make: Callable[[Any], Any]) -> Callable[[], None]:
    original = vars(owner)[name]
    replacement = make(original)
    setattr(owner, name, replacement)

    def undo() -> None:
        # None stands for a value put aside: that comes back whatever a test has put there.
        if replacement is None or vars(owner).get(name) is replacement:
            setattr(owner, name, original)

    return undo


@functools.cache
def _patches(library: str) -> Callable[[Any], Iterator[Patch]]:
    door: Any = import_module(f"{__name__}.{DOORS[library]}")
    patches: Callable[[Any], Iterator[Patch]] = door.patches
    return patches


class _Watch:
    """First of the import system's finders while a mock runs. It finds nothing itself."""

    def __init__(self, opened: Callable[[ModuleType], None]) -> None:
        self._opened = opened

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in DOORS:
            return None
        spec = next(self._found(name, path, target), None)
        if spec is not None and spec.loader is not None:
            self._open_after_import(spec)
        return spec

    def _found(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> Iterator[ModuleSpec]:
        others: Iterable[Any] = [finder for finder in sys.meta_path if finder is not self]
        for finder in others:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                yield spec

    def _open_after_import(self, spec: ModuleSpec) -> None:
        loader: Any = spec.loader
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            if module.__name__ == spec.name:
                loader.__dict__.pop("exec_module", None)
                if self in sys.meta_path:
                    self._opened(module)

        loader.exec_module = exec_module


def _is_being_imported(library: ModuleType) -> bool:
    return bool(getattr(library.__spec__, "_initializing", False))
