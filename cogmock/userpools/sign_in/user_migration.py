"""The user migration trigger during sign-in, which needs the password in the request."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import NotAuthorizedException, UserNotFoundException
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.arrivals import migration
from cogmock.userpools.rules.proofs import existence
from cogmock.userpools.sign_in.attempt import WRONG, SignIn


def fetched(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    username: str,
    password: str,
    *,
    validation: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
) -> User | None:
    """The migrated user; None if the pool has no such trigger. The lock is released while it runs.

    Raises UserNotFoundException, or NotAuthorizedException if the client hides which users exist.
    """
    request = {"password": password, "validationData": validation or None}
    try:
        return migration.migrate(call, pool, client, "Authentication", username, request, metadata)
    except UserNotFoundException as failure:
        if existence.is_hidden(client):
            raise NotAuthorizedException(WRONG, reason=failure.reason) from failure
        raise


def join(sign_in: SignIn, password: str) -> None:
    """Continues a sign-in of an unknown name as that of the migrated user."""
    attempt = sign_in.attempt
    user = fetched(
        sign_in.call,
        sign_in.pool,
        sign_in.client,
        attempt.username,
        password,
        validation=sign_in.validation,
        metadata=sign_in.metadata,
    )
    if user:
        sign_in.user, attempt.username, attempt.known = user, user.name, True
