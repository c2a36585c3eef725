"""How a user pool looks to people and what it warns of: brandings, classic looks, terms, risk configurations.

And the policies of client ID metadata documents, each of which is about one client, too.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from cogmock.core.call import Call
from cogmock.definitions.applying import clients
from cogmock.definitions.applying.run import Refused, Run, differing
from cogmock.definitions.definition import PoolDefinition, Resource
from cogmock.state.entries import Entries
from cogmock.state.managed_branding import ManagedBranding
from cogmock.state.terms import Terms
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend


def apply(run: Run, call: Call, pool: UserPool, stated: PoolDefinition) -> None:
    """Brandings, classic looks, terms and risk configurations. Each is about one client, or about all."""
    for resources, apply_one in (
        (stated.branding, _brandings),
        (stated.ui, _classic),
        (stated.terms, _terms),
        (stated.risk, _risk),
        (stated.cimd_policies, _cimd_policy),
    ):
        for resource in resources:
            with suppress(Refused):
                apply_one(run, call, pool, resource)


def _cimd_policy(run: Run, call: Call, pool: UserPool, stated: Resource) -> None:
    """A policy, found by its name: AWS lets several have one, a document does not."""
    if stated.client is None:
        run.refuse(stated.node, "this key is required", "client")
    [client_id] = _clients(run, call, pool, stated)
    name = stated.params["PolicyName"]
    params = stated.params | {"UserPoolId": pool.id, "ClientId": client_id}
    row = next((policy for policy in pool.cimd_policies if policy.name == name), None)
    if row is None:
        answer = run.ask(call, UserPoolsBackend, "CreateCIMDPolicy", params, stated.node)
        made = pool.cimd_policies[answer["CIMDPolicy"]["CIMDPolicyId"]]
        run.undo.step(lambda: pool.cimd_policies.remove(made))
        run.created("cimd_policy", made.id, name)
        return
    about = {"UserPoolId": pool.id, "CIMDPolicyId": row.id}

    def describe() -> dict[str, Any]:
        return dict(UserPoolsBackend.answer(call, "DescribeCIMDPolicy", about)["CIMDPolicy"])

    def update() -> None:
        run.ask(call, UserPoolsBackend, "UpdateCIMDPolicy", params | about, stated.node)

    run.settled("cimd_policy", row.id, name, run.compare(row, describe, update, "urls"))


def _clients(run: Run, call: Call, pool: UserPool, stated: Resource) -> list[str]:
    """The client that is named, or all clients of the pool."""
    if stated.client is None:
        return [client.id for client in call.region.clients.where("pool_id", pool.id)]
    client = clients.named(call, pool, stated.client)
    if client is None:
        run.refuse(stated.node, f"the pool has no client {stated.client}", "client")
    return [client.id]


def _brandings(run: Run, call: Call, pool: UserPool, stated: Resource) -> None:
    """A style for each client. Without settings it is the one that Cognito provides."""
    params = stated.params | {"UserPoolId": pool.id}
    if not params.keys() & {"Settings", "Assets", "UseCognitoProvidedValues"}:
        params["UseCognitoProvidedValues"] = True
    for client_id in _clients(run, call, pool, stated):
        row = pool.brandings.get(client_id)
        if row is not None:
            _update_branding(run, call, pool, row, Resource(stated.node, params, client=client_id))
            continue
        before = pool.brandings
        pool.brandings = Entries(before)
        run.undo.step(lambda kept=before: setattr(pool, "brandings", kept))  # type: ignore[misc]  # bound at once
        asked = params | {"ClientId": client_id}
        run.ask(call, UserPoolsBackend, "CreateManagedLoginBranding", asked, stated.node)
        run.created("managed_login_branding", pool.brandings[client_id].id, client_id)


def _update_branding(run: Run, call: Call, pool: UserPool, row: ManagedBranding, stated: Resource) -> None:
    about = {"UserPoolId": pool.id, "ManagedLoginBrandingId": row.id}

    def describe() -> dict[str, Any]:
        answer = UserPoolsBackend.answer(call, "DescribeManagedLoginBranding", about)
        return dict(answer["ManagedLoginBranding"])

    def update() -> None:
        run.ask(call, UserPoolsBackend, "UpdateManagedLoginBranding", stated.params | about, stated.node)

    changed = run.compare(row, describe, update)
    run.settled("managed_login_branding", row.id, stated.client or "", changed)


def _classic(run: Run, call: Call, pool: UserPool, stated: Resource) -> None:
    """The classic look of one client, or of all that have none of their own."""
    client_id = _clients(run, call, pool, stated)[0] if stated.client else "ALL"
    before = pool.customizations
    pool.customizations = Entries(before)
    run.undo.step(lambda: setattr(pool, "customizations", before))
    params = stated.params | {"UserPoolId": pool.id, "ClientId": client_id}
    run.ask(call, UserPoolsBackend, "SetUICustomization", params, stated.node)
    held, made = before.get(client_id), pool.customizations[client_id]
    if held is None:
        run.created("ui_customization", client_id, client_id)
        return
    changed = differing(
        {"CSS": held.css, "ImageFile": held.image}, {"CSS": made.css, "ImageFile": made.image}
    )
    if not changed:
        pool.customizations[client_id] = held
    run.settled("ui_customization", client_id, client_id, changed)


def _terms(run: Run, call: Call, pool: UserPool, stated: Resource) -> None:
    """Terms of use of each client."""
    for client_id in _clients(run, call, pool, stated):
        params = stated.params | {"UserPoolId": pool.id, "ClientId": client_id}
        name = params["TermsName"]
        row = next((one for one in pool.terms if (one.client_id, one.name) == (client_id, name)), None)
        if row is not None:
            _update_terms(run, call, pool, row, stated)
            continue
        answer = run.ask(call, UserPoolsBackend, "CreateTerms", params, stated.node)
        made = pool.terms[answer["Terms"]["TermsId"]]
        run.undo.step(lambda row=made: pool.terms.remove(row))  # type: ignore[misc]  # bound at once
        run.created("terms", made.id, name)


def _update_terms(run: Run, call: Call, pool: UserPool, row: Terms, stated: Resource) -> None:
    about = {"UserPoolId": pool.id, "TermsId": row.id}

    def describe() -> dict[str, Any]:
        return dict(UserPoolsBackend.answer(call, "DescribeTerms", about)["Terms"])

    def update() -> None:
        run.ask(call, UserPoolsBackend, "UpdateTerms", stated.params | about, stated.node)

    run.settled("terms", row.id, row.name, run.compare(row, describe, update))


def _risk(run: Run, call: Call, pool: UserPool, stated: Resource) -> None:
    """Threat protection of a client, or of the pool."""
    client = {"ClientId": _clients(run, call, pool, stated)[0]} if stated.client else {}
    about = {"UserPoolId": pool.id} | client
    held = pool.risk_configurations
    before = run.ask(call, UserPoolsBackend, "DescribeRiskConfiguration", about, stated.node)
    after = run.ask(call, UserPoolsBackend, "SetRiskConfiguration", stated.params | about, stated.node)
    old, new = before["RiskConfiguration"], after["RiskConfiguration"]
    run.undo.step(lambda: setattr(pool, "risk_configurations", held))
    name = client.get("ClientId", pool.id)
    run.settled("risk_configuration", name, name, differing(old, new))
