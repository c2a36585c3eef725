"""A sign-in at work: who asks where, what came with this call, and what is asked in return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cogmock.core.call import Call
from cogmock.errors import InvalidParameterException, NotAuthorizedException
from cogmock.state.client import UserPoolClient
from cogmock.state.session import Attempt, Challenge
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

WRONG = "Incorrect username or password."
"""AWS: an unknown user and a wrong password fail alike (dev guide: error responses)."""


@dataclass(slots=True, eq=False, repr=False)
class SignIn:
    """One sign-in during one call. `user` is None where nobody has the name and the caller must not learn it."""

    call: Call
    pool: UserPool
    client: UserPoolClient
    user: User | None
    attempt: Attempt
    given: dict[str, str]
    """AuthParameters or ChallengeResponses."""
    metadata: dict[str, str] = field(default_factory=dict)
    """ClientMetadata of an answer, for the functions of nearly all triggers."""
    validation: dict[str, str] = field(default_factory=dict)
    """ClientMetadata of the call that began the sign-in, for the few that come before the first factor."""

    @property
    def has_first(self) -> bool:
        """Whether a first factor was proven: whatever comes now is a second."""
        return bool(self.attempt.proven or self.attempt.credited)

    def take(self, name: str) -> str:
        """A parameter that must be there. Raises InvalidParameterException."""
        value = self.given.get(name)
        if not value:
            raise InvalidParameterException(f"Missing required parameter {name}")
        return value

    def known(self) -> User:
        """The user; a name that nobody has comes no further. Raises NotAuthorizedException."""
        if self.user is None:
            raise self.wrong("nobody has this name")
        return self.user

    def wrong(self, reason: str) -> NotAuthorizedException:
        """The refusal that tells nothing; the reason goes to the log alone."""
        return NotAuthorizedException(WRONG, reason=reason)

    def look_again(self) -> None:
        """To be called after the lock was away: the user may be gone since."""
        if self.user is not None and self.pool.users.by_sub(self.user.sub) is not self.user:
            raise self.wrong("the user was deleted meanwhile")


@dataclass(slots=True, eq=False, repr=False)
class Question:
    """What the caller is asked. `data` is what the step that asks will need to judge the answer."""

    name: str
    parameters: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    session: str | None = None
    available: list[str] | None = None


@dataclass(slots=True, frozen=True)
class Step:
    """One challenge. `prove` raises where the answer is wrong, and says what was asked for where it is a choice."""

    prove: Callable[[SignIn, Challenge | None], None]
    ask: Callable[[SignIn], Question]
    at_once: str | None = None
    """The parameter that answers it without being asked."""
    proves: bool = True
    """Whether it counts among what was proven."""
