"""Reads the modules of Python functions anew while the process goes on, for `cogmock serve --reload`.

A function and what it imports from its own project are imported together, so that no function runs with a part of the
old code and a part of the new. Where one of them cannot be imported, all stay as they were.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Mapping
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

from cogmock.core.function_targets import is_url
from cogmock.core.functions import invoke
from cogmock.core.functions.failures import FunctionFailed
from cogmock.core.world import World

INSTALLED = {"site-packages", "dist-packages"}
"""Folders of libraries. These change only when they are installed anew."""


def folders(world: World) -> set[Path]:
    """Where the modules of the functions are, and where others beside them would be found."""
    names = _tops(world)
    return set(_roots(names)) | {file.parent for file in files(world)}


def files(world: World) -> set[Path]:
    """The files of the functions and of what they import from their project."""
    return {Path(str(each.__file__)) for each in _project(_tops(world)).values()}


def reload(world: World) -> None:
    """Imports all functions anew. Raises FunctionFailed with file and line; then the old ones go on."""
    names = _tops(world)
    before = _project(names)
    _forget(before)
    invalidate_caches()
    try:
        found = {target: _function(target) for target in _python_targets(world)}
    except FunctionFailed:
        _forget(_project(names))
        _restore(before)
        raise
    world.callables = found


def _python_targets(world: World) -> list[str]:
    return [target for target in world.function_targets.values() if not is_url(target)]


def _tops(world: World) -> set[str]:
    """The packages, or modules, that the targets begin with."""
    return {target.partition(":")[0].partition(".")[0] for target in _python_targets(world)}


def _roots(names: set[str]) -> Iterator[Path]:
    """The folders in which these packages are."""
    for name in names:
        module = sys.modules.get(name)
        file = getattr(module, "__file__", None)
        if file:
            path = Path(file)
            yield path.parent.parent if path.name == "__init__.py" else path.parent
        else:
            yield from (Path(place).parent for place in getattr(module, "__path__", ()))


def _project(names: set[str]) -> dict[str, ModuleType]:
    """Name → module, of the project that the functions belong to."""
    roots = list(_roots(names))
    return {
        name: module
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] not in {"cogmock", "__main__"} and _is_within(name, module, roots, names)
    }


def _is_within(name: str, module: ModuleType, roots: list[Path], names: set[str]) -> bool:
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not file.endswith(".py"):
        return False
    path = Path(file)
    if INSTALLED.intersection(path.parts):
        return name.partition(".")[0] in names
    return any(path.is_relative_to(root) for root in roots)


def _forget(modules: Mapping[str, ModuleType]) -> None:
    """A package without `__init__.py` stays and loses its names for modules, which `from app import rules` reads."""
    for name in modules:
        sys.modules.pop(name, None)
        above, _, own = name.rpartition(".")
        if above in sys.modules:
            vars(sys.modules[above]).pop(own, None)


def _restore(modules: Mapping[str, ModuleType]) -> None:
    sys.modules.update(modules)
    for name, module in modules.items():
        above, _, own = name.rpartition(".")
        if above in sys.modules:
            setattr(sys.modules[above], own, module)


def _function(target: str) -> invoke.Function:
    """Raises FunctionFailed, also for a module that ends the process."""
    module = target.partition(":")[0]
    try:
        import_module(module)
    except BaseException as error:
        raise FunctionFailed(str(error), f"{target} cannot be imported: {_described(error)}") from error
    return invoke.imported(target)


def _described(error: BaseException) -> str:
    place = _place(error)
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    kind = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{place}: {kind}" if place else kind


def _place(error: BaseException) -> str:
    """File and line of a user's code; "" where the module itself is not found."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{short(Path(error.filename))}:{error.lineno}"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename != __file__
        and not frame.filename.startswith("<frozen ")
        and "importlib" not in frame.filename
    ]
    return f"{short(Path(frames[-1].filename))}:{frames[-1].lineno}" if frames else ""


def short(path: Path) -> str:
    """A path from the current folder, where it is in there."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
