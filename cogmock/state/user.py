"""Users, and what belongs to a user."""

from __future__ import annotations

from typing import Any

from cogmock.lazy_dataclass import dataclass
from cogmock.state.expiring import Expiring
from cogmock.state.risk import AuthEvent
from cogmock.state.session import Session, SsoSession


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
    """A user. Attributes, status and `enabled` are changed by the UserTable, which keeps its indexes up to date.

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
