"""Text for people: colours and lines of the terminal's width where standard output is a terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap

from cogmock.web.log import painted, wants_colour


def coloured(text: str, name: str) -> str:
    """Text in a colour of the log, where colours are wanted."""
    return painted(text, name) if wants_colour(sys.stdout) else text


def hanging(text: str, indent: int) -> str:
    """Text whose further lines are indented; elsewhere than on a terminal it is one line, for grep."""
    if not sys.stdout.isatty():
        return text
    width = max(shutil.get_terminal_size().columns - indent, 2 * indent)
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return f"\n{' ' * indent}".join(lines)
