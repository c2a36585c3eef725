"""IAM users, as far as simulation needs them: they have policies, but no access keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.entropy import UPPER
from cogmock.core.operation import operation
from cogmock.errors import DeleteConflictException, ValidationError
from cogmock.iam.rules import attached_policies, effective_policies, listing, lookup, principals, tags, views
from cogmock.state.iam import User
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import iam as aws


@operation
def create_user(call: Call, params: aws.CreateUserRequest) -> aws.CreateUserResponse:
    users, name, path = call.account.iam.users, params["UserName"], params.get("Path") or "/"
    principals.check_name(users, name, "User")
    limit = params.get("PermissionsBoundary")
    user = User(
        name=name,
        id=f"AIDA{call.world.entropy.text(17, UPPER)}",
        arn=arns.arn("iam", call.region.name, call.account.id, f"user{path}{name}"),
        path=path,
        created=call.now,
        tags=tags.initial(params.get("Tags")),
    )
    if limit is not None:
        attached_policies.set_boundary(call, user, limit)
    users.add(user)
    return {"User": views.user(user)}


@operation
def get_user(call: Call, params: aws.GetUserRequest) -> aws.GetUserResponse:
    """UserName is required: users have no access keys here, so no caller is a user."""
    name = params.get("UserName")
    if name is None:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return {"User": views.user(lookup.user(call, name))}


@operation
def list_users(call: Call, params: aws.ListUsersRequest) -> aws.ListUsersResponse:
    """Without tags and boundaries, as on AWS."""
    found, rest = listing.page(listing.beneath(call.account.iam.users, params), params, "ListUsers")
    return {"Users": [views.member(user) for user in found], **rest}


@operation
def delete_user(call: Call, params: aws.DeleteUserRequest) -> None:
    user = lookup.user(call, params["UserName"])
    principals.check_without_policies(user)
    if any(effective_policies.groups_of(call.account, user)):
        raise DeleteConflictException("Cannot delete entity, must remove user from all groups first.")
    call.account.iam.users.remove(user)


@operation
def put_user_permissions_boundary(call: Call, params: aws.PutUserPermissionsBoundaryRequest) -> None:
    attached_policies.set_boundary(call, lookup.user(call, params["UserName"]), params["PermissionsBoundary"])


@operation
def delete_user_permissions_boundary(call: Call, params: aws.DeleteUserPermissionsBoundaryRequest) -> None:
    lookup.user(call, params["UserName"]).permissions_boundary = None


@operation
def list_groups_for_user(call: Call, params: aws.ListGroupsForUserRequest) -> aws.ListGroupsForUserResponse:
    user = lookup.user(call, params["UserName"])
    groups = [group for group in call.account.iam.groups if user.name in group.members]
    found, rest = listing.page(listing.beneath(groups, {}), params, ["ListGroupsForUser", user.id])
    return {"Groups": [views.group(group) for group in found], **rest}


@operation
def tag_user(call: Call, params: aws.TagUserRequest) -> None:
    tags.add(lookup.user(call, params["UserName"]), params["Tags"])


@operation
def untag_user(call: Call, params: aws.UntagUserRequest) -> None:
    tags.remove(lookup.user(call, params["UserName"]), params["TagKeys"])


@operation
def list_user_tags(call: Call, params: aws.ListUserTagsRequest) -> aws.ListUserTagsResponse:
    user = lookup.user(call, params["UserName"])
    return tags.page(user, params, ["ListUserTags", user.id])
