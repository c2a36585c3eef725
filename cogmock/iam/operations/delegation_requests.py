"""Delegation requests: a party asks for temporary access, and an identity of another account grants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import (
    AccessDenied,
    EntityAlreadyExistsException,
    IamConcurrentModificationException,
    InvalidInputException,
    QueryError,
)
from cogmock.iam.rules import delegation, listing
from cogmock.iam.sessions import authorize, temporary_credentials
from cogmock.state.delegation import DelegationRequest

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

LINK = "https://console.aws.amazon.com/iam/home#/delegation-request/"
WAITING = ("ASSIGNED", "PENDING_APPROVAL")


@operation
def create_delegation_request(
    call: Call, params: aws.CreateDelegationRequestRequest
) -> aws.CreateDelegationRequestResponse:
    """Any account may ask. A managed policy is the template; messages to the topic are in `/_cogmock/messages`."""
    requests, permissions = call.account.iam.delegations, params["Permissions"]
    if any(each.workflow_id == params["RequestorWorkflowId"] for each in requests):
        raise EntityAlreadyExistsException(
            f"A delegation request with the workflow id {params['RequestorWorkflowId']} already exists."
        )
    template, parameters = permissions.get("PolicyTemplateArn") or "", permissions.get("Parameters") or []
    given: list[dict[str, Any]] = [dict(each) for each in parameters]
    request = DelegationRequest(
        id=call.world.entropy.uuid(),
        description=params["Description"],
        template_arn=template,
        parameters=[{name: value for name, value in each.items() if value is not None} for each in given],
        policy=delegation.policy_of(call.account, template, given),
        workflow_id=params["RequestorWorkflowId"],
        channel=params["NotificationChannel"],
        seconds=params["SessionDuration"],
        created=call.now,
        updated=call.now,
        expires=call.now + delegation.LIFE,
        message=params.get("RequestMessage"),
        redirect_url=params.get("RedirectUrl"),
        only_by_owner=bool(params.get("OnlySendByOwner")),
        owner_account=params.get("OwnerAccountId"),
    )
    requests.add(request)
    return {"ConsoleDeepLink": f"{LINK}{request.id}", "DelegationRequestId": request.id}


@operation
def get_delegation_request(
    call: Call, params: aws.GetDelegationRequestRequest
) -> aws.GetDelegationRequestResponse:
    """For the account that asks and the one that is asked; without an owner, for any account."""
    account, request = delegation.find(call, params["DelegationRequestId"])
    answer: aws.GetDelegationRequestResponse = {"DelegationRequest": _described(account.id, request)}
    if params.get("DelegationPermissionCheck"):
        answer["PermissionCheckStatus"] = "COMPLETE"
        answer["PermissionCheckResult"] = authorize.covers(call, request.policy)
    return answer


@operation
def list_delegation_requests(
    call: Call, params: aws.ListDelegationRequestsRequest
) -> aws.ListDelegationRequestsResponse:
    """Those that identities of the caller's account have taken."""
    owner = params.get("OwnerId")
    rows = [each for each in delegation.of_owner(call) if owner in (None, each.owner)]
    found, rest = listing.page(rows, params, "ListDelegationRequests")
    askers = {
        each.id: account.id for account in call.world.accounts.values() for each in account.iam.delegations
    }
    return {
        "DelegationRequests": [_described(askers[each.id], each) for each in found],
        "Marker": rest["Marker"],
        "isTruncated": rest["IsTruncated"],
    }


@operation
def associate_delegation_request(call: Call, params: aws.AssociateDelegationRequestRequest) -> None:
    """The caller becomes the owner, if the request is for its account or for any."""
    _, request = delegation.find(call, params["DelegationRequestId"])
    if request.owner_account not in (None, call.account.id):
        raise AccessDenied(f"Delegation request {request.id} is for another account.")
    _demand(request, ("UNASSIGNED",))
    request.owner, request.owner_account = _caller(call), call.account.id
    delegation.change(call, request, "ASSIGNED")


@operation
def update_delegation_request(call: Call, params: aws.UpdateDelegationRequestRequest) -> None:
    """The request waits for approval then."""
    _, request = delegation.owned(call, params["DelegationRequestId"])
    _demand(request, WAITING)
    request.notes = params.get("Notes", request.notes)
    delegation.change(call, request, "PENDING_APPROVAL")


@operation
def accept_delegation_request(call: Call, params: aws.AcceptDelegationRequestRequest) -> None:
    """What is delegated are permissions of the caller, as its session is now."""
    _, request = delegation.find(call, params["DelegationRequestId"])
    if request.owner is None or request.owner_account != call.account.id:
        raise AccessDenied(f"Delegation request {request.id} is not owned by this account.")
    _demand(request, WAITING, IamConcurrentModificationException)
    request.approver, request.approver_session = _caller(call), temporary_credentials.find(call)
    delegation.change(call, request, "ACCEPTED")


@operation
def reject_delegation_request(call: Call, params: aws.RejectDelegationRequestRequest) -> None:
    """Possible until the token was sent."""
    _, request = delegation.owned(call, params["DelegationRequestId"])
    _demand(request, (*WAITING, "ACCEPTED"))
    request.rejection = params.get("Notes")
    delegation.change(call, request, "REJECTED")


@operation
def send_delegation_token(call: Call, params: aws.SendDelegationTokenRequest) -> None:
    """The token for GetDelegatedAccessToken goes to the topic, in `/_cogmock/messages`. The session begins now."""
    _, request = delegation.owned(call, params["DelegationRequestId"])
    if request.only_by_owner and _caller(call) != request.owner:
        raise AccessDenied(f"Only {request.owner} can send the token of this delegation request.")
    _demand(request, ("ACCEPTED",))
    request.token, request.ends = call.world.entropy.text(64), float(int(call.now) + request.seconds)
    delegation.change(call, request, "FINALIZED")


def _demand(
    request: DelegationRequest, states: tuple[str, ...], error: type[QueryError] = InvalidInputException
) -> None:
    """Refuses a request in another state, with an inferred error."""
    if request.state not in states:
        raise error(
            f"Delegation request {request.id} is in the state {request.state}, not {' or '.join(states)}."
        )


def _caller(call: Call) -> str:
    session = temporary_credentials.find(call)
    return temporary_credentials.arn(call.account, session) if session else temporary_credentials.root(call)


def _described(asker: str, request: DelegationRequest) -> Any:
    return {
        "DelegationRequestId": request.id,
        "OwnerAccountId": request.owner_account,
        "Description": request.description,
        "RequestMessage": request.message,
        "Permissions": {"PolicyTemplateArn": request.template_arn, "Parameters": request.parameters},
        "PermissionPolicy": request.policy,
        "OwnerId": request.owner,
        "ApproverId": request.approver,
        "State": request.state,
        "ExpirationTime": request.expires,
        "RequestorId": asker,
        "CreateDate": request.created,
        "SessionDuration": request.seconds,
        "RedirectUrl": request.redirect_url,
        "Notes": request.notes,
        "RejectionReason": request.rejection,
        "OnlySendByOwner": request.only_by_owner,
        "UpdatedTime": request.updated,
    }
