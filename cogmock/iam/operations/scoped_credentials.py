"""STS: credentials of the caller's own session, with fewer permissions or a shorter life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import (
    AccessDenied,
    InsufficientSessionLifetimeException,
    InvalidSubjectCredentialsException,
    ValidationError,
)
from cogmock.iam.sessions import (
    authorize,
    root_tasks,
    session_policies,
    session_tokens,
    temporary_credentials,
)
from cogmock.state.credentials import Credentials

if TYPE_CHECKING:
    from cogmock.aws import sts as aws

MOST_SCOPES = 3
"""Scope-down policies of a session (service model)."""


@operation
def get_scoped_credentials(
    call: Call, params: aws.GetScopedCredentialsRequest
) -> aws.GetScopedCredentialsResponse:
    """The session keeps its identity, tags and time of issue. A scope-down policy limits resource policies, too."""
    root_tasks.check_regional(call, "GetScopedCredentials")
    session = temporary_credentials.find(call)
    if session is None:
        # inferred: the error of keys that are no session's.
        raise InvalidSubjectCredentialsException(
            "GetScopedCredentials can only be called with temporary security credentials."
        )
    authorize.check_not_denied(call, "sts:GetScopedCredentials")
    policy = _policy(call, session, params)
    credentials = temporary_credentials.scoped(
        call, session, _expiry(call, session, params), policy, params.get("MinimumSessionTokenSize")
    )
    utilization, size = session_tokens.sizes(credentials)
    source = credentials.context.get("aws:SourceIdentity")
    return {
        "Credentials": temporary_credentials.answered(credentials),
        "SessionInfo": {
            "ScopedSessionId": temporary_credentials.user_id(call.account, credentials),
            "Arn": temporary_credentials.arn(call.account, credentials),
        },
        "SessionTokenUtilization": utilization,
        "SessionTokenSize": size,
        "ScopedPoliciesCount": len(credentials.scopes),
        "SourceIdentity": source if isinstance(source, str) else None,
    }


def _policy(
    call: Call, session: Credentials, params: aws.GetScopedCredentialsRequest
) -> tuple[str, str] | None:
    """Name and text of the new scope-down policy. Raises ValidationError, AccessDenied, MalformedPolicyDocument."""
    text = params.get("Policy")
    if text is None:
        if params.get("DurationSeconds") is None:
            raise ValidationError("At least one of Policy and DurationSeconds must be specified.")
        return None
    if len(session.scopes) >= MOST_SCOPES:
        raise AccessDenied(f"The session already has {MOST_SCOPES} scope-down policies.")
    session_policies.policies(call.account, {"Policy": text})
    return f"scope-down policy {len(session.scopes) + 1}", text


def _expiry(call: Call, session: Credentials, params: aws.GetScopedCredentialsRequest) -> float:
    """Raises InsufficientSessionLifetimeException."""
    seconds = params.get("DurationSeconds")
    if seconds is None:
        return session.expires
    if call.now + seconds > session.expires:
        raise InsufficientSessionLifetimeException(
            "The requested DurationSeconds exceeds the remaining lifetime of the calling session."
        )
    return float(int(call.now) + seconds)
