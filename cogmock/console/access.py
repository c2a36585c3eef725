"""Who may reach what: each step from a user or guest to the decision, and "what if" with edited policies."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.console import pools_of, render
from cogmock.console.context import Context, Refused

FIELDS = ("pool", "client", "user", "action", "resource", "role")
STEPS = {
    "login": "Who",
    "role": "Role",
    "trust": "Trust",
    "session": "Session",
    "decision": "Decision",
}


def show(context: Context, request: Request) -> Response:
    """The form; with an action the walk. A POST brings edited policies, which are evaluated and forgotten."""
    overview = context.get("/overview")
    pool = pools_of.chosen(request, overview, "identity_pools")
    given = {name: request.values.get(name, "").strip() for name in FIELDS}
    walk, error, status = None, None, 200
    edited = _edited(request)
    if pool and given["action"]:
        try:
            walk = context.post("/access", _question(pool, given, edited))
        except Refused as refused:
            error, status = refused.message, 400
            walk = _as_it_is(context, pool, given) if edited else None
    return render.page(
        context,
        request,
        "access.html",
        "access",
        status=status,
        overview=overview,
        chosen=pool,
        given=given,
        walk=walk,
        steps=_steps(walk) if walk else (),
        policies=[_numbered(each) for each in (walk["policies"] if walk else ())],
        edited=edited,
        titles=STEPS,
        error=error,
    )


def _as_it_is(context: Context, pool: dict[str, Any], given: dict[str, str]) -> dict[str, Any] | None:
    """The walk without the edits, for a page that says what is wrong with them."""
    try:
        return context.post("/access", _question(pool, given, {}))
    except Refused:
        return None


def _question(pool: dict[str, Any], given: dict[str, str], edited: dict[str, str]) -> dict[str, Any]:
    guest = not given["user"]
    user_pool, _, client = given["client"].partition("/")
    return {
        "identity_pool_id": pool["id"],
        "user_pool_id": None if guest else user_pool,
        "client_id": None if guest else client,
        "username": None if guest else given["user"],
        "custom_role_arn": given["role"] or None,
        "action": given["action"],
        "resource": given["resource"] or "*",
        "policies": edited or None,
    }


def _steps(walk: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps without what the page says elsewhere: the decision, and why other statements do not apply."""
    return [
        each
        | {"text": each["text"].removesuffix(f": {walk['decision']}"), "why": _shortened(each.get("why"))}
        for each in walk["steps"]
    ]


def _shortened(why: str | None) -> str:
    """An explanation without its first line and its near misses."""
    lines = [line.strip() for line in (why or "").splitlines()[1:]]
    return "\n".join(line for line in lines if not line.startswith("close: "))


def _edited(request: Request) -> dict[str, str]:
    """Name → text of the policies in the form. The new one counts if it has a text."""
    names, texts = request.form.getlist("policy_name"), request.form.getlist("policy")
    return {name: text for name, text in zip(names, texts, strict=False) if name and text.strip()}


def _numbered(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy with its lines, each with the statement that it belongs to."""
    lines = []
    for number, line in enumerate(policy["document"].splitlines(), 1):
        inside = [each for each in policy["statements"] if each["start"] <= number <= each["end"]]
        state = "decided" if any(each["decided"] for each in inside) else ""
        lines.append({"number": number, "text": line, "state": state})
    return policy | {"lines": lines}
