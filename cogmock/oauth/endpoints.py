"""Declares endpoints and pages of a pool's domain: path, methods and function."""

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
"""Gets the pool that the request's host, client or token belongs to, or None. Raises OAuthError or PageRefusal.

It is called with the world's lock held."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    answer: Answer
    kind: Literal["oauth", "page"]
    """The kind of its requests in the journal."""
    cross_origin: bool
    """Whether scripts of other origins may call it and read the answer (CORS)."""


def endpoint(path: str, answer: Answer, methods: Sequence[str], *, cross_origin: bool = False) -> Rule:
    """The routing rule of an OAuth endpoint. With GET it accepts HEAD as well."""
    return Rule(path, methods=methods, endpoint=Endpoint(answer, "oauth", cross_origin))
