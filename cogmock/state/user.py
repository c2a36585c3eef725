"""Users, and the table that finds them by name, sub and address."""

from __future__ import annotations

from dataclasses import dataclass
from sys import intern
from typing import Any

from cogmock.state.expiring import Expiring
from cogmock.state.session import Session, SsoSession
from cogmock.state.table import Table

FOUND_BY = ("email", "phone_number", "preferred_username")
"""Attributes by which users are found without a scan."""


class Password(bytes):
    """Salt and SRP exponent x of a password, never the password itself. A plain password is checked with x as well.

    One bytes object holds both: separate objects would be a sixth of a user's memory.
    """

    __slots__ = ()

    @property
    def salt(self) -> bytes:
        return self[:16]

    @property
    def exponent(self) -> bytes:
        return self[16:]


@dataclass(slots=True, eq=False, repr=False)
class Code:
    """A code that was sent."""

    value: str
    expires: float
    attribute: str | None = None
    """The attribute that it proves."""
    destination: str | None = None
    attempts: int = 0


@dataclass(slots=True, eq=False, repr=False)
class Lockout:
    """Failed attempts in a row, and how long further ones are refused."""

    failures: int = 0
    last: float = 0.0
    until: float = 0.0


@dataclass(slots=True, eq=False, repr=False)
class Mfa:
    """The factors of a user. `secret` is its verified TOTP secret, `candidate` one that waits to be verified."""

    secret: bytes | None = None
    candidate: bytes | None = None
    friendly_name: str | None = None
    used_steps: tuple[int, ...] = ()
    """The time steps of late codes: each is good once."""
    enabled: tuple[str, ...] = ()
    """SMS_MFA, SOFTWARE_TOKEN_MFA, EMAIL_OTP: those that the user switched on, in this order."""
    preferred: str | None = None
    passkeys: bool = False
    """Whether the user took a passkey for a factor."""
    options: tuple[str, ...] = ()
    """The attributes that the old operation SetUserSettings set for codes by SMS."""


@dataclass(slots=True, eq=False, repr=False)
class Device:
    """A device. It is confirmed once it has a verifier."""

    key: str
    group_key: str
    created: float
    modified: float
    authenticated: float
    name: str | None = None
    last_ip: str | None = None
    sdk: str | None = None
    remembered: bool = False
    salt: bytes | None = None
    verifier: bytes | None = None
    number: int = 0


@dataclass(slots=True, eq=False, repr=False)
class Passkey:
    """A WebAuthn credential. `public_key` is a COSE key in CBOR."""

    id: str
    public_key: bytes
    counter: int
    name: str
    relying_party: str
    created: float
    attachment: str | None = None
    transports: tuple[str, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Registration:
    """A passkey registration in progress: the challenge, and the client that began it."""

    challenge: str
    client_id: str
    expires: float


@dataclass(slots=True, eq=False, repr=False)
class User:
    """Only its table writes attributes, because it indexes some. Parts that few users have are None."""

    name: str
    sub: str
    attributes: dict[str, str]
    status: str
    created: float
    modified: float
    enabled: bool = True
    number: int = 0
    password: Password | None = None
    password_set: float = 0.0
    former_passwords: list[Password] | None = None
    codes: dict[str, Code] | None = None
    """Purpose → the code that is out for it."""
    pending: dict[str, str] | None = None
    """Attributes that take effect once they are proven."""
    groups: dict[str, None] | None = None
    sessions: Expiring[Session] | None = None
    sso: Expiring[SsoSession] | None = None
    """The sessions of browsers, in a pool that tracks them."""
    signed_out: float = 0.0
    """When all tokens issued before became void."""
    lockouts: dict[str, Lockout] | None = None
    """What was tried → the failures in a row: passwords and MFA codes are counted apart."""
    attempts: dict[str, list[float]] | None = None
    """Operation → the times of late attempts, for limits."""
    mfa: Mfa | None = None
    devices: dict[str, Device] | None = None
    """Key → device, also those that wait to be confirmed."""
    passkeys: dict[str, Passkey] | None = None
    registration: Registration | None = None
    """The passkey registration under way."""
    identities: list[dict[str, Any]] | None = None
    """Federated identities that are linked to the user."""


class UserTable(Table[User]):
    """Users by name and sub; by e-mail, phone number and preferred username from the first such look-up on."""

    __slots__ = ("_by", "_subs", "case_sensitive")

    def __init__(self, *, case_sensitive: bool = True) -> None:
        super().__init__("name")
        self.case_sensitive = case_sensitive
        self._subs: dict[str, User] = {}
        self._by: dict[str, dict[str, User | list[User]]] = {}

    def fold(self, key: str) -> str:
        if self.case_sensitive:
            return key
        folded = key.casefold()
        return key if folded == key else folded  # one text for each user then, not two

    def add(self, row: User) -> None:
        row.attributes = {intern(name): value for name, value in row.attributes.items()}
        super().add(row)
        self._subs[row.sub] = row
        for name in self._by:
            self._enter(name, row)

    def remove(self, row: User) -> None:
        super().remove(row)
        del self._subs[row.sub]
        for name in self._by:
            self._strike(name, row)

    def by_sub(self, sub: str) -> User | None:
        return self._subs.get(sub)

    def by(self, attribute: str, value: str) -> list[User]:
        """The users with this value of an attribute that is among FOUND_BY."""
        found = self._index(attribute).get(self.fold(value))
        return found[:] if isinstance(found, list) else [found] if found else []

    def starting(self, attribute: str, prefix: str) -> list[User]:
        """The users whose value of an attribute that is among FOUND_BY begins so."""
        folded = self.fold(prefix)
        found = [held for key, held in self._index(attribute).items() if key.startswith(folded)]
        return [user for held in found for user in (held if isinstance(held, list) else (held,))]

    def _index(self, attribute: str) -> dict[str, User | list[User]]:
        if attribute not in self._by:
            self._by[attribute] = {}
            for user in self:
                self._enter(attribute, user)
        return self._by[attribute]

    def write(self, user: User, changes: dict[str, str | None]) -> None:
        """Changes attributes of a user; None takes one away."""
        for name, value in changes.items():
            if name in self._by:
                self._strike(name, user)
            if value is None:
                user.attributes.pop(name, None)
            else:
                user.attributes[intern(name)] = value
            if name in self._by:
                self._enter(name, user)

    def _enter(self, name: str, user: User) -> None:
        value = user.attributes.get(name)
        if value is None:
            return
        index, key = self._by[name], self.fold(value)
        found = index.get(key)
        # Nearly every address has one user, and a list for each would double the index.
        index[key] = user if found is None else [*(found if isinstance(found, list) else [found]), user]

    def _strike(self, name: str, user: User) -> None:
        value = user.attributes.get(name)
        if value is None:
            return
        index, key = self._by[name], self.fold(value)
        found = index.get(key)
        rest = [other for other in found if other is not user] if isinstance(found, list) else []
        if rest:
            index[key] = rest[0] if len(rest) == 1 else rest
        else:
            index.pop(key, None)
