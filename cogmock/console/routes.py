"""All addresses of the console, and the functions that answer there."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from cogmock.console import render
from cogmock.console.context import Context, Refused

LARGEST = 16 * 1024 * 1024
"""Bytes that a request's body may have: documents and snapshots are uploaded."""
G, P = ("GET",), ("POST",)
PAGES: dict[str, tuple[tuple[str, ...], str]] = {
    "/": (G, "start:show"),
    "/callback": (G + P, "callback:show"),
    "/ui": (G, "start:show"),
    "/ui/inbox": (G, "inbox:show"),
    "/ui/inbox/empty": (P, "inbox:empty"),
    "/ui/inbox/<int:number>/body": (G, "inbox:body"),
    "/ui/inbox/<int:number>/raw": (G, "inbox:raw"),
    "/ui/calls": (G, "calls:show"),
    "/ui/calls/<int:number>/<kind>": (G, "calls:command"),
    "/ui/users": (G, "users:show"),
    "/ui/users/sign-in-as": (P, "sign_in_as:start"),
    "/ui/users/<action>": (P, "user_actions:run"),
    "/ui/identities": (G, "identities:show"),
    "/ui/identities/delete": (P, "identities:delete"),
    "/ui/start": (G, "start:show"),
    "/ui/pools": (G, "pools:show"),
    "/ui/tokens": (G + P, "tokens:show"),
    "/ui/clock": (G, "clock:show"),
    "/ui/clock/move": (P, "clock:move"),
    "/ui/access": (G + P, "access:show"),
    "/ui/gallery": (G, "gallery:show"),
    "/ui/state": (G, "state:show"),
    "/ui/state/apply": (P, "state:apply"),
    "/ui/state/restore": (P, "state:restore"),
    "/ui/state/drop": (P, "state:drop"),
}
"""Path after `/_cogmock` → methods, and module and function."""


@cache
def _map() -> Map:
    rules = [
        Rule(f"/_cogmock{path}", methods=list(methods), endpoint=name)
        for path, (methods, name) in PAGES.items()
    ]
    rules.append(Rule("/_cogmock/ui/static/<version>/<name>", methods=["GET"], endpoint="static"))
    return Map(rules, merge_slashes=False, strict_slashes=True)


def answer(context: Context, request: Request) -> Response:
    """The answer to a request of the console. Refusals of the APIs become pages that say why."""
    if request.path == "/_cogmock":
        return redirect(f"{context.root}/_cogmock/")
    request.max_content_length = request.max_form_memory_size = LARGEST
    try:
        endpoint, names = _map().bind("localhost", path_info=request.path).match(method=request.method)
        if endpoint == "static":
            return _asset(**names)
        module, _, name = str(endpoint).partition(":")
        function = getattr(import_module(f"cogmock.console.{module}"), name)
        _ = request.form  # a body that is too large is refused here
        return _called(function, context, request, names)
    except Refused as refused:
        return _message(context, request, refused.status, refused.error, refused.message)
    except HTTPException as fault:
        return _message(context, request, fault.code or 400, fault.name, fault.description or "")


def _called(
    function: Callable[..., Response], context: Context, request: Request, names: Mapping[str, object]
) -> Response:
    try:
        return function(context, request, **names)
    finally:
        request.close()  # files that were uploaded


def _asset(version: str, name: str) -> Response:
    """Raises NotFound."""
    try:
        content = render.asset(name)
    except (FileNotFoundError, ValueError, OSError):
        raise NotFound from None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Cache-Control": "max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    del version
    return Response(content, headers=headers, content_type=f"{kind}; charset=utf-8")


def _message(context: Context, request: Request, status: int, title: str, text: str) -> Response:
    response = render.page(context, request, "message.html", "", status=status, title=title, text=text)
    if request.method == "HEAD":
        response.set_data(b"")
    return response
