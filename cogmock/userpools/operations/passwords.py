"""Passwords that users forget and change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import AwsError, NotAuthorizedException, UserNotConfirmedException
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import aliases, codes, existence, lookup, passwords, recovery, secret_hash

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws


@operation
def forgot_password(call: Call, params: aws.ForgotPasswordRequest) -> aws.ForgotPasswordResponse:
    """A client that may not learn which users exist is told of a delivery whether there is one or not."""
    pool, client = lookup.home_of_client(call, params["ClientId"])
    username = params["Username"]
    secret_hash.check(call, client, username, params.get("SecretHash"), where="directory")
    user = aliases.find(pool, username)
    if user is None:
        return _pretended(call, pool, client, username, "there is no such user")
    try:
        attribute = recovery.target(call, pool, user)
    except AwsError as refusal:
        if existence.is_hidden(client):
            return _pretended(call, pool, client, username, refusal.message)
        raise
    codes.check_limit(call, user, "ForgotPassword")
    codes.count(call, user, "ForgotPassword")
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
    if user is None:
        existence.refuse_code(call, pool, client, username, codes.RESET.key)
        return
    _check_may_reset(call, pool, client, user, username)
    passwords.check_policy(pool, password)
    codes.check(call, user, codes.RESET.key, params["ConfirmationCode"], limited="ConfirmForgotPassword")
    passwords.check_history(pool, user, password)
    codes.discard(user, codes.RESET.key)
    passwords.keep(call, pool, user, password)
    user.status = "CONFIRMED"
    user.modified = call.now


@operation
def change_password(call: Call, params: aws.ChangePasswordRequest) -> None:
    """A user without a password sets the first one. Tokens stay good."""
    pool, user, _ = lookup.home_of_token(call, params["AccessToken"])
    codes.check_limit(call, user, "ChangePassword")
    previous, proposed = params.get("PreviousPassword"), params["ProposedPassword"]
    if user.password and not passwords.matches(pool, user, previous or ""):
        codes.count(call, user, "ChangePassword")
        raise NotAuthorizedException("Incorrect username or password.")
    passwords.check_policy(pool, proposed)
    passwords.check_history(pool, user, proposed)
    passwords.keep(call, pool, user, proposed)
    user.modified = call.now


def _check_may_reset(call: Call, pool: UserPool, client: UserPoolClient, user: User, username: str) -> None:
    if user.enabled and user.status != "UNCONFIRMED":
        return
    if existence.is_hidden(client):
        existence.refuse_code(call, pool, client, username, codes.RESET.key)
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    raise UserNotConfirmedException


def _pretended(
    call: Call, pool: UserPool, client: UserPoolClient, username: str, reason: str
) -> aws.ForgotPasswordResponse:
    return {
        "CodeDeliveryDetails": existence.simulated_delivery(call, pool, client, username, codes.RESET, reason)
    }
