"""STS: credentials for who was delegated access by an identity of another account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import AccessDenied, ExpiredTradeInTokenException
from cogmock.iam.rules import delegation
from cogmock.iam.sessions import authorize, temporary_credentials
from cogmock.state.account import Account
from cogmock.state.credentials import Credentials
from cogmock.state.delegation import DelegationRequest

if TYPE_CHECKING:
    from cogmock.aws import sts as aws

NAME = "delegated permissions"


@operation
def get_delegated_access_token(
    call: Call, params: aws.GetDelegatedAccessTokenRequest
) -> aws.GetDelegatedAccessTokenResponse:
    """The trade-in token is that of SendDelegationToken. Of the approver's permissions, those that were asked for.

    # inferred: who may exchange it, how often, and the error for an unknown token; AWS documents the answer alone.
    """
    authorize.check(call, "sts:GetDelegatedAccessToken")
    found = delegation.by_token(call, params["TradeInToken"])
    if found is None or found[0].id != call.account.id:
        raise AccessDenied(
            "The trade-in token is not valid.",
            reason="no delegation request that this account made has this token",
        )
    request = found[1]
    if request.ends <= call.now:
        raise ExpiredTradeInTokenException("The trade-in token has expired.")
    owner = call.world.account(request.owner_account or call.account.id)
    credentials = _issued(call, owner, request)
    return {
        "Credentials": temporary_credentials.answered(credentials),
        "AssumedPrincipal": request.approver,
    }


def _issued(call: Call, owner: Account, request: DelegationRequest) -> Credentials:
    """Credentials of the approver, limited to the policy of the request, until the delegated session ends."""
    approver, seconds = request.approver_session, int(request.ends - call.now)
    scope = (NAME, request.policy)
    if approver is None:
        return temporary_credentials.issue(call, owner, None, "", seconds, scopes=[scope])
    role = temporary_credentials.role_of(owner, approver)
    if approver.role_name and role is None:
        raise AccessDenied(
            "The trade-in token is not valid.", reason=f"the approver's role {approver.role_name} was deleted"
        )
    return temporary_credentials.issue(
        call,
        owner,
        role,
        approver.session_name,
        seconds,
        context=approver.context,
        principal_tags=approver.principal_tags,
        transitive=approver.transitive,
        session_policies=approver.session_policies,
        scopes=[*approver.scopes, scope],
    )
