"""The parts of a sign-in during one call: the attempt, the question to ask, and the steps."""

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
from cogmock.userpools.rules.threats.context import Context

WRONG = "Incorrect username or password."
"""AWS dev guide: Managing user existence error responses: an unknown user and a wrong password fail alike."""


@dataclass(slots=True, eq=False, repr=False)
class SignIn:
    """One sign-in during one call. `user` is None for an unknown name that the client may not learn to be unknown."""

    call: Call
    pool: UserPool
    client: UserPoolClient
    user: User | None
    attempt: Attempt
    given: dict[str, str]
    """AuthParameters or ChallengeResponses."""
    metadata: dict[str, str] = field(default_factory=dict)
    """ClientMetadata of an answer: the clientMetadata of most triggers."""
    context: Context | None = None
    """What the request says of its caller; None on the sign-in pages, where the browser itself does."""
    validation: dict[str, str] = field(default_factory=dict)
    """ClientMetadata of the call that began the sign-in: the validationData of triggers before the first factor."""

    @property
    def has_first(self) -> bool:
        """Whether a first factor was proven, so that the next one is the second."""
        return bool(self.attempt.proven or self.attempt.credited)

    def take(self, name: str) -> str:
        """A required parameter. Raises InvalidParameterException."""
        value = self.given.get(name)
        if not value:
            raise InvalidParameterException(f"Missing required parameter {name}")
        return value

    def known(self) -> User:
        """The user. Raises NotAuthorizedException for an unknown name."""
        if self.user is None:
            raise self.wrong("no user has this name")
        return self.user

    def wrong(self, reason: str) -> NotAuthorizedException:
        """The refusal that does not say what was wrong; `reason` is for the log."""
        return NotAuthorizedException(WRONG, reason=reason)

    def look_again(self) -> None:
        """To be called after the lock was released: refuses if the user was deleted meanwhile."""
        if self.user is not None and self.pool.users.by_sub(self.user.sub) is not self.user:
            raise self.wrong("the user was deleted meanwhile")


@dataclass(slots=True, eq=False, repr=False)
class Question:
    """A challenge for the caller. `data` is what its step needs to check the answer."""

    name: str
    parameters: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    session: str | None = None
    available: list[str] | None = None


@dataclass(slots=True, frozen=True)
class Step:
    """How to ask one challenge and check its answer. `prove` raises if the answer is wrong."""

    prove: Callable[[SignIn, Challenge | None], None]
    ask: Callable[[SignIn], Question]
    at_once: str | None = None
    """The request parameter that answers the challenge before it is asked."""
    proves: bool = True
    """Whether a right answer is added to the proven challenges."""
