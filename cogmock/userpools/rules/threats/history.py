"""The events of a user's history: recorded, completed, shown, and exported to the pool's log destination."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cogmock.core import log_delivery
from cogmock.core.call import Call
from cogmock.state.client import UserPoolClient
from cogmock.state.expiring import Expiring
from cogmock.state.risk import AuthEvent
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.threats import configuration
from cogmock.userpools.rules.threats.context import Context

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

DECISIONS = {"NoRisk": "PASS", "AccountTakeover": "ACCOUNT_TAKEOVER", "Block": "BLOCK"}
"""RiskDecision → riskDecision of the exported event. inferred: the last two"""
MOST = 1000
"""Events that are kept of one user. AWS names no such limit."""
NOWHERE = "null"
"""What AWS shows for a city or a country that it did not find (AWS CLI's example)."""


def made(
    call: Call, client: UserPoolClient, kind: str, context: Context, *, event_id: str | None = None
) -> AuthEvent:
    """A new event, which is not recorded yet."""
    return AuthEvent(
        id=event_id or call.world.entropy.uuid(),
        type=kind,
        client_id=client.id,
        created=call.now,
        ip=context.ip,
        device=context.device,
        device_id=context.device_id,
        timezone=context.timezone,
    )


def record(call: Call, pool: UserPool, user: User, event: AuthEvent) -> None:
    """Adds an event to the history of its user, or tells that it has changed."""
    if user.auth_events is None:
        user.auth_events = Expiring()
    user.auth_events.keep(event.id, event, call.now)
    if len(user.auth_events) > MOST:
        del user.auth_events[next(iter(user.auth_events))]
    log_delivery.activity(call.world, pool, _exported(call, pool, user, event))


def note(  # noqa: PLR0913 - who did what, where and how it went, each named
    call: Call,
    pool: UserPool,
    client: UserPoolClient | None,
    user: User,
    kind: str,
    context: Context,
    response: str = "Pass",
    *,
    compromised: bool = False,
) -> None:
    """Records an event that is no sign-in, where threat protection is on."""
    if client is None or configuration.mode(pool) == configuration.OFF:
        return
    event = made(call, client, kind, context)
    event.response, event.compromised = response, compromised
    record(call, pool, user, event)


def complete(call: Call, pool: UserPool, user: User, kind: str, *, compromised: bool = False) -> None:
    """The last event of this type has succeeded, if it is still in progress."""
    for event in reversed((user.auth_events or {}).values()):
        if event.type == kind:
            if event.response == "InProgress":
                event.response, event.compromised = "Pass", compromised
                record(call, pool, user, event)
            return


def described(event: AuthEvent) -> aws.AuthEventType:
    shown: Any = {
        "EventId": event.id,
        "EventType": event.type,
        "CreationDate": event.created,
        "EventResponse": event.response,
        "EventRisk": {
            "RiskDecision": event.decision,
            "RiskLevel": event.level,
            "CompromisedCredentialsDetected": event.compromised,
        },
        "ChallengeResponses": [
            {"ChallengeName": name, "ChallengeResponse": result} for name, result in event.challenges.items()
        ],
        "EventContextData": {
            "IpAddress": event.ip,
            "DeviceName": event.device,
            "Timezone": event.timezone,
            "City": NOWHERE,
            "Country": NOWHERE,
        },
    }
    if event.feedback:
        shown["EventFeedback"] = {
            "FeedbackValue": event.feedback,
            "Provider": event.feedback_provider,
            "FeedbackDate": event.feedback_date,
        }
    return shown  # type: ignore[no-any-return]  # a dict in AWS's words, put together from parts


def _exported(call: Call, pool: UserPool, user: User, event: AuthEvent) -> dict[str, Any]:
    """AWS dev guide: Exporting threat protection user activity logs."""
    return {
        "version": "1",
        "eventId": event.id,
        "eventType": event.type,
        "userSub": user.sub,
        "userName": user.name,
        "userPoolId": pool.id,
        "clientId": event.client_id,
        "creationDate": _written(event.created),
        "eventResponse": event.response,
        "riskLevel": event.level or "",
        "riskDecision": DECISIONS[event.decision],
        "challenges": [f"{name}:{result}" for name, result in event.challenges.items()],
        "deviceName": event.device or "Other, Other",
        "ipAddress": event.ip or "",
        "requestId": call.id,
        "idpName": "",
        "compromisedCredentialDetected": str(event.compromised).lower(),
        "city": "",
        "country": "",
        "eventFeedbackValue": event.feedback or "",
        "eventFeedbackDate": _written(event.feedback_date) if event.feedback_date else "",
        "eventFeedbackProvider": event.feedback_provider or "",
        "hasContextData": str(event.ip is not None).lower(),
    }


def _written(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%a %b %d %H:%M:%S UTC %Y}"
