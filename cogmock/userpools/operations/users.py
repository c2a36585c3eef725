"""Operations of administrators on users, and of users on themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cogmock.core import paging
from cogmock.core.call import Call
from cogmock.core.messages import compose
from cogmock.core.messages.letter import Letter
from cogmock.core.operation import operation
from cogmock.errors import (
    CodeDeliveryFailureException,
    InvalidParameterException,
    UnsupportedUserStateException,
    UsernameExistsException,
)
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.arrivals import confirmation, creation, pre_sign_up
from cogmock.userpools.rules.directory import aliases, attributes, filters, removal, sign_out, views
from cogmock.userpools.rules.proofs import codes, factors, passwords, recovery

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

EXISTS = "User account already exists"
PAGE = 60


@operation
def admin_create_user(call: Call, params: aws.AdminCreateUserRequest) -> aws.AdminCreateUserResponse:
    """Without DesiredDeliveryMediums the invitation goes to the phone number, else to the e-mail address.

    What a pre sign-up function confirms or verifies has no effect here, as on AWS.
    """
    pool = lookup.pool(call, params["UserPoolId"])
    username, password = params["Username"], params.get("TemporaryPassword")
    if params.get("MessageAction") == "RESEND":
        user = _waiting(pool, username, password)
        _check_mediums(user.attributes, params.get("DesiredDeliveryMediums"))
        _invite(call, pool, user, params)
        return {"User": views.user(user)}
    values = attributes.given(params.get("UserAttributes"))
    attributes.check_names(pool, values, by_admin=True)
    attributes.check_values(pool, values | aliases.implied(pool, username))
    if password:
        passwords.check_policy(pool, password, "admin_create")
    values |= aliases.implied(pool, username)
    _check_mediums(values, params.get("DesiredDeliveryMediums"))
    creation.check_name(pool, username, values, EXISTS)
    sub = pre_sign_up.ask(
        call,
        pool,
        "AdminCreateUser",
        username,
        values,
        validation=attributes.given(params.get("ValidationData")),
        metadata=params.get("ClientMetadata"),
    ).sub
    creation.check_name(
        pool, username, values, EXISTS
    )  # the lock was released: another call may have taken the name
    _free_aliases(call, pool, values, force=params.get("ForceAliasCreation") or False)
    user = creation.add(call, pool, username, values, "FORCE_CHANGE_PASSWORD", sub)
    shown = views.user(user)
    if password or not passwords.is_passwordless(pool):
        temporary = password or passwords.temporary(call.world.entropy, pool)
        passwords.keep(call, pool, user, temporary)
        if params.get("MessageAction") != "SUPPRESS":
            _invite(call, pool, user, params, temporary)
    elif _needs_no_password(pool, user):
        pool.users.set_status(user, "CONFIRMED")
        shown["UserStatus"] = "CONFIRMED"
    return {"User": shown}


@operation
def admin_get_user(call: Call, params: aws.AdminGetUserRequest) -> aws.AdminGetUserResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    return {
        "Username": user.name,
        "UserAttributes": views.attributes(user),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status,
        **views.mfa(user),
    }


@operation
def admin_delete_user(call: Call, params: aws.AdminDeleteUserRequest) -> None:
    """Works in any state; the user does not have to be disabled first."""
    pool = lookup.pool(call, params["UserPoolId"])
    removal.remove(pool, lookup.user(pool, params["Username"]))


@operation
def admin_enable_user(call: Call, params: aws.AdminEnableUserRequest) -> None:
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    pool.users.set_enabled(user, enabled=True)
    user.modified = call.now


@operation
def admin_disable_user(call: Call, params: aws.AdminDisableUserRequest) -> None:
    """Keeps the user status and revokes all tokens; they stay revoked when the user is enabled again."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    pool.users.set_enabled(user, enabled=False)
    user.modified = call.now
    sign_out.everywhere(call, user)


@operation
def admin_confirm_sign_up(call: Call, params: aws.AdminConfirmSignUpRequest) -> None:
    """Does not verify the e-mail address or phone number."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    confirmation.by_admin(call, pool, user, params.get("ClientMetadata"))


@operation
def admin_set_user_password(call: Call, params: aws.AdminSetUserPasswordRequest) -> None:
    """Sends no message."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    passwords.check_policy(pool, params["Password"])
    passwords.check_history(pool, user, params["Password"])
    passwords.keep(call, pool, user, params["Password"])
    pool.users.set_status(user, "CONFIRMED" if params.get("Permanent") else "FORCE_CHANGE_PASSWORD")
    user.modified = call.now


@operation
def admin_reset_user_password(call: Call, params: aws.AdminResetUserPasswordRequest) -> None:
    """A code that cannot be delivered is not an error: the operation has none for it. The log has the reason."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    attribute = recovery.target(call, pool, user)
    pool.users.set_status(user, "RESET_REQUIRED")
    user.drop_password()
    user.modified = call.now
    try:
        codes.send(call, pool, user, codes.RESET, attribute, metadata=params.get("ClientMetadata"))
    except CodeDeliveryFailureException as failure:
        call.reason = failure.reason


@operation
def list_users(call: Call, params: aws.ListUsersRequest) -> aws.ListUsersResponse:
    """With a filter, sorted by its attribute; without, in the order of creation."""
    pool = lookup.pool(call, params["UserPoolId"])
    condition = filters.parse(params.get("Filter"))
    names = params.get("AttributesToGet") or None
    if names and not set(names) <= pool.schema.keys():
        raise InvalidParameterException("One or more requested attributes do not exist.")
    limit = params.get("Limit") or PAGE
    question = ["ListUsers", pool.id, params.get("Filter"), names]
    if condition is None:
        users, token = paging.page(pool.users, limit, params.get("PaginationToken"), question)
    else:
        place = paging.place(params.get("PaginationToken"), question)
        while not filters.is_ready(pool, condition):
            call.give_way()
            pool = lookup.pool(call, pool.id)
        users, following = filters.page(pool, condition, place, limit)
        token = paging.next_token(following, question) if following else None
    return {"Users": [views.user(user, names) for user in users], "PaginationToken": token}


@operation
def get_user(call: Call, params: aws.GetUserRequest) -> aws.GetUserResponse:
    """Shows the attributes that the client of the access token may read."""
    _, user, claims = lookup.home_of_token(call, params["AccessToken"])
    names = attributes.readable(lookup.client_of_token(call, claims))
    return {"Username": user.name, "UserAttributes": views.attributes(user, names), **views.mfa(user)}


@operation
def delete_user(call: Call, params: aws.DeleteUserRequest) -> None:
    pool, user, _ = lookup.home_of_token(call, params["AccessToken"])
    removal.remove(pool, user)


def _free_aliases(call: Call, pool: UserPool, values: dict[str, str], *, force: bool) -> None:
    """An alias in force must be free, or with ForceAliasCreation moves here. Unverified addresses may be shared."""
    for attribute in pool.settings.get("AliasAttributes") or ():
        verified = values.get(f"{attribute}_verified", "").lower() == "true"
        if values.get(attribute) and (verified or attribute == "preferred_username"):
            # The text of the service model says AliasExistsException; its list of errors has only this one.
            value, forced = values[attribute], force and verified
            aliases.make_free(call, pool, attribute, value, UsernameExistsException, force=forced)


def _needs_no_password(pool: UserPool, user: User) -> bool:
    """Whether the user can sign in by code: a verified address, or one of a kind that the pool takes as first factor.

    AWS dev guide: Creating user accounts as administrator.
    """
    proven = any(aliases.is_verified(user, attribute) for attribute in attributes.VERIFIABLE)
    return proven or not factors.first_configured(user).isdisjoint(factors.first_allowed(pool))


def _waiting(pool: UserPool, username: str, password: str | None) -> User:
    user = lookup.user(pool, username)
    if user.status != "FORCE_CHANGE_PASSWORD":
        raise UnsupportedUserStateException(
            f"Resend not possible. {username} status is not FORCE_CHANGE_PASSWORD"
        )
    if password:
        passwords.check_policy(pool, password, "admin_create")
    return user


def _invite(
    call: Call, pool: UserPool, user: User, params: aws.AdminCreateUserRequest, temporary: str | None = None
) -> None:
    if temporary is None:
        temporary = params.get("TemporaryPassword") or passwords.temporary(call.world.entropy, pool)
        passwords.keep(call, pool, user, temporary)
        user.modified = call.now
    for attribute in _invited_by(user, params.get("DesiredDeliveryMediums")):
        letter = Letter(
            "AdminCreateUser",
            codes.MEDIUMS[attribute],
            user.attributes[attribute],
            temporary,
            metadata=params.get("ClientMetadata"),
        )
        compose.send(call, pool, user, letter)


def _check_mediums(values: Mapping[str, str], mediums: list[str] | None) -> None:
    """Each medium that is asked for needs its address (service model: UserAttributes of AdminCreateUser)."""
    if "EMAIL" in (mediums or ()) and not values.get("email"):
        raise InvalidParameterException("No email provided but desired delivery medium was Email")
    if "SMS" in (mediums or ()) and not values.get("phone_number"):
        # inferred: the wording, by that of the e-mail
        raise InvalidParameterException("No phone number provided but desired delivery medium was SMS")


def _invited_by(user: User, mediums: list[str] | None) -> list[str]:
    """The attributes to which an invitation goes: of the mediums asked for, else the phone number, else the e-mail."""
    if not mediums:
        # Service model: the default is SMS. inferred: the e-mail where the user has no phone number
        mediums = ["SMS"] if user.attributes.get("phone_number") else ["EMAIL"]
    wanted = [attribute for attribute, medium in codes.MEDIUMS.items() if medium in mediums]
    return [attribute for attribute in wanted if user.attributes.get(attribute)]
