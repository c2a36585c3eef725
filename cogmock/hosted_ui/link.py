"""GET /confirmUser: the page that the link in a verification message opens."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.hosted_ui import render
from cogmock.hosted_ui.pages import page
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.arrivals import confirmation

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
PARAMETERS = ("client_id", "user_name", "confirmation_code")


def answer(call: Call, _pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Confirms the user with the code in the link. There is no form.

    HEAD does not confirm the user, because mail software sends it to check links.
    """
    if request.method == "HEAD":
        return DomainResponse(headers=HEADERS, content_type=render.HTML)
    missing = [name for name in PARAMETERS if name not in request.args]
    if missing:
        return _refused(call, request, f"Required String parameter '{missing[0]}' is not present")
    try:
        confirmation.by_link(call, *[request.args[name] for name in PARAMETERS])
    except AwsError as refused:
        call.reason = refused.reason or refused.message
        return _refused(call, request, refused.message)
    return render.page(call, request, "confirmed.html")


def _refused(call: Call, request: DomainRequest, message: str) -> DomainResponse:
    return render.page(call, request, "error.html", status=400, error=message, message=None)


RULES = [
    page("/confirmUser", answer, ["GET"]),
]
