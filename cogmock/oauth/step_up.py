"""Step-up authentication on the pages: continues a browser's session to the level of assurance of a request."""

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
"""OpenID Connect's error for a level that the user has no factors for. inferred: AWS's guide names no error."""


def resumed(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    user: User,
    known: BrowserSession,
    levels: tuple[int, ...],
) -> SignIn | None:
    """A sign-in that is credited with the session's methods, aimed at the first level that the user can reach.

    None if the user can reach none of the levels.
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
    """Whether the sign-in has reached its level."""
    return step_up.reached(sign_in)
