"""Operations on groups and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page, page_by
from cogmock.errors import GroupExistsException, InvalidParameterException, LimitExceededException
from cogmock.state.group import Group
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.admission import keeping, writes
from cogmock.userpools.rules.directory import views

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

PAGE = 60
MOST = 10_000
"""Groups that a pool can have."""
MOST_OF_USER = 100
"""Groups that a user may be in."""
PORTION = 1_000
"""Members that leave a deleted group at a time: some 6 ms."""


@operation
def create_group(call: Call, params: aws.CreateGroupRequest) -> aws.CreateGroupResponse:
    """Groups may share a precedence. If their roles differ, tokens then have no `cognito:preferred_role`."""
    pool = lookup.pool(call, params["UserPoolId"])
    if params["GroupName"] in pool.groups:
        raise GroupExistsException
    if len(pool.groups) >= MOST:
        raise LimitExceededException(f"A user pool can have at most {MOST} groups.")
    group = Group(
        name=params["GroupName"],
        description=params.get("Description"),
        role_arn=params.get("RoleArn"),
        precedence=params.get("Precedence"),
        created=call.now,
        modified=call.now,
    )
    pool.groups.add(group)
    return {"Group": _described(pool, group)}


@operation
def get_group(call: Call, params: aws.GetGroupRequest) -> aws.GetGroupResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    return {"Group": _described(pool, lookup.group(pool, params["GroupName"]))}


@operation
def update_group(call: Call, params: aws.UpdateGroupRequest) -> aws.UpdateGroupResponse:
    """Changes the members that are given and keeps the others."""
    pool = lookup.pool(call, params["UserPoolId"])
    group = lookup.group(pool, params["GroupName"])
    group.description = params.get("Description", group.description)
    group.role_arn = params.get("RoleArn", group.role_arn)
    group.precedence = params.get("Precedence", group.precedence)
    group.modified = call.now
    return {"Group": _described(pool, group)}


@operation
def delete_group(call: Call, params: aws.DeleteGroupRequest) -> None:
    """Tokens that are already issued keep the group in their claims until they expire.

    Other calls run meanwhile if it has very many members, and see it with those who are left.
    """
    pool = lookup.pool(call, params["UserPoolId"])
    group = lookup.group(pool, params["GroupName"])
    while _dismiss(call, pool, group):
        call.give_way()
        pool = lookup.pool(call, pool.id)
        if pool.groups.get(group.name) is not group:
            return  # another call has deleted it
        writes.refuse(call, pool)
    pool.groups.remove(group)


def _dismiss(call: Call, pool: UserPool, group: Group) -> bool:
    """Removes some members. Whether there are more."""
    members, more = group.members.page(0, PORTION)
    for member in members:
        user = pool.users[member.name]
        keeping.note(call, pool, user)
        (user.groups or {}).pop(group.name, None)
        group.members.remove(member)
    return more


@operation
def list_groups(call: Call, params: aws.ListGroupsRequest) -> aws.ListGroupsResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    groups, token = page(
        pool.groups, _limit(params.get("Limit")), params.get("NextToken"), ["ListGroups", pool.id]
    )
    return {"Groups": [_described(pool, group) for group in groups], "NextToken": token}


@operation
def admin_add_user_to_group(call: Call, params: aws.AdminAddUserToGroupRequest) -> None:
    """Adding a member again succeeds and changes nothing."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    group = lookup.group(pool, params["GroupName"])
    groups = {**(user.groups or {}), group.name: None}
    if len(groups) > MOST_OF_USER:
        # The operation has no LimitExceededException.
        raise InvalidParameterException(f"A user can be in at most {MOST_OF_USER} groups.")
    group.join(user.name)
    user.groups = groups


@operation
def admin_remove_user_from_group(call: Call, params: aws.AdminRemoveUserFromGroupRequest) -> None:
    """Removing a user who is not a member succeeds."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    group = lookup.group(pool, params["GroupName"])
    group.leave(user.name)
    (user.groups or {}).pop(group.name, None)


@operation
def list_users_in_group(call: Call, params: aws.ListUsersInGroupRequest) -> aws.ListUsersInGroupResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    group = lookup.group(pool, params["GroupName"])
    members, token = page(
        group.members,
        _limit(params.get("Limit")),
        params.get("NextToken"),
        ["ListUsersInGroup", pool.id, group.name],
    )
    return {"Users": [views.user(pool.users[member.name]) for member in members], "NextToken": token}


@operation
def admin_list_groups_for_user(
    call: Call, params: aws.AdminListGroupsForUserRequest
) -> aws.AdminListGroupsForUserResponse:
    """Sorted by precedence, the lowest number first."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    shown, token = page_by(
        [pool.groups[name] for name in user.groups or ()],
        lambda group: (group.rank, group.number),
        _limit(params.get("Limit")),
        params.get("NextToken"),
        ["AdminListGroupsForUser", pool.id, user.name],
    )
    return {"Groups": [_described(pool, group) for group in shown], "NextToken": token}


def _limit(given: int | None) -> int:
    """AWS treats 0 as its default."""
    return given or PAGE


def _described(pool: UserPool, group: Group) -> aws.GroupType:
    return {
        "GroupName": group.name,
        "UserPoolId": pool.id,
        "Description": group.description,
        "RoleArn": group.role_arn,
        "Precedence": group.precedence,
        "CreationDate": group.created,
        "LastModifiedDate": group.modified,
    }
