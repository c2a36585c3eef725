"""The look of a client's pages: a managed login style, or the customization of the classic hosted UI."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import NamedTuple

from cogmock.core.call import Call
from cogmock.hosted_ui import fields
from cogmock.hosted_ui.managed_look import Style
from cogmock.oauth import clients
from cogmock.oauth.requests import DomainRequest
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.proofs import passwords

ALL = "ALL"


class Rule(NamedTuple):
    """A rule for passwords: its name on the page, the regular expression that it must match, and its text."""

    name: str
    pattern: str
    words: str


RULES = {
    "lowercase": ("lowerletter", "Password must contain a lower case letter"),
    "uppercase": ("upperletter", "Password must contain an upper case letter"),
    "numbers": ("numbers", "Password must contain a number"),
    "symbols": ("symbols", "Password must contain a special character or a space"),
}
"""Requirement of the password policy → the name and the text of its rule."""


@dataclass(slots=True, frozen=True)
class Classic:
    """The look of the classic hosted UI."""

    css: str = ""
    logo: str = ""
    rules: tuple[Rule, ...] = ()
    """The rules of the pool's password policy."""


def for_request(call: Call, request: DomainRequest) -> Style | Classic:
    """The look of the client in the query; the default look if there is no such client."""
    client = _client(call, request)
    pool = call.region.user_pools.get(client.pool_id) if client else None
    if request.managed:
        return Style(pool.brandings.get(client.id) if pool and client else None)
    return _classic(pool, client) if pool and client else Classic()


def is_missing(call: Call, pool: UserPool, request: DomainRequest) -> bool:
    """Whether managed login has no pages for the client, because it has no style.

    No style is needed in a pool without a domain, which has no pages on AWS, and for clients of dynamic registration.
    """
    client = _client(call, request)
    if not request.managed or client is None or client.pool_id != pool.id:
        return False
    if client.type == "DCR":
        return False
    return client.id not in pool.brandings and call.local.domains.count("pool_id", pool.id) > 0


def _client(call: Call, request: DomainRequest) -> UserPoolClient | None:
    return clients.registered(call, request)


def _classic(pool: UserPool, client: UserPoolClient) -> Classic:
    """The client's own customization, or else that of ALL. They are not merged."""
    made = pool.customizations.get(client.id) or pool.customizations.get(ALL)
    if made is None:
        return Classic(rules=_rules(pool))
    kind = "png" if (made.image or b"").startswith(b"\x89PNG") else "jpeg"
    logo = f"data:image/{kind};base64,{base64.b64encode(made.image).decode()}" if made.image else ""
    return Classic(made.css or "", logo, _rules(pool))


def _rules(pool: UserPool) -> tuple[Rule, ...]:
    """The rules in the order of AWS's page: length, lower case, upper case, numbers, symbols."""
    demands = {demand.name: demand for demand in passwords.demands(pool)}
    least = demands["length"].number
    length = Rule(
        "length", fields.pattern(demands["length"]), f"Password must contain at least {least} characters"
    )
    return (
        length,
        *(
            Rule(name, fields.pattern(demands[key]), words)
            for key, (name, words) in RULES.items()
            if key in demands
        ),
    )
