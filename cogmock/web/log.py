"""The log: one line for each request, with the reason that AWS hides. Only the command line adds a handler."""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TextIO

from cogmock.core import subject
from cogmock.core.journal import Entry
from cogmock.core.outbox import Message
from cogmock.core.world import ACCOUNT, REGION, World
from cogmock.lazy_dataclass import dataclass
from cogmock.wire.mask import HIDDEN

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
    "Api",
)
"""Parameters that name the subject of a call; the first one present is logged."""
PAGES = {
    "/login": "sign-in",
    "/signup": "sign-up",
    "/confirm": "confirm sign-up",
    "/confirmUser": "confirmation link",
    "/forgotPassword": "forgot password",
    "/confirmForgotPassword": "reset password",
    "/changePassword": "new password",
    "/challenge": "first factor",
    "/mfa": "second factor",
    "/passkeys/add": "add passkey",
    "/logout": "sign-out",
    "/error": "error page",
}
"""Path of a page → what the log calls it. A visit that sends no form has "page" after the name."""
QUIET = ("/favicon.ico", "/.well-known/")
"""What paths contain that browsers and libraries fetch by themselves; their lines are dim."""
LONGEST = 200
LONGEST_REASON = 2000
CONTINUED = "\n" + " " * 11
"""Before the second and later lines of a reason: they stand below the operation, and cannot be taken for calls."""
OPERATION, SUBJECT, DURATION = 26, 20, 9
"""Characters of the columns. A long operation takes the place of an empty subject."""
USUAL = {"region": REGION, "account": ACCOUNT}
"""Region and account that are not shown in the text form."""
_COLOURS = {
    "dim": "2",
    "bold": "1",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "magenta": "35",  # for what must be read: yellow is hardly seen on a white background
    "loud": "1;7",  # reversed: no colour stands out on all backgrounds
}


@dataclass(slots=True, eq=False, repr=False)
class Line:
    """One line of the log. `str` gives it without the time."""

    status: int
    duration_ms: float
    operation: str
    region: str = ""
    account: str = ""
    user_pool_id: str = ""
    username: str = ""
    detail: str = ""
    subject: str = ""
    outcome: str = ""
    """Where the response of a page leads."""
    error: str | None = None
    error_message: str | None = None
    reason: str | None = None
    request_id: str | None = None
    refused: bool = False
    quiet: bool = False

    def __str__(self) -> str:
        return self.text(colour=False)

    def text(self, *, colour: bool) -> str:
        """Mark, operation, subject and duration in columns; then what else is known, of a refusal the reason."""

        def paint(what: str, name: str) -> str:
            return painted(what, name) if colour else what

        mark = paint("✗", "red") if self.refused else paint("✓", "green")
        operation = f"{shown(self.operation or '?'):<{OPERATION}}"
        subject = shown(self.subject).ljust(OPERATION + SUBJECT - len(operation))
        columns = (
            paint(operation, "bold"),
            subject,
            paint(f"{self.duration_ms:.1f} ms".rjust(DURATION), "dim"),
        )
        # What follows a refusal is the most important of the line.
        error = paint(self.error or "", "red")
        explained = self.reason or self.error_message or ""
        refusal = " · ".join(filter(None, (error, paint(whole(explained), "magenta") if explained else "")))
        usual = (getattr(self, name) for name, value in USUAL.items() if getattr(self, name) != value)
        rest = (
            f"→ {shown(self.outcome)}" if self.outcome else "",
            shown(self.detail),
            refusal,
            *(paint(value, "dim") for value in usual),
        )
        text = "  ".join(filter(None, (f"{mark} {' '.join(columns)}", *rest)))
        return painted(str(self), "dim") if colour and self.quiet else text


def log_call(world: World, entry: Entry) -> None:
    """Logs a call of an AWS API, or a request at a pool's domain."""
    level = logging.WARNING if entry.status >= 500 else logging.INFO
    if world.is_logged and log.isEnabledFor(level):
        line = line_of(entry)
        line.user_pool_id = subject.user_pool_id(world, entry)
        log.log(level, "%s", line)


def line_of(entry: Entry) -> Line:
    if entry.kind != "api":
        return visit_line(entry)
    params = entry.parameters if isinstance(entry.parameters, dict) else {}
    return Line(
        status=entry.status,
        duration_ms=round(entry.duration_ms, 3),
        operation=entry.operation,
        region=entry.region,
        account=entry.account,
        username=subject.username(entry),
        detail=str(params.get("ChallengeName") or params.get("AuthFlow") or ""),
        subject=subject.username(entry) or named_by(params),
        error=entry.error,
        error_message=entry.message,
        reason=entry.reason,
        request_id=entry.request_id,
        refused=entry.is_refused,
    )


def visit_line(entry: Entry) -> Line:
    """The line of a page or an OAuth endpoint, which names it in words."""
    status = f"{entry.status}" if entry.status >= 400 else None
    return Line(
        status=entry.status,
        duration_ms=round(entry.duration_ms, 3),
        operation=page_name(entry.method, entry.path),
        region=entry.region,
        account=entry.account,
        username=entry.username,
        subject=entry.username,
        outcome=entry.outcome,
        error=entry.error or status,
        error_message=entry.message,
        reason=entry.reason,
        request_id=entry.request_id,
        refused=entry.is_refused,
    )


def page_name(method: str, path: str) -> str:
    name = PAGES.get(path)
    if name is None:
        return f"{method} {path}"
    return name if method == "POST" or path in {"/error", "/logout", "/confirmUser"} else f"{name} page"


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


def request_line(method: str, path: str, status: int, milliseconds: float) -> Line:
    return Line(
        status=status,
        duration_ms=round(milliseconds, 3),
        operation=f"{method} {path}",
        error=str(status) if status >= 400 else None,
        refused=status >= 400,
        quiet=any(part in path for part in QUIET),
    )


def log_message(sent: Message) -> None:
    """Logs the code or link of a message when it is sent, so that a developer sees it in the terminal."""
    carried = sent.link or sent.code
    if not carried:
        return
    source = sent.trigger_source.rpartition("_")[2]
    what = "link" if sent.link else "temporary password" if source == "AdminCreateUser" else "code"
    log.info("%s", MessageLine(f"✉ {what} {carried}", sent.destination, source))


@dataclass(slots=True, eq=False, repr=False)
class MessageLine:
    """The line of a message that was sent: the loudest of the log, as somebody waits for it."""

    carried: str
    to: str
    source: str

    def __str__(self) -> str:
        return self.text(colour=False)

    def text(self, *, colour: bool) -> str:
        carried = painted(self.carried, "loud") if colour else self.carried
        return f"{carried}  to {shown(self.to)} · {self.source}"


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
    return safe(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def whole(text: str) -> str:
    """A reason, which is not cut as `shown` does it: what decides often stands at its end. Its lines are indented."""
    cut = text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}…"
    return CONTINUED.join(map(safe, cut.split("\n")))


def safe(text: str) -> str:
    return (
        text
        if text.isprintable()
        else "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
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
        content |= _content(line) if isinstance(line, Line) else {"message": record.getMessage()}
        if record.exc_info:
            content["trace"] = self.formatException(record.exc_info)
        return json.dumps(content, ensure_ascii=False)


def _line(record: logging.LogRecord) -> Line | MessageLine | None:
    first = record.args[0] if isinstance(record.args, tuple) and record.args else None
    return first if isinstance(first, Line | MessageLine) else None


def _content(line: Line) -> dict[str, Any]:
    return {name: value for name, value in asdict(line).items() if name != "quiet"}


def _marked(record: logging.LogRecord, *, colour: bool) -> str:
    text = record.getMessage()
    if record.levelno < logging.WARNING:
        return text
    name = record.levelname.lower()
    return f"{painted(name, 'yellow' if name == 'warning' else 'red') if colour else name}: {text}"


def named_by(params: dict[str, Any]) -> str:
    """What the parameters of a call name: a user, a group, a pool; "" where nothing, or it is masked."""
    return next((str(params[name]) for name in SUBJECTS if params.get(name) not in (None, "", HIDDEN)), "")
