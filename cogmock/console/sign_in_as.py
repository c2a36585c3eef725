"""Signs this browser in as a user, and goes on to the client."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.console import pools_of, render, users
from cogmock.console.context import Context, Refused


def start(context: Context, request: Request) -> Response:
    """Sets the cookie of a sign-in. A page leads on to the client: form-action forbids a redirect elsewhere."""
    overview = context.get("/overview")
    pool = pools_of.chosen(request, overview)
    name = request.form.get("username", "")
    client = _client(pool, request.form.get("client_id"))
    if pool is None or client is None:
        error = "No app client of this pool has pages: it needs AllowedOAuthFlows."
        return users.show(context, request, error=error, status=400)
    named = {"user_pool_id": pool["id"], "client_id": client["id"], "username": name}
    try:
        cookie = context.post("/browser-session", named)["cookies"][0]
    except Refused as refused:
        return users.show(context, request, error=refused.message, status=400)
    query = client["sign_in_url"].partition("?")[2]
    target = f"{context.root}/oauth2/authorize?{query}"
    response = render.page(
        context,
        request,
        "sign_in_as.html",
        "users",
        overview=overview,
        name=name,
        client=client,
        target=target,
    )
    response.set_cookie(
        cookie["name"], cookie["value"], httponly=True, samesite="Lax", secure=request.scheme == "https"
    )
    return response


def _client(pool: dict[str, Any] | None, wanted: str | None) -> dict[str, Any] | None:
    """The client that the form names, else the first that has pages."""
    clients = [each for each in (pool["clients"] if pool else ()) if each["sign_in_url"]]
    return next((each for each in clients if each["id"] == wanted), clients[0] if clients else None)
