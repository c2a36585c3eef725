"""Outbound identity federation: whether principals of the account may get tokens for services outside AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import FeatureDisabledException, FeatureEnabledException
from cogmock.iam.sessions import outbound_tokens

if TYPE_CHECKING:
    from cogmock.aws import iam as aws


@operation
def enable_outbound_web_identity_federation(
    call: Call, _params: dict[str, Any]
) -> aws.EnableOutboundWebIdentityFederationResponse:
    """The account has one issuer; enabling the feature again after disabling it does not change the issuer."""
    outbound = call.account.iam.outbound
    if outbound.enabled:
        raise FeatureEnabledException("Outbound identity federation is already enabled for this account.")
    outbound.id = outbound.id or call.world.entropy.uuid()
    outbound.enabled = True
    return {"IssuerIdentifier": outbound_tokens.issuer(call, outbound)}


@operation
def disable_outbound_web_identity_federation(call: Call, _params: dict[str, Any]) -> None:
    """Tokens that were issued stay valid, and their keys stay published."""
    if not call.account.iam.outbound.enabled:
        raise FeatureDisabledException(_DISABLED)
    call.account.iam.outbound.enabled = False


@operation
def get_outbound_web_identity_federation_info(
    call: Call, _params: dict[str, Any]
) -> aws.GetOutboundWebIdentityFederationInfoResponse:
    """Refused while the feature is disabled."""
    outbound = call.account.iam.outbound
    if not outbound.enabled:
        raise FeatureDisabledException(_DISABLED)
    return {"IssuerIdentifier": outbound_tokens.issuer(call, outbound), "JwtVendingEnabled": True}


_DISABLED = "Outbound identity federation is already disabled for this account."
