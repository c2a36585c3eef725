"""Requests for temporary access that another party delegates (IAM delegation requests)."""

from __future__ import annotations

from cogmock.lazy_dataclass import dataclass
from cogmock.state.credentials import Credentials


@dataclass(slots=True, eq=False, repr=False)
class DelegationRequest:
    """Kept in the account of the party that asks. `policy` is the text of the permissions that it asks for."""

    id: str
    description: str
    template_arn: str
    parameters: list[dict[str, str | list[str]]]
    """Name, Type and Values of each parameter of the template."""
    policy: str
    workflow_id: str
    channel: str
    """The ARN of the SNS topic that hears of the request."""
    seconds: int
    """How long the delegated session lives."""
    created: float
    updated: float
    expires: float
    message: str | None = None
    redirect_url: str | None = None
    only_by_owner: bool = False
    state: str = "UNASSIGNED"
    owner_account: str | None = None
    owner: str | None = None
    """The ARN of the identity that took the request."""
    approver: str | None = None
    """The ARN of the identity that accepted it, which is the one that is delegated."""
    approver_session: Credentials | None = None
    """The approver's session as it was then; None for the account's own keys."""
    notes: str | None = None
    rejection: str | None = None
    token: str | None = None
    """The trade-in token for GetDelegatedAccessToken, once it was sent."""
    ends: float = 0
    """When the delegated session ends."""
    number: int = 0
