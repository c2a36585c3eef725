"""The pre sign-up trigger: whether a user may be created, and what is confirmed or verified at once."""

from __future__ import annotations

from dataclasses import dataclass

from cogmock.core.call import Call
from cogmock.core.triggers import events
from cogmock.errors import InvalidLambdaResponseException
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import aliases

FLAGS = {"email": "autoVerifyEmail", "phone_number": "autoVerifyPhone"}


@dataclass(slots=True, frozen=True)
class Verdict:
    """What the function decided. `sub` is that of the new user."""

    sub: str
    confirmed: bool = False
    verified: tuple[str, ...] = ()


def ask(  # noqa: PLR0913 - the members of the event, each named
    call: Call,
    pool: UserPool,
    source: str,
    username: str,
    values: dict[str, str],
    *,
    client_id: str | None = None,
    validation: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
) -> Verdict:
    """If users sign in with an address, the function gets the future username: the sub.

    The lock is released while it runs. Raises what `triggers.fire` raises; then no user may be created.
    """
    sub = call.world.entropy.uuid()
    request = {
        "userAttributes": {name: value for name, value in values.items() if value},
        "validationData": validation or None,
    }
    name = sub if aliases.implied(pool, username) else username
    answer = events.fire(
        call, pool, f"PreSignUp_{source}", name, request, client_id=client_id, metadata=metadata
    )
    if not answer:
        return Verdict(sub)
    verified = tuple(attribute for attribute, flag in FLAGS.items() if answer[flag])
    for attribute in verified:
        if source == "SignUp" and not values.get(attribute):
            # inferred: error code and wording
            raise InvalidLambdaResponseException(f"There is no {attribute} that could be verified.")
    return Verdict(sub, bool(answer["autoConfirmUser"]), verified)
