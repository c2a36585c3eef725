"""Chooses the next challenge of a sign-in. No other module does."""

from __future__ import annotations

from cogmock.errors import (
    AwsError,
    NotAuthorizedException,
    PasswordResetRequiredException,
    UserNotConfirmedException,
)
from cogmock.state.session import Challenge
from cogmock.userpools.rules.admission import writes
from cogmock.userpools.sign_in import auth_triggers, questions, step_up, threats
from cogmock.userpools.sign_in.attempt import Question, SignIn, Step
from cogmock.userpools.sign_in.steps import (
    choice,
    custom,
    device,
    mfa,
    one_time_code,
    passkey,
    password,
    password_srp,
    software_token,
)

STEPS = {
    "PASSWORD": Step(password.prove, password.ask, at_once="PASSWORD"),
    "PASSWORD_SRP": Step(password_srp.take_public, password_srp.ask_public, at_once="SRP_A"),
    "PASSWORD_VERIFIER": Step(password_srp.prove, password_srp.ask),
    "NEW_PASSWORD_REQUIRED": Step(password.prove_new, password.ask_new),
    "SELECT_CHALLENGE": Step(choice.choose, choice.ask),
    "EMAIL_OTP": Step(one_time_code.prove, one_time_code.ask_mail),
    "SMS_OTP": Step(one_time_code.prove, one_time_code.ask_text),
    "WEB_AUTHN": Step(passkey.prove, passkey.ask),
    "CUSTOM_CHALLENGE": Step(custom.prove, custom.ask, proves=False),
    "SELECT_MFA_TYPE": Step(mfa.choose_type, mfa.ask_type),
    "SMS_MFA": Step(one_time_code.prove, one_time_code.ask_text_mfa),
    "SOFTWARE_TOKEN_MFA": Step(software_token.prove, software_token.ask),
    "MFA_SETUP": Step(mfa.prove_setup, mfa.ask_setup),
    "DEVICE_SRP_AUTH": Step(device.take_public, device.ask),
    "DEVICE_PASSWORD_VERIFIER": Step(device.prove, device.ask_verifier),
}
FIRST = {
    "USER_PASSWORD_AUTH": "PASSWORD",
    "ADMIN_USER_PASSWORD_AUTH": "PASSWORD",
    "USER_SRP_AUTH": "PASSWORD_SRP",
}
"""Flow → its only first challenge."""
BY_PASSWORD = {"PASSWORD", "PASSWORD_VERIFIER"}
"""Challenges after which a temporary password has to be replaced. Custom challenges alone do not demand it."""
CHOICES = {"SELECT_CHALLENGE", "SELECT_MFA_TYPE"}
LISTING = {"SELECT_CHALLENGE", "PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"}
"""First challenges of USER_AUTH whose answer lists AvailableChallenges."""


def start(sign_in: SignIn) -> Question | None:
    """The first question, or None if the request itself proves enough."""
    threats.refuse_blocked(sign_in)
    auth_triggers.before(sign_in)
    if sign_in.user and not sign_in.user.enabled:
        raise NotAuthorizedException("User is disabled.")
    device.check_key(sign_in)
    if sign_in.attempt.flow == "USER_AUTH":
        step_up.prepare(sign_in)
    return proceed(sign_in)


def answer(sign_in: SignIn, challenge: Challenge) -> Question | None:
    """The next question after an answer, or None if nothing is left to prove.

    After a wrong answer the question stays open; a right one uses it up.
    """
    if challenge.name == "PASSWORD_VERIFIER" and sign_in.given.get("DEVICE_KEY"):
        sign_in.attempt.device_key = sign_in.given["DEVICE_KEY"]
        device.check_key(sign_in)
    _prove(sign_in, challenge.name, challenge)
    challenge.used, proven = True, sign_in.attempt.proven
    try:
        return proceed(sign_in)
    except AwsError:
        # The choice contained the answer to what was chosen, and that was wrong: the choice stays open.
        challenge.used = challenge.name not in CHOICES or sign_in.attempt.proven != proven
        raise


def ask_again(sign_in: SignIn, challenge: Challenge) -> Question | None:
    """Asks the same question again. A code is sent anew, and the earlier one is void."""
    sign_in.attempt.chosen = challenge.name
    return ask_back(sign_in, challenge)


def ask_back(sign_in: SignIn, challenge: Challenge) -> Question | None:
    """Goes back to the choice of a factor, or asks the only one again."""
    question = proceed(sign_in)
    challenge.used = True
    return question


def proceed(sign_in: SignIn) -> Question | None:
    """The next question after what was proven so far."""
    while True:
        name = _next(sign_in)
        if name is None:
            return None
        step = STEPS[name]
        if step.at_once is None or step.at_once not in sign_in.given:
            return _asked(sign_in, step.ask(sign_in))
        _prove(sign_in, name, None)


def _prove(sign_in: SignIn, name: str, challenge: Challenge | None) -> None:
    writes.refuse_challenge(sign_in.call, sign_in.pool, name)
    step = STEPS[name]
    try:
        step.prove(sign_in, challenge)
    except AwsError as refused:
        threats.failed(sign_in, name, refused)
        raise
    threats.passed(sign_in, name)
    if not step.proves or sign_in.attempt.chosen:  # it was a choice, which proves nothing
        return
    sign_in.attempt.proven = (*sign_in.attempt.proven, name)
    if sign_in.attempt.flow == "CUSTOM_AUTH" and name == "PASSWORD_VERIFIER":
        custom.note(sign_in, name, right=True)


def _asked(sign_in: SignIn, question: Question) -> Question:
    attempt = sign_in.attempt
    if attempt.flow == "USER_AUTH" and not sign_in.has_first and question.name in LISTING:
        question.available = choice.offered(sign_in)
    return questions.keep(sign_in, question)


def _next(sign_in: SignIn) -> str | None:
    """The order: what was chosen, the first factor, a new password if required, the second factor or a device."""
    attempt = sign_in.attempt
    if attempt.chosen:
        chosen, attempt.chosen = attempt.chosen, None
        return chosen
    first = _first(sign_in)
    if first:
        return first
    user = sign_in.known()
    if user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    if user.status == "RESET_REQUIRED" and not BY_PASSWORD.isdisjoint(attempt.proven):
        raise PasswordResetRequiredException  # reset by an administrator since the password was proven
    if user.status == "FORCE_CHANGE_PASSWORD" and not BY_PASSWORD.isdisjoint(attempt.proven):
        return "NEW_PASSWORD_REQUIRED"
    threats.judge(sign_in)
    second = step_up.second(sign_in) or mfa.wanted(sign_in)
    by_device = second and attempt.level == 0 and not attempt.must_prove_more and device.stands_in(sign_in)
    return "DEVICE_SRP_AUTH" if by_device else second


def _first(sign_in: SignIn) -> str | None:
    """The challenge of the first factor, or None if it was met."""
    attempt = sign_in.attempt
    if attempt.flow == "CUSTOM_AUTH":
        return None if custom.DONE in attempt.proven else custom.decide(sign_in)
    if sign_in.has_first:
        return None
    return FIRST.get(attempt.flow) or choice.first(sign_in)
