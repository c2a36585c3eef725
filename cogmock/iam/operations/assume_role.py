"""STS: temporary credentials of a role, and of the root user of another account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import AccessDenied, InvalidContextAssertionException
from cogmock.iam.rules import lookup
from cogmock.iam.sessions import (
    assumption,
    propagation,
    root_tasks,
    saml_identity,
    session_policies,
    session_tokens,
    web_identity,
)
from cogmock.iam.sessions.temporary_credentials import answered
from cogmock.state.credentials import Credentials
from cogmock.state.iam import Role
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import sts as aws


@operation
def assume_role_with_web_identity(
    call: Call, params: aws.AssumeRoleWithWebIdentityRequest
) -> aws.AssumeRoleWithWebIdentityResponse:
    """Tokens of identity pools need no provider in IAM; those of user pools and other OIDC issuers do."""
    request = session_policies.read(call, dict(params))
    verified = web_identity.verify(
        call, lookup.account_of(request.role_arn), params["WebIdentityToken"], params.get("ProviderId")
    )
    role, credentials = assumption.with_assertion(
        call, "sts:AssumeRoleWithWebIdentity", request, verified.assertion
    )
    utilization, size = session_tokens.sizes(credentials)
    return {
        "Credentials": answered(credentials),
        "SessionTokenUtilization": utilization,
        "SessionTokenSize": size,
        "SubjectFromWebIdentityToken": verified.subject,
        "AssumedRoleUser": _assumed(role, credentials),
        "PackedPolicySize": session_policies.packed_size(request.policies, verified.assertion.tags),
        "Provider": verified.provider,
        "Audience": verified.audience,
        "SourceIdentity": verified.assertion.source_identity or None,
        "TrustedIdentityPropagationContext": propagation.answered(credentials),
    }


@operation
def assume_role_with_saml(
    call: Call, params: aws.AssumeRoleWithSAMLRequest
) -> aws.AssumeRoleWithSAMLResponse:
    """The assertion's Role attribute must contain the pair of the role's ARN and the provider's."""
    verified = saml_identity.verify(call, params["PrincipalArn"], params["SAMLAssertion"])
    request = session_policies.read(
        call, {**params, "RoleSessionName": verified.session_name()}, verified.session_seconds()
    )
    if request.role_arn not in verified.roles:
        raise AccessDenied(
            "Not authorized to perform sts:AssumeRoleWithSAML", reason="the assertion does not offer the role"
        )
    role, credentials = assumption.with_assertion(call, "sts:AssumeRoleWithSAML", request, verified.assertion)
    utilization, size = session_tokens.sizes(credentials)
    return {
        "Credentials": answered(credentials),
        "SessionTokenUtilization": utilization,
        "SessionTokenSize": size,
        "AssumedRoleUser": _assumed(role, credentials),
        "PackedPolicySize": session_policies.packed_size(request.policies, verified.assertion.tags),
        "Subject": verified.subject,
        "SubjectType": verified.subject_type,
        "Issuer": verified.issuer,
        "Audience": verified.recipient,
        "NameQualifier": verified.name_qualifier,
        "SourceIdentity": verified.assertion.source_identity or None,
        "TrustedIdentityPropagationContext": propagation.answered(credentials),
    }


@operation
def assume_role(call: Call, params: aws.AssumeRoleRequest) -> aws.AssumeRoleResponse:
    """The account's own keys can assume roles that trust the account; a session also needs permission from its role."""
    request = session_policies.read(call, dict(params))
    _check_contexts(params)
    tags = session_policies.tags(dict(params))
    session_policies.check_transitive(tags, params.get("TransitiveTagKeys") or [])
    role, credentials = assumption.by_principal(call, request, dict(params), tags)
    utilization, size = session_tokens.sizes(credentials)
    return {
        "Credentials": answered(credentials),
        "SessionTokenUtilization": utilization,
        "SessionTokenSize": size,
        "AssumedRoleUser": _assumed(role, credentials),
        "PackedPolicySize": session_policies.packed_size(request.policies, tags),
        "SourceIdentity": _source_identity(credentials),
    }


@operation
def assume_root(call: Call, params: aws.AssumeRootRequest) -> aws.AssumeRootResponse:
    """Every other account counts as a member of the caller's organization: there is no AWS Organizations here."""
    credentials = root_tasks.assume(
        call,
        params["TargetPrincipal"],
        params["TaskPolicyArn"].get("arn") or "",
        root_tasks.LONGEST if params.get("DurationSeconds") is None else params["DurationSeconds"] or 0,
        params.get("MinimumSessionTokenSize"),
    )
    utilization, size = session_tokens.sizes(credentials)
    return {
        "Credentials": answered(credentials),
        "SessionTokenUtilization": utilization,
        "SessionTokenSize": size,
        "SourceIdentity": _source_identity(credentials),
    }


def _check_contexts(params: aws.AssumeRoleRequest) -> None:
    """Context assertions come from IAM Identity Center, which is not here, so none can be valid."""
    if params.get("ProvidedContexts"):
        raise InvalidContextAssertionException(
            "The context assertion that was provided is invalid.",
            reason="cogmock has no IAM Identity Center, whose context assertions alone are valid",
        )


def _source_identity(credentials: Credentials) -> str | None:
    found = credentials.context.get("aws:SourceIdentity")
    return found if isinstance(found, str) else None


def _assumed(role: Role, credentials: Credentials) -> aws.AssumedRoleUser:
    account = lookup.account_of(role.arn)
    name = f"{role.name}/{credentials.session_name}"
    return {
        "AssumedRoleId": f"{role.id}:{credentials.session_name}",
        "Arn": arns.beside(role.arn, "sts", account, f"assumed-role/{name}"),
    }
