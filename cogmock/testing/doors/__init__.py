"""The libraries through which requests leave a process, each patched while a mock runs.

A door is a module with a `patches` function, which yields what to replace in one library. It is loaded only once that
library is, and takes the library as an argument: cogmock imports none of them, and works beside any version of them.
What a version lacks is left as it is and logged once; a mock must never fail because another library has changed.
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

DOORS = {
    "botocore.httpsession": "botocore",
    "botocore.auth": "credentials",
    "botocore.client": "models",
    "botocore.hooks": "event_names",
    "boto3": "boto3",
    "moto.core.botocore_stubber": "moto",
    "moto.core.custom_responses_mock": "moto",
    "aiobotocore.httpsession": "aiobotocore",
    "aiobotocore.httpxsession": "aiobotocore",
    "urllib.request": "urllib",
    "urllib3.connectionpool": "urllib3",
    "requests.adapters": "requests",
    "httpx": "httpx",
    "httpx2": "httpx",
    "aiohttp.connector": "aiohttp",
}
"""A library's module → the door that patches it."""

Patch = tuple[str, Callable[[Any], Any]]
"""The dotted path of an attribute, from the library's module, and what makes the replacement from the original."""

log = logging.getLogger("cogmock")
_reported: set[str] = set()


class Doors:
    """Patches every library that is loaded, and those imported later. Closing restores them all.

    Each opening makes replacements of its own, which hold the originals they replaced. So another mock may patch over
    ours and restore ours after we are closed: ours then only calls the original.
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
        try:
            for path, make in _patches(library.__name__)(library):
                self._patch(library, path, make)
        except Exception as fault:  # noqa: BLE001 - the insides of another library may fail in any way
            _report(library, str(fault))

    def _patch(self, library: ModuleType, path: str, make: Callable[[Any], Any]) -> None:
        try:
            self._undo.append(_replace(library, path, make))
        except Exception as fault:  # noqa: BLE001 - as above; the library's other patches still apply
            _report(library, f"{path}: {fault}")


def _replace(library: ModuleType, path: str, make: Callable[[Any], Any]) -> Callable[[], None]:
    *owners, name = path.split(".")
    owner: Any = functools.reduce(getattr, owners, library)
    original = getattr(owner, name)
    is_inherited = name not in vars(owner)
    replacement = make(original)
    setattr(owner, name, replacement)

    def undo() -> None:
        # None stands for a value put aside: that comes back whatever a test has put there.
        if replacement is not None and vars(owner).get(name) is not replacement:
            return
        if is_inherited:
            delattr(owner, name)
        else:
            setattr(owner, name, original)

    return undo


def _report(library: ModuleType, fault: str) -> None:
    """Once per process and fault: a mock is started for each test."""
    name = library.__name__
    if f"{name} {fault}" in _reported:
        return
    _reported.add(f"{name} {fault}")
    top = sys.modules.get(name.partition(".")[0])
    version = getattr(top, "__version__", "of an unknown version")
    log.warning(
        "mock_cognito cannot patch %s %s, so calls that pass through it may not be answered in process (%s)",
        name,
        version,
        fault,
    )


@functools.cache
def _patches(library: str) -> Callable[[Any], Iterator[Patch]]:
    door: Any = import_module(f"{__name__}.{DOORS[library]}")
    patches: Callable[[Any], Iterator[Patch]] = door.patches
    return patches


class _Watch:
    """The first finder of the import system while a mock runs. It finds no modules: it notes which are imported."""

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
            if not hasattr(finder, "find_spec"):  # of the kind before Python 3.4
                continue
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
