"""The settings document of managed login: its defaults, its checks, and how two documents are merged."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from cogmock.errors import InvalidParameterException
from cogmock.state.managed_branding import Asset

Tree = dict[str, Any]

COLOR = re.compile(r"[0-9a-fA-F]{8}")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
LARGEST_RADIUS = 1000
START, END = ("START", "LEFT", "TOP"), ("END", "RIGHT", "BOTTOM")
# inferred: the words, of which AWS publishes no list; START and CENTER were seen.
PLACES = {*START, "CENTER", *END}
WORDS: dict[str, set[str]] = {
    "categories.global.colorSchemeMode": {"LIGHT", "DARK", "DYNAMIC"},
    "categories.form.location.horizontal": PLACES - {"TOP", "BOTTOM"},
    "categories.form.location.vertical": PLACES - {"LEFT", "RIGHT"},
    "components.form.logo.formInclusion": {"IN", "OUT"},
    "components.form.logo.location": PLACES - {"TOP", "BOTTOM"},
    "components.form.logo.position": {"TOP", "BOTTOM"},
    "components.pageHeader.logo.location": PLACES - {"TOP", "BOTTOM"},
    "components.pageFooter.logo.location": PLACES - {"TOP", "BOTTOM"},
}
"""Path → the words that are accepted there. Elsewhere any word is accepted and has no effect."""
FAVICONS = {"ICO", "SVG"}
BACKGROUND = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 1000" preserveAspectRatio="xMidYMid slice">'
    '<defs><radialGradient id="a" cx="0" cy="0" r="1"><stop stop-color="{0}" stop-opacity="{2}"/>'
    '<stop offset="1" stop-color="{0}" stop-opacity="0"/></radialGradient>'
    '<radialGradient id="b" cx="1" cy="1" r="1"><stop stop-color="{1}" stop-opacity="{2}"/>'
    '<stop offset="1" stop-color="{1}" stop-opacity="0"/></radialGradient></defs>'
    '<path fill="url(#a)" d="M0 0h1600v1000H0z"/><path fill="url(#b)" d="M0 0h1600v1000H0z"/></svg>'
)
ASSETS = (
    Asset("PAGE_BACKGROUND", "LIGHT", "SVG", BACKGROUND.format("#7fb2f0", "#b49be8", ".22").encode()),
    Asset("PAGE_BACKGROUND", "DARK", "SVG", BACKGROUND.format("#2f6fb8", "#6a4fb0", ".24").encode()),
)
"""The images of a style that has none of its own."""


@cache
def _text() -> str:
    return (files("cogmock.userpools.rules") / "managed_style.json").read_text(encoding="utf-8")


def defaults() -> Tree:
    """A new copy of the default document. Documents may have no members but those in it."""
    tree: Tree = json.loads(_text())
    return tree


def merged(under: Tree, over: Tree) -> Tree:
    """Two documents as one: objects are merged member by member; of other values that of `over` is taken."""
    whole = dict(under)
    for name, value in over.items():
        below = whole.get(name)
        whole[name] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return whole


def with_default_assets(assets: list[Asset]) -> list[Asset]:
    """The images of a style, and the default ones of categories in which it has none."""
    brought = {asset.category for asset in assets}
    return [*assets, *(asset for asset in ASSETS if asset.category not in brought)]


def check(settings: Any) -> None:
    """Raises InvalidParameterException. inferred: the wording."""
    if not isinstance(settings, dict):
        raise InvalidParameterException("Settings must be a JSON object.")
    _check_tree(settings, defaults(), "")


def _check_tree(given: Tree, known: Tree, path: str) -> None:
    for name, value in given.items():
        at = f"{path}.{name}" if path else name
        if path == "components.idpButton.custom":
            # A button of a single provider has the members of the standard button.
            _check_value(value, defaults()["components"]["idpButton"]["standard"], at)
        elif name not in known:
            raise InvalidParameterException(f"Settings has no member {at[:200]}.")
        else:
            _check_value(value, known[name], at)


def _check_value(value: Any, known: Any, at: str) -> None:
    if isinstance(known, dict):
        if not isinstance(value, dict):
            raise InvalidParameterException(f"{at} in Settings must be an object.")
        _check_tree(value, known, at)
        return
    fits, wanted = _demand(known, at)
    if not fits(value):
        raise InvalidParameterException(f"{at} in Settings must be {wanted}.")


def _demand(known: Any, at: str) -> tuple[Callable[[Any], bool], str]:
    if at == "components.favicon.enabledTypes":
        return _favicons, "a list of ICO and SVG"
    if isinstance(known, list):
        return _words, "a list of words, of lists or of objects of words"
    if isinstance(known, bool):
        return lambda value: isinstance(value, bool), "true or false"
    if isinstance(known, float):
        return _radius, f"a number from 0 to {LARGEST_RADIUS}"
    if COLOR.fullmatch(known):
        return lambda value: isinstance(value, str) and bool(COLOR.fullmatch(value)), "8 hex digits, RRGGBBAA"
    words = WORDS.get(at)
    if words:
        return lambda value: isinstance(value, str) and value in words, f"one of {', '.join(sorted(words))}"
    return lambda value: isinstance(value, str) and bool(WORD.fullmatch(value)), "a word"


def _favicons(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word in FAVICONS for word in value)


def _radius(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and 0 <= value <= LARGEST_RADIUS


def _words(value: Any, depth: int = 3) -> bool:
    """Lists have no effect here; they are stored if they have the shape of AWS's lists."""
    if not isinstance(value, list) or not depth:
        return False
    return all(
        _words(item, depth - 1)
        if isinstance(item, list)
        else all(
            isinstance(word, str) and len(word) <= 100
            for word in (item.values() if isinstance(item, dict) else [item])
        )
        for item in value
    )
