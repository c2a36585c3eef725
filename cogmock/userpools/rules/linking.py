"""AdminLinkProviderForUser and AdminDisableProviderForUser: which identities may be linked to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.errors import (
    AliasExistsException,
    InvalidParameterException,
    LimitExceededException,
    UserNotFoundException,
)
from cogmock.state.identity_provider import SUBJECT, IdentityProvider
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.directory import identities
from cogmock.userpools.rules.settings import provider_details

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

NATIVE = "Cognito"
"""The provider name that stands for the pool's own users."""
MOST_ATTRIBUTES = 5
"""Attributes by which identities of one provider may be linked (AWS dev guide: linking federated users)."""


def link(
    call: Call,
    pool: UserPool,
    destination: aws.ProviderUserIdentifierType,
    source: aws.ProviderUserIdentifierType,
) -> None:
    """Raises InvalidParameterException, UserNotFoundException, AliasExistsException, LimitExceededException."""
    if source.get("ProviderName") == NATIVE:
        raise InvalidParameterException(
            "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, "
            "only as a DestinationUser"
        )
    provider = _provider(pool, source)
    attribute, value = _named(source)
    _check_attribute(provider, attribute)
    user = _destination(pool, destination)
    _check_free(pool, user, provider, attribute, value)
    if identities.linked(user) >= identities.MOST_LINKS:
        raise LimitExceededException(f"A user can have at most {identities.MOST_LINKS} linked identities.")
    attributes = identities.link_attributes(pool, provider.name) | {attribute}
    if len(attributes - {SUBJECT}) > MOST_ATTRIBUTES:
        raise LimitExceededException(
            f"Identities of a provider can be linked by at most {MOST_ATTRIBUTES} attributes."
        )
    identities.add(call, pool, user, provider, attribute, value, primary=False)
    user.modified = call.now


def unlink(call: Call, pool: UserPool, given: aws.ProviderUserIdentifierType) -> None:
    """Raises InvalidParameterException, ResourceNotFoundException, UserNotFoundException."""
    attribute, value = _named(given)
    if given.get("ProviderName") == NATIVE:
        if attribute != SUBJECT:
            raise InvalidParameterException(f"ProviderAttributeName must be {SUBJECT}.")  # words inferred
        user = lookup.user(pool, value)
        user.password = None
    else:
        provider = _provider(pool, given)
        found = identities.find(pool, provider.name, attribute, value)
        if found is None:
            raise UserNotFoundException
        user = found
        identities.remove(pool, user, provider.name, attribute, value)
    user.modified = call.now


def _provider(pool: UserPool, given: aws.ProviderUserIdentifierType) -> IdentityProvider:
    name = given.get("ProviderName")
    if not name:
        raise InvalidParameterException("Missing required parameter ProviderName")  # words inferred
    return lookup.identity_provider(pool, name)


def _named(given: aws.ProviderUserIdentifierType) -> tuple[str, str]:
    """Attribute and value of an identity."""
    attribute, value = given.get("ProviderAttributeName"), given.get("ProviderAttributeValue")
    if not attribute or not value:
        name = "ProviderAttributeName" if not attribute else "ProviderAttributeValue"
        raise InvalidParameterException(f"Missing required parameter {name}")  # words inferred
    return attribute, value


def _check_attribute(provider: IdentityProvider, attribute: str) -> None:
    if attribute == SUBJECT:
        return
    if provider.type in provider_details.SOCIAL:
        # inferred: the rule is the service model's, the words are not AWS's.
        raise InvalidParameterException(f"ProviderAttributeName must be {SUBJECT} for {provider.name}.")
    claims = provider.mapping.values() if provider.type == "OIDC" else ()
    if attribute not in provider.mapping and attribute not in claims:
        raise InvalidParameterException(
            f"Provider {provider.name} maps no attribute {attribute}."
        )  # inferred


def _destination(pool: UserPool, given: aws.ProviderUserIdentifierType) -> User:
    name, value = given.get("ProviderName"), given.get("ProviderAttributeValue")
    if not name or not value:
        raise InvalidParameterException(
            "DestinationUser needs ProviderName and ProviderAttributeValue."
        )  # words inferred
    if name == NATIVE:
        return lookup.user(pool, value)
    found = identities.find(pool, name, SUBJECT, value)
    if found is None:
        raise UserNotFoundException
    return found


def _check_free(pool: UserPool, user: User, provider: IdentityProvider, attribute: str, value: str) -> None:
    holder = identities.find(pool, provider.name, attribute, value)
    if holder is None:
        return
    if identities.is_primary(holder, provider.name, value):
        raise InvalidParameterException(
            "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"
        )
    if holder is user:
        raise InvalidParameterException("SourceUser is already linked to DestinationUser")
    raise AliasExistsException("SourceUser is already linked to another user.")  # words inferred
