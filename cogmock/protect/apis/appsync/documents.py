"""GraphQL requests: read from a body or a query string, bounded, parsed and validated against the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from cogmock import foreign_json
from cogmock.protect.apis.appsync.sizes import Sizes
from cogmock.protect.apis.request import ApiRefusal, ApiRequest
from cogmock.wire import graphql_schema

if TYPE_CHECKING:
    from graphql import (
        DocumentNode,
        FragmentDefinitionNode,
        GraphQLError,
        GraphQLSchema,
        OperationDefinitionNode,
    )

MOST_TOKENS = 15000
"""Of a document: the usual bound of graphql-java, which AppSync runs on."""
DEEPEST = 75
"""Levels of fields (AppSync: the greatest queryDepthLimit)."""
DEEPEST_BRACKETS = 200
LONGEST_REMEMBERED = 16384
"""Characters of the documents that are kept once they are validated."""
DEEPEST_INTROSPECTION = 3
"""Lists of an introspection query inside one another; each multiplies the size of the answer."""
MOST_INTROSPECTED = 500
"""Fields of an introspection query; the usual one has about 200 (graphql-java: good faith introspection)."""

_NO_BRACKETS = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*|[^{}()\[\]]', re.DOTALL)
_NAMES = {
    "FieldsOnCorrectTypeRule": "FieldUndefined",
    "FragmentsOnCompositeTypesRule": "FragmentTypeConditionInvalid",
    "KnownArgumentNamesRule": "UnknownArgument",
    "KnownDirectivesRule": "UnknownDirective",
    "KnownFragmentNamesRule": "UndefinedFragment",
    "KnownTypeNamesRule": "UnknownType",
    "NoFragmentCyclesRule": "FragmentCycle",
    "NoUndefinedVariablesRule": "UndefinedVariable",
    "NoUnusedFragmentsRule": "UnusedFragment",
    "NoUnusedVariablesRule": "UnusedVariable",
    "PossibleFragmentSpreadsRule": "InvalidFragmentType",
    "ProvidedRequiredArgumentsRule": "MissingFieldArgument",
    "ValuesOfCorrectTypeRule": "WrongType",
    "VariablesInAllowedPositionRule": "VariableTypeMismatch",
}
"""Rule of graphql-core → what graphql-java calls its violation."""
_FIELD = re.compile(r"Cannot query field '([^']+)' on type '([^']+)'")


TOO_DEEP = f"Query depth limit exceeded: at most {DEEPEST} levels are allowed"


class Invalid(Exception):
    """A document that AppSync answers with errors and no data. `errors` are as it writes them."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Query:
    """A request whose document is valid. `fragments` are those of the document, by name."""

    text: str
    variables: dict[str, Any]
    operation_name: str | None
    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]


def read(request: ApiRequest) -> tuple[str, dict[str, Any], str | None]:
    """Document, variables and the name of the operation. Raises ApiRefusal."""
    content = _content(request)
    text, variables, name = (content.get(key) for key in ("query", "variables", "operationName"))
    if not isinstance(text, str) or not text.strip():
        raise ApiRefusal("malformed", "the request has no text under the key query")
    if variables is not None and not isinstance(variables, dict):
        raise ApiRefusal("malformed", "the variables are no object")
    if name is not None and not isinstance(name, str):
        raise ApiRefusal("malformed", "operationName is no text")
    return text, variables or {}, name or None


def _content(request: ApiRequest) -> dict[str, Any]:
    sent = request.sent
    if sent.method not in {"GET", "POST"}:
        raise ApiRefusal("method", f"{sent.method} is no method of GraphQL")
    try:
        if sent.method == "GET":
            given = {name: values[0] for name, values in parse_qs(sent.query, max_num_fields=100).items()}
            variables = foreign_json.read(given["variables"]) if "variables" in given else None
            return {**given, "variables": variables}
        if not sent.body:
            raise ApiRefusal("malformed", "the body is empty", message="Request body is empty.")
        content = foreign_json.read(sent.body)
    except ValueError as fault:
        raise ApiRefusal("malformed", f"the request cannot be read: {fault}") from None
    if not isinstance(content, dict):
        raise ApiRefusal("malformed", "the body is no object; batches of queries are not taken")
    return content


def parse(schema_text: str, text: str, variables: dict[str, Any], name: str | None) -> Query:
    """The query. Raises ApiRefusal for a text that is no document, Invalid for one that is not valid."""
    known = _remembered if len(text) <= LONGEST_REMEMBERED else _document
    document, fragments = known(schema_text, text)
    operation = _chosen(document, name)
    query = Query(text, variables, name, document, operation, fragments)
    _check_size(query)
    return query


def _document(schema_text: str, text: str) -> tuple[DocumentNode, dict[str, FragmentDefinitionNode]]:
    """A valid document and its fragments by name."""
    import graphql

    _check_brackets(text)
    try:
        document = graphql.parse(text, max_tokens=MOST_TOKENS)
    except graphql.GraphQLError as fault:
        raise ApiRefusal("malformed", f"the document cannot be parsed: {fault.message}") from None
    _validate(graphql_schema.built(schema_text), document)
    definitions = document.definitions
    return document, {
        each.name.value: each for each in definitions if isinstance(each, graphql.FragmentDefinitionNode)
    }


_remembered = lru_cache(maxsize=256)(_document)
"""An application sends the same few documents again and again, and to validate one takes most of a call."""


def error(message: str, node: Any = None) -> dict[str, Any]:
    """An error of the whole document, as AppSync writes it."""
    return {"path": None, "locations": locations(node), "message": message}


def locations(node: Any) -> list[dict[str, Any]] | None:
    place = getattr(node, "loc", None)
    if place is None:
        return None
    start = place.source.get_location(place.start)
    return [{"line": start.line, "column": start.column, "sourceName": None}]


def _check_brackets(text: str) -> None:
    """A parser calls itself for each bracket, so deep texts are refused before."""
    depth = 0
    for sign in _NO_BRACKETS.sub("", text):
        depth += 1 if sign in "{([" else -1
        if depth > DEEPEST_BRACKETS:
            raise ApiRefusal("malformed", f"the document is nested deeper than {DEEPEST_BRACKETS} brackets")


def _validate(schema: GraphQLSchema, document: DocumentNode) -> None:
    """By GraphQL's rules, but for that of overlapping fields: its time grows with the square of their number.

    The server behind applies it, and the parts of an answer are named by response keys here too.
    """
    import graphql

    left_out = {"OverlappingFieldsCanBeMergedRule", "MaxIntrospectionDepthRule"}
    rules = [rule for rule in graphql.specified_rules if rule.__name__ not in left_out]
    faults = graphql.validate(schema, document, rules, max_errors=20)
    if any(
        fault.message == "Validation aborted." for fault in faults
    ):  # newer releases bound chains of fragments
        raise Invalid([error(TOO_DEEP)])
    if faults:
        found = [
            _as_appsync(rule.__name__, fault)
            for rule in rules
            for fault in graphql.validate(schema, document, [rule], max_errors=20)
        ]
        raise Invalid(found[:20])


def _as_appsync(rule: str, fault: GraphQLError) -> dict[str, Any]:
    field = _FIELD.match(fault.message)
    node = next(iter(fault.nodes or ()), None)
    words = f"Field '{field[1]}' in type '{field[2]}' is undefined @ '{field[1]}'" if field else fault.message
    name = _NAMES.get(rule, rule.removesuffix("Rule"))
    return error(f"Validation error of type {name}: {words}", node)


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    import graphql

    operations = [each for each in document.definitions if isinstance(each, graphql.OperationDefinitionNode)]
    if name is None and len(operations) == 1:
        return operations[0]
    found = next((each for each in operations if each.name and each.name.value == name), None)
    if found is None:
        words = (
            f"Unknown operation named '{name}'."
            if name
            else "Must provide operation name if query contains multiple operations."
        )
        raise Invalid([error(words)])
    return found


def _check_size(query: Query) -> None:
    """Raises Invalid."""
    sizes, root = Sizes(query.fragments), query.operation.selection_set
    if sizes.of_all(root).levels > DEEPEST:
        raise Invalid([error(TOO_DEEP)])
    asked = sizes.of_introspection(root)
    if asked.lists > DEEPEST_INTROSPECTION:
        raise Invalid([error("Maximum introspection depth exceeded", query.operation)])
    if asked.fields > MOST_INTROSPECTED:
        words = f"This request is not asking for introspection in good faith: it has {asked.fields} fields"
        raise Invalid([error(words[:200], query.operation)])
