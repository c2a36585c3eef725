"""Calls user pool operations for the pages, with the same checks as for the API."""

from __future__ import annotations

from typing import Any

from cogmock.core.call import Call
from cogmock.crypto.secret_hash import secret_hash
from cogmock.state.client import UserPoolClient
from cogmock.userpools.backend import UserPoolsBackend


def ask(call: Call, client: UserPoolClient, name: str, username: str, **params: Any) -> dict[str, Any]:
    """The result of an operation with ClientId and Username; adds the SecretHash. Raises AwsError.

    A client with a metadata document has no secret itself, but the app client with its id may have one.
    """
    given = {"ClientId": client.id, "Username": username, **params}
    registered = call.region.clients.get(client.id) or client
    if registered.secrets:
        given["SecretHash"] = secret_hash(registered.secrets[0].value, username, client.id)
    return UserPoolsBackend.ask(call, name, given)
