"""What a play of user pools knows: users, sessions, tokens that must not work, and codes."""

from __future__ import annotations

from dataclasses import dataclass, field

PASSWORDS = ("Corr3ct-Horse!", "An0ther-Horse!")


@dataclass(eq=False)
class Person:
    """A user as the calls so far have made it."""

    name: str
    password: str
    status: str
    enabled: bool = True
    secret: str | None = None
    """Of the authenticator app, once it is verified."""
    prefers_totp: bool = False
    groups: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Session:
    """A sign-in and its newest tokens."""

    person: Person
    client: str
    access: str
    access_ends: float
    refresh: str
    refresh_ends: float
    device: str | None
    """The key of a new device, which the refresh token is bound to."""
    confirmed: bool = False
    ended: str = ""
    """Why its tokens must not work any more."""


@dataclass(eq=False)
class Grave:
    """A token that must never work again."""

    kind: str
    token: str
    client: str
    device: str | None
    why: str


@dataclass(eq=False)
class Code:
    """A code that was sent."""

    code: str
    purpose: str
    name: str
    used: bool = False
