"""While a point-in-time recovery is in progress: writes of user data are paused, reads and sign-ins go on."""

from __future__ import annotations

import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.recovery_env import HOUR, RecoveryEnv

from cogmock.services import COGNITO_IDP
from cogmock.userpools.rules.admission import rates, writes
from cogmock.wire import model

PAUSED = "OperationNotEnabledException"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"]


@pytest.fixture
def env(cognito):
    """A pool that is an hour old, with the user ada and the group staff."""
    env = RecoveryEnv(
        cognito,
        client={"ExplicitAuthFlows": FLOWS},
        AutoVerifiedAttributes=["email"],
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
    )
    env.idp.set_user_pool_mfa_config(
        UserPoolId=env.pool_id, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    env.add_user(email="ada@example.com", email_verified="true", phone_number="+15550100")
    env.make_group("staff")
    env.wait(HOUR)
    return env


@pytest.fixture
def token(env):
    return env.token()


@pytest.fixture
def paused(env, token):
    """The environment, once the preview is there."""
    env.restore_id, _ = env.previewed(60)
    return env


ADMIN = {
    "admin_add_user_to_group": {"Username": "ada", "GroupName": "staff"},
    "admin_confirm_sign_up": {"Username": "ada"},
    "admin_create_user": {"Username": "bob"},
    "admin_delete_software_token": {"Username": "ada"},
    "admin_delete_user": {"Username": "ada"},
    "admin_delete_user_attributes": {"Username": "ada", "UserAttributeNames": ["nickname"]},
    "admin_disable_provider_for_user": {
        "User": {
            "ProviderName": "Cognito",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": "ada",
        }
    },
    "admin_disable_user": {"Username": "ada"},
    "admin_enable_user": {"Username": "ada"},
    "admin_forget_device": {"Username": "ada", "DeviceKey": "us-east-1_" + "a" * 36},
    "admin_link_provider_for_user": {
        "DestinationUser": {"ProviderName": "Cognito", "ProviderAttributeValue": "ada"},
        "SourceUser": {
            "ProviderName": "Google",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": "1",
        },
    },
    "admin_remove_user_from_group": {"Username": "ada", "GroupName": "staff"},
    "admin_reset_user_password": {"Username": "ada"},
    "admin_set_user_mfa_preference": {"Username": "ada"},
    "admin_set_user_password": {"Username": "ada", "Password": OTHER},
    "admin_set_user_settings": {"Username": "ada", "MFAOptions": []},
    "admin_update_device_status": {"Username": "ada", "DeviceKey": "us-east-1_" + "a" * 36},
    "admin_update_user_attributes": {
        "Username": "ada",
        "UserAttributes": [{"Name": "nickname", "Value": "A"}],
    },
    "create_group": {"GroupName": "more"},
    "create_user_import_job": {
        "JobName": "job",
        "CloudWatchLogsRoleArn": "arn:aws:iam::123456789012:role/logs",
    },
    "delete_group": {"GroupName": "staff"},
    "start_user_import_job": {"JobId": "import-1234567890"},
    "update_group": {"GroupName": "staff"},
}
OF_USERS = {
    "associate_software_token": {},
    "change_password": {"PreviousPassword": PASSWORD, "ProposedPassword": OTHER},
    "complete_web_authn_registration": {"Credential": {}},
    "confirm_device": {"DeviceKey": "us-east-1_" + "a" * 36},
    "delete_user": {},
    "delete_user_attributes": {"UserAttributeNames": ["nickname"]},
    "delete_web_authn_credential": {"CredentialId": "a"},
    "forget_device": {"DeviceKey": "us-east-1_" + "a" * 36},
    "set_user_mfa_preference": {},
    "set_user_settings": {"MFAOptions": []},
    "start_web_authn_registration": {},
    "update_device_status": {"DeviceKey": "us-east-1_" + "a" * 36},
    "update_user_attributes": {"UserAttributes": [{"Name": "nickname", "Value": "A"}]},
    "verify_software_token": {"UserCode": "123456"},
    "verify_user_attribute": {"AttributeName": "email", "Code": "123456"},
}
PUBLIC = {
    "confirm_forgot_password": {"Username": "ada", "ConfirmationCode": "123456", "Password": OTHER},
    "confirm_sign_up": {"Username": "ada", "ConfirmationCode": "123456"},
    "sign_up": {"Username": "bob", "Password": PASSWORD},
}


class TestBlocked:
    def test_every_blocked_operation_is_tried_here(self):
        tried = {name.replace("_", "") for name in (*ADMIN, *OF_USERS, *PUBLIC)}
        assert tried == {name.lower() for name in writes.OF_USER_DATA}

    def test_all_of_them_can_answer_so(self):
        operations = model.load(COGNITO_IDP.name).operations
        assert all(PAUSED in operations[name].errors for name in writes.OF_USER_DATA)

    @pytest.mark.parametrize("operation", ADMIN)
    def test_by_administrators(self, paused, operation):
        with refused(PAUSED):
            getattr(paused.idp, operation)(UserPoolId=paused.pool_id, **ADMIN[operation])

    @pytest.mark.parametrize("operation", OF_USERS)
    def test_by_users(self, paused, token, operation):
        with refused(PAUSED):
            getattr(paused.idp, operation)(AccessToken=token, **OF_USERS[operation])

    @pytest.mark.parametrize("operation", PUBLIC)
    def test_by_everybody(self, paused, operation):
        with refused(PAUSED):
            getattr(paused.idp, operation)(ClientId=paused.client_id, **PUBLIC[operation])

    def test_already_while_the_preview_is_generated(self, env):
        env.initiate(60)
        with refused(PAUSED):
            env.add_user("bob")

    @pytest.mark.parametrize("end", ["cancel", "start"])
    def test_writes_go_on_when_it_has_ended(self, paused, end):
        getattr(paused, end)(paused.restore_id)
        paused.wait(10)
        paused.add_user("bob")

    def test_the_pool_stays_in_a_plan_that_can_end_the_recovery(self, paused):
        change = {
            "UserPoolId": paused.pool_id,
            "UserPoolTier": "LITE",
            "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}},
        }
        with refused("TierChangeNotAllowedException"):
            paused.idp.update_user_pool(**change)
        paused.cancel(paused.restore_id)
        paused.add_user("bob")
        paused.idp.update_user_pool(**change)

    def test_writes_of_other_pools_go_on(self, paused):
        paused.pool_id = paused.idp.create_user_pool(PoolName="other")["UserPool"]["Id"]
        paused.create("bob")


class TestAllowed:
    def test_all_other_operations_are_configuration_reads_or_sign_ins(self):
        changing = ("UserUpdate", "UserCreation", "UserAccountRecovery", "UserResourceUpdate")
        of_users = {name for category in changing for name in rates.OPERATIONS[category].split()}
        assert of_users - writes.OF_USER_DATA == {
            "ForgotPassword",
            "UpdateAuthEventFeedback",
            "AdminUpdateAuthEventFeedback",
        }

    def test_reads(self, paused, token):
        assert paused.user()["Username"] == "ada"
        assert paused.names() == {"ada"}
        assert paused.idp.get_user(AccessToken=token)["Username"] == "ada"
        assert paused.idp.get_group(UserPoolId=paused.pool_id, GroupName="staff")

    def test_signing_in_refreshing_and_signing_out(self, paused):
        tokens = paused.sign_in()
        refreshed = paused.idp.initiate_auth(
            ClientId=paused.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        )
        assert refreshed["AuthenticationResult"]["AccessToken"]
        paused.idp.revoke_token(ClientId=paused.client_id, Token=tokens["RefreshToken"])
        paused.idp.global_sign_out(AccessToken=paused.token())
        paused.idp.admin_user_global_sign_out(UserPoolId=paused.pool_id, Username="ada")

    def test_configuration(self, paused):
        paused.client_of()
        paused.idp.create_resource_server(UserPoolId=paused.pool_id, Identifier="api", Name="api")
        paused.idp.tag_resource(
            ResourceArn=paused.idp.describe_user_pool(UserPoolId=paused.pool_id)["UserPool"]["Arn"],
            Tags={"a": "b"},
        )

    def test_sending_codes(self, paused, token):
        assert paused.forgot()["AttributeName"] == "email"
        paused.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")


class TestChallenges:
    def answer(self, env, name, session, **responses):
        answer = env.idp.respond_to_auth_challenge(
            ClientId=env.client_id,
            ChallengeName=name,
            Session=session,
            ChallengeResponses={"USERNAME": "ada", **responses},
        )
        return answer["AuthenticationResult"]

    def begin(self, env, flow="USER_PASSWORD_AUTH", **given):
        return env.idp.initiate_auth(
            ClientId=env.client_id, AuthFlow=flow, AuthParameters={"USERNAME": "ada", **given}
        )

    def test_a_new_password_can_not_be_set(self, env):
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=PASSWORD, Permanent=False
        )
        restore_id, _ = env.previewed(60)
        begun = self.begin(env, PASSWORD=PASSWORD)
        assert begun["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        with refused(PAUSED):
            self.answer(env, "NEW_PASSWORD_REQUIRED", begun["Session"], NEW_PASSWORD=OTHER)
        env.cancel(restore_id)
        assert self.answer(env, "NEW_PASSWORD_REQUIRED", begun["Session"], NEW_PASSWORD=OTHER)

    def test_a_totp_user_can_not_sign_in(self, env, token, cognito):
        env.idp.associate_software_token(AccessToken=token)
        env.idp.verify_software_token(AccessToken=token, UserCode=cognito.totp("ada"))
        env.idp.set_user_mfa_preference(
            AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
        restore_id, _ = env.previewed(60)
        begun = self.begin(env, PASSWORD=PASSWORD)
        assert begun["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        with refused(PAUSED):
            self.answer(
                env, "SOFTWARE_TOKEN_MFA", begun["Session"], SOFTWARE_TOKEN_MFA_CODE=cognito.totp("ada")
            )
        env.cancel(restore_id)
        env.wait(60)
        begun = self.begin(env, PASSWORD=PASSWORD)
        assert self.answer(
            env, "SOFTWARE_TOKEN_MFA", begun["Session"], SOFTWARE_TOKEN_MFA_CODE=cognito.totp("ada")
        )

    def test_a_factor_can_not_be_set_up(self, env):
        env.idp.update_user_pool(UserPoolId=env.pool_id, AutoVerifiedAttributes=["email"])
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id, MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
        )
        env.previewed(60)
        begun = self.begin(env, PASSWORD=PASSWORD)
        assert begun["ChallengeName"] == "MFA_SETUP"
        with refused(PAUSED):
            env.idp.associate_software_token(Session=begun["Session"])
        with refused(PAUSED):
            self.answer(env, "MFA_SETUP", begun["Session"])

    def test_a_code_by_mail_signs_in(self, paused, cognito):
        begun = self.begin(paused, "USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
        assert self.answer(paused, "EMAIL_OTP", begun["Session"], EMAIL_OTP_CODE=paused.code("ada"))

    def test_nobody_is_migrated(self, paused, cognito):
        function = "arn:aws:lambda:us-east-1:123456789012:function:migrate"
        paused.idp.update_user_pool(UserPoolId=paused.pool_id, LambdaConfig={"UserMigration": function})
        with refused(PAUSED):
            paused.sign_in("eve")
        assert paused.names() == {"ada"}

    def test_a_sign_up_that_was_waiting_for_its_function_is_refused(self, env, cognito):
        def slow(event, _):
            env.initiate(60)
            return event

        cognito.functions["slow"] = slow
        function = "arn:aws:lambda:us-east-1:123456789012:function:slow"
        env.idp.update_user_pool(UserPoolId=env.pool_id, LambdaConfig={"PreSignUp": function})
        with refused(PAUSED):
            env.sign_up("eve")
        assert env.names() == {"ada"}
