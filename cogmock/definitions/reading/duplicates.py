"""The same thing stated twice in a document. The later block would silently change what the former one states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cogmock.definitions.definition import Definitions, IamDefinitions, PoolDefinition
from cogmock.definitions.faults import Fault
from cogmock.definitions.nodes import Node

Stated = tuple[str | None, str, Node]
"""Id where it is stated, name, and the block."""


def check(found: Definitions) -> Iterator[Fault]:
    """A fault at the second block of each two that mean one thing."""
    yield from _once(_ids(found), "the id", "id")
    yield from _names_of_pools(found)
    for pool in found.pools:
        yield from _ambiguous(
            ((client.id, _name(client.params, "ClientName"), client.node) for client in pool.clients),
            "ClientName",
        )
        yield from _parts(pool)
    yield from _of_iam(found.iam)


def _of_iam(found: IamDefinitions) -> Iterator[Fault]:
    """IAM compares names without regard to case."""
    for resources, key, what in (
        (found.roles, "RoleName", "the role"),
        (found.users, "UserName", "the IAM user"),
        (found.groups, "GroupName", "the IAM group"),
        (found.policies, "PolicyName", "the managed policy"),
        (found.oidc_providers, "Url", "the OpenID Connect provider"),
        (found.saml_providers, "Name", "the SAML provider"),
    ):
        named = (((one.account, _name(one.params, key).lower()), one.node) for one in resources)
        yield from _once(named, what, key)
        pinned = ((one.id, one.node) for one in resources if one.id)
        yield from _once(pinned, "the id", "id")


def _ids(found: Definitions) -> Iterator[tuple[str, Node]]:
    for pool in found.pools:
        if pool.id:
            yield pool.id, pool.node
        yield from ((client.id, client.node) for client in pool.clients if client.id)
    yield from ((pool.id, pool.node) for pool in found.identity_pools if pool.id)
    yield from ((stated.api.id, stated.node) for stated in found.apis)


def _names_of_pools(found: Definitions) -> Iterator[Fault]:
    places = {(pool.account, pool.region) for pool in found.pools}
    places |= {(pool.account, pool.region) for pool in found.identity_pools}
    for account, region in sorted(places):
        here = [pool for pool in found.pools if (pool.account, pool.region) == (account, region)]
        yield from _ambiguous(((pool.id, pool.name, pool.node) for pool in here), "PoolName")
        others = [pool for pool in found.identity_pools if (pool.account, pool.region) == (account, region)]
        named = ((pool.id, _name(pool.params, "IdentityPoolName"), pool.node) for pool in others)
        yield from _ambiguous(named, "IdentityPoolName")


def _parts(pool: PoolDefinition) -> Iterator[Fault]:
    """Faults of what must have a name of its own in its pool: groups, providers, users and so on.

    Users of a CSV file are left out: an import by AWS skips a user who is there already.
    """
    for resources, key, what in (
        (pool.groups, "GroupName", "the group"),
        (pool.resource_servers, "Identifier", "the resource server"),
        (pool.identity_providers, "ProviderName", "the identity provider"),
        (pool.cimd_policies, "PolicyName", "the CIMD policy"),
    ):
        yield from _once(((_name(one.params, key), one.node) for one in resources), what, key)
    users = ((user.username, user.node) for user in pool.users if user.node.value is not None)
    yield from _once(users, "the user", "Username")


def _name(params: dict[str, object], key: str) -> str:
    return str(params.get(key) or "")


def _once(stated: Iterable[tuple[object, Node]], what: str, key: str) -> Iterator[Fault]:
    """`what` names the kind of thing in the message; `key` is where it is stated."""
    seen: dict[object, Node] = {}
    for identity, node in stated:
        first = seen.setdefault(identity, node)
        name = identity[-1] if isinstance(identity, tuple) else identity
        if name and first is not node:
            stated_name = node.mapping.get(key)
            shown = (stated_name.text if stated_name else None) or name
            yield node.fault(f"{what} {shown} is taken by {first.path}", key)


def _ambiguous(stated: Iterable[Stated], key: str) -> Iterator[Fault]:
    """AWS lets several have one name; in a document their ids tell them apart."""
    seen: dict[str, tuple[str | None, Node]] = {}
    for pinned, name, node in stated:
        first_id, first = seen.setdefault(name, (pinned, node))
        if name and first is not node and not (pinned and first_id):
            yield node.fault(f"the name {name} is taken by {first.path}; to have both, give each an id", key)
