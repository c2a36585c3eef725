"""The request that policies are evaluated for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cogmock.iam.policy.patterns import Context
from cogmock.iam.policy.principals import Caller


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A request for one action on one resource. Without `resource_account` the resource is in the caller's account."""

    action: str
    resource: str = "*"
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    caller: Caller = field(default_factory=Caller)
    resource_account: str | None = None
    folded_action: str = field(init=False, repr=False, compare=False)
    folded_context: Context = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded_action", self.action.lower())
        object.__setattr__(
            self, "folded_context", {key.lower(): value for key, value in self.context.items()}
        )

    @property
    def crosses_accounts(self) -> bool:
        return self.resource_account not in (None, self.caller.account)
