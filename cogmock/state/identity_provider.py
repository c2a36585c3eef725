"""Identity providers of a user pool, and the sign-ins that are under way at them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from cogmock.crypto.jws import SigningKey

SUBJECT = "Cognito_Subject"
"""The attribute name that stands for a provider's own id of a user (AWS)."""


@dataclass(slots=True, eq=False, repr=False)
class IdentityProvider:
    """`details` holds ProviderDetails as AWS shows them; what it never shows has fields of its own."""

    name: str
    type: str
    """SAML, OIDC, Google, Facebook, LoginWithAmazon or SignInWithApple."""
    details: dict[str, str]
    mapping: dict[str, str]
    """Pool attribute → the provider's claim."""
    identifiers: list[str]
    created: float
    modified: float
    acr_mapping: dict[str, str] = field(default_factory=dict)
    private_key: str = ""
    """Apple: the key that client secrets are signed with."""
    metadata: str = ""
    """SAML: the metadata document that holds now."""
    metadata_read: float = 0.0
    encryption_key: SigningKey | None = None
    """SAML with EncryptedResponses: what assertions are encrypted to."""
    encryption_certificate: bytes | None = None
    """The X.509 certificate of `encryption_key`, in DER."""
    number: int = 0

    def settle_encryption(
        self, key: SigningKey, certificate: bytes, give_back: Callable[[SigningKey], None]
    ) -> None:
        """Takes a key pair that was made without the lock, unless another call was quicker."""
        if self.encryption_certificate is not None:
            give_back(key)
            return
        self.encryption_key, self.encryption_certificate = key, certificate


@dataclass(slots=True, eq=False, repr=False)
class FederatedRequest:
    """A sign-in under way at a provider, or a sign-out. The state that the browser carries names it."""

    state: str
    provider: str
    browser: str
    """The value of the browser's cookie csrf-state."""
    query: str
    """The parameters of the authorization request, as the pages carry them along."""
    managed: bool
    expires: float
    request_id: str = ""
    """SAML: the ID of the request, which the response must answer."""
    nonce: str = ""
    """OIDC: the nonce that the id token must repeat."""
    redirect_uri: str = ""
    """Our own address that the provider answers to."""


def link_key(provider: str, attribute: str, value: str) -> str:
    """The key of `UserPool.links`."""
    return json.dumps([provider, attribute, value], ensure_ascii=False)
