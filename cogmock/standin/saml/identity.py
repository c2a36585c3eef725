"""What a SAML stand-in is: its addresses, key and certificate."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cogmock.crypto import certificate
from cogmock.crypto.jws import SigningKey
from cogmock.standin.context import Context
from cogmock.standin.provider import FAULTS, Provider

SIGNS = ("assertion", "response", "both")


@dataclass(frozen=True, slots=True)
class Identity:
    """A SAML identity provider. `base` is the URL below which its endpoints are."""

    name: str
    base: str

    @property
    def entity_id(self) -> str:
        return f"{self.base}/metadata"

    @property
    def provider(self) -> Provider:
        """What the sign-in page has to know."""
        return Provider(
            key=f"saml/{self.name}",
            title=self.name,
            subject=lambda digest: f"{self.name[:40]}-{digest.hex()[:24]}",
            faults=tuple(FAULTS),
            signs=SIGNS,
        )


def identity(context: Context, name: str) -> Identity:
    return Identity(name, f"{context.url}/saml/{name}")


def certified(context: Context, key_name: str) -> tuple[SigningKey, bytes]:
    """A key and its certificate in DER.

    The certificate follows from the key and the year, so that it is the same whenever it is asked for.
    """
    key = context.key(key_name)
    year = datetime.fromtimestamp(context.now, UTC).year
    start = datetime(year - 1, 1, 1, tzinfo=UTC).timestamp()
    serial = hashlib.sha256(key.kid.encode()).digest()[: certificate.SERIAL]
    return key, certificate.self_signed(key, "cogmock stand-in", start, serial)


def armoured(der: bytes) -> str:
    """PEM, as signxml takes certificates."""
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
