"""Runs triggers: builds the event, invokes the function, reads its answer, and converts failures to AWS's errors."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping
from typing import Any

from cogmock import foreign_json
from cogmock.core import log_delivery
from cogmock.core.call import Call
from cogmock.core.excerpt import copied
from cogmock.core.functions import invoke
from cogmock.core.functions.failures import Failure, FunctionFailed, NotInvocable
from cogmock.core.journal import Invocation
from cogmock.core.triggers.response_fields import FIELDS, Kind, Response, Wrong, document
from cogmock.errors import (
    AwsError,
    InvalidLambdaResponseException,
    UnexpectedLambdaException,
    UserLambdaValidationException,
)
from cogmock.state import identities
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"
TOKENS = "PreTokenGeneration"
VERSIONS = {"V1_0": "1", "V2_0": "2", "V3_0": "3"}
SDK = re.compile(r"(aws-sdk-[a-z0-9]+)[/-]([\w.]+)", re.ASCII)
SECRETS = frozenset({"password", "challengeAnswer", "privateChallengeParameters", "code"})
"""Members of events and responses that are masked in the log."""

log = logging.getLogger("cogmock.triggers")


def fire(
    call: Call,
    pool: UserPool,
    source: str,
    username: str,
    request: dict[str, Any],
    *,
    client_id: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Response | None:
    """The response of a trigger's function, or None where the pool has no such trigger.

    Releases the world's lock while the function runs: look everything up again afterwards.
    Raises UserLambdaValidationException, UnexpectedLambdaException, InvalidLambdaResponseException.
    """
    trigger = trigger_of(source)
    if not has(pool, trigger):
        return None
    event = event_of(call, pool, source, username, client_id)
    event["request"] = {**request, "clientMetadata": metadata} if metadata else request
    fields = _fields(pool, trigger)
    event["response"] = dict.fromkeys(fields, False if trigger == "PreSignUp" else None)
    record = begin(call, pool, source, event)
    request_id = call.world.entropy.uuid()
    with call.outside():
        began = time.perf_counter()
        try:
            found = invoke.find(call.world, record.function)
            record.place = found.place
            body = invoke.invoke(found, json.dumps(event).encode(), request_id)
            answer = _read(body, fields, record)
        except (Failure, AwsError) as failure:
            raise _refusal(trigger, record, failure) from failure
        finally:
            record.duration_ms = (time.perf_counter() - began) * 1000
            log_ended(call, pool, record)
    return answer


def begin(call: Call, pool: UserPool, source: str, event: dict[str, Any]) -> Invocation:
    """Records an invocation in the call and in the journal."""
    triggers: Mapping[str, Any] = pool.settings.get("LambdaConfig") or {}
    configured = triggers[trigger_of(source)]
    function = configured["LambdaArn"] if isinstance(configured, dict) else configured
    record = call.world.journal.add_invocation(source, str(function), event)
    call.triggers.append(record)
    return record


def has(pool: UserPool, trigger: str) -> bool:
    return bool((pool.settings.get("LambdaConfig") or {}).get(trigger))


def trigger_of(source: str) -> str:
    """The name in LambdaConfig of a trigger source."""
    name = source.partition("_")[0]
    return TOKENS if name == "TokenGeneration" else name


def user_attributes(pool: UserPool, user: User | None) -> dict[str, str]:
    """A user's attributes as in events: all values are strings, and some members are not attributes."""
    if user is None:
        return {}
    shown = {"sub": user.sub, "cognito:user_status": user.status, **user.attributes}
    for attribute in ("email", "phone_number"):
        proven = user.attributes.get(f"{attribute}_verified") == "true"
        if proven and attribute in (pool.settings.get("AliasAttributes") or ()):
            shown[f"cognito:{attribute}_alias"] = user.attributes.get(attribute, "")
    linked = identities.as_attribute(user)
    if linked:
        shown["identities"] = linked
    if user.signed_out:
        shown["cognito:token_nbf"] = str(int(user.signed_out * 1000))
    return shown


def about(pool: UserPool, client: UserPoolClient, user: User | None) -> dict[str, Any]:
    """The members that the requests of all sign-in triggers have."""
    request: dict[str, Any] = {"userAttributes": user_attributes(pool, user)}
    if client.settings.get("PreventUserExistenceErrors") == "ENABLED":
        request["userNotFound"] = user is None
    return request


def invalid() -> InvalidLambdaResponseException:
    """The error for an answer with a value of a wrong type."""
    return InvalidLambdaResponseException("Invalid lambda function output : Invalid JSON")


def shown(record: Invocation) -> dict[str, Any]:
    """An invocation for the control API and the log, with secrets masked."""
    return {
        "source": record.source,
        "function": record.function,
        "place": record.place,
        "event": _masked(record.event),
        "response": _masked(record.response),
        "outcome": record.outcome,
        "detail": record.detail,
        "duration_ms": None if record.duration_ms is None else round(record.duration_ms, 3),
    }


def event_of(call: Call, pool: UserPool, source: str, username: str, client_id: str | None) -> dict[str, Any]:
    """An event without its request and response."""
    found = SDK.match(call.user_agent)
    return {
        "version": version_of(pool) if trigger_of(source) == TOKENS else "1",
        "triggerSource": source,
        "region": call.local.name,
        "userPoolId": pool.id,
        "userName": username,
        "callerContext": {
            "awsSdkVersion": f"{found[1]}-{found[2]}" if found else "aws-sdk-unknown-unknown",
            "clientId": client_id or NO_CLIENT,
        },
    }


def version_of(pool: UserPool) -> str:
    """The version of the events that the pre token generation function gets."""
    config = (pool.settings.get("LambdaConfig") or {}).get("PreTokenGenerationConfig")
    return VERSIONS[config["LambdaVersion"] if config else "V1_0"]


def _fields(pool: UserPool, trigger: str) -> dict[str, Kind]:
    if trigger == TOKENS:
        name = "claimsOverrideDetails" if version_of(pool) == "1" else "claimsAndScopeOverrideDetails"
        return {name: document}
    return FIELDS[trigger]


def _read(body: bytes, fields: dict[str, Kind], record: Invocation) -> Response:
    try:
        answer = foreign_json.read(body)
    except foreign_json.NotJson:
        record.response = copied(body.decode(errors="replace"))
        raise invalid() from None
    record.response = copied(answer.get("response") if isinstance(answer, dict) else answer)
    if not isinstance(answer, dict):
        raise InvalidLambdaResponseException("Unrecognizable lambda output")
    try:
        response = document(answer.get("response")) or {}
        read = {name: kind(response.get(name)) for name, kind in fields.items()}
    except Wrong:
        raise invalid() from None
    record.outcome = "ok"
    return read


def _refusal(trigger: str, record: Invocation, failure: Failure | AwsError) -> AwsError:
    if isinstance(failure, AwsError):
        record.outcome = failure.code
        return failure
    record.detail = str(failure)
    error: AwsError
    if isinstance(failure, FunctionFailed):
        error = UserLambdaValidationException(f"{trigger} failed with error {failure.message}.")
    elif isinstance(failure, NotInvocable):
        error = UnexpectedLambdaException(f"{trigger} invocation failed due to error {failure.code}.")
    else:
        late = "error Socket timeout while invoking Lambda function."
        # Of CustomMessage alone AWS names the function itself.
        started = (
            f"{record.function} failed with"
            if trigger == "CustomMessage"
            else f"{trigger} invocation failed due to"
        )
        error = UnexpectedLambdaException(f"{started} {late}")
    error.reason = record.detail
    record.outcome = error.code
    return error


def log_ended(call: Call, pool: UserPool, record: Invocation) -> None:
    """Says in the log how a function ended. A failure is also told where AWS would write it."""
    if record.outcome != "ok":
        log_delivery.trigger_failed(call.world, pool, record)
    level = logging.INFO if record.outcome == "ok" else logging.WARNING
    if log.isEnabledFor(level):
        name = record.function.rpartition("function:")[2]
        ended = (
            record.outcome
            if record.outcome == "ok"
            else f"{record.outcome} · {record.detail or json.dumps(_masked(record.response))}"
        )
        log.log(
            level,
            "%s → %s (%s) %s %.1f ms",
            record.source,
            name,
            record.place or "nowhere",
            ended,
            record.duration_ms,
        )
    if log.isEnabledFor(logging.DEBUG):
        log.debug("%s", json.dumps(shown(record), ensure_ascii=False))


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "***" if name in SECRETS and item is not None else _masked(item)
            for name, item in value.items()
        }
    return [_masked(item) for item in value] if isinstance(value, list) else value
