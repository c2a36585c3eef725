"""STS: who one is, and temporary credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import AccessDenied
from cogmock.iam.rules import lookup
from cogmock.iam.sessions import (
    assumption,
    saml_identity,
    session_policies,
    temporary_credentials,
    web_identity,
)
from cogmock.state.credentials import Credentials
from cogmock.state.iam import Role

if TYPE_CHECKING:
    from cogmock.aws import sts as aws

HALF_A_DAY = 43200


@operation
def get_caller_identity(call: Call, _params: aws.GetCallerIdentityRequest) -> aws.GetCallerIdentityResponse:
    """Keys that were not issued here are the account's own, so they name its root user."""
    session = temporary_credentials.find(call)
    if session is None:
        return {
            "UserId": call.account.id,
            "Account": call.account.id,
            "Arn": temporary_credentials.root(call.account),
        }
    return {
        "UserId": temporary_credentials.user_id(call.account, session),
        "Account": call.account.id,
        "Arn": temporary_credentials.arn(call.account, session),
    }


@operation
def get_access_key_info(call: Call, params: aws.GetAccessKeyInfoRequest) -> aws.GetAccessKeyInfoResponse:
    """A key that was not issued here belongs to the account that asks."""
    for account in tuple(call.world.accounts.values()):
        if params["AccessKeyId"] in account.credentials:
            return {"Account": account.id}
    return {"Account": call.account.id}


@operation
def assume_role_with_web_identity(
    call: Call, params: aws.AssumeRoleWithWebIdentityRequest
) -> aws.AssumeRoleWithWebIdentityResponse:
    """Tokens of identity pools need no provider in IAM; those of user pools and other issuers do."""
    request = session_policies.read(call, dict(params))
    proven = web_identity.proven(
        call, lookup.account_of(request.role_arn), params["WebIdentityToken"], params.get("ProviderId")
    )
    role, credentials = assumption.with_assertion(
        call, "sts:AssumeRoleWithWebIdentity", request, proven.assertion
    )
    return {
        "Credentials": _shown(credentials),
        "SubjectFromWebIdentityToken": proven.subject,
        "AssumedRoleUser": _assumed(role, credentials),
        "PackedPolicySize": session_policies.packed_size(request.policies, proven.assertion.tags),
        "Provider": proven.provider,
        "Audience": proven.audience,
    }


@operation
def assume_role_with_saml(
    call: Call, params: aws.AssumeRoleWithSAMLRequest
) -> aws.AssumeRoleWithSAMLResponse:
    """The assertion must offer the role, by the pair of its ARN and the provider's."""
    proven = saml_identity.proven(call, params["PrincipalArn"], params["SAMLAssertion"])
    request = session_policies.read(
        call, {**params, "RoleSessionName": proven.session_name()}, proven.session_seconds()
    )
    if request.role_arn not in proven.roles:
        raise AccessDenied(
            "Not authorized to perform sts:AssumeRoleWithSAML", reason="the assertion does not offer the role"
        )
    role, credentials = assumption.with_assertion(call, "sts:AssumeRoleWithSAML", request, proven.assertion)
    return {
        "Credentials": _shown(credentials),
        "AssumedRoleUser": _assumed(role, credentials),
        "PackedPolicySize": session_policies.packed_size(request.policies, proven.assertion.tags),
        "Subject": proven.subject,
        "SubjectType": proven.subject_type,
        "Issuer": proven.issuer,
        "Audience": proven.recipient,
        "NameQualifier": proven.name_qualifier,
    }


@operation
def assume_role(call: Call, params: aws.AssumeRoleRequest) -> aws.AssumeRoleResponse:
    """The account's own keys may assume what trusts the account; a session needs its role's leave besides."""
    request = session_policies.read(call, dict(params))
    tags = session_policies.tags(dict(params))
    session_policies.check_transitive(tags, params.get("TransitiveTagKeys") or [])
    role, credentials = assumption.by_principal(call, request, dict(params), tags)
    return {
        "Credentials": _shown(credentials),
        "AssumedRoleUser": _assumed(role, credentials),
        "PackedPolicySize": session_policies.packed_size(request.policies, tags),
        "SourceIdentity": params.get("SourceIdentity"),
    }


@operation
def get_session_token(call: Call, params: aws.GetSessionTokenRequest) -> aws.GetSessionTokenResponse:
    """For the account's own keys alone."""
    if temporary_credentials.find(call) is not None:
        raise AccessDenied("Cannot call GetSessionToken with session credentials")
    seconds = params.get("DurationSeconds") or HALF_A_DAY
    return {"Credentials": _shown(temporary_credentials.issue(call, call.account, None, "", seconds))}


@operation
def get_federation_token(call: Call, params: aws.GetFederationTokenRequest) -> aws.GetFederationTokenResponse:
    """Without a policy of its own, a federated user may do nothing."""
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
        principal_tags=tags,
        session_policies=policies,
    )
    return {
        "Credentials": _shown(credentials),
        "PackedPolicySize": session_policies.packed_size(policies or None, tags) or 0,
        "FederatedUser": {
            "FederatedUserId": temporary_credentials.user_id(call.account, credentials),
            "Arn": temporary_credentials.arn(call.account, credentials),
        },
    }


def _shown(credentials: Credentials) -> aws.Credentials:
    return {
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "SessionToken": credentials.session_token,
        "Expiration": credentials.expires,
    }


def _assumed(role: Role, credentials: Credentials) -> aws.AssumedRoleUser:
    account = lookup.account_of(role.arn)
    name = f"{role.name}/{credentials.session_name}"
    return {
        "AssumedRoleId": f"{role.id}:{credentials.session_name}",
        "Arn": f"arn:aws:sts::{account}:assumed-role/{name}",
    }
