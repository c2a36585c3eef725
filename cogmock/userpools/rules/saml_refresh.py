"""SAML metadata by URL, read again every six hours (AWS dev guide: SAML identity providers)."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.state.identity_provider import IdentityProvider
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.settings import provider_details

SECONDS = 6 * 3600


def refresh(call: Call, pool: UserPool, provider: IdentityProvider) -> None:
    """Where the document is old. May give the lock away. What cannot be had or used leaves the old one in place."""
    url = provider.details.get("MetadataURL")
    if not url or provider.details.get("MetadataFile") or call.now < provider.metadata_read + SECONDS:
        return
    try:
        with call.outside():
            document = provider_details.fetch_metadata(url)
            found = provider_details.read_metadata(document, call.now)
    except AwsError as fault:
        call.reason = f"the metadata could not be refreshed: {fault.reason or fault.message}"
        return
    provider = lookup.identity_provider(lookup.pool(call, pool.id), provider.name)
    provider.metadata, provider.metadata_read = document, call.now
    provider.details = provider_details.addresses(provider.details, found)
