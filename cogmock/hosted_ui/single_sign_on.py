"""Single sign-on: continues with the browser's session, and asks only for factors that its level lacks."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.hosted_ui import journeys
from cogmock.oauth import authorization_request, authorize, step_up
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.browser import BrowserSession
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.sign_in import flow


def go_on(
    call: Call,
    pool: UserPool,
    request: DomainRequest,
    asked: AuthorizationRequest,
    user: User,
    known: BrowserSession,
) -> DomainResponse:
    """A redirect to the client, or to the page of the next factor that acr_values requires. Raises AwsError."""
    sign_in = step_up.resumed(call, pool, asked.client, user, known, asked.levels)
    if sign_in is None:
        return authorization_request.refused(asked, step_up.UNMET)
    if step_up.is_there(sign_in):
        return authorize.granted(call, pool, asked, user, known)
    asked_next = flow.start(sign_in)
    journey = journeys.begin(call, pool, request, asked, user.name)
    return journeys.go_on(request, asked, sign_in, journey, asked_next)
