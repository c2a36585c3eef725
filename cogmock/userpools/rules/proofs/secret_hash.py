"""SECRET_HASH, which requests of a client with a secret must contain."""

from __future__ import annotations

import hmac
from typing import Literal

from cogmock.core.call import Call
from cogmock.crypto.secret_hash import secret_hash
from cogmock.errors import InvalidParameterException, NotAuthorizedException
from cogmock.state.client import UserPoolClient

Where = Literal["sign_in", "directory"]

WORDS: dict[Where, tuple[str, str]] = {
    "sign_in": (
        "Client {id} is configured with secret but SECRET_HASH was not received",
        "SecretHash does not match for the client: {id}",
    ),
    "directory": (
        "Client {id} is configured for secret but secret was not received",
        "Unable to verify secret hash for client {id}",
    ),
}
"""The messages for a missing and for a wrong hash; AWS words them differently at sign-in and elsewhere."""
UNWANTED = "App client {id} is not configured for secret but secret hash was received"
"""Seen from SignUp and from sign-in (keivanK1/Cognito-Android-Studio#1, pmill/aws-cognito#23)."""


def check(call: Call, client: UserPoolClient, username: str, given: str | None, *, where: Where) -> None:
    """Refuses a missing, wrong or unwanted hash. `username` is the name as the caller typed it in this call."""
    missing, wrong = WORDS[where]
    if not client.secrets:
        if given:
            raise InvalidParameterException(UNWANTED.format(id=client.id))
        return
    if not given:
        raise NotAuthorizedException(missing.format(id=client.id))
    if not is_good(client, username, given):
        call.reason = f"the hash is not over {username!r} and the client id, with a secret of this client"
        raise NotAuthorizedException(wrong.format(id=client.id))


def is_good(client: UserPoolClient, username: str, given: str) -> bool:
    """Whether the hash is over this name, with any of the client's secrets."""
    return any(
        hmac.compare_digest(secret_hash(secret.value, username, client.id).encode(), given.encode())
        for secret in client.secrets
    )
