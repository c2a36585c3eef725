"""Clock: what time it is in the server, and moving it."""

from __future__ import annotations

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from cogmock.console import render
from cogmock.console.context import Context, Refused

STEPS = {
    "+1 min": 60,
    "+5 min": 300,
    "+1 hour": 3600,
    "+1 day": 86400,
    "+30 days": 30 * 86400,
    "-1 hour": -3600,
}


def show(context: Context, request: Request, *, error: str | None = None) -> Response:
    return render.page(
        context, request, "clock.html", "clock", status=400 if error else 200, steps=STEPS, error=error
    )


def move(context: Context, request: Request) -> Response:
    """By `advance_seconds`, to `now`, or back to real time with `reset`."""
    form = request.form
    try:
        if form.get("reset"):
            context.post("/clock", {"reset": True})
        elif form.get("now"):
            context.post("/clock", {"now": form["now"]})
        else:
            context.post("/clock", {"advance_seconds": form.get("advance_seconds", type=float)})
    except Refused as refused:
        return show(context, request, error=refused.message)
    done = "clock-reset" if form.get("reset") else "clock"
    return redirect(f"{context.root}/_cogmock/ui/clock?done={done}", 303)
