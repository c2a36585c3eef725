"""Where the local certificate authority is kept: a folder that all servers of a user share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CERTIFICATE = "ca.pem"
WITH_KEY = "ca-key.pem"


def folder() -> Path:
    """In the user's cache folder. It need not exist yet."""
    return _cache() / "cogmock"


def _cache() -> Path:
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home())
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
