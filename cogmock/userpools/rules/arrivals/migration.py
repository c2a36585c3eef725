"""The user migration trigger: creates a user whom the pool does not know, as a function describes it."""

from __future__ import annotations

from typing import Any

from cogmock.core.call import Call
from cogmock.core.messages import compose
from cogmock.core.messages.letter import Letter
from cogmock.core.triggers import events
from cogmock.core.triggers.response_fields import Response
from cogmock.errors import (
    AwsError,
    CodeDeliveryFailureException,
    InvalidParameterException,
    LimitExceededException,
    UsernameExistsException,
    UserNotFoundException,
)
from cogmock.state.client import UserPoolClient
from cogmock.state.user import Mfa, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import writes
from cogmock.userpools.rules.arrivals import creation
from cogmock.userpools.rules.directory import aliases, attributes
from cogmock.userpools.rules.proofs import passwords

UNDELIVERED = (CodeDeliveryFailureException, InvalidParameterException, LimitExceededException)
"""What keeps a message from going out."""
WELCOME = {"EMAIL": "email", "SMS": "phone_number"}


def migrate(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    source: str,
    username: str,
    request: dict[str, Any],
    metadata: dict[str, str] | None = None,
) -> User | None:
    """The migrated user; None if the pool has no such trigger. The lock is released while the function runs.

    `request` has password and validationData. Raises UserNotFoundException.
    """
    if not events.has(pool, "UserMigration"):
        return None
    writes.refuse(call, pool)
    source = f"UserMigration_{source}"
    try:
        answer = events.fire(call, pool, source, username, request, client_id=client.id, metadata=metadata)
        user = aliases.find(pool, username)  # another call may have created the user meanwhile
        if user is None and answer:
            user = _made(call, pool, username, request["password"], answer)
            _welcome(call, pool, client, user, request["password"], answer, metadata)
    except AwsError as error:
        reason = error.reason or error.message
        raise UserNotFoundException(
            f"Exception migrating user in app client {client.id}", reason=reason
        ) from error
    return user


def _made(call: Call, pool: UserPool, username: str, password: str | None, answer: Response) -> User:
    """Creates the user as the function describes it, with the typed password; the policy is not checked."""
    values = dict(answer["userAttributes"] or {})
    if not values:
        raise InvalidParameterException("The function gave no userAttributes.")
    name = values.pop("username", None) or username
    values |= aliases.implied(pool, name)
    attributes.check_names(pool, values, by_admin=True)
    attributes.check_values(pool, values)
    creation.check_name(pool, name, values, "User already exists")
    factors = _factors(pool, values, wanted=bool(answer["enableSMSMFA"]))
    for attribute in pool.settings.get("AliasAttributes") or ():
        in_force = (
            attribute == "preferred_username" or values.get(f"{attribute}_verified", "").lower() == "true"
        )
        if values.get(attribute) and in_force:
            force = bool(answer["forceAliasCreation"])
            aliases.make_free(call, pool, attribute, values[attribute], UsernameExistsException, force=force)
    confirmed = answer["finalUserStatus"] == "CONFIRMED"
    user = creation.add(call, pool, name, values, "CONFIRMED" if confirmed else "RESET_REQUIRED")
    user.mfa = factors
    user.password_set = call.now
    if password and confirmed:
        passwords.keep(call, pool, user, password)
    return user


def _factors(pool: UserPool, values: dict[str, str], *, wanted: bool) -> Mfa | None:
    if not wanted:
        return None
    if not values.get("phone_number") or pool.settings.get("MfaConfiguration", "OFF") == "OFF":
        raise InvalidParameterException("enableSMSMFA needs a phone number, and MFA in the pool.")
    return Mfa(enabled=("SMS_MFA",))


def _welcome(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    user: User,
    password: str | None,
    answer: Response,
    metadata: dict[str, str] | None,
) -> None:
    """Sends the invitation with the typed password, if there is one. A failed delivery is only logged."""
    if answer["messageAction"] == "SUPPRESS" or password is None:
        return
    for medium in answer["desiredDeliveryMediums"] or ["SMS"]:
        destination = user.attributes.get(WELCOME.get(medium, ""))
        if not destination:
            continue
        letter = Letter("AdminCreateUser", medium, destination, password, client.id, metadata)
        try:
            compose.send(call, pool, user, letter)
        except UNDELIVERED as failure:
            call.reason = failure.reason  # inferred: the user is migrated all the same
