"""Custom challenges: the pool's functions choose the challenge, create it, and check the answer."""

from __future__ import annotations

from typing import Any

from cogmock.core.triggers import events
from cogmock.core.triggers.response_fields import Response
from cogmock.errors import (
    InvalidLambdaResponseException,
    InvalidParameterException,
    InvalidSession,
    UserNotConfirmedException,
)
from cogmock.state.session import Challenge
from cogmock.userpools.sign_in.attempt import Question, SignIn
from cogmock.userpools.sign_in.steps import password_srp

DONE = "CUSTOM_AUTH"
"""Added to the proven challenges once DefineAuthChallenge sets issueTokens."""
NAMES = {"CUSTOM_CHALLENGE", "PASSWORD_VERIFIER"}
"""Challenges that DefineAuthChallenge may name; the service adds second factors and devices."""


def decide(sign_in: SignIn) -> str | None:
    """The next challenge that DefineAuthChallenge names, or None once it sets issueTokens.

    Raises NotAuthorizedException, InvalidLambdaResponseException, InvalidParameterException.
    """
    attempt = sign_in.attempt
    if not attempt.rounds:
        _begin(sign_in)
    response = _ask_function(sign_in, "DefineAuthChallenge", {"session": list(attempt.rounds)})
    if response["failAuthentication"]:
        raise sign_in.wrong("DefineAuthChallenge failed the sign-in")
    if response["issueTokens"]:
        sign_in.known()
        attempt.proven = (*attempt.proven, DONE)
        return None
    name: str | None = response["challengeName"]
    if name not in NAMES or (name == "PASSWORD_VERIFIER" and attempt.public_a is None):
        raise InvalidLambdaResponseException(
            "Invalid lambda function output : Invalid challengeName", reason=f"it named {name!r}"
        )
    return name


def ask(sign_in: SignIn) -> Question:
    """The challenge of CreateAuthChallenge. Its private parameters are only for VerifyAuthChallengeResponse."""
    response = _ask_function(
        sign_in,
        "CreateAuthChallenge",
        {"challengeName": "CUSTOM_CHALLENGE", "session": list(sign_in.attempt.rounds)},
    )
    return Question(
        "CUSTOM_CHALLENGE",
        {**(response["publicChallengeParameters"] or {}), "USERNAME": sign_in.attempt.username},
        {
            "private": response["privateChallengeParameters"] or {},
            "metadata": response["challengeMetadata"],
        },
    )


def prove(sign_in: SignIn, challenge: Challenge | None) -> None:
    """A wrong answer is not an error: DefineAuthChallenge gets the result and decides whether to ask again."""
    data = challenge.data if challenge else {}
    response = _ask_function(
        sign_in,
        "VerifyAuthChallengeResponse",
        {"privateChallengeParameters": data.get("private"), "challengeAnswer": sign_in.take("ANSWER")},
    )
    if challenge and challenge.used:  # the lock was released: another call may have answered
        raise InvalidSession("Invalid session for the user, session can only be used once.")
    note(sign_in, "CUSTOM_CHALLENGE", right=bool(response["answerCorrect"]), metadata=data.get("metadata"))


def note(sign_in: SignIn, name: str, *, right: bool, metadata: str | None = None) -> None:
    """Adds a round to `session`, which the functions get."""
    this = {"challengeName": name, "challengeResult": right, "challengeMetadata": metadata}
    sign_in.attempt.rounds = (*sign_in.attempt.rounds, this)


def _begin(sign_in: SignIn) -> None:
    """SRP_A in the request means that the password is one of the challenges."""
    if sign_in.user and sign_in.user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    if sign_in.given.get("SRP_A") and not sign_in.attempt.rounds:
        sign_in.attempt.public_a = password_srp.public(sign_in)
        note(sign_in, "SRP_A", right=True)


def _ask_function(sign_in: SignIn, trigger: str, request: dict[str, Any]) -> Response:
    """Runs a trigger without the lock. Raises InvalidParameterException if the pool does not have it."""
    response = events.fire(
        sign_in.call,
        sign_in.pool,
        f"{trigger}_Authentication",
        sign_in.attempt.username,
        {**events.about(sign_in.pool, sign_in.client, sign_in.user), **request},
        client_id=sign_in.client.id,
        metadata=sign_in.metadata or None,
    )
    if response is None:
        raise InvalidParameterException(
            "Custom auth lambda trigger is not configured for the user pool.",
            reason=f"LambdaConfig has no {trigger}",
        )
    sign_in.look_again()
    return response
