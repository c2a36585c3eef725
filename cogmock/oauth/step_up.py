"""Step-up at a pool's domain: what a browser's session lacks of the level of assurance that a request asks for."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.state.browser import BrowserSession
from cogmock.state.client import UserPoolClient
from cogmock.state.session import Attempt
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.sign_in import step_up
from cogmock.userpools.sign_in.attempt import SignIn

UNMET = "unmet_authentication_requirements"
"""OpenID Connect's error for a level that the user has no factors for. AWS's guide names none."""


def resumed(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    user: User,
    known: BrowserSession,
    levels: tuple[int, ...],
) -> SignIn | None:
    """A sign-in that goes on from what a session proved, toward the first level that the user can reach.

    None where there is no such level.
    """
    attempt = Attempt(
        flow="USER_AUTH",
        client_id=client.id,
        username=user.name,
        known=True,
        event_id=call.world.entropy.uuid(),
        credited=known.amr,
    )
    sign_in = SignIn(call, pool, client, user, attempt, {})
    return sign_in if not levels or step_up.aim(sign_in, levels) else None


def is_there(sign_in: SignIn) -> bool:
    """Whether nothing is left to prove."""
    return step_up.reached(sign_in)
