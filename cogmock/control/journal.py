"""Lists the last requests with their outcome and the reason."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, iso, parameters, whole_number
from cogmock.core import subject
from cogmock.core.journal import Entry
from cogmock.core.triggers import events
from cogmock.core.world import World
from cogmock.services import PROTECTED
from cogmock.wire import mask, model


def list_requests(world: World, request: ControlRequest) -> dict[str, Any]:
    after = whole_number(parameters(request, "after"), "after")
    return {"requests": [described(world, entry) for entry in world.journal if entry.id > after]}


def described(world: World, entry: Entry) -> dict[str, Any]:
    """A request as JSON. Secrets are masked here, at reading, which keeps calls cheap."""
    return {
        "id": entry.id,
        "at": iso(entry.at),
        "request_id": entry.request_id,
        "service": entry.service,
        "operation": entry.operation,
        "kind": entry.kind,
        "method": entry.method,
        "path": entry.path,
        "user_pool_id": subject.user_pool_id(world, entry),
        "username": subject.username(entry),
        "outcome": entry.outcome,
        "account": entry.account,
        "region": entry.region,
        "parameters": _masked(entry),
        "status": entry.status,
        "error": entry.error,
        "message": entry.message,
        "reason": entry.reason,
        "duration_ms": round(entry.duration_ms, 3),
        "triggers": [events.shown(each) for each in entry.triggers],
    }


def _masked(entry: Entry) -> Any:
    if entry.parameters is None:
        return None
    if entry.service in PROTECTED:  # their entries have the resource alone, which is no secret
        return entry.parameters
    of = model.load(entry.service)
    shape = of.operations[entry.operation].input
    return {} if shape is None else mask.masked(entry.parameters, shape, of.shapes)
