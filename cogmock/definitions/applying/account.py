"""What belongs to an account as a whole: outbound federation, and provisioned limits."""

from __future__ import annotations

from contextlib import suppress

from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import Definitions, LimitDefinition, OutboundDefinition
from cogmock.iam.backend import IamBackend
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.userpools.rules.admission import rates


def apply(run: Run, stated: Definitions) -> None:
    """Sets all that is stated."""
    for outbound in stated.outbound:
        with suppress(Refused):
            _outbound(run, outbound, stated.region_of(outbound.account))
    for limit in stated.limits:
        with suppress(Refused):
            _limit(run, limit)


def _outbound(run: Run, stated: OutboundDefinition, region: str) -> None:
    call = run.call(region, stated.account)
    row = call.account.iam.outbound
    if stated.id and row.id and stated.id != row.id:
        message = f"the account has the issuer {row.id}, which cannot be changed"
        run.refuse(stated.node, message, "id")
    before = (row.enabled, row.id)
    run.undo.keep(row)
    row.id = stated.id or row.id
    if stated.enabled != row.enabled:
        operation = f"{'Enable' if stated.enabled else 'Disable'}OutboundWebIdentityFederation"
        run.ask(call, IamBackend, operation, {}, stated.node)
    after = (row.enabled, row.id)
    fields = [name for name, old, new in zip(("enabled", "id"), before, after, strict=True) if old != new]
    run.settled("outbound_federation", row.id, stated.account, fields)


def _limit(run: Run, stated: LimitDefinition) -> None:
    call = run.call(stated.region, stated.account)
    limits = call.region.limits
    before = rates.limit(call, stated.category)
    former = dict(limits)
    definition = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": stated.category}}
    params = {"LimitDefinition": definition, "RequestedLimitValue": stated.value}

    def restore() -> None:
        call.region.limits = former

    run.undo.step(restore)
    run.ask(call, UserPoolsBackend, "UpdateProvisionedLimit", params, stated.node)
    fields = [] if before == stated.value else [stated.category]
    run.settled("limit", stated.region, stated.category, fields)
