"""Introspection queries, answered from the schema: the server behind may have another one."""

from __future__ import annotations

from typing import Any

from cogmock.protect.apis.appsync import documents
from cogmock.protect.apis.appsync.documents import Invalid, Query
from cogmock.protect.apis.appsync.rules import Rules


def answered(query: Query, rules: Rules) -> dict[str, Any]:
    """Response key → value, for the fields `__schema` and `__type` of a query. Raises Invalid where it is off."""
    import graphql

    selections = _only(query, query.operation.selection_set.selections)
    if not rules.api.introspection:
        name = "__schema"
        raise Invalid(
            [
                documents.error(
                    f"Validation error of type FieldUndefined: Field '{name}' in type 'Query' is undefined @ '{name}'",
                    query.operation,
                )
            ]
        )
    operation = graphql.OperationDefinitionNode(
        operation=query.operation.operation,
        name=None,
        variable_definitions=query.operation.variable_definitions,
        directives=(),
        selection_set=graphql.SelectionSetNode(selections=tuple(selections)),
    )
    document = graphql.DocumentNode(definitions=(operation, *query.fragments.values()))
    result = graphql.execute_sync(rules.schema, document, variable_values=query.variables)
    if result.errors:
        raise Invalid([documents.error(result.errors[0].message, query.operation)])
    return result.data or {}


def _only(query: Query, selections: Any) -> list[Any]:
    """The introspection fields of the root, with the fragments around them written out."""
    import graphql

    found = []
    for each in selections:
        if each.kind == "field":
            if each.name.value in {"__schema", "__type"}:
                found.append(each)
            continue
        fragment = query.fragments[each.name.value] if each.kind == "fragment_spread" else each
        inner = _only(query, fragment.selection_set.selections)
        if inner:
            found.append(
                graphql.InlineFragmentNode(
                    type_condition=fragment.type_condition,
                    directives=each.directives,
                    selection_set=graphql.SelectionSetNode(selections=tuple(inner)),
                )
            )
    return found
