"""The page behind the link of a verification mail."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.hosted_ui import render
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.arrivals import confirmation

PARAMETERS = ("client_id", "user_name", "confirmation_code")


def answer(call: Call, _pool: UserPool | None, visit: DomainRequest) -> DomainResponse:
    """Confirms the user that the link names. There is no form: whoever has the link has the code."""
    missing = [name for name in PARAMETERS if name not in visit.query]
    if missing:
        return _refused(call, visit, f"Required String parameter '{missing[0]}' is not present")
    try:
        confirmation.by_link(call, *[visit.query[name] for name in PARAMETERS])
    except AwsError as refused:
        call.reason = refused.reason or call.reason
        return _refused(call, visit, refused.message)
    return render.page(call, visit, "confirmed.html")


def _refused(call: Call, visit: DomainRequest, message: str) -> DomainResponse:
    return render.page(call, visit, "error.html", status=400, error=message, message=None)
