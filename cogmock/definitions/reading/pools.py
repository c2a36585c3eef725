"""The `pools` of a document, with all that is in each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cogmock.definitions import aws_members, blocks
from cogmock.definitions.blocks import Block
from cogmock.definitions.definition import UNSTATED_CERTIFICATE, PoolDefinition, Resource
from cogmock.definitions.faults import Fault
from cogmock.definitions.nodes import Node, plain
from cogmock.definitions.reading import clients, users
from cogmock.userpools.rules.settings.schema import is_default
from cogmock.wire import arns

SERVICE = "cognito-idp"
ANY_POOL = "us-east-1_placeholder"
"""Stands for the pool's id where parameters are checked before the pool is there."""


def read(
    node: Node, account: str, folder: Path | None, region: str, faults: list[Fault]
) -> list[PoolDefinition]:
    """The user pool of a block; none where the block is none."""
    _both_domains(node)
    if not blocks.settle(blocks.POOL, node, faults):
        return []
    pinned = blocks.text(node, "id", faults)
    place = blocks.text(node, "region", faults) or (pinned or "").partition("_")[0] or region
    _as_created(node)
    _drop_echo(node)
    if "mfa" in node.mapping:
        node.mapping.pop("MfaConfiguration", None)  # AWS takes factors and mode by SetUserPoolMfaConfig alone
    _name_functions(node, place, account)
    params = aws_members.read(node, SERVICE, "CreateUserPool", faults, given={}, ours=blocks.POOL.ours)
    pool = PoolDefinition(node, account, place, pinned, params)
    reader = _Reader(node, faults)
    pool.mfa = next(
        iter(reader.ones("mfa", blocks.Block("the MFA configuration"), "SetUserPoolMfaConfig")), None
    )
    sessions = reader.ones(
        "sessions", blocks.Block("the session configuration"), "SetUserPoolSessionConfiguration"
    )
    pool.sessions = next(iter(sessions), None)
    stated = reader.many("clients", blocks.CLIENT, "CreateUserPoolClient")
    pool.clients = [clients.completed(client, faults) for client in stated]
    pool.groups = reader.many("groups", blocks.GROUP, "CreateGroup")
    pool.resource_servers = reader.many("resource_servers", blocks.RESOURCE_SERVER, "CreateResourceServer")
    _complete_pretended(node, faults)
    pool.identity_providers = reader.many(
        "identity_providers", blocks.IDENTITY_PROVIDER, "CreateIdentityProvider"
    )
    pool.branding = reader.ones(
        "branding", blocks.BRANDING, "CreateManagedLoginBranding", ClientId="placeholder"
    )
    pool.ui = reader.ones("ui", blocks.UI, "SetUICustomization")
    pool.terms = reader.ones("terms", blocks.TERMS, "CreateTerms", ClientId="placeholder")
    pool.risk = reader.ones("risk", blocks.RISK, "SetRiskConfiguration")
    pool.cimd_policies = reader.many(
        "cimd_policies", blocks.CIMD_POLICY, "CreateCIMDPolicy", ClientId="placeholder"
    )
    logs = reader.ones("log_delivery", blocks.Block("the log delivery"), "SetLogDeliveryConfiguration")
    pool.log_delivery = next(iter(logs), None)
    pool.domains = _domains(node, pool, faults)
    pool.users = users.read(node, folder, faults)
    return [pool]


class _Reader:
    """The lists of a pool's block, each entry one Create operation."""

    def __init__(self, node: Node, faults: list[Fault]) -> None:
        self._node = node
        self._faults = faults

    def many(self, key: str, block: Block, operation: str, **given: Any) -> list[Resource]:
        entries = blocks.entries(self._node, key, self._faults)
        return [made for entry in entries for made in self._entry(entry, block, operation, given)]

    def ones(self, key: str, block: Block, operation: str, **given: Any) -> list[Resource]:
        """As `many`, and a mapping alone is a list of one."""
        child = self._node.mapping.get(key)
        if child is not None and isinstance(child.value, dict):
            return self._entry(child, block, operation, given)
        return self.many(key, block, operation, **given)

    def _entry(self, entry: Node, block: Block, operation: str, given: dict[str, Any]) -> list[Resource]:
        if not blocks.settle(block, entry, self._faults):
            return []
        known = {"UserPoolId": ANY_POOL, **{key: of for key, of in given.items() if key not in entry.mapping}}
        params = aws_members.read(entry, SERVICE, operation, self._faults, given=known, ours=block.ours)
        client = blocks.text(entry, "client", self._faults) or params.pop("ClientId", None)
        return [Resource(entry, params, blocks.text(entry, "id", self._faults), client)]


def _complete_pretended(node: Node, faults: list[Fault]) -> None:
    """Providers with `pretend` may leave out ProviderDetails: they are filled in when the server's URL is known."""
    listed = node.mapping.get("identity_providers")
    for entry in listed.items if listed else ():
        if entry.mapping and blocks.flag(entry, "pretend", faults):
            entry.mapping.setdefault("ProviderDetails", Node({}, f"{entry.path}.ProviderDetails", entry.line))


def _drop_echo(node: Node) -> None:
    """Describe shows the same number of days in two places, and Create refuses it in the older one."""
    creation = node.mapping.get("AdminCreateUserConfig")
    policies = node.mapping.get("Policies")
    policy = policies.mapping.get("PasswordPolicy") if policies else None
    older = creation.mapping.get("UnusedAccountValidityDays") if creation else None
    newer = policy.mapping.get("TemporaryPasswordValidityDays") if policy else None
    if creation and older and newer and older.text == newer.text:
        del creation.mapping["UnusedAccountValidityDays"]


def _as_created(node: Node) -> None:
    """The schema in the form of Create: Describe prefixes custom attributes and lists all standard ones."""
    schema = node.mapping.get("Schema")
    if schema is None or not isinstance(schema.value, list):
        return
    schema.value = [entry for entry in schema.items if not (entry.mapping and is_default(plain(entry)))]
    for entry in schema.items:
        name = _name(entry)
        for prefix in ("dev:custom:", "custom:"):
            if name.startswith(prefix):
                entry.mapping["Name"].value = entry.mapping["Name"].text = name.removeprefix(prefix)
                break


def _name(entry: Node) -> str:
    name = entry.mapping.get("Name")
    return name.text or "" if name else ""


def _name_functions(node: Node, region: str, account: str) -> None:
    """A bare name of a function becomes its ARN."""

    def named(child: Node) -> None:
        if isinstance(child.value, str) and ":" not in child.value:
            child.value = child.text = arns.arn("lambda", region, account, f"function:{child.value}")

    triggers = node.mapping.get("LambdaConfig")
    for key, child in triggers.mapping.items() if triggers else ():
        if key != "KMSKeyID":
            named(child.mapping.get("LambdaArn", child))


def _both_domains(node: Node) -> None:
    """Describe shows the prefix and the custom domain of a pool under two keys."""
    shown = [node.mapping[key] for key in ("Domain", "CustomDomain") if key in node.mapping]
    if len(shown) > 1:
        del node.mapping["Domain"], node.mapping["CustomDomain"]
        node.mapping.setdefault("domain", Node(shown, f"{node.path}.domain", shown[0].line))


def _domains(node: Node, pool: PoolDefinition, faults: list[Fault]) -> list[Resource]:
    """The domain, or the prefix domain and the custom domain."""
    stated = node.mapping.get("domain")
    if stated is None:
        return []
    entries = stated.items if isinstance(stated.value, list) else [stated]
    found = [made for entry in entries for made in _domain(entry, pool, faults)]
    kinds = ["CustomDomainConfig" in one.params for one in found]
    faults.extend(
        one.node.fault("a user pool has at most one prefix domain and one custom domain")
        for index, one in enumerate(found)
        if kinds[index] in kinds[:index]
    )
    return found


def _domain(stated: Node, pool: PoolDefinition, faults: list[Fault]) -> list[Resource]:
    """A prefix or a host name, or what CreateUserPoolDomain takes. With a branding, the pages are managed login."""
    if not isinstance(stated.value, dict) and (stated.text is None or isinstance(stated.value, bool)):
        what = "a domain is a prefix, a host name, or parameters of CreateUserPoolDomain"
        faults.append(stated.fault(f"{what}, not {stated.kind}"))
        return []
    params_of = (
        stated if isinstance(stated.value, dict) else Node({"Domain": stated}, stated.path, stated.line)
    )
    given: dict[str, Any] = {"UserPoolId": ANY_POOL}
    params = aws_members.read(params_of, SERVICE, "CreateUserPoolDomain", faults, given=given)
    if "." in str(params.get("Domain")):
        params.setdefault("CustomDomainConfig", {"CertificateArn": UNSTATED_CERTIFICATE})
    if pool.branding:
        params.setdefault("ManagedLoginVersion", 2)
    return [Resource(stated, params)]
