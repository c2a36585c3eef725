"""What an import is about to apply: blocks of a document, and what the caller is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.importing.trees import grown
from cogmock.definitions.nodes import Node

PHASES = 3


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in the file that was not imported, or only in part."""

    logical_id: str
    type: str
    reason: str

    def as_json(self) -> dict[str, str]:
        return {"logical_id": self.logical_id, "type": self.type, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an import may know of the server: answers about what is there, and a source of ids."""

    text: Callable[[int, str], str]
    """Random characters: how many, of which alphabet."""
    uuid: Callable[[], str]
    pool_name: Callable[[str], str | None]
    """The name of a user pool by its id."""
    client_secret: Callable[[str], str | None]
    identity_pool_name: Callable[[str], str | None]
    has_policy: Callable[[str], bool]
    """Whether there is a managed policy with this ARN."""
    has_user: Callable[[str, str], bool]
    """Whether a user pool, by its id, has a user of this name."""
    pools_in_all: Callable[[], list[str]]
    """The ids of all user pools."""
    environ: Mapping[str, str]
    """Environment variables that a file may name; those of the caller."""


@dataclass(slots=True)
class Draft:
    """A document that is being made. `resources` and `outputs` are for the caller, by the names that the file has."""

    around: Surroundings
    faults: list[Fault] = field(default_factory=list)
    resources: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    pools: dict[str, Node] = field(default_factory=dict)
    identity_pools: dict[str, Node] = field(default_factory=dict)
    roles: dict[str, Node] = field(default_factory=dict)
    iam_users: dict[str, Node] = field(default_factory=dict)
    iam_groups: dict[str, Node] = field(default_factory=dict)
    iam_policies: dict[str, Node] = field(default_factory=dict)
    """Name of a managed policy of the file → its block."""
    oidc_providers: dict[str, Node] = field(default_factory=dict)
    saml_providers: dict[str, Node] = field(default_factory=dict)
    writers: list[Callable[[int], None]] = field(default_factory=list)
    """What writes blocks, called for each phase: a block may be written into one that another stack has."""

    def write(self) -> None:
        """Writes all blocks: pools first, then what is in them, then what names that."""
        for phase in range(PHASES):
            for writer in self.writers:
                writer(phase)

    def document(self) -> Node:
        """The tree of the document. Raises InvalidConfig where there were faults."""
        if self.faults:
            raise InvalidConfig(self.faults)
        blocks = {
            "oidc_providers": self.oidc_providers,
            "saml_providers": self.saml_providers,
            "iam_policies": self.iam_policies,
            "iam_groups": self.iam_groups,
            "iam_users": self.iam_users,
            "roles": self.roles,
            "pools": self.pools,
            "identity_pools": self.identity_pools,
        }
        root = Node({}, "", 1)
        root.value = {key: Node([*of.values()], key, 1) for key, of in blocks.items() if of}
        return root

    def skip(self, logical_id: str, kind: str, reason: str) -> None:
        self.skipped.append(Skipped(logical_id, kind, reason))

    def pool(self, pool_id: str | None, at: Node) -> Node | None:
        """The block of a user pool, which the file states or which is there already; else a fault at `at`."""
        return self._block(self.pools, pool_id, at, "PoolName", self.around.pool_name, "user pool")

    def identity_pool(self, pool_id: str | None, at: Node) -> Node | None:
        """The block of an identity pool, as `pool`."""
        known = self.around.identity_pool_name
        return self._block(self.identity_pools, pool_id, at, "IdentityPoolName", known, "identity pool")

    def _block(
        self,
        blocks: dict[str, Node],
        pool_id: str | None,
        at: Node,
        key: str,
        known: Callable[[str], str | None],
        what: str,
    ) -> Node | None:
        if pool_id in blocks:
            return blocks[pool_id]
        name = known(pool_id) if pool_id else None
        if not pool_id or name is None:
            self.faults.append(at.fault(f"there is no {what} {pool_id or ''}".rstrip()))
            return None
        return blocks.setdefault(pool_id, grown({"id": pool_id, key: name}, at))


def add(block: Node, key: str, entry: Node) -> None:
    """Appends to a list of a block, which is made where it is missing."""
    listed = block.mapping.setdefault(key, Node([], block.path, entry.line))
    listed.items.append(entry)


def put(block: Node, key: str, name: str, entry: Node) -> None:
    """Sets a member of a mapping of a block, which is made where it is missing."""
    block.mapping.setdefault(key, Node({}, block.path, entry.line)).mapping[name] = entry
