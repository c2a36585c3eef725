"""Dynamic client registration: whether a pool has it, and what registered clients may not do."""

from __future__ import annotations

from cogmock.errors import InvalidParameterException
from cogmock.state.client import UserPoolClient
from cogmock.state.resource_server import ResourceServer
from cogmock.state.shapes import ClientSettings
from cogmock.state.user_pool import UserPool

SERVER = "aws.cognito/dcr"
SCOPE = f"{SERVER}/register"
"""An access token with this scope may register clients."""


def is_on(pool: UserPool) -> bool:
    return (pool.settings.get("DcrConfiguration") or {}).get("EnableStatus") == "Enabled"


def settle(pool: UserPool) -> None:
    """Adds the resource server that AWS manages for registration, or removes it where registration is off."""
    there = pool.resource_servers.get(SERVER)
    if is_on(pool) and there is None:
        scopes = {"register": "Register app clients"}
        pool.resource_servers.add(ResourceServer(SERVER, "Dynamic client registration", scopes, managed=True))
    elif there is not None and not is_on(pool):
        pool.resource_servers.remove(there)


def check_holder(client: UserPoolClient, settings: ClientSettings) -> None:
    """A registered client may not register others (service model: ClientType)."""
    if client.type == "DCR" and SCOPE in (settings.get("AllowedOAuthScopes") or ()):
        raise InvalidParameterException(f"User pool client {client.id} can not hold the scope {SCOPE}.")


def check_secrets(client: UserPoolClient) -> None:
    if client.type == "DCR":
        raise InvalidParameterException(f"User pool client {client.id} can not have client secrets.")
