"""The second factor: which one is asked for, the choice among several, and MFA_SETUP."""

from __future__ import annotations

import json

from cogmock.core.call import Call
from cogmock.errors import InvalidParameterException, InvalidSession
from cogmock.state.session import Challenge
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import attributes
from cogmock.userpools.rules.proofs import changes, factors
from cogmock.userpools.sign_in import questions
from cogmock.userpools.sign_in.attempt import Question, SignIn
from cogmock.userpools.sign_in.steps import software_token

SECOND = {"SMS_MFA", "SOFTWARE_TOKEN_MFA", "MFA_SETUP", "DEVICE_PASSWORD_VERIFIER"}
"""Challenges that are always a second factor; EMAIL_OTP is one if it was not the first factor."""
OTHER_NAMES = {"EMAIL_MFA": "EMAIL_OTP"}
SET_UP_BY = {"EMAIL": ("email", factors.EMAIL), "PHONE_NUMBER": ("phone_number", factors.SMS)}


def is_done(sign_in: SignIn) -> bool:
    proven, credited = sign_in.attempt.proven, sign_in.attempt.credited
    passkey = "WEB_AUTHN" in proven and factors.is_multi_factor_passkey(sign_in.pool)
    by_mail = "EMAIL_OTP" in (proven if credited else proven[1:])
    return passkey or by_mail or "mfa" in credited or bool(SECOND.intersection(proven))


def wanted(sign_in: SignIn) -> str | None:
    """The challenge of the second factor, or None if none is needed (AWS dev guide: MFA logic at user runtime).

    Raises InvalidParameterException.
    """
    pool, user = sign_in.pool, sign_in.known()
    mode = pool.settings.get("MfaConfiguration") or "OFF"
    if mode == "OFF" or is_done(sign_in):
        return None
    names = candidates(sign_in)
    if len(names) > 1:
        return "SELECT_MFA_TYPE"
    if names:
        return names[0]
    if mode == "OPTIONAL":
        return None
    if not _can_set_up(pool, user):
        raise InvalidParameterException("User has no MFA method other than the one for account recovery.")
    return "MFA_SETUP"


def candidates(sign_in: SignIn) -> list[str]:
    """The factors among which the user has to choose; only the preferred one if there is one."""
    pool, user = sign_in.pool, sign_in.known()
    active = factors.active(pool, user)
    preferred = user.mfa.preferred if user.mfa else None
    if preferred in active:
        return [str(preferred)]
    if not active and sign_in.attempt.must_prove_more:
        return [name for name in factors.switched_on(pool) if factors.has(user, name)]
    if active or pool.settings.get("MfaConfiguration") != "ON":
        return active
    return factors.eligible(pool, user)


def ask_type(sign_in: SignIn) -> Question:
    user = sign_in.known()
    names = candidates(sign_in)
    return Question(
        "SELECT_MFA_TYPE",
        {"MFAS_CAN_CHOOSE": _listed(names), "USER_ID_FOR_SRP": user.name},
        {"names": names},
    )


def choose_type(sign_in: SignIn, challenge: Challenge | None) -> None:
    answer = sign_in.take("ANSWER")
    answer = OTHER_NAMES.get(answer, answer)
    names = challenge.data["names"] if challenge else ()
    if answer not in names or answer not in candidates(sign_in):
        raise InvalidParameterException("Selected MFA type is not available.")
    sign_in.attempt.chosen = answer


def ask_setup(sign_in: SignIn) -> Question:
    return Question(
        "MFA_SETUP",
        {
            "MFAS_CAN_SETUP": _listed(factors.switched_on(sign_in.pool)),
            "USER_ID_FOR_SRP": sign_in.known().name,
        },
    )


def prove_setup(sign_in: SignIn, challenge: Challenge | None) -> None:
    """Accepts the Session of VerifySoftwareToken, or an address, to which a code is sent next."""
    for parameter, (attribute, factor) in SET_UP_BY.items():
        address = sign_in.given.get(parameter)
        if address:
            _set_up_by_message(sign_in, attribute, factor, address)
            return
    if challenge is None or not challenge.data.get("verified"):
        raise InvalidSession(reason="no software token was verified with this session")


def associate(call: Call, pool: UserPool, session: str) -> tuple[str, str]:
    """A new TOTP secret within a sign-in, and the next Session."""
    sign_in, challenge = _setup(call, pool, session)
    secret = software_token.associate(call, pool, sign_in.known())
    return secret, _go_on(sign_in, challenge, {"associated": True})


def verify(call: Call, pool: UserPool, session: str, code: str, friendly_name: str | None) -> str:
    """Verifies the secret; returns the Session that completes MFA_SETUP."""
    sign_in, challenge = _setup(call, pool, session)
    software_token.verify(call, pool, sign_in.known(), code, friendly_name)
    return _go_on(sign_in, challenge, {"verified": True})


def _setup(call: Call, pool: UserPool, session: str) -> tuple[SignIn, Challenge]:
    challenge = questions.find(call, pool, session)
    sign_in = questions.of(call, pool, challenge)
    if challenge.name != "MFA_SETUP":
        raise InvalidSession(reason=f"the session is for {challenge.name}")
    return sign_in, challenge


def _go_on(sign_in: SignIn, challenge: Challenge, data: dict[str, bool]) -> str:
    challenge.used = True
    question = questions.keep(sign_in, Question("MFA_SETUP", data=data))
    return str(question.session)


def _set_up_by_message(sign_in: SignIn, attribute: str, factor: str, address: str) -> None:
    user, pool = sign_in.known(), sign_in.pool
    if factor not in factors.switched_on(pool) or user.attributes.get(attribute):
        raise InvalidParameterException(f"{factor} cannot be set up with this address.")
    attributes.check_values(pool, {attribute: address})
    if not factors.is_second(pool, factor):
        raise InvalidParameterException(f"{factor} cannot use the address for account recovery.")
    changes.complete(sign_in.call, pool, user, {attribute: address})
    sign_in.attempt.chosen = factor


def _can_set_up(pool: UserPool, user: User) -> bool:
    """Whether there is a factor that the user does not have yet."""
    return any(not factors.has(user, name) for name in factors.switched_on(pool))


def _listed(names: list[str]) -> str:
    return json.dumps(names, separators=(",", ":"))
