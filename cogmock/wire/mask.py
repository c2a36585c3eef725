"""Parameters as others may see them: what the model calls sensitive is hidden."""

from __future__ import annotations

import base64
from typing import Any

HIDDEN = "***"


def masked(value: Any, shape_name: str, shapes: dict[str, Any]) -> Any:
    """A copy fit for JSON. Of a sensitive map or structure the keys stay and the values are hidden."""
    shape = shapes[shape_name]
    if value is None:
        return None
    if shape.get("sensitive"):
        return dict.fromkeys(value, HIDDEN) if isinstance(value, dict) else HIDDEN
    if isinstance(value, dict) and "members" in shape:
        members = shape["members"]
        return {
            name: masked(of, members[name]["shape"], shapes) for name, of in value.items() if name in members
        }
    if isinstance(value, dict) and "value" in shape:
        return {name: masked(of, shape["value"]["shape"], shapes) for name, of in value.items()}
    if isinstance(value, list) and "member" in shape:
        return [masked(of, shape["member"]["shape"], shapes) for of in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
