"""A redirect target for any client: shows the code of a sign-in, exchanges it, and shows the tokens decoded."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from cogmock.console import render
from cogmock.console.context import Context, Refused

TOKENS = ("id_token", "access_token", "refresh_token")


def show(context: Context, request: Request) -> Response:
    """With GET what a sign-in brought: a code, or an error. With POST the tokens for the code."""
    code = request.form.get("code", "").strip()
    if request.method == "POST" and code:
        return _exchanged(context, request, code)
    given = {
        name: request.args[name]
        for name in ("code", "state", "error", "error_description")
        if name in request.args
    }
    return _page(context, request, given=given)


def _exchanged(context: Context, request: Request, code: str) -> Response:
    try:
        answer = context.post("/redeem", {"code": code})
    except Refused as refused:
        return _page(context, request, given={"code": code}, error=refused.message, status=refused.status)
    tokens = [_token(context, name, answer[name]) for name in TOKENS if answer.get(name)]
    return _page(context, request, given={}, answer=answer, tokens=tokens)


def _token(context: Context, name: str, value: str) -> dict[str, Any]:
    told = None if name == "refresh_token" else context.post("/inspect", {"token": value})
    return {"name": name.replace("_", " ").replace("id ", "ID "), "value": value, "told": told}


def _page(
    context: Context,
    request: Request,
    *,
    given: dict[str, str],
    answer: dict[str, Any] | None = None,
    tokens: list[dict[str, Any]] | None = None,
    error: str | None = None,
    status: int = 200,
) -> Response:
    return render.page(
        context,
        request,
        "callback.html",
        "",
        status=status,
        given=given,
        answer=answer,
        tokens=tokens or [],
        error=error,
        sign_out=answer and _sign_out(context, answer["client_id"]),
        own=f"{context.origin}{context.root}/_cogmock/callback",
    )


def _sign_out(context: Context, client_id: str) -> str:
    """The address that ends the browser's session. It returns here where the client lists this page."""
    back = f"{context.origin}{context.root}/_cogmock/callback"
    return f"{context.root}/logout?{urlencode({'client_id': client_id, 'logout_uri': back})}"
