"""The user and group structures of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.iam.rules import attached_policies, tags
from cogmock.state.iam import Group, User

if TYPE_CHECKING:
    from cogmock.aws import iam as aws


def user(user: User) -> aws.User:
    return {
        **member(user),
        "PermissionsBoundary": attached_policies.boundary(user),
        "Tags": tags.shown(user.tags) or None,
    }


def member(user: User) -> aws.User:
    """A user as lists have it: without tags and boundary."""
    return {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": user.created,
    }


def group(group: Group) -> aws.Group:
    return {
        "Path": group.path,
        "GroupName": group.name,
        "GroupId": group.id,
        "Arn": group.arn,
        "CreateDate": group.created,
    }
