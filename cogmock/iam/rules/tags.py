"""Tags of roles, users, policies and providers: one set of rules for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from cogmock.errors import IamLimitExceededException, InvalidInputException
from cogmock.iam.rules import listing

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

MOST = 50
TWICE = "Duplicate tag keys found. Please note that Tag keys are case insensitive."


class Tagged(Protocol):
    """A resource with tags: key → value."""

    tags: dict[str, str]


def initial(given: list[aws.Tag] | None) -> dict[str, str]:
    """The tags of a new resource. Their keys must differ without regard to case."""
    keys = [tag["Key"].lower() for tag in given or ()]
    if len(set(keys)) < len(keys):
        raise InvalidInputException(TWICE)
    return {tag["Key"]: tag["Value"] for tag in given or ()}


def add(resource: Tagged, given: list[aws.Tag]) -> None:
    """Adds tags. A key that differs from an existing one in its case alone replaces it."""
    new = initial(given)
    merged = _without(resource.tags, new) | new
    _put(resource, merged)


def initial_by_case(given: list[aws.Tag] | None) -> dict[str, str]:
    """The tags of a new policy. AWS tells the case of their keys apart, which it does not at roles and users."""
    made = {tag["Key"]: tag["Value"] for tag in given or ()}
    if len(made) < len(given or ()):
        raise InvalidInputException("Duplicate tag keys found.")
    return made


def add_by_case(resource: Tagged, given: list[aws.Tag]) -> None:
    """Adds tags of a policy."""
    _put(resource, resource.tags | initial_by_case(given))


def remove_by_case(resource: Tagged, keys: list[str]) -> None:
    """Removes tags of a policy."""
    resource.tags = {key: value for key, value in resource.tags.items() if key not in keys}


def _put(resource: Tagged, merged: dict[str, str]) -> None:
    if len(merged) > MOST:
        raise IamLimitExceededException("The number of tags has reached the maximum limit.")
    resource.tags = merged


def remove(resource: Tagged, keys: list[str]) -> None:
    """Removing a key that is not there changes nothing."""
    resource.tags = _without(resource.tags, keys)


def page(resource: Tagged, params: listing.Params, question: object) -> aws.ListRoleTagsResponse:
    """A page of a resource's tags, as the List…Tags operations answer it."""
    found, rest = listing.page(shown(resource.tags), params, question)
    return {"Tags": found, **rest}


def _without(tags: dict[str, str], keys: Iterable[str]) -> dict[str, str]:
    folded = {key.lower() for key in keys}
    return {key: value for key, value in tags.items() if key.lower() not in folded}


def shown(tags: dict[str, str]) -> list[aws.Tag]:
    """Sorted by key, as every list of tags is (IAM API reference: ListRoleTags)."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
