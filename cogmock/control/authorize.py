"""Decides whether temporary credentials allow an action."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, document, invalid, text
from cogmock.core.world import World
from cogmock.iam.sessions import authorize

SCALARS = (str, int, float, bool)
LONGEST = 2048
"""Characters of a resource, as IAM's own simulator takes them, and of each value of the context."""
MOST_VALUES = 200
"""Values of the context. AWS names no limit; this one bounds the time of a decision."""


def decide(world: World, request: ControlRequest) -> dict[str, Any]:
    """`context` adds condition keys; those that the session itself has cannot be overridden."""
    content = document(
        request, "access_key_id", "secret_access_key", "session_token", "action", "resource", "context"
    )
    optional = {
        name: text(content, name) for name in ("secret_access_key", "session_token") if name in content
    }
    return authorize.authorize(
        world,
        access_key_id=text(content, "access_key_id"),
        action=action_of(text(content, "action")),
        resource=short(text(content, "resource"), "resource"),
        context=context_of(content.get("context", {})),
        **optional,
    )


def short(value: str, name: str) -> str:
    if len(value) > LONGEST:
        raise invalid(f"{name!r} has {len(value)} characters; at most {LONGEST} are allowed.")
    return value


def action_of(action: str) -> str:
    service, _, name = action.partition(":")
    if not service or not name or len(action) > 256 or any(sign in action for sign in "*? "):
        raise invalid("'action' must be one action of a service, for example s3:GetObject.")
    return action


def context_of(context: Any) -> dict[str, Any]:
    if not isinstance(context, dict):
        raise invalid("'context' must be an object: condition key → value, or list of values.")
    count = 0
    for key, value in context.items():
        several = value if isinstance(value, list) else [value]
        if not all(isinstance(each, SCALARS) for each in several):
            raise invalid(f"'context': {key!r} must be a string, a number, a boolean, or a list of them.")
        for each in (key, *map(str, several)):
            short(each, "context")
        count += len(several)
    if count > MOST_VALUES:
        raise invalid(f"'context' has {count} values; at most {MOST_VALUES} are allowed.")
    return context
