"""STS: the caller's identity, sessions of the account's own keys, and refusals decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import AccessDenied
from cogmock.iam.sessions import (
    authorization_messages,
    authorize,
    session_policies,
    session_tokens,
    temporary_credentials,
)
from cogmock.iam.sessions.temporary_credentials import answered

if TYPE_CHECKING:
    from cogmock.aws import sts as aws

HALF_A_DAY = 43200


@operation
def get_caller_identity(call: Call, _params: aws.GetCallerIdentityRequest) -> aws.GetCallerIdentityResponse:
    """Needs no permission. Keys that cogmock did not issue are the account's root user."""
    session = temporary_credentials.find(call)
    if session is None:
        return {
            "UserId": call.account.id,
            "Account": call.account.id,
            "Arn": temporary_credentials.root(call),
        }
    return {
        "UserId": temporary_credentials.user_id(call.account, session),
        "Account": call.account.id,
        "Arn": temporary_credentials.arn(call.account, session),
    }


@operation
def get_access_key_info(call: Call, params: aws.GetAccessKeyInfoRequest) -> aws.GetAccessKeyInfoResponse:
    """A key that cogmock did not issue belongs to the account of the caller."""
    for _, account in tuple(call.world.accounts.unwatched()):
        if params["AccessKeyId"] in account.credentials:
            return {"Account": account.id}
    return {"Account": call.account.id}


@operation
def get_session_token(call: Call, params: aws.GetSessionTokenRequest) -> aws.GetSessionTokenResponse:
    """Only for the account's own keys, not for sessions."""
    if temporary_credentials.find(call) is not None:
        raise AccessDenied("Cannot call GetSessionToken with session credentials")
    seconds = params.get("DurationSeconds") or HALF_A_DAY
    least = params.get("MinimumSessionTokenSize")
    credentials = temporary_credentials.issue(call, call.account, None, "", seconds, least)
    utilization, size = session_tokens.sizes(credentials)
    return {
        "Credentials": answered(credentials),
        "SessionTokenUtilization": utilization,
        "SessionTokenSize": size,
    }


@operation
def get_federation_token(call: Call, params: aws.GetFederationTokenRequest) -> aws.GetFederationTokenResponse:
    """Without a session policy, a federated user has no permissions."""
    if temporary_credentials.find(call) is not None:
        raise AccessDenied("Cannot call GetFederationToken with session credentials")
    tags = session_policies.tags(dict(params))
    policies = session_policies.policies(call.account, dict(params)) or []
    credentials = temporary_credentials.issue(
        call,
        call.account,
        None,
        params["Name"],
        params.get("DurationSeconds") or HALF_A_DAY,
        params.get("MinimumSessionTokenSize"),
        principal_tags=tags,
        session_policies=policies,
    )
    utilization, size = session_tokens.sizes(credentials)
    return {
        "Credentials": answered(credentials),
        "SessionTokenUtilization": utilization,
        "SessionTokenSize": size,
        "PackedPolicySize": session_policies.packed_size(policies or None, tags) or 0,
        "FederatedUser": {
            "FederatedUserId": temporary_credentials.user_id(call.account, credentials),
            "Arn": temporary_credentials.arn(call.account, credentials),
        },
    }


@operation
def decode_authorization_message(
    call: Call, params: aws.DecodeAuthorizationMessageRequest
) -> aws.DecodeAuthorizationMessageResponse:
    """Decodes the `encoded_message` of `/_cogmock/authorize` and `cognito.authorize()`, for callers of its account."""
    authorize.check(call, "sts:DecodeAuthorizationMessage")
    return {"DecodedMessage": authorization_messages.decode(call.account, params["EncodedMessage"])}
