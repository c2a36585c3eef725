"""OpenID Connect providers: the issuers whose tokens the account trusts, and their client ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import (
    EntityAlreadyExistsException,
    IamLimitExceededException,
    InvalidInputException,
    NoSuchEntityException,
    ValidationError,
)
from cogmock.iam.rules import context_providers, lookup, tags
from cogmock.state.iam import OidcProvider
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

MOST_CLIENTS = 100
MOST_THUMBPRINTS = 5

_INVALID_URL = "Invalid Open ID Connect Provider URL"
_URL_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
"""RFC 3986. Blanks are not among them: a token's issuer could never equal such a URL."""
_LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|::1|(.+\.)?localhost")


@operation
def create_open_id_connect_provider(
    call: Call, params: aws.CreateOpenIDConnectProviderRequest
) -> aws.CreateOpenIDConnectProviderResponse:
    """Unlike AWS, accepts an http URL if it names this machine: a local issuer has no certificate."""
    url = _plain(params["Url"])
    providers = call.account.iam.oidc_providers
    arn = arns.arn("iam", call.region.name, call.account.id, f"oidc-provider/{url}")
    if arn in providers:
        raise EntityAlreadyExistsException(f"Provider with url {params['Url']} already exists.")
    context_provider, identity_center = context_providers.initial(params)
    provider = OidcProvider(
        url=url,
        arn=arn,
        created=call.now,
        client_ids=dict.fromkeys(params.get("ClientIDList") or ()),
        thumbprints=_thumbprints(params.get("ThumbprintList")),
        tags=tags.initial(params.get("Tags")),
        context_provider=context_provider,
        identity_center=identity_center,
    )
    _check_clients(provider)
    providers.add(provider)
    return {"OpenIDConnectProviderArn": arn, "Tags": tags.shown(provider.tags) or None}


@operation
def get_open_id_connect_provider(
    call: Call, params: aws.GetOpenIDConnectProviderRequest
) -> aws.GetOpenIDConnectProviderResponse:
    """Url has no scheme, as on AWS."""
    provider = lookup.oidc_provider(call, params["OpenIDConnectProviderArn"])
    return {
        "Url": provider.url,
        "ClientIDList": [*provider.client_ids],
        "ThumbprintList": provider.thumbprints,
        "CreateDate": provider.created,
        "Tags": tags.shown(provider.tags),
        "ContextProvider": cast("aws.ContextProvider | None", provider.context_provider),
        "IdentityCenterInstanceArn": provider.identity_center,
        "IdentityStoreArn": context_providers.identity_store(call, provider),
    }


@operation
def list_open_id_connect_providers(
    call: Call, _params: aws.ListOpenIDConnectProvidersRequest
) -> aws.ListOpenIDConnectProvidersResponse:
    return {
        "OpenIDConnectProviderList": [
            {"Arn": each.arn, "IsTrustedIdentityPropagationEnabled": each.identity_center is not None}
            for each in call.account.iam.oidc_providers
        ]
    }


@operation
def delete_open_id_connect_provider(call: Call, params: aws.DeleteOpenIDConnectProviderRequest) -> None:
    """Roles that reference the provider are kept, but can no longer be assumed through it.

    A missing one is refused, as recorded at AWS in 2026, though the API reference calls the operation idempotent.
    """
    arn = params["OpenIDConnectProviderArn"]
    if arn not in call.account.iam.oidc_providers:
        raise NoSuchEntityException(f"OpenId connect Provider {arn} cannot be found.")
    call.account.iam.oidc_providers.remove(call.account.iam.oidc_providers[arn])


@operation
def add_client_id_to_open_id_connect_provider(
    call: Call, params: aws.AddClientIDToOpenIDConnectProviderRequest
) -> None:
    """Adding a client id again changes nothing."""
    provider = lookup.oidc_provider(call, params["OpenIDConnectProviderArn"])
    if params["ClientID"] not in provider.client_ids and len(provider.client_ids) >= MOST_CLIENTS:
        raise IamLimitExceededException(_TOO_MANY_CLIENTS)
    provider.client_ids.setdefault(params["ClientID"])


@operation
def remove_client_id_from_open_id_connect_provider(
    call: Call, params: aws.RemoveClientIDFromOpenIDConnectProviderRequest
) -> None:
    """Removing a client id that is not registered changes nothing."""
    provider = lookup.oidc_provider(call, params["OpenIDConnectProviderArn"])
    provider.client_ids.pop(params["ClientID"], None)


@operation
def update_open_id_connect_provider(call: Call, params: aws.UpdateOpenIDConnectProviderRequest) -> None:
    """The context provider is applied by AssumeRoleWithWebIdentity. Sessions that exist keep what they have."""
    provider = lookup.oidc_provider(call, params["OpenIDConnectProviderArn"])
    if not context_providers.changes(params):
        raise InvalidInputException("The request names nothing to update.")  # inferred: error and text
    context_providers.update(provider, params)


@operation(fidelity="stored")
def update_open_id_connect_provider_thumbprint(
    call: Call, params: aws.UpdateOpenIDConnectProviderThumbprintRequest
) -> None:
    """Stored only: certificates of issuers are not compared with thumbprints."""
    provider = lookup.oidc_provider(call, params["OpenIDConnectProviderArn"])
    provider.thumbprints = _thumbprints(params["ThumbprintList"])


@operation
def tag_open_id_connect_provider(call: Call, params: aws.TagOpenIDConnectProviderRequest) -> None:
    tags.add(lookup.oidc_provider(call, params["OpenIDConnectProviderArn"]), params["Tags"])


@operation
def untag_open_id_connect_provider(call: Call, params: aws.UntagOpenIDConnectProviderRequest) -> None:
    tags.remove(lookup.oidc_provider(call, params["OpenIDConnectProviderArn"]), params["TagKeys"])


@operation
def list_open_id_connect_provider_tags(
    call: Call, params: aws.ListOpenIDConnectProviderTagsRequest
) -> aws.ListOpenIDConnectProviderTagsResponse:
    provider = lookup.oidc_provider(call, params["OpenIDConnectProviderArn"])
    return tags.page(provider, params, ["ListOpenIDConnectProviderTags", provider.arn])


_TOO_MANY_CLIENTS = f"Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: {MOST_CLIENTS}"


def _plain(url: str) -> str:
    """Host and path: the form in which trust policies name an issuer."""
    if not _URL_CHARACTERS.fullmatch(url):
        raise ValidationError(_INVALID_URL)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        secure = parts.scheme == "https" or (parts.scheme == "http" and _LOOPBACK.fullmatch(host))
    except ValueError:
        host, secure = "", False
    if not host or not secure or parts.query or parts.fragment or parts.username:
        raise ValidationError(_INVALID_URL)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def _thumbprints(given: list[str] | None) -> list[str]:
    if given and len(given) > MOST_THUMBPRINTS:
        raise InvalidInputException(f"Thumbprint list must contain fewer than {MOST_THUMBPRINTS} entries.")
    return given or []


def _check_clients(provider: OidcProvider) -> None:
    if len(provider.client_ids) > MOST_CLIENTS:
        raise IamLimitExceededException(_TOO_MANY_CLIENTS)
