"""Tags of roles, users, policies and providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.errors import IamLimitExceededException, InvalidInputException

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

MOST = 50


def of(given: list[aws.Tag] | None) -> dict[str, str]:
    """Tags as a resource is made with them. Their keys must differ, whatever their case."""
    keys = [tag["Key"].lower() for tag in given or ()]
    if len(set(keys)) < len(keys):
        raise InvalidInputException(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    return {tag["Key"]: tag["Value"] for tag in given or ()}


def merged(tags: dict[str, str], given: list[aws.Tag]) -> dict[str, str]:
    """What a resource has when it is given more: a key that it knows in another case takes the new form."""
    new = of(given)
    folded = {key.lower() for key in new}
    merged = {key: value for key, value in tags.items() if key.lower() not in folded} | new
    if len(merged) > MOST:
        raise IamLimitExceededException(f"The number of tags has reached the maximum limit of {MOST}.")
    return merged


def without(tags: dict[str, str], keys: list[str]) -> dict[str, str]:
    folded = {key.lower() for key in keys}
    return {key: value for key, value in tags.items() if key.lower() not in folded}


def shown(tags: dict[str, str]) -> list[aws.Tag]:
    """Sorted by key, as every list of tags is (IAM API reference: ListRoleTags)."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
