"""Developer aids below the pages, which AWS does not have: the pool's users, and the codes that were just sent."""

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
"""The number of newest messages in the outbox, of all pools, that are searched for messages of this pool."""
NAMED = ("/login", "/forgotPassword")
"""Pages that ask for a username; these list users."""
SILENT = ("/signup", "/error", "/confirmUser")
"""Pages without aids, because they ask for neither a username nor a code."""


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


def for_page(call: Call, request: DomainRequest) -> Aids | None:
    """The aids of a page; None if they are turned off or the browser is not on this machine, as they name users."""
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
    """A link that fills in the name by login_hint, which the classic hosted UI does not support."""
    if not request.managed or request.path != "/login":
        return None
    return f"/login?{urlencode({**request.args, 'login_hint': address})}"


def _messages(call: Call, pool: UserPool) -> list[Sent]:
    """The pool's messages, newest first, without invitations, because those contain passwords."""
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
