"""A world: all state of one emulator, with its clock, its source of randomness, its outbox and its journal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from cogmock.core import fork
from cogmock.core.clock import Clock
from cogmock.core.cloudwatch import CloudWatch
from cogmock.core.entropy import Entropy
from cogmock.core.feed import Feed
from cogmock.core.homes import Found, Homes
from cogmock.core.journal import Journal
from cogmock.core.keeper import Keeper, KeepingLock
from cogmock.core.keys import STOCK
from cogmock.core.outbox import Outbox
from cogmock.core.throttle import Throttle
from cogmock.settings import Settings
from cogmock.state.account import Account
from cogmock.state.api import GuardedApi
from cogmock.state.client import UserPoolClient
from cogmock.state.domain import Domain
from cogmock.state.entries import Entries
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.region import Region
from cogmock.state.user_pool import UserPool

if TYPE_CHECKING:
    from cogmock.core.documents import Found as FoundDocument
    from cogmock.standin.memory import Memory

ACCOUNT = "123456789012"
REGION = "us-east-1"


class World:
    """Two worlds in one process share nothing except the stock of unused signing keys."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.is_logged = True
        """Whether its calls are in the log."""
        self.renew()
        fork.renewed(self)
        self.feed = Feed()
        """Wakes those who watch what happens here."""
        self.clock = Clock(self.feed)
        self.entropy = Entropy(self.settings.seed)
        self.outbox = Outbox(self.feed)
        self.cloudwatch = CloudWatch()
        if self.settings.smtp_url or self.settings.outbox:
            from cogmock.core import delivery

            self.outbox.sinks += delivery.sinks(self.settings)
        self.compromised: frozenset[str] = frozenset()
        """The passwords of `--compromised`."""
        if self.settings.compromised:
            from cogmock.core import password_list

            self.compromised = password_list.read(self.settings.compromised)
        if self.settings.social:
            from cogmock.standin import hosts

            hosts.check(self.settings.social)
        self.function_targets: dict[str, str] = {}
        """Name → `module:callable` or URL, of the functions that `--lambda` names."""
        if self.settings.lambda_:
            from cogmock.core import function_targets

            self.function_targets = function_targets.parsed(self.settings.lambda_)
        self.callables: dict[str, Callable[[dict[str, Any], Any], Any]] = {}
        """`module:callable` → the callable, of functions that were read anew. Others are imported when invoked."""
        self.journal = Journal(feed=self.feed)
        self.functions: dict[str, Callable[[dict[str, Any], Any], Any]] = {}
        """Name → a Python callable that stands in for a Lambda function."""
        self.throttle = Throttle()
        self.accounts: Entries[Account] = Entries()
        self.documents: Entries[FoundDocument] = Entries()
        """URL → the client metadata document that a fetch of it finds; for tests without a network."""
        self.homes = Homes()
        self._visited: WeakValueDictionary[tuple[str, str], Region] = WeakValueDictionary()
        STOCK.start()

    def renew(self) -> None:
        self.lock: threading.Lock | KeepingLock = threading.Lock()
        self.keeper: Keeper | None = None
        """Keeps the state in a store; None where it lives in memory only."""
        self.outside: set[Any] = set()
        """The calls that have left the lock and have not ended: they may have in hand what they looked up before."""
        self._visits = threading.Lock()

    def account(self, account_id: str = ACCOUNT) -> Account:
        if account_id not in self.accounts:
            self.accounts.setdefault(account_id, Account(id=account_id))  # another thread may be first
        return self.accounts[account_id]

    def region(self, name: str = REGION, account_id: str = ACCOUNT) -> Region:
        """A Region, which is kept from now on."""
        return self._enter(self.visited(name, account_id))

    def visited(self, name: str, account_id: str = ACCOUNT) -> Region:
        """A Region for a call. It is kept once something is in it: anyone may name any number of Regions.

        Calls that visit it at the same time get the same object.
        """
        account = self.accounts.get(account_id)
        found = account.regions.get(name) if account else None
        if found is None:
            with self._visits:
                found = self._visited.get((account_id, name))
                if found is None:
                    found = self._visited[account_id, name] = Region(name=name, account=account_id)
        return found

    def keep(self, region: Region) -> None:
        """Keeps a Region in which a call has put something. Raises NotKept."""
        if not region.kept and not region.is_empty:
            self._enter(region)
        if self.keeper is not None:
            self.keeper.settle(region)

    def _enter(self, region: Region) -> Region:
        region.kept = True
        return self.account(region.account).regions.setdefault(region.name, region)

    def regions(self) -> Iterator[Region]:
        """All Regions that are kept. Iterates over copies, because callers need not hold the lock."""
        for _, account in list(self.accounts.unwatched()):
            yield from [region for _, region in list(account.regions.unwatched())]

    def find_pool(self, pool_id: str) -> tuple[Region, UserPool] | None:
        """Finds a user pool by its id, in any account."""
        return self._find(pool_id, lambda region: region.user_pools.get(pool_id))

    def find_client(self, client_id: str) -> tuple[Region, UserPoolClient] | None:
        """Finds an app client by its id, in any account and Region."""
        return self._find(client_id, lambda region: region.clients.get(client_id))

    def find_identity_pool(self, pool_id: str) -> tuple[Region, IdentityPool] | None:
        """Finds an identity pool by its id, in any account and Region."""
        return self._find(pool_id, lambda region: region.identity_pools.get(pool_id))

    def find_identity(self, identity_id: str) -> tuple[Region, IdentityPool] | None:
        """The identity pool of an identity, in any account and Region."""
        last = self.find_identity_pool(self.homes.pool_of(identity_id))
        if last is not None and identity_id in last[1].identities:
            return last
        for region in self.regions():
            for _, pool in list(region.identity_pools.unwatched()):
                if identity_id in pool.identities:
                    self.homes.remember(pool, identity_id)
                    return self.find_identity_pool(pool.id)
        return None

    def find_api(self, api_id: str) -> GuardedApi | None:
        """Finds a guarded API by its id, in any account and Region."""
        found = self._find(api_id, lambda region: region.apis.get(api_id))
        return found[1] if found else None

    def find_domain(
        self, name: str, belongs: Callable[[Region, Domain], bool]
    ) -> tuple[Region, Domain] | None:
        """Finds a domain by its name, which Regions may share."""

        def of(region: Region) -> Domain | None:
            domain = region.domains.get(name)
            return domain if domain is not None and belongs(region, domain) else None

        return self._find(f"domain {name}", of)

    def _find(self, key: str, of: Callable[[Region], Found | None]) -> tuple[Region, Found] | None:
        return self.homes.find(self.accounts, self.regions(), key, of) if key else None

    def reset(self) -> None:
        """Removes all state. Settings, functions and the clock stay as they are."""
        self.close()
        self.outbox.clear()
        self.cloudwatch.clear()
        self.journal.clear()
        self.entropy = Entropy(self.settings.seed)

    @property
    def stand_ins(self) -> Memory:
        """What the stand-in providers remember. Made when they are first needed."""
        found: Memory | None = vars(self).get("stand_ins")
        if found is not None:
            return found
        from cogmock.standin.memory import Memory

        made: Memory = vars(self).setdefault(
            "stand_ins", Memory()
        )  # at once, though threads may be first together
        return made

    @stand_ins.setter
    def stand_ins(self, memory: Memory) -> None:
        vars(self)["stand_ins"] = memory

    def close(self) -> None:
        """Removes all accounts and returns the keys of all pools to the stock."""
        for account in self.accounts.values():
            for key in account.stand_in_keys.values():
                STOCK.give_back(key)
        for region in self.regions():
            for pool in region.user_pools:
                pool.give_keys_back(STOCK.give_back)
            if region.openid_key is not None:
                STOCK.give_back(region.openid_key)
        self.accounts = Entries()
        self.documents = Entries()
        self.homes.clear()
        vars(self).pop("stand_ins", None)
        self._visited.clear()
