"""Who may reach what: each step from a user or guest to the decision, and "what if" with edited policies.

With credentials in place of a user, the decision about them.
"""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.console import pools_of, render
from cogmock.console.context import Context, Refused

CREDENTIALS = ("access_key_id", "secret_access_key", "session_token")
FIELDS = ("client_id", "username", "custom_role_arn", *CREDENTIALS, "action", "resource", "context")
"""The parameters of the form. They have the names of the control API."""
VERDICTS = {
    "allowed": "Allowed",
    "explicitDeny": "Denied by a statement",
    "implicitDeny": "Denied: nothing allows it",
}
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
    walk, decided, error, status = None, None, None, 200
    edited = _edited(request)
    try:
        if given["action"] and given["access_key_id"]:
            decided = context.post("/authorize", _about(CREDENTIALS, given))
        elif given["action"] and pool:
            walk = context.post("/access", _question(overview, pool, given, edited))
    except Refused as refused:
        error, status = refused.message, 400
        walk = _as_it_is(context, overview, pool, given) if edited and pool else None
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
        decided=decided,
        steps=_steps(walk) if walk else (),
        policies=[_numbered(each) for each in (walk["policies"] if walk else ())],
        edited=edited,
        titles=STEPS,
        verdicts=VERDICTS,
        error=error,
    )


def _as_it_is(
    context: Context, overview: dict[str, Any], pool: dict[str, Any], given: dict[str, str]
) -> dict[str, Any] | None:
    """The walk without the edits, for a page that says what is wrong with them."""
    try:
        return context.post("/access", _question(overview, pool, given, {}))
    except Refused:
        return None


def _question(
    overview: dict[str, Any], pool: dict[str, Any], given: dict[str, str], edited: dict[str, str]
) -> dict[str, Any]:
    asked = _about(("custom_role_arn",), given)
    if given["username"]:
        asked |= {"username": given["username"], "client_id": given["client_id"]}
        asked["user_pool_id"] = _user_pool(overview, given["client_id"])
    return asked | {"identity_pool_id": pool["id"], "policies": edited or None}


def _about(who: tuple[str, ...], given: dict[str, str]) -> dict[str, Any]:
    """What both calls ask, and who they ask about. Raises Refused where the context is no JSON."""
    return {
        **{name: given[name] or None for name in who},
        "action": given["action"],
        "resource": given["resource"] or "*",
        "context": _context(given["context"]),
    }


def _context(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError) as error:
        raise Refused(400, "InvalidRequest", f"The context is no JSON object: {error}") from None


def _user_pool(overview: dict[str, Any], client_id: str) -> str:
    """The pool of a client; "" where there is no such client."""
    owners = (
        pool["id"] for pool in overview["user_pools"] if client_id in (each["id"] for each in pool["clients"])
    )
    return next(owners, "")


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
