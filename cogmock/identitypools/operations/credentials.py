"""Temporary credentials of the enhanced flow, and tokens for the classic flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.tokens import identity_tokens
from cogmock.errors import InvalidIdentityPoolConfigurationException, InvalidParameterException, QueryError
from cogmock.iam.rules import lookup as iam_lookup
from cogmock.iam.sessions import assumption, web_identity
from cogmock.iam.sessions.assertion import Assertion
from cogmock.iam.sessions.session_policies import SessionRequest
from cogmock.identitypools.rules import (
    guests,
    identities,
    logins,
    lookup,
    principal_tags,
    role_mapping,
)
from cogmock.identitypools.rules.login import Login
from cogmock.state.credentials import Credentials

if TYPE_CHECKING:
    from cogmock.aws import cognito_identity as aws

SESSION_NAME = "CognitoIdentityCredentials"
ACTION = "sts:AssumeRoleWithWebIdentity"
SAML_ACTION = "sts:AssumeRoleWithSAML"


@operation
def get_credentials_for_identity(
    call: Call, params: aws.GetCredentialsForIdentityInput
) -> aws.GetCredentialsForIdentityResponse:
    """The enhanced flow. Credentials last one hour; those of guests are limited by session policies."""
    pool, _ = lookup.identity(call, params["IdentityId"])
    verified = logins.verify(call, pool.id, params.get("Logins") or {})
    pool, identity = lookup.identity(call, params["IdentityId"])  # the lock may have been released
    members = identities.opened(pool, identity, verified)
    role_arn = role_mapping.chosen(pool, verified, params.get("CustomRoleArn"))
    request = SessionRequest(role_arn, SESSION_NAME, policies=None if verified else guests.POLICIES)
    tags = principal_tags.of_logins(pool, verified)
    if principal_tags.too_long(tags):
        raise InvalidIdentityPoolConfigurationException(reason="the principal tags are too long for STS")
    claims = identity_tokens.claims(
        call, pool, members[0].id, logins.amr(verified), tags, identity_tokens.SECONDS
    )
    credentials = _assumed(call, request, verified, web_identity.of_identity_pool(claims))
    owner = identities.join(call, pool, members, verified)
    return {
        "IdentityId": owner.id,
        "Credentials": {
            "AccessKeyId": credentials.access_key_id,
            "SecretKey": credentials.secret_access_key,
            "SessionToken": credentials.session_token,
            "Expiration": credentials.expires,
        },
    }


@operation
def get_open_id_token(call: Call, params: aws.GetOpenIdTokenInput) -> aws.GetOpenIdTokenResponse:
    """The classic flow, unless AllowClassicFlow is false. Tokens are valid for ten minutes."""
    pool, _ = lookup.identity(call, params["IdentityId"])
    if pool.settings.get("AllowClassicFlow") is False:
        raise InvalidParameterException("Basic (classic) flow is not enabled, please use enhanced flow.")
    verified = logins.verify(call, pool.id, params.get("Logins") or {})
    pool, identity = lookup.identity(call, params["IdentityId"])  # the lock may have been released
    if any(login.assertion is not None for login in verified):
        raise InvalidParameterException(
            "SAML logins are not supported by the basic (classic) flow; use GetCredentialsForIdentity."
        )
    members = identities.opened(pool, identity, verified)
    tags = principal_tags.of_logins(pool, verified)
    if principal_tags.too_long(tags):
        raise InvalidParameterException(
            f"Principal tags can have at most {principal_tags.MOST_BYTES} bytes, keys and values together."
        )
    owner = identities.join(call, pool, members, verified)
    claims = identity_tokens.claims(call, pool, owner.id, logins.amr(verified), tags, identity_tokens.SECONDS)
    return {"IdentityId": owner.id, "Token": identity_tokens.mint(call, claims)}


def _assumed(call: Call, request: SessionRequest, verified: list[Login], own: Assertion) -> Credentials:
    """Assumes the role. Any error of STS becomes InvalidIdentityPoolConfigurationException."""
    if iam_lookup.account_of(request.role_arn) != call.account.id:
        raise InvalidIdentityPoolConfigurationException(reason=f"{request.role_arn} is in another account")
    by_saml = [login.assertion for login in verified if login.assertion and request.role_arn in login.roles]
    # A role that a SAML assertion offers may trust the SAML provider, or the identity pool.
    ways = [*((SAML_ACTION, each) for each in by_saml), (ACTION, own)]
    refusals = []
    for action, assertion in ways:
        try:
            return assumption.with_assertion(call, action, request, assertion)[1]
        except QueryError as error:
            refusals.append(f"{error.code}: {error.reason or error.message}")
    raise InvalidIdentityPoolConfigurationException(reason="; ".join(refusals))
