"""Tokens: made without a sign-in, decoded, verified, and why they are not good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.console import pools_of, render
from cogmock.console.context import Context, Refused

MEANINGS = {
    "iss": "issuer: the user pool that signed it",
    "sub": "the user's id, which never changes",
    "aud": "the app client (ID token) or the API (resource)",
    "client_id": "the app client",
    "token_use": "id or access",
    "scope": "what the access token may be used for",
    "exp": "not good from then on",
    "iat": "made at",
    "auth_time": "when the user signed in",
    "nbf": "not good before",
    "jti": "the id of this token",
    "origin_jti": "the session it belongs to: revoking it ends all its tokens",
    "event_id": "the sign-in it came from",
    "cognito:groups": "the user's groups, the foremost first",
    "cognito:username": "the username",
    "username": "the username",
    "cognito:roles": "the roles of the groups",
    "cognito:preferred_role": "the role of the foremost group",
    "acr": "level of assurance",
    "amr": "how the user signed in",
}
TIMES = frozenset({"exp", "iat", "auth_time", "nbf"})


def show(context: Context, request: Request) -> Response:
    """With GET the forms; with POST tokens that are made, or the verdict on a given one."""
    overview = context.get("/overview")
    pool = pools_of.chosen(request, overview)
    made: list[dict[str, Any]] = []
    error, status = None, 200
    try:
        if request.form.get("token"):
            made = [_told(context, "token", request.form["token"])]
        elif request.method == "POST" and pool:
            made = _made(context, request, pool)
    except Refused as refused:
        error, status = refused.message, refused.status
    return render.page(
        context,
        request,
        "tokens.html",
        "tokens",
        status=status,
        overview=overview,
        chosen=pool,
        pool=pool["id"] if pool else None,
        typed=request.values,
        tokens=made,
        error=error,
    )


def _made(context: Context, request: Request, pool: dict[str, Any]) -> list[dict[str, Any]]:
    """Raises Refused."""
    scopes, groups = request.form.get("scopes", "").split(), request.form.get("groups", "").split()
    given = {
        "user_pool_id": pool["id"],
        "client_id": request.form.get("client_id", ""),
        "username": request.form.get("username", "").strip(),
        "scopes": scopes or None,
        "groups": groups or None,
    }
    answer = context.post("/tokens", given)
    kinds = {"access token": "access_token", "ID token": "id_token", "refresh token": "refresh_token"}
    return [_told(context, title, answer[name]) for title, name in kinds.items()]


def _told(context: Context, title: str, value: str) -> dict[str, Any]:
    if title == "refresh token":
        return {"title": title, "value": value, "told": None, "claims": []}
    told = context.post("/inspect", {"token": value})
    return {"title": title, "value": value.strip(), "told": told, "claims": _claims(told["claims"])}


def _claims(claims: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, value and meaning of each claim; times also as such."""
    return [(name, _value(name, value), MEANINGS.get(name, "")) for name, value in claims.items()]


def _value(name: str, value: Any) -> str:
    if name in TIMES and isinstance(value, int | float):
        try:
            shown = datetime.fromtimestamp(value, UTC).isoformat(" ", "seconds").removesuffix("+00:00")
        except (OverflowError, ValueError, OSError):
            return str(value)
        return f"{value} · {shown} UTC"
    return value if isinstance(value, str) else render.pretty(value)
