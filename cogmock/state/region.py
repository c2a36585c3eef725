"""One Region of one account, with its pools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from cogmock.crypto.jws import SigningKey
from cogmock.lazy_dataclass import dataclass
from cogmock.state.api import GuardedApi
from cogmock.state.client import UserPoolClient
from cogmock.state.domain import Domain
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.stack import Stack
from cogmock.state.table import Table
from cogmock.state.user_pool import UserPool


@dataclass(slots=True, eq=False, repr=False, weakref_slot=True)
class Region:
    name: str
    account: str
    kept: bool = False
    """Whether it is stored in its account. A Region that was only read from, and is empty, is not."""
    user_pools: Table[UserPool] = field(default_factory=lambda: Table("id"))
    clients: Table[UserPoolClient] = field(default_factory=lambda: Table("id", groups=("pool_id",)))
    domains: Table[Domain] = field(default_factory=lambda: Table("name", groups=("pool_id",)))
    identity_pools: Table[IdentityPool] = field(default_factory=lambda: Table("id"))
    apis: Table[GuardedApi] = field(default_factory=lambda: Table("id"))
    limits: dict[str, int] = field(default_factory=dict)
    """Category of API operations → the provisioned limit, in requests a second."""
    stacks: dict[str, Stack] = field(default_factory=dict)
    """Stacks that were imported from templates, by name."""
    openid_key: SigningKey | None = None
    """The key that signs the tokens of identity pools; generated when first needed."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is stored here. Clients belong to pools; domains may belong to a replica."""
        pools = (self.user_pools, self.identity_pools, self.domains)
        return not any((*pools, self.apis, self.limits, self.stacks, self.openid_key))

    def store_openid_key(self, drawn: SigningKey, give_back: Callable[[SigningKey], None]) -> SigningKey:
        """Stores a key that was generated without the lock, unless another call stored one meanwhile."""
        if self.openid_key is not None:
            give_back(drawn)
            return self.openid_key
        self.openid_key = drawn
        return drawn
