"""STS: who one is, and temporary credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.iam import sessions

if TYPE_CHECKING:
    from cogmock.aws import sts as aws


@operation
def get_caller_identity(call: Call, _params: aws.GetCallerIdentityRequest) -> aws.GetCallerIdentityResponse:
    """Keys that were not issued here are the account's own, so they name its root user."""
    session = sessions.find(call)
    if session is None:
        return {"UserId": call.account.id, "Account": call.account.id, "Arn": sessions.root(call.account)}
    return {
        "UserId": sessions.user_id(call.account, session),
        "Account": call.account.id,
        "Arn": sessions.arn(call.account, session),
    }
