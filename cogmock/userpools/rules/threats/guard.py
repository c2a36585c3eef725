"""The list of blocked addresses, which holds before anything else of a request is looked at."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import NotAuthorizedException
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.threats import configuration, history
from cogmock.userpools.rules.threats.context import Context

SIGN_IN = "Unable to login because of security reasons."
OTHER = "Request not allowed due to security reasons."
"""Both seen. inferred: the first is for sign-ins, the second for all other requests."""


def refuse_blocked(
    call: Call, pool: UserPool, client: UserPoolClient, user: User | None, context: Context, kind: str
) -> None:
    """Refuses a request from BlockedIPRangeList, and records it. Raises NotAuthorizedException."""
    if not is_blocked(pool, client, context):
        return
    if user is not None:
        event = history.made(call, client, kind, context)
        event.response, event.decision = "Fail", "Block"
        history.record(call, pool, user, event)
    raise NotAuthorizedException(
        SIGN_IN if kind == "SignIn" else OTHER, reason=f"{context.ip} is in BlockedIPRangeList"
    )


def is_blocked(pool: UserPool, client: UserPoolClient, context: Context) -> bool:
    if configuration.mode(pool) != configuration.ENFORCED:
        return False
    settings = configuration.of(pool, client.id)
    return configuration.is_listed(settings, "BlockedIPRangeList", context.ip)
