"""Who may read a field: by the directives of the schema, by groups, and for signed requests by policies of IAM.

AppSync developer guide: authorization. The directives of a field stand in place of those of its type; a field with
neither is open to the default mode of the API alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cogmock.iam.policy import Decision
from cogmock.protect.apis import tokens
from cogmock.protect.apis.tokens import Claims
from cogmock.protect.callers import Caller
from cogmock.protect.request import RequiredAction
from cogmock.state.api import GuardedApi
from cogmock.wire import arns

if TYPE_CHECKING:
    from graphql import GraphQLObjectType, GraphQLSchema

ACTION = "appsync:GraphQL"
POOLS = frozenset(("aws_auth", "aws_cognito_user_pools"))
DIRECTIVES = POOLS | {"aws_iam", "aws_api_key", "aws_oidc", "aws_lambda"}


@dataclass(slots=True)
class Rules:
    """The verdicts for one caller: `claims` of a token, or the signer of the request."""

    api: GuardedApi
    schema: GraphQLSchema
    claims: Claims | None = None
    caller: Caller | None = None
    _known: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @property
    def mode(self) -> str:
        return "cognito" if self.caller is None else "iam"

    def refusal(self, kind: GraphQLObjectType, name: str) -> str | None:
        """Why this caller may not read a field of a type; None where it may."""
        if name.startswith("__"):
            return None
        key = kind.name, name
        if key not in self._known:
            self._known[key] = self._by_directives(kind, name) or self._by_policies(kind, name)
        return self._known[key]

    def _by_directives(self, kind: GraphQLObjectType, name: str) -> str | None:
        directives = effective(kind, name)
        if not directives:
            default = self.api.authorizers[0]
            return None if self.mode == default else f"{kind.name}.{name} is open to the mode {default} alone"
        if self.caller is not None:
            fits = any(each.name.value == "aws_iam" for each in directives)
            return None if fits else f"{kind.name}.{name} has no @aws_iam"
        named = [groups for each in directives if each.name.value in POOLS for groups in [_groups(each)]]
        if not named:
            return f"{kind.name}.{name} has no @aws_cognito_user_pools"
        own = set(tokens.groups(self.claims or {}))
        if any(groups is None or own & set(groups) for groups in named):
            return None
        wanted = ", ".join(dict.fromkeys(each for groups in named for each in groups or ()))
        return (
            f"{kind.name}.{name} is for the groups {wanted}; the token has {', '.join(sorted(own)) or 'none'}"
        )

    def _by_policies(self, kind: GraphQLObjectType, name: str) -> str | None:
        """Fields of Query, Mutation and Subscription must be allowed.

        # inferred: other fields are read through an allowed one. They are refused by an explicit deny, and where an
        # allowing statement names fields of their type, but not them.
        """
        if self.caller is None:
            return None
        decision = self.caller.decide(RequiredAction(ACTION, self.arn(kind.name, name)))
        if decision.allowed:
            return None
        roots = (self.schema.query_type, self.schema.mutation_type, self.schema.subscription_type)
        if kind in roots or decision.decision == "explicitDeny" or _names_type(decision, kind.name):
            return decision.explain()
        return None

    def arn(self, kind: str, name: str) -> str:
        api = self.api
        return arns.arn("appsync", api.region, api.account, f"apis/{api.id}/types/{kind}/fields/{name}")


def effective(kind: GraphQLObjectType, name: str) -> Sequence[Any]:
    """The directives that count for a field: its own, else its type's, else those of its interfaces, likewise."""
    for owner in (kind, *kind.interfaces):
        stated = owner.fields.get(name)
        for nodes in (
            [stated.ast_node] if stated else [],
            [owner.ast_node, *(owner.extension_ast_nodes or ())],
        ):
            found = [
                each
                for node in nodes
                if node
                for each in node.directives or ()
                if each.name.value in DIRECTIVES
            ]
            if found:
                return found
    return ()


def _groups(directive: Any) -> list[str] | None:
    """The groups that a directive names; None where it names none."""
    for argument in directive.arguments or ():
        if argument.name.value == "cognito_groups":
            values = getattr(argument.value, "values", [argument.value])
            return [str(getattr(each, "value", "")) for each in values]
    return None


def _names_type(decision: Decision, kind: str) -> bool:
    return any(
        f"/types/{kind}/" in written
        for miss in decision.near_misses()
        if miss.statement.effect == "Allow" and miss.statement.resources
        for written in miss.statement.resources.written
    )
