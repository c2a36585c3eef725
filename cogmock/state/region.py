"""One Region of one account. A pool is nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field

from cogmock.state.client import UserPoolClient
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.table import Table
from cogmock.state.user_pool import UserPool


@dataclass(slots=True, eq=False, repr=False)
class Region:
    name: str
    account: str
    user_pools: Table[UserPool] = field(default_factory=lambda: Table("id"))
    clients: Table[UserPoolClient] = field(default_factory=lambda: Table("id", groups=("pool_id",)))
    identity_pools: Table[IdentityPool] = field(default_factory=lambda: Table("id"))
    limits: dict[str, int] = field(default_factory=dict)
    """Category of operations → the requests a second that were provisioned."""
