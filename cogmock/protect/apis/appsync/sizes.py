"""How large a query is once its fragments are written out: bounds that the text alone does not give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from graphql import FragmentDefinitionNode, SelectionSetNode

LISTS = frozenset(("fields", "interfaces", "possibleTypes", "inputFields"))
"""Fields of an introspection query whose answers are long."""


class Size(NamedTuple):
    """Levels of fields, LISTS inside one another, and all fields."""

    levels: int = 0
    lists: int = 0
    fields: int = 0

    def beside(self, other: Size) -> Size:
        return Size(max(self.levels, other.levels), max(self.lists, other.lists), self.fields + other.fields)


class Sizes:
    """Each fragment is measured once, however often it is spread. None may be in itself."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Size] = {}

    def of_all(self, selections: SelectionSetNode | None) -> Size:
        whole = Size()
        for each in selections.selections if selections else ():
            whole = whole.beside(self._of(each))
        return whole

    def of_introspection(self, selections: SelectionSetNode) -> Size:
        """Of the fields `__schema` and `__type` alone, which are at the root."""
        whole = Size()
        each: Any
        for each in selections.selections:
            if each.kind == "field":
                asked = each.name.value in {"__schema", "__type"}
                whole = whole.beside(self._of(each)) if asked else whole
            else:
                whole = whole.beside(self.of_introspection(self._inside(each)))
        return whole

    def _of(self, each: Any) -> Size:
        if each.kind == "fragment_spread":
            name = each.name.value
            if name not in self._known:
                self._known[name] = self.of_all(self._inside(each))
            return self._known[name]
        inner = self.of_all(each.selection_set)
        if each.kind == "inline_fragment":
            return inner
        return Size(inner.levels + 1, inner.lists + (each.name.value in LISTS), inner.fields + 1)

    def _inside(self, each: Any) -> SelectionSetNode:
        found: SelectionSetNode = (
            self._fragments[each.name.value].selection_set
            if each.kind == "fragment_spread"
            else each.selection_set
        )
        return found
