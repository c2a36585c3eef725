"""Lists and deletes the messages that were sent, with their codes and links."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, invalid, iso, parameters, seconds, whole_number
from cogmock.core.outbox import Message
from cogmock.core.world import World

LONGEST_WAIT = 300.0


def list_messages(world: World, request: ControlRequest) -> dict[str, Any]:
    """Holds no lock while it waits. `username` also matches the address, as usernames are often UUIDs."""
    query = parameters(
        request, "user_pool_id", "username", "destination", "after", "before", "id", "limit", "wait"
    )
    after, before, one = (whole_number(query, name) for name in ("after", "before", "id"))
    limit = whole_number(query, "limit")
    wait = seconds(query.get("wait", 0), "wait")
    if wait < 0:
        raise invalid("'wait' must not be negative.")
    pool_id, username, destination = (query.get(name) for name in ("user_pool_id", "username", "destination"))

    def wanted(message: Message) -> bool:
        return (
            message.id > after
            and (not before or message.id < before)
            and one in {0, message.id}
            and pool_id in {None, message.user_pool_id}
            and username in {None, message.username, message.destination}
            and destination in {None, message.destination}
        )

    found = world.outbox.wait(wanted, min(wait, LONGEST_WAIT))
    return {"messages": [described(message) for message in found[-limit:]]}


def described(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "user_pool_id": message.user_pool_id,
        "username": message.username,
        "medium": message.medium,
        "destination": message.destination,
        "subject": message.subject,
        "body": message.body,
        "code": message.code,
        "link": message.link,
        "trigger_source": message.trigger_source,
        "sent_at": iso(message.sent_at),
    }


def empty_messages(world: World, request: ControlRequest) -> dict[str, Any]:
    parameters(request)
    with world.lock:
        world.outbox.clear()
    return {"messages": []}
