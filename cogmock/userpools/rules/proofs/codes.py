"""Verification codes: generated, sent, checked once, and limited."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, NamedTuple

from cogmock.core.call import Call
from cogmock.core.entropy import DIGITS
from cogmock.core.messages import compose
from cogmock.core.messages.letter import Letter
from cogmock.errors import CodeMismatchException, ExpiredCodeException, LimitExceededException
from cogmock.state.user import Code, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import attributes

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

HOUR = 3600
ATTEMPTS = 20
"""Attempts in an hour. AWS allows 5 to 20 by an undisclosed risk score; cogmock always 20.

AWS dev guide: Quotas in Amazon Cognito.
"""
LIMIT = "Attempt limit exceeded, please try after some time."
MEDIUMS = {"email": "EMAIL", "phone_number": "SMS"}


class Occasion(NamedTuple):
    """Why a code is sent: its key among the user's codes, the trigger source, and its lifetime in seconds."""

    key: str
    source: str
    lifetime: int


SIGN_UP = Occasion("sign_up", "SignUp", 24 * HOUR)
RESEND = Occasion("sign_up", "ResendCode", 24 * HOUR)
RESET = Occasion("reset", "ForgotPassword", HOUR)


def change(attribute: str) -> Occasion:
    """The user has a new address, which must be verified."""
    return Occasion(f"verify:{attribute}", "UpdateUserAttribute", 24 * HOUR)


def verification(attribute: str) -> Occasion:
    """The user asked for a code to verify an address."""
    return Occasion(f"verify:{attribute}", "VerifyUserAttribute", 24 * HOUR)


def make(call: Call, digits: int = 6) -> str:
    """A random code, or the fixed one of the settings."""
    return call.world.settings.code or call.world.entropy.text(digits, DIGITS)


def issue(
    call: Call,
    user: User,
    occasion: Occasion,
    attribute: str | None,
    destination: str | None,
    digits: int = 6,
) -> Code:
    """A new code, which replaces the one before it. inferred: that only the newest works."""
    code = Code(make(call, digits), call.now + occasion.lifetime, attribute, destination)
    user.codes = {**(user.codes or {}), occasion.key: code}
    return code


def send(  # noqa: PLR0913 - whose code, where to and why, each named
    call: Call,
    pool: UserPool,
    user: User,
    occasion: Occasion,
    attribute: str,
    *,
    destination: str | None = None,
    client_id: str | None = None,
    metadata: dict[str, str] | None = None,
) -> aws.CodeDeliveryDetailsType:
    """Issues a code and sends it to the address in `attribute`, or to the new one in `destination`."""
    to = destination or user.attributes[attribute]
    code = issue(call, user, occasion, attribute, to)
    compose.send(
        call,
        pool,
        user,
        Letter(occasion.source, MEDIUMS[attribute], to, code.value, client_id, metadata),
    )
    return details(attribute, to)


def check(call: Call, user: User, key: str, given: str, *, limited: str) -> Code:
    """The code that was sent, if `given` matches it. A wrong value counts as an attempt; the code stays valid."""
    check_limit(call, user, limited)
    code = (user.codes or {}).get(key)
    if code is None or code.expires <= call.now:
        call.reason = "no code is outstanding" if code is None else "the code has expired"
        raise ExpiredCodeException
    if not hmac.compare_digest(code.value.encode(), given.encode()):
        count(call, user, limited)
        raise CodeMismatchException
    return code


def discard(user: User, key: str) -> None:
    user.codes = {name: code for name, code in (user.codes or {}).items() if name != key} or None


def check_limit(call: Call, user: User, what: str) -> None:
    """Raises LimitExceededException after too many attempts within an hour."""
    recent = [at for at in (user.attempts or {}).get(what, ()) if at > call.now - HOUR]
    if len(recent) >= ATTEMPTS:
        raise LimitExceededException(LIMIT)


def count(call: Call, user: User, what: str) -> None:
    """Counts an attempt and drops those older than an hour."""
    recent = [at for at in (user.attempts or {}).get(what, ()) if at > call.now - HOUR]
    user.attempts = {**(user.attempts or {}), what: [*recent, call.now]}


def auto_verified(pool: UserPool, user: User) -> str | None:
    """The attribute to which a new user's code goes."""
    wanted = pool.settings.get("AutoVerifiedAttributes") or ()
    for attribute in attributes.VERIFIABLE:
        if attribute in wanted and user.attributes.get(attribute):
            return attribute
    return None


def details(attribute: str, destination: str) -> aws.CodeDeliveryDetailsType:
    return {
        "Destination": masked(destination),
        "DeliveryMedium": MEDIUMS[attribute],
        "AttributeName": attribute,
    }


def masked(destination: str) -> str:
    """An address as AWS masks it: t***@e***, +*******9934."""
    name, at, domain = destination.partition("@")
    if at:
        return f"{name[:1]}***@{domain[:1]}***"
    return f"+{'*' * max(len(destination) - 5, 0)}{destination[-4:]}"
