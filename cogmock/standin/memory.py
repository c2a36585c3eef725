"""What the stand-ins remember between requests: codes, tokens, clients, the last good sign-ins."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from cogmock.standin.personas import Persona

MOST = 10_000
"""Entries that a table holds. Beyond that the oldest are dropped."""

Claims = dict[str, Any]
Entry = TypeVar("Entry")


@dataclass(slots=True)
class Grant:
    """What a user granted to a client on the sign-in page, until the code or the refresh token is redeemed."""

    stand_in: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    claims: Claims
    """Of the user, `sub` among them."""
    auth_time: float
    nonce: str | None = None
    challenge: str = ""
    challenge_method: str = ""
    fault: str = ""
    algorithm: str = "RS256"
    offline: bool = False
    redeemed: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token opens."""

    stand_in: str
    client_id: str
    scopes: tuple[str, ...]
    claims: Claims
    issued: float
    expires: float
    fault: str = ""


class Expiring(Generic[Entry]):
    """A table whose entries expire. Not safe for threads: `Memory.lock` guards it."""

    __slots__ = ("entries", "watch")
    watch: Any
    """Who notes which entries are looked up or changed. Unset while nobody does."""

    def __init__(self) -> None:
        self.entries: dict[Hashable, tuple[float, Entry]] = {}

    def put(self, key: Hashable, entry: Entry, expires: float) -> None:
        self.entries.pop(key, None)
        self.entries[key] = (expires, entry)
        while len(self.entries) > MOST:
            self.pop(next(iter(self.entries)))

    def get(self, key: Hashable, now: float) -> Entry | None:
        """The entry, unless it has expired."""
        expires, entry = self.entries.get(key, (0.0, None))
        return entry if expires > now else None

    def pop(self, key: Hashable) -> None:
        self.entries.pop(key, None)


@dataclass(slots=True)
class Memory:
    """One for each server. All tables are read and changed under `lock`."""

    codes: Expiring[Grant] = field(default_factory=Expiring)
    access: Expiring[Access] = field(default_factory=Expiring)
    refresh: Expiring[Grant] = field(default_factory=Expiring)
    last_good: Expiring[str] = field(default_factory=Expiring)
    """Stand-in and client → the code or SAML response of the last sign-in that was completed. For `replay`."""
    signed_in: Expiring[bool] = field(default_factory=Expiring)
    """Stand-in, client and subject of every sign-in. Apple tells a user's name at the first one only."""
    clients: Expiring[Mapping[str, Any]] = field(default_factory=Expiring)
    """Stand-in and client ID → the metadata with which the client was registered."""
    service_providers: Expiring[bytes] = field(default_factory=Expiring)
    """Stand-in and entity ID → SAML metadata."""
    addresses: Expiring[str] = field(default_factory=Expiring)
    """Stand-in and entity ID → the address to which the last SAML response went."""
    personas: tuple[Persona, ...] = ()
    """Personas from a definitions document, in place of the built-in ones."""
    lock: threading.Lock = field(default_factory=threading.Lock)
