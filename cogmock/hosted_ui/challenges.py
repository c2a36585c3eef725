"""The pages of challenges: first factors, a new password, codes, MFA setup, and the choice of a factor."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from cogmock.core.call import Call
from cogmock.errors import AwsError, InvalidParameterException, InvalidSession, NotAuthorizedException
from cogmock.hosted_ui import fields, journeys, passkeys, render, sign_in
from cogmock.hosted_ui.pages import page, styled
from cogmock.oauth import authorization_request
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.browser import Journey
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping, writes
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.proofs import factors
from cogmock.userpools.rules.proofs.passkeys import are_for_page
from cogmock.userpools.sign_in import flow
from cogmock.userpools.sign_in.attempt import SignIn
from cogmock.userpools.sign_in.steps import mfa

BY_MESSAGE = {"SMS_MFA", "EMAIL_OTP", "SMS_OTP"}
CODES = {*BY_MESSAGE, "SOFTWARE_TOKEN_MFA"}
SETUP_ORDER = (factors.TOTP, factors.EMAIL, factors.SMS)
ADDRESSES = {factors.EMAIL: "EMAIL", factors.SMS: "PHONE_NUMBER"}
"""Factor → the ChallengeResponses key of its address in an answer to MFA_SETUP."""


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """GET shows the challenge of the browser's sign-in; POST answers it. Raises PageRefusal."""
    asked, pool = authorization_request.checked(call, pool, request)
    journey = journeys.find(call, pool, request, request.path)
    if request.method != "POST":
        return _page(call, pool, request, journey, journey.data.pop("error", None))
    journeys.check_form(call, request)
    try:
        return _answered(call, pool, request, asked, journey)
    except sign_in.WITH_PAGE as refused:
        return sign_in.redirect_for(request, journey, refused)
    except AwsError as refused:
        call.reason = refused.reason or refused.message
        if isinstance(refused, InvalidSession):
            return journeys.failure_page(call, request)
        return _page(call, pool, request, journey, refused.message)


def _answered(
    call: Call, pool: UserPool, request: DomainRequest, asked: AuthorizationRequest, journey: Journey
) -> DomainResponse:
    """Raises AwsError."""
    form, name = request.form, journey.data["name"]
    if name == "MFA_SETUP" and ("setup" in form or "back" in form):
        _choose_setup(pool, journey, form.get("setup"))
        return _page(call, pool, request, journey)
    if "back" in form or "resend" in form:
        return _asked_anew(call, pool, request, asked, journey)
    if name == "WEB_AUTHN":
        return _by_passkey(call, pool, request, asked, journey)
    given = _given(call, pool, request, journey)
    to_set_up = _to_set_up(pool, journey) if name == "MFA_SETUP" else ""
    attempt, challenge = journeys.question(call, pool, journey)
    attempt.given = given
    response = journeys.go_on(request, asked, attempt, journey, flow.answer(attempt, challenge))
    if to_set_up in ADDRESSES:
        journey.data |= {"others": True, "typed": to_set_up}
    return response


def _asked_anew(
    call: Call, pool: UserPool, request: DomainRequest, asked: AuthorizationRequest, journey: Journey
) -> DomainResponse:
    """Sends another code, or goes back to the choice of a factor. Raises AwsError."""
    attempt, challenge = journeys.question(call, pool, journey)
    resend = "resend" in request.form and challenge.name in BY_MESSAGE
    typed = journey.data.get("typed")
    if typed and not resend:
        _take_back_address(attempt, typed)
    question = (flow.ask_again if resend else flow.ask_back)(attempt, challenge)
    response = journeys.go_on(request, asked, attempt, journey, question)
    journey.data |= {"resent": True, "typed": typed} if resend else {}
    return response


def _take_back_address(attempt: SignIn, factor: str) -> None:
    """Removes an unverified address that was entered for MFA setup, so that the user can correct it."""
    user, attribute = attempt.known(), factors.ATTRIBUTES[factor]
    if not aliases.is_verified(user, attribute):
        writes.refuse(attempt.call, attempt.pool)
        keeping.note(attempt.call, attempt.pool, user)
        attempt.pool.users.write(user, {attribute: None, f"{attribute}_verified": None})


def _by_passkey(
    call: Call, pool: UserPool, request: DomainRequest, asked: AuthorizationRequest, journey: Journey
) -> DomainResponse:
    """Answers WEB_AUTHN with the browser's credential. Without a valid one other factors are offered.

    Raises AwsError.
    """
    attempt, challenge = journeys.question(call, pool, journey)
    error = passkeys.fault(request.form.get("fault"))
    if not error:
        attempt.given = {"CREDENTIAL": request.form.get("credential", "")}
        try:
            return journeys.go_on(request, asked, attempt, journey, flow.answer(attempt, challenge))
        except (NotAuthorizedException, InvalidParameterException) as refused:
            call.reason, error = refused.reason or refused.message, passkeys.FAILED
            attempt.given = {}
    response = journeys.go_on(request, asked, attempt, journey, flow.ask_back(attempt, challenge))
    journey.data["error"] = error
    return response


def _given(call: Call, pool: UserPool, request: DomainRequest, journey: Journey) -> dict[str, str]:
    """The form as ChallengeResponses. Raises AwsError."""
    form, name = request.form, journey.data["name"]
    if name in CODES:
        return {f"{name}_CODE": form.get("code", "").strip()}
    if name == "PASSWORD":
        return {"PASSWORD": form.get("password", "")}
    if name == "NEW_PASSWORD_REQUIRED":
        attributes = {
            key: value for key, value in form.items() if key.startswith("userAttributes.") and value
        }
        return {"NEW_PASSWORD": form.get("password", ""), **attributes}
    if name == "MFA_SETUP" and _to_set_up(pool, journey) == factors.TOTP:
        code, device = form.get("code", "").strip(), form.get("device_name") or None
        journey.session = mfa.verify(call, pool, journey.session, code, device)
        return {}
    if name == "MFA_SETUP":
        return {ADDRESSES[_to_set_up(pool, journey)]: form.get("address", "").strip()}
    return {"ANSWER": form.get("answer", "")}


def _page(
    call: Call, pool: UserPool, request: DomainRequest, journey: Journey, error: str | None = None
) -> DomainResponse:
    """The page of the challenge. Every page shows the username and offers a way back."""
    template, shown = SHOWN.get(journey.data["name"], _code)(call, pool, journey)
    if template == "new_password.html":
        shown["rules"] = fields.rules(pool, request.form.get("password"))
    given = {
        "path": request.path,
        "username": journey.username,
        "others": journey.data.get("others", False),
        "resent": journey.data.pop("resent", False),
        "first": request.path == "/challenge",
    }
    return render.page(call, request, template, error=error, **given, **shown)


def _code(_call: Call, _pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    destination = journey.data["parameters"].get("CODE_DELIVERY_DESTINATION")
    return "mfa.html", {"destination": destination}


def _password(_call: Call, _pool: UserPool, _journey: Journey) -> tuple[str, dict[str, Any]]:
    return "password.html", {}


def _passkey(call: Call, pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    options = journey.data["parameters"]["CREDENTIAL_REQUEST_OPTIONS"]
    return "passkey.html", {"options": options, "here": are_for_page(call, pool)}


def _way(_call: Call, _pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    return "choose.html", {
        "choices": journeys.ways(journey.data["available"]),
        "title": "ways_title",
        "field": "answer",
    }


def _new_password(_call: Call, pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    missing = json.loads(journey.data["parameters"].get("requiredAttributes", "[]"))
    asked = [fields.for_attribute(pool, name.removeprefix("userAttributes.")) for name in missing]
    return "new_password.html", {"fields": asked}


def _choice(_call: Call, _pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    choices = json.loads(journey.data["parameters"].get("MFAS_CAN_CHOOSE", "[]"))
    return "choose.html", {"choices": choices, "title": "choose_title", "field": "answer"}


def _setup(call: Call, pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    """The choice of a factor to set up, or the setup of the chosen or only one."""
    journey.data["others"] = len(_settable(pool, journey)) > 1
    factor = _to_set_up(pool, journey)
    if not factor:
        shown = {"choices": _settable(pool, journey), "title": "choose_setup_title", "field": "setup"}
        return "choose.html", shown
    if factor != factors.TOTP:
        return "address.html", {"kind": "email" if factor == factors.EMAIL else "phone"}
    if not journey.data.get("secret"):
        journey.data["secret"], journey.session = mfa.associate(call, pool, journey.session)
    secret = journey.data["secret"]
    label = quote(f"{pool.name}:{journey.username}", safe="")
    uri = f"otpauth://totp/{label}?secret={secret}&issuer={quote(pool.name, safe='')}"
    return "setup.html", {"secret": secret, "uri": uri, "qr": _qr(uri)}


def _qr(text: str) -> str:
    import segno

    uri: str = segno.make(text, micro=False).svg_data_uri(scale=4, border=2)
    return uri


def _settable(pool: UserPool, journey: Journey) -> list[str]:
    """The factors that the user can set up, the safest first."""
    names: list[str] = json.loads(journey.data["parameters"].get("MFAS_CAN_SETUP", "[]"))
    user = aliases.find(pool, journey.username)
    able = [name for name in SETUP_ORDER if name in names and user and factors.can_set_up(pool, user, name)]
    return able or names[:1]


def _to_set_up(pool: UserPool, journey: Journey) -> str:
    """The factor that is set up: the chosen one or the only one; "" if none is chosen yet."""
    settable = _settable(pool, journey)
    chosen = str(journey.data.get("setup", ""))
    return settable[0] if len(settable) == 1 else chosen


def _choose_setup(pool: UserPool, journey: Journey, factor: str | None) -> None:
    journey.data["setup"] = factor if factor in _settable(pool, journey) else ""


SHOWN: dict[str, Callable[[Call, UserPool, Journey], tuple[str, dict[str, Any]]]] = {
    "SELECT_CHALLENGE": _way,
    "PASSWORD": _password,
    "WEB_AUTHN": _passkey,
    "NEW_PASSWORD_REQUIRED": _new_password,
    "SELECT_MFA_TYPE": _choice,
    "MFA_SETUP": _setup,
}


RULES = [page(path, styled(answer)) for path in ("/changePassword", "/mfa", "/challenge")]
