"""GET /userFeedback: the page behind the links in the mail about a risky sign-in."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.hosted_ui import render
from cogmock.hosted_ui.link import HEADERS
from cogmock.hosted_ui.pages import page
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.threats.notice import PAGE

PARAMETERS = ("client_id", "user_name", "event_id", "feedback_token", "feedback_value")


def answer(call: Call, _pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """One click gives the feedback. HEAD does not, because mail software sends it to check links."""
    if request.method == "HEAD":
        return DomainResponse(headers=HEADERS, content_type=render.HTML)
    missing = [name for name in PARAMETERS if name not in request.args]
    if missing:
        return _refused(call, request, f"Required String parameter '{missing[0]}' is not present")
    try:
        _give(call, *[request.args[name] for name in PARAMETERS])
    except AwsError as refused:
        call.reason = refused.reason or refused.message
        return _refused(call, request, refused.message)
    return render.page(call, request, "feedback.html")


def _give(call: Call, client_id: str, username: str, event_id: str, token: str, value: str) -> None:
    pool, _ = lookup.home_of_client(call, client_id)
    given = {
        "UserPoolId": pool.id,
        "Username": username,
        "EventId": event_id,
        "FeedbackToken": token,
        "FeedbackValue": value,
    }
    UserPoolsBackend.ask(call, "UpdateAuthEventFeedback", given)


def _refused(call: Call, request: DomainRequest, message: str) -> DomainResponse:
    return render.page(call, request, "error.html", status=400, error=message, message=None)


RULES = [
    page(PAGE, answer, ["GET"]),
]
