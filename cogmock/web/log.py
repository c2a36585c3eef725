"""The log: one line for each request, with the reason that AWS hides. Only the command line adds a handler."""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

from cogmock.core.journal import Entry
from cogmock.core.outbox import Message

log = logging.getLogger("cogmock")

SUBJECTS = (
    "Username",
    "GroupName",
    "ClientName",
    "PoolName",
    "IdentityPoolName",
    "RoleName",
    "UserPoolId",
    "IdentityPoolId",
    "IdentityId",
    "Resource",
)
"""Parameters that name the subject of a call; the first one present is logged."""
LONGEST = 200
_COLOURS = {"dim": "2", "bold": "1", "red": "31", "green": "32", "yellow": "33"}


@dataclass(slots=True, eq=False, repr=False)
class Line:
    """One line of the log. `str` gives it without the time."""

    status: int
    duration_ms: float
    operation: str
    region: str = ""
    account: str = ""
    detail: str = ""
    subject: str = ""
    error: str | None = None
    error_message: str | None = None
    reason: str | None = None
    request_id: str | None = None

    def __str__(self) -> str:
        return self.text(colour=False)

    def text(self, *, colour: bool) -> str:
        def paint(what: str, name: str) -> str:
            return painted(what, name) if colour else what

        outcome = paint("✓", "green")
        if self.error is not None:
            outcome = paint(f"✗ {self.error}", "red")
            if self.error_message and not self.reason:
                outcome += f": {shown(self.error_message)}"
        reason = paint(f"· {shown(self.reason)}", "yellow") if self.reason else ""
        parts = (
            paint(self.region, "dim"),
            paint(shown(self.operation or "?"), "bold"),
            shown(self.detail),
            shown(self.subject),
            outcome,
            reason,
            paint(f"{self.duration_ms:.1f} ms", "dim"),
        )
        return " ".join(filter(None, parts))


def log_call(entry: Entry) -> None:
    """Logs a call of an AWS API, or a request at a pool's domain."""
    level = logging.WARNING if entry.status >= 500 else logging.INFO
    if log.isEnabledFor(level):
        log.log(level, "%s", line_of(entry))


def line_of(entry: Entry) -> Line:
    if entry.kind != "api":
        return request_line(entry.method, entry.path, entry.status, entry.duration_ms, entry.reason)
    params = entry.parameters if isinstance(entry.parameters, dict) else {}
    return Line(
        status=entry.status,
        duration_ms=round(entry.duration_ms, 3),
        operation=entry.operation,
        region=entry.region,
        account=entry.account,
        detail=str(params.get("ChallengeName") or params.get("AuthFlow") or ""),
        subject=_subject(params),
        error=entry.error,
        error_message=entry.message,
        reason=entry.reason,
        request_id=entry.request_id,
    )


def log_request(
    method: str,
    path: str,
    status: int,
    milliseconds: float,
    level: int = logging.INFO,
) -> None:
    """Logs a request that is in no journal: control calls, documents, paths where nothing is."""
    level = logging.WARNING if status == 500 else level
    if log.isEnabledFor(level):
        log.log(level, "%s", request_line(method, path, status, milliseconds))


def request_line(method: str, path: str, status: int, milliseconds: float, reason: str | None = None) -> Line:
    return Line(
        status=status,
        duration_ms=round(milliseconds, 3),
        operation=method,
        subject=path,
        error=str(status) if status >= 400 else None,
        reason=reason,
    )


def log_message(sent: Message) -> None:
    """Logs the code of a message when it is sent, so that a developer sees it in the terminal."""
    if not sent.code:
        return
    from cogmock.userpools.rules.proofs import codes

    source = sent.trigger_source.rpartition("_")[2]
    what = "temporary password" if source == "AdminCreateUser" else "code"
    log.info("%s %s → %s, %s", what, sent.code, codes.masked(sent.destination), source)


def put_up(stream: TextIO, style: str, level: str) -> None:
    """Sends the log to a stream, in colours if that is a terminal. Only the command line calls it."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter(colour=wants_colour(stream)))
    log.handlers[:] = [handler]
    log.setLevel(level.upper())
    log.propagate = False


def wants_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painted(text: str, name: str) -> str:
    return f"\033[{_COLOURS[name]}m{text}\033[0m" if text else ""


def shown(text: str) -> str:
    """Text from a request, made safe: it cannot start a new line or send control characters to the terminal."""
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return (
        cut
        if cut.isprintable()
        else "".join(each if each.isprintable() else ascii(each)[1:-1] for each in cut)
    )


class TextFormatter(logging.Formatter):
    def __init__(self, *, colour: bool) -> None:
        super().__init__()
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        line = _line(record)
        text = line.text(colour=self._colour) if line else _marked(record, colour=self._colour)
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return f"{painted(at, 'dim') if self._colour else at} {text}{trace}"


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        content: dict[str, Any] = {"time": at.replace("+00:00", "Z"), "level": record.levelname.lower()}
        line = _line(record)
        content |= asdict(line) if line else {"message": record.getMessage()}
        if record.exc_info:
            content["trace"] = self.formatException(record.exc_info)
        return json.dumps(content, ensure_ascii=False)


def _line(record: logging.LogRecord) -> Line | None:
    arguments = record.args
    return (
        arguments[0]
        if isinstance(arguments, tuple) and arguments and isinstance(arguments[0], Line)
        else None
    )


def _marked(record: logging.LogRecord, *, colour: bool) -> str:
    text = record.getMessage()
    if record.levelno < logging.WARNING:
        return text
    name = record.levelname.lower()
    return f"{painted(name, 'yellow' if name == 'warning' else 'red') if colour else name}: {text}"


def _subject(params: dict[str, Any]) -> str:
    for answers in ("AuthParameters", "ChallengeResponses"):
        if isinstance(params.get(answers), dict) and params[answers].get("USERNAME"):
            return str(params[answers]["USERNAME"])
    return next((str(params[name]) for name in SUBJECTS if params.get(name)), "")
