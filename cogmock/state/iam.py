"""IAM of an account: roles, users, groups, policies and identity providers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cogmock.crypto.jws import SigningKey
from cogmock.state.table import Row, Table


class Names(Table[Row]):
    """IAM's names are unique without regard to case."""

    __slots__ = ()

    def fold(self, key: str) -> str:
        return key.lower()


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class Principal:
    """What roles, users and groups have in common: each can have policies."""

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
    """By their ids, v1 and so on, the oldest first."""
    default: str = "v1"
    last_version: int = 1
    """Numbers of versions are never used again."""
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    number: int = 0

    @property
    def document(self) -> str:
        """The text that counts."""
        return self.versions[self.default].document


@dataclass(slots=True, eq=False, repr=False)
class OidcProvider:
    """`url` has no scheme: so tokens and trust policies name it."""

    url: str
    arn: str
    created: float
    client_ids: dict[str, None]
    thumbprints: list[str]
    tags: dict[str, str] = field(default_factory=dict)
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
    number: int = 0


@dataclass(slots=True, eq=False, repr=False)
class Outbound:
    """Outbound identity federation: the issuer of the account's tokens for services outside AWS."""

    enabled: bool = False
    id: str = ""
    """Names the issuer; empty until the feature is enabled for the first time."""
    rsa_key: SigningKey | None = None
    ec_key: bytes = b""
    """The keys, drawn when they are first needed. `ec_key` is PKCS 8."""

    def settle_keys(
        self, rsa_key: SigningKey, ec_key: bytes, give_back: Callable[[SigningKey], None]
    ) -> tuple[SigningKey, bytes]:
        """Takes keys that were drawn without the lock, unless another call was faster."""
        if self.rsa_key is not None:
            give_back(rsa_key)
            return self.rsa_key, self.ec_key
        self.rsa_key, self.ec_key = rsa_key, ec_key
        return rsa_key, ec_key


@dataclass(slots=True, eq=False, repr=False)
class Iam:
    roles: Names[Role] = field(default_factory=lambda: Names("name"))
    users: Names[User] = field(default_factory=lambda: Names("name"))
    groups: Names[Group] = field(default_factory=lambda: Names("name"))
    policies: Table[ManagedPolicy] = field(default_factory=lambda: Table("arn"))
    """The account's own. Those of AWS are in iam.managed."""
    oidc_providers: Table[OidcProvider] = field(default_factory=lambda: Table("arn"))
    saml_providers: Table[SamlProvider] = field(default_factory=lambda: Table("arn"))

    outbound: Outbound = field(default_factory=Outbound)

    def principals(self) -> list[Principal]:
        return [*self.roles, *self.users, *self.groups]
