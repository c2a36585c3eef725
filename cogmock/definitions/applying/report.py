"""What applying a document changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["created", "updated", "unchanged", "deleted"]


@dataclass(slots=True)
class Change:
    """One resource. `fields` names what differs, for `updated`."""

    kind: str
    id: str
    name: str
    change: Kind
    fields: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "change": self.change,
            "fields": self.fields,
        }


@dataclass(slots=True)
class Report:
    """All resources of a document, in the order in which they were applied."""

    changes: list[Change] = field(default_factory=list)

    @property
    def summary(self) -> dict[str, int]:
        counts = {"created": 0, "updated": 0, "unchanged": 0, "deleted": 0}
        for change in self.changes:
            counts[change.change] += 1
        return counts

    def as_json(self) -> dict[str, Any]:
        return {"changes": [change.as_json() for change in self.changes], "summary": self.summary}
