"""The setting `--lambda`: where Lambda functions are."""

from __future__ import annotations

import re

PATH = re.compile(r"[\w.]+:[\w.]+")


def parsed(settings: tuple[str, ...]) -> dict[str, str]:
    """Name → `module:callable` or URL. Raises ValueError where a setting is not in the form NAME=TARGET."""
    targets = {}
    for setting in settings:
        name, separator, target = setting.partition("=")
        if not separator or not name or not (is_url(target) or PATH.fullmatch(target)):
            raise ValueError(f"--lambda {setting}: give NAME=module:callable or NAME=URL")
        targets[name] = target
    return targets


def is_url(target: str) -> bool:
    return target.startswith(("http://", "https://"))
