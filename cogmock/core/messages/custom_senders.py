"""Custom sender triggers: functions that deliver messages themselves and get the code encrypted."""

from __future__ import annotations

import base64
import json
import threading
import time
from html import escape
from typing import Any

from cogmock.core import log_delivery
from cogmock.core.call import Call
from cogmock.core.functions import invoke
from cogmock.core.functions.failures import Failure, NotInvocable
from cogmock.core.journal import Invocation
from cogmock.core.messages.letter import Letter
from cogmock.core.triggers import events
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

SENDERS = {"EMAIL": "CustomEmailSender", "SMS": "CustomSMSSender"}
TYPES = {"EMAIL": "customEmailSenderRequestV1", "SMS": "customSMSSenderRequestV1"}
GRACE = 0.25
"""Seconds that a call waits for a sender, so that a test sees the effect of a fast one. AWS does not wait."""


def takes(pool: UserPool, medium: str) -> bool:
    """Whether a function delivers the messages of this medium."""
    return events.has(pool, SENDERS[medium])


def send(call: Call, pool: UserPool, user: User, letter: Letter, attributes: dict[str, str]) -> None:
    """Starts the function. A failure is logged and not raised. Raises CodeDeliveryFailureException without the SDK."""
    source = f"{SENDERS[letter.medium]}_{letter.source}"
    event = events.event_of(call, pool, source, user.name, letter.client_id)
    event["request"] = {
        "type": TYPES[letter.medium],
        "code": _encrypted(call, pool, letter.code),
        "clientMetadata": letter.metadata or None,
        "userAttributes": attributes,
    }
    _start(call, pool, events.begin(call, pool, source, event), event)


def _encrypted(call: Call, pool: UserPool, code: str) -> str:
    """Temporary passwords are escaped before they are encrypted, as AWS does; codes are digits."""
    from cogmock.core.messages import code_encryption

    key = (pool.settings.get("LambdaConfig") or {}).get("KMSKeyID") or ""
    message = code_encryption.encrypt(call, pool, key, escape(code))
    return base64.b64encode(message).decode()


def _start(call: Call, pool: UserPool, record: Invocation, event: dict[str, Any]) -> None:
    request_id = call.world.entropy.uuid()
    ended = threading.Event()
    began = time.perf_counter()

    def done(failure: Failure | None) -> None:
        record.duration_ms = (time.perf_counter() - began) * 1000
        record.outcome = type(failure).__name__ if failure else "ok"
        record.detail = str(failure) if failure else None
        events.log_ended(call, pool, record)
        if failure:
            log_delivery.message_failed(call.world, pool, f"{record.source} failed: {failure}")
        ended.set()

    try:
        found = invoke.find(call.world, record.function)
    except NotInvocable as failure:
        done(failure)
        return
    record.place = found.place
    with call.outside():
        invoke.send(found, json.dumps(event).encode(), request_id, done)
        ended.wait(GRACE)
