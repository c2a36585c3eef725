"""Definitions over HTTP: a document is applied to the running server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cogmock.control.requests import (
    ControlRequest,
    ControlResponse,
    ControlStream,
    document,
    flag,
    invalid,
    parameters,
)
from cogmock.control.streaming import refusal, streamed
from cogmock.core.world import World
from cogmock.definitions.faults import InvalidConfig

MEDIA_TYPES = {"json": "json", "toml": "toml"}


def apply(world: World, request: ControlRequest) -> dict[str, Any] | ControlStream:
    """`prune` deletes what the document does not name, `dry_run` changes nothing, `folder` is where its files are.

    `progress` makes the answer a stream of lines. Raises ControlError with faults.
    """
    from cogmock.definitions import load
    from cogmock.definitions.applying.document import apply as applied

    query = parameters(request, "prune", "dry_run", "folder", "progress")
    prune, dry_run = (flag(request.query, name) for name in ("prune", "dry_run"))
    try:
        folder = Path(query["folder"]) if "folder" in query else None
        stated = load.load_text(text(request.body), _kind(request), folder)
        if flag(request.query, "progress"):
            return streamed(lambda told: applied(world, stated, prune=prune, dry_run=dry_run, progress=told))
        return applied(world, stated, prune=prune, dry_run=dry_run).as_json()
    except InvalidConfig as refused:
        raise refusal(refused) from None


def export(world: World, request: ControlRequest) -> ControlResponse:
    """The running state: as a document, or one pool's users as AWS's CSV. Raises ControlError."""
    from cogmock.definitions.exporting import formats

    query = parameters(request, "format", "secrets", "user_pool_id")
    wanted = query.get("format", "config")
    if wanted not in formats.FORMATS:
        raise invalid(f"'format' must be one of {', '.join(formats.FORMATS)}, not {wanted!r}.")
    accept = _header(request, "accept")
    body, media_type = formats.write(
        world,
        wanted,
        secrets=flag(request.query, "secrets"),
        pool_id=query.get("user_pool_id"),
        as_json="json" in accept,
    )
    return ControlResponse(body.encode(), media_type)


def reset(world: World, request: ControlRequest) -> dict[str, Any]:
    """Drops all state, messages and requests, and sets the clock right. Settings and functions stay.

    With `apply` the document of `--config` is applied again; a fault in it is told before anything is dropped.
    """
    content = document(request, "apply")
    if not isinstance(content.get("apply", False), bool):
        raise invalid("'apply' must be true or false.")
    stated = _config(world) if content.get("apply") else None
    with world.lock:
        world.reset()
        world.clock.reset()
    if stated is not None:
        from cogmock.definitions.applying.document import apply as applied

        try:
            applied(world, stated)
        except InvalidConfig as refused:
            raise refusal(refused) from None
    return {"status": "ok"}


def _config(world: World) -> Any:
    from cogmock.definitions.config import read_config

    if not world.settings.config:
        raise invalid("There is no document to apply: the server was started without --config.")
    try:
        return read_config(world.settings.config)
    except InvalidConfig as refused:
        raise refusal(refused) from None


def text(body: bytes) -> str:
    """The body as a text. Raises ControlError."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid("The body is not a text in UTF-8.") from None


def _kind(request: ControlRequest) -> str:
    """What the body says that it is; YAML, of which JSON is a part, unless it says."""
    media_type = _header(request, "content-type")
    named = next((kind for kind in MEDIA_TYPES if kind in media_type), "yaml")
    # Many clients send application/json, whatever the body is.
    return "yaml" if named == "json" and not request.body.lstrip().startswith((b"{", b"[")) else named


def _header(request: ControlRequest, wanted: str) -> str:
    """A header by its name in lower case; empty if it is absent."""
    return next((value for name, value in request.headers.items() if name.lower() == wanted), "")
