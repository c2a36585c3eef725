"""Whether and where to a user may recover the account."""

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
"""The order where a pool has no setting (dev guide)."""


def target(call: Call, pool: UserPool, user: User) -> str:
    """The attribute to which the code for a new password goes. Refuses who may not have one."""
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    stale = passwords.is_stale(call, pool, user)
    # A temporary password that ran out may be reset (dev guide); before that, clients see this refusal.
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
    """The ways to recover, the best first."""
    setting = (pool.settings.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms")
    if not setting:
        return LEGACY
    return [of["Name"] for of in sorted(setting, key=lambda of: int(of["Priority"]))]
