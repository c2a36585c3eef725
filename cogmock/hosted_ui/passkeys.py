"""/passkeys/add: registers a passkey for the user who is signed in with this browser."""

from __future__ import annotations

import json
from typing import Any

from cogmock import foreign_json
from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.hosted_ui import journeys, render
from cogmock.hosted_ui.pages import page, styled
from cogmock.oauth import authorization_request, authorize
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.requests import DomainRequest, DomainResponse, PageRefusal, error_page, redirect
from cogmock.state.browser import BrowserSession
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.proofs import passkey_registration, passkeys

FAILED = "passkey_failed"
FAULTS = {
    "NotAllowedError": "passkey_cancelled",
    "AbortError": "passkey_cancelled",
    "InvalidStateError": "passkey_there",
    "SecurityError": "passkey_elsewhere",
    "NotSupportedError": "passkey_unsupported",
}
"""Name of the DOMException of a failed WebAuthn call → the key of the message on the page."""
NOT_ENABLED = "WebAuthn is not enabled for this user pool."


def add(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Redirects to the application with `result=` (seen on AWS), or after a sign-up with the code or tokens."""
    asked, pool = _asked(call, pool, request)
    known = authorize.signed_in_user(call, pool, request, asked)
    if known is None:
        return redirect(asked.redirect_uri, {"result": "invalid_session"})
    if request.method != "POST":
        return _page(call, pool, request, asked, known[0])
    journeys.check_form(call, request)
    if "skip" in request.form:
        return _done(call, pool, request, asked, known, "cancelled")
    error = fault(request.form.get("fault"))
    if error:
        return _page(call, pool, request, asked, known[0], error)
    try:
        credential = foreign_json.read(request.form.get("credential", ""))
        passkey_registration.complete(call, pool, known[0], asked.client.id, credential)
    except foreign_json.NotJson:
        return _page(call, pool, request, asked, known[0], FAILED)
    except AwsError as refused:
        call.reason = refused.reason or refused.message
        return _page(call, pool, request, asked, known[0], refused.message)
    return _done(call, pool, request, asked, known, "success")


def fault(name: str | None) -> str | None:
    """The key of the message for a browser's error; None without one."""
    return FAULTS.get(name, FAILED) if name else None


def _asked(
    call: Call, pool: UserPool | None, request: DomainRequest
) -> tuple[AuthorizationRequest, UserPool]:
    """Checks client_id and redirect_uri only, which is all that AWS requires of this page. Raises PageRefusal."""
    for name in ("client_id", "redirect_uri"):
        if not request.args.get(name):
            client_id = request.args.get("client_id")
            message = f"Missing required parameter {name}"
            raise PageRefusal(error_page("invalid_request", client_id, message=message))
    client, redirect_uri, pool = authorization_request.client_and_callback(call, pool, request)
    if not request.managed:
        raise PageRefusal(error_page("Passkeys need managed login", client.oauth_id))
    if not passkeys.are_enabled(pool):
        raise PageRefusal(error_page("invalid_request", client.oauth_id, message=NOT_ENABLED))
    asked = AuthorizationRequest(
        client=client,
        redirect_uri=redirect_uri,
        kind="code",
        scopes=(),
        state=None,
        nonce=None,
        challenge=None,
        audience=None,
        prompt=(),
        max_age=None,
    )
    return asked, pool


def _page(
    call: Call,
    pool: UserPool,
    request: DomainRequest,
    asked: AuthorizationRequest,
    user: User,
    error: str | None = None,
) -> DomainResponse:
    options: dict[str, Any] = {}
    try:
        options = passkey_registration.begin(call, pool, user, asked.client.id)
    except AwsError as refused:
        error = refused.message
    return render.page(
        call,
        request,
        "passkey_add.html",
        error=error,
        options=json.dumps(options) if options else "",
        here=passkeys.are_for_page(call, pool),
    )


def _done(
    call: Call,
    pool: UserPool,
    request: DomainRequest,
    asked: AuthorizationRequest,
    known: tuple[User, BrowserSession],
    result: str,
) -> DomainResponse:
    journey = journeys.under_way(call, pool, request, journeys.PASSKEYS)
    if journey is None:
        return redirect(asked.redirect_uri, {"result": result})
    whole, pool = authorization_request.checked(call, pool, request)
    pool.journeys.pop(journey.id, None)
    response = authorize.granted(call, pool, whole, *known)
    response.cookies[journeys.COOKIE] = None
    return response


RULES = [
    page("/passkeys/add", styled(add)),
]
