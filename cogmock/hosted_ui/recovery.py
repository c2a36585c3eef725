"""/forgotPassword and /confirmForgotPassword: sends a code, and sets a new password with it."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.hosted_ui import directory, fields, journeys, render
from cogmock.hosted_ui.pages import page, styled, with_directory
from cogmock.hosted_ui.sign_in import name_kind
from cogmock.oauth import authorization_request
from cogmock.oauth.requests import DomainRequest, DomainResponse, redirect
from cogmock.state.user_pool import UserPool


def forgot(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    asked, pool = authorization_request.checked(call, pool, request)
    username = request.form.get("username", "").strip()
    error = None
    if request.method == "POST":
        journeys.check_form(call, request)
        try:
            answer = directory.ask(call, asked.client, "ForgotPassword", username)
        except AwsError as refused:
            call.reason, error = refused.reason or refused.message, refused.message
        else:
            journey = journeys.begin(call, pool, request, asked, username)
            journey.step = "/confirmForgotPassword"
            journey.data["destination"] = (answer.get("CodeDeliveryDetails") or {}).get("Destination")
            return journeys.to_step(request, journey)
    return render.page(
        call,
        request,
        "forgot.html",
        error=error,
        username=username,
        name_kind=name_kind(pool),
        **fields.for_username(pool),
    )


def reset(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Sets the new password, and redirects to the sign-in page. Raises PageRefusal."""
    asked, pool = authorization_request.checked(call, pool, request)
    journey = journeys.find(call, pool, request, "/confirmForgotPassword")
    error = None
    if request.method == "POST":
        journeys.check_form(call, request)
        try:
            directory.ask(
                call,
                asked.client,
                "ConfirmForgotPassword",
                journey.username,
                ConfirmationCode=request.form.get("code", "").strip(),
                Password=request.form.get("password", ""),
            )
        except AwsError as refused:
            call.reason, error = refused.reason or refused.message, refused.message
        else:
            pool.journeys.pop(journey.id, None)
            return redirect(f"/login{request.given}")
    return render.page(
        call,
        request,
        "reset.html",
        error=error,
        username=journey.username,
        destination=journey.data.get("destination"),
        rules=fields.rules(pool, request.form.get("password")) if request.managed else None,
    )


RULES = [
    page("/forgotPassword", styled(with_directory(forgot))),
    page("/confirmForgotPassword", styled(reset)),
]
