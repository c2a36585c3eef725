"""Codes of an authenticator app: what the phone of a user would show now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.control.requests import ControlError, ControlRequest, parameters, text
from cogmock.core.world import World
from cogmock.errors import ResourceNotFoundException, SoftwareTokenMFANotFoundException, UserNotFoundException
from cogmock.state.user import Mfa, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.proofs import authenticator


def read_code(world: World, request: ControlRequest) -> dict[str, Any]:
    """The code that is accepted next, and how many seconds the app shows it.

    That is the current one, or its successor where the user has used the current one: a code is good once, and the
    clocks of apps may be ahead by one step. A secret that waits to be verified counts more than a verified one.
    `user_pool_id` may be left out where one pool alone has such a user.
    """
    query = parameters(request, "user_pool_id", "username")
    username = text(dict(query), "username")
    with world.lock:
        found = authenticator.shown(
            _user(world, query.get("user_pool_id"), username).mfa or Mfa(), world.clock.now()
        )
    if found is None:
        raise SoftwareTokenMFANotFoundException("No software token has been associated with the user")
    return found._asdict()


def _user(world: World, pool_id: str | None, username: str) -> User:
    pools = list(_pools(world, pool_id))
    found = [user for pool in pools if (user := aliases.find(pool, username)) is not None]
    if not found:
        raise UserNotFoundException
    holders = [user for user in found if user.mfa and (user.mfa.candidate or user.mfa.secret)]
    if len(holders) > 1:
        raise ControlError(
            400, "InvalidRequest", f"Several pools have a user {username!r}: give 'user_pool_id'."
        )
    return (holders or found)[0]


def _pools(world: World, pool_id: str | None) -> Iterator[UserPool]:
    if pool_id is None:
        for region in world.regions():
            yield from region.user_pools
        return
    found = world.find_pool(pool_id)
    if found is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    yield found[1]
