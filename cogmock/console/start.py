"""The start page."""

from __future__ import annotations

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from cogmock.console.context import Context


def home(context: Context, _request: Request) -> Response:
    return redirect(f"{context.root}/_cogmock/ui/inbox")
