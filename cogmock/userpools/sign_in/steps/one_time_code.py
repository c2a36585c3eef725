"""One-time codes by e-mail and SMS, as the first or the second factor."""

from __future__ import annotations

import hmac

from cogmock.core.messages import compose
from cogmock.core.messages.letter import Letter
from cogmock.errors import AliasExistsException, CodeMismatchException
from cogmock.state.session import Challenge
from cogmock.state.user import User
from cogmock.userpools.rules.admission import keeping, writes
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.proofs import codes, existence
from cogmock.userpools.sign_in import lockout
from cogmock.userpools.sign_in.attempt import Question, SignIn

ATTRIBUTES = {"EMAIL_OTP": "email", "SMS_OTP": "phone_number", "SMS_MFA": "phone_number"}
"""Challenge → the attribute with the address."""
ALONE, SECOND = 8, 6
"""Digits of a code as the first factor, and as the second."""
MISMATCH = "Invalid code or auth state for the user."


def ask_mail(sign_in: SignIn) -> Question:
    return _ask(sign_in, "EMAIL_OTP")


def ask_text(sign_in: SignIn) -> Question:
    return _ask(sign_in, "SMS_OTP")


def ask_text_mfa(sign_in: SignIn) -> Question:
    return _ask(sign_in, "SMS_MFA")


def prove(sign_in: SignIn, challenge: Challenge | None) -> None:
    """A right code also verifies the address. After a wrong one the session can be used again.

    Wrong codes count for the lockout if they are the second factor, not if they are the first (seen on AWS).
    """
    name = challenge.name if challenge else ""
    given = sign_in.take(f"{name}_CODE")
    data = challenge.data if challenge else {}
    second = sign_in.has_first
    if second:
        lockout.check(sign_in, "mfa")
    user = sign_in.user
    if user is None or not hmac.compare_digest(data.get("code", "").encode(), given.encode()):
        if second:
            lockout.count(sign_in, "mfa")
        raise CodeMismatchException(MISMATCH, reason=None if user else "no user has this name")
    if second:
        lockout.forget(sign_in, "mfa")
    _prove_address(sign_in, user, ATTRIBUTES[name], data["destination"])


def _ask(sign_in: SignIn, name: str) -> Question:
    """Sends a code. For an unknown name nothing is sent, and no answer is right."""
    attribute = ATTRIBUTES[name]
    user = sign_in.user
    destination = (
        user.attributes[attribute]
        if user
        else existence.invented_address(sign_in.pool, sign_in.attempt.username, attribute)
    )
    code = codes.make(sign_in.call, SECOND if sign_in.has_first else ALONE)
    if user:
        letter = Letter(
            "Authentication",
            codes.MEDIUMS[attribute],
            destination,
            code,
            sign_in.client.id,
            sign_in.metadata or None,
        )
        compose.send(sign_in.call, sign_in.pool, user, letter)
        sign_in.look_again()
    parameters = {
        "CODE_DELIVERY_DELIVERY_MEDIUM": codes.MEDIUMS[attribute],
        "CODE_DELIVERY_DESTINATION": codes.masked(destination),
    }
    if name == "SMS_MFA" and user:
        parameters["USER_ID_FOR_SRP"] = user.name
    return Question(name, parameters, {"code": code, "destination": destination})


def _prove_address(sign_in: SignIn, user: User, attribute: str, destination: str) -> None:
    """Verifies the address, if the user still has it, and confirms an unconfirmed user."""
    pool = sign_in.pool
    if user.attributes.get(attribute) != destination or writes.are_refused(sign_in.call, pool):
        return
    keeping.note(sign_in.call, pool, user)
    if not aliases.is_verified(user, attribute):
        aliases.make_free(
            sign_in.call, pool, attribute, destination, AliasExistsException, force=False, but=user
        )
        pool.users.write(user, {f"{attribute}_verified": "true"})
        user.modified = sign_in.call.now
    if user.status == "UNCONFIRMED":
        pool.users.set_status(user, "CONFIRMED")
        user.modified = sign_in.call.now
