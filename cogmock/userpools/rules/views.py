"""Users as AWS shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.state.user import User

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws


def user(user: User, names: list[str] | None = None) -> aws.UserType:
    """A user in a list or after its creation. `names` are the attributes that are asked for."""
    return {
        "Username": user.name,
        "Attributes": attributes(user, names),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status,
    }


def attributes(user: User, names: list[str] | None = None) -> list[aws.AttributeType]:
    """The attributes, sub first. AWS: `sub` leads in all examples, the rest has an order of AWS's own."""
    shown: list[aws.AttributeType] = [
        {"Name": name, "Value": value} for name, value in user.attributes.items()
    ]
    if names is None:
        return [{"Name": "sub", "Value": user.sub}, *shown]
    wanted = frozenset(names)
    sub: list[aws.AttributeType] = [{"Name": "sub", "Value": user.sub}] if "sub" in wanted else []
    return sub + [of for of in shown if of["Name"] in wanted]
