"""How an endpoint or a page of a pool's domain is declared: its path, its methods, its function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from cogmock.core.call import Call
from cogmock.oauth.requests import DomainRequest
from cogmock.state.user_pool import UserPool

Answer = Callable[[Call, UserPool | None, DomainRequest], Response]
"""Gets the pool that the request's host, client or token means; None where there is none.
Raises OAuthError or PageRefusal. It holds the world's lock."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    answer: Answer
    kind: Literal["oauth", "page"]
    """How the journal lists its requests."""
    cross_origin: bool
    """Whether pages of other origins may call it and read the answer."""


def endpoint(path: str, answer: Answer, methods: Sequence[str], *, cross_origin: bool = False) -> Rule:
    """The rule of an OAuth endpoint. HEAD goes where GET goes."""
    return Rule(path, methods=methods, endpoint=Endpoint(answer, "oauth", cross_origin))
