"""Lists the last requests with their outcome and the reason."""

from __future__ import annotations

import base64
from typing import Any

from cogmock.control.requests import ControlRequest, flag, iso, parameters, whole_number
from cogmock.core import subject
from cogmock.core.journal import Entry
from cogmock.core.world import World
from cogmock.services import GUARDED, PROTECTED
from cogmock.wire import mask, model

TOLD = frozenset(
    [
        *("client_id", "redirect_uri", "logout_uri", "response_type", "response_mode", "grant_type", "scope"),
        *("identity_provider", "idp_identifier", "login_hint", "username", "lang", "prompt", "max_age"),
        *(
            "acr_values",
            "resource",
            "error",
            "error_description",
            "message",
            "code_challenge_method",
            "user_name",
        ),
    ]
)
"""Parameters of pages and OAuth endpoints that are shown; all others may be secrets."""


def list_requests(world: World, request: ControlRequest) -> dict[str, Any]:
    """Oldest first. `id` asks for one, `limit` for the newest of them, `failed` for refusals."""
    query = parameters(request, "after", "before", "id", "limit", "failed", "secrets")
    after, before, one = (whole_number(query, name) for name in ("after", "before", "id"))
    failed, secrets = flag(request.query, "failed"), flag(request.query, "secrets")
    found = [
        entry
        for entry in world.journal
        if entry.id > after
        and (not before or entry.id < before)
        and one in {0, entry.id}
        and not (failed and not entry.is_refused)
    ]
    newest = found[-whole_number(query, "limit") :]
    return {"requests": [described(world, entry, secrets=secrets) for entry in newest]}


def described(world: World, entry: Entry, *, secrets: bool = False) -> dict[str, Any]:
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
        "parameters": _plain(entry.parameters) if secrets else _masked(entry),
        "refused": entry.is_refused,
        "status": entry.status,
        "error": entry.error,
        "message": entry.message,
        "reason": entry.reason,
        "duration_ms": round(entry.duration_ms, 3),
        "triggers": _triggers(entry),
    }


def _triggers(entry: Entry) -> list[dict[str, Any]]:
    if not entry.triggers:
        return []
    from cogmock.core.triggers import events

    return [events.shown(each) for each in entry.triggers]


def _masked(entry: Entry) -> Any:
    if entry.parameters is None:
        return None
    if entry.kind != "api":
        return {name: value if name in TOLD else mask.HIDDEN for name, value in entry.parameters.items()}
    if entry.service in PROTECTED + GUARDED:  # their entries name resources, which are no secrets
        return entry.parameters
    of = model.load(entry.service)
    shape = of.operations[entry.operation].input
    return {} if shape is None else mask.masked(entry.parameters, shape, of.shapes)


def _plain(value: Any) -> Any:
    """Parameters as JSON has them: bytes in base64."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
