"""/login: the sign-in page, and the start of a sign-in."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError, PasswordResetRequiredException, UserNotConfirmedException
from cogmock.hosted_ui import journeys, provider_buttons, render, single_sign_on
from cogmock.hosted_ui.pages import page, styled, with_any_provider
from cogmock.oauth import authorization_request, authorize, providers
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.requests import DomainRequest, DomainResponse, redirect
from cogmock.state.browser import BrowserSession, Journey
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.sign_in import entrance, flow, step_up

WITH_PAGE = (UserNotConfirmedException, PasswordResetRequiredException)
"""Errors that redirect to a page where the user can continue."""


def login(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    asked, pool = authorization_request.checked(call, pool, request)
    known = authorize.signed_in_user(call, pool, request, asked)
    if request.method != "POST":
        if known and asked.levels and "login" not in asked.prompt:
            return _continued(call, pool, request, asked, *known)
        if known and request.managed:
            return render.page(call, request, "account.html", known=pool.sign_in_name(known[0]))
        return _page(call, pool, request, asked)
    journeys.check_form(call, request)
    if "continue" in request.form and known:
        return _continued(call, pool, request, asked, *known)
    if "continue" in request.form or "different" in request.form:
        return _page(call, pool, request, asked)
    if provider_buttons.FIELD in request.form:
        address = request.form[provider_buttons.FIELD]
        found = provider_buttons.by_mail(pool, asked.client, request, address)
        return found or _page(call, pool, request, asked, error="no_provider")
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    if not providers.has_directory(asked.client):
        call.reason = "COGNITO is not among the SupportedIdentityProviders of the client"
        return _page(call, pool, request, asked, error=providers.UNAVAILABLE)
    if not username or not (password or journeys.is_by_choice(request, asked.client)):
        return _page(call, pool, request, asked, username, "missing")
    return _begun(call, pool, request, asked, username, password)


def redirect_for(request: DomainRequest, journey: Journey, refused: AwsError) -> DomainResponse:
    """A redirect to the page of an error in WITH_PAGE."""
    if isinstance(refused, PasswordResetRequiredException):
        return redirect(f"/forgotPassword{request.given}")
    # The password was correct; once the address is confirmed, the sign-in can continue.
    journey.step, journey.data = "/confirm", {}
    return journeys.to_step(request, journey)


def _continued(
    call: Call,
    pool: UserPool,
    request: DomainRequest,
    asked: AuthorizationRequest,
    user: User,
    session: BrowserSession,
) -> DomainResponse:
    """Continues as the user of the browser's session; with `prompt=login` the user has to sign in again."""
    if "login" not in asked.prompt:
        try:
            return single_sign_on.go_on(call, pool, request, asked, user, session)
        except AwsError as refused:
            call.reason = refused.reason or refused.message
            return _page(call, pool, request, asked, error=refused.message)
    name = pool.sign_in_name(user)
    if journeys.is_by_choice(request, asked.client):
        return _begun(call, pool, request, asked, name, "")
    return _page(call, pool, request, asked, name)


def _begun(
    call: Call,
    pool: UserPool,
    request: DomainRequest,
    asked: AuthorizationRequest,
    username: str,
    password: str,
) -> DomainResponse:
    try:
        sign_in = entrance.look_up(call, pool, asked.client, *_flow(request, asked, username, password))
        step_up.aim(sign_in, asked.levels)
        journey = journeys.begin(call, pool, request, asked, username)
        return journeys.go_on(request, asked, sign_in, journey, flow.start(sign_in))
    except WITH_PAGE as refused:
        return redirect_for(request, journeys.begin(call, pool, request, asked, username), refused)
    except AwsError as refused:
        call.reason = refused.reason or refused.message
        return _page(call, pool, request, asked, username, refused.message)


def _flow(
    request: DomainRequest, asked: AuthorizationRequest, username: str, password: str
) -> tuple[str, dict[str, str]]:
    if not journeys.is_by_choice(request, asked.client):
        return "USER_PASSWORD_AUTH", {"USERNAME": username, "PASSWORD": password}
    by_password = {"PASSWORD": password, "PREFERRED_CHALLENGE": "PASSWORD"} if password else {}
    return "USER_AUTH", {"USERNAME": username, **by_password}


def _page(
    call: Call,
    pool: UserPool,
    request: DomainRequest,
    asked: AuthorizationRequest,
    username: str = "",
    error: str | None = None,
) -> DomainResponse:
    hint = request.args.get("login_hint", "") if request.managed else ""
    known = None if request.managed else authorize.signed_in_user(call, pool, request, asked)
    return render.page(
        call,
        request,
        "login.html",
        username=username or hint,
        error=error,
        known=pool.sign_in_name(known[0]) if known else None,
        name_only=journeys.is_by_choice(request, asked.client),
        sign_up=not (pool.settings.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"),
        name_kind=name_kind(pool),
        directory=providers.has_directory(asked.client),
        providers=provider_buttons.for_client(call, pool, asked.client, request),
        corporate_field=provider_buttons.FIELD,
    )


def name_kind(pool: UserPool) -> str:
    """The key of the username field's label: username, email, phone or email_or_phone."""
    kinds = pool.settings.get("UsernameAttributes") or ()
    if len(kinds) > 1:
        return "email_or_phone"
    return {"email": "email", "phone_number": "phone"}[kinds[0]] if kinds else "username"


RULES = [
    page("/login", styled(with_any_provider(login))),
]
