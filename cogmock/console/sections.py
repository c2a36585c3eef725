"""The sections of the console, in the order of the navigation."""

from __future__ import annotations

from typing import NamedTuple


class Section(NamedTuple):
    name: str
    """The last part of its address."""
    title: str
    key: str
    """The key that leads to it after `g`."""
    icon: str
    """The path of its drawing, in a square of 20."""


SECTIONS = (
    Section("start", "Start", "s", "M3 9.5 10 3l7 6.5V17h-5v-4.5H8V17H3z"),
    Section("inbox", "Inbox", "i", "M3 5h14v10.5H3zM3 6l7 5 7-5"),
    Section("calls", "Calls", "c", "M3 6.5h12l-3-3M17 13.5H5l3 3"),
    Section(
        "users",
        "Users",
        "u",
        "M10 9.5a3.2 3.2 0 1 0 0-6.5 3.2 3.2 0 0 0 0 6.5zM4 17c.6-3.4 2.8-4.8 6-4.8s5.4 1.4 6 4.8",
    ),
    Section(
        "identities",
        "Identities",
        "d",
        "M3 4.5h14v11H3zM8 8.7a1.6 1.6 0 1 1-3.2 0 1.6 1.6 0 0 1 3.2 0z"
        "M4.6 13c.3-1.2.9-1.7 1.8-1.7s1.5.5 1.8 1.7M11 8.5h3.5M11 11.5h3.5",
    ),
    Section(
        "pools",
        "Pools",
        "p",
        "M17 5.5C17 6.9 13.9 8 10 8S3 6.9 3 5.5 6.1 3 10 3s7 1.1 7 2.5z"
        "M3 5.5v9C3 15.9 6.1 17 10 17s7-1.1 7-2.5v-9M3 10c0 1.4 3.1 2.5 7 2.5s7-1.1 7-2.5",
    ),
    Section("tokens", "Tokens", "t", "M16.5 7.5a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM9.7 10.3 3.5 16.5M5.5 14.5l2 2"),
    Section("clock", "Clock", "l", "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 6v4.2l2.8 1.8"),
    Section(
        "access",
        "Access",
        "a",
        "M10 3l6 2.2v4.3c0 3.7-2.4 6.2-6 7.5-3.6-1.3-6-3.8-6-7.5V5.2zM7.3 9.8l2 2L13 8",
    ),
    Section("state", "State", "x", "M4 3h9l3 3v11H4zM7 3v4h5V3M7 17v-5h6v5"),
    Section("gallery", "Gallery", "y", "M3 4h6v5H3zM11 4h6v5h-6zM3 11h6v5H3zM11 11h6v5h-6z"),
)
