"""Masks parameters that the model marks as sensitive."""

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
            name: masked(item, members[name]["shape"], shapes)
            for name, item in value.items()
            if name in members
        }
    if isinstance(value, dict) and "value" in shape:
        return {name: masked(item, shape["value"]["shape"], shapes) for name, item in value.items()}
    if isinstance(value, list) and "member" in shape:
        return [masked(item, shape["member"]["shape"], shapes) for item in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
