"""From the resources of a stack to blocks of a document."""

from __future__ import annotations

from collections.abc import Callable

from cogmock.definitions.importing.draft import Draft, add, put
from cogmock.definitions.importing.templates import iam, kinds, mfa
from cogmock.definitions.importing.templates.identities import Identities
from cogmock.definitions.importing.trees import grown, moved, text_of
from cogmock.definitions.nodes import Node
from cogmock.userpools.rules.settings.pins import POOL_TAGS

PREFIX = "AWS::Cognito::"


class Emitter:
    """Writes the resources of one stack to a draft. `read` has their properties, with functions called."""

    def __init__(
        self,
        draft: Draft,
        identities: Identities,
        read: dict[str, Node],
        order: list[str],
        made: dict[str, str],
    ) -> None:
        self._draft = draft
        self._identities = identities
        self._read = read
        self._order = order
        self._made = made

    def emit(self, phase: int) -> None:
        """Writes the resources whose turn it is in this phase."""
        for logical in self._order:
            kind = self._identities.type_of(logical)
            write, turn = WRITERS.get(kind, (Emitter.unknown, 0))
            if turn == phase:
                write(self, logical, self._read[logical])
                if kind in WRITERS:
                    self._made[logical] = self._identities.physical(logical)
                    self._draft.resources.setdefault(logical, self._made[logical])

    def unknown(self, logical: str, _given: Node) -> None:
        """A type that cogmock does not have."""
        kind = self._identities.type_of(logical)
        if logical not in self._identities.nested and kind != "AWS::Serverless::FunctionRole":
            self._draft.skip(logical, kind, REASONS.get(kind, UNKNOWN))

    def iam(self, write: iam.Write, logical: str, given: Node) -> None:
        write(self._draft, self._identities, logical, given)

    def pool(self, logical: str, given: Node) -> None:
        name = grown(self._identities.shown_name(logical), given)
        members = moved(given, {"UserPoolName": "PoolName"}, *mfa.PROPERTIES)
        members |= {
            "id": grown(self._identities.name(logical), given),
            "PoolName": members.get("PoolName") or name,
        }
        _unpin(members, "UserPoolTags")
        if mfa.stated(given):
            members["mfa"] = mfa.block(given)
        members |= self._identities.noted(logical)
        self._draft.pools[self._identities.name(logical)] = Node(members, given.path, given.line)

    def client(self, logical: str, given: Node) -> None:
        block = self._draft.pool(text_of(given.mapping.get("UserPoolId")), _at(given, "UserPoolId"))
        if block is None:
            return
        members = moved(given, {}, "UserPoolId")
        members["id"] = grown(self._identities.name(logical), given)
        name = self._identities.shown_name(logical)
        pinned = kinds.pinned_client(name)
        members["ClientName"] = grown(pinned or name, members.get("ClientName") or given)
        members |= self._identities.noted(logical)
        if logical in self._identities.secrets:
            members["ClientSecret"] = grown(self._identities.secrets[logical], given)
        if "ClientSecret" in members:
            members.pop("GenerateSecret", None)
        add(block, "clients", Node(members, given.path, given.line))

    def part(self, key: str, logical: str, given: Node) -> None:
        """Something that one list of a pool's block has."""
        block = self._draft.pool(text_of(given.mapping.get("UserPoolId")), _at(given, "UserPoolId"))
        if block is None:
            return
        members = moved(given, {}, "UserPoolId", "ReturnMergedResources")
        if text_of(members.get("ClientId")) == "ALL":
            del members["ClientId"]
        name = kinds.KINDS.get(self._identities.type_of(logical), kinds.Kind()).name
        if name in {"GroupName", "Username"}:
            members.setdefault(name, grown(self._identities.name(logical), given))
        members |= self._identities.noted(logical)
        add(block, key, Node(members, given.path, given.line))

    def log_delivery(self, _logical: str, given: Node) -> None:
        """What is logged of a pool, and where it goes."""
        block = self._draft.pool(text_of(given.mapping.get("UserPoolId")), _at(given, "UserPoolId"))
        if block is not None:
            block.mapping["log_delivery"] = Node(moved(given, {}, "UserPoolId"), given.path, given.line)

    def membership(self, _logical: str, given: Node) -> None:
        block = self._draft.pool(text_of(given.mapping.get("UserPoolId")), _at(given, "UserPoolId"))
        username, group = (given.mapping.get(key) for key in ("Username", "GroupName"))
        if block is None or username is None or group is None:
            if block is not None:
                self._draft.faults.append(given.fault("Username and GroupName are required"))
            return
        users = block.mapping.get("users")
        user = next(
            (
                each
                for each in (users.items if users else ())
                if text_of(each.mapping.get("Username")) == username.text
            ),
            None,
        )
        if user is None:
            user = Node({"Username": username}, given.path, given.line)
            add(block, "users", user)
        add(user, "groups", group)

    def domain(self, _logical: str, given: Node) -> None:
        block = self._draft.pool(text_of(given.mapping.get("UserPoolId")), _at(given, "UserPoolId"))
        if block is not None:
            add(block, "domain", Node(moved(given, {}, "UserPoolId"), given.path, given.line))

    def identity_pool(self, logical: str, given: Node) -> None:
        unoffered = ("CognitoEvents", "CognitoStreams", "PushSync")
        for key in unoffered:
            if key in given.mapping:
                self._draft.skip(logical, key, "Cognito Sync is not part of cogmock")
        members = moved(given, {}, *unoffered)
        name = grown(self._identities.shown_name(logical), given)
        members |= {"id": grown(self._identities.name(logical), given)}
        members.setdefault("IdentityPoolName", name)
        _unpin(members, "IdentityPoolTags")
        self._draft.identity_pools[self._identities.name(logical)] = Node(members, given.path, given.line)

    def role_attachment(self, _logical: str, given: Node) -> None:
        block = self._draft.identity_pool(
            text_of(given.mapping.get("IdentityPoolId")), _at(given, "IdentityPoolId")
        )
        if block is None:
            return
        if "Roles" in given.mapping:
            block.mapping["roles"] = given.mapping["Roles"]
        mappings = given.mapping.get("RoleMappings")
        for key, mapping in mappings.mapping.items() if mappings else ():
            provider = text_of(mapping.mapping.get("IdentityProvider")) or key
            put(
                block,
                "role_mappings",
                provider,
                Node(moved(mapping, {}, "IdentityProvider"), mapping.path, mapping.line),
            )

    def principal_tag(self, _logical: str, given: Node) -> None:
        block = self._draft.identity_pool(
            text_of(given.mapping.get("IdentityPoolId")), _at(given, "IdentityPoolId")
        )
        provider = text_of(given.mapping.get("IdentityProviderName"))
        if block is not None and provider:
            members = moved(given, {}, "IdentityPoolId", "IdentityProviderName")
            put(block, "principal_tags", provider, Node(members, given.path, given.line))

    def function(self, _logical: str, _given: Node) -> None:
        """Nothing is made: its name and ARN are what the pool's settings need."""


def _unpin(members: dict[str, Node], key: str) -> None:
    """The tags without those that set an id, which are not kept."""
    tags = members.get(key)
    if tags is not None:
        kept = {name: child for name, child in tags.mapping.items() if name not in POOL_TAGS}
        members[key] = Node(kept, tags.path, tags.line)


def _at(given: Node, key: str) -> Node:
    """Where a property stands, or would stand."""
    return given.mapping.get(key) or Node(None, f"{given.path}.{key}", given.line)


def _part(key: str) -> Callable[[Emitter, str, Node], None]:
    return lambda emitter, logical, given: emitter.part(key, logical, given)


def _iam(write: iam.Write) -> Callable[[Emitter, str, Node], None]:
    return lambda emitter, logical, given: emitter.iam(write, logical, given)


UNKNOWN = "cogmock has no such resource; references to it are placeholders"
REASONS = {
    kinds.ACCESS_KEY: "IAM users have no access keys here: made-up keys may do everything",
}
"""Why a type is left out, where there is more to say."""
FIRST, NEXT, LAST = range(3)
Write = Callable[[Emitter, str, Node], None]
WRITERS: dict[str, tuple[Write, int]] = {
    kinds.POOL: (Emitter.pool, FIRST),
    kinds.IDENTITY_POOL: (Emitter.identity_pool, FIRST),
    kinds.FUNCTION: (Emitter.function, FIRST),
    kinds.SAM_FUNCTION: (Emitter.function, FIRST),
    kinds.CLIENT: (Emitter.client, NEXT),
    kinds.GROUP: (_part("groups"), NEXT),
    kinds.USER: (_part("users"), NEXT),
    f"{PREFIX}UserPoolDomain": (Emitter.domain, NEXT),
    f"{PREFIX}UserPoolResourceServer": (_part("resource_servers"), NEXT),
    f"{PREFIX}UserPoolIdentityProvider": (_part("identity_providers"), NEXT),
    f"{PREFIX}UserPoolUserToGroupAttachment": (Emitter.membership, LAST),
    f"{PREFIX}ManagedLoginBranding": (_part("branding"), LAST),
    f"{PREFIX}UserPoolUICustomizationAttachment": (_part("ui"), LAST),
    f"{PREFIX}Terms": (_part("terms"), LAST),
    f"{PREFIX}UserPoolRiskConfigurationAttachment": (_part("risk"), LAST),
    f"{PREFIX}CIMDPolicy": (_part("cimd_policies"), LAST),
    f"{PREFIX}LogDeliveryConfiguration": (Emitter.log_delivery, LAST),
    f"{PREFIX}IdentityPoolRoleAttachment": (Emitter.role_attachment, LAST),
    f"{PREFIX}IdentityPoolPrincipalTag": (Emitter.principal_tag, LAST),
    kinds.OIDC_PROVIDER: (_iam(iam.oidc_provider), FIRST),
    kinds.SAML_PROVIDER: (_iam(iam.saml_provider), FIRST),
    kinds.POLICY: (_iam(iam.managed_policy), FIRST),
    kinds.ROLE: (_iam(iam.role), NEXT),
    kinds.IAM_USER: (_iam(iam.user), NEXT),
    kinds.IAM_GROUP: (_iam(iam.group), NEXT),
    "AWS::IAM::UserToGroupAddition": (_iam(iam.membership), LAST),
    **dict.fromkeys(iam.INLINE, (_iam(iam.policy), LAST)),
}
"""Type → what writes it, and in which phase."""
