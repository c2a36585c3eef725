"""Operations of threat protection: its settings, the events of users, and feedback on them."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import InvalidParameterException
from cogmock.state.replica import Replica
from cogmock.state.risk import POOL, AuthEvent, RiskConfiguration
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.admission import replicas
from cogmock.userpools.rules.threats import configuration, feedback, history

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

PAGE = 60
SECTIONS = (
    "CompromisedCredentialsRiskConfiguration",
    "AccountTakeoverRiskConfiguration",
    "RiskExceptionConfiguration",
)


@operation
def set_risk_configuration(
    call: Call, params: aws.SetRiskConfigurationRequest
) -> aws.SetRiskConfigurationResponse:
    """Replaces the settings of the pool or of a client. Without any, the pool's or Cognito's defaults hold again.

    In the Region of a replica: its NotifyConfiguration; all other settings must be given as they are.
    """
    pool, key = _place(call, params["UserPoolId"], params.get("ClientId"))
    configuration.check(params, call.region.name)
    given: dict[str, Any] = {name: params[name] for name in SECTIONS if params.get(name)}  # type: ignore[literal-required]  # one of these three
    if call.replica is not None:
        _set_notice(call.replica, pool, key, given)
        return {"RiskConfiguration": _described(lookup.pool(call, pool.id), params.get("ClientId"))}
    if given:
        made = RiskConfiguration(deepcopy(given), call.now)
        pool.risk_configurations = {**pool.risk_configurations, key: made}
    else:
        pool.risk_configurations = {
            name: found for name, found in pool.risk_configurations.items() if name != key
        }
    return {"RiskConfiguration": _described(pool, params.get("ClientId"))}


@operation
def describe_risk_configuration(
    call: Call, params: aws.DescribeRiskConfigurationRequest
) -> aws.DescribeRiskConfigurationResponse:
    """A client without settings of its own shows the pool's."""
    pool, _ = _place(call, params["UserPoolId"], params.get("ClientId"))
    return {"RiskConfiguration": _described(pool, params.get("ClientId"))}


@operation
def admin_list_user_auth_events(
    call: Call, params: aws.AdminListUserAuthEventsRequest
) -> aws.AdminListUserAuthEventsResponse:
    """Newest first. Events are kept for two years."""
    pool = lookup.pool(call, params["UserPoolId"])
    configuration.demand(pool)
    user = lookup.user(pool, params["Username"])
    events = [event for event in (user.auth_events or {}).values() if event.expires > call.now][::-1]
    first = _start(events, params.get("NextToken"))
    page = events[first : first + (params.get("MaxResults") or PAGE)]
    more = first + len(page) < len(events)
    return {
        "AuthEvents": [history.described(event) for event in page],
        "NextToken": _token(page[-1]) if more else None,
    }


@operation
def admin_update_auth_event_feedback(
    call: Call, params: aws.AdminUpdateAuthEventFeedbackRequest
) -> aws.AdminUpdateAuthEventFeedbackResponse:
    """The rules for later sign-ins of the user take the feedback into account."""
    pool, user, event = _event(call, params["UserPoolId"], params["Username"], params["EventId"])
    feedback.give(call, pool, user, event, params["FeedbackValue"], feedback.ADMIN)
    return {}


@operation
def update_auth_event_feedback(
    call: Call, params: aws.UpdateAuthEventFeedbackRequest
) -> aws.UpdateAuthEventFeedbackResponse:
    """Takes the feedback token of the mail about the event."""
    pool, user, event = _event(call, params["UserPoolId"], params["Username"], params["EventId"])
    feedback.check_token(event, params["FeedbackToken"])
    feedback.give(call, pool, user, event, params["FeedbackValue"], feedback.USER)
    return {}


def _place(call: Call, pool_id: str, client_id: str | None) -> tuple[UserPool, str]:
    """The pool, and the key of the settings that are meant."""
    pool = lookup.pool(call, pool_id)
    configuration.demand(pool)
    return pool, lookup.client(call, pool.id, client_id).id if client_id else POOL


def _set_notice(replica: Replica, pool: UserPool, key: str, given: dict[str, Any]) -> None:
    """Raises InvalidParameterException where more than the NotifyConfiguration differs (service model)."""
    held = pool.risk_configurations.get(key)
    plain = replicas.with_notice(RiskConfiguration(given, 0.0), None).settings
    if plain != (replicas.with_notice(held, None).settings if held else {}):
        # inferred: the error and the wording.
        raise InvalidParameterException(
            "In the Region of a replica all settings but NotifyConfiguration must be given as the primary has them."
        )
    notice = (given.get("AccountTakeoverRiskConfiguration") or {}).get("NotifyConfiguration")
    others = {name: found for name, found in replica.notices.items() if name != key}
    replica.notices = others | ({key: deepcopy(notice)} if notice else {})


def _described(pool: UserPool, client_id: str | None) -> aws.RiskConfigurationType:
    own = pool.risk_configurations.get(client_id) if client_id else None
    found = own or pool.risk_configurations.get(POOL)
    shown: Any = {"UserPoolId": pool.id, "ClientId": client_id if own else None}
    if found:
        shown |= found.settings | {"LastModifiedDate": found.modified}
    return shown  # type: ignore[no-any-return]  # kept in AWS's words, as it was given


def _token(event: AuthEvent) -> str:
    """In the form of AWS's own (AWS dev guide: Exporting threat protection user activity logs)."""
    at = datetime.fromtimestamp(event.created, UTC).isoformat(timespec="milliseconds")
    return f"{event.id}#{at.replace('+00:00', 'Z')}"


def _start(events: list[AuthEvent], token: str | None) -> int:
    if token is None:
        return 0
    for place, event in enumerate(events):
        if token == _token(event):
            return place + 1
    raise InvalidParameterException("Invalid pagination token given.")


def _event(call: Call, pool_id: str, username: str, event_id: str) -> tuple[UserPool, User, AuthEvent]:
    """The event that feedback is about, with its pool and user."""
    pool = lookup.pool(call, pool_id)
    configuration.demand(pool)
    user = feedback.known_user(pool, username)
    return pool, user, feedback.event_of(user, event_id)
