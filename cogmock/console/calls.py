"""Calls: what clients asked and how it ended, with the reason that AWS hides."""

from __future__ import annotations

from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from cogmock.console import commands, render
from cogmock.console.context import Context

PAGE = 60
KINDS = {"": "All", "api": "API calls", "page": "Pages", "oauth": "OAuth"}
SEARCHED = (
    "operation",
    "path",
    "username",
    "user_pool_id",
    "error",
    "message",
    "reason",
    "outcome",
    "service",
)


def show(context: Context, request: Request) -> Response:
    """The newest calls, and the one that `id` names, its secrets masked unless `secrets` asks for them."""
    query, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    failed = request.args.get("failed") or None
    before = request.args.get("before", type=int)
    most = None if query or kind else PAGE + 1  # without a search a page is enough
    listed = context.get("/requests", failed=failed, before=before, limit=most)["requests"]
    found = _wanted(listed, query, kind)
    rows = [explained(call) for call in found[:PAGE]]
    number = request.args.get("id", type=int)
    return render.page(
        context,
        request,
        "calls.html",
        "calls",
        rows=rows,
        more=rows[-1]["id"] if len(found) > PAGE else None,
        chosen=_one(context, number, secrets="secrets" in request.args) if number else None,
        missing=number,
        secrets="secrets" in request.args,
        query=query,
        kind=kind,
        kinds=KINDS,
        failed=failed,
        commands=commands,
    )


def _wanted(calls: list[dict[str, Any]], query: str, kind: str) -> list[dict[str, Any]]:
    words = query.casefold().split()
    return [
        call
        for call in reversed(calls)
        if (not kind or call["kind"] == kind) and (not words or all(word in _text(call) for word in words))
    ]


def explained(call: dict[str, Any]) -> dict[str, Any]:
    """A call with `why` it was refused, in the fewest words that there are."""
    given = call["parameters"] if isinstance(call["parameters"], dict) else {}
    shown = given.get("error") if call["path"] == "/error" else None
    return call | {"why": call["reason"] or shown or call["message"] or call["error"] or call["status"]}


def _text(call: dict[str, Any]) -> str:
    return " ".join(str(call[name] or "") for name in SEARCHED).casefold()


def _one(context: Context, number: int, *, secrets: bool) -> dict[str, Any] | None:
    found = context.get("/requests", id=number, secrets="true" if secrets else None)["requests"]
    return found[0] if found else None


def command(context: Context, _request: Request, number: int, kind: str) -> Response:
    """A call as a command that does it again, its secrets included, as plain text."""
    call = _one(context, number, secrets=True)
    maker = commands.MAKERS.get(kind)
    if call is None or maker is None or not commands.is_repeatable(call):
        raise NotFound("This call is not in the journal any more, or cannot be repeated.")
    headers = {**render.HEADERS, "Content-Disposition": "inline"}
    return Response(maker(call, context.origin), headers=headers, content_type="text/plain; charset=utf-8")
