"""A document that was read: each resource with its parameters in AWS's words, and the node that states it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cogmock.core.world import ACCOUNT, REGION
from cogmock.definitions.nodes import Node
from cogmock.standin.personas import Persona
from cogmock.state.api import GuardedApi

UNSTATED_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
"""AWS wants one for a custom domain, and nothing here looks at it."""


@dataclass(slots=True)
class Resource:
    """Something that one Create operation of AWS makes. `id` is pinned by the document, where it is."""

    node: Node
    params: dict[str, Any]
    id: str | None = None
    client: str | None = None
    """The client that it is about, by id or name: for brandings, terms, risk and classic looks."""


@dataclass(slots=True)
class ClientDefinition(Resource):
    """An app client. `second_secret` is a secret, or True for one that is drawn."""

    second_secret: str | Literal[True] | None = None
    type: str | None = None
    """REGULAR or DCR; None where the document does not state it."""
    sessions: Resource | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A federated identity of a user. `created` is in milliseconds."""

    provider: str
    value: str
    """The subject, or the value of `attribute`."""
    attribute: str
    primary: bool
    issuer: str | None = None
    created: int | None = None


@dataclass(slots=True)
class UserDefinition:
    """A user. `attributes` has texts alone; None for what the document does not state."""

    node: Node
    username: str
    attributes: dict[str, str]
    password: str | None = None
    temporary_password: str | None = None
    confirmed: bool | None = None
    disabled: bool | None = None
    groups: list[str] | None = None
    totp: str | None = None
    mfa: list[str] | None = None
    """The second factors that are on; all others are off."""
    preferred_mfa: str | None = None
    status: str | None = None
    """The status of an exported user, or RESET_REQUIRED for users of a CSV file, who have no password."""
    identities: list[Identity] | None = None
    verifier: bytes | None = None
    """Salt and SRP exponent, by which an exported password is checked."""
    password_hash: str | None = None
    """The hash of a password in another system."""


@dataclass(slots=True)
class PoolDefinition:
    """A user pool and what is in it."""

    node: Node
    account: str
    region: str
    id: str | None
    params: dict[str, Any]
    mfa: Resource | None = None
    sessions: Resource | None = None
    log_delivery: Resource | None = None
    domains: list[Resource] = field(default_factory=list)
    """A prefix domain, a custom domain, or both."""
    clients: list[ClientDefinition] = field(default_factory=list)
    groups: list[Resource] = field(default_factory=list)
    users: list[UserDefinition] = field(default_factory=list)
    resource_servers: list[Resource] = field(default_factory=list)
    identity_providers: list[Resource] = field(default_factory=list)
    branding: list[Resource] = field(default_factory=list)
    ui: list[Resource] = field(default_factory=list)
    terms: list[Resource] = field(default_factory=list)
    risk: list[Resource] = field(default_factory=list)
    cimd_policies: list[Resource] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.params.get("PoolName", ""))


@dataclass(slots=True)
class PrincipalDefinition:
    """A role, user or group of IAM, and its inline policies, name → document as JSON text."""

    node: Node
    account: str
    params: dict[str, Any]
    policies: dict[str, str] = field(default_factory=dict)
    attached: list[Node] = field(default_factory=list)
    """The managed policies that it has, by ARN or name."""
    id: str | None = None
    groups: list[Node] = field(default_factory=list)
    """Of a user: the groups."""


@dataclass(slots=True)
class PolicyDefinition:
    """A managed policy. `versions` maps ids of versions to documents; empty where the document states but one."""

    node: Node
    account: str
    params: dict[str, Any]
    id: str | None = None
    versions: dict[str, str] = field(default_factory=dict)
    default: str = ""


@dataclass(slots=True)
class ProviderDefinition:
    """An OpenID Connect or SAML provider of IAM."""

    node: Node
    account: str
    params: dict[str, Any]
    id: str | None = None


@dataclass(slots=True)
class IamDefinitions:
    """What a document states of IAM, of all accounts."""

    roles: list[PrincipalDefinition] = field(default_factory=list)
    users: list[PrincipalDefinition] = field(default_factory=list)
    groups: list[PrincipalDefinition] = field(default_factory=list)
    policies: list[PolicyDefinition] = field(default_factory=list)
    oidc_providers: list[ProviderDefinition] = field(default_factory=list)
    saml_providers: list[ProviderDefinition] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OutboundDefinition:
    """Outbound identity federation of an account. `id` names the account in the issuer's URL."""

    node: Node
    account: str
    id: str | None
    enabled: bool


@dataclass(frozen=True, slots=True)
class LimitDefinition:
    """The provisioned limit of a category of operations, in requests a second."""

    node: Node
    account: str
    region: str
    category: str
    value: int


@dataclass(slots=True)
class IdentityPoolDefinition:
    """An identity pool. Values of `roles` are ARNs, or policy documents of roles that are to be made."""

    node: Node
    account: str
    region: str
    id: str | None
    params: dict[str, Any]
    clients: list[Node] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    role_mappings: dict[str, Any] | None = None
    principal_tags: dict[str, Any] | None = None


@dataclass(slots=True)
class ApiDefinition:
    """A guarded API. `issuer_pool` is the id of its user pool, or the name."""

    node: Node
    api: GuardedApi
    issuer_pool: str | None = None


@dataclass(slots=True)
class FunctionDefinition:
    """`target` is module:callable, or a URL."""

    node: Node
    target: str


@dataclass(slots=True)
class Definitions:
    """All that a document states."""

    root: Node
    pools: list[PoolDefinition] = field(default_factory=list)
    identity_pools: list[IdentityPoolDefinition] = field(default_factory=list)
    iam: IamDefinitions = field(default_factory=IamDefinitions)
    outbound: list[OutboundDefinition] = field(default_factory=list)
    limits: list[LimitDefinition] = field(default_factory=list)
    apis: list[ApiDefinition] = field(default_factory=list)
    functions: dict[str, FunctionDefinition] = field(default_factory=dict)
    personas: tuple[Persona, ...] | None = None
    """The users that the stand-in providers offer; None where the document states none."""
    folder: Path | None = None
    """Where the files and modules of the document are."""

    def region_of(self, account: str) -> str:
        """A Region of the partition in which an account is: that of its pools. An account is in one partition."""
        places = [(pool.account, pool.region) for pool in self.identity_pools]
        places += [(pool.account, pool.region) for pool in self.pools]
        return next((region for owner, region in places if owner == account), REGION)

    def blocks(self) -> Iterator[tuple[str, Node]]:
        """Each account that the document speaks of, with its block."""
        yield ACCOUNT, self.root
        accounts = self.root.mapping.get("accounts")
        yield from accounts.mapping.items() if accounts else ()
