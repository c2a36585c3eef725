"""Developer aids below the pages, which AWS does not have: the pool's users, and the codes that were just sent."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlencode

from cogmock.core.call import Call
from cogmock.core.outbox import Message
from cogmock.crypto import totp
from cogmock.oauth import clients
from cogmock.oauth.requests import DomainRequest
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.proofs import authenticator

JOURNEY = "page-data"
"""The cookie with the id of a sign-in that takes several pages."""
MOST_USERS = 100
FEW = 8
"""With more users than these, the list has a filter."""
MOST_MESSAGES = 5
SCANNED = 2000
"""The number of newest messages in the outbox, of all pools, that are searched for messages of this pool."""
NAMED = ("/login", "/forgotPassword")
"""Pages that ask for a username; these list users."""
FRESH = 120
"""Seconds for which a code counts as new: a page that asks for one then offers it."""
ASKING = ("confirm.html", "mfa.html", "reset.html", "setup.html")
"""Templates that ask for a code."""
LOOKED_BACK = 20
"""How many of the last requests are searched for the one that was refused with a redirect to the error page."""


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


class Now(NamedTuple):
    """The code that the page most likely asks for."""

    code: str
    about: str


class Aids(NamedTuple):
    users: int
    """The pool's users."""
    people: list[Person] | None
    """None on pages that do not ask for a username."""
    more: int
    messages: list[Sent]
    fresh: int
    """How many codes were sent in the last FRESH seconds."""
    now: Now | None
    """It is offered without opening the bar."""
    reason: str | None
    """Why the request was refused, where AWS does not say it."""

    @property
    def has_filter(self) -> bool:
        return len(self.people or ()) > FEW

    @property
    def is_scripted(self) -> bool:
        """Whether there is a code to fill in, or a filter."""
        return self.has_filter or self.now is not None or any(sent.code for sent in self.messages)


def for_page(call: Call, request: DomainRequest, template: str, told: object = None) -> Aids | None:
    """The aids of a page that tells its user `told`.

    None if they are turned off or the browser is not on this machine, as they name users.
    """
    if not (call.world.settings.aids and request.near):
        return None
    client = clients.registered(call, request)
    pool = call.region.user_pools.get(client.pool_id) if client else None
    reason = call.reason or _refusal(call, request)
    if reason == told:
        reason = None
    if pool is None:
        return Aids(0, None, 0, [], 0, None, reason) if reason else None
    people = None
    if request.path in NAMED:
        people = [_person(pool, request, user) for user in islice(pool.users, MOST_USERS)]
    sent = _messages(call, pool)
    fresh = _fresh(call, pool, request, sent) if template in ASKING else []
    now = _from_app(call, pool, request, template)
    if now is None and fresh:
        now = Now(fresh[0].code or "", f"{fresh[0].subject or 'Text message'}, to {fresh[0].destination}")
    return Aids(
        len(pool.users),
        people,
        len(pool.users) - MOST_USERS,
        [_sent(message) for message in sent],
        len(fresh),
        now,
        reason,
    )


def _fresh(call: Call, pool: UserPool, request: DomainRequest, sent: list[Message]) -> list[Message]:
    """The messages with a code that were just sent to the user of this sign-in, newest first."""
    journey = pool.journeys.get(request.cookies.get(JOURNEY, ""))
    user = aliases.find(pool, journey.username) if journey else None
    return [
        message
        for message in sent
        if user and message.code and message.username == user.name and message.sent_at > call.now - FRESH
    ]


def _refusal(call: Call, request: DomainRequest) -> str | None:
    """Why the last request was refused that led to this error page. It need not have come from this browser."""
    if request.path != "/error":
        return None
    last = islice(reversed(list(call.world.journal)), LOOKED_BACK)
    return next((entry.reason for entry in last if entry.outcome == "/error" and entry.reason), None)


def _from_app(call: Call, pool: UserPool, request: DomainRequest, template: str) -> Now | None:
    """The code that the user's authenticator app shows, on a page that asks for it."""
    journey = pool.journeys.get(request.cookies.get(JOURNEY, ""))
    if journey is None:
        return None
    if template == "setup.html":
        secret = totp.read(journey.data["secret"])
        return _now(journey.username, authenticator.of_secret(secret, call.now))
    if template != "mfa.html" or journey.data.get("name") != "SOFTWARE_TOKEN_MFA":
        return None
    user = aliases.find(pool, journey.username)
    shown = authenticator.shown(user.mfa, call.now) if user and user.mfa else None
    return _now(journey.username, shown) if shown else None


def _now(username: str, shown: authenticator.AppCode) -> Now:
    return Now(shown.code, f"{username}'s authenticator app, for {shown.valid_for_seconds} s")


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


def _messages(call: Call, pool: UserPool) -> list[Message]:
    """The pool's messages, newest first, without invitations, because those contain passwords."""
    own = (
        message
        for message in islice(reversed(call.world.outbox.messages), SCANNED)
        if message.user_pool_id == pool.id and not message.trigger_source.endswith("AdminCreateUser")
    )
    return list(islice(own, MOST_MESSAGES))


def _sent(message: Message) -> Sent:
    at = datetime.fromtimestamp(message.sent_at, UTC).strftime("%H:%M:%S UTC")
    what = message.subject or "Text message"
    return Sent(message.destination, what, at, message.code, message.link)
