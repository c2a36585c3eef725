"""Inbox: the mails and texts that were sent, with their codes and links."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from cogmock.console import plain_text, render
from cogmock.console.context import Context, Json, Refused

PAGE = 50
MAIL_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
"""For the text of a mail, which anybody may have written: no scripts, no origin, nothing from elsewhere."""
MAIL = '<!doctype html><meta charset="utf-8"><style>body{{font:15px/1.5 system-ui,sans-serif;margin:16px;\
color:#1d2330;background:#fff;overflow-wrap:anywhere}}</style><body>{}</body>'
MARKUP = re.compile(r"<[a-zA-Z/!]|&#?\w+;")
"""What tells a mail in HTML from plain text, which needs no frame of its own."""
VIEWS = {"html": "HTML", "text": "Text", "raw": "Raw"}
"""How a mail can be shown, as the parameter `view` names it → the title of the tab."""


def show(context: Context, request: Request) -> Response:
    """The newest messages, and one of them: the newest, or the one that `id` names, as `view` says."""
    query = request.args.get("q", "").strip()
    pool, before = request.args.get("user_pool_id") or None, request.args.get("before", type=int)
    most = None if query else PAGE + 1  # without a search a page is enough
    listed = context.get("/messages", user_pool_id=pool, before=before, limit=most)["messages"]
    found = _wanted(listed, query)
    rows = found[:PAGE]
    number = request.args.get("id", type=int)
    chosen = (rows[0] if rows else None) if number is None else _one(context, number)
    return render.page(
        context,
        request,
        "inbox.html",
        "inbox",
        rows=rows,
        chosen=chosen,
        **(_viewed(context, chosen, request.args.get("view", "")) if chosen else {}),
        pinned="id" in request.args,
        more=rows[-1]["id"] if len(found) > PAGE else None,
        query=query,
        pool=pool,
    )


def _viewed(context: Context, message: Json, view: str) -> Json:
    """What the tab of a mail shows. Texts have no tabs."""
    if message["medium"] != "EMAIL":
        return {"view": None}
    body: str = message["body"]
    shown: Json = {"view": view if view in VIEWS else "html", "views": VIEWS}
    if shown["view"] == "text":
        return shown | {"text": plain_text.of(body), "is_cut": len(body) > plain_text.LONGEST}
    if shown["view"] == "raw":
        return shown | _raw(context, message["id"])
    return shown | {"formatted": bool(MARKUP.search(body))}


def _raw(context: Context, number: int) -> Json:
    """The headers of a mail, as they are sent; `headers` is None where no mail can have them, and `fault` says why."""
    try:
        sent: bytes = context.ask("GET", "/messages/raw", {"id": str(number)}, b"", {})
    except Refused as refused:
        return {"headers": None, "fault": refused.message}
    return {"headers": sent.decode("utf-8", "replace").partition("\n\n")[0]}


def raw(context: Context, _request: Request, number: int) -> Response:
    """A mail as a file, for mail programs."""
    try:
        sent = context.ask("GET", "/messages/raw", {"id": str(number)}, b"", {})
    except Refused as refused:
        raise NotFound(refused.message) from None
    headers = {**render.HEADERS, "Content-Disposition": f'attachment; filename="message-{number}.eml"'}
    return Response(sent, headers=headers, content_type="message/rfc822")


def _wanted(messages: list[dict[str, Any]], query: str) -> list[dict[str, Any]]:
    """Newest first; those whose user, address, subject or code have the text."""
    folded = query.casefold()
    return [
        message
        for message in reversed(messages)
        if not folded
        or any(
            folded in (message[name] or "").casefold()
            for name in ("username", "destination", "subject", "code")
        )
    ]


def _one(context: Context, number: int) -> dict[str, Any] | None:
    found = context.get("/messages", id=number)["messages"] if number > 0 else []
    return found[0] if found else None


def body(context: Context, _request: Request, number: int) -> Response:
    """The text of a mail as a document of its own, for a frame without scripts."""
    found = _one(context, number)
    if found is None:
        raise NotFound("There is no such message; perhaps it was deleted.")
    headers = {
        **render.HEADERS,
        "Content-Security-Policy": MAIL_POLICY,
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "no-referrer",
    }
    text = MAIL.format(found["body"])
    return Response(text.encode("utf-8", "replace"), headers=headers, content_type=render.HTML)


def empty(context: Context, _request: Request) -> Response:
    context.ask("DELETE", "/messages", {}, b"", {})
    return redirect(f"{context.root}/_cogmock/ui/inbox?done=emptied", 303)
