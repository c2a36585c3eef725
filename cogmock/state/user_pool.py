"""User pools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from operator import attrgetter
from typing import Any

from cogmock.crypto.jws import SigningKey
from cogmock.lazy_dataclass import dataclass
from cogmock.state.browser import AuthorizationCode, BrowserSession, Journey
from cogmock.state.client_metadata import CimdPolicy
from cogmock.state.customization import Customization
from cogmock.state.entries import Entries
from cogmock.state.expiring import Expiring
from cogmock.state.group import Group
from cogmock.state.history import History
from cogmock.state.identity_provider import FederatedRequest, IdentityProvider
from cogmock.state.import_job import ImportJob
from cogmock.state.links import Links
from cogmock.state.managed_branding import ManagedBranding
from cogmock.state.recovery import Recovery
from cogmock.state.replica import Replica
from cogmock.state.resource_server import ResourceServer
from cogmock.state.risk import RiskConfiguration, RiskVerdict
from cogmock.state.session import Challenge
from cogmock.state.shapes import SchemaAttribute, UserPoolSettings
from cogmock.state.table import Table
from cogmock.state.terms import Terms
from cogmock.state.user import Lockout, User
from cogmock.state.user_table import UserTable


@dataclass(slots=True, eq=False, repr=False)
class UserPool:
    """`settings` holds the members of DescribeUserPool: with AWS's defaults, without members that are unset."""

    id: str
    arn: str
    name: str
    settings: UserPoolSettings
    schema: dict[str, SchemaAttribute]
    """Attribute name → its definition in AWS's shape, in AWS's order."""
    created: float
    modified: float
    seal_key: bytes
    """The key that encrypts refresh tokens and challenge sessions."""
    tags: dict[str, str] = field(default_factory=dict)
    users: UserTable = field(default_factory=UserTable)
    groups: Table[Group] = field(default_factory=lambda: Table("name"))
    resource_servers: Table[ResourceServer] = field(default_factory=lambda: Table("identifier"))
    identity_providers: Table[IdentityProvider] = field(default_factory=lambda: Table("name"))
    links: Links = field(default_factory=Links)
    federated_requests: Expiring[FederatedRequest] = field(default_factory=Expiring)
    """State → the sign-in in progress at a provider."""
    used_assertions: Expiring[float] = field(default_factory=lambda: Expiring(float))
    """ID of a SAML assertion → when it expires: each is accepted once."""
    log_configurations: list[dict[str, Any]] = field(default_factory=list)
    """LogConfigurations of SetLogDeliveryConfiguration."""
    risk_configurations: dict[str, RiskConfiguration] = field(default_factory=dict)
    """Client id, or ALL for the pool itself → the settings of threat protection."""
    risk_verdict: RiskVerdict | None = None
    """What a test asked threat protection to decide for all users."""
    risk_verdicts: dict[str, RiskVerdict] = field(default_factory=dict)
    """Sub of a user → the same for that user."""
    import_jobs: Table[ImportJob] = field(default_factory=lambda: Table("id"))
    challenges: Expiring[Challenge] = field(default_factory=Expiring)
    customizations: Entries[Customization] = field(default_factory=Entries)
    """Client id, or ALL → the customization of the classic pages."""
    brandings: Entries[ManagedBranding] = field(default_factory=Entries)
    """Client id → the style of managed login. Managed login has no pages for a client without a style."""
    terms: Table[Terms] = field(default_factory=lambda: Table("id"))
    cimd_policies: Table[CimdPolicy] = field(default_factory=lambda: Table("id"))
    browser_sessions: Expiring[BrowserSession] = field(default_factory=Expiring)
    journeys: Expiring[Journey] = field(default_factory=Expiring)
    authorization_codes: Expiring[AuthorizationCode] = field(default_factory=Expiring)
    unknown_lockouts: Expiring[Lockout] = field(default_factory=lambda: Expiring(attrgetter("last")))
    """Unknown username → its lockout. It is locked like an existing user, so that a lock does not reveal who exists."""
    keys: tuple[SigningKey, SigningKey] | None = None
    """The keys that sign ID tokens and access tokens; generated when first needed."""
    saml_key: SigningKey | None = None
    """The key that signs requests to SAML providers."""
    certificate: bytes | None = None
    """The X.509 certificate of `saml_key`, in DER."""
    simulated: Expiring[float] | None = None
    """Operation and unknown username → when the code that it seemed to get would expire.

    With PreventUserExistenceErrors a code is never sent to an unknown user, but later answers are as if it were.
    """
    history: History = field(default_factory=History)
    """What users and groups were before they changed."""
    recoveries: Table[Recovery] = field(default_factory=lambda: Table("id"))
    replicas: dict[str, Replica] = field(default_factory=dict)
    """Region → the replica there."""
    tracks_sessions: bool = False
    sessions_per_user: int = 20
    number: int = 0

    @property
    def region(self) -> str:
        return self.id.partition("_")[0]

    @property
    def tier(self) -> str:
        """The feature plan: LITE, ESSENTIALS or PLUS."""
        return self.settings.get("UserPoolTier") or "ESSENTIALS"

    @property
    def is_importing(self) -> bool:
        """Whether a user import job runs."""
        return any(job.is_active for job in self.import_jobs)

    def sign_in_name(self, user: User) -> str:
        """What a user signs in with: the username, or in a pool with UsernameAttributes the address."""
        kinds = self.settings.get("UsernameAttributes") or ()
        return next((user.attributes[kind] for kind in kinds if user.attributes.get(kind)), user.name)

    def store_keys(
        self, drawn: tuple[SigningKey, SigningKey], give_back: Callable[[SigningKey], None]
    ) -> tuple[SigningKey, SigningKey]:
        """Stores keys that were generated without the lock, unless another call stored keys meanwhile."""
        if self.keys is not None:
            for key in drawn:
                give_back(key)
            return self.keys
        self.keys = drawn
        return drawn

    def store_certificate(
        self, key: SigningKey, certificate: bytes, give_back: Callable[[SigningKey], None]
    ) -> None:
        """Stores a key and its certificate that were made without the lock, unless another call did meanwhile."""
        if self.certificate is not None:
            give_back(key)
            return
        self.saml_key, self.certificate = key, certificate

    def give_keys_back(self, give_back: Callable[[SigningKey], None]) -> None:
        """Returns all keys to the stock, before the pool is deleted."""
        for key in self.keys or ():
            give_back(key)
        if self.saml_key is not None:
            give_back(self.saml_key)
        self.keys = self.saml_key = self.certificate = None
        for provider in self.identity_providers:
            if provider.encryption_key is not None:
                give_back(provider.encryption_key)
                provider.encryption_key = None
