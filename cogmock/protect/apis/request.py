"""A request at the address of a guarded API, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cogmock.core.world import World
from cogmock.protect.request import Answer, ProxyRequest
from cogmock.state.api import GuardedApi

LARGEST = 10 * 1024 * 1024
"""Bytes of a request's body (API Gateway quotas: payload size)."""
LARGEST_GRAPHQL = 5 * 1024 * 1024
"""The same for AppSync (quotas: payload of an execution)."""


@dataclass(slots=True)
class ApiRequest:
    """`sent` is the request as it was signed; `path` is the part of its path after the address of the API."""

    world: World
    api: GuardedApi
    sent: ProxyRequest
    path: str
    request_id: str
    source_ip: str
    host: str
    secure: bool

    @property
    def now(self) -> float:
        return self.world.clock.now()


@dataclass(slots=True)
class Outcome:
    """What the caller gets, and what journal and log say of it."""

    answer: Answer
    operation: str
    params: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    message: str | None = None
    reason: str | None = None
    username: str = ""


class ApiRefusal(Exception):
    """A request that is not passed on. `kind` is a key of the tables in `refusals`.

    `message` takes the place of the usual one, `reason` is for the log alone, `challenge` for WWW-Authenticate, and
    `username` is whose token it was, where that was seen.
    """

    def __init__(
        self,
        kind: str,
        reason: str | None = None,
        *,
        message: str = "",
        challenge: str = "",
        username: str = "",
    ) -> None:
        super().__init__(reason or message or kind)
        self.kind = kind
        self.reason = reason
        self.message = message
        self.challenge = challenge
        self.username = username
