"""How risky a sign-in is: by PUT /_cogmock/risk, else by rules that compare it with the user's earlier ones.

inferred: the rules. AWS does not say how it judges.
"""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.state.risk import AuthEvent
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.threats.configuration import LEVELS
from cogmock.userpools.rules.threats.context import Context

MANY_FAILURES = 3
"""From so many wrong passwords within an hour on, a risk counts as one level higher."""
HOUR = 3600.0


def level_of(call: Call, pool: UserPool, user: User, context: Context) -> str | None:
    """Low, Medium or High; None for no risk."""
    for verdict in (pool.risk_verdicts.get(user.sub), pool.risk_verdict):
        if verdict is not None and verdict.level is not None:
            return verdict.level
    events = list((user.auth_events or {}).values())
    if _is_distrusted(events, context):
        return "High"
    known = [event for event in events if _is_trusted(event)]
    if not known:
        return None
    signs = (
        context.ip is not None and context.ip not in {event.ip for event in known},
        context.device_id is not None and context.device_id not in {event.device_id for event in known},
    )
    if not any(signs):
        return None
    step = sum(signs) - 1 + (_failures(call, events) >= MANY_FAILURES)
    return LEVELS[min(step, len(LEVELS) - 1)]


def _is_trusted(event: AuthEvent) -> bool:
    """A sign-in that succeeded, or that somebody called valid."""
    return event.type == "SignIn" and (
        event.feedback == "Valid" or (event.response == "Pass" and event.feedback is None)
    )


def _is_distrusted(events: list[AuthEvent], context: Context) -> bool:
    """Whether somebody called a sign-in from this address or device invalid."""
    return any(
        (context.ip is not None and event.ip == context.ip)
        or (context.device_id is not None and event.device_id == context.device_id)
        for event in events
        if event.feedback == "Invalid"
    )


def _failures(call: Call, events: list[AuthEvent]) -> int:
    return sum(
        event.challenges.get("Password") == "Failure" and event.created > call.now - HOUR for event in events
    )
