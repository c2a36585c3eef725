"""Sign-ins that take several pages. A cookie holds the id of their state, the Journey."""

from __future__ import annotations

import hmac
from typing import Any

from cogmock.core.call import Call
from cogmock.hosted_ui import aids, render
from cogmock.oauth import authorization_request, authorize, browser_sessions
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.requests import DomainRequest, DomainResponse, PageRefusal, redirect
from cogmock.oauth.step_up import UNMET
from cogmock.state.browser import Journey
from cogmock.state.client import UserPoolClient
from cogmock.state.session import Challenge
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.proofs import passkeys
from cogmock.userpools.sign_in import auth_triggers, flow, questions, step_up, threats
from cogmock.userpools.sign_in.attempt import Question, SignIn

COOKIE = aids.JOURNEY
SECONDS = 300
PATHS = {"NEW_PASSWORD_REQUIRED": "/changePassword"}
"""Challenge → its page. First factors of choice-based sign-in are at /challenge, all others at /mfa."""
WAYS = ("WEB_AUTHN", "PASSWORD", "EMAIL_OTP", "SMS_OTP")
"""First factors in the order of the choice page. PASSWORD stands for PASSWORD_SRP as well."""
PASSKEYS = "/passkeys/add"


def check_form(call: Call, request: DomainRequest) -> None:
    """Refuses a form without the page's CSRF token, as another site may have sent it. Raises PageRefusal."""
    expected, given = request.cookies.get(render.CSRF, ""), request.form.get("_csrf", "")
    if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
        raise PageRefusal(
            render.page(call, request, "error.html", status=403, error="Invalid CSRF token", message=None)
        )


def begin(
    call: Call, pool: UserPool, request: DomainRequest, asked: AuthorizationRequest, username: str
) -> Journey:
    """A new journey. Its id is always new (prevents session fixation)."""
    journey = Journey(
        id=call.world.entropy.uuid(),
        client_id=asked.client.id,
        query=request.query_string.decode(),
        expires=call.now + SECONDS,
        username=username,
    )
    pool.journeys.keep(journey.id, journey, call.now)
    return journey


def find(call: Call, pool: UserPool, request: DomainRequest, step: str) -> Journey:
    """The browser's journey, if its next page is `step` and its query is the same. Raises PageRefusal."""
    journey = under_way(call, pool, request, step)
    if journey is None:
        raise PageRefusal(failure_page(call, request))
    return journey


def under_way(call: Call, pool: UserPool, request: DomainRequest, step: str) -> Journey | None:
    journey = pool.journeys.get(request.cookies.get(COOKIE, ""))
    if (
        journey is None
        or journey.expires <= call.now
        or journey.query != request.query_string.decode()
        or journey.step != step
    ):
        return None
    return journey


def failure_page(call: Call, request: DomainRequest) -> DomainResponse:
    """The error page for a journey that has expired or is not at this step."""
    return render.page(call, request, "error.html", status=400, error="Something went wrong", message=None)


def question(call: Call, pool: UserPool, journey: Journey) -> tuple[SignIn, Challenge]:
    """The sign-in of a journey and its current challenge. Raises NotAuthorizedException."""
    challenge = questions.find(call, pool, journey.session)
    return questions.of(call, pool, challenge), challenge


def is_by_choice(request: DomainRequest, client: UserPoolClient) -> bool:
    """Whether the client has choice-based sign-in: the pages ask for the username first, then for a factor."""
    return request.managed and "ALLOW_USER_AUTH" in (client.settings.get("ExplicitAuthFlows") or ())


def go_on(
    request: DomainRequest,
    asked: AuthorizationRequest,
    sign_in: SignIn,
    journey: Journey,
    asked_next: Question | None,
) -> DomainResponse:
    """A redirect to the page of the next challenge, or to the client if there is none. Raises AwsError."""
    asked_next = _without_choice(sign_in, asked_next) or _step_up(asked, sign_in)
    if asked_next is None:
        return finish(request, asked, sign_in, journey)
    before, listed = journey.data, asked_next.available
    choice = ways(listed)
    journey.step = PATHS.get(asked_next.name, "/mfa" if listed is None else "/challenge")
    journey.session = asked_next.session or ""
    journey.data = {
        "name": asked_next.name,
        "parameters": dict(asked_next.parameters),
        "available": listed,
        "others": len(choice) > 1 if choice else _was_chosen(before, asked_next),
    }
    return to_step(request, journey)


def ways(available: list[str] | None) -> list[str]:
    """The first factors that the user may choose from; [] if the challenge is not about first factors."""
    listed = ["PASSWORD" if name == "PASSWORD_SRP" else name for name in available or ()]
    return [way for way in WAYS if way in listed]


def _without_choice(sign_in: SignIn, question: Question | None) -> Question | None:
    """Answers SELECT_CHALLENGE automatically if there is only one factor to choose."""
    if question is None or question.name != "SELECT_CHALLENGE" or len(ways(question.available)) != 1:
        return question
    sign_in.given = {"ANSWER": ways(question.available)[0]}
    return flow.answer(sign_in, questions.find(sign_in.call, sign_in.pool, question.session or ""))


def _was_chosen(before: dict[str, Any], question: Question) -> bool:
    """Whether the second factor was chosen from several, so that the page offers a way back."""
    same = before.get("name") == question.name and bool(before.get("others"))
    return before.get("name") == "SELECT_MFA_TYPE" or same


def _step_up(asked: AuthorizationRequest, sign_in: SignIn) -> Question | None:
    """The challenge that acr_values requires beyond the pool's settings. Raises PageRefusal if there is no factor."""
    if not asked.levels:
        return None
    if not step_up.aim(sign_in, asked.levels):
        raise PageRefusal(authorization_request.refused(asked, UNMET))
    return None if step_up.reached(sign_in) else flow.proceed(sign_in)


def to_step(request: DomainRequest, journey: Journey) -> DomainResponse:
    response = redirect(f"{journey.step}{request.given}")
    response.cookies[COOKIE] = journey.id
    return response


def finish(
    request: DomainRequest, asked: AuthorizationRequest, sign_in: SignIn, journey: Journey
) -> DomainResponse:
    """Starts the browser's session, and redirects to the client or to the passkey page."""
    call, pool = sign_in.call, sign_in.pool
    auth_triggers.after(sign_in, new_device=False)
    threats.complete(sign_in)
    session = browser_sessions.begin(request, asked, sign_in)
    if _may_offer_passkey(request, sign_in, journey):
        journey.step, journey.expires = PASSKEYS, call.now + SECONDS
        response = to_step(request, journey)
        response.cookies[authorize.COOKIE] = session.id
        return response
    pool.journeys.pop(journey.id, None)
    response = authorize.granted(call, pool, asked, sign_in.known(), session)
    response.cookies |= {authorize.COOKIE: session.id, COOKIE: None}
    return response


def _may_offer_passkey(request: DomainRequest, sign_in: SignIn, journey: Journey) -> bool:
    """Whether to offer a passkey: only after a sign-up (seen on AWS), and if the pool and this host allow one."""
    call, pool = sign_in.call, sign_in.pool
    return (
        journey.signed_up
        and is_by_choice(request, sign_in.client)
        and passkeys.are_enabled(pool)
        and passkeys.are_for_page(call, pool)
    )
