"""AdminLinkProviderForUser and AdminDisableProviderForUser: which identity may be linked to which user."""

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
from cogmock.userpools.rules.admission import keeping
from cogmock.userpools.rules.directory import identities
from cogmock.userpools.rules.settings import provider_details

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

NATIVE = "Cognito"
"""The ProviderName of the pool's own users."""
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
    keeping.note(call, pool, user)
    identities.add(call, pool, user, provider, attribute, value, primary=False)
    user.modified = call.now


def unlink(call: Call, pool: UserPool, given: aws.ProviderUserIdentifierType) -> None:
    """Raises InvalidParameterException, ResourceNotFoundException, UserNotFoundException."""
    attribute, value = _named(given)
    if given.get("ProviderName") == NATIVE:
        if attribute != SUBJECT:
            # inferred: the wording.
            raise InvalidParameterException(f"ProviderAttributeName must be {SUBJECT}.")
        user = lookup.user(pool, value)
        keeping.note(call, pool, user)
        user.drop_password()
    else:
        provider = _provider(pool, given)
        found = identities.find(pool, provider.name, attribute, value)
        if found is None:
            raise UserNotFoundException
        user = found
        keeping.note(call, pool, user)
        identities.remove(pool, user, provider.name, attribute, value)
    user.modified = call.now


def _provider(pool: UserPool, given: aws.ProviderUserIdentifierType) -> IdentityProvider:
    name = given.get("ProviderName")
    if not name:
        # inferred: the wording.
        raise InvalidParameterException("Missing required parameter ProviderName")
    return lookup.identity_provider(pool, name)


def _named(given: aws.ProviderUserIdentifierType) -> tuple[str, str]:
    """Attribute and value of an identity."""
    attribute, value = given.get("ProviderAttributeName"), given.get("ProviderAttributeValue")
    if not attribute or not value:
        name = "ProviderAttributeName" if not attribute else "ProviderAttributeValue"
        # inferred: the wording.
        raise InvalidParameterException(f"Missing required parameter {name}")
    return attribute, value


def _check_attribute(provider: IdentityProvider, attribute: str) -> None:
    if attribute == SUBJECT:
        return
    if provider.type in provider_details.SOCIAL:
        # Service model: social providers are linked by Cognito_Subject only. inferred: the wording.
        raise InvalidParameterException(f"ProviderAttributeName must be {SUBJECT} for {provider.name}.")
    claims = provider.mapping.values() if provider.type == "OIDC" else ()
    if attribute not in provider.mapping and attribute not in claims:
        # inferred: the rule and its wording.
        raise InvalidParameterException(
            f"The AttributeMapping of provider {provider.name} has no attribute {attribute}."
        )


def _destination(pool: UserPool, given: aws.ProviderUserIdentifierType) -> User:
    name, value = given.get("ProviderName"), given.get("ProviderAttributeValue")
    if not name or not value:
        # inferred: the wording.
        raise InvalidParameterException("DestinationUser needs ProviderName and ProviderAttributeValue.")
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
    # inferred: the wording.
    raise AliasExistsException("SourceUser is already linked to another user.")
