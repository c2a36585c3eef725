"""Policy simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import InvalidInputException, ValidationError
from cogmock.iam.policy import Caller, Kind, PolicyError
from cogmock.iam.rules import documents, effective_policies, listing, lookup, simulation
from cogmock.iam.rules.effective_policies import Named, PrincipalPolicy
from cogmock.iam.rules.simulation import Question
from cogmock.state.iam import Group, Principal, Role, User

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

    Params = aws.SimulateCustomPolicyRequest | aws.SimulatePrincipalPolicyRequest

_KINDS: dict[str, type[Principal]] = {"role": Role, "user": User, "group": Group}


@operation
def simulate_custom_policy(call: Call, params: aws.SimulateCustomPolicyRequest) -> aws.SimulatePolicyResponse:
    """Policies of organizations (SCPs) are not simulated."""
    if params.get("OrderedOrganizationPolicyInputList"):
        raise InvalidInputException(
            "cogmock does not simulate policies of AWS Organizations: leave out OrderedOrganizationPolicyInputList."
        )
    if params.get("ResourcePolicy") and not params.get("CallerArn"):
        raise InvalidInputException("CallerArn is required with ResourcePolicy.")
    identity = _given("PolicyInputList", params["PolicyInputList"])
    return _simulate(call, params, identity, params.get("CallerArn") or "", params["PolicyInputList"])


@operation
def simulate_principal_policy(
    call: Call, params: aws.SimulatePrincipalPolicyRequest
) -> aws.SimulatePolicyResponse:
    """A boundary in the request replaces the attached one."""
    source = _source(call, params["PolicySourceArn"])
    caller = params.get("CallerArn") or source.arn
    if params.get("ResourcePolicy") and ":user/" not in caller:
        raise InvalidInputException("With ResourcePolicy, CallerArn must be the ARN of a user.")
    excluded = params.get("PolicyExclusionList") or []
    held = [each for each in effective_policies.all_of(call.account, source) if not _excluded(each, excluded)]
    identity = [(each.name, documents.compiled(each.text)) for each in held]
    more = params.get("PolicyInputList") or []
    identity += _given("PolicyInputList", more)
    unbound = any(identifier.get("PolicyType") == "permission-boundary" for identifier in excluded)
    boundary = None if unbound else effective_policies.boundary_of(call.account, source)
    return _simulate(call, params, identity, caller, [*more, *(each.text for each in held)], boundary)


@operation
def get_context_keys_for_custom_policy(
    _call: Call, params: aws.GetContextKeysForCustomPolicyRequest
) -> aws.GetContextKeysForPolicyResponse:
    policies = _given("PolicyInputList", params["PolicyInputList"])
    return {"ContextKeyNames": simulation.context_keys(policies)}


@operation
def get_context_keys_for_principal_policy(
    call: Call, params: aws.GetContextKeysForPrincipalPolicyRequest
) -> aws.GetContextKeysForPolicyResponse:
    held = effective_policies.policies_of(call.account, _source(call, params["PolicySourceArn"]))
    policies = held + _given("PolicyInputList", params.get("PolicyInputList") or [])
    return {"ContextKeyNames": simulation.context_keys(policies)}


def _simulate(
    call: Call,
    params: Params,
    identity: list[Named],
    caller: str,
    texts: list[str],
    boundary: Named | None = None,
) -> aws.SimulatePolicyResponse:
    simulation.check_actions(params["ActionNames"])
    bounds = _given(
        "PermissionsBoundaryPolicyInputList", params.get("PermissionsBoundaryPolicyInputList") or []
    )
    if len(bounds) > 1:
        raise InvalidInputException("PermissionsBoundaryPolicyInputList can have only one policy.")
    own = params.get("ResourcePolicy")
    question = Question(
        identity=identity,
        caller=Caller(arn=caller, account=lookup.account_of(caller) or call.account.id),
        resources=params.get("ResourceArns") or ["*"],
        context=simulation.context(params.get("ContextEntries") or []),
        boundary=bounds[0] if bounds else boundary,
        resource_policy=_given("ResourcePolicy", [own], "resource")[0] if own else None,
        resource_account=_owner(params.get("ResourceOwner")),
    )
    actions, rest = listing.page(params["ActionNames"], params, "Simulate")
    values = sum(len(value) if isinstance(value, list) else 1 for value in question.context.values())
    texts = [*texts, *(params.get("PermissionsBoundaryPolicyInputList") or ()), own or ""]
    simulation.check_work(len(actions), len(question.resources), texts, values)
    with call.outside():  # evaluation needs no state and is slow: do not hold up other calls
        return {"EvaluationResults": [simulation.result(question, action) for action in actions], **rest}


def _given(parameter: str, texts: list[str], kind: Kind = "identity") -> list[Named]:
    """The policies of the request, named by their position, as PolicyInputList.1."""
    policies = []
    for number, text in enumerate(texts, 1):
        name = parameter if parameter == "ResourcePolicy" else f"{parameter}.{number}"
        try:
            policies.append((name, documents.compiled(text, kind)))
        except PolicyError as fault:
            raise InvalidInputException(f"{name}: {fault.message}") from None
    return policies


def _source(call: Call, arn: str) -> Principal:
    """The role, user or group that an ARN names."""
    parts = arn.split(":", 5)
    kind, _, path = parts[-1].partition("/")
    if len(parts) != 6 or kind not in _KINDS:
        raise ValidationError(f"Invalid ARN: {arn}")
    name = path.rpartition("/")[2]
    found: dict[str, Principal | None] = {
        "role": call.account.iam.roles.get(name),
        "user": call.account.iam.users.get(name),
        "group": call.account.iam.groups.get(name),
    }
    principal = found[kind]
    if principal is None or principal.arn != arn:
        raise lookup.no_entity(kind, name)
    return principal


def _excluded(found: PrincipalPolicy, identifiers: list[aws.PolicyIdentifier]) -> bool:
    return any(_identified(found, identifier) for identifier in identifiers)


def _identified(found: PrincipalPolicy, identifier: aws.PolicyIdentifier) -> bool:
    """Matches by type, by ARN, or for an inline policy by its name and principal."""
    inline = identifier.get("InlinePolicyIdentifier")
    if inline and found.arn is None:
        owner = _KINDS[inline["AttachmentType"]], inline["AttachmentName"].lower()
        return (*owner, inline["PolicyName"]) == (
            type(found.principal),
            found.principal.name.lower(),
            found.name,
        )
    return identifier.get("PolicyType") == found.kind or (
        found.arn is not None and identifier.get("PolicyArn") == found.arn
    )


def _owner(arn: str | None) -> str | None:
    return simulation.account_of(arn) if arn else None
