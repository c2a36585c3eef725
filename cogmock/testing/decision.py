"""The answer of `cognito.authorize()`. Its repr is the explanation, so a failing assertion says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cogmock.testing.control import control

if TYPE_CHECKING:
    from cogmock.core.world import World

_SPELLINGS = {
    "access_key_id": ("AccessKeyId", "access_key_id", "aws_access_key_id", "access_key"),
    "secret_access_key": (
        *("SecretKey", "SecretAccessKey", "secret_access_key"),
        *("aws_secret_access_key", "secret_key"),
    ),
    "session_token": ("SessionToken", "session_token", "aws_session_token", "token"),
}
"""Our name → what GetCredentialsForIdentity, STS, boto3's arguments and botocore's Credentials call it."""


@dataclass(frozen=True, eq=False, repr=False)
class Decision:
    """`decision` is allowed, explicitDeny or implicitDeny.

    `matched` holds the statements that decided, each with policy, sid and effect.
    """

    decision: str
    role_arn: str | None = None
    matched: list[dict[str, Any]] = field(default_factory=list)
    principal_tags: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    explanation: str = ""
    """Why: the statements that decided, or those that came close and what they lacked. One line each."""

    encoded_message: str | None = None
    """Of a refusal: what DecodeAuthorizationMessage decodes, as EC2 has it in its refusals."""

    @property
    def allowed(self) -> bool:
        return self.decision == "allowed"

    def __bool__(self) -> bool:
        raise TypeError("a Decision has no truth value: use .allowed or .decision")

    def __repr__(self) -> str:
        return self.explanation or self.decision


def decide(
    world: World, credentials: Any, action: str, resource: str, context: dict[str, Any] | None
) -> Decision:
    question = _keys(credentials) | {"action": action, "resource": resource, "context": context}
    answer = control(world, "/authorize", question)
    known = Decision.__dataclass_fields__
    return Decision(**{name: value for name, value in answer.items() if name in known})


def _keys(credentials: Any) -> dict[str, Any]:
    """From a dict or an object, whatever it comes from. A whole answer of either service will do too."""
    if isinstance(credentials, str):
        return {"access_key_id": credentials}
    if isinstance(credentials, Mapping) and "Credentials" in credentials:
        credentials = credentials["Credentials"]

    def read(name: str) -> Any:
        return credentials.get(name) if isinstance(credentials, Mapping) else getattr(credentials, name, None)

    keys = {
        ours: next(filter(None, (read(name) for name in spellings)), None)
        for ours, spellings in _SPELLINGS.items()
    }
    if keys["access_key_id"] is None:
        raise TypeError(
            f"these are no credentials, for they have no access key id: {type(credentials).__name__}"
        )
    return keys
