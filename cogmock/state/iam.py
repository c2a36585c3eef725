"""IAM of an account: roles, users, groups, policies and identity providers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

from cogmock.crypto.jws import SigningKey
from cogmock.lazy_dataclass import dataclass
from cogmock.state.delegation import DelegationRequest
from cogmock.state.table import Row, Table


class NameTable(Table[Row]):
    """A table whose keys are compared without regard to case, as names of IAM are."""

    __slots__ = ()

    def fold(self, key: str) -> str:
        return key.lower()


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class Principal:
    """The fields that roles, users and groups have in common, among them their policies."""

    name: str
    id: str
    arn: str
    path: str
    created: float
    policies: dict[str, str] = field(default_factory=dict)
    """Name → document of each inline policy, as text."""
    attached: dict[str, None] = field(default_factory=dict)
    """The ARNs of the managed policies, in the order they were attached."""
    number: int = 0


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class Role(Principal):
    trust_policy: str
    description: str | None = None
    max_session_duration: int = 3600
    max_signin_session_duration: int | None = None
    """Seconds of a sign-in session at AWS's console, which is not here; None where it is not set."""
    permissions_boundary: str | None = None
    """The ARN of a managed policy."""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class User(Principal):
    """Only what policy simulation needs: a user here has no access keys and no password."""

    permissions_boundary: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class Group(Principal):
    members: dict[str, None] = field(default_factory=dict)
    """The names of its users, in the order in which they were added."""


@dataclass(slots=True, eq=False, repr=False)
class PolicyVersion:
    id: str
    document: str
    created: float


@dataclass(slots=True, eq=False, repr=False)
class ManagedPolicy:
    name: str
    id: str
    arn: str
    path: str
    created: float
    updated: float
    versions: dict[str, PolicyVersion]
    """Version id (v1, v2 ...) → the version, oldest first."""
    default: str = "v1"
    last_version: int = 1
    """The number of the newest version. Numbers of deleted versions are not reused."""
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    number: int = 0

    @property
    def document(self) -> str:
        """The text of the default version, which is the one that takes effect."""
        return self.versions[self.default].document


@dataclass(slots=True, eq=False, repr=False)
class OidcProvider:
    """`url` is without scheme, as trust policies name the provider."""

    url: str
    arn: str
    created: float
    client_ids: dict[str, None]
    thumbprints: list[str]
    tags: dict[str, str] = field(default_factory=dict)
    context_provider: dict[str, Any] | None = None
    """ContextProvider in AWS's shape: what becomes part of sessions for trusted identity propagation."""
    identity_center: str | None = None
    """The ARN of an IAM Identity Center instance."""
    number: int = 0


@dataclass(slots=True, eq=False, repr=False)
class SamlProvider:
    name: str
    arn: str
    uuid: str
    metadata: str
    created: float
    valid_until: float
    tags: dict[str, str] = field(default_factory=dict)
    context_provider: dict[str, Any] | None = None
    """ContextProvider in AWS's shape: what becomes part of sessions for trusted identity propagation."""
    identity_center: str | None = None
    """The ARN of an IAM Identity Center instance."""
    number: int = 0


@dataclass(slots=True, eq=False, repr=False)
class Outbound:
    """Outbound identity federation: the issuer of the account's tokens for services outside AWS."""

    enabled: bool = False
    id: str = ""
    """The part of the issuer's URL that names the account; empty until the feature is first enabled."""
    rsa_key: SigningKey | None = None
    ec_key: bytes = b""
    """The signing keys, generated when first needed. `ec_key` is a private key in PKCS 8, DER."""

    def store_keys(
        self, rsa_key: SigningKey, ec_key: bytes, give_back: Callable[[SigningKey], None]
    ) -> tuple[SigningKey, bytes]:
        """Stores keys that were generated without the lock, unless another call stored keys meanwhile."""
        if self.rsa_key is not None:
            give_back(rsa_key)
            return self.rsa_key, self.ec_key
        self.rsa_key, self.ec_key = rsa_key, ec_key
        return rsa_key, ec_key


@dataclass(slots=True, eq=False, repr=False)
class Iam:
    roles: NameTable[Role] = field(default_factory=lambda: NameTable("name"))
    users: NameTable[User] = field(default_factory=lambda: NameTable("name"))
    groups: NameTable[Group] = field(default_factory=lambda: NameTable("name"))
    policies: Table[ManagedPolicy] = field(default_factory=lambda: Table("arn"))
    """The account's own managed policies. AWS managed policies are in `cogmock.iam.managed`."""
    oidc_providers: Table[OidcProvider] = field(default_factory=lambda: Table("arn"))
    saml_providers: Table[SamlProvider] = field(default_factory=lambda: Table("arn"))
    delegations: Table[DelegationRequest] = field(default_factory=lambda: Table("id"))
    """The requests that this account made to others."""
    outbound: Outbound = field(default_factory=Outbound)

    def principals(self) -> list[Principal]:
        return [*self.roles, *self.users, *self.groups]
