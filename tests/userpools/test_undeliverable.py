"""Messages that cannot go out: a medium without an address, and SMS of a pool that sends none."""

from __future__ import annotations

import pytest
from support.pool_env import SMS, listed, refused
from support.sign_in import FLOWS, begin, password_of

PHONE = {"phone_number": "+15550001234"}
MAIL = {"email": "ada@example.com"}
NO_SMS = ("InvalidParameterException", "User pool does not have SMS configuration to send messages.")


@pytest.fixture
def env(found):
    """A pool that sends no SMS, though it verifies phone numbers."""
    return found(
        client={"ExplicitAuthFlows": FLOWS},
        SmsConfiguration={},
        AutoVerifiedAttributes=["phone_number"],
    )


def signed_up(env):
    """Ada, who signed up while the pool could send SMS; now it cannot."""
    more = {"AutoVerifiedAttributes": ["phone_number"]}
    env.idp.update_user_pool(UserPoolId=env.pool_id, SmsConfiguration=SMS, **more)
    env.sign_up(attributes=PHONE)
    env.idp.update_user_pool(UserPoolId=env.pool_id, **more)


class TestDesiredMediums:
    @pytest.mark.parametrize(
        ("attributes", "mediums", "message"),
        [
            (PHONE, ["EMAIL"], "No email provided but desired delivery medium was Email"),
            (MAIL, ["SMS"], "No phone number provided but desired delivery medium was SMS"),
            (MAIL, ["EMAIL", "SMS"], "No phone number provided but desired delivery medium was SMS"),
            (PHONE, ["SMS", "EMAIL"], "No email provided but desired delivery medium was Email"),
            ({}, ["EMAIL"], "No email provided but desired delivery medium was Email"),
        ],
    )
    @pytest.mark.parametrize("more", [{}, {"MessageAction": "SUPPRESS"}])
    def test_each_needs_its_attribute_and_nobody_is_created(self, found, attributes, mediums, message, more):
        env = found()
        with refused("InvalidParameterException", message):
            env.create(attributes=attributes, DesiredDeliveryMediums=mediums, **more)
        assert env.idp.list_users(UserPoolId=env.pool_id)["Users"] == []
        assert len(env.cognito.messages) == 0

    def test_so_does_one_that_is_asked_for_when_the_invitation_is_sent_again(self, found):
        env = found()
        env.create(attributes=MAIL)
        with refused("InvalidParameterException"):
            env.create(MessageAction="RESEND", DesiredDeliveryMediums=["SMS"])
        assert len(env.cognito.messages) == 1

    def test_with_neither_medium_nor_address_the_user_is_created_and_nothing_is_sent(self, found):
        env = found()
        env.create()
        assert env.status() == "FORCE_CHANGE_PASSWORD"
        assert len(env.cognito.messages) == 0

    def test_a_name_that_is_the_address_is_one(self, found):
        env = found(UsernameAttributes=["email"])
        env.create("ada@example.com", DesiredDeliveryMediums=["EMAIL"])
        assert len(env.cognito.messages) == 1


class TestNoSmsConfiguration:
    """AWS refuses wherever an SMS would go."""

    @pytest.fixture(autouse=True)
    def nothing_goes_out_by_sms(self, env):
        yield
        assert all(message.medium == "EMAIL" or message.username == "ada" for message in env.cognito.messages)

    def test_invitations_are_refused_and_the_user_stays(self, env):
        with refused(*NO_SMS):
            env.create(attributes=PHONE | MAIL)
        assert env.status() == "FORCE_CHANGE_PASSWORD"
        with refused(*NO_SMS):
            env.create(MessageAction="RESEND", DesiredDeliveryMediums=["SMS"])
        env.create(MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"])
        assert [message.medium for message in env.cognito.messages] == ["EMAIL"]

    def test_sign_ups(self, env):
        with refused(*NO_SMS):
            env.sign_up("bea", attributes=PHONE)

    def test_further_codes_of_a_sign_up(self, env):
        signed_up(env)
        with refused(*NO_SMS):
            env.idp.resend_confirmation_code(ClientId=env.client_id, Username="ada")

    def test_new_phone_numbers(self, env):
        env.add_user("bea", **PHONE)
        with refused(*NO_SMS):
            env.update(env.token("bea"), phone_number="+15550009999")
        with refused(*NO_SMS):
            env.admin_update("bea", phone_number="+15550008888")

    def test_verification_codes(self, env):
        env.add_user("bea", **PHONE)
        with refused(*NO_SMS):
            env.idp.get_user_attribute_verification_code(
                AccessToken=env.token("bea"), AttributeName="phone_number"
            )

    def test_codes_for_forgotten_passwords(self, env):
        env.add_user("bea", phone_number_verified="true", **PHONE)
        with refused(*NO_SMS):
            env.forgot("bea")
        with refused(*NO_SMS):
            env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="bea")

    def test_codes_that_sign_in(self, env):
        env.add_user("bea", **PHONE)
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "SMS_OTP"]}}
        env.idp.update_user_pool(UserPoolId=env.pool_id, Policies=policy)
        env.idp.update_user_pool_client(
            UserPoolId=env.pool_id, ClientId=env.client_id, ExplicitAuthFlows=["ALLOW_USER_AUTH"]
        )
        with refused(*NO_SMS):
            begin(env, "USER_AUTH", USERNAME="bea", PREFERRED_CHALLENGE="SMS_OTP")

    def test_the_log_says_how_to_mend_the_pool(self, env):
        with refused(*NO_SMS):
            env.sign_up("bea", attributes=PHONE)
        reason = env.cognito.requests[-1].reason
        assert env.pool_id in reason
        assert "SmsConfiguration" in reason
        assert "UpdateUserPool" in reason

    def test_email_is_not_concerned(self, env):
        env.create(attributes=MAIL)
        assert len(env.cognito.messages) == 1

    def test_a_function_that_sends_itself_needs_none(self, env):
        env.idp.update_user_pool(
            UserPoolId=env.pool_id,
            AutoVerifiedAttributes=["phone_number"],
            LambdaConfig={
                "CustomSMSSender": {
                    "LambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:send",
                    "LambdaVersion": "V1_0",
                },
                "KMSKeyID": "arn:aws:kms:us-east-1:123456789012:key/0d9f2a1c-3b1e-4a52-9c1d-2f6f0a7b8c9d",
            },
        )
        env.cognito.functions["send"] = lambda event, _context: event
        assert env.sign_up("bea", attributes=PHONE)["CodeDeliveryDetails"]["DeliveryMedium"] == "SMS"


def test_pools_of_the_fixture_send_sms(cognito):
    """`make_pool` gives them an SmsConfiguration, unless a test gives its own."""
    pool = cognito.make_pool(AutoVerifiedAttributes=["phone_number"])
    assert pool.description["SmsConfiguration"]["SnsCallerArn"].startswith("arn:aws:iam::")
    import boto3

    boto3.client("cognito-idp").sign_up(
        ClientId=pool.client_id, Username="ada", Password="Passw0rd!", UserAttributes=listed(PHONE)
    )
    assert cognito.messages.last(username="ada").medium == "SMS"


def test_sms_mfa_asks_for_no_code_in_a_pool_that_lost_its_configuration(found):
    env = found(client={"ExplicitAuthFlows": FLOWS})
    env.idp.set_user_pool_mfa_config(
        UserPoolId=env.pool_id, MfaConfiguration="OPTIONAL", SmsMfaConfiguration={"SmsConfiguration": SMS}
    )
    env.add_user(**PHONE)
    env.idp.admin_set_user_mfa_preference(
        UserPoolId=env.pool_id, Username="ada", SMSMfaSettings={"Enabled": True}
    )
    assert password_of(env)["ChallengeName"] == "SMS_MFA"
    env.idp.update_user_pool(UserPoolId=env.pool_id)
    assert password_of(env)["AuthenticationResult"]
