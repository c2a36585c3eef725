"""Delegation requests: who may see them, the permissions that they ask for, and what their topic hears."""

from __future__ import annotations

import json
import re
from typing import Any

from cogmock.core.call import Call
from cogmock.core.outbox import Message
from cogmock.errors import InvalidInputException, NoSuchEntityException
from cogmock.iam.policy import PolicyError
from cogmock.iam.rules import documents, effective_policies
from cogmock.state.account import Account
from cogmock.state.delegation import DelegationRequest

DAY = 86400
LIFE = 7 * DAY
"""Seconds from a change until a request expires. The model says it of rejected ones. # inferred: of all others"""
OPEN = ("UNASSIGNED", "ASSIGNED", "PENDING_APPROVAL", "ACCEPTED")
MOST_TEXTS = 1000
"""Texts that one text of a template may become."""
_PLACEHOLDER = re.compile(r"@\{([ -~]{5,256}?)\}")


def find(call: Call, request_id: str) -> tuple[Account, DelegationRequest]:
    """A request and the account that asks. Raises NoSuchEntity, also where the caller may not see it."""
    for account in tuple(call.world.accounts.values()):
        found = account.iam.delegations.get(request_id)
        if found is not None and call.account.id in {found.owner_account or call.account.id, account.id}:
            _expire(call, found)
            return account, found
    raise NoSuchEntityException(f"Delegation request {request_id} was not found.")


def owned(call: Call, request_id: str) -> tuple[Account, DelegationRequest]:
    """A request that was taken by an identity of the caller's account. Raises NoSuchEntity, InvalidInput."""
    account, found = find(call, request_id)
    if found.owner is None or found.owner_account != call.account.id:
        raise InvalidInputException(f"Delegation request {request_id} is not owned by this account.")
    return account, found


def of_owner(call: Call) -> list[DelegationRequest]:
    """The requests that identities of the caller's account have taken, oldest first."""
    found = [each for account in call.world.accounts.values() for each in account.iam.delegations]
    mine = [each for each in found if each.owner and each.owner_account == call.account.id]
    for each in mine:
        _expire(call, each)
    return sorted(mine, key=lambda each: (each.created, each.id))


def by_token(call: Call, token: str) -> tuple[Account, DelegationRequest] | None:
    """The finalized request of a trade-in token, and the account that asked."""
    for account in tuple(call.world.accounts.values()):
        for each in account.iam.delegations:
            if each.token == token:
                return account, each
    return None


def policy_of(account: Account, template_arn: str, parameters: list[dict[str, Any]]) -> str:
    """The policy that a template makes of its parameters.

    # inferred: AWS registers templates with its partners; here a managed policy is one, and `@{Name}` in it is replaced
    by the value of a parameter. Raises InvalidInput.
    """
    template = effective_policies.managed(account, template_arn)
    if template is None:
        raise InvalidInputException(
            f"Policy template {template_arn} was not found.",
            reason="create a managed policy with this ARN: cogmock takes it for the template",
        )
    values = {each["Name"]: each.get("Values") or [] for each in parameters}
    missing = {name for name in _PLACEHOLDER.findall(template.document) if not values.get(name)}
    if missing:
        raise InvalidInputException(f"The template needs the parameters {', '.join(sorted(missing))}.")
    text = json.dumps(_filled(json.loads(template.document), values))
    try:
        documents.compiled(text, "session")
    except PolicyError as fault:
        raise InvalidInputException(fault.message) from None
    return text


def change(call: Call, found: DelegationRequest, state: str) -> None:
    """Moves a request to another state, and tells its topic."""
    found.state, found.updated = state, call.now
    found.expires = call.now + LIFE
    told = {"delegationRequestId": found.id, "state": state, "requestorWorkflowId": found.workflow_id}
    if state == "FINALIZED":
        told["exchangeToken"] = found.token or ""
    call.world.outbox.deliver(
        Message(
            user_pool_id="",
            username="",
            medium="SNS",
            destination=found.channel,
            subject=None,
            body=json.dumps(told),
            code=None,
            link=None,
            trigger_source="IAM_DelegationRequest",
            sent_at=call.now,
        )
    )


def _expire(call: Call, found: DelegationRequest) -> None:
    if found.expires <= call.now and found.state in (*OPEN, "REJECTED"):
        found.state = "EXPIRED"


def _filled(node: Any, values: dict[str, list[str]]) -> Any:
    """A document with its placeholders replaced. A text with a parameter of several values becomes a list."""
    if isinstance(node, dict):
        return {key: _filled(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [entry for each in node for entry in _entries(each, values)]
    if isinstance(node, str):
        found = _texts(node, values)
        return found[0] if len(found) == 1 else found
    return node


def _entries(node: Any, values: dict[str, list[str]]) -> list[Any]:
    return _texts(node, values) if isinstance(node, str) else [_filled(node, values)]


def _texts(text: str, values: dict[str, list[str]]) -> list[str]:
    """A text for each combination of the values of its parameters. Raises InvalidInput."""
    first, *rest = _PLACEHOLDER.split(text)
    found = [first]
    for name, after in zip(rest[::2], rest[1::2], strict=True):
        if len(found) * len(values[name]) > MOST_TEXTS:
            raise InvalidInputException(f"A text of the template has more than {MOST_TEXTS} combinations.")
        found = [f"{before}{value}{after}" for before in found for value in values[name]]
    return found
