"""Threat protection during a sign-in: its event, the judgement after the first factor, and what follows from it.

It watches sign-ins with a password, and custom challenges where the pool says so; others and federated ones it does not
(AWS dev guide: Threat protection).
"""

from __future__ import annotations

from cogmock.errors import AwsError, NotAuthorizedException, PasswordResetRequiredException
from cogmock.state.risk import AuthEvent
from cogmock.userpools.rules.admission import keeping, writes
from cogmock.userpools.rules.proofs import factors
from cogmock.userpools.rules.threats import (
    compromised,
    configuration,
    context,
    guard,
    history,
    judgement,
    notice,
)
from cogmock.userpools.rules.threats.configuration import BLOCK, ENFORCED, OFF
from cogmock.userpools.sign_in.attempt import SignIn

BY_PASSWORD = {"PASSWORD", "PASSWORD_VERIFIER"}
CUSTOM = "CUSTOM_AUTH"
SECOND = {"SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "SMS_OTP"}


def refuse_blocked(sign_in: SignIn) -> None:
    """Refuses a sign-in from a blocked address. Raises NotAuthorizedException."""
    if configuration.mode(sign_in.pool) == ENFORCED:
        about = _context(sign_in)
        guard.refuse_blocked(sign_in.call, sign_in.pool, sign_in.client, sign_in.user, about, "SignIn")


def failed(sign_in: SignIn, name: str, refused: AwsError) -> None:
    """Notes a wrong answer to a challenge."""
    if sign_in.user is None or _watched(sign_in) == OFF:
        return
    if name in BY_PASSWORD and isinstance(refused, NotAuthorizedException):
        event = _event(sign_in)
        event.response, event.challenges = "Fail", {"Password": "Failure"}
        history.record(sign_in.call, sign_in.pool, sign_in.user, event)
    elif name in SECOND:
        _note_second(sign_in, "Failure")


def passed(sign_in: SignIn, name: str) -> None:
    """Notes a right answer to a second factor. The password is noted by `judge`."""
    if name in SECOND and _watched(sign_in) != OFF:
        _note_second(sign_in, "Success")


def complete(sign_in: SignIn) -> None:
    """The sign-in has succeeded."""
    event = _recorded(sign_in)
    if event is not None:
        event.response = "Pass"
        history.record(sign_in.call, sign_in.pool, sign_in.known(), event)


def judge(sign_in: SignIn) -> None:
    """Judges a sign-in once, after its first factor, and acts on it. May release the lock.

    Raises NotAuthorizedException where it is blocked, PasswordResetRequiredException for a compromised password.
    """
    mode = _mode(sign_in)
    if mode == OFF or _is_judged(sign_in):
        return
    call, pool, user = sign_in.call, sign_in.pool, sign_in.known()
    event, about = _event(sign_in), _context(sign_in)
    event.challenges = {"Password": "Success"} if _by_password(sign_in) else {}
    event.response = "InProgress"
    history.record(call, pool, user, event)
    settings = configuration.of(pool, sign_in.client.id)
    _refuse_compromised(sign_in, event, settings, mode)
    if configuration.is_listed(settings, "SkippedIPRangeList", about.ip):
        return
    level = judgement.level_of(call, pool, user, about)
    if level is not None:
        event.level, event.decision = level, "AccountTakeover"
        if mode == ENFORCED:
            _act(sign_in, event, settings, configuration.action(settings, level))


def _act(sign_in: SignIn, event: AuthEvent, settings: dict[str, object], action: dict[str, object]) -> None:
    what, can = action["EventAction"], _can_prove_more(sign_in)
    blocks = what == BLOCK or (what == "MFA_REQUIRED" and not can)
    asks = not blocks and can and what in {"MFA_REQUIRED", "MFA_IF_CONFIGURED"}
    if blocks:
        event.decision, event.response = "Block", "Fail"
    sign_in.attempt.must_prove_more = asks
    history.record(sign_in.call, sign_in.pool, sign_in.known(), event)
    if action["Notify"]:
        template = "BlockEmail" if blocks else "MfaEmail" if asks else "NoActionEmail"
        notice.send(sign_in.call, sign_in.pool, sign_in.known(), event, settings, template)
        sign_in.look_again()
    if blocks:
        raise NotAuthorizedException(guard.SIGN_IN, reason=f"{event.level} risk, action {what}")


def _refuse_compromised(sign_in: SignIn, event: AuthEvent, settings: dict[str, object], mode: str) -> None:
    """Only a password that is sent can be looked up, not one that is proven over SRP."""
    call, pool, user = sign_in.call, sign_in.pool, sign_in.known()
    password = sign_in.given.get("PASSWORD") if "PASSWORD" in sign_in.attempt.proven else None
    if password is None or not configuration.watches_compromised(settings, "SIGN_IN"):
        return
    event.compromised = compromised.is_known(call, pool, user, password)
    if event.compromised and mode == ENFORCED and configuration.blocks_compromised(settings, "SIGN_IN"):
        event.decision, event.response = "Block", "Fail"
        history.record(call, pool, user, event)
        if not writes.are_refused(call, pool):
            keeping.note(call, pool, user)
            pool.users.set_status(user, "RESET_REQUIRED")
            user.modified = call.now
        # inferred: the error; the guide says that the user has to reset the password
        raise PasswordResetRequiredException(reason="the password is among the compromised ones")


def _mode(sign_in: SignIn) -> str:
    return _watched(sign_in) if sign_in.attempt.flow == CUSTOM or _by_password(sign_in) else OFF


def _watched(sign_in: SignIn) -> str:
    """The mode for the flow of a sign-in, whatever was proven so far."""
    is_custom = sign_in.attempt.flow == CUSTOM
    return configuration.custom_mode(sign_in.pool) if is_custom else configuration.mode(sign_in.pool)


def _by_password(sign_in: SignIn) -> bool:
    return not BY_PASSWORD.isdisjoint(sign_in.attempt.proven)


def _can_prove_more(sign_in: SignIn) -> bool:
    """Whether the user has a second factor that the pool takes."""
    pool, user = sign_in.pool, sign_in.known()
    on = pool.settings.get("MfaConfiguration", "OFF") != "OFF"
    return on and any(factors.has(user, name) for name in factors.switched_on(pool))


def _context(sign_in: SignIn) -> context.Context:
    return sign_in.context or context.of_page(sign_in.call)


def _recorded(sign_in: SignIn) -> AuthEvent | None:
    user = sign_in.user
    return user.auth_events.get(sign_in.attempt.event_id) if user and user.auth_events else None


def _is_judged(sign_in: SignIn) -> bool:
    event = _recorded(sign_in)
    return event is not None and event.response != "Fail"


def _event(sign_in: SignIn) -> AuthEvent:
    """The event of this sign-in, recorded or new."""
    return _recorded(sign_in) or history.made(
        sign_in.call, sign_in.client, "SignIn", _context(sign_in), event_id=sign_in.attempt.event_id
    )


def _note_second(sign_in: SignIn, result: str) -> None:
    event = _recorded(sign_in)
    if event is not None:
        event.challenges = {**event.challenges, "Mfa": result}
