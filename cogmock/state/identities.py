"""The federated identities of a user in AWS's two forms: an attribute of the user and a claim of ID tokens."""

from __future__ import annotations

import json
from typing import Any

from cogmock.state.user import User


def as_attribute(user: User) -> str | None:
    """The value of the attribute `identities`; None for a user who has none."""
    return json.dumps(user.identities, separators=(",", ":"), ensure_ascii=False) if user.identities else None


def as_claim(user: User) -> list[dict[str, Any]] | None:
    """The claim `identities` of an ID token, in which dates and booleans are strings; None for a user who has none."""
    if not user.identities:
        return None
    return [
        entry | {"primary": str(entry["primary"]).lower(), "dateCreated": str(entry["dateCreated"])}
        for entry in user.identities
    ]
