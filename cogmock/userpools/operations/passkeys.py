"""Operations on passkeys: register, list and delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page_by
from cogmock.errors import ResourceNotFoundException
from cogmock.state.user import Passkey
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.proofs import passkey_registration, passkeys

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws


@operation
def start_web_authn_registration(
    call: Call, params: aws.StartWebAuthnRegistrationRequest
) -> aws.StartWebAuthnRegistrationResponse:
    """A second start replaces the first; only its challenge can be completed."""
    pool, user, claims = lookup.bearer(call, params["AccessToken"])
    return {"CredentialCreationOptions": passkey_registration.begin(call, pool, user, claims["client_id"])}


@operation
def complete_web_authn_registration(
    call: Call, params: aws.CompleteWebAuthnRegistrationRequest
) -> aws.CompleteWebAuthnRegistrationResponse:
    """Attestation is not checked, as on AWS. Pages on localhost can register passkeys without https."""
    pool, user, claims = lookup.bearer(call, params["AccessToken"])
    passkey_registration.complete(call, pool, user, claims["client_id"], params["Credential"])
    return {}


@operation
def list_web_authn_credentials(
    call: Call, params: aws.ListWebAuthnCredentialsRequest
) -> aws.ListWebAuthnCredentialsResponse:
    """FriendlyCredentialName is made from the authenticator data; AWS's names for it may differ."""
    pool, user, _ = lookup.bearer(call, params["AccessToken"])
    shown, token = page_by(
        (user.passkeys or {}).values(),
        lambda key: (key.created, key.id),
        params.get("MaxResults") or passkeys.MOST,
        params.get("NextToken"),
        ["ListWebAuthnCredentials", pool.id, user.sub],
    )
    return {"Credentials": [_described(key) for key in shown], "NextToken": token}


@operation
def delete_web_authn_credential(
    call: Call, params: aws.DeleteWebAuthnCredentialRequest
) -> aws.DeleteWebAuthnCredentialResponse:
    _, user, _ = lookup.bearer(call, params["AccessToken"])
    held = user.passkeys or {}
    if params["CredentialId"] not in held:
        raise ResourceNotFoundException("Credential does not exist.")
    user.passkeys = {key: passkey for key, passkey in held.items() if key != params["CredentialId"]} or None
    return {}


def _described(key: Passkey) -> aws.WebAuthnCredentialDescription:
    return {
        "CredentialId": key.id,
        "FriendlyCredentialName": key.name,
        "RelyingPartyId": key.relying_party,
        "AuthenticatorAttachment": key.attachment,
        "AuthenticatorTransports": list(key.transports),
        "CreatedAt": key.created,
    }
