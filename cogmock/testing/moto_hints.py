"""Hints for suites that move from moto: where moto takes what AWS refuses, the refusal comes with a log record.

Used only where moto is loaded. Each hint is logged once per mock, on the logger `cogmock`, which pytest shows below a
failing test. The answer stays AWS's own: the affected set-ups cannot exist on AWS.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from cogmock.version import DOCS

if TYPE_CHECKING:
    from cogmock.core.journal import Entry

PAGE = f"{DOCS}/from-moto.md"
log = logging.getLogger("cogmock")


class Hint(NamedTuple):
    applies: Callable[[Entry], bool]
    text: str


def _says(*parts: str) -> Callable[[Entry], bool]:
    """Whether the error's message holds one of these parts."""
    return lambda entry: any(part in (entry.message or "") for part in parts)


def _failed(error: str, *operations: str) -> Callable[[Entry], bool]:
    return lambda entry: entry.error == error and (not operations or entry.operation in operations)


def _wrong_totp(entry: Entry) -> bool:
    if entry.operation == "VerifySoftwareToken":
        return entry.error == "EnableSoftwareTokenMFAException"
    challenge = (entry.parameters or {}).get("ChallengeName")
    return entry.error == "CodeMismatchException" and challenge == "SOFTWARE_TOKEN_MFA"


def _foreign_token(entry: Entry) -> bool:
    message = entry.message or ""
    return message.startswith("Invalid ") and message.endswith(" Token")


HINTS = (
    Hint(
        _says("Only one of the aliasAttributes or usernameAttributes"),
        "moto takes AliasAttributes and UsernameAttributes together, AWS takes one of them: leave one out of "
        "create_user_pool.",
    ),
    Hint(
        _failed("InvalidPasswordException"),
        "moto checks passwords only against a policy that the pool was given. AWS's default policy wants 8 characters "
        "with upper and lower case, a number and a symbol: change the password, or give the pool Policies.",
    ),
    Hint(
        _says("flow not enabled for this client", "is not enabled for the client"),
        "moto lets every client use every flow. On AWS a client without ExplicitAuthFlows has no password flow: make "
        'it with ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"].',
    ),
    Hint(
        _says(
            "SecretHash does not match",
            "Unable to verify secret hash",
            "SECRET_HASH was not received",
            "secret was not received",
            "is not configured for secret but secret hash was received",
        ),
        "AWS checks secret hashes: send base64(HMAC-SHA256(client secret, username + client id)) for a client with a "
        "secret, and none for a client without one.",
    ),
    Hint(
        _wrong_totp,
        'moto takes any code of an authenticator app. Here it must be right: cognito.totp("ada") gives the current '
        'one, or mock_cognito(code="123456") makes every code 123456.',
    ),
    Hint(
        _foreign_token,
        "Tokens signed by moto's key file are not valid here. Tokens of this pool come from a sign-in or from "
        "cognito.tokens(username, client=client_id); their keys are at the pool's /.well-known/jwks.json.",
    ),
    Hint(
        _says("Attribute does not exist in the schema", "could not be determined"),
        "moto stores any attribute. On AWS a custom attribute must be in the pool's Schema, under its name without "
        '"custom:".',
    ),
    Hint(
        _says("User cannot be confirmed. Current status is"),
        "moto confirms a user any number of times. On AWS AdminConfirmSignUp confirms a sign-up once; users of "
        "AdminCreateUser are confirmed by AdminSetUserPassword with Permanent=True.",
    ),
    Hint(
        _failed("CodeMismatchException"),
        "moto takes any confirmation code. Here it must be the one that was sent: "
        'cognito.messages.last(username="ada").code, or mock_cognito(code="123456") makes every code 123456.',
    ),
    Hint(
        _says("Unauthenticated access is not supported"),
        "moto gives guests an identity in any identity pool. On AWS the pool needs "
        "AllowUnauthenticatedIdentities=True.",
    ),
    Hint(
        lambda entry: "alidityUnits" in (entry.message or ""),
        "moto stores any TokenValidityUnits. AWS takes seconds, minutes, hours and days.",
    ),
)
"""In the order in which they are tried: the first that applies is logged."""


def hint_for(entry: Entry) -> str | None:
    return next((hint.text for hint in HINTS if hint.applies(entry)), None)


def tell(entry: Entry, told: set[str]) -> None:
    """Logs the hint for a refused call. `told` holds those logged before."""
    hint = hint_for(entry)
    if hint is not None and hint not in told:
        told.add(hint)
        log.warning("%s: %s More in %s.", entry.operation, hint, PAGE)
