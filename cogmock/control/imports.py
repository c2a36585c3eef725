"""Files of other tools over HTTP: imported into the running server."""

from __future__ import annotations

import json
import re
from typing import Any

from cogmock.control.definitions import text
from cogmock.control.requests import ControlRequest, flag, invalid, parameters
from cogmock.control.streaming import refusal
from cogmock.core.world import REGION, World
from cogmock.definitions.faults import InvalidConfig

QUERY = ("kind", "stack", "region", "user_pool_id", "parameters", "dry_run")
_REGION = re.compile(r"[a-z0-9-]{1,32}")
_STACK = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


def run(world: World, request: ControlRequest) -> dict[str, Any]:
    """Outputs, resources and what was left out. The body is one file, or `{"files": {path: text}, "main": path}`.

    Raises ControlError with faults.
    """
    from cogmock.definitions import imports
    from cogmock.definitions.importing import sources

    query = parameters(request, *QUERY)
    _check(query, "kind", sources.KINDS)
    for name, form in (("region", _REGION), ("stack", _STACK)):
        if name in query and not form.fullmatch(query[name]):
            raise invalid(f"{name!r} must match {form.pattern}, not {query[name]!r}.")
    files, main = sources.from_body(text(request.body))
    source = sources.Source(
        files,
        main,
        kind=query.get("kind"),
        stack=query.get("stack"),
        region=query.get("region", REGION),
        parameters=_given(query),
        pool_id=query.get("user_pool_id"),
    )
    try:
        return imports.run(world, source, dry_run=flag(request.query, "dry_run"))
    except InvalidConfig as refused:
        raise refusal(refused) from None


def _check(query: dict[str, str], name: str, allowed: tuple[str, ...]) -> None:
    if name in query and query[name] not in allowed:
        raise invalid(f"{name!r} must be one of {', '.join(allowed)}, not {query[name]!r}.")


def _given(query: dict[str, str]) -> dict[str, str]:
    """The parameters of a template: a JSON object of texts."""
    try:
        found = json.loads(query.get("parameters", "{}"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise invalid("""'parameters' must be a JSON object, for example {"Stage": "dev"}.""")
    return {
        str(name): value if isinstance(value, str) else json.dumps(value) for name, value in found.items()
    }
