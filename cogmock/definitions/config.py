"""The document of `--config`: applied at the start, and again when a reset asks for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cogmock.core.world import World
from cogmock.definitions import load
from cogmock.definitions.applying.document import apply
from cogmock.definitions.applying.report import Report
from cogmock.definitions.applying.run import Progress
from cogmock.definitions.definition import Definitions
from cogmock.definitions.faults import InvalidConfig


def read_config(config: str | os.PathLike[str] | Mapping[str, Any]) -> Definitions:
    """The definitions of a file, or of plain data. Raises InvalidConfig."""
    return load.load_file(Path(config)) if isinstance(config, str | os.PathLike) else load.load_data(config)


def apply_config(world: World, progress: Progress | None = None) -> Report:
    """Applies the world's own document. Raises InvalidConfig, with nothing changed."""
    config = world.settings.config
    try:
        return apply(world, read_config(config), progress=progress)
    except InvalidConfig as invalid:
        raise invalid.in_file(config) if isinstance(config, str) else invalid from None
