"""Custom challenges: the pool's functions decide what is asked, make the question, and judge the answer."""

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
"""Stands among what was proven once the functions have had enough."""
NAMES = {"CUSTOM_CHALLENGE", "PASSWORD_VERIFIER"}
"""What DefineAuthChallenge may name; second factors and devices are added by the service."""


def decide(sign_in: SignIn) -> str | None:
    """The next challenge by DefineAuthChallenge, or None once it wants tokens issued.

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
    """The question that CreateAuthChallenge makes. Its private half is for the judging function alone."""
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
    """A wrong answer is no error: DefineAuthChallenge is told, and decides whether to ask again."""
    data = challenge.data if challenge else {}
    response = _ask_function(
        sign_in,
        "VerifyAuthChallengeResponse",
        {"privateChallengeParameters": data.get("private"), "challengeAnswer": sign_in.take("ANSWER")},
    )
    if challenge and challenge.used:  # the lock was away: the same question was answered meanwhile
        raise InvalidSession("Invalid session for the user, session can only be used once.")
    note(sign_in, "CUSTOM_CHALLENGE", right=bool(response["answerCorrect"]), metadata=data.get("metadata"))


def note(sign_in: SignIn, name: str, *, right: bool, metadata: str | None = None) -> None:
    """One more round, as functions read it in `session`."""
    this = {"challengeName": name, "challengeResult": right, "challengeMetadata": metadata}
    sign_in.attempt.rounds = (*sign_in.attempt.rounds, this)


def _begin(sign_in: SignIn) -> None:
    """SRP_A along with the name means that the password is to be proven among the challenges."""
    if sign_in.user and sign_in.user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    if sign_in.given.get("SRP_A") and not sign_in.attempt.rounds:
        sign_in.attempt.public_a = password_srp.public(sign_in)
        note(sign_in, "SRP_A", right=True)


def _ask_function(sign_in: SignIn, trigger: str, request: dict[str, Any]) -> Response:
    """Waits without the lock. Without all of its functions a pool has no custom sign-in."""
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
