"""One call of an API: its caller, Region and time. It holds the world's lock while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from cogmock.core.journal import Invocation
from cogmock.crypto import jws
from cogmock.state.account import Account
from cogmock.state.region import Region
from cogmock.state.replica import Replica

if TYPE_CHECKING:
    from cogmock.core.world import World


class Call:
    """A context manager that holds the world's lock from enter to exit."""

    __slots__ = (
        "id",
        "local",
        "now",
        "origin",
        "principal",
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
        self.source_ip = source_ip
        self.user_agent = user_agent
        self.principal = principal
        """The access key id that signed the call; None for unsigned calls."""
        self.token: jws.Jwt | None = None
        """The access token in the call's parameters. It is parsed once, both to find the Region and to answer."""
        self.reason: str | None = None
        """Why the call failed, where AWS does not tell the caller. For the log and the control API."""
        self.triggers: list[Invocation] = []
        """The trigger invocations of this call, for the journal."""

    @property
    def account(self) -> Account:
        return self.world.account(self.region.account)

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
        self.world.lock.acquire()
        self.now = self.world.clock.now()
        return self

    def __exit__(self, *_: object) -> None:
        self.world.keep(self.region)
        self.world.lock.release()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Releases the lock while something slow or foreign runs. Look everything up again afterwards.

        Other calls may have changed or deleted it meanwhile.
        """
        self.world.keep(self.region)
        self.world.lock.release()
        try:
            yield
        finally:
            self.world.lock.acquire()
