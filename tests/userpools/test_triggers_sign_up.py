"""Triggers of sign-up: PreSignUp, PostConfirmation, and those of users created by administrators."""

from __future__ import annotations

import pytest
import requests
from support.pool_env import PASSWORD, refused
from support.pool_settings import FUNCTION
from support.triggers import KEY, answering, configured, error_of, refusing, sources

UNKNOWN_SDK = "aws-sdk-unknown-unknown"


@pytest.fixture
def guarded(found, cognito):
    """A pool whose users pass a function before they sign up, and another after they are confirmed."""
    cognito.functions["before"] = answering()
    cognito.functions["after"] = answering()
    return found(
        AutoVerifiedAttributes=["email"],
        LambdaConfig=configured(PreSignUp="before", PostConfirmation="after"),
    )


def statuses(env, username="ada"):
    return env.user(username)["UserStatus"]


class TestPreSignUp:
    def test_gets_the_event_that_aws_sends(self, guarded, cognito):
        guarded.sign_up(
            attributes={"email": "ada@example.com", "name": "Ada"},
            ValidationData=[{"Name": "code", "Value": "7"}],
            ClientMetadata={"from": "web"},
        )
        assert cognito.functions.calls[0].event == {
            "version": "1",
            "triggerSource": "PreSignUp_SignUp",
            "region": "us-east-1",
            "userPoolId": guarded.pool_id,
            "userName": "ada",
            "callerContext": {"awsSdkVersion": UNKNOWN_SDK, "clientId": guarded.client_id},
            "request": {
                "userAttributes": {"email": "ada@example.com", "name": "Ada"},
                "validationData": {"code": "7"},
                "clientMetadata": {"from": "web"},
            },
            "response": {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
        }

    def test_without_validation_data_there_is_null_and_without_metadata_nothing(self, guarded, cognito):
        guarded.sign_up(attributes={"email": "ada@example.com"})
        request = cognito.functions.calls[0].event["request"]
        assert request["validationData"] is None
        assert "clientMetadata" not in request

    def test_validation_data_is_not_stored(self, guarded):
        guarded.sign_up(
            attributes={"email": "ada@example.com"}, ValidationData=[{"Name": "code", "Value": "7"}]
        )
        assert "code" not in guarded.attributes()

    def test_where_addresses_are_names_it_gets_the_name_that_will_be(self, found, cognito):
        cognito.functions["before"] = answering()
        env = found(UsernameAttributes=["email"], LambdaConfig=configured(PreSignUp="before"))
        sub = env.sign_up("ada@example.com")["UserSub"]
        event = cognito.functions.calls[0].event
        assert event["userName"] == sub
        assert event["request"]["userAttributes"] == {"email": "ada@example.com"}

    def test_names_the_sdk_of_the_caller(self, guarded, cognito):
        def agent(request, **_):
            request.headers["User-Agent"] = "aws-sdk-js/2.1639.0 promise"

        guarded.idp.meta.events.register("before-send.cognito-idp.SignUp", agent)
        guarded.sign_up(attributes={"email": "ada@example.com"})
        assert cognito.functions.calls[0].event["callerContext"]["awsSdkVersion"] == "aws-sdk-js-2.1639.0"

    def test_confirms_at_once_without_a_code(self, guarded, cognito):
        cognito.functions["before"] = answering(autoConfirmUser=True)
        answer = guarded.sign_up(attributes={"email": "ada@example.com"}, ClientMetadata={"from": "web"})
        assert answer["UserConfirmed"] is True
        assert "CodeDeliveryDetails" not in answer
        assert statuses(guarded) == "CONFIRMED"
        assert guarded.attributes()["email_verified"] == "false"
        assert not cognito.messages
        assert sources(cognito) == ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]
        assert cognito.functions.calls[1].event["request"]["clientMetadata"] == {"from": "web"}
        assert guarded.sign_in()

    @pytest.mark.parametrize(
        ("flag", "attribute", "value"),
        [("autoVerifyEmail", "email", "ada@example.com"), ("autoVerifyPhone", "phone_number", "+15550100")],
    )
    def test_takes_an_address_for_proven(self, guarded, cognito, flag, attribute, value):
        cognito.functions["before"] = answering(autoConfirmUser=True, **{flag: True})
        guarded.sign_up(attributes={attribute: value})
        assert guarded.attributes()[f"{attribute}_verified"] == "true"

    def test_an_address_that_is_not_there_cannot_be_proven(self, guarded, cognito):
        cognito.functions["before"] = answering(autoVerifyEmail=True)
        with refused("InvalidLambdaResponseException"):
            guarded.sign_up()
        with refused("UserNotFoundException"):
            guarded.user()

    def test_an_alias_goes_over_from_its_owner(self, found, cognito):
        cognito.functions["before"] = answering(autoConfirmUser=True, autoVerifyEmail=True)
        env = found(AliasAttributes=["email"], LambdaConfig=configured(PreSignUp="before"))
        env.sign_up("ada", attributes={"email": "a@example.com"})
        env.sign_up("ben", attributes={"email": "a@example.com"})
        assert env.attributes("ada")["email_verified"] == "false"
        assert env.user("a@example.com")["Username"] == "ben"

    @pytest.mark.parametrize("sender", [False, True])
    def test_comes_before_the_functions_of_messages(self, found, cognito, sender):
        cognito.functions["f"] = answering()
        by = {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION + "f"}, "KMSKeyID": KEY}
        env = found(
            AutoVerifiedAttributes=["email"],
            LambdaConfig=configured(PreSignUp="f", CustomMessage="f", PostConfirmation="f")
            | (by if sender else {}),
        )
        message = "CustomEmailSender" if sender else "CustomMessage"
        env.sign_up(attributes={"email": "ada@example.com"})
        env.create("bob", attributes={"email": "bob@example.com"})
        assert sources(cognito) == [
            *("PreSignUp_SignUp", f"{message}_SignUp"),
            *("PreSignUp_AdminCreateUser", f"{message}_AdminCreateUser"),
        ]

    def test_its_failure_leaves_no_user(self, guarded, cognito):
        cognito.functions["before"] = refusing("Not from here")
        with refused("UserLambdaValidationException", "PreSignUp failed with error Not from here."):
            guarded.sign_up(attributes={"email": "ada@example.com"})
        with refused("UserNotFoundException"):
            guarded.user()
        assert not cognito.messages

    def test_is_not_asked_about_a_name_that_is_taken(self, guarded, cognito):
        guarded.add_user()
        before = len(cognito.functions.calls)
        with refused("UsernameExistsException"):
            guarded.sign_up()
        assert len(cognito.functions.calls) == before

    def test_a_name_taken_meanwhile_is_refused(self, guarded, cognito):
        def slow(event, _context):
            if event["triggerSource"] == "PreSignUp_SignUp":
                guarded.create("ada", MessageAction="SUPPRESS")
            return event

        cognito.functions["before"] = slow
        with refused("UsernameExistsException"):
            guarded.sign_up()


class TestPreSignUpOfAdministrators:
    def test_gets_no_client(self, guarded, cognito):
        guarded.create(
            attributes={"email": "ada@example.com", "email_verified": "true"},
            ValidationData=[{"Name": "code", "Value": "7"}],
            ClientMetadata={"from": "console"},
            MessageAction="SUPPRESS",
        )
        (call,) = cognito.functions.calls
        assert call.event["triggerSource"] == "PreSignUp_AdminCreateUser"
        assert call.event["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"
        assert call.event["request"] == {
            "userAttributes": {"email": "ada@example.com", "email_verified": "true"},
            "validationData": {"code": "7"},
            "clientMetadata": {"from": "console"},
        }

    def test_its_flags_count_for_nothing(self, guarded, cognito):
        cognito.functions["before"] = answering(autoConfirmUser=True, autoVerifyEmail=True)
        guarded.create(attributes={"email": "ada@example.com"}, MessageAction="SUPPRESS")
        assert statuses(guarded) == "FORCE_CHANGE_PASSWORD"
        assert guarded.attributes().get("email_verified") != "true"
        assert sources(cognito) == ["PreSignUp_AdminCreateUser"]

    def test_its_failure_leaves_no_user(self, guarded, cognito):
        cognito.functions["before"] = refusing("No")
        with refused("UserLambdaValidationException", "PreSignUp failed with error No."):
            guarded.create()
        with refused("UserNotFoundException"):
            guarded.user()

    def test_sending_the_invitation_again_asks_nobody(self, guarded, cognito):
        guarded.create(attributes={"email": "ada@example.com"})
        guarded.create(MessageAction="RESEND")
        assert sources(cognito) == ["PreSignUp_AdminCreateUser"]


class TestPostConfirmation:
    def test_follows_a_code(self, guarded, cognito):
        sub = guarded.sign_up(attributes={"email": "ada@example.com"})["UserSub"]
        guarded.confirm(ClientMetadata={"step": "two"})
        call = cognito.functions.calls[-1]
        assert call.event["triggerSource"] == "PostConfirmation_ConfirmSignUp"
        assert call.event["callerContext"]["clientId"] == guarded.client_id
        assert call.event["request"] == {
            "userAttributes": {
                "sub": sub,
                "cognito:user_status": "CONFIRMED",
                "email": "ada@example.com",
                "email_verified": "true",
            },
            "clientMetadata": {"step": "two"},
        }
        assert call.event["response"] == {}

    def test_shows_aliases_that_are_in_force(self, found, cognito):
        cognito.functions["after"] = answering()
        env = found(
            AutoVerifiedAttributes=["email"],
            AliasAttributes=["email", "phone_number"],
            LambdaConfig=configured(PostConfirmation="after"),
        )
        env.sign_up(attributes={"email": "ada@example.com", "phone_number": "+15550100"})
        env.confirm()
        attributes = cognito.functions.calls[-1].event["request"]["userAttributes"]
        assert attributes["cognito:email_alias"] == "ada@example.com"
        assert "cognito:phone_number_alias" not in attributes

    def test_follows_an_administrator(self, guarded, cognito):
        guarded.sign_up(attributes={"email": "ada@example.com"})
        guarded.idp.admin_confirm_sign_up(
            UserPoolId=guarded.pool_id, Username="ada", ClientMetadata={"by": "admin"}
        )
        event = cognito.functions.calls[-1].event
        assert event["triggerSource"] == "PostConfirmation_ConfirmSignUp"
        assert event["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"
        assert event["request"]["clientMetadata"] == {"by": "admin"}

    def test_follows_the_link_in_a_mail(self, guarded, cognito):
        guarded.idp.update_user_pool(
            UserPoolId=guarded.pool_id,
            AutoVerifiedAttributes=["email"],
            VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_LINK"},
            LambdaConfig=configured(PostConfirmation="after"),
        )
        guarded.sign_up(attributes={"email": "ada@example.com"})
        assert requests.get(cognito.messages.last().link, timeout=30).ok
        event = cognito.functions.calls[-1].event
        assert event["triggerSource"] == "PostConfirmation_ConfirmSignUp"
        assert event["callerContext"]["clientId"] == guarded.client_id

    def test_follows_a_new_password(self, guarded, cognito):
        guarded.add_user(email="ada@example.com", email_verified="true")
        guarded.idp.forgot_password(ClientId=guarded.client_id, Username="ada")
        guarded.idp.confirm_forgot_password(
            ClientId=guarded.client_id,
            Username="ada",
            ConfirmationCode=guarded.code(),
            Password=PASSWORD,
            ClientMetadata={"why": "forgot"},
        )
        event = cognito.functions.calls[-1].event
        assert event["triggerSource"] == "PostConfirmation_ConfirmForgotPassword"
        assert event["request"]["clientMetadata"] == {"why": "forgot"}

    def test_does_not_follow_an_administrators_creation(self, guarded, cognito):
        guarded.add_user()
        assert "PostConfirmation_ConfirmSignUp" not in sources(cognito)

    def test_its_failure_fails_the_call_and_the_user_stays_confirmed(self, guarded, cognito):
        guarded.sign_up(attributes={"email": "ada@example.com"})
        cognito.functions["after"] = refusing("Mail list is down")
        with refused(
            "UserLambdaValidationException", "PostConfirmation failed with error Mail list is down."
        ):
            guarded.confirm()
        assert statuses(guarded) == "CONFIRMED"

    def test_after_a_global_sign_out_it_tells_since_when_tokens_are_void(self, guarded, cognito):
        guarded.add_user(email="ada@example.com", email_verified="true")
        guarded.idp.admin_user_global_sign_out(UserPoolId=guarded.pool_id, Username="ada")
        at = cognito.clock.now().timestamp() * 1000
        guarded.idp.forgot_password(ClientId=guarded.client_id, Username="ada")
        guarded.idp.confirm_forgot_password(
            ClientId=guarded.client_id, Username="ada", ConfirmationCode=guarded.code(), Password=PASSWORD
        )
        void = cognito.functions.calls[-1].event["request"]["userAttributes"]["cognito:token_nbf"]
        assert at - 5000 < int(void) <= at


class TestFunctionsThatCallThePool:
    def test_a_function_may_change_the_user_that_it_is_told_of(self, guarded, cognito):
        def after(event, _context):
            guarded.admin_update(event["userName"], nickname="newcomer")
            return event

        cognito.functions["after"] = after
        guarded.sign_up(attributes={"email": "ada@example.com"})
        guarded.confirm()
        assert guarded.attributes()["nickname"] == "newcomer"

    def test_a_function_may_delete_the_user(self, guarded, cognito):
        def after(event, _context):
            guarded.idp.admin_delete_user(UserPoolId=guarded.pool_id, Username=event["userName"])
            return event

        cognito.functions["after"] = after
        guarded.sign_up(attributes={"email": "ada@example.com"})
        guarded.confirm()
        with refused("UserNotFoundException"):
            guarded.user()


class TestLambdaConfig:
    @pytest.mark.parametrize(
        "function",
        [
            "arn:aws:lambda:eu-west-1:123456789012:function:elsewhere",
            "arn:aws:sns:us-east-1:123456789012:function:topic",
            "arn:aws:lambda:us-east-1:123456789012:layer:none",
        ],
    )
    def test_takes_functions_of_the_pools_own_region_alone(self, found, env, function):
        for config in (
            {"PreSignUp": function},
            {"PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": function}},
        ):
            assert error_of(found, LambdaConfig=config)[0] == "InvalidParameterException"
            code, _ = error_of(env.idp.update_user_pool, UserPoolId=env.pool_id, LambdaConfig=config)
            assert code == "InvalidParameterException"

    def test_takes_functions_of_other_accounts_and_versions(self, found):
        found(LambdaConfig={"PreSignUp": FUNCTION.replace("123456789012", "210987654321") + "f:live"})

    def test_is_forgotten_by_an_update_without_it(self, guarded, cognito):
        guarded.idp.update_user_pool(UserPoolId=guarded.pool_id)
        guarded.sign_up()
        assert not cognito.functions.calls
