"""The session that a call of STS asks for: role, name, duration, session policies and tags, checked as STS does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cogmock.core.call import Call
from cogmock.errors import (
    InvalidParameterValue,
    MalformedPolicyDocumentException,
    PackedPolicyTooLargeException,
    ValidationError,
)
from cogmock.iam.policy import PolicyError
from cogmock.iam.rules import documents, effective_policies, lookup
from cogmock.state.account import Account

LONGEST_POLICY = 2048
MOST_ARNS = 10
HOUR = 3600

_ARN = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:\d*:.+")


Policies = list[tuple[str, str]]
"""Name and text of each session policy."""


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """The session that a caller asks for."""

    role_arn: str
    session_name: str
    seconds: int = HOUR
    policies: Policies | None = None
    """None for a session with all permissions of its role."""
    least: int | None = None
    """MinimumSessionTokenSize: the characters that its token must have at least."""


def read(call: Call, params: dict[str, Any], most: int | None = None) -> SessionRequest:
    """`most` is the longest duration in seconds that the assertion permits, if it says so."""
    arn = params["RoleArn"]
    if not _ARN.fullmatch(arn):
        raise ValidationError(f"{arn} is invalid")
    seconds = params.get("DurationSeconds") or HOUR
    account = call.world.accounts.get(lookup.account_of(arn)) or call.account
    return SessionRequest(
        role_arn=arn,
        session_name=params["RoleSessionName"],
        seconds=min(seconds, most) if most else seconds,
        policies=policies(account, params),
        least=params.get("MinimumSessionTokenSize"),
    )


def policies(account: Account, params: dict[str, Any]) -> Policies | None:
    """The session policies; None without any. Raises PackedPolicyTooLarge, MalformedPolicyDocument."""
    arns = [policy.get("arn") or "" for policy in params.get("PolicyArns") or ()]
    inline = params.get("Policy")
    if inline is None and not arns:
        return None
    if len(inline or "") > LONGEST_POLICY or len(arns) > MOST_ARNS:
        raise PackedPolicyTooLargeException("Packed policy consumes more than 100% of the space allotted.")
    found: Policies = [] if inline is None else [("session policy", inline)]
    for arn in arns:
        found_policy = effective_policies.managed(account, arn)
        if found_policy is None:
            raise MalformedPolicyDocumentException(f"Policy {arn} does not exist or is not attachable.")
        found.append((found_policy.name, found_policy.document))
    try:
        for _, text in found:
            documents.compiled(text, "session")
    except PolicyError as fault:
        raise MalformedPolicyDocumentException(fault.message) from None
    return found


def tags(params: dict[str, Any]) -> dict[str, str]:
    given = params.get("Tags") or []
    keys = [tag["Key"].lower() for tag in given]
    if len(set(keys)) < len(keys):
        raise InvalidParameterValue(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    return {tag["Key"]: tag["Value"] for tag in given}


def check_transitive(tags: dict[str, str], keys: list[str]) -> None:
    """Each transitive key must be the key of a tag of the same request, in whatever case."""
    if not {key.lower() for key in keys} <= {key.lower() for key in tags}:
        raise InvalidParameterValue(
            "The specified transitive tag key must be included in the requested tags."
        )


def packed_size(policies: Policies | None, tags: dict[str, str]) -> int | None:
    """The used share of the space for policies and tags, in per cent; None without either.

    # inferred: AWS packs them in a format of its own; this is the share of their plain size.
    """
    if policies is None and not tags:
        return None
    size = sum(len(text) for _, text in policies or ()) + sum(map(len, [*tags, *tags.values()]))
    return max(1, min(100, size * 100 // (2 * LONGEST_POLICY)))
