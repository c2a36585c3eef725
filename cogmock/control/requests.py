"""Requests of the control API, and checks of their parameters. Errors say what is wrong and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cogmock import foreign_json

FLAGS = {"true": True, "1": True, "": True, "false": False, "0": False}


@dataclass(slots=True)
class ControlRequest:
    """`path` is the part after `/_cogmock`; `origin` is the scheme and host that the caller used."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    origin: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ControlResponse:
    """The response of a call that does not answer with JSON and status 200."""

    body: bytes | list[bytes]
    """A list of pieces is sent without being joined."""
    media_type: str
    status: int = 200


@dataclass(slots=True)
class ControlStream:
    """A response without an end. An empty piece says that there is nothing to send yet."""

    pieces: Iterator[bytes]
    media_type: str


class ControlError(Exception):
    """An error response. `error` is one word, `message` a sentence; `more` adds members to the JSON object."""

    def __init__(self, status: int, error: str, message: str, **more: Any) -> None:
        self.status = status
        self.more = more
        self.error = error
        self.message = message
        super().__init__(message)


def invalid(message: str) -> ControlError:
    return ControlError(400, "InvalidRequest", message)


def parameters(request: ControlRequest, *known: str) -> dict[str, str]:
    """The query. Unknown parameters are refused: a misspelled filter would otherwise filter nothing."""
    for name in request.query:
        if name not in known:
            raise invalid(f"There is no parameter {name!r} here. {_listed('Known are', known)}")
    return {name: value for name, value in request.query.items() if value}


def document(request: ControlRequest, *known: str) -> dict[str, Any]:
    """The JSON object in the body, without members that are null; without a body, an empty one."""
    return {name: value for name, value in stated(request, *known).items() if value is not None}


def stated(request: ControlRequest, *known: str) -> dict[str, Any]:
    """As `document`, with the members that are null."""
    try:
        content = foreign_json.read(request.body or b"{}")
    except foreign_json.NotJson as fault:
        raise invalid(f"The body is not JSON that can be read: {fault}.") from None
    if not isinstance(content, dict):
        raise invalid("The body must be a JSON object.")
    for name in content:
        if name not in known:
            raise invalid(f"There is no member {name!r} here. {_listed('Known are', known)}")
    return content


def text(content: dict[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"{name!r} must be given, as a string.")
    return value


def texts(content: dict[str, Any], name: str) -> list[str] | None:
    value = content.get(name)
    if value is not None and not (
        isinstance(value, list) and all(isinstance(each, str) and each for each in value)
    ):
        raise invalid(f"{name!r} must be a list of strings.")
    return value


def flag(query: dict[str, str], name: str) -> bool:
    """A parameter of the query that is true, false, or there without a value, which counts as true."""
    value = query.get(name, "false").lower()
    if value not in FLAGS:
        raise invalid(f"{name!r} must be true or false.")
    return FLAGS[value]


def whole_number(query: dict[str, str], name: str) -> int:
    value = query.get(name, "0")
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise invalid(f"{name!r} must be a whole number, not {value!r}.")
    return int(value)


def seconds(value: Any, name: str) -> float:
    """A finite number, from JSON or from a query."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise invalid(f"{name!r} must be a number of seconds.")
    return number


def moment(value: Any, name: str) -> float:
    """Epoch seconds of an ISO 8601 time. Without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        raise invalid(f"{name!r} must be an ISO 8601 time, for example 2026-05-01T12:00:00Z.") from None


def iso(at: float) -> str:
    """An ISO 8601 time in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _listed(start: str, known: tuple[str, ...]) -> str:
    return f"{start} {', '.join(known)}." if known else "None is known here."
