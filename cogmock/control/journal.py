"""The last requests: what was called, what was answered, and why."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, iso, parameters, whole_number
from cogmock.core.journal import Entry
from cogmock.core.triggers import events
from cogmock.core.world import World
from cogmock.wire import mask, model


def list_requests(world: World, request: ControlRequest) -> dict[str, Any]:
    after = whole_number(parameters(request, "after"), "after")
    return {"requests": [_described(entry) for entry in world.journal if entry.id > after]}


def _described(entry: Entry) -> dict[str, Any]:
    """A call as others may see it. Secrets are masked here, when somebody reads, and not on every call."""
    return {
        "id": entry.id,
        "at": iso(entry.at),
        "request_id": entry.request_id,
        "service": entry.service,
        "operation": entry.operation,
        "account": entry.account,
        "region": entry.region,
        "parameters": _masked(entry),
        "status": entry.status,
        "error": entry.error,
        "message": entry.message,
        "reason": entry.reason,
        "duration_ms": round(entry.duration_ms, 3),
        "triggers": [events.shown(of) for of in entry.triggers],
    }


PROTECTED = frozenset({"s3", "dynamodb"})
"""Services behind the proxy: of their calls no more than the resource is kept."""


def _masked(entry: Entry) -> Any:
    if entry.parameters is None:
        return None
    if entry.service in PROTECTED:
        return entry.parameters
    of = model.load(entry.service)
    shape = of.operations[entry.operation].input
    return {} if shape is None else mask.masked(entry.parameters, shape, of.shapes)
