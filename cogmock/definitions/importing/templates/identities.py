"""Physical ids and attributes of a stack's resources. They are settled before anything is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cogmock.core.entropy import LOWER
from cogmock.definitions.importing.draft import Surroundings
from cogmock.definitions.importing.templates import functions, kinds
from cogmock.definitions.importing.templates.kinds import KINDS, Kind
from cogmock.definitions.importing.templates.scope import Scope, Unresolved
from cogmock.definitions.importing.trees import grown, member, text_of
from cogmock.definitions.nodes import Node
from cogmock.wire import arns

PINNED = (kinds.POOL, kinds.CLIENT, kinds.IDENTITY_POOL)
"""Types whose physical id is the id that an export noted; others are known by a name."""
TAGS = {kinds.POOL: "UserPoolTags", kinds.IDENTITY_POOL: "IdentityPoolTags"}


@dataclass(slots=True)
class Identities:
    """`before` has the physical ids that the stack had the last time, by logical id."""

    scope: Scope
    around: Surroundings
    before: Mapping[str, str]
    nested: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """Logical id of a nested stack → its outputs."""
    names: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    """Logical id of a client → its secret, where the template reads it."""
    _open: set[str] = field(default_factory=set)

    def type_of(self, logical: str) -> str:
        return text_of(self.scope.resources[logical].mapping.get("Type")) or ""

    def physical(self, logical: str) -> str:
        """What Ref gives."""
        kind = KINDS.get(self.type_of(logical), Kind())
        return self._formed(kind.ref, kind, logical)

    def name(self, logical: str) -> str:
        """The id or name of a resource: pinned by the template, else as before, else new."""
        if logical not in self.names:
            if logical in self._open:  # a circle, which is a fault of its own
                return logical
            self._open.add(logical)
            try:
                self.names[logical] = self._stated(logical) or self.before.get(logical) or self._new(logical)
            finally:
                self._open.discard(logical)
        return self.names[logical]

    def arn(self, logical: str) -> str:
        kind = KINDS.get(self.type_of(logical), Kind())
        return self._formed("{arn}", kind, logical)

    def attribute(self, logical: str, name: str, at: Node) -> Node:
        """What Fn::GetAtt gives. Attributes of what cogmock does not make are placeholders."""
        return grown(self._attribute(logical, name, at), at)

    def _attribute(self, logical: str, name: str, at: Node) -> str:
        kind = self.type_of(logical)
        if kind == kinds.STACK:
            return self._output(logical, name, at)
        if (kind, name) in ATTRIBUTES:
            return ATTRIBUTES[kind, name](self, logical)
        if name.endswith("Arn"):
            return self.arn(logical)
        return self.name(logical) if name == "Id" else f"{self.name(logical)}.{name}"

    def shown_name(self, logical: str) -> str:
        """The name of a pool or client; one that has none gets, as at AWS, its logical id and a suffix."""
        key = {
            kinds.POOL: "UserPoolName",
            kinds.CLIENT: "ClientName",
            kinds.IDENTITY_POOL: "IdentityPoolName",
        }
        stated = self._property(logical, key[self.type_of(logical)])
        suffix = self.name(logical).rpartition("_")[2].rpartition(":")[2][:12]
        return stated or f"{logical}-{suffix}"

    def secret(self, logical: str) -> str:
        """The secret of a client, which is kept where the client is there already."""
        if logical not in self.secrets:
            noted = text_of(self.noted(logical).get("ClientSecret"))
            held = noted or self.around.client_secret(self.name(logical))
            self.secrets[logical] = held or self.around.text(51, LOWER)
        return self.secrets[logical]

    def provider(self, logical: str) -> str:
        return f"{arns.host('cognito-idp', self.scope.place.region)}/{self.name(logical)}"

    def _output(self, logical: str, name: str, at: Node) -> str:
        outputs = self.nested.get(logical, {})
        output = name.removeprefix("Outputs.")
        if logical in self.nested and output not in outputs:
            self.scope.fail(at, f"the nested stack {logical} has no output {output}")
        return outputs.get(output) or f"{logical}.{output}"

    def noted(self, logical: str) -> dict[str, Node]:
        """What an export noted in the metadata of a resource, which CloudFormation has no property for."""
        found = member(self.scope.resources[logical], "Metadata", "cogmock")
        return found.mapping if found else {}

    def _stated(self, logical: str) -> str | None:
        """The name that the template itself gives, or the id that it pins."""
        kind = self.type_of(logical)
        if "id" in self.noted(logical) and kind in PINNED:
            return text_of(self.noted(logical)["id"])
        if kind in TAGS:
            tags = self._properties(logical).mapping.get(TAGS[kind])
            return kinds.pinned_tag(
                {key: child.text or "" for key, child in tags.mapping.items()} if tags else {}
            )
        if kind == kinds.CLIENT:
            return kinds.pinned_client(self._property(logical, "ClientName") or "")
        key = KINDS[kind].name if kind in KINDS else ""
        stated = self._property(logical, key) if key else None
        if kind == kinds.OIDC_PROVIDER and stated:
            return stated.partition("://")[2].rstrip("/")  # its ARN has the URL without the scheme
        return stated

    def _new(self, logical: str) -> str:
        kind = KINDS.get(self.type_of(logical), Kind())
        if kind.made:
            return kind.made(self.around, self.scope.place, logical)
        return f"{self.scope.place.stack}-{logical}".lower()

    def _property(self, logical: str, key: str) -> str | None:
        node = self._properties(logical).mapping.get(key)
        if node is None:
            return None
        before = len(self.scope.faults)
        try:
            return text_of(functions.value(self.scope, node))
        except Unresolved:
            del self.scope.faults[before:]  # told when the property itself is read
            return None

    def _properties(self, logical: str) -> Node:
        return member(self.scope.resources[logical], "Properties") or Node({}, "", None)

    def _formed(self, pattern: str, kind: Kind, logical: str) -> str:
        if pattern == "{name}":
            return self.name(logical)
        service = kind.service or _service(self.type_of(logical))
        resource = kind.resource.format(
            name="" if "{name}" not in kind.resource else self.name(logical),
            path=self._property(logical, "Path") or "/",
            function=(self._property(logical, "FunctionName") or logical).rpartition(":")[2],
            alias=self._property(logical, "Name") or "live",
        )
        place = self.scope.place
        if service == "s3":
            return f"arn:{place.partition}:s3:::{resource}"
        return place.arn(service, resource)


ATTRIBUTES: dict[tuple[str, str], Callable[[Identities, str], str]] = {
    (kinds.POOL, "ProviderName"): Identities.provider,
    (kinds.POOL, "ProviderURL"): lambda of, logical: f"https://{of.provider(logical)}",
    (kinds.POOL, "UserPoolId"): Identities.name,
    (kinds.CLIENT, "ClientId"): Identities.name,
    (kinds.CLIENT, "Name"): Identities.shown_name,
    (kinds.CLIENT, "ClientSecret"): Identities.secret,
    (kinds.IDENTITY_POOL, "Name"): Identities.shown_name,
}
"""Attributes that say more than an id or an ARN."""


def _service(kind: str) -> str:
    """The service that a type of resource belongs to, for the placeholder of an ARN."""
    return kind.partition("::")[2].partition("::")[0].lower() or "cloudformation"
