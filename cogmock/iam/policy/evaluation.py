"""Policy evaluation: an explicit deny wins, then each layer must allow (IAM guide: policy evaluation logic)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cogmock.iam.policy.decision import Decision, Layer, Matched
from cogmock.iam.policy.document import Policy, Statement
from cogmock.iam.policy.principals import Grade
from cogmock.iam.policy.request import AccessRequest

Named = tuple[str, Policy]
"""A policy and its name in decisions."""


def evaluate(
    request: AccessRequest,
    identity: Sequence[Named] = (),
    *,
    boundary: Named | None = None,
    session: Sequence[Named] | None = None,
    scopes: Sequence[Named] = (),
    resource: Named | None = None,
) -> Decision:
    """A boundary or session of None sets no limit. An empty session list allows nothing.

    Of session policies one must allow the request, of scope-down policies, whose names differ, each.
    """
    layers: dict[Layer, Sequence[Named]] = {"identity": identity}
    if boundary is not None:
        layers["boundary"] = [boundary]
    if session is not None:
        layers["session"] = session
    if scopes:
        layers["scope"] = scopes
    if resource is not None:
        layers["trust" if resource[1].kind == "trust" else "resource"] = [resource]
    allows, denies = _matches(request, layers)
    limits = None if boundary is None else _any_in("boundary", allows) and not _any_in("boundary", denies)
    if denies:
        return Decision("explicitDeny", tuple(denies), denies[0].layer, limits, request, layers)
    refusing = _silent_layer(request, layers, allows)
    if refusing:
        return Decision("implicitDeny", (), refusing, limits, request, layers)
    granting = tuple(match for match in allows if match.layer not in ("boundary", "session", "scope"))
    return Decision("allowed", granting, None, limits, request, layers)


def _matches(
    request: AccessRequest, layers: dict[Layer, Sequence[Named]]
) -> tuple[list[Matched], list[Matched]]:
    allows: list[Matched] = []
    denies: list[Matched] = []
    for layer, policies in layers.items():
        for name, policy in policies:
            for statement, grade in applicable(policy.statements, request):
                found = allows if statement.effect == "Allow" else denies
                found.append(Matched(name, layer, statement, grade))
    return allows, denies


def applicable(statements: Iterable[Statement], request: AccessRequest) -> Iterator[tuple[Statement, Grade]]:
    action, resource, context = request.folded_action, request.resource, request.folded_context
    for statement in statements:
        if statement.actions.match(action, context) is statement.negated_actions:
            continue
        if (
            statement.resources is not None
            and statement.resources.match(resource, context) is statement.negated_resources
        ):
            continue
        grade = named(statement, request)
        if grade and all(condition.holds(context) for condition in statement.conditions):
            yield statement, grade


def named(statement: Statement, request: AccessRequest) -> Grade:
    """Identity policies have no Principal; they apply to the principal they are attached to."""
    if statement.principals is None:
        return Grade.DIRECT
    grade = statement.principals.grade(request.caller)
    if statement.negated_principals:
        return Grade.NOT_NAMED if grade else Grade.DIRECT
    return grade


def _any_in(layer: Layer, matches: Iterable[Matched]) -> bool:
    return any(match.layer == layer for match in matches)


def _silent_layer(
    request: AccessRequest, layers: dict[Layer, Sequence[Named]], allows: list[Matched]
) -> Layer | None:
    """The layer that does not allow the request; None if it is allowed."""
    scoped = {match.policy for match in allows if match.layer == "scope"}
    if any(name not in scoped for name, _ in layers.get("scope", ())):
        return "scope"  # inferred: also where a resource's policy names the session
    side: Layer = "trust" if "trust" in layers else "resource"
    grade = max((match.grade for match in allows if match.layer == side), default=Grade.NOT_NAMED)
    must_grant = side == "trust" or request.crosses_accounts or request.folded_action.startswith("kms:")
    if not grade and (request.crosses_accounts or (side in layers and must_grant)):
        return side
    if grade is Grade.DIRECT and not request.crosses_accounts:
        return None
    own = grade is Grade.ROLE and not request.crosses_accounts
    if not own and not _any_in("identity", allows):
        return "identity"
    limits: tuple[Layer, ...] = ("boundary", "session")
    return next((layer for layer in limits if layer in layers and not _any_in(layer, allows)), None)
