"""Puts an answer together: what the server behind said, nulls for what was refused, and the errors about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cogmock.protect.apis.appsync import documents
from cogmock.protect.apis.appsync.pruning import Pruned
from cogmock.protect.apis.request import ApiRefusal

if TYPE_CHECKING:
    from graphql import GraphQLObjectType

Path = list[str | int]


class _Null(Exception):
    """A field that must not be null has no value, so the object that it is in has none either."""


class Completion:
    """Follows the selections of the query as it was sent. Nothing that was not asked for gets into the answer."""

    def __init__(self, pruned: Pruned, introspected: dict[str, Any]) -> None:
        self._query = pruned.query
        self._rules = pruned.rules
        self._root = pruned.root
        self._marker = pruned.marker
        self._introspected = introspected
        self.errors: list[dict[str, Any]] = []

    def data(self, answered: dict[str, Any]) -> dict[str, Any] | None:
        """The member `data`. Fills `errors`."""
        try:
            return self._object(self._root, [self._query.operation.selection_set], answered, [])
        except _Null:
            return None

    def _object(
        self, kind: GraphQLObjectType, selections: list[Any], value: dict[str, Any], path: Path
    ) -> dict[str, Any]:
        collected: dict[str, list[Any]] = {}
        for each in selections:
            self._collect(kind, each, collected, set())
        return {
            key: self._field(kind, nodes, value.get(key), [*path, key]) for key, nodes in collected.items()
        }

    def _collect(
        self, kind: GraphQLObjectType, selections: Any, collected: dict[str, list[Any]], seen: set[str]
    ) -> None:
        """The fields that count for an object of a type, by response key (GraphQL specification: CollectFields)."""
        for each in selections.selections:
            if not self._is_included(each):
                continue
            if each.kind == "field":
                key = (each.alias or each.name).value
                collected.setdefault(key, []).append(each)
                continue
            if each.kind == "fragment_spread":
                if each.name.value in seen:
                    continue
                seen.add(each.name.value)
            fragment = self._query.fragments[each.name.value] if each.kind == "fragment_spread" else each
            if self._applies(fragment.type_condition, kind):
                self._collect(kind, fragment.selection_set, collected, seen)

    def _is_included(self, node: Any) -> bool:
        given = {
            each.name.value: each for each in node.directives or () if each.name.value in {"skip", "include"}
        }
        return not ("skip" in given and self._holds(given["skip"])) and (
            "include" not in given or self._holds(given["include"])
        )

    def _holds(self, directive: Any) -> bool:
        value = directive.arguments[0].value
        if value.kind != "variable":
            return bool(value.value)
        name = value.name.value
        if name in self._query.variables:
            return self._query.variables[name] is True
        stated = next(
            (
                each
                for each in self._query.operation.variable_definitions or ()
                if each.variable.name.value == name
            ),
            None,
        )
        return bool(
            stated is not None
            and stated.default_value is not None
            and getattr(stated.default_value, "value", False)
        )

    def _applies(self, condition: Any, kind: GraphQLObjectType) -> bool:
        import graphql

        if condition is None or condition.name.value == kind.name:
            return True
        named = self._rules.schema.get_type(condition.name.value)
        return graphql.is_abstract_type(named) and self._rules.schema.is_sub_type(named, kind)

    def _field(self, kind: GraphQLObjectType, nodes: list[Any], value: Any, path: Path) -> Any:
        name = nodes[0].name.value
        if name == "__typename":
            return kind.name
        if name.startswith("__"):
            return self._introspected.get(str(path[-1]))
        of = kind.fields[name].type
        refused = next((node for node in nodes if self._rules.refusal(kind, node.name.value)), None)
        if refused is not None:
            self.errors.append(_unauthorized(kind.name, refused, path))
            value = None
        return self._value(of, nodes, value, path, kind)

    def _value(self, of: Any, nodes: list[Any], value: Any, path: Path, parent: GraphQLObjectType) -> Any:
        import graphql

        if graphql.is_non_null_type(of):
            found = self._value(of.of_type, nodes, value, path, parent)
            if found is None:
                self._tell_null(of, path, parent)
                raise _Null
            return found
        if value is None:
            return None
        try:
            return self._present(of, nodes, value, path, parent)
        except _Null:
            return None

    def _present(self, of: Any, nodes: list[Any], value: Any, path: Path, parent: GraphQLObjectType) -> Any:
        import graphql

        if graphql.is_list_type(of):
            if not isinstance(value, list):
                raise _wrong(path, "is no list")
            return [
                self._value(of.of_type, nodes, each, [*path, at], parent) for at, each in enumerate(value)
            ]
        if graphql.is_leaf_type(of):
            return value
        if not isinstance(value, dict):
            raise _wrong(path, "is no object")
        selections = [node.selection_set for node in nodes if node.selection_set]
        return self._object(self._runtime(of, value, path), selections, value, path)

    def _runtime(self, of: Any, value: dict[str, Any], path: Path) -> GraphQLObjectType:
        """The type of an object; for an interface or union it was asked for under the marker."""
        import graphql

        if isinstance(of, graphql.GraphQLObjectType):
            return of
        named = value.get(self._marker)
        found = next((each for each in self._rules.schema.get_possible_types(of) if each.name == named), None)
        if found is None:
            raise _wrong(path, f"is of the type {named!r}, which is no {of.name}")
        return found

    def _tell_null(self, of: Any, path: Path, parent: GraphQLObjectType) -> None:
        where = "".join(f"[{each}]" if isinstance(each, int) else f"/{each}" for each in path)
        words = f"Cannot return null for non-nullable type: '{of.of_type}' within parent '{parent.name}' ({where})"
        self.errors.append({"path": path, "locations": None, "message": words})


def _unauthorized(kind: str, node: Any, path: Path) -> dict[str, Any]:
    """AppSync's error about a field that a caller may not read."""
    return {
        "path": path,
        "data": None,
        "errorType": "Unauthorized",
        "errorInfo": None,
        "locations": documents.locations(node),
        "message": f"Not Authorized to access {node.name.value} on type {kind}",
    }


def _wrong(path: Path, what: str) -> ApiRefusal:
    at = ".".join(map(str, path))
    return ApiRefusal("unreachable", f"the answer of the server behind does not fit the schema: {at} {what}")


def paths(errors: list[dict[str, Any]]) -> Iterator[str]:
    """The paths of errors, for the journal."""
    return (".".join(map(str, each["path"])) for each in errors if each.get("path"))
