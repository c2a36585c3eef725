"""What an invocation is: the function's ARN, and what goes in."""

from __future__ import annotations

import re
from typing import NamedTuple

ARN = re.compile(
    r"arn:[\w-]+:lambda:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12})"
    r":function:(?P<name>[\w-]{1,140})(?::(?P<qualifier>[\w$-]{1,128}))?",
    re.ASCII,
)


class Arn(NamedTuple):
    """A function as its ARN names it."""

    text: str
    region: str
    account: str
    name: str
    qualifier: str | None


class Job(NamedTuple):
    """One invocation: what goes in, its id, and how many seconds it may take."""

    arn: Arn
    event: bytes
    id: str
    seconds: float
    asynchronous: bool


def parsed(text: str) -> Arn | None:
    """An ARN of a function, or None where it is none."""
    found = ARN.fullmatch(text)
    return Arn(text, found["region"], found["account"], found["name"], found["qualifier"]) if found else None
