"""What helps a developer on the pages and is no part of them: the pool's test users, and the codes just sent."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlencode

from cogmock.core.call import Call
from cogmock.core.outbox import Message
from cogmock.oauth.requests import DomainRequest
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

MOST_USERS = 10
MOST_MESSAGES = 5
SCANNED = 2000
"""How far back in the outbox of all pools the messages of one are looked for."""
NAMED = ("/login", "/forgotPassword")
"""The pages that ask for a name."""
SILENT = ("/signup", "/error", "/confirmUser")
"""Those that ask for neither a name nor a code."""


class Person(NamedTuple):
    name: str
    address: str
    """What the user signs in with."""
    status: str
    link: str | None
    """The page with the address filled in, where there is one."""


class Sent(NamedTuple):
    to: str
    what: str
    at: str
    code: str | None
    link: str | None


class Aids(NamedTuple):
    people: list[Person] | None
    more: int
    messages: list[Sent]


def of(call: Call, request: DomainRequest) -> Aids | None:
    """None where they are turned off, or the visitor comes from afar: the users of a pool are not told to the world."""
    if not (call.world.settings.aids and request.near) or request.path in SILENT:
        return None
    client = call.region.clients.get(request.args.get("client_id", ""))
    pool = call.region.user_pools.get(client.pool_id) if client else None
    if pool is None:
        return None
    people = None
    if request.path in NAMED:
        people = [_person(pool, request, user) for user in islice(pool.users, MOST_USERS)]
    return Aids(people, len(pool.users) - MOST_USERS, _messages(call, pool))


def _person(pool: UserPool, request: DomainRequest, user: User) -> Person:
    kinds = pool.settings.get("UsernameAttributes") or ()
    address = next((user.attributes[kind] for kind in kinds if user.attributes.get(kind)), user.name)
    status = (user.status if user.enabled else f"{user.status}, disabled").replace("_", " ").lower()
    name = user.attributes.get("name") or user.attributes.get("given_name") or ""
    return Person(name, address, status, _link(request, address))


def _link(request: DomainRequest, address: str) -> str | None:
    """By the parameter that AWS has for this. The classic pages do not know it."""
    if not request.managed or request.path != "/login":
        return None
    return f"/login?{urlencode({**request.args, 'login_hint': address})}"


def _messages(call: Call, pool: UserPool) -> list[Sent]:
    """The newest first. Invitations are left out: what they bring is a password."""
    own = (
        message
        for message in islice(reversed(call.world.outbox.messages), SCANNED)
        if message.user_pool_id == pool.id and not message.trigger_source.endswith("AdminCreateUser")
    )
    return [_sent(message) for message in islice(own, MOST_MESSAGES)]


def _sent(message: Message) -> Sent:
    at = datetime.fromtimestamp(message.sent_at, UTC).strftime("%H:%M:%S UTC")
    what = message.subject or "Text message"
    return Sent(message.destination, what, at, message.code, message.link)
