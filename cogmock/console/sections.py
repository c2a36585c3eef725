"""The sections of the console, in the order of the navigation."""

from __future__ import annotations

from typing import NamedTuple


class Section(NamedTuple):
    name: str
    """The last part of its address, and the key that leads to it after `g`."""
    title: str
    key: str


SECTIONS = (
    Section("inbox", "Inbox", "i"),
    Section("calls", "Calls", "c"),
)
