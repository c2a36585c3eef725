"""SAML providers: the identity providers whose assertions the account trusts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import EntityAlreadyExistsException, InvalidInputException
from cogmock.iam.rules import context_providers, lookup, saml_key_hashes, tags
from cogmock.state.iam import SamlProvider
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

CENTURY = 100 * 365 * 86400


@operation
def create_saml_provider(call: Call, params: aws.CreateSAMLProviderRequest) -> aws.CreateSAMLProviderResponse:
    """The metadata must describe an identity provider. Encrypted assertions are not supported."""
    name, providers = params["Name"], call.account.iam.saml_providers
    arn = arns.arn("iam", call.region.name, call.account.id, f"saml-provider/{name}")
    if arn in providers:
        raise EntityAlreadyExistsException(f"SAMLProvider with name {name} already exists.")
    _check_encryption(params)
    context_provider, identity_center = context_providers.initial(params)
    provider = SamlProvider(
        name=name,
        arn=arn,
        uuid=call.world.entropy.uuid(),
        metadata=params["SAMLMetadataDocument"],
        created=call.now,
        valid_until=_valid_until(params["SAMLMetadataDocument"], call.now),
        tags=tags.initial(params.get("Tags")),
        context_provider=context_provider,
        identity_center=identity_center,
    )
    providers.add(provider)
    return {"SAMLProviderArn": arn, "Tags": tags.shown(provider.tags) or None}


@operation
def get_saml_provider(call: Call, params: aws.GetSAMLProviderRequest) -> aws.GetSAMLProviderResponse:
    provider = lookup.saml_provider(call, params["SAMLProviderArn"])
    entity_id, hashes = saml_key_hashes.of_metadata(provider.metadata)
    return {
        "SAMLKeyHashes": [{"IssuerURL": entity_id, "KeyHashes": hashes}],
        "SAMLProviderUUID": provider.uuid,
        "SAMLMetadataDocument": provider.metadata,
        "CreateDate": provider.created,
        "ValidUntil": provider.valid_until,
        "Tags": tags.shown(provider.tags),
        "ContextProvider": cast("aws.ContextProvider | None", provider.context_provider),
        "IdentityCenterInstanceArn": provider.identity_center,
        "IdentityStoreArn": context_providers.identity_store(call, provider),
    }


@operation
def list_saml_providers(call: Call, _params: aws.ListSAMLProvidersRequest) -> aws.ListSAMLProvidersResponse:
    return {
        "SAMLProviderList": [
            {
                "Arn": each.arn,
                "ValidUntil": each.valid_until,
                "CreateDate": each.created,
                "IsTrustedIdentityPropagationEnabled": each.identity_center is not None,
            }
            for each in call.account.iam.saml_providers
        ]
    }


@operation
def update_saml_provider(call: Call, params: aws.UpdateSAMLProviderRequest) -> aws.UpdateSAMLProviderResponse:
    provider = lookup.saml_provider(call, params["SAMLProviderArn"])
    _check_encryption(params)
    metadata = params.get("SAMLMetadataDocument")
    valid_until = provider.valid_until if metadata is None else _valid_until(metadata, call.now)
    context_providers.update(provider, params)
    provider.valid_until, provider.metadata = valid_until, metadata or provider.metadata
    return {"SAMLProviderArn": provider.arn}


@operation
def delete_saml_provider(call: Call, params: aws.DeleteSAMLProviderRequest) -> None:
    """Roles that reference the provider are kept, but can no longer be assumed through it."""
    call.account.iam.saml_providers.remove(lookup.saml_provider(call, params["SAMLProviderArn"]))


@operation
def tag_saml_provider(call: Call, params: aws.TagSAMLProviderRequest) -> None:
    tags.add(lookup.saml_provider(call, params["SAMLProviderArn"]), params["Tags"])


@operation
def untag_saml_provider(call: Call, params: aws.UntagSAMLProviderRequest) -> None:
    tags.remove(lookup.saml_provider(call, params["SAMLProviderArn"]), params["TagKeys"])


@operation
def list_saml_provider_tags(
    call: Call, params: aws.ListSAMLProviderTagsRequest
) -> aws.ListSAMLProviderTagsResponse:
    provider = lookup.saml_provider(call, params["SAMLProviderArn"])
    return tags.page(provider, params, ["ListSAMLProviderTags", provider.arn])


def _check_encryption(params: Any) -> None:
    if any(params.get(name) for name in ("AssertionEncryptionMode", "AddPrivateKey", "RemovePrivateKey")):
        raise InvalidInputException(
            "cogmock does not support encrypted SAML assertions: leave out the members on encryption and private keys."
        )


def _valid_until(metadata: str, now: float) -> float:
    """The end of the metadata's validity in epoch seconds; a hundred years from now if it has none."""
    descriptor = _descriptor(metadata)
    until = descriptor.get("@validUntil")
    if until is None:
        return now + CENTURY
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        raise InvalidInputException("Could not parse metadata") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _descriptor(metadata: str) -> dict[str, Any]:
    """The EntityDescriptor. Raises InvalidInput if the document does not describe an identity provider."""
    import xmltodict

    metadata_of = "urn:oasis:names:tc:SAML:2.0:metadata"
    if "<!DOCTYPE" in metadata:  # older xmltodict passes over entities in silence
        raise InvalidInputException("Could not parse metadata")
    try:
        document = xmltodict.parse(metadata, process_namespaces=True, namespaces={metadata_of: None})
    except Exception:  # noqa: BLE001 - expat and xmltodict raise errors without a common base
        raise InvalidInputException("Could not parse metadata") from None
    descriptor = document.get("EntityDescriptor")
    if not isinstance(descriptor, dict) or "IDPSSODescriptor" not in descriptor:
        raise InvalidInputException("Could not parse metadata")
    return descriptor
