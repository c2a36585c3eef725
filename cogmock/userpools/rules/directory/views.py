"""Users in AWS's shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from cogmock.state import identities
from cogmock.state.user import Mfa, User

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws


class MfaView(TypedDict, total=False):
    """The part that AdminGetUser and GetUser share."""

    MFAOptions: list[Any] | None
    PreferredMfaSetting: str | None
    UserMFASettingList: list[str] | None


def user(user: User, names: list[str] | None = None) -> aws.UserType:
    """A user in a list or after its creation. `names` are the requested attributes."""
    shown: aws.UserType = {
        "Username": user.name,
        "Attributes": attributes(user, None if names is None else frozenset(names)),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status,
    }
    if user.mfa and user.mfa.options:
        shown["MFAOptions"] = _options(user.mfa)
    return shown


def attributes(user: User, names: frozenset[str] | None = None) -> list[aws.AttributeType]:
    """The attributes, `sub` first as in AWS's examples; AWS's order of the others is not known."""
    if names is None and not user.identities:  # as nearly always
        sub: aws.AttributeType = {"Name": "sub", "Value": user.sub}
        rest: list[aws.AttributeType] = [
            {"Name": name, "Value": value} for name, value in user.attributes.items()
        ]
        return [sub, *rest]
    first = {"sub": user.sub, "identities": identities.as_attribute(user)}
    return [
        {"Name": name, "Value": value}
        for name, value in (*first.items(), *user.attributes.items())
        if value is not None and (names is None or name in names)
    ]


def mfa(user: User) -> MfaView:
    """The MFA members of AdminGetUser and GetUser. They are absent if nothing is set, never empty."""
    if user.mfa is None:
        return {}
    return {
        "MFAOptions": _options(user.mfa),
        "PreferredMfaSetting": user.mfa.preferred,
        "UserMFASettingList": list(user.mfa.enabled) or None,
    }


def _options(mfa: Mfa) -> list[aws.MFAOptionType] | None:
    return [{"DeliveryMedium": "SMS", "AttributeName": name} for name in mfa.options] or None
