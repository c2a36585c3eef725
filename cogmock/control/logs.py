"""Lists what Cognito would have written to CloudWatch Logs."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, iso, parameters
from cogmock.core.world import World


def list_events(world: World, request: ControlRequest) -> dict[str, Any]:
    """Oldest first. `log_group` and `stream` narrow the list."""
    query = parameters(request, "log_group", "stream")
    found = world.cloudwatch.events(query.get("log_group"), query.get("stream"))
    return {
        "events": [
            {
                "log_group": event.log_group,
                "stream": event.stream,
                "timestamp": iso(event.timestamp),
                "message": event.message,
            }
            for event in found
        ]
    }
