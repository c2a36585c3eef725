"""One call of an API: its caller, Region and time. It holds the world's lock while it runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from cogmock import blocking
from cogmock.core.journal import Invocation
from cogmock.core.keeper import Keeper
from cogmock.crypto import jws
from cogmock.state.account import Account
from cogmock.state.region import Region
from cogmock.state.replica import Replica

if TYPE_CHECKING:
    from cogmock.core.world import World

MOMENT = 0.0005
"""Seconds for which a long call releases the lock. A thread that waits for it takes a tenth of that to wake up."""


class Call:
    """A context manager that holds the world's lock from enter to exit. What it changed is stored before that ends.

    Entering, leaving and `outside` raise NotKept where state is kept in a store that fails.
    """

    __slots__ = (
        "id",
        "is_own",
        "local",
        "now",
        "origin",
        "principal",
        "reads",
        "reason",
        "region",
        "replica",
        "source_ip",
        "token",
        "triggers",
        "user_agent",
        "world",
    )

    def __init__(
        self,
        world: World,
        region: Region,
        request_id: str,
        *,
        origin: str = "",
        source_ip: str = "127.0.0.1",
        user_agent: str = "",
        principal: str | None = None,
    ) -> None:
        self.world = world
        self.region = region
        """The Region that has what the call is about."""
        self.local = region
        """The Region in which the call was made. It is another one for a call to a replica of a user pool."""
        self.replica: Replica | None = None
        """The replica that the call was made to."""
        self.id = request_id
        self.now = 0.0
        self.origin = origin
        """Scheme and host of the URL that the caller used."""
        self.is_own = False
        """Whether the server asks itself, as the console does. The rates of `throttle` do not count such a call."""
        self.source_ip = source_ip
        self.user_agent = user_agent
        self.principal = principal
        """The access key id that signed the call; None for unsigned calls."""
        self.token: jws.Jwt | None = None
        """The access token in the call's parameters. It is parsed once, both to find the Region and to answer."""
        self.reason: str | None = None
        """Why the call failed, where AWS does not tell the caller. For the log and the control API."""
        self.reads = False
        """Whether its operation changes nothing, so that nothing has to be stored after it."""
        self.triggers: list[Invocation] = []
        """The trigger invocations of this call, for the journal."""

    @property
    def account(self) -> Account:
        return self.world.account(self.region.account)

    @property
    def is_throttled(self) -> bool:
        """Whether AWS's rates hold for it."""
        return self.world.settings.throttle and bool(self.origin) and not self.is_own

    def parsed(self, token: str) -> jws.Jwt:
        """A parsed token, reusing `self.token` where it is the same one. Raises InvalidToken."""
        return self.token if self.token and self.token.text == token else jws.peek(token)

    def elsewhere(self, found: tuple[Region, object] | None) -> str | None:
        """The reason for "does not exist" where the thing exists in another account or Region than the call's."""
        if found is None:
            return None
        there, here = found[0], self.region
        return (
            f"it is in account {there.account}, Region {there.name}; the call went to account {here.account}, Region "
            f"{here.name} (an access key id of 12 digits names the account)"
        )

    def __enter__(self) -> Self:
        world = self.world
        world.lock.acquire()
        if world.keeper is not None:
            self._enter_keeper(world.keeper)
        self.now = world.clock.now()
        return self

    def __exit__(self, *_: object) -> None:
        world = self.world
        try:
            if self.reads and world.keeper is not None:
                world.keeper.forget()
            else:
                world.keep(self.region)
        finally:
            world.outside.discard(self)
            world.lock.release()

    def _enter_keeper(self, keeper: Keeper) -> None:
        try:
            keeper.enter()
        except BaseException:
            self.world.lock.release()
            raise

    @contextmanager
    def outside(self, *, is_computation: bool = False) -> Iterator[None]:
        """Releases the lock while something slow or foreign runs. Look everything up again afterwards.

        Other calls may have changed or deleted it meanwhile. `is_computation`: see `blocking.tell`.
        """
        world, keeper = self.world, self.world.keeper
        seen = keeper.seen() if keeper is not None else None
        world.keep(self.region)
        world.outside.add(self)
        world.lock.release()
        computing = blocking.tell(is_computation=is_computation)
        try:
            yield
        finally:
            if computing is not None:
                computing.leave_computation()
            world.lock.acquire()
            if keeper is not None:
                keeper.enter(seen)

    def give_way(self) -> None:
        """Lets other calls run, between the portions of a call that takes long. Look everything up again afterwards."""
        with self.outside():
            time.sleep(MOMENT)
