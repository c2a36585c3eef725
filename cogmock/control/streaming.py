"""An application of a document whose progress is told while it is under way: one JSON object a line."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from cogmock.control.requests import ControlError, ControlStream
from cogmock.definitions.applying.report import Report
from cogmock.definitions.applying.run import Progress
from cogmock.definitions.faults import InvalidConfig

MEDIA_TYPE = "application/x-ndjson"
PARTS = 200
"""Into how many parts the users are divided for what is told."""
log = logging.getLogger("cogmock")

Line = dict[str, Any]


def refusal(refused: InvalidConfig) -> ControlError:
    """The answer to a document that cannot be applied."""
    count = len(refused.faults)
    message = (
        f"The document has {count} fault{'s' if count > 1 else ''}; nothing was changed. {refused.faults[0]}"
    )
    return ControlError(400, "InvalidConfig", message, faults=[fault.as_json() for fault in refused.faults])


def streamed(work: Callable[[Progress], Report]) -> ControlStream:
    """Lines `{"users": done, "of": all}`, then the answer with `status`, as it is without progress."""
    lines: SimpleQueue[Line | None] = SimpleQueue()

    def told(done: int, of: int) -> None:
        if done % max(of // PARTS, 1) == 0 or done == of:
            lines.put({"users": done, "of": of})

    def run() -> None:
        try:
            lines.put(_answer(work, told))
        finally:
            lines.put(None)

    threading.Thread(target=run, name="cogmock-apply", daemon=True).start()
    return ControlStream(_written(lines), MEDIA_TYPE)


def _answer(work: Callable[[Progress], Report], told: Progress) -> Line:
    try:
        return {"status": 200, **work(told).as_json()}
    except InvalidConfig as invalid:
        refused: ControlError = refusal(invalid)
    except Exception:
        log.exception("applying a document failed inside cogmock; please report it")
        refused = ControlError(500, "InternalError", "A fault of cogmock; its log has the trace.")
    return {"status": refused.status, "error": refused.error, "message": refused.message, **refused.more}


def _written(lines: SimpleQueue[Line | None]) -> Iterator[bytes]:
    while (line := lines.get()) is not None:
        yield json.dumps(line).encode() + b"\n"
