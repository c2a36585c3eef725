"""What temporary credentials may do."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, document, invalid, text
from cogmock.core.world import World
from cogmock.iam.sessions import authorize

SCALARS = (str, int, float, bool)


def decide(world: World, request: ControlRequest) -> dict[str, Any]:
    """`context` adds condition keys, and never overrides the session's own."""
    content = document(
        request, "access_key_id", "secret_access_key", "session_token", "action", "resource", "context"
    )
    optional = {
        name: text(content, name) for name in ("secret_access_key", "session_token") if name in content
    }
    return authorize.authorize(
        world,
        access_key_id=text(content, "access_key_id"),
        action=_action(text(content, "action")),
        resource=text(content, "resource"),
        context=_context(content.get("context", {})),
        **optional,
    )


def _action(action: str) -> str:
    service, _, name = action.partition(":")
    if not service or not name or any(sign in action for sign in "*? "):
        raise invalid("'action' must be one action of a service, for example s3:GetObject.")
    return action


def _context(context: Any) -> dict[str, Any]:
    if not isinstance(context, dict):
        raise invalid("'context' must be an object: condition key → value, or list of values.")
    for key, value in context.items():
        several = value if isinstance(value, list) else [value]
        if not all(isinstance(of, SCALARS) for of in several):
            raise invalid(f"'context': {key!r} must be a string, a number, a boolean, or a list of them.")
    return context
