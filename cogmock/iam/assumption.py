"""Assuming a role: by an identity provider's word, or by a principal of AWS."""

from __future__ import annotations

from dataclasses import dataclass, field

from cogmock.core.call import Call
from cogmock.errors import AccessDenied, ValidationError
from cogmock.iam import lookup, sessions, trust
from cogmock.iam.policy import Caller
from cogmock.state.credentials import Credentials
from cogmock.state.iam import Role

Policies = list[tuple[str, str]]
"""Name and text of each session policy."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an identity provider says of who asks, once it is proven."""

    provider: str
    """The principal that trust policies call Federated."""
    context: dict[str, str | list[str]]
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an assumption asks for."""

    role_arn: str
    session_name: str
    seconds: int = 3600
    policies: Policies | None = None
    """None where the session shall have all that its role has."""


def with_assertion(call: Call, action: str, wish: Wish, assertion: Assertion) -> tuple[Role, Credentials]:
    """Fresh credentials for whom a provider vouches. Raises AccessDenied, ValidationError."""
    account_id = lookup.account_of(wish.role_arn)
    caller = Caller(federated=assertion.provider)
    keys = assertion.context | {f"aws:RequestTag/{key}": value for key, value in assertion.tags.items()}
    if assertion.tags:
        keys["aws:TagKeys"] = list(assertion.tags)
    keys |= {
        "sts:RoleSessionName": wish.session_name,
        "aws:FederatedProvider": assertion.provider,
        "aws:CurrentTime": sessions.moment(call.now),
        "aws:EpochTime": str(int(call.now)),
        "aws:SourceIp": call.source_ip,
        "aws:SecureTransport": "true",
    }
    role = lookup.role_by_arn(call.world, wish.role_arn)
    if role is None:
        raise AccessDenied(f"Not authorized to perform {action}", reason=f"there is no role {wish.role_arn}")
    for wanted in [action, "sts:TagSession"] if assertion.tags else [action]:
        decision = trust.decide(role, wanted, caller, keys)
        if not decision.allowed:
            raise AccessDenied(f"Not authorized to perform {action}", reason=decision.explain())
    _within(role, wish)
    credentials = sessions.issue(
        call,
        call.world.account(account_id),
        role,
        wish.session_name,
        wish.seconds,
        context=assertion.context | {"aws:FederatedProvider": assertion.provider},
        principal_tags=assertion.tags,
        session_policies=wish.policies,
    )
    return role, credentials


def _within(role: Role, wish: Wish) -> None:
    if wish.seconds > role.max_session_duration:
        raise ValidationError(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
