"""One call: who asks, where, when, and the world's lock while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from cogmock.core.journal import Invocation
from cogmock.crypto import jws
from cogmock.state.account import Account
from cogmock.state.region import Region

if TYPE_CHECKING:
    from cogmock.core.world import World


class Call:
    """Used as a context manager: it holds the world's lock from its start to its end."""

    __slots__ = (
        "id",
        "now",
        "origin",
        "principal",
        "reason",
        "region",
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
        self.id = request_id
        self.now = 0.0
        self.origin = origin
        """Scheme and host that the caller used."""
        self.source_ip = source_ip
        self.user_agent = user_agent
        self.principal = principal
        """The access key id that signed the call, if one did."""
        self.token: jws.Jwt | None = None
        """The access token in the call's parameters: taken apart once, to place the call and to answer it."""
        self.reason: str | None = None
        """Why a call failed, where AWS hides it from the caller. For the log alone."""
        self.triggers: list[Invocation] = []
        """The trigger invocations of this call, for the journal."""

    @property
    def account(self) -> Account:
        return self.world.account(self.region.account)

    def parsed(self, token: str) -> jws.Jwt:
        """A token taken apart, if that was not done to place the call. Raises InvalidToken."""
        return self.token if self.token and self.token.text == token else jws.peek(token)

    def __enter__(self) -> Self:
        self.world.lock.acquire()
        self.now = self.world.clock.now()
        return self

    def __exit__(self, *_: object) -> None:
        self.world.keep(self.region)
        self.world.lock.release()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Gives the lock away while something slow or foreign runs. Look things up again afterwards."""
        self.world.keep(self.region)
        self.world.lock.release()
        try:
            yield
        finally:
            self.world.lock.acquire()
