"""Identity pools and the identities in them."""

from __future__ import annotations

from dataclasses import field

from cogmock.lazy_dataclass import dataclass
from cogmock.state.entries import Entries
from cogmock.state.shapes import IdentityPoolSettings, RoleMapping
from cogmock.state.table import Table


@dataclass(slots=True, eq=False, repr=False)
class Identity:
    """`logins` maps a provider to the user's id there. A disabled identity was merged or has lost its last login."""

    id: str
    created: float
    modified: float
    logins: dict[str, str] = field(default_factory=dict)
    developer_users: list[str] = field(default_factory=list)
    disabled: bool = False
    number: int = 0


@dataclass(slots=True, eq=False, repr=False)
class TagMap:
    """Which claims of a provider's tokens become principal tags: the default map, or `tags` (tag → claim)."""

    use_defaults: bool = False
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False, repr=False)
class IdentityPool:
    """`settings`, `roles` and `role_mappings` are in AWS's shapes, as they were set."""

    id: str
    arn: str
    settings: IdentityPoolSettings
    """The members of CreateIdentityPool without IdentityPoolId and IdentityPoolTags, which are fields here."""
    tags: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    role_mappings: dict[str, RoleMapping] = field(default_factory=dict)
    tag_maps: dict[str, TagMap] = field(default_factory=dict)
    """Provider → its principal tag attribute map."""
    identities: Table[Identity] = field(default_factory=lambda: Table("id"))
    logins: Entries[str] = field(default_factory=Entries)
    """`provider user` → the id of the identity that this login is linked to."""
    number: int = 0
