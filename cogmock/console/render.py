"""Renders templates as pages, with a Content-Security-Policy that blocks everything from elsewhere."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.console.context import Context
from cogmock.console.sections import SECTIONS

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    # With "no-referrer" browsers would send `Origin: null` with the console's own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HTML = "text/html; charset=utf-8"
MOVED = 1.0
"""Seconds by which the clock may be off without a banner."""


def page(
    context: Context, request: Request, template: str, section: str, *, status: int = 200, **shown: Any
) -> Response:
    """A page of a section; "" for pages beside the sections. `error` and `notice` are shown above its content."""
    overview = shown.pop("overview", None) or context.get("/overview")
    body = (
        templates()
        .get_template(template)
        .render(
            {"error": None, "notice": NOTICES.get(request.args.get("done", "")), **shown},
            overview=overview,
            root=context.root,
            base=f"{context.root}/_cogmock",
            address=context.origin,
            last_event=context.last_event,
            section=section,
            posted=request.method == "POST",
            clients=_clients(overview),
            sections=SECTIONS,
            moved=_moved(overview["clock"]["offset_seconds"]),
            asset=asset_address,
        )
    )
    return Response(body.encode("utf-8", "replace"), status, HEADERS, content_type=HTML)


NOTICES = {
    "created": "The user was created.",
    "deleted": "The user was deleted.",
    "disabled": "The user is disabled.",
    "enabled": "The user is enabled.",
    "confirmed": "The user is confirmed.",
    "password": "The password was set.",
    "reset": "The password must be reset; a code was sent.",
    "signed-out": "All sessions of the user have ended.",
    "device": "The device was forgotten.",
    "session": "The session has ended.",
    "totp": "An authenticator app is set up and preferred.",
    "no-totp": "MFA is off for this user.",
    "group": "The groups were changed.",
    "attributes": "The attribute was written.",
    "identity": "The identity was deleted.",
    "emptied": "All messages were deleted.",
    "clock": "The clock was moved.",
    "clock-reset": "The clock shows real time again.",
    "applied": "The document was applied.",
    "dropped": "All state was dropped.",
    "restored": "The snapshot is in place.",
}
"""What happened before a page is shown, by the parameter `done`. Any other text in the address is not shown."""


def _clients(overview: dict[str, Any]) -> list[dict[str, Any]]:
    """The app clients of all user pools, each with its pool."""
    return [
        {**client, "pool": pool["id"], "pool_name": pool["name"]}
        for pool in overview["user_pools"]
        for client in pool["clients"]
    ]


def _moved(seconds: float) -> str | None:
    """How far the clock was moved, in words; None where it was not."""
    if abs(seconds) < MOVED:
        return None
    direction = "ahead" if seconds > 0 else "behind"
    return f"{span(abs(seconds))} {direction}"


def span(seconds: float) -> str:
    """A time span in its two largest units: `2 d 3 h`, `45 s`."""
    left, parts = round(seconds), []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        amount, left = divmod(left, size)
        if amount:
            parts.append(f"{amount} {unit}")
    return " ".join(parts[:2]) or "0 s"


def pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


@cache
def templates() -> Any:
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("cogmock.console", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"pretty": pretty, "span": span}
    return made


@cache
def asset(name: str) -> bytes:
    """A file of `static/`. Raises FileNotFoundError."""
    return (files("cogmock.console") / "static" / name).read_bytes()


def asset_address(name: str) -> str:
    """The path of a file of `static/` below `/_cogmock/ui/`; it changes with the file, so browsers may keep it."""
    return f"static/{hashlib.sha256(asset(name)).hexdigest()[:12]}/{name}"
