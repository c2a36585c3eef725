"""What a point-in-time recovery restores, what its preview counts, and what stays as it is."""

from __future__ import annotations

import pytest
from support.authenticator import Authenticator
from support.pool_env import OTHER, PASSWORD, refused
from support.recovery_env import DAY, HOUR, RecoveryEnv

PARTY = "example.com"
NOTHING = (0, 0, 0)


@pytest.fixture
def env(cognito):
    """A pool that is an hour old, with the user ada, who is half an hour old."""
    env = RecoveryEnv(
        cognito,
        client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"]},
        UserPoolTier="PLUS",
        AliasAttributes=["email"],
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
    )
    env.idp.set_user_pool_mfa_config(
        UserPoolId=env.pool_id,
        MfaConfiguration="OPTIONAL",
        SoftwareTokenMfaConfiguration={"Enabled": True},
        WebAuthnConfiguration={"RelyingPartyId": PARTY},
    )
    env.wait(HOUR // 2)
    env.add_user(email="ada@example.com", email_verified="true", nickname="A")
    env.wait(HOUR // 2)
    return env


def later(env):
    """The present, as a point to go back to; the clock then goes on by an hour."""
    point = env.now + 60  # what the test did so far may have taken seconds
    env.wait(HOUR)
    return point


class TestUsers:
    def test_changed_deleted_and_created_users_are_as_they_were(self, env):
        env.add_user("bob", nickname="B")
        sub = env.attributes("bob")["sub"]
        point = later(env)
        env.admin_update(nickname="Z", name="Ada")
        env.delete("bob")
        env.add_user("eve")
        env.wait(HOUR)
        counts = env.recovered(point)
        assert counts == {"Users": (1, 1, 1), "Groups": NOTHING, "User MFAs": NOTHING, "Passkeys": NOTHING}
        assert env.names() == {"ada", "bob"}
        assert env.attributes()["nickname"] == "A"
        assert "name" not in env.attributes()
        assert env.attributes("bob")["sub"] == sub
        assert env.sign_in("bob")

    def test_what_did_not_change_since_stays(self, env):
        env.admin_update(nickname="Z")
        point = later(env)
        assert env.recovered(point)["Users"] == NOTHING
        assert env.attributes()["nickname"] == "Z"

    def test_the_state_at_the_point_counts_not_an_earlier_or_later_one(self, env):
        env.admin_update(nickname="1")
        env.wait(HOUR)
        env.admin_update(nickname="2")
        point = later(env)
        env.admin_update(nickname="3")
        env.wait(HOUR)
        env.admin_update(nickname="4")
        env.wait(HOUR)
        env.recovered(point)
        assert env.attributes()["nickname"] == "2"

    def test_an_alias_leads_to_its_former_owner_again(self, env):
        point = later(env)
        env.admin_update(email="other@example.com", email_verified="true")
        env.add_user("eve", email="ada@example.com", email_verified="true")
        env.wait(HOUR)
        env.recovered(point)
        assert env.user("ada@example.com")["Username"] == "ada"
        with refused("UserNotFoundException"):
            env.user("other@example.com")

    def test_a_disabled_user_is_enabled_again(self, env):
        point = later(env)
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        env.wait(HOUR)
        assert env.recovered(point)["Users"] == (0, 1, 0)
        assert env.user()["Enabled"]

    def test_the_tokens_of_a_user_created_since_are_dead(self, env):
        point = later(env)
        env.add_user("eve")
        env.wait(20 * 60)
        token = env.token("eve")
        env.recovered(point)
        with refused("UserNotFoundException"):
            env.idp.get_user(AccessToken=token)

    def test_a_user_created_and_deleted_since_is_nowhere(self, env):
        point = later(env)
        env.add_user("eve")
        env.wait(HOUR)
        env.delete("eve")
        env.wait(HOUR)
        assert env.recovered(point)["Users"] == NOTHING
        assert env.names() == {"ada"}

    def test_a_name_that_was_taken_anew_goes_back_to_its_former_user(self, env):
        sub = env.attributes()["sub"]
        point = later(env)
        env.delete()
        env.wait(60)
        env.add_user()
        env.wait(HOUR)
        assert env.recovered(point)["Users"] == (1, 0, 1)
        assert env.attributes()["sub"] == sub

    def test_a_sign_up_since_is_undone(self, env):
        point = later(env)
        env.sign_up("eve")
        env.wait(HOUR)
        assert env.recovered(point)["Users"] == (0, 0, 1)


class TestPasswords:
    def test_who_changed_the_password_since_keeps_it(self, env):
        point = later(env)
        env.idp.change_password(AccessToken=env.token(), PreviousPassword=PASSWORD, ProposedPassword=OTHER)
        env.admin_update(nickname="Z")
        env.wait(HOUR)
        assert env.recovered(point)["Users"] == (0, 1, 0)
        assert env.sign_in(password=OTHER)
        assert env.attributes()["nickname"] == "A"

    def test_a_new_password_alone_is_no_change(self, env):
        point = later(env)
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=OTHER, Permanent=True
        )
        env.wait(HOUR)
        assert env.recovered(point)["Users"] == NOTHING
        assert env.sign_in(password=OTHER)

    def test_a_reset_is_undone(self, env):
        point = later(env)
        env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="ada")
        env.wait(HOUR)
        assert env.recovered(point)["Users"] == (0, 1, 0)
        assert env.sign_in()

    def test_the_first_own_password_stays_with_its_status(self, env):
        env.create("bob", TemporaryPassword=PASSWORD)
        point = later(env)
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="bob", Password=OTHER, Permanent=True
        )
        env.wait(HOUR)
        env.recovered(point)
        assert env.sign_in("bob", OTHER)


class TestThreatProtection:
    def test_a_reset_that_a_compromised_password_asked_for_is_undone(self, env, cognito):
        env.idp.update_user_pool(
            UserPoolId=env.pool_id,
            UserPoolTier="PLUS",
            UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"},
        )
        point = later(env)
        cognito.risk(env.pool_id, compromised=True)
        with refused("PasswordResetRequiredException"):
            env.sign_in()
        assert env.status() == "RESET_REQUIRED"
        env.wait(HOUR)
        restore_id, counts = env.previewed(point)
        assert counts["Users"] == (0, 1, 0)
        env.start(restore_id)
        env.wait(10)
        assert env.status() == "CONFIRMED"
        env.wait(2 * DAY)
        env.initiate(env.now - HOUR)
        with refused("PasswordResetRequiredException"):
            env.sign_in()
        assert env.status() == "CONFIRMED"


class TestGroups:
    def test_changed_deleted_and_created_groups_are_as_they_were(self, env):
        env.make_group("staff", Precedence=1)
        env.make_group("gone", Description="was here")
        env.join("gone")
        point = later(env)
        env.idp.update_group(UserPoolId=env.pool_id, GroupName="staff", Precedence=2)
        env.idp.delete_group(UserPoolId=env.pool_id, GroupName="gone")
        env.make_group("fresh")
        env.join("fresh")
        env.wait(HOUR)
        counts = env.recovered(point)
        assert counts["Groups"] == (1, 1, 1)
        assert counts["Users"] == NOTHING
        groups = env.idp.list_groups(UserPoolId=env.pool_id)["Groups"]
        assert {each["GroupName"] for each in groups} == {"staff", "gone"}
        described = {each["GroupName"]: each for each in groups}
        assert described["staff"]["Precedence"] == 1
        assert described["gone"]["Description"] == "was here"
        assert env.groups_of() == {"gone"}

    def test_memberships_are_changes_of_groups(self, env):
        env.make_group("staff")
        env.make_group("guests")
        env.join("staff")
        point = later(env)
        env.idp.admin_remove_user_from_group(UserPoolId=env.pool_id, Username="ada", GroupName="staff")
        env.join("guests")
        env.wait(HOUR)
        counts = env.recovered(point)
        assert counts["Groups"] == (0, 2, 0)
        assert counts["Users"] == NOTHING
        assert env.groups_of() == {"staff"}
        members = env.idp.list_users_in_group(UserPoolId=env.pool_id, GroupName="staff")["Users"]
        assert [each["Username"] for each in members] == ["ada"]

    def test_a_deleted_user_is_in_the_groups_again(self, env):
        env.make_group("staff")
        env.join("staff")
        point = later(env)
        env.delete()
        env.wait(HOUR)
        env.recovered(point)
        assert env.groups_of() == {"staff"}

    def test_a_group_that_was_created_anew_is_the_former_one(self, env):
        env.make_group("staff", Precedence=1)
        point = later(env)
        env.idp.delete_group(UserPoolId=env.pool_id, GroupName="staff")
        env.wait(60)
        env.make_group("staff", Precedence=2)
        env.wait(HOUR)
        assert env.recovered(point)["Groups"] == (0, 1, 0)
        (group,) = env.idp.list_groups(UserPoolId=env.pool_id)["Groups"]
        assert group["Precedence"] == 1


class TestFactors:
    def enroll(self, env, username="ada"):
        token = env.token(username)
        env.idp.associate_software_token(AccessToken=token)
        code = env.cognito.totp(username)
        env.idp.verify_software_token(AccessToken=token, UserCode=code)
        env.idp.set_user_mfa_preference(
            AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )

    def test_a_factor_set_up_since_is_gone(self, env):
        point = later(env)
        self.enroll(env)
        env.wait(HOUR)
        counts = env.recovered(point)
        assert counts["User MFAs"] == (0, 0, 1)
        assert counts["Users"] == NOTHING
        assert env.sign_in()

    def test_a_factor_removed_since_is_asked_for_again(self, env):
        self.enroll(env)
        point = later(env)
        env.idp.admin_delete_software_token(UserPoolId=env.pool_id, Username="ada")
        env.wait(HOUR)
        assert env.recovered(point)["User MFAs"] == (1, 0, 0)
        assert env.challenge() == "SOFTWARE_TOKEN_MFA"
        assert env.cognito.totp("ada")

    def test_a_changed_preference_is_as_it_was(self, env):
        self.enroll(env)
        point = later(env)
        env.idp.admin_set_user_mfa_preference(
            UserPoolId=env.pool_id, Username="ada", SoftwareTokenMfaSettings={"PreferredMfa": False}
        )
        env.wait(HOUR)
        assert env.recovered(point)["User MFAs"] == (0, 1, 0)
        assert env.user()["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"


class TestPasskeys:
    def register(self, env):
        token = env.token()
        options = env.idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
        env.idp.complete_web_authn_registration(
            AccessToken=token, Credential=Authenticator().register(options)
        )
        (held,) = self.listed(env)
        return held

    def listed(self, env):
        answer = env.idp.list_web_authn_credentials(AccessToken=env.token())
        return [each["CredentialId"] for each in answer["Credentials"]]

    def test_one_registered_since_is_gone(self, env):
        point = later(env)
        self.register(env)
        env.wait(HOUR)
        counts = env.recovered(point)
        assert counts["Passkeys"] == (0, 0, 1)
        assert counts["Users"] == NOTHING
        assert self.listed(env) == []

    def test_one_deleted_since_is_back(self, env):
        held = self.register(env)
        point = later(env)
        env.idp.delete_web_authn_credential(AccessToken=env.token(), CredentialId=held)
        env.wait(HOUR)
        assert env.recovered(point)["Passkeys"] == (1, 0, 0)
        assert self.listed(env) == [held]

    def test_those_of_a_deleted_user_are_back_with_the_user(self, env):
        held = self.register(env)
        point = later(env)
        env.delete()
        env.wait(HOUR)
        counts = env.recovered(point)
        assert (counts["Users"], counts["Passkeys"]) == ((1, 0, 0), (1, 0, 0))
        assert self.listed(env) == [held]


class TestConfiguration:
    def test_stays_as_it_is(self, env):
        point = later(env)
        env.idp.update_user_pool(UserPoolId=env.pool_id, UserPoolTier="PLUS", DeletionProtection="ACTIVE")
        env.idp.add_custom_attributes(
            UserPoolId=env.pool_id, CustomAttributes=[{"Name": "colour", "AttributeDataType": "String"}]
        )
        client = env.client_of()
        env.wait(HOUR)
        env.recovered(point)
        pool = env.idp.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]
        assert pool["DeletionProtection"] == "ACTIVE"
        assert "custom:colour" in {each["Name"] for each in pool["SchemaAttributes"]}
        assert env.idp.describe_user_pool_client(UserPoolId=env.pool_id, ClientId=client)

    def test_a_user_linked_since_is_not_linked(self, env):
        env.idp.create_identity_provider(
            UserPoolId=env.pool_id,
            ProviderName="Google",
            ProviderType="Google",
            ProviderDetails={"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"},
            AttributeMapping={},
        )
        point = later(env)
        source = {"ProviderName": "Google", "ProviderAttributeName": "Cognito_Subject"}
        env.idp.admin_link_provider_for_user(
            UserPoolId=env.pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "ada"},
            SourceUser={**source, "ProviderAttributeValue": "42"},
        )
        env.wait(HOUR)
        assert env.recovered(point)["Users"] == (0, 1, 0)
        assert "identities" not in env.attributes()


class TestAgain:
    def test_a_later_recovery_goes_back_behind_an_earlier_one(self, env):
        env.add_user("bob")
        first = later(env)
        env.delete("bob")
        env.add_user("eve")
        second = later(env)
        env.recovered(first)
        assert env.names() == {"ada", "bob"}
        env.wait(DAY + HOUR)
        env.recovered(second)
        assert env.names() == {"ada", "eve"}
        env.wait(DAY + HOUR)
        env.recovered(first)
        assert env.names() == {"ada", "bob"}


class TestSnapshot:
    def test_the_history_goes_out_and_in_with_a_snapshot(self, env, cognito):
        env.make_group("staff")
        env.join("staff")
        point = later(env)
        env.admin_update(nickname="Z")
        env.idp.delete_group(UserPoolId=env.pool_id, GroupName="staff")
        env.add_user("bob")
        env.wait(HOUR)
        env.delete("bob")
        restore_id, counts = env.previewed(point)
        cognito.restore(cognito.snapshot())
        assert env.counts(restore_id) == counts
        with refused("OperationNotEnabledException"):
            env.add_user("eve")
        env.start(restore_id)
        env.wait(10)
        assert env.attributes()["nickname"] == "A"
        assert env.groups_of() == {"staff"}
