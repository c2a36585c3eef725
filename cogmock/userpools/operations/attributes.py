"""Operations on the attributes of users, by the user or an administrator, and their verification by code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import (
    AliasExistsException,
    CodeDeliveryFailureException,
    InvalidParameterException,
    LimitExceededException,
)
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.directory import aliases, attributes
from cogmock.userpools.rules.proofs import changes, codes

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws


@operation
def admin_update_user_attributes(call: Call, params: aws.AdminUpdateUserAttributesRequest) -> None:
    """A code that cannot be delivered is not an error: the operation has none for it. The log has the reason."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    values = attributes.given(params["UserAttributes"])
    attributes.check_changes(pool, user, values)
    for attribute, value in changes.make(call, pool, user, values):
        try:
            codes.send(
                call,
                pool,
                user,
                codes.change(attribute),
                attribute,
                destination=value,
                metadata=params.get("ClientMetadata"),
            )
        except (CodeDeliveryFailureException, LimitExceededException) as failure:
            call.reason = failure.reason


@operation
def admin_delete_user_attributes(call: Call, params: aws.AdminDeleteUserAttributesRequest) -> None:
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    names = params["UserAttributeNames"]
    attributes.check_known(pool, names, "Invalid user attributes: ")
    _delete(call, pool, user, names)


@operation
def update_user_attributes(
    call: Call, params: aws.UpdateUserAttributesRequest
) -> aws.UpdateUserAttributesResponse:
    """Changed addresses are sent a verification code where the pool verifies them; each is listed in the answer."""
    pool, user, claims = lookup.home_of_token(call, params["AccessToken"])
    client = lookup.client_of_token(call, claims)
    values = attributes.given(params["UserAttributes"])
    if client:
        attributes.check_writable(pool, client, values)
    attributes.check_changes(pool, user, values)
    details = [
        codes.send(
            call,
            pool,
            user,
            codes.change(attribute),
            attribute,
            destination=value,
            client_id=claims.get("client_id"),
            metadata=params.get("ClientMetadata"),
        )
        for attribute, value in changes.make(call, pool, user, values)
    ]
    return {"CodeDeliveryDetailsList": details}


@operation
def delete_user_attributes(call: Call, params: aws.DeleteUserAttributesRequest) -> None:
    pool, user, claims = lookup.home_of_token(call, params["AccessToken"])
    client = lookup.client_of_token(call, claims)
    names = params["UserAttributeNames"]
    attributes.check_known(pool, names)
    if client:
        attributes.check_writable(pool, client, names)
    _delete(call, pool, user, names)


@operation
def get_user_attribute_verification_code(
    call: Call, params: aws.GetUserAttributeVerificationCodeRequest
) -> aws.GetUserAttributeVerificationCodeResponse:
    """The code goes to the new address if one is waiting for verification, else to the present one."""
    pool, user, claims = lookup.home_of_token(call, params["AccessToken"])
    attribute = _verifiable(params["AttributeName"])
    value = (user.pending or {}).get(attribute) or user.attributes.get(attribute)
    if not value:
        raise InvalidParameterException(
            f"User does not have an {attribute} to verify."
        )  # inferred: the wording
    codes.check_limit(call, user, "GetUserAttributeVerificationCode")
    codes.count(call, user, "GetUserAttributeVerificationCode")
    details = codes.send(
        call,
        pool,
        user,
        codes.verification(attribute),
        attribute,
        destination=value,
        client_id=claims.get("client_id"),
        metadata=params.get("ClientMetadata"),
    )
    return {"CodeDeliveryDetails": details}


@operation
def verify_user_attribute(call: Call, params: aws.VerifyUserAttributeRequest) -> None:
    """Marks the address as verified; a new address that was waiting replaces the present one."""
    pool, user, _ = lookup.home_of_token(call, params["AccessToken"])
    attribute = _verifiable(params["AttributeName"])
    key = codes.verification(attribute).key
    code = codes.check(call, user, key, params["Code"], limited="VerifyUserAttribute")
    value = code.destination or ""
    aliases.check_free(pool, attribute, value, AliasExistsException, but=user)
    codes.discard(user, key)
    changes.prove(call, pool, user, attribute, value)


def _verifiable(attribute: str) -> str:
    if attribute not in attributes.VERIFIABLE:
        raise InvalidParameterException(
            "Invalid attribute name. Only phone_number and email can be verified."
        )
    return attribute


def _delete(call: Call, pool: UserPool, user: User, names: list[str]) -> None:
    attributes.check_removable(pool, names)
    changes.make(call, pool, user, dict.fromkeys(names, ""))
