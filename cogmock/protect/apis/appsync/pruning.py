"""Cuts from a query what its caller may not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogmock.protect.apis.appsync.documents import Query
from cogmock.protect.apis.appsync.rules import Rules

if TYPE_CHECKING:
    from graphql import GraphQLNamedType, GraphQLObjectType

MARKER = "guardedType"


class Pruned:
    """The query without the fields that are refused.

    A field of an interface or union may be refused for some of its types only: it is then asked for the others, each in
    a fragment of its own. Objects of such types are asked for their type, under the response key `marker`.
    """

    def __init__(self, query: Query, rules: Rules) -> None:
        self.query = query
        self.rules = rules
        self.refused: dict[str, str] = {}
        """`Type.field` → the reason."""
        self.introspects = False
        self.marker = _unused(query.text)
        self._fragments: dict[str, Any] = {}
        root = rules.schema.get_root_type(query.operation.operation)
        assert root is not None  # noqa: S101 - the document is valid
        self.root: GraphQLObjectType = root
        self._selections = self._within(query.operation.selection_set, root)

    @property
    def is_whole(self) -> bool:
        """Whether everything goes to the server behind, as it was sent."""
        operations = len(self.query.document.definitions) - len(self.query.fragments)
        return not self.refused and not self.introspects and operations == 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to ask."""
        return not self._selections

    def text(self) -> tuple[str, dict[str, Any]]:
        """The document that is left, and the variables that it uses."""
        import graphql

        used = set(_variables([self._selections, *self._fragments.values(), self.query.operation.directives]))
        operation = self.query.operation
        declared = [each for each in operation.variable_definitions or () if each.variable.name.value in used]
        left = _with(operation, variable_definitions=tuple(declared), selection_set=_set(self._selections))
        document = graphql.DocumentNode(definitions=(left, *self._fragments.values()))
        variables = {name: value for name, value in self.query.variables.items() if name in used}
        return graphql.print_ast(document), variables

    def _within(self, selections: Any, parent: GraphQLNamedType) -> list[Any]:
        return [left for each in selections.selections for left in self._one(each, parent)]

    def _one(self, each: Any, parent: GraphQLNamedType) -> list[Any]:
        if each.kind == "field":
            return self._field(each, parent)
        if each.kind == "fragment_spread":
            self._spread(each.name.value)
            return [each]
        inner = self._within(each.selection_set, self._condition(each) or parent)
        return [_with(each, selection_set=_set(inner))] if inner else []

    def _condition(self, fragment: Any) -> GraphQLNamedType | None:
        named = fragment.type_condition
        return self.rules.schema.get_type(named.name.value) if named else None

    def _spread(self, name: str) -> None:
        """A fragment is never left empty: the places where it is spread need not be looked for then."""
        if name in self._fragments:
            return
        definition = self.query.fragments[name]
        self._fragments[name] = definition  # the document is valid, so no fragment is in itself
        parent = self._condition(definition)
        assert parent is not None  # noqa: S101 - the document is valid
        inner = self._within(definition.selection_set, parent)
        self._fragments[name] = _with(definition, selection_set=_set(inner or [self._mark()]))

    def _field(self, node: Any, parent: GraphQLNamedType) -> list[Any]:
        name = node.name.value
        if name == "__typename":
            return [node]
        if name.startswith("__"):
            self.introspects = True
            return []
        kinds = self._possible(parent)
        open_to = [kind for kind in kinds if self._may(kind, name)]
        if not open_to:
            return []
        left = self._asked(node, parent, name)
        return [left] if len(open_to) == len(kinds) else [_fragment(kind.name, left) for kind in open_to]

    def _may(self, kind: GraphQLObjectType, name: str) -> bool:
        reason = self.rules.refusal(kind, name)
        if reason is not None:
            self.refused.setdefault(f"{kind.name}.{name}", reason)
        return reason is None

    def _asked(self, node: Any, parent: Any, name: str) -> Any:
        """The field with what is left of its selections."""
        import graphql

        if node.selection_set is None:
            return node
        kind = graphql.get_named_type(parent.fields[name].type)
        inner = self._within(node.selection_set, kind)
        if graphql.is_abstract_type(kind) or not inner:
            inner = [self._mark(), *inner]
        return _with(node, selection_set=_set(inner))

    def _possible(self, parent: Any) -> list[GraphQLObjectType]:
        import graphql

        return (
            list(self.rules.schema.get_possible_types(parent))
            if graphql.is_abstract_type(parent)
            else [parent]
        )

    def _mark(self) -> Any:
        import graphql

        alias, name = (graphql.NameNode(value=value) for value in (self.marker, "__typename"))
        return graphql.FieldNode(alias=alias, name=name, arguments=(), directives=(), selection_set=None)


def _fragment(kind: str, field: Any) -> Any:
    import graphql

    named = graphql.NamedTypeNode(name=graphql.NameNode(value=kind))
    return graphql.InlineFragmentNode(type_condition=named, directives=(), selection_set=_set([field]))


def _set(selections: list[Any]) -> Any:
    import graphql

    return graphql.SelectionSetNode(selections=tuple(selections))


def _with(node: Any, **changes: Any) -> Any:
    """A copy of a node with other members: nodes do not change."""
    return type(node)(**{key: getattr(node, key, None) for key in node.keys} | changes)


def _variables(nodes: Any) -> Any:
    """The names of all variables in some nodes."""
    for node in nodes or ():
        if isinstance(node, list | tuple):
            yield from _variables(node)
        elif getattr(node, "kind", "") == "variable":
            yield node.name.value
        elif hasattr(node, "keys"):
            members = (
                getattr(node, key, None) for key in node.keys if key not in {"loc", "variable_definitions"}
            )
            yield from _variables(
                [each for each in members if each is not None and not isinstance(each, str | bool)]
            )


def _unused(text: str) -> str:
    """A response key that the query does not have."""
    name = MARKER
    while name in text:
        name += "_"
    return name
