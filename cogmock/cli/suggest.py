"""An argument parser that names what was perhaps meant: `cogmock helth`, `cogmock serve --por 0`."""

from __future__ import annotations

import argparse
import difflib
import re
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(message + self._hint(message))

    def _hint(self, message: str) -> str:
        wrong = re.search(r"invalid choice: '([^']+)'", message)
        if wrong:
            return _meant(wrong[1], re.findall(r"'?([\w-]+)'?", message.partition("choose from")[2]))
        wrong = re.search(r"unrecognized arguments: (--[\w-]+)", message)
        return _meant(wrong[1], list(self._option_string_actions)) if wrong else ""


def _meant(wrong: str, known: list[str]) -> str:
    alike = difflib.get_close_matches(wrong, known, 1)
    return f" (did you mean {alike[0]}?)" if alike else ""
