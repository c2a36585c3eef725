"""The operations for sign-up and its confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import InvalidParameterException, NotAuthorizedException, UsernameExistsException
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.arrivals import confirmation, creation, pre_sign_up
from cogmock.userpools.rules.directory import aliases, attributes
from cogmock.userpools.rules.proofs import codes, existence, passwords, secret_hash
from cogmock.userpools.rules.threats import compromised, context, guard, history
from cogmock.userpools.sign_in import questions

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

EXISTS = "User already exists"
NO_RESEND = "Cannot resend codes. Auto verification not turned on."


@operation
def sign_up(call: Call, params: aws.SignUpRequest) -> aws.SignUpResponse:
    """A name that is taken is reported even with PreventUserExistenceErrors, as on AWS."""
    pool, client = lookup.home_of_client(call, params["ClientId"])
    username, password = params["Username"], params.get("Password")
    secret_hash.check(call, client, username, params.get("SecretHash"), where="directory")
    if (pool.settings.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"):
        raise NotAuthorizedException("SignUp is not permitted for this user pool")
    about = context.of_app(call, pool, client, params.get("UserContextData"))
    guard.refuse_blocked(call, pool, client, None, about, "SignUp")
    values = attributes.given(params.get("UserAttributes"))
    _check_attributes(pool, client, username, values)
    _check_password(pool, password)
    is_known = compromised.refuse(call, pool, client, None, password or "", "SIGN_UP")
    values |= aliases.implied(pool, username)
    creation.check_name(pool, username, values, EXISTS)
    verdict = pre_sign_up.ask(
        call,
        pool,
        "SignUp",
        username,
        values,
        client_id=client.id,
        validation=attributes.given(params.get("ValidationData")),
        metadata=params.get("ClientMetadata"),
    )
    creation.check_name(
        pool, username, values, EXISTS
    )  # the lock was released: another call may have taken the name
    unproven = {f"{name}_verified": "false" for name in attributes.VERIFIABLE if values.get(name)}
    user = creation.add(call, pool, username, values | unproven, "UNCONFIRMED", verdict.sub)
    if password:
        passwords.keep(call, pool, user, password)
    for proven in verdict.verified:
        # AWS dev guide: Pre sign-up Lambda trigger: a verified alias moves here from the user who had it.
        aliases.make_free(call, pool, proven, values[proven], UsernameExistsException, force=True, but=user)
        pool.users.write(user, {f"{proven}_verified": "true"})
    response = "Pass" if verdict.confirmed else "InProgress"
    history.note(call, pool, client, user, "SignUp", about, response, compromised=is_known)
    answer: aws.SignUpResponse = {
        "UserConfirmed": verdict.confirmed,
        "UserSub": user.sub,
        "Session": questions.after_sign_up(call, pool, client, user),
    }
    if verdict.confirmed:
        confirmation.confirm(call, pool, user, client_id=client.id, metadata=params.get("ClientMetadata"))
        return answer
    attribute = codes.auto_verified(pool, user)
    if attribute:
        answer["CodeDeliveryDetails"] = codes.send(
            call,
            pool,
            user,
            codes.SIGN_UP,
            attribute,
            client_id=client.id,
            metadata=params.get("ClientMetadata"),
        )
    return answer


@operation
def confirm_sign_up(call: Call, params: aws.ConfirmSignUpRequest) -> aws.ConfirmSignUpResponse:
    """The Session in the answer signs the user in without another code. The Session of SignUp is optional."""
    pool, client = lookup.home_of_client(call, params["ClientId"])
    username = params["Username"]
    secret_hash.check(call, client, username, params.get("SecretHash"), where="directory")
    user = aliases.find(pool, username)
    if user is None or (not user.enabled and existence.is_hidden(client)):
        raise existence.code_refusal(call, pool, client, username, codes.SIGN_UP.key)
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    about = context.of_app(call, pool, client, params.get("UserContextData"))
    guard.refuse_blocked(call, pool, client, user, about, "SignUp")
    proven_by = confirmation.by_code(
        call,
        pool,
        user,
        params["ConfirmationCode"],
        force_alias=params.get("ForceAliasCreation") or False,
        client_id=client.id,
        metadata=params.get("ClientMetadata"),
    )
    history.complete(call, pool, user, "SignUp")
    proven = ("SMS_OTP",) if proven_by == "phone_number" else ("EMAIL_OTP",)
    return {"Session": questions.after_sign_up(call, pool, client, user, proven=proven)}


@operation
def resend_confirmation_code(
    call: Call, params: aws.ResendConfirmationCodeRequest
) -> aws.ResendConfirmationCodeResponse:
    pool, client = lookup.home_of_client(call, params["ClientId"])
    username = params["Username"]
    secret_hash.check(call, client, username, params.get("SecretHash"), where="directory")
    user = aliases.find(pool, username)
    if user is None or (not user.enabled and existence.is_hidden(client)):
        details = existence.simulated_delivery(call, pool, client, username, codes.RESEND)
        return {"CodeDeliveryDetails": details}
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if user.status != "UNCONFIRMED":
        raise InvalidParameterException("User is already confirmed.")
    about = context.of_app(call, pool, client, params.get("UserContextData"))
    guard.refuse_blocked(call, pool, client, user, about, "ResendCode")
    attribute = codes.auto_verified(pool, user)
    if attribute is None:
        raise NotAuthorizedException(NO_RESEND)
    codes.check_limit(call, user, "ResendConfirmationCode")
    codes.count(call, user, "ResendConfirmationCode")
    history.note(call, pool, client, user, "ResendCode", about)
    details = codes.send(
        call,
        pool,
        user,
        codes.RESEND,
        attribute,
        client_id=client.id,
        metadata=params.get("ClientMetadata"),
    )
    return {"CodeDeliveryDetails": details}


def _check_attributes(pool: UserPool, client: UserPoolClient, username: str, values: dict[str, str]) -> None:
    attributes.check_names(pool, values, by_admin=False)
    attributes.check_writable(pool, client, values)
    values = values | aliases.implied(pool, username)
    attributes.check_values(pool, values)
    attributes.check_required(pool, values)
    if values.get("preferred_username") and "preferred_username" in (
        pool.settings.get("AliasAttributes") or ()
    ):
        raise InvalidParameterException(aliases.UNCONFIRMED_PREFERRED)


def _check_password(pool: UserPool, password: str | None) -> None:
    if password:
        passwords.check_policy(pool, password, "sign_up")
    elif not passwords.is_passwordless(pool):
        # The model lets it be left out, the service requires it. inferred: the wording
        raise InvalidParameterException("Password is required.")
