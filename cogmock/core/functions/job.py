"""One invocation of a function: its ARN and its input."""

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
    """One invocation. `event` is JSON; `seconds` is the time limit."""

    arn: Arn
    event: bytes
    id: str
    seconds: float
    asynchronous: bool


def parsed(text: str) -> Arn | None:
    """The parts of a function ARN; None where the text is not one."""
    found = ARN.fullmatch(text)
    return Arn(text, found["region"], found["account"], found["name"], found["qualifier"]) if found else None
