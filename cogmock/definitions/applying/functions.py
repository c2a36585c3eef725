"""Lambda functions that a document names: Python callables, and URLs."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from cogmock.definitions.applying.run import Run
from cogmock.definitions.definition import Definitions


def apply(run: Run, stated: Definitions) -> None:
    """Registers the functions. A module is looked for in the document's folder too."""
    targets = run.world.function_targets
    before = dict(targets)

    def restore() -> None:
        targets.clear()
        targets.update(before)

    run.undo.step(restore)
    for name, function in stated.functions.items():
        if not function.target.startswith(("http://", "https://")):
            try:
                _check(function.target, stated.folder)
            except Exception as error:  # noqa: BLE001 - whatever a user's module raises while it is imported
                problem = f"{type(error).__name__}: {error}"
                run.faults.append(function.node.fault(f"{function.target} cannot be imported: {problem}"))
        targets[name] = function.target


def _check(target: str, folder: Path | None) -> None:
    """Imports a callable now, so that a misspelled name is reported at once and not at the first sign-up."""
    module, _, name = target.partition(":")
    place = str((folder or Path()).resolve())
    if place not in sys.path:
        sys.path.insert(0, place)
    found: object = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise TypeError(f"{name} is a {type(found).__name__}, not a function")
