"""Finding things. Nothing else says that something does not exist."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import ResourceNotFoundException, UserNotFoundException
from cogmock.state.client import UserPoolClient
from cogmock.state.group import Group
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import aliases


def pool(call: Call, pool_id: str) -> UserPool:
    found = call.region.user_pools.get(pool_id)
    if found is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    return found


def client(call: Call, pool_id: str, client_id: str) -> UserPoolClient:
    """A client of a pool. That of another pool does not exist."""
    found = call.region.clients.get(client_id)
    if found is None or found.pool_id != pool_id:
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.")
    return found


def home_of_client(call: Call, client_id: str) -> tuple[UserPool, UserPoolClient]:
    """Pool and client of a call that names the client alone."""
    found = call.region.clients.get(client_id)
    if found is None:
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.")
    return call.region.user_pools[found.pool_id], found


def user(pool: UserPool, name: str) -> User:
    """A user by username, alias or sub, as administrators' operations find one."""
    found = aliases.find(pool, name)
    if found is None:
        raise UserNotFoundException
    return found


def group(pool: UserPool, name: str) -> Group:
    found = pool.groups.get(name)
    if found is None:
        raise ResourceNotFoundException("Group not found.")
    return found
