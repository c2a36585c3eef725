"""What the stand-ins get from the server in which they are mounted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cogmock.crypto.jws import SigningKey
from cogmock.standin.memory import Memory
from cogmock.standin.personas import Persona


class Entropy(Protocol):
    """A source of randomness."""

    def text(self, length: int, alphabet: str = ...) -> str: ...

    def uuid(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """What a SAML identity provider has to know of a service provider. Certificates are base64 DER without armour."""

    entity_id: str
    acs: tuple[str, ...] = ()
    """Assertion consumer services with the POST binding, the default one first. Empty: any address is accepted."""
    logout: tuple[str, str] | None = None
    """Binding (`redirect` or `post`) and address of its single logout service."""
    signing: tuple[str, ...] = ()
    encryption: str = ""
    """The certificate for which assertions are encrypted. Empty: they are not encrypted."""


@dataclass(frozen=True, slots=True)
class Context:
    """One request's surroundings. Times are epoch seconds."""

    now: float
    entropy: Entropy
    url: str
    """Where the stand-ins are mounted, without a trailing slash."""
    key: Callable[[str], SigningKey]
    """The RSA key of a name: always the same key for the same name."""
    memory: Memory
    personas: Sequence[Persona]
    service_provider: Callable[[str, str, str], ServiceProvider | None] = lambda *_: None
    """What the server itself knows of a SAML service provider.

    The arguments are its entity ID, that of the stand-in, and the address to which the last response went, if any.
    """
