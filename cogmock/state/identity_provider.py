"""Identity providers of a user pool, and sign-ins in progress at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from cogmock.crypto.jws import SigningKey
from cogmock.lazy_dataclass import dataclass

SUBJECT = "Cognito_Subject"
"""AWS's ProviderAttributeName for the id that a provider gives a user (`sub`, NameID)."""


@dataclass(slots=True, eq=False, repr=False)
class IdentityProvider:
    """`details` holds ProviderDetails as AWS returns them; values that it never returns have fields of their own."""

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
    """SAML: the current metadata document."""
    metadata_read: float = 0.0
    encryption_key: SigningKey | None = None
    """SAML with EncryptedResponses: the key pair that the provider encrypts assertions for."""
    encryption_certificate: bytes | None = None
    """The X.509 certificate of `encryption_key`, in DER."""
    number: int = 0

    def store_encryption_key(
        self, key: SigningKey, certificate: bytes, give_back: Callable[[SigningKey], None]
    ) -> None:
        """Stores a key pair that was generated without the lock, unless another call stored one meanwhile."""
        if self.encryption_certificate is not None:
            give_back(key)
            return
        self.encryption_key, self.encryption_certificate = key, certificate


@dataclass(slots=True, eq=False, repr=False)
class FederatedRequest:
    """A sign-in or sign-out in progress at a provider. `state` is what the provider sends back (SAML: RelayState)."""

    state: str
    provider: str
    browser: str
    """The value of the browser's cookie csrf-state."""
    query: str
    """The query string of the authorization request; for a sign-out, the URL that the browser goes to afterwards."""
    managed: bool
    """Whether the pages are managed login rather than the classic hosted UI."""
    expires: float
    request_id: str = ""
    """SAML: the ID of the request, which the response must repeat in InResponseTo."""
    nonce: str = ""
    """OIDC: the nonce that the ID token must repeat."""
    redirect_uri: str = ""
    """The URL of this pool's domain to which the provider sends its answer."""
