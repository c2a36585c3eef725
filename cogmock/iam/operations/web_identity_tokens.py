"""STS: tokens by which a principal of AWS proves its identity to services outside AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import (
    JWTPayloadSizeExceededException,
    OutboundWebIdentityFederationDisabledException,
    ValidationError,
)
from cogmock.iam.sessions import authorize, outbound_tokens, root_tasks, session_policies

if TYPE_CHECKING:
    from cogmock.aws import sts as aws

DEFAULT_SECONDS = 300
LARGEST = 16384
"""Bytes of the claims."""  # inferred: AWS has a limit and does not name it


@operation
def get_web_identity_token(
    call: Call, params: aws.GetWebIdentityTokenRequest
) -> aws.GetWebIdentityTokenResponse:
    """Requires EnableOutboundWebIdentityFederation. Its issuer publishes the keys at /.well-known/jwks.json."""
    root_tasks.check_regional(call, "GetWebIdentityToken")
    outbound = call.account.iam.outbound
    if not outbound.enabled:
        raise OutboundWebIdentityFederationDisabledException(
            "Outbound web identity federation is not enabled for this account.",
            reason="call EnableOutboundWebIdentityFederation of IAM first",
        )
    seconds, algorithm = params.get("DurationSeconds") or DEFAULT_SECONDS, params["SigningAlgorithm"]
    outbound_tokens.check_algorithm(algorithm)
    tags = session_policies.tags(dict(params))
    mode, scope = params.get("SubjectMode") or outbound_tokens.AWS_IDENTITY, params.get("Scope")
    scopes = _scopes(scope, mode, params["Audience"])
    asked: dict[str, str | list[str]] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    asked |= {
        "sts:IdentityTokenAudience": params["Audience"],
        "sts:DurationSeconds": str(seconds),
        "sts:SigningAlgorithm": algorithm,
        "sts:SubjectMode": mode,
    }
    if tags:
        asked["aws:TagKeys"] = list(tags)
        authorize.check(call, "sts:TagGetWebIdentityToken", "*", asked)
    if scopes:
        asked["sts:IdentityTokenScope"] = scopes
        authorize.check(call, "sts:SetWebIdentityTokenScope", "*", asked)
    authorize.check(call, "sts:GetWebIdentityToken", "*", asked)
    claims = outbound_tokens.claims(call, params["Audience"], seconds, tags)
    if mode == outbound_tokens.ORIGIN_IDENTITY:
        claims = outbound_tokens.about_origin(call, claims, scope)
    if outbound_tokens.size(claims) > LARGEST:
        raise JWTPayloadSizeExceededException(
            f"The token payload exceeds the maximum size of {LARGEST} bytes. Reduce the number of request tags."
        )
    token = outbound_tokens.sign(call, claims, algorithm)
    return {"WebIdentityToken": token, "Expiration": claims["exp"]}


def _scopes(scope: str | None, mode: str, audience: list[str]) -> list[str]:
    """The values of Scope. Raises ValidationError, in inferred words."""
    if scope is None:
        return []
    if mode != outbound_tokens.ORIGIN_IDENTITY or len(audience) != 1:
        raise ValidationError("Scope requires the SubjectMode OriginIdentity and exactly one audience.")
    values = scope.split(" ")
    if len(set(values)) < len(values):
        raise ValidationError("Scope contains a value more than once.")
    return values
