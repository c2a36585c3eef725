"""The operations for forgotten and changed passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import (
    AwsError,
    NotAuthorizedException,
    PasswordResetRequiredException,
    UserNotFoundException,
)
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.arrivals import confirmation, migration
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.proofs import codes, existence, passwords, recovery, secret_hash
from cogmock.userpools.rules.threats import compromised, context, guard, history

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws


@operation
def forgot_password(call: Call, params: aws.ForgotPasswordRequest) -> aws.ForgotPasswordResponse:
    """With PreventUserExistenceErrors the answer for an unknown user looks like that for a known one."""
    pool, client = lookup.home_of_client(call, params["ClientId"])
    username = params["Username"]
    secret_hash.check(call, client, username, params.get("SecretHash"), where="directory")
    user = aliases.find(pool, username) or _migrated(call, pool, client, params)
    about = context.of_app(call, pool, client, params.get("UserContextData"))
    guard.refuse_blocked(call, pool, client, user, about, "ForgotPassword")
    attribute = _target(call, pool, client, user) if user else None
    if user is None or attribute is None:
        details = existence.simulated_delivery(call, pool, client, username, codes.RESET)
        return {"CodeDeliveryDetails": details}
    codes.check_limit(call, user, "ForgotPassword")
    codes.count(call, user, "ForgotPassword")
    history.note(call, pool, client, user, "ForgotPassword", about, "InProgress")
    details = codes.send(
        call,
        pool,
        user,
        codes.RESET,
        attribute,
        client_id=client.id,
        metadata=params.get("ClientMetadata"),
    )
    return {"CodeDeliveryDetails": details}


@operation
def confirm_forgot_password(call: Call, params: aws.ConfirmForgotPasswordRequest) -> None:
    pool, client = lookup.home_of_client(call, params["ClientId"])
    username, password = params["Username"], params["Password"]
    secret_hash.check(call, client, username, params.get("SecretHash"), where="directory")
    user = aliases.find(pool, username)
    if user is None or (existence.is_hidden(client) and not _awaits_code(user)):
        raise existence.code_refusal(call, pool, client, username, codes.RESET.key)
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    about = context.of_app(call, pool, client, params.get("UserContextData"))
    guard.refuse_blocked(call, pool, client, user, about, "ForgotPassword")
    passwords.check_policy(pool, password)
    is_known = compromised.refuse(call, pool, client, user, password, "PASSWORD_CHANGE")
    codes.check(call, user, codes.RESET.key, params["ConfirmationCode"], limited="ConfirmForgotPassword")
    passwords.check_history(pool, user, password)
    codes.discard(user, codes.RESET.key)
    passwords.keep(call, pool, user, password)
    pool.users.set_status(user, "CONFIRMED")
    user.modified = call.now
    history.complete(call, pool, user, "ForgotPassword", compromised=is_known)
    metadata = params.get("ClientMetadata")
    confirmation.after(call, pool, user, "ConfirmForgotPassword", client.id, metadata)


@operation
def change_password(call: Call, params: aws.ChangePasswordRequest) -> None:
    """A user without a password sets the first one. Tokens stay valid."""
    pool, user, claims = lookup.home_of_token(call, params["AccessToken"])
    client = lookup.client_of_token(call, claims)
    if user.status == "EXTERNAL_PROVIDER":
        # inferred: a federated user has no password here, so none can be changed.
        raise NotAuthorizedException("User password cannot be changed in the current state.")
    if user.status == "RESET_REQUIRED":
        raise PasswordResetRequiredException
    codes.check_limit(call, user, "ChangePassword")
    previous, proposed = params.get("PreviousPassword"), params["ProposedPassword"]
    if user.has_password and not passwords.prove(call, pool, user, previous or ""):
        codes.count(call, user, "ChangePassword")
        raise NotAuthorizedException("Incorrect username or password.")
    passwords.check_policy(pool, proposed)
    is_known = compromised.refuse(call, pool, client, user, proposed, "PASSWORD_CHANGE")
    passwords.check_history(pool, user, proposed)
    passwords.keep(call, pool, user, proposed)
    user.modified = call.now
    about = context.Context(call.source_ip)
    history.note(call, pool, client, user, "PasswordChange", about, compromised=is_known)


def _migrated(
    call: Call, pool: UserPool, client: UserPoolClient, params: aws.ForgotPasswordRequest
) -> User | None:
    """The user that the migration trigger provides. With PreventUserExistenceErrors its failure is not reported."""
    request = {"password": None, "validationData": None}
    metadata = params.get("ClientMetadata")
    try:
        return migration.migrate(call, pool, client, "ForgotPassword", params["Username"], request, metadata)
    except UserNotFoundException as failure:
        if not existence.is_hidden(client):
            raise
        call.reason = failure.reason
        return None


def _target(call: Call, pool: UserPool, client: UserPoolClient, user: User) -> str | None:
    """The attribute to which the code goes; None if there is none and PreventUserExistenceErrors hides that."""
    try:
        return recovery.target(call, pool, user)
    except AwsError as refusal:
        if not existence.is_hidden(client):
            raise
        call.reason = refusal.message
        return None


def _awaits_code(user: User) -> bool:
    return user.enabled and codes.RESET.key in (user.codes or {})
