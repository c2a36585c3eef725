"""Triggers of sign-in: PreAuthentication, PostAuthentication, UserMigration."""

from __future__ import annotations

import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.sign_in import FLOWS, begin_as_admin, by_srp, password_of, read, refresh, renew, respond
from support.triggers import answering, configured, error_of, refusing, sources

WRONG = "Incorrect username or password."
AUTHENTICATION = [
    "PreAuthentication_Authentication",
    "PostAuthentication_Authentication",
    "TokenGeneration_Authentication",
]


@pytest.fixture
def watched(found, cognito):
    """A pool whose sign-ins three functions watch."""
    for name in ("before", "after", "claims"):
        cognito.functions[name] = answering()

    def watched(*, client=None, **settings):
        config = configured(
            PreAuthentication="before", PostAuthentication="after", PreTokenGeneration="claims"
        )
        client = {"ExplicitAuthFlows": FLOWS, **(client or {})}
        return found(LambdaConfig=config, client=client, **settings)

    return watched


@pytest.fixture
def home(watched):
    env = watched()
    env.add_user(email="ada@example.com")
    return env


def event_of(cognito, trigger):
    return cognito.functions.calls_of(trigger)[-1].event


class TestOrder:
    def test_of_a_password(self, home, cognito):
        password_of(home)
        assert sources(cognito) == AUTHENTICATION

    def test_of_an_administrators_sign_in(self, home, cognito):
        begin_as_admin(home, USERNAME="ada", PASSWORD=PASSWORD)
        assert sources(cognito) == AUTHENTICATION

    def test_of_srp_the_first_runs_before_the_proof(self, home, cognito):
        _, claim = by_srp(home)
        assert sources(cognito) == AUTHENTICATION[:1]
        respond(home, "PASSWORD_VERIFIER", USERNAME="ada", **claim)
        assert sources(cognito) == AUTHENTICATION

    def test_of_a_new_password(self, watched, cognito):
        env = watched()
        env.create(TemporaryPassword=PASSWORD)
        asked = password_of(env)
        assert sources(cognito) == AUTHENTICATION[:1]
        respond(env, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME="ada", NEW_PASSWORD=OTHER)
        assert sources(cognito) == [*AUTHENTICATION[:2], "TokenGeneration_NewPasswordChallenge"]

    def test_of_a_refresh(self, home, cognito):
        token = password_of(home)["AuthenticationResult"]["RefreshToken"]
        refresh(home, token)
        renew(home, token)
        assert sources(cognito)[3:] == ["TokenGeneration_RefreshTokens"] * 2

    def test_of_a_migration_it_comes_first(self, found, cognito):
        cognito.functions.update(
            old=answering(userAttributes={"email": "a@example.com"}, finalUserStatus="CONFIRMED", messageAction="SUPPRESS"),
            f=answering(),
        )  # fmt: skip
        env = found(
            LambdaConfig=configured(
                UserMigration="old", PreAuthentication="f", PostAuthentication="f", PreTokenGeneration="f"
            )
        )
        password_of(env)
        assert sources(cognito) == ["UserMigration_Authentication", *AUTHENTICATION]

    def test_changes_of_passwords_by_others_run_none(self, home, cognito):
        home.idp.admin_set_user_password(
            UserPoolId=home.pool_id, Username="ada", Password=OTHER, Permanent=True
        )
        home.idp.admin_disable_user(UserPoolId=home.pool_id, Username="ada")
        assert sources(cognito) == []


class TestPreAuthentication:
    def test_gets_the_event_that_aws_sends(self, home, cognito):
        home.idp.initiate_auth(
            ClientId=home.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": PASSWORD},
            ClientMetadata={"from": "web"},
        )
        event = event_of(cognito, "PreAuthentication")
        assert event["userName"] == "ada"
        assert event["callerContext"]["clientId"] == home.client_id
        assert event["request"] == {
            "userAttributes": {
                "sub": home.attributes()["sub"],
                "cognito:user_status": "CONFIRMED",
                "email": "ada@example.com",
            },
            "validationData": {"from": "web"},
        }
        assert event["response"] == {}
        assert "clientMetadata" not in event_of(cognito, "PostAuthentication")["request"]
        assert "clientMetadata" not in event_of(cognito, "PreTokenGeneration")["request"]

    def test_sees_wrong_passwords_too(self, home, cognito):
        with refused("NotAuthorizedException", WRONG):
            password_of(home, password=OTHER)
        assert sources(cognito) == AUTHENTICATION[:1]

    def test_denies_by_failing(self, home, cognito):
        cognito.functions["before"] = refusing("Not on Sundays")
        with refused("UserLambdaValidationException", "PreAuthentication failed with error Not on Sundays."):
            password_of(home)

    def test_sees_who_is_unknown_where_that_is_hidden(self, watched, cognito):
        env = watched(client={"PreventUserExistenceErrors": "ENABLED"})
        with refused("NotAuthorizedException", WRONG):
            password_of(env, "nobody")
        request = event_of(cognito, "PreAuthentication")["request"]
        assert request["userNotFound"] is True
        assert request["userAttributes"] == {}
        env.add_user()
        password_of(env)
        assert event_of(cognito, "PreAuthentication")["request"]["userNotFound"] is False

    def test_does_not_where_it_is_not(self, watched, cognito):
        env = watched(client={"PreventUserExistenceErrors": "LEGACY"})
        with refused("UserNotFoundException"):
            password_of(env, "nobody")
        assert sources(cognito) == []

    def test_is_told_the_username_whatever_was_typed(self, watched, cognito):
        env = watched(AliasAttributes=["email"])
        env.add_user(email="ada@example.com", email_verified="true")
        password_of(env, "ada@example.com")
        assert {call.event["userName"] for call in cognito.functions.calls} == {"ada"}

    def test_who_is_deleted_meanwhile_comes_no_further(self, home, cognito):
        def function(event, _context):
            home.idp.admin_delete_user(UserPoolId=home.pool_id, Username="ada")
            return event

        cognito.functions["before"] = function
        with refused("NotAuthorizedException", WRONG):
            password_of(home)


class TestPostAuthentication:
    def test_metadata_of_an_answer_reaches_it_and_the_token_trigger(self, home, cognito):
        _, claim = by_srp(home)
        home.idp.respond_to_auth_challenge(
            ClientId=home.client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses={"USERNAME": "ada", **claim},
            ClientMetadata={"step": "two"},
        )
        request = event_of(cognito, "PostAuthentication")["request"]
        assert request["clientMetadata"] == {"step": "two"}
        assert request["newDeviceUsed"] is False
        assert request["userAttributes"]["cognito:user_status"] == "CONFIRMED"
        assert event_of(cognito, "PostAuthentication")["response"] == {}
        assert event_of(cognito, "PreTokenGeneration")["request"]["clientMetadata"] == {"step": "two"}

    def test_knows_a_new_device(self, watched, cognito):
        env = watched(DeviceConfiguration={"ChallengeRequiredOnNewDevice": True})
        env.add_user()
        password_of(env)
        assert event_of(cognito, "PostAuthentication")["request"]["newDeviceUsed"] is True

    def test_its_failure_gives_no_tokens(self, home, cognito):
        cognito.functions["after"] = refusing("No")
        with refused("UserLambdaValidationException", "PostAuthentication failed with error No."):
            password_of(home)
        assert sources(cognito) == AUTHENTICATION[:2]

    def test_what_it_changes_is_in_the_tokens(self, home, cognito):
        def function(event, _context):
            home.admin_update(event["userName"], nickname="regular")
            return event

        cognito.functions["after"] = function
        token = password_of(home)["AuthenticationResult"]["IdToken"]
        assert read(token)["nickname"] == "regular"


class TestFailingTokens:
    def test_a_failure_gives_no_tokens(self, home, cognito):
        cognito.functions["claims"] = refusing("No claims")
        with refused("UserLambdaValidationException", "PreTokenGeneration failed with error No claims."):
            password_of(home)

    def test_a_refresh_fails_as_well_and_its_token_stays_good(self, watched, cognito):
        env = watched(
            client={
                "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
                "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
            }
        )
        env.add_user()
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        cognito.functions["claims"] = refusing("No claims")
        assert error_of(renew, env, token)[0] == "UserLambdaValidationException"
        cognito.functions["claims"] = answering()
        assert renew(env, token)["RefreshToken"] != token

    def test_metadata_of_a_refresh_reaches_it(self, home, cognito):
        token = password_of(home)["AuthenticationResult"]["RefreshToken"]
        renew(home, token, ClientMetadata={"k": "v"})
        assert event_of(cognito, "PreTokenGeneration")["request"]["clientMetadata"] == {"k": "v"}


class TestUserMigration:
    @pytest.fixture
    def open_to_all(self, found, cognito):
        def open_to_all(response, *, client=None, **settings):
            cognito.functions["old"] = answering(**response)
            client = {"ExplicitAuthFlows": FLOWS, **(client or {})}
            return found(client=client, LambdaConfig=configured(UserMigration="old"), **settings)

        return open_to_all

    KNOWN = {
        "userAttributes": {"email": "ada@example.com", "email_verified": "true"},
        "finalUserStatus": "CONFIRMED",
        "messageAction": "SUPPRESS",
    }

    def test_who_is_known_elsewhere_signs_in_with_the_typed_password(self, open_to_all, cognito):
        env = open_to_all(self.KNOWN)
        env.idp.initiate_auth(
            ClientId=env.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": "weak"},
            ClientMetadata={"from": "web"},
        )
        assert env.user()["UserStatus"] == "CONFIRMED"
        assert env.attributes()["email_verified"] == "true"
        (call,) = cognito.functions.calls
        assert call.event["triggerSource"] == "UserMigration_Authentication"
        assert call.event["userName"] == "ada"
        assert call.event["request"] == {"password": "weak", "validationData": {"from": "web"}}
        assert call.event["response"] == dict.fromkeys(
            [
                "userAttributes", "forceAliasCreation", "enableSMSMFA", "finalUserStatus", "messageAction",
                "desiredDeliveryMediums",
            ]
        )  # fmt: skip
        assert password_of(env, password="weak")["AuthenticationResult"]
        assert len(cognito.functions.calls) == 1

    def test_administrators_sign_in_migrates_too(self, open_to_all):
        env = open_to_all(self.KNOWN)
        assert begin_as_admin(env, USERNAME="ada", PASSWORD=PASSWORD)["AuthenticationResult"]

    def test_srp_does_not_migrate(self, open_to_all, cognito):
        env = open_to_all(self.KNOWN, client={"PreventUserExistenceErrors": "LEGACY"})
        with refused("UserNotFoundException"):
            by_srp(env)
        assert sources(cognito) == []

    def test_without_a_final_status_the_password_must_be_reset(self, open_to_all):
        env = open_to_all({**self.KNOWN, "finalUserStatus": None})
        with refused("PasswordResetRequiredException"):
            password_of(env)
        assert env.user()["UserStatus"] == "RESET_REQUIRED"

    @pytest.mark.parametrize(
        "response",
        [
            {"userAttributes": None},
            {"userAttributes": {}},
            {"userAttributes": {"email": "no address"}},
            {"userAttributes": {"custom:unknown": "x"}},
            {"userAttributes": "text"},
            {"enableSMSMFA": True},
        ],
    )
    def test_what_makes_no_user_fails_the_sign_in(self, open_to_all, response):
        env = open_to_all({**self.KNOWN, **response}, client={"PreventUserExistenceErrors": "LEGACY"})
        with refused("UserNotFoundException", f"Exception migrating user in app client {env.client_id}"):
            password_of(env)
        with refused("UserNotFoundException"):
            env.user()

    def test_so_does_a_failing_function(self, open_to_all, cognito):
        env = open_to_all(self.KNOWN, client={"PreventUserExistenceErrors": "ENABLED"})
        cognito.functions["old"] = refusing("Bad password")
        with refused("NotAuthorizedException", WRONG):
            password_of(env)

    def test_a_welcome_goes_by_text_unless_mediums_are_named(self, open_to_all, cognito):
        both = {"email": "ada@example.com", "phone_number": "+15550100"}
        env = open_to_all({**self.KNOWN, "userAttributes": both, "messageAction": None})
        password_of(env)
        assert [message.medium for message in cognito.messages] == ["SMS"]
        cognito.functions["old"] = answering(
            **{
                **self.KNOWN,
                "userAttributes": both,
                "messageAction": None,
                "desiredDeliveryMediums": ["EMAIL", "SMS"],
            }
        )
        password_of(env, "ben")
        assert {message.medium for message in cognito.messages if message.username == "ben"} == {
            "EMAIL",
            "SMS",
        }

    def test_suppressed_it_does_not_go(self, open_to_all, cognito):
        password_of(open_to_all({**self.KNOWN, "userAttributes": {"phone_number": "+15550100"}}))
        assert not cognito.messages

    def test_an_alias_is_taken_only_by_force(self, open_to_all, cognito):
        env = open_to_all(
            self.KNOWN, AliasAttributes=["email"], client={"PreventUserExistenceErrors": "LEGACY"}
        )
        env.add_user("owner", email="ada@example.com", email_verified="true")
        with refused("UserNotFoundException"):
            password_of(env)
        cognito.functions["old"] = answering(**self.KNOWN, forceAliasCreation=True)
        password_of(env)
        assert env.user("ada@example.com")["Username"] == "ada"
        assert env.attributes("owner")["email_verified"] == "false"

    def test_the_function_may_name_the_user(self, open_to_all):
        env = open_to_all(
            {**self.KNOWN, "userAttributes": {**self.KNOWN["userAttributes"], "username": "ada"}},
            AliasAttributes=["email"],
        )
        assert password_of(env, "ada@example.com")["AuthenticationResult"]
        assert env.user("ada@example.com")["Username"] == "ada"

    def test_who_is_made_meanwhile_is_not_made_again(self, open_to_all, cognito):
        env = open_to_all(self.KNOWN)

        def slow(event, _context):
            env.add_user("ada", email="other@example.com")
            event["response"].update(self.KNOWN)
            return event

        cognito.functions["old"] = slow
        assert password_of(env)["AuthenticationResult"]
        assert env.attributes()["email"] == "other@example.com"

    def test_sms_mfa_can_be_switched_on(self, open_to_all):
        env = open_to_all(
            {
                **self.KNOWN,
                "userAttributes": {"phone_number": "+15550100"},
                "enableSMSMFA": True,
            },
            MfaConfiguration="OPTIONAL",
            SmsConfiguration={"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"},
        )
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id,
            MfaConfiguration="OPTIONAL",
            SmsMfaConfiguration={
                "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}
            },
        )
        assert password_of(env)["ChallengeName"] == "SMS_MFA"

    def test_who_forgot_the_password_gets_a_code(self, open_to_all, cognito):
        env = open_to_all(self.KNOWN)
        env.idp.forgot_password(ClientId=env.client_id, Username="ada", ClientMetadata={"from": "web"})
        event = event_of(cognito, "UserMigration")
        assert event["triggerSource"] == "UserMigration_ForgotPassword"
        assert event["request"]["password"] is None
        assert event["request"]["clientMetadata"] == {"from": "web"}
        env.idp.confirm_forgot_password(
            ClientId=env.client_id, Username="ada", ConfirmationCode=env.code(), Password=OTHER
        )
        assert password_of(env, password=OTHER)["AuthenticationResult"]

    def test_then_the_functions_of_messages_follow(self, open_to_all, cognito):
        env = open_to_all(self.KNOWN)
        cognito.functions["words"] = answering()
        env.idp.update_user_pool(
            UserPoolId=env.pool_id, LambdaConfig=configured(UserMigration="old", CustomMessage="words")
        )
        env.idp.forgot_password(ClientId=env.client_id, Username="ada")
        assert sources(cognito) == ["UserMigration_ForgotPassword", "CustomMessage_ForgotPassword"]

    def test_an_address_that_the_function_did_not_call_verified_gets_no_code(self, open_to_all, cognito):
        env = open_to_all({**self.KNOWN, "userAttributes": {"email": "ada@example.com"}})
        with refused(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
        ):
            env.idp.forgot_password(ClientId=env.client_id, Username="ada")
        assert not cognito.messages
        assert env.user()["Username"] == "ada"

    @pytest.mark.parametrize(("hides", "code"), [("LEGACY", "UserNotFoundException"), ("ENABLED", None)])
    def test_a_failure_then_is_told_to_clients_that_may_know(self, open_to_all, cognito, hides, code):
        env = open_to_all(self.KNOWN, client={"PreventUserExistenceErrors": hides})
        cognito.functions["old"] = refusing("Never heard of")
        if code:
            assert error_of(env.idp.forgot_password, ClientId=env.client_id, Username="ada")[0] == code
        else:
            assert env.idp.forgot_password(ClientId=env.client_id, Username="ada")["CodeDeliveryDetails"]

    def test_the_log_hides_the_password(self, cognito, open_to_all):
        import json

        from cogmock.core.triggers import events

        password_of(open_to_all(self.KNOWN))
        shown = json.dumps(events.shown(cognito.functions.calls[-1]))
        assert PASSWORD not in shown
        assert "ada@example.com" in shown
