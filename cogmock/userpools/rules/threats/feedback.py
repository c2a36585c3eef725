"""What users and administrators say of an event: it was they, or it was not."""

from __future__ import annotations

import hmac

from cogmock.core.call import Call
from cogmock.errors import InvalidParameterException, NotAuthorizedException
from cogmock.state.risk import AuthEvent
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.threats import history

ADMIN, USER = "Admin", "User"
"""Provider of a feedback. inferred: the second"""


def known_user(pool: UserPool, name: str) -> User:
    """Raises NotAuthorizedException for an unknown user, as for a wrong password."""
    user = aliases.find(pool, name)
    if user is None:
        raise NotAuthorizedException("Incorrect username or password.", reason=f"there is no user {name!r}")
    return user


def event_of(user: User, event_id: str) -> AuthEvent:
    """Raises InvalidParameterException."""
    event = user.auth_events.get(event_id) if user.auth_events else None
    if event is None:
        raise InvalidParameterException("EventId is invalid")
    return event


def check_token(event: AuthEvent, token: str) -> None:
    """Raises NotAuthorizedException unless the token is that of the mail about this event."""
    if not hmac.compare_digest((event.feedback_token or "").encode(), token.encode()) or not token:
        raise NotAuthorizedException(
            "Invalid session provided", reason="not the feedback token of this event"
        )


def give(call: Call, pool: UserPool, user: User, event: AuthEvent, value: str, provider: str) -> None:
    """Keeps a feedback; later ones replace it. Later sign-ins are judged by it."""
    event.feedback, event.feedback_provider, event.feedback_date = value, provider, call.now
    history.record(call, pool, user, event)
