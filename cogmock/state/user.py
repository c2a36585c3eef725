"""Users, and the table that finds them by name, sub, e-mail address, phone number and preferred username."""

from __future__ import annotations

from dataclasses import dataclass
from sys import intern
from typing import Any

from cogmock.state.expiring import Expiring
from cogmock.state.risk import AuthEvent
from cogmock.state.session import Session, SsoSession
from cogmock.state.table import Table

FOUND_BY = ("email", "phone_number", "preferred_username")
"""Attributes that the table has indexes for."""


class Password(bytes):
    """Salt and SRP exponent x of a password. The password itself is not stored; x also checks a plain password.

    One bytes object holds both, because two separate objects would take a sixth of a user's memory.
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
    """A code that was sent and is still valid."""

    value: str
    expires: float
    attribute: str | None = None
    """The attribute that the code verifies."""
    destination: str | None = None
    attempts: int = 0


@dataclass(slots=True, eq=False, repr=False)
class Lockout:
    """Consecutive failed attempts, and until when further attempts are refused."""

    failures: int = 0
    last: float = 0.0
    until: float = 0.0


@dataclass(slots=True, eq=False, repr=False)
class Mfa:
    """The MFA settings of a user. `secret` is the verified TOTP secret, `candidate` one that is not verified yet."""

    secret: bytes | None = None
    candidate: bytes | None = None
    friendly_name: str | None = None
    used_steps: tuple[int, ...] = ()
    """The time steps of recently used TOTP codes: each code is accepted once."""
    enabled: tuple[str, ...] = ()
    """The enabled ones of SMS_MFA, SOFTWARE_TOKEN_MFA and EMAIL_OTP, in this order."""
    preferred: str | None = None
    passkeys: bool = False
    """Whether a passkey counts as MFA for the user (WebAuthnMfaSettings)."""
    options: tuple[str, ...] = ()
    """The attributes for SMS codes that the deprecated operation SetUserSettings set (MFAOptions)."""


@dataclass(slots=True, eq=False, repr=False)
class Device:
    """A device. ConfirmDevice gives it salt and verifier; without them it is not confirmed."""

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
    """A user. Attributes are changed by UserTable.write, which keeps the indexes up to date.

    Fields that few users need are None until they are used, to save memory.
    """

    name: str
    sub: str
    attributes: dict[str, str]
    status: str
    created: float
    modified: float
    enabled: bool = True
    number: int = 0
    password: Password | None = None
    imported_hash: str | None = None
    """The hash of the password in another system, from a user import, until its first right use."""
    password_set: float = 0.0
    former_passwords: list[Password] | None = None
    codes: dict[str, Code] | None = None
    """Purpose → the valid code that was sent for it."""
    pending: dict[str, str] | None = None
    """New attribute values that take effect once they are verified."""
    groups: dict[str, None] | None = None
    sessions: Expiring[Session] | None = None
    sso: Expiring[SsoSession] | None = None
    """Session id → the session of a browser, in a pool that tracks sessions."""
    signed_out: float = 0.0
    """The time of the last global sign-out: tokens issued before it are revoked."""
    lockouts: dict[str, Lockout] | None = None
    """Kind of attempt → its lockout. Passwords and MFA codes are counted separately."""
    attempts: dict[str, list[float]] | None = None
    """Operation → the times of recent attempts, for rate limits."""
    mfa: Mfa | None = None
    devices: dict[str, Device] | None = None
    """Device key → device, confirmed or not."""
    passkeys: dict[str, Passkey] | None = None
    registration: Registration | None = None
    """The passkey registration in progress."""
    identities: list[dict[str, Any]] | None = None
    """Federated identities that are linked to the user."""
    auth_events: Expiring[AuthEvent] | None = None
    """Event id → an event of threat protection, oldest first."""

    @property
    def has_password(self) -> bool:
        return self.password is not None or self.imported_hash is not None

    def drop_password(self) -> None:
        self.password = self.imported_hash = None


class UserTable(Table[User]):
    """Users by name and sub. The index of an attribute in FOUND_BY is built at the first look-up by it."""

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
        return key if folded == key else folded  # the same str object as the name saves memory

    def add(self, row: User) -> None:
        row.attributes = {intern(name): value for name, value in row.attributes.items()}
        super().add(row)
        self._subs[row.sub] = row
        for name in self._by:
            self._add_to_index(name, row)

    def put_back(self, row: User) -> None:
        row.attributes = {intern(name): value for name, value in row.attributes.items()}
        super().put_back(row)
        self._subs[row.sub] = row
        for name in self._by:
            self._add_to_index(name, row)

    def remove(self, row: User) -> None:
        super().remove(row)
        del self._subs[row.sub]
        for name in self._by:
            self._remove_from_index(name, row)

    def by_sub(self, sub: str) -> User | None:
        return self._subs.get(sub)

    def by(self, attribute: str, value: str) -> list[User]:
        """The users whose attribute, one of FOUND_BY, has this value."""
        found = self._index(attribute).get(self.fold(value))
        return found[:] if isinstance(found, list) else [found] if found else []

    def starting(self, attribute: str, prefix: str) -> list[User]:
        """The users whose attribute, one of FOUND_BY, starts with this prefix."""
        folded = self.fold(prefix)
        found = [held for key, held in self._index(attribute).items() if key.startswith(folded)]
        return [user for held in found for user in (held if isinstance(held, list) else (held,))]

    def _index(self, attribute: str) -> dict[str, User | list[User]]:
        if attribute not in self._by:
            self._by[attribute] = {}
            for _, user in self.unwatched():
                self._add_to_index(attribute, user)
        return self._by[attribute]

    def write(self, user: User, changes: dict[str, str | None]) -> None:
        """Changes attributes of a user; the value None removes an attribute."""
        for name, value in changes.items():
            if name in self._by:
                self._remove_from_index(name, user)
            if value is None:
                user.attributes.pop(name, None)
            else:
                user.attributes[intern(name)] = value
            if name in self._by:
                self._add_to_index(name, user)

    def _add_to_index(self, name: str, user: User) -> None:
        value = user.attributes.get(name)
        if value is None:
            return
        index, key = self._by[name], self.fold(value)
        found = index.get(key)
        # Nearly every address belongs to one user; a list for each would double the size of the index.
        index[key] = user if found is None else [*(found if isinstance(found, list) else [found]), user]

    def _remove_from_index(self, name: str, user: User) -> None:
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
