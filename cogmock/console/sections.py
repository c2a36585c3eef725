"""The sections of the console, in the order of the navigation."""

from __future__ import annotations

from typing import NamedTuple


class Section(NamedTuple):
    name: str
    """The last part of its address, and the key that leads to it after `g`."""
    title: str
    key: str


SECTIONS = (
    Section("start", "Start", "s"),
    Section("inbox", "Inbox", "i"),
    Section("calls", "Calls", "c"),
    Section("users", "Users", "u"),
    Section("identities", "Identities", "d"),
    Section("pools", "Pools", "p"),
    Section("tokens", "Tokens", "t"),
    Section("clock", "Clock", "l"),
    Section("access", "Access", "a"),
    Section("state", "State", "x"),
    Section("gallery", "Gallery", "y"),
)
