"""Groups of IAM users. Not related to the groups of a user pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.entropy import UPPER
from cogmock.core.operation import operation
from cogmock.errors import DeleteConflictException
from cogmock.iam.rules import listing, lookup, principals, views
from cogmock.state.iam import Group
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import iam as aws


@operation
def create_group(call: Call, params: aws.CreateGroupRequest) -> aws.CreateGroupResponse:
    groups, name, path = call.account.iam.groups, params["GroupName"], params.get("Path") or "/"
    principals.check_name(groups, name, "Group")
    group = Group(
        name=name,
        id=f"AGPA{call.world.entropy.text(17, UPPER)}",
        arn=arns.arn("iam", call.region.name, call.account.id, f"group{path}{name}"),
        path=path,
        created=call.now,
    )
    groups.add(group)
    return {"Group": views.group(group)}


@operation
def get_group(call: Call, params: aws.GetGroupRequest) -> aws.GetGroupResponse:
    """The group and a page of its users."""
    group = lookup.group(call, params["GroupName"])
    found, rest = listing.page(list(group.members), params, ["GetGroup", group.id])
    users = [views.member(lookup.user(call, name)) for name in found]
    return {"Group": views.group(group), "Users": users, **rest}


@operation
def list_groups(call: Call, params: aws.ListGroupsRequest) -> aws.ListGroupsResponse:
    found, rest = listing.page(listing.beneath(call.account.iam.groups, params), params, "ListGroups")
    return {"Groups": [views.group(group) for group in found], **rest}


@operation
def delete_group(call: Call, params: aws.DeleteGroupRequest) -> None:
    group = lookup.group(call, params["GroupName"])
    principals.check_without_policies(group)
    if group.members:
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
    call.account.iam.groups.remove(group)


@operation
def add_user_to_group(call: Call, params: aws.AddUserToGroupRequest) -> None:
    """Adding a member again changes nothing."""
    group = lookup.group(call, params["GroupName"])
    group.members.setdefault(lookup.user(call, params["UserName"]).name)


@operation
def remove_user_from_group(call: Call, params: aws.RemoveUserFromGroupRequest) -> None:
    user = lookup.user(call, params["UserName"])
    lookup.group(call, params["GroupName"]).members.pop(user.name, None)
