"""The one place that chooses what a sign-in is asked next."""

from __future__ import annotations

from cogmock.errors import NotAuthorizedException, UserNotConfirmedException
from cogmock.state.session import Challenge
from cogmock.userpools.sign_in import password, password_srp, questions
from cogmock.userpools.sign_in.attempt import Question, SignIn, Step

STEPS = {
    "PASSWORD": Step(password.prove, password.ask, at_once="PASSWORD"),
    "PASSWORD_SRP": Step(password_srp.take_public, password_srp.ask_public, at_once="SRP_A"),
    "PASSWORD_VERIFIER": Step(password_srp.prove, password_srp.ask),
    "NEW_PASSWORD_REQUIRED": Step(password.prove_new, password.ask_new),
}
FIRST = {
    "USER_PASSWORD_AUTH": "PASSWORD",
    "ADMIN_USER_PASSWORD_AUTH": "PASSWORD",
    "USER_SRP_AUTH": "PASSWORD_SRP",
}
"""Flow → its only first challenge."""
BY_PASSWORD = {"PASSWORD", "PASSWORD_VERIFIER"}


def start(sign_in: SignIn) -> Question | None:
    """The first question, or None where what was sent along proves enough."""
    if sign_in.user and not sign_in.user.enabled:
        raise NotAuthorizedException("User is disabled.")
    return _proceed(sign_in)


def answer(sign_in: SignIn, challenge: Challenge) -> Question | None:
    """The next question after an answer, or None where there is nothing left to prove.

    A wrong answer leaves the question open; a right one uses it up.
    """
    sign_in.attempt.device_key = sign_in.given.get("DEVICE_KEY") or sign_in.attempt.device_key
    STEPS[challenge.name].prove(sign_in, challenge)
    challenge.used = True
    _note(sign_in, challenge.name)
    return _proceed(sign_in)


def _proceed(sign_in: SignIn) -> Question | None:
    while True:
        name = _next(sign_in)
        if name is None:
            return None
        step = STEPS[name]
        if step.at_once is None or step.at_once not in sign_in.given:
            return questions.keep(sign_in, step.ask(sign_in))
        step.prove(sign_in, None)
        _note(sign_in, name)


def _note(sign_in: SignIn, name: str) -> None:
    sign_in.attempt.proven = (*sign_in.attempt.proven, name)


def _next(sign_in: SignIn) -> str | None:
    attempt = sign_in.attempt
    if attempt.chosen:
        chosen, attempt.chosen = attempt.chosen, None
        return chosen
    if not BY_PASSWORD.intersection(attempt.proven):
        return FIRST[attempt.flow]
    user = sign_in.known()
    if user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    if user.status == "FORCE_CHANGE_PASSWORD":
        return "NEW_PASSWORD_REQUIRED"
    return None
