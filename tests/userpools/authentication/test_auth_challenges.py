"""RespondToAuthChallenge and its administrative sister: new passwords, and the sessions of challenges."""

from __future__ import annotations

import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.sign_in import FLOWS, begin_as_admin, password_of, respond


class TestRespondToAuthChallenge:
    """NEW_PASSWORD_REQUIRED, and what sessions hold."""

    @pytest.fixture
    def asked(self, env):
        env.create("bob", attributes={"email": "bob@example.com"}, TemporaryPassword=PASSWORD)
        return password_of(env, "bob")

    def new_password(self, env, asked, password=OTHER, username="bob", **more):
        return respond(
            env, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME=username, NEW_PASSWORD=password, **more
        )

    def test_a_new_password_confirms_the_user_and_gives_tokens(self, env, asked):
        assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        assert asked["ChallengeParameters"] == {
            "USER_ID_FOR_SRP": "bob",
            "requiredAttributes": "[]",
            "userAttributes": '{"email":"bob@example.com"}',
        }
        assert "AuthenticationResult" not in asked
        assert self.new_password(env, asked)["AuthenticationResult"]["AccessToken"]
        assert env.status("bob") == "CONFIRMED"
        assert password_of(env, "bob", OTHER)["AuthenticationResult"]

    def test_required_attributes_must_be_given_and_others_may(self, found):
        schema = [{"Name": "family_name", "Required": True}]
        env = found(Schema=schema, client={"ExplicitAuthFlows": FLOWS})
        env.create("bob", TemporaryPassword=PASSWORD)
        asked = password_of(env, "bob")
        assert asked["ChallengeParameters"]["requiredAttributes"] == '["userAttributes.family_name"]'
        with refused("InvalidParameterException"):
            self.new_password(env, asked)
        given = {"userAttributes.family_name": "Builder", "userAttributes.nickname": "B"}
        assert self.new_password(env, asked, **given)["AuthenticationResult"]
        assert env.attributes("bob")["family_name"] == "Builder"
        assert env.attributes("bob")["nickname"] == "B"

    def test_a_required_attribute_that_is_there_cannot_be_changed(self, found):
        env = found(Schema=[{"Name": "family_name", "Required": True}], client={"ExplicitAuthFlows": FLOWS})
        env.create("bob", attributes={"family_name": "Builder"}, TemporaryPassword=PASSWORD)
        asked = password_of(env, "bob")
        with refused("NotAuthorizedException", "Cannot modify an already provided family_name"):
            self.new_password(env, asked, **{"userAttributes.family_name": "Other"})
        assert self.new_password(env, asked)["AuthenticationResult"]

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("custom:no", "user.custom:no: Attribute does not exist in the schema.\n"),
            ("email_verified", "Cannot modify the non-mutable attribute email_verified"),
            ("custom:final", "Cannot modify the non-mutable attribute custom:final"),
        ],
    )
    def test_attributes_that_are_not_or_may_not_be_written(self, env, asked, name, message):
        final = {"Name": "final", "AttributeDataType": "String", "Mutable": False}
        env.idp.add_custom_attributes(UserPoolId=env.pool_id, CustomAttributes=[final])
        with refused("InvalidParameterException", message):
            self.new_password(env, asked, **{f"userAttributes.{name}": "true"})
        assert env.status("bob") == "FORCE_CHANGE_PASSWORD"

    def test_a_final_attribute_may_be_given_where_it_is_required_and_missing(self, found):
        schema = [{"Name": "family_name", "Required": True, "Mutable": False}]
        env = found(Schema=schema, client={"ExplicitAuthFlows": FLOWS})
        env.create("bob", TemporaryPassword=PASSWORD)
        assert self.new_password(env, password_of(env, "bob"), **{"userAttributes.family_name": "Builder"})

    def test_a_password_that_is_temporary_no_more_is_not_replaced(self, env, asked):
        other = password_of(env, "bob")
        self.new_password(env, asked)
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(env, other, PASSWORD)
        assert password_of(env, "bob", OTHER)["AuthenticationResult"]

    def test_a_new_address_is_not_the_proven_one(self, env):
        proven = {"email": "bob@example.com", "email_verified": "true"}
        env.create("bob", attributes=proven, TemporaryPassword=PASSWORD)
        self.new_password(env, password_of(env, "bob"), **{"userAttributes.email": "b@example.org"})
        shown = env.attributes("bob")
        assert (shown["email"], shown["email_verified"]) == ("b@example.org", "false")

    @pytest.mark.parametrize(
        ("settings", "name", "attribute"),
        [
            ({"UsernameAttributes": ["email"]}, "bob@example.com", "email"),
            ({"AliasAttributes": ["preferred_username"]}, "bob", "preferred_username"),
        ],
    )
    def test_a_name_that_another_signs_in_by_cannot_be_taken(self, found, settings, name, attribute):
        env = found(client={"ExplicitAuthFlows": FLOWS}, **settings)
        env.create("ada@x.com" if "@" in name else "ada", attributes={attribute: "ada@x.com"})
        env.create(name, TemporaryPassword=PASSWORD)
        with refused("AliasExistsException"):
            self.new_password(
                env, password_of(env, name), username=name, **{f"userAttributes.{attribute}": "ada@x.com"}
            )
        assert env.status(name) == "FORCE_CHANGE_PASSWORD"

    def test_booleans_are_kept_as_everywhere(self, found):
        env = found(
            Schema=[{"Name": "new", "AttributeDataType": "Boolean"}], client={"ExplicitAuthFlows": FLOWS}
        )
        env.create("bob", TemporaryPassword=PASSWORD)
        self.new_password(env, password_of(env, "bob"), **{"userAttributes.custom:new": "True"})
        assert env.attributes("bob")["custom:new"] == "true"

    def test_a_password_against_the_policy_leaves_the_session_good(self, env, asked):
        with refused(
            "InvalidPasswordException", "Password does not conform to policy: Password not long enough"
        ):
            self.new_password(env, asked, "short")
        assert self.new_password(env, asked)["AuthenticationResult"]

    def test_a_password_of_before(self, found):
        policy = {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}}
        env = found(Policies=policy, client={"ExplicitAuthFlows": FLOWS})
        env.create("bob", TemporaryPassword=PASSWORD)
        with refused("PasswordHistoryPolicyViolationException"):
            self.new_password(env, password_of(env, "bob"), PASSWORD)

    def test_no_password_at_all(self, env, asked):
        with refused("InvalidParameterException", "Missing required parameter NEW_PASSWORD"):
            respond(env, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME="bob")

    def test_sessions_look_like_awss(self, asked):
        assert asked["Session"].startswith("AYABe")
        assert 1000 < len(asked["Session"]) < 4096

    def test_a_session_is_good_once(self, env, asked):
        self.new_password(env, asked)
        with refused(
            "NotAuthorizedException", "Invalid session for the user, session can only be used once."
        ):
            self.new_password(env, asked, PASSWORD)

    @pytest.mark.parametrize("minutes", [3, 10])
    def test_a_session_ends_when_the_client_says(self, found, minutes):
        env = found(client={"ExplicitAuthFlows": FLOWS, "AuthSessionValidity": minutes})
        env.create("bob", TemporaryPassword=PASSWORD)
        early, late = password_of(env, "bob"), password_of(env, "bob")
        env.cognito.clock.advance(minutes=minutes, seconds=-5)
        assert self.new_password(env, early)
        env.cognito.clock.advance(seconds=10)
        password_of(env, "bob", OTHER)
        with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
            self.new_password(env, late)

    def test_a_session_that_was_changed_or_made_up(self, env, asked):
        session = asked["Session"]
        for text in (
            session[:-8] + "AAAAAAA=",
            "AYABe" + "A" * 1500,
            "x" * 20,
            session[:400] + session[404:],
        ):
            with refused("NotAuthorizedException", "Invalid session for the user."):
                self.new_password(env, {"Session": text})
        assert self.new_password(env, asked)

    def test_a_session_of_another_user_client_or_pool(self, env, asked, found):
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(env, asked, username="ada")
        first = env.client_id
        env.client_of(ExplicitAuthFlows=FLOWS)
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(env, asked)
        env.client_id = found(client={"ExplicitAuthFlows": FLOWS}).client_id
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(env, asked)
        env.client_id = first
        assert self.new_password(env, asked)

    def test_a_session_for_another_challenge(self, env, asked):
        with refused("NotAuthorizedException"):
            respond(env, "SMS_MFA", asked["Session"], USERNAME="bob", SMS_MFA_CODE="123456")

    def test_a_session_of_a_user_who_was_deleted_and_made_anew(self, env, asked):
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="bob")
        env.create("bob", TemporaryPassword=PASSWORD)
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(env, asked)

    def test_a_user_who_was_disabled_meanwhile(self, env, asked):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="bob")
        with refused("NotAuthorizedException", "User is disabled."):
            self.new_password(env, asked)

    def test_username_and_session_must_be_there(self, env, asked):
        with refused("InvalidParameterException", "Missing required parameter USERNAME"):
            respond(env, "NEW_PASSWORD_REQUIRED", asked["Session"], NEW_PASSWORD=OTHER)
        with refused("InvalidParameterException"):
            respond(env, "NEW_PASSWORD_REQUIRED", USERNAME="bob", NEW_PASSWORD=OTHER)


class TestAdminRespondToAuthChallenge:
    def test_a_new_password(self, env):
        env.create("bob", TemporaryPassword=PASSWORD)
        asked = begin_as_admin(env, USERNAME="bob", PASSWORD=PASSWORD)
        answer = env.idp.admin_respond_to_auth_challenge(
            UserPoolId=env.pool_id,
            ClientId=env.client_id,
            ChallengeName=asked["ChallengeName"],
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "bob", "NEW_PASSWORD": OTHER},
        )
        assert answer["AuthenticationResult"]["AccessToken"]

    def test_a_client_of_another_pool_does_not_exist(self, env, found):
        with refused("ResourceNotFoundException"):
            env.idp.admin_respond_to_auth_challenge(
                UserPoolId=env.pool_id,
                ClientId=found().client_id,
                ChallengeName="SMS_MFA",
                ChallengeResponses={"USERNAME": "ada"},
            )
