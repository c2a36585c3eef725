"""What the sign-in page and its form have to know of a stand-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FAULTS = {
    "denied": "The user refuses",
    "expired": "What arrives has expired",
    "audience": "It was issued to another client",
    "issuer": "It names another issuer",
    "signature": "Its signature is made with a foreign key",
    "nonce": "It answers another request",
    "unsigned": "It is not signed",
    "replay": "The last good sign-in is sent once more",
}
"""The faults of the form, and how the page describes them."""
OPAQUE_FAULTS = ("denied", "expired", "audience", "replay")
"""The faults that a provider without signed tokens can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A stand-in. `key` is its path below the mount point: `google`, `oidc/acme`."""

    key: str
    title: str
    subject: Callable[[bytes], str]
    """Derives a subject, in the provider's own form, from the digest of an e-mail address."""
    takes_the_place: bool = False
    """Whether it takes the place of a real provider, which the page then says."""
    faults: tuple[str, ...] = tuple(FAULTS)
    algorithms: tuple[str, ...] = ()
    """Signature algorithms that the form offers."""
    signs: tuple[str, ...] = ()
    """What of a SAML response the form offers to sign."""
