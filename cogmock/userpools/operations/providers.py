"""Operations of identity providers, and of links between their users and the pool's users."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.keys import STOCK
from cogmock.core.operation import operation
from cogmock.core.paging import page
from cogmock.errors import DuplicateProviderException, InvalidParameterException, LimitExceededException
from cogmock.state.identity_provider import IdentityProvider
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import linking, lookup
from cogmock.userpools.rules.directory import attributes, identities
from cogmock.userpools.rules.settings import provider_details, schema

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

MOST = 300
"""The most identity providers of a pool."""
PAGE = 60


@operation
def create_identity_provider(
    call: Call, params: aws.CreateIdentityProviderRequest
) -> aws.CreateIdentityProviderResponse:
    """Fetches the discovery document or the SAML metadata, unless the request has the URLs or the document."""
    pool = lookup.pool(call, params["UserPoolId"])
    name, kind, given = params["ProviderName"], params["ProviderType"], params["ProviderDetails"]
    mapping, identifiers = params.get("AttributeMapping") or {}, params.get("IdpIdentifiers") or []
    _check_new(pool, name)
    provider_details.check(kind, name, given)
    _check(pool, kind, name, mapping, identifiers, params.get("AcrMapping"))
    with call.outside():
        made = provider_details.completed(kind, given, call.now)
    pool = lookup.pool(call, params["UserPoolId"])
    _check_new(pool, name)
    provider = IdentityProvider(
        name=name,
        type=kind,
        details=made.details,
        mapping=_mapping(kind, mapping),
        identifiers=list(identifiers),
        created=call.now,
        modified=call.now,
        acr_mapping=dict(params.get("AcrMapping") or {}),
        private_key=made.secret,
        metadata=made.metadata,
        metadata_read=call.now,
    )
    pool.identity_providers.add(provider)
    pool.schema = {**pool.schema, "identities": schema.IDENTITIES}
    _set_up_encryption(call, pool, provider)
    return {"IdentityProvider": _answered(pool, provider, params.get("IdpIdentifiers"))}


@operation
def describe_identity_provider(
    call: Call, params: aws.DescribeIdentityProviderRequest
) -> aws.DescribeIdentityProviderResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    return {"IdentityProvider": _described(pool, lookup.identity_provider(pool, params["ProviderName"]))}


@operation
def get_identity_provider_by_identifier(
    call: Call, params: aws.GetIdentityProviderByIdentifierRequest
) -> aws.GetIdentityProviderByIdentifierResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    found = lookup.identity_provider_by_identifier(pool, params["IdpIdentifier"])
    return {"IdentityProvider": _described(pool, found)}


@operation
def update_identity_provider(
    call: Call, params: aws.UpdateIdentityProviderRequest
) -> aws.UpdateIdentityProviderResponse:
    """Details, mapping, identifiers and ACR mapping are each replaced as a whole; those not sent are kept."""
    pool = lookup.pool(call, params["UserPoolId"])
    provider = lookup.identity_provider(pool, params["ProviderName"])
    given, key = params.get("ProviderDetails"), provider.private_key
    if given is not None:
        provider_details.check(provider.type, provider.name, given, key)
    mapping, identifiers = params.get("AttributeMapping"), params.get("IdpIdentifiers")
    _check(pool, provider.type, provider.name, mapping, identifiers, params.get("AcrMapping"))
    if given is not None:
        with call.outside():
            made = provider_details.completed(provider.type, given, call.now, key)
        pool = lookup.pool(call, params["UserPoolId"])
        provider = lookup.identity_provider(pool, params["ProviderName"])
        provider.details, provider.private_key = made.details, made.secret
        provider.metadata, provider.metadata_read = made.metadata, call.now
    if mapping is not None:
        provider.mapping = _mapping(provider.type, mapping)
    if identifiers is not None:
        provider.identifiers = list(identifiers)
    levels = params.get("AcrMapping")
    if levels is not None:
        provider.acr_mapping = dict(levels)
    provider.modified = call.now
    _set_up_encryption(call, pool, provider)
    return {"IdentityProvider": _answered(pool, provider, identifiers)}


@operation
def delete_identity_provider(call: Call, params: aws.DeleteIdentityProviderRequest) -> None:
    """Clients may still list the provider. Its users are kept; if it is created again, they get new profiles.

    Source: AWS dev guide.
    """
    pool = lookup.pool(call, params["UserPoolId"])
    provider = lookup.identity_provider(pool, params["ProviderName"])
    pool.identity_providers.remove(provider)
    if provider.encryption_key is not None:
        STOCK.give_back(provider.encryption_key)
    identities.forget_provider(call, pool, provider.name)


@operation
def list_identity_providers(
    call: Call, params: aws.ListIdentityProvidersRequest
) -> aws.ListIdentityProvidersResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    providers, token = page(
        pool.identity_providers,
        params.get("MaxResults") or PAGE,
        params.get("NextToken"),
        ["ListIdentityProviders", pool.id],
    )
    return {
        "Providers": [
            {
                "ProviderName": provider.name,
                "ProviderType": provider.type,
                "LastModifiedDate": provider.modified,
                "CreationDate": provider.created,
            }
            for provider in providers
        ],
        "NextToken": token,
    }


@operation
def admin_link_provider_for_user(call: Call, params: aws.AdminLinkProviderForUserRequest) -> None:
    """Links an identity that has no user yet, by its subject or by an attribute in the provider's mapping."""
    pool = lookup.pool(call, params["UserPoolId"])
    linking.link(call, pool, params["DestinationUser"], params["SourceUser"])


@operation
def admin_disable_provider_for_user(call: Call, params: aws.AdminDisableProviderForUserRequest) -> None:
    """Unlinks an identity. With the provider `Cognito` it removes the password of one of the pool's own users."""
    pool = lookup.pool(call, params["UserPoolId"])
    linking.unlink(call, pool, params["User"])


def _check_new(pool: UserPool, name: str) -> None:
    if name in pool.identity_providers:
        # inferred: the wording.
        raise DuplicateProviderException(
            f"A provider with the name {name} already exists in user pool {pool.id}."
        )
    if name.casefold() == "cognito":
        # inferred: the wording.
        raise InvalidParameterException(f"The provider name {name} is reserved.")
    if len(pool.identity_providers) >= MOST:
        raise LimitExceededException(f"A user pool can have at most {MOST} identity providers.")


def _check(
    pool: UserPool,
    kind: str,
    name: str,
    mapping: Mapping[str, str] | None,
    identifiers: list[str] | None,
    levels: Mapping[str, str] | None,
) -> None:
    unknown = [
        name
        for name in mapping or ()
        if name != "username" and (name not in pool.schema or name in attributes.OURS)
    ]
    if unknown:
        raise InvalidParameterException(f"AttributeMapping contains invalid mapping: [{', '.join(unknown)}]")
    for provider in pool.identity_providers:
        taken = set(identifiers or ()).intersection(provider.identifiers)
        if taken and provider.name != name:
            # Service model: identifiers are unique in a pool. inferred: the wording.
            raise InvalidParameterException(
                f"The identifier {min(taken)} belongs to provider {provider.name}."
            )
    if identifiers and len(set(identifiers)) < len(identifiers):
        # inferred: the wording.
        raise InvalidParameterException("IdpIdentifiers can not repeat an identifier.")
    if levels and kind != "OIDC":
        # inferred: the wording.
        raise InvalidParameterException("AcrMapping is for OIDC providers only.")


def _mapping(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """The attribute mapping with the claim for `username`, which AWS adds for every type but SAML."""
    subject = provider_details.SUBJECTS.get(kind)
    return {**given, **({"username": subject} if subject and "username" not in given else {})}


def _set_up_encryption(call: Call, pool: UserPool, provider: IdentityProvider) -> None:
    """Generates the key pair of a SAML provider when EncryptedResponses is first set, and reuses it afterwards."""
    if provider.details.get("EncryptedResponses", "").lower() != "true":
        provider.details.pop("ActiveEncryptionCertificate", None)
        return
    if provider.encryption_certificate is None:
        from cogmock.crypto import certificate

        serial = call.world.entropy.bytes(certificate.SERIAL)
        with call.outside():
            key = STOCK.take()
            made = certificate.self_signed(key, f"{pool.id} {provider.name}", call.now, serial)
        provider.store_encryption_key(key, made, STOCK.give_back)
    shown = base64.b64encode(provider.encryption_certificate or b"").decode()
    provider.details["ActiveEncryptionCertificate"] = shown


def _answered(pool: UserPool, provider: IdentityProvider, sent: list[str] | None) -> aws.IdentityProviderType:
    """The answer of Create and Update, which has IdpIdentifiers only if the request had them (seen)."""
    shown = _described(pool, provider)
    if sent is None:
        del shown["IdpIdentifiers"]
    return shown


def _described(pool: UserPool, provider: IdentityProvider) -> aws.IdentityProviderType:
    return {
        "UserPoolId": pool.id,
        "ProviderName": provider.name,
        "ProviderType": provider.type,
        "ProviderDetails": dict(provider.details),
        "AttributeMapping": dict(provider.mapping),
        "IdpIdentifiers": list(provider.identifiers),
        "AcrMapping": dict(provider.acr_mapping) or None,
        "LastModifiedDate": provider.modified,
        "CreationDate": provider.created,
    }
