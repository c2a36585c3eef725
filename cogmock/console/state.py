"""State: documents and snapshots out and in, and dropping everything."""

from __future__ import annotations

from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from cogmock.console import render
from cogmock.console.context import Context, Refused

KINDS = {"json": "application/json", "toml": "application/toml", "yaml": "application/yaml"}


def show(
    context: Context,
    request: Request,
    *,
    error: str | None = None,
    faults: list[dict[str, Any]] | None = None,
    report: dict[str, Any] | None = None,
) -> Response:
    return render.page(
        context,
        request,
        "state.html",
        "state",
        status=400 if error or faults else 200,
        error=error,
        faults=faults or [],
        report=report,
        typed=request.form.get("document", ""),
    )


def apply(context: Context, request: Request) -> Response:
    """A document, from the text or the file; `dry` shows what it would change."""
    body, kind = _given(request)
    query = {name: "true" for name in ("prune", "dry_run") if request.form.get(name)}
    try:
        report = context.ask("POST", "/apply", query, body, {"Content-Type": kind})
    except Refused as refused:
        faults = refused.content.get("faults")
        return show(context, request, error=None if faults else refused.message, faults=faults)
    return show(context, request, report=report)


def _given(request: Request) -> tuple[bytes, str]:
    """The document and its media type: by the ending of the file, else by its first sign."""
    sent = request.files.get("file")
    body = sent.read() if sent and sent.filename else request.form.get("document", "").encode()
    ending = (sent.filename or "").rpartition(".")[2].lower() if sent else ""
    kind = "json" if ending == "json" or body.lstrip().startswith(b"{") else ending
    return body, KINDS.get(kind, KINDS["yaml"])


def restore(context: Context, request: Request) -> Response:
    """A snapshot in place of all there is."""
    sent = request.files.get("file")
    try:
        context.ask("PUT", "/snapshot", {}, sent.read() if sent else b"", {"Content-Type": KINDS["json"]})
    except Refused as refused:
        return show(context, request, error=refused.message)
    return redirect(f"{context.root}/_cogmock/ui/state?done=restored", 303)


def drop(context: Context, request: Request) -> Response:
    try:
        context.post("/reset", {"apply": True} if request.form.get("apply") else {})
    except Refused as refused:
        return show(context, request, error=refused.message)
    return redirect(f"{context.root}/_cogmock/ui/state?done=dropped", 303)
