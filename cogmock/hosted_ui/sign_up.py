"""/signup and /confirm: sign-up, and confirmation by a code."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.hosted_ui import directory, fields, journeys, render
from cogmock.hosted_ui.pages import page, styled, with_directory
from cogmock.hosted_ui.sign_in import name_kind
from cogmock.oauth import authorization_request
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.requests import DomainRequest, DomainResponse, redirect
from cogmock.state.browser import Journey
from cogmock.state.session import Attempt
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.sign_in import flow
from cogmock.userpools.sign_in.attempt import SignIn

PREFIX = "requiredAttributes["

LANGUAGES = {
    "en": "english",
    "de": "german",
    "es": "spanish",
    "fr": "french",
    "id": "bahasa-indonesia",
    "it": "italian",
    "ja": "japanese",
    "ko": "korean",
    "pt-BR": "portuguese-brazil",
    "zh-CN": "chinese-simplified",
    "zh-TW": "chinese-traditional",
}
"""Language of the pages → its name in the links of terms."""


def sign_up(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Signs a user up, and redirects to /confirm. Without AutoVerifiedAttributes users cannot confirm themselves."""
    asked, pool = authorization_request.checked(call, pool, request)
    if (pool.settings.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"):
        return _stop(call, request, "SignUp is not permitted for this user pool")
    if request.method != "POST":
        return _page(call, pool, request, asked)
    journeys.check_form(call, request)
    username = request.form.get("username", "").strip()
    values = {name: request.form.get(f"{PREFIX}{name}]", "").strip() for name in wanted(pool)}
    attributes = [{"Name": name, "Value": value} for name, value in values.items() if value]
    try:
        answer = directory.ask(
            call,
            asked.client,
            "SignUp",
            username,
            Password=request.form.get("password", ""),
            UserAttributes=attributes,
        )
    except AwsError as refused:
        call.reason = refused.reason or refused.message
        return _page(call, pool, request, asked, refused.message)
    journey = journeys.begin(call, pool, request, asked, username)
    delivery = answer.get("CodeDeliveryDetails") or {}
    journey.step, journey.data = "/confirm", {"destination": delivery.get("Destination")}
    if answer.get("UserConfirmed"):
        return _signed_in(call, pool, request, asked, journey)
    if not delivery:
        return _stop(call, request, "Auto verification not turned on.")
    return journeys.to_step(request, journey)


def confirm(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Confirms the sign-up, and continues the sign-in, as the password is known to be correct.

    Links in messages with a confirmation_code are redirected to /confirmUser.
    """
    if request.method != "POST" and "confirmation_code" in request.args:
        return redirect(f"/confirmUser{request.given}")
    asked, pool = authorization_request.checked(call, pool, request)
    journey = journeys.find(call, pool, request, "/confirm")
    if request.method != "POST":
        return _confirm_page(call, request, journey)
    journeys.check_form(call, request)
    try:
        if "resend" in request.form:
            answer = directory.ask(call, asked.client, "ResendConfirmationCode", journey.username)
            journey.data["destination"] = (answer.get("CodeDeliveryDetails") or {}).get("Destination")
            return _confirm_page(call, request, journey, resent=True)
        code = request.form.get("code", "").strip()
        directory.ask(call, asked.client, "ConfirmSignUp", journey.username, ConfirmationCode=code)
    except AwsError as refused:
        call.reason = refused.reason or refused.message
        return _confirm_page(call, request, journey, refused.message)
    return _signed_in(call, pool, request, asked, journey)


def wanted(pool: UserPool) -> list[str]:
    """The attributes in the form: the required ones and the destination of the code, without the sign-in name."""
    name = pool.settings.get("UsernameAttributes") or ()
    verified = pool.settings.get("AutoVerifiedAttributes") or ()
    needed = [key for key, definition in pool.schema.items() if definition["Required"] and key != "sub"]
    # With one kind of address as the username, the code is sent to it. With two kinds, their fields are kept.
    asked = [*needed, *(() if name else [key for key in verified if key not in needed][:1])]
    return [key for key in dict.fromkeys(asked) if len(name) > 1 or key not in name]


def _signed_in(
    call: Call, pool: UserPool, request: DomainRequest, asked: AuthorizationRequest, journey: Journey
) -> DomainResponse:
    """Continues the sign-in without asking for the password, which the user has just chosen."""
    journey.signed_up = True
    user = aliases.find(pool, journey.username)
    if user is None:
        return journeys.failure_page(call, request)
    attempt = Attempt(
        flow="USER_PASSWORD_AUTH",
        client_id=asked.client.id,
        username=user.name,
        known=True,
        event_id=call.world.entropy.uuid(),
        proven=("PASSWORD",),
    )
    sign_in = SignIn(call, pool, asked.client, user, attempt, {})
    try:
        return journeys.go_on(request, asked, sign_in, journey, flow.proceed(sign_in))
    except AwsError as refused:
        return _stop(call, request, refused.message)


def _page(
    call: Call, pool: UserPool, request: DomainRequest, asked: AuthorizationRequest, error: str | None = None
) -> DomainResponse:
    kinds = pool.settings.get("UsernameAttributes") or ()
    return render.page(
        call,
        request,
        "signup.html",
        error=error,
        fields=[
            fields.for_attribute(
                pool, name, request.form.get(f"{PREFIX}{name}]", ""), required=name not in kinds
            )
            for name in wanted(pool)
        ],
        rules=fields.rules(pool, request.form.get("password")) if request.managed else None,
        username=request.form.get("username", ""),
        name_kind=name_kind(pool),
        **fields.for_username(pool),
        terms=_terms(pool, asked.client.id, render.language(request)) if request.managed else {},
    )


def _terms(pool: UserPool, client_id: str, language: str) -> dict[str, str]:
    """Name of each document → its link in the page's language or the default one; {} unless the client has both."""
    found = {terms.name: terms.links for terms in pool.terms if terms.client_id == client_id and terms.links}
    if len(found) < 2:
        return {}
    return {
        name: links.get(f"cognito:{LANGUAGES[language]}") or links.get("cognito:default", "")
        for name, links in found.items()
    }


def _confirm_page(
    call: Call, request: DomainRequest, journey: Journey, error: str | None = None, *, resent: bool = False
) -> DomainResponse:
    destination = journey.data.get("destination")
    return render.page(
        call,
        request,
        "confirm.html",
        error=error,
        username=journey.username,
        destination=destination,
        resent=resent,
    )


def _stop(call: Call, request: DomainRequest, message: str) -> DomainResponse:
    return render.page(call, request, "error.html", status=400, error=message, message=None)


RULES = [
    page("/signup", styled(with_directory(sign_up))),
    page("/confirm", styled(confirm)),
]
