"""Where ids were found last, so that finding one takes no longer however many accounts, Regions and pools there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from cogmock.state.account import Account
from cogmock.state.entries import Entries
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.region import Region

Found = TypeVar("Found")

MOST = 100_000
"""Ids that are remembered: some 20 MB."""


class Homes:
    """Names of places, not the places themselves: what was deleted there is freed, and a wrong memory does no harm."""

    def __init__(self) -> None:
        self._regions: dict[str, tuple[str, str]] = {}
        """Id → account and Region."""
        self._pools: dict[str, str] = {}
        """Id of an identity → the id of its identity pool."""

    def find(
        self,
        accounts: Entries[Account],
        regions: Iterable[Region],
        key: str,
        of: Callable[[Region], Found | None],
    ) -> tuple[Region, Found] | None:
        """What one of the Regions has under an id. The one where it was last is asked first."""
        account_id, name = self._regions.get(key, ("", ""))
        account = dict.get(accounts, account_id)
        last = dict.get(account.regions, name) if account else None
        found = of(last) if last is not None else None
        if last is not None and found is not None:
            return last, found
        for region in regions:
            found = of(region)
            if found is not None:
                _remember(self._regions, key, (region.account, region.name))
                return region, found
        return None

    def pool_of(self, identity_id: str) -> str:
        """The id of the identity pool in which an identity was last; empty where none is known."""
        return self._pools.get(identity_id, "")

    def remember(self, pool: IdentityPool, identity_id: str) -> None:
        _remember(self._pools, identity_id, pool.id)

    def clear(self) -> None:
        self._regions.clear()
        self._pools.clear()


def _remember(known: dict[str, Found], key: str, found: Found) -> None:
    if len(known) >= MOST:
        known.clear()
    known[key] = found
