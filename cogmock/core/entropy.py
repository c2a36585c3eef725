"""The world's source of randomness for ids, codes and secrets. A seed makes it repeatable."""

from __future__ import annotations

import os
import random  # noqa: TID251 - the one place that draws
import string
from collections.abc import Callable

DIGITS = string.digits
LOWER = string.ascii_lowercase + string.digits
LETTERS = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits


class Entropy:
    """Random values from the operating system, or from a seeded generator."""

    __slots__ = ("bytes",)

    def __init__(self, seed: int | None = None) -> None:
        self.bytes: Callable[[int], bytes] = os.urandom if seed is None else random.Random(seed).randbytes  # noqa: S311 - a seed is asked for

    def text(self, length: int, alphabet: str = LETTERS) -> str:
        """Random characters of an alphabet. They have a bias below 1 %, which is acceptable for test data."""
        size = len(alphabet)
        drawn = self.bytes(2 * length)
        return "".join([alphabet[(drawn[i] << 8 | drawn[i + 1]) % size] for i in range(0, 2 * length, 2)])

    def uuid(self) -> str:
        """A version 4 UUID."""
        drawn = self.bytes(16).hex()
        return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-{'89ab'[int(drawn[16], 16) & 3]}{drawn[17:20]}-{drawn[20:]}"
