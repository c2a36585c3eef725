"""Operations on tracked sessions. Changes are visible at once, on AWS after some seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page_of
from cogmock.core.tokens import pool_tokens
from cogmock.errors import InvalidParameterException
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.directory import sessions
from cogmock.userpools.rules.settings import tiers

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

PAGE = 125
FEATURE = "Session Tracking"


@operation
def list_user_sessions(call: Call, params: aws.ListUserSessionsRequest) -> aws.ListUserSessionsResponse:
    pool, user, claims = lookup.home_of_token(call, params["AccessToken"])
    current = pool_tokens.session_of(user, claims)
    return _listed(call, pool, user, params.get("NextToken"), current.id if current else None)


@operation
def admin_list_user_sessions(
    call: Call, params: aws.AdminListUserSessionsRequest
) -> aws.AdminListUserSessionsResponse:
    """No session is marked as the current one, because the request has no access token."""
    pool = lookup.pool(call, params["UserPoolId"])
    return _listed(call, pool, lookup.user(pool, params["Username"]), params.get("NextToken"), None)


@operation
def revoke_user_session(call: Call, params: aws.RevokeUserSessionRequest) -> aws.RevokeUserSessionResponse:
    """The session of the access token itself cannot be revoked."""
    pool, user, claims = lookup.home_of_token(call, params["AccessToken"])
    sessions.check_tracking(pool)
    current = pool_tokens.session_of(user, claims)
    if current and current.trace and current.trace.id == params["SessionId"]:
        raise InvalidParameterException("The current session cannot be revoked.")
    sessions.end_one(call, user, params["SessionId"], linked=_is_linked(params))
    return {}


@operation
def admin_revoke_user_session(
    call: Call, params: aws.AdminRevokeUserSessionRequest
) -> aws.AdminRevokeUserSessionResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    sessions.check_tracking(pool)
    sessions.end_one(call, user, params["SessionId"], linked=_is_linked(params))
    return {}


@operation
def get_user_pool_session_configuration(
    call: Call, params: aws.GetUserPoolSessionConfigurationRequest
) -> aws.GetUserPoolSessionConfigurationResponse:
    return _of_pool(lookup.pool(call, params["UserPoolId"]))


@operation
def set_user_pool_session_configuration(
    call: Call, params: aws.SetUserPoolSessionConfigurationRequest
) -> aws.SetUserPoolSessionConfigurationResponse:
    """A lower MaxPerUser takes effect at the next sign-in, which ends surplus sessions."""
    pool = lookup.pool(call, params["UserPoolId"])
    tiers.demand(pool.tier, "ESSENTIALS", [FEATURE])
    pool.tracks_sessions = params["UserSessionTracking"] == "ENABLED"
    pool.sessions_per_user = params["TokenSession"]["MaxPerUser"]
    return _of_pool(pool)


@operation
def get_user_pool_client_session_configuration(
    call: Call, params: aws.GetUserPoolClientSessionConfigurationRequest
) -> aws.GetUserPoolClientSessionConfigurationResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    return {
        "UserPoolId": pool.id,
        "ClientId": client.id,
        "SSOSession": {"MaxValidityMinutes": client.sso_minutes},
    }


@operation
def set_user_pool_client_session_configuration(
    call: Call, params: aws.SetUserPoolClientSessionConfigurationRequest
) -> aws.SetUserPoolClientSessionConfigurationResponse:
    """Refused while the pool does not track sessions; a stored value has no effect then."""
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    tiers.demand(pool.tier, "ESSENTIALS", [FEATURE])
    if not pool.tracks_sessions:
        raise InvalidParameterException("Session tracking is not enabled for this user pool.")
    client.sso_minutes = params["SSOSession"]["MaxValidityMinutes"]
    return {
        "UserPoolId": pool.id,
        "ClientId": client.id,
        "SSOSession": {"MaxValidityMinutes": client.sso_minutes},
    }


def _listed(
    call: Call, pool: UserPool, user: User, token: str | None, current: str | None
) -> aws.ListUserSessionsResponse:
    sessions.check_tracking(pool)
    question = ["ListUserSessions", pool.id, user.sub]
    shown, following = page_of(sessions.described(call, user, current), PAGE, token, question)
    return {"Sessions": shown, "NextToken": following}


def _is_linked(params: aws.RevokeUserSessionRequest | aws.AdminRevokeUserSessionRequest) -> bool:
    return params.get("RevokeAssociatedSessions") == "LINKED"


def _of_pool(pool: UserPool) -> aws.GetUserPoolSessionConfigurationResponse:
    return {
        "UserPoolId": pool.id,
        "UserSessionTracking": "ENABLED" if pool.tracks_sessions else "DISABLED",
        "TokenSession": {"MaxPerUser": pool.sessions_per_user},
    }
