"""What a user pool has beside clients and users: resource servers, providers, groups, its domain."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from cogmock.core.call import Call
from cogmock.definitions import blocks
from cogmock.definitions.applying.run import Refused, Run, differing
from cogmock.definitions.definition import UNSTATED_CERTIFICATE, Resource
from cogmock.federation.safe_xml import NEEDS
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.wire import model


def resource_servers(run: Run, call: Call, pool: UserPool, stated: list[Resource]) -> None:
    """Creates and updates the APIs for which the pool gives out scopes."""
    for resource in stated:
        with suppress(Refused):
            row = pool.resource_servers.get(resource.params["Identifier"])
            _upsert(run, call, pool, resource, row, "ResourceServer", "Identifier", pool.resource_servers)


def groups(run: Run, call: Call, pool: UserPool, stated: list[Resource]) -> None:
    """Creates and updates groups."""
    for resource in stated:
        with suppress(Refused):
            row = pool.groups.get(resource.params["GroupName"])
            _upsert(run, call, pool, resource, row, "Group", "GroupName", pool.groups)


SAML = ("lxml", "signxml")
"""Without these libraries the stand-in has no metadata, and AWS's message would blame its URL."""
KINDS = {"ResourceServer": "resource_server", "Group": "group"}
DESCRIBE = {"ResourceServer": "DescribeResourceServer", "Group": "GetGroup"}


def _upsert(  # noqa: PLR0913 - one resource, and how AWS calls what is done with it
    run: Run, call: Call, pool: UserPool, stated: Resource, row: Any, noun: str, key: str, table: Any
) -> None:
    name, kind = stated.params[key], KINDS[noun]
    about = {"UserPoolId": pool.id, key: name}
    if row is None:
        run.ask(call, UserPoolsBackend, f"Create{noun}", stated.params | about, stated.node)
        made = table[name]
        run.undo.step(lambda: table.remove(made))
        run.created(kind, name, name)
        return

    def describe() -> dict[str, Any]:
        answer = UserPoolsBackend.answer(call, DESCRIBE[noun], about)
        return {name: value for name, value in answer[noun].items() if value is not None}

    def update() -> None:
        accepted = model.load("cognito-idp").shapes[f"Update{noun}Request"]["members"]
        kept = {member: value for member, value in describe().items() if member in accepted}
        run.ask(call, UserPoolsBackend, f"Update{noun}", kept | stated.params | about, stated.node)

    run.settled(kind, name, name, run.compare(row, describe, update))


def identity_providers(run: Run, call: Call, pool: UserPool, stated: list[Resource]) -> None:
    """Creates and updates identity providers."""
    for resource in stated:
        with suppress(Refused):
            _provider(run, call, pool, resource)


def _provider(run: Run, call: Call, pool: UserPool, stated: Resource) -> None:
    name = stated.params["ProviderName"]
    about = {"UserPoolId": pool.id, "ProviderName": name}
    params = _with_stand_in(run, stated)
    table: Any = getattr(pool, "identity_providers", {})
    row = table.get(name)
    if row is None:
        run.ask(call, UserPoolsBackend, "CreateIdentityProvider", params | about, stated.node)
        made = table.get(name)
        run.undo.step(lambda: table.remove(made))
        run.created("identity_provider", name, name)
        return

    def describe() -> dict[str, Any]:
        answer: dict[str, Any] = UserPoolsBackend.answer(call, "DescribeIdentityProvider", about)
        return dict(answer["IdentityProvider"])

    def update() -> None:
        wanted = {key: value for key, value in params.items() if key != "ProviderType"}
        run.ask(call, UserPoolsBackend, "UpdateIdentityProvider", wanted | about, stated.node)

    run.settled("identity_provider", name, name, run.compare(row, describe, update))


def _with_stand_in(run: Run, stated: Resource) -> dict[str, Any]:
    """The parameters of a provider. With `pretend`, the details that the document leaves out name a stand-in."""
    if not blocks.flag(stated.node, "pretend", []):
        return stated.params
    from cogmock.federation import pretended

    kind, name = stated.params["ProviderType"], stated.params["ProviderName"]
    if kind == "SAML" and not all(map(find_spec, SAML)):
        run.refuse(stated.node, NEEDS, "pretend")
    found = pretended.details(run.world.settings, kind, name) | stated.params["ProviderDetails"]
    return stated.params | {"ProviderDetails": found}


def log_delivery(run: Run, call: Call, pool: UserPool, stated: Resource | None) -> None:
    """What is logged, and where it goes."""
    if stated is None:
        return
    about = {"UserPoolId": pool.id}

    def described() -> dict[str, Any]:
        answer = UserPoolsBackend.answer(call, "GetLogDeliveryConfiguration", about)
        return {"LogConfigurations": answer["LogDeliveryConfiguration"].get("LogConfigurations") or []}

    with suppress(Refused):
        before = described()
        run.ask(call, UserPoolsBackend, "SetLogDeliveryConfiguration", stated.params | about, stated.node)
        run.undo.step(lambda: UserPoolsBackend.answer(call, "SetLogDeliveryConfiguration", before | about))
        run.settled("log_delivery", pool.id, pool.name, differing(before, described()))


def domains(run: Run, call: Call, pool: UserPool, stated: list[Resource]) -> None:
    """The pool's domains. Another name for one that is there takes its place."""
    for resource in stated:
        with suppress(Refused):
            _domain(run, call, pool, resource)


def _domain(run: Run, call: Call, pool: UserPool, stated: Resource) -> None:
    name = stated.params["Domain"]
    about = {"UserPoolId": pool.id, "Domain": name}
    is_custom = "CustomDomainConfig" in stated.params
    before = pool.settings.get("CustomDomain") if is_custom else pool.settings.get("Domain")
    if before != name:
        if before is not None:
            _free_domain(run, call, before)
        settings = pool.settings
        pool.settings = settings.copy()
        if is_custom:
            pool.settings.pop("CustomDomain", None)
        else:
            pool.settings.pop("Domain", None)
        run.undo.step(lambda: setattr(pool, "settings", settings))
        run.ask(call, UserPoolsBackend, "CreateUserPoolDomain", stated.params | about, stated.node)
        made = call.region.domains[name]
        run.undo.step(lambda: call.region.domains.remove(made))
        run.created("domain", name, name)
        return
    row = call.region.domains[name]

    def describe() -> dict[str, Any]:
        answer: dict[str, Any] = UserPoolsBackend.answer(call, "DescribeUserPoolDomain", {"Domain": name})
        return dict(answer["DomainDescription"])

    def update() -> None:
        wanted = {key: stated.params[key] for key in UPDATED if key in stated.params}
        if wanted.get("CustomDomainConfig") == {"CertificateArn": UNSTATED_CERTIFICATE}:
            wanted["CustomDomainConfig"] = row.custom
        run.ask(call, UserPoolsBackend, "UpdateUserPoolDomain", wanted | about, stated.node)

    run.settled("domain", name, name, run.compare(row, describe, update))


UPDATED = ("ManagedLoginVersion", "Routing", "CustomDomainConfig")
"""What UpdateUserPoolDomain takes. It wants the certificate of a custom domain each time."""


def _free_domain(run: Run, call: Call, name: str) -> None:
    row = call.region.domains[name]
    call.region.domains.remove(row)
    run.undo.step(lambda: call.region.domains.add(row))
    run.deleted("domain", name, name)
