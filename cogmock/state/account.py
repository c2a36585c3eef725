"""An AWS account: its regions, its IAM, and the temporary credentials that were issued in it."""

from __future__ import annotations

from dataclasses import field

from cogmock.crypto.jws import SigningKey
from cogmock.lazy_dataclass import dataclass
from cogmock.state.credentials import Credentials
from cogmock.state.entries import Entries
from cogmock.state.expiring import Expiring
from cogmock.state.iam import Iam
from cogmock.state.region import Region


@dataclass(slots=True, eq=False, repr=False)
class Account:
    id: str
    regions: Entries[Region] = field(default_factory=Entries)
    iam: Iam = field(default_factory=Iam)
    seal_key: bytes = b""
    """The key that encrypts session tokens. Empty until it is first needed."""
    stand_in_keys: dict[str, SigningKey] = field(default_factory=dict)
    """Name of a stand-in provider → the RSA key with which it signs. They are kept in the default account."""
    credentials: Expiring[Credentials] = field(default_factory=Expiring)
    """Access key id → the credentials."""
