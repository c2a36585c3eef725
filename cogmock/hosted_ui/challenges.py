"""The questions that follow a first factor: a new password, a code, the set-up of an app, the choice among factors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.hosted_ui import journeys, render
from cogmock.oauth import authorize
from cogmock.oauth.requests import Reply, Visit
from cogmock.state.browser import Journey
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import factors
from cogmock.userpools.sign_in import flow, mfa

CODES = {"SMS_MFA", "EMAIL_OTP", "SMS_OTP", "SOFTWARE_TOKEN_MFA"}


def answer(call: Call, pool: UserPool | None, visit: Visit) -> Reply:
    """Shows the question of this browser's sign-in, or takes the answer to the machine."""
    asked, pool = authorize.checked(call, pool, visit)
    journey = journeys.find(call, pool, visit, visit.path)
    if visit.method == "GET":
        return _page(call, pool, visit, journey)
    journeys.check_form(call, visit)
    try:
        given = _given(call, pool, visit, journey)
        sign_in, challenge = journeys.question(call, pool, journey)
        sign_in.given = given
        return journeys.go_on(visit, asked, sign_in, journey, flow.answer(sign_in, challenge))
    except AwsError as refused:
        call.reason = refused.reason or call.reason
        if refused.message.startswith("Invalid session"):
            return journeys.lost(call, visit)
        return _page(call, pool, visit, journey, refused.message)


def _given(call: Call, pool: UserPool, visit: Visit, journey: Journey) -> dict[str, str]:
    """The form as ChallengeResponses. Raises AwsError."""
    form, name = visit.form, journey.data["name"]
    if name in CODES:
        return {f"{name}_CODE": form.get("code", "").strip()}
    if name == "NEW_PASSWORD_REQUIRED":
        attributes = {
            key: value for key, value in form.items() if key.startswith("userAttributes.") and value
        }
        return {"NEW_PASSWORD": form.get("password", ""), **attributes}
    if name == "MFA_SETUP" and journey.data.get("secret"):
        journey.session = mfa.verify(
            call, pool, journey.session, form.get("code", "").strip(), form.get("device_name") or None
        )
        return {}
    if name == "MFA_SETUP":
        member = "EMAIL" if factors.TOTP not in _settable(journey) and _by_mail(journey) else "PHONE_NUMBER"
        return {member: form.get("address", "").strip()}
    return {"ANSWER": form.get("answer", "")}


def _page(call: Call, pool: UserPool, visit: Visit, journey: Journey, error: str | None = None) -> Reply:
    name = journey.data["name"]
    show = SHOWN.get(name, _code)
    template, shown = show(call, pool, journey)
    return render.page(call, visit, template, error=error, path=visit.path, **shown)


def _code(_call: Call, _pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    return "mfa.html", {"destination": journey.data["parameters"].get("CODE_DELIVERY_DESTINATION")}


def _new_password(_call: Call, _pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    missing = json.loads(journey.data["parameters"].get("requiredAttributes", "[]"))
    return "new_password.html", {"missing": [name.removeprefix("userAttributes.") for name in missing]}


def _choice(_call: Call, _pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    return "choose.html", {"choices": json.loads(journey.data["parameters"].get("MFAS_CAN_CHOOSE", "[]"))}


def _setup(call: Call, pool: UserPool, journey: Journey) -> tuple[str, dict[str, Any]]:
    """An app where the pool takes one, else an address."""
    if factors.TOTP not in _settable(journey):
        return "address.html", {"kind": "email" if _by_mail(journey) else "phone"}
    if not journey.data.get("secret"):
        journey.data["secret"], journey.session = mfa.associate(call, pool, journey.session)
    secret = journey.data["secret"]
    label = quote(f"{pool.name}:{journey.username}", safe="")
    return "setup.html", {
        "secret": secret,
        "qr": _qr(f"otpauth://totp/{label}?secret={secret}&issuer={quote(pool.name, safe='')}"),
    }


def _qr(text: str) -> str:
    import segno

    uri: str = segno.make(text, micro=False).svg_data_uri(scale=4, border=2)
    return uri


def _settable(journey: Journey) -> list[str]:
    names: list[str] = json.loads(journey.data["parameters"].get("MFAS_CAN_SETUP", "[]"))
    return names


def _by_mail(journey: Journey) -> bool:
    return factors.EMAIL in _settable(journey)


SHOWN: dict[str, Callable[[Call, UserPool, Journey], tuple[str, dict[str, Any]]]] = {
    "NEW_PASSWORD_REQUIRED": _new_password,
    "SELECT_MFA_TYPE": _choice,
    "MFA_SETUP": _setup,
}
