"""Mails that tell a user of a risky sign-in, by the templates of NotifyConfiguration."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from cogmock.core.call import Call
from cogmock.core.messages import compose, custom_senders
from cogmock.core.messages.letter import Letter
from cogmock.core.outbox import Message
from cogmock.core.triggers import events
from cogmock.errors import AwsError
from cogmock.state.risk import AuthEvent
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

SOURCE = "AccountTakeOverNotification"
"""The last part of the trigger source (AWS dev guide: Custom email sender Lambda trigger)."""
PLACES = re.compile(
    r"\{(username|ip-address|city|country|login-time|device-name|one-click-link-valid|one-click-link-invalid"
    r"|event-id|feedback-token)\}"
)
DEFAULTS = {
    "BlockEmail": ("Blocked sign-in attempt", "A sign-in to your account was blocked."),
    "MfaEmail": ("New sign-in attempt", "A sign-in to your account needed a second factor."),
    "NoActionEmail": ("New sign-in attempt", "There was a sign-in to your account that looks unusual."),
}
"""Template → subject and first sentence where the pool has none of its own."""
DETAILS = (
    "<p>Time: {login-time}<br>Device: {device-name}<br>Address: {ip-address}</p>"
    '<p>Was it you? <a href="{one-click-link-valid}">Yes</a> · <a href="{one-click-link-invalid}">No</a></p>'
)
PAGE = "/userFeedback"
"""inferred: the path; AWS does not document it."""

log = logging.getLogger("cogmock.messages")


def send(
    call: Call, pool: UserPool, user: User, event: AuthEvent, settings: dict[str, Any], template: str
) -> None:
    """Sends the mail of a template, or has the pool's own function send it. A failure is only logged.

    May release the world's lock: look everything up again afterwards.
    """
    notify = (settings.get("AccountTakeoverRiskConfiguration") or {}).get("NotifyConfiguration") or {}
    address = user.attributes.get("email")
    if not address or not notify:
        return
    event.feedback_token = call.world.entropy.bytes(32).hex()
    letter = Letter(SOURCE, "EMAIL", address, event.feedback_token, event.client_id)
    try:
        if custom_senders.takes(pool, "EMAIL"):
            custom_senders.send(call, pool, user, letter, events.user_attributes(pool, user))
        else:
            compose.hand_over(call, pool, _message(call, pool, user, event, notify, template))
    except AwsError as failure:
        log.warning("the notice of a risky sign-in was not sent: %s", failure.reason or failure.message)


def _message(
    call: Call, pool: UserPool, user: User, event: AuthEvent, notify: dict[str, Any], template: str
) -> Message:
    own = notify.get(template) or {}
    subject, sentence = DEFAULTS[template]
    values = _values(call, pool, user, event)
    html = own.get("HtmlBody") or ("" if own.get("TextBody") else f"<p>{sentence}</p>{DETAILS}")
    # All mails are HTML here; of a text the line breaks stay.
    body = html or f"<pre>{escape(own['TextBody'], quote=False)}</pre>"
    return Message(
        user_pool_id=pool.id,
        username=user.name,
        medium="EMAIL",
        destination=user.attributes["email"],
        subject=PLACES.sub(lambda place: values[place[1]], own.get("Subject") or subject),
        body=PLACES.sub(lambda place: escape(values[place[1]]), body),
        code=event.feedback_token,
        link=values["one-click-link-invalid"],
        trigger_source=SOURCE,
        sent_at=call.now,
        sender=notify.get("From") or compose.sender_of({"SourceArn": notify["SourceArn"]}),
        reply_to=notify.get("ReplyTo"),
    )


def _values(call: Call, pool: UserPool, user: User, event: AuthEvent) -> dict[str, str]:
    return {
        "username": pool.sign_in_name(user),
        "ip-address": event.ip or "",
        "city": "",
        "country": "",
        "login-time": f"{datetime.fromtimestamp(event.created, UTC):%Y-%m-%d %H:%M:%S} UTC",
        "device-name": event.device or "Other, Other",
        "one-click-link-valid": _link(call, pool, user, event, "Valid"),
        "one-click-link-invalid": _link(call, pool, user, event, "Invalid"),
        "event-id": event.id,
        "feedback-token": event.feedback_token or "",
    }


def _link(call: Call, pool: UserPool, user: User, event: AuthEvent, value: str) -> str:
    query = {
        "client_id": event.client_id,
        "user_name": user.name,
        "event_id": event.id,
        "feedback_token": event.feedback_token or "",
        "feedback_value": value,
    }
    return f"{compose.domain_url(call, pool)}{PAGE}?{urlencode(query)}"
