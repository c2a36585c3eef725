"""A mail as a mail server gets it: its headers and its body."""

from __future__ import annotations

from email.errors import MessageError

from cogmock.control.requests import (
    ControlError,
    ControlRequest,
    ControlResponse,
    invalid,
    parameters,
    whole_number,
)
from cogmock.core.outbox import Message
from cogmock.core.world import World

NOT_WRITTEN = (ValueError, LookupError, MessageError, AttributeError, TypeError)
"""What Python's `email` raises for addresses and texts that no mail can have; some of it by its own faults."""


def read(world: World, request: ControlRequest) -> ControlResponse:
    """The mail `id` as RFC 5322 defines mails, as --smtp-url and --outbox hand it on. Raises ControlError."""
    number = whole_number(parameters(request, "id"), "id")
    if not number:
        raise invalid("'id' must be given: the number of a message.")
    found = next((each for each in world.outbox.messages if each.id == number), None)
    if found is None:
        raise ControlError(404, "NotFound", f"There is no message {number}; perhaps it was deleted.")
    if found.medium != "EMAIL":
        raise invalid(f"Message {number} is no e-mail: it has no headers. GET /_cogmock/messages shows it.")
    return ControlResponse(_written(found), "message/rfc822")


def _written(message: Message) -> bytes:
    from cogmock.core import delivery

    try:
        return delivery.mail(message).as_bytes()
    except NOT_WRITTEN as fault:
        raise invalid(f"Message {message.id} cannot be written as a mail: {fault}") from None
