"""Account recovery: whether a user may reset the password, and where the code goes."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import InvalidParameterException, NotAuthorizedException
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.proofs import passwords

MECHANISMS = {"verified_email": "email", "verified_phone_number": "phone_number"}
MFA_CHANNELS = {"email": "EMAIL_OTP", "phone_number": "SMS_MFA"}
LEGACY = ["verified_phone_number", "verified_email"]
"""The order of a pool without the setting (AWS dev guide: Passwords, account recovery, and password policies)."""


def target(call: Call, pool: UserPool, user: User) -> str:
    """The attribute to which the reset code goes. Refuses users who may not reset their password."""
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    stale = passwords.is_stale(call, pool, user)
    # An expired temporary password may be reset, one that is still valid may not.
    if user.status == "EXTERNAL_PROVIDER" or (user.status == "FORCE_CHANGE_PASSWORD" and not stale):
        raise NotAuthorizedException("User password cannot be reset in the current state.")
    names = mechanisms(pool)
    if names == ["admin_only"]:
        raise NotAuthorizedException("Contact administrator to reset password.")
    for name in names:
        attribute = MECHANISMS[name]
        proven = user.attributes.get(attribute) and aliases.is_verified(user, attribute)
        if proven and (user.mfa is None or user.mfa.preferred != MFA_CHANNELS[attribute]):
            return attribute
    raise InvalidParameterException(
        "Cannot reset password for the user as there is no registered/verified email or phone_number"
    )


def mechanisms(pool: UserPool) -> list[str]:
    """The recovery mechanisms by priority."""
    setting = (pool.settings.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms")
    if not setting:
        return LEGACY
    return [option["Name"] for option in sorted(setting, key=lambda option: int(option["Priority"]))]
