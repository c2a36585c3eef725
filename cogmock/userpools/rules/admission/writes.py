"""Which operations write, and when such writes are refused: in a replica, and during a point-in-time recovery."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import OperationNotEnabledException
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import recoveries

# Service model (InitiatePointInTimeRecovery): sign-up, user creation, attribute updates, import jobs. inferred: the
# others. Signing in and out, refreshing, and sending codes are no writes of user data.
_OF_USER_DATA = """
    SignUp ConfirmSignUp AdminCreateUser AdminConfirmSignUp DeleteUser AdminDeleteUser UpdateUserAttributes
    DeleteUserAttributes VerifyUserAttribute AdminUpdateUserAttributes AdminDeleteUserAttributes
    AdminSetUserPassword AdminResetUserPassword ChangePassword ConfirmForgotPassword AdminEnableUser
    AdminDisableUser CreateGroup UpdateGroup DeleteGroup AdminAddUserToGroup AdminRemoveUserFromGroup
    AssociateSoftwareToken VerifySoftwareToken AdminDeleteSoftwareToken SetUserMFAPreference
    AdminSetUserMFAPreference SetUserSettings AdminSetUserSettings StartWebAuthnRegistration
    CompleteWebAuthnRegistration DeleteWebAuthnCredential ConfirmDevice ForgetDevice UpdateDeviceStatus
    AdminForgetDevice AdminUpdateDeviceStatus AdminLinkProviderForUser AdminDisableProviderForUser
    CreateUserImportJob StartUserImportJob
"""
OF_USER_DATA = frozenset(_OF_USER_DATA.split())
"""Operations that are refused while the writes of a pool are paused."""
CHALLENGES = frozenset({"NEW_PASSWORD_REQUIRED", "MFA_SETUP", "SOFTWARE_TOKEN_MFA"})
"""Challenges that cannot be answered meanwhile (service model)."""
IN_REPLICA = frozenset({"NEW_PASSWORD_REQUIRED", "MFA_SETUP"})
"""Challenges that write user data, which a replica does not."""


def refuse(call: Call, pool: UserPool) -> None:
    """Raises OperationNotEnabledException where user data of a pool cannot be written."""
    if call.replica is not None:
        raise not_in_replica(call, pool)
    if _is_recovering(call, pool):
        raise _paused(pool)


def are_refused(call: Call, pool: UserPool) -> bool:
    try:
        refuse(call, pool)
    except OperationNotEnabledException:
        return True
    return False


def refuse_challenge(call: Call, pool: UserPool, name: str) -> None:
    """Raises OperationNotEnabledException for a challenge whose answer would write user data."""
    if call.replica is not None and name in IN_REPLICA:
        raise not_in_replica(call, pool)
    if name in CHALLENGES and _is_recovering(call, pool):
        raise _paused(pool)


def not_in_replica(call: Call, pool: UserPool) -> OperationNotEnabledException:
    # inferred: the wording.
    return OperationNotEnabledException(
        f"This operation is not enabled in {call.local.name}, which has a replica of user pool {pool.id}.",
        reason=f"ask in the primary Region, {call.region.name}",
    )


def _is_recovering(call: Call, pool: UserPool) -> bool:
    """By the clock's time, not the call's: a recovery may have begun since the call began."""
    return bool(pool.recoveries) and recoveries.pauses_writes(pool, call.world.clock.now())


def _paused(pool: UserPool) -> OperationNotEnabledException:
    # inferred: error and wording.
    return OperationNotEnabledException(
        "Write operations are paused while a point-in-time recovery of the user pool is in progress.",
        reason=f"start or cancel the recovery of {pool.id}, or move the clock on by a day",
    )
