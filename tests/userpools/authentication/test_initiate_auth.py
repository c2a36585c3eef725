"""InitiateAuth and AdminInitiateAuth: flows, secret hashes, and users who may not sign in."""

from __future__ import annotations

from uuid import UUID

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from support.pool_env import OTHER, PASSWORD, PoolEnv, refused
from support.pool_settings import FUNCTION
from support.sign_in import FLOWS, begin, begin_as_admin, by_srp, password_of, read, refresh, respond

WRONG = "Incorrect username or password."
DEVELOPER = "aws.cognito.signin.user.admin"


class TestInitiateAuth:
    def test_a_right_password_gives_three_tokens(self, env):
        answer = password_of(env)
        result = answer["AuthenticationResult"]
        assert answer["ChallengeParameters"] == {}
        assert not {"ChallengeName", "Session", "AvailableChallenges"} & answer.keys()
        assert sorted(result) == ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"]
        assert (result["TokenType"], result["ExpiresIn"]) == ("Bearer", 3600)

    def test_the_tokens_are_of_this_user_client_and_pool(self, env):
        result = password_of(env)["AuthenticationResult"]
        identity, access = read(result["IdToken"]), read(result["AccessToken"])
        assert (
            identity["iss"] == access["iss"] == f"https://cognito-idp.us-east-1.amazonaws.com/{env.pool_id}"
        )
        assert (identity["aud"], access["client_id"]) == (env.client_id, env.client_id)
        assert (identity["cognito:username"], access["username"]) == ("ada", "ada")
        assert identity["sub"] == access["sub"] == env.attributes()["sub"]
        assert identity["email"] == "ada@example.com"
        assert access["scope"] == DEVELOPER
        assert (access["acr"], access["amr"]) == ("urn:cognito:loa:1", ["pwd"])
        assert identity["origin_jti"] == access["origin_jti"]
        assert "version" not in access

    def test_each_sign_in_is_an_event_of_its_own(self, env):
        results = [password_of(env)["AuthenticationResult"] for _ in range(2)]
        events = [{read(of["IdToken"])["event_id"], read(of["AccessToken"])["event_id"]} for of in results]
        assert [len(of) for of in events] == [1, 1]
        assert events[0] != events[1]
        assert all(str(UUID(id_)) == id_ for of in events for id_ in of)

    def test_it_expires_when_the_access_token_does(self, found):
        flows = {"ExplicitAuthFlows": FLOWS}
        env = found(client={**flows, "AccessTokenValidity": 2, "IdTokenValidity": 3})
        env.add_user()
        result = password_of(env)["AuthenticationResult"]
        assert result["ExpiresIn"] == refresh(env, result["RefreshToken"])["ExpiresIn"] == 7200

    def test_the_access_token_opens_the_users_own_operations(self, env):
        token = password_of(env)["AuthenticationResult"]["AccessToken"]
        assert env.idp.get_user(AccessToken=token)["Username"] == "ada"

    def test_a_verified_alias_will_do_and_tokens_name_the_username(self, found):
        env = found(AliasAttributes=["email"], client={"ExplicitAuthFlows": FLOWS})
        env.add_user(email="ada@example.com", email_verified="true")
        result = password_of(env, "ada@example.com")["AuthenticationResult"]
        assert read(result["AccessToken"])["username"] == "ada"

    def test_where_the_address_is_the_name_the_username_is_the_sub(self, found):
        env = found(UsernameAttributes=["email"], client={"ExplicitAuthFlows": FLOWS})
        env.add_user("ada@example.com")
        access = read(password_of(env, "ada@example.com")["AuthenticationResult"]["AccessToken"])
        assert access["username"] == access["sub"]

    def test_a_wrong_password(self, env):
        with refused("NotAuthorizedException", WRONG):
            password_of(env, password=OTHER)

    def test_a_name_that_nobody_has(self, env, discreet):
        with refused("UserNotFoundException", "User does not exist."):
            password_of(env, "bob")
        with refused("NotAuthorizedException", WRONG):
            password_of(discreet, "bob")

    def test_a_client_that_is_not_there(self, env):
        env.client_id = "1" * 26
        with refused("ResourceNotFoundException", f"User pool client {'1' * 26} does not exist."):
            password_of(env)

    @pytest.mark.parametrize(
        ("flow", "message"),
        [
            ("USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH flow not enabled for this client"),
            ("USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client."),
            ("CUSTOM_AUTH", "CUSTOM_AUTH is not enabled for the client."),
            ("USER_AUTH", "USER_AUTH flow not enabled for this client"),
        ],
    )
    def test_a_flow_that_the_client_does_not_allow_before_anything_else(self, found, flow, message):
        env = found(client={"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]})
        with refused("InvalidParameterException", message):
            begin(env, flow)

    def test_refresh_where_the_client_does_not_allow_it(self, found):
        env = found(client={"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]})
        with refused("InvalidParameterException", "Auth flow not enabled for this client"):
            begin(env, "REFRESH_TOKEN_AUTH", REFRESH_TOKEN="x")

    def test_the_flows_of_a_client_that_names_none(self, found):
        env = found(client={"ExplicitAuthFlows": []})
        env.add_user()
        _told, claim = by_srp(env)
        tokens = respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]
        assert refresh(env, tokens["RefreshToken"])["AccessToken"]
        with refused(
            "InvalidParameterException"
        ) as caught:  # the flow is open, but the pool has no functions
            begin(env, "CUSTOM_AUTH", USERNAME="ada")
        assert "flow not enabled" not in str(caught.value)
        for flow in ("USER_PASSWORD_AUTH", "USER_AUTH"):
            with refused("InvalidParameterException", f"{flow} flow not enabled for this client"):
                begin(env, flow, USERNAME="ada", PASSWORD=PASSWORD)
        with refused("InvalidParameterException", "Auth flow not enabled for this client"):
            begin_as_admin(env, USERNAME="ada", PASSWORD=PASSWORD)
        with refused("NotAuthorizedException", "Invalid Refresh Token"):
            refresh(env, "x")
        with refused(
            "InvalidParameterException", "Custom auth lambda trigger is not configured for the user pool."
        ):
            begin(env, "CUSTOM_AUTH", USERNAME="ada")

    @pytest.mark.parametrize("old", ["USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY"])
    def test_old_names_open_refresh_as_well(self, found, old):
        env = found(client={"ExplicitAuthFlows": [old]})
        with refused("NotAuthorizedException", "Invalid Refresh Token"):
            begin(env, "REFRESH_TOKEN_AUTH", REFRESH_TOKEN="x")

    @pytest.mark.parametrize("old", ["USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"])
    def test_old_names_leave_srp_open(self, found, old):
        """Templates of those years name one of them, and their web pages sign in over SRP."""
        env = found(client={"ExplicitAuthFlows": [old]})
        env.add_user()
        _, claim = by_srp(env)
        assert respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]

    @pytest.mark.parametrize("more", [[], ["ADMIN_NO_SRP_AUTH"]])
    def test_the_old_name_that_shuts_srp(self, found, more):
        env = found(client={"ExplicitAuthFlows": ["CUSTOM_AUTH_FLOW_ONLY", *more]})
        with refused("InvalidParameterException", "USER_SRP_AUTH is not enabled for the client."):
            begin(env, "USER_SRP_AUTH", USERNAME="ada", SRP_A="abc")

    def test_the_old_name_of_the_password_flow(self, found):
        env = found(client={"ExplicitAuthFlows": ["USER_PASSWORD_AUTH"]})
        env.add_user()
        assert "AuthenticationResult" in password_of(env)

    @pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"])
    def test_the_administrators_flows_are_not_for_everyone(self, env, flow):
        with refused("InvalidParameterException", "Initiate Auth method not supported."):
            begin(env, flow, USERNAME="ada", PASSWORD=PASSWORD)

    def test_a_flow_that_there_is_not(self, env):
        with refused("InvalidParameterException") as error:
            begin(env, "MAGIC")
        assert (
            "Value 'MAGIC' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: ["
            in str(error.value)
        )

    @pytest.mark.parametrize(
        ("flow", "given", "missing"),
        [
            ("USER_PASSWORD_AUTH", {}, "USERNAME"),
            ("USER_PASSWORD_AUTH", {"USERNAME": "nobody"}, "PASSWORD"),
            ("USER_PASSWORD_AUTH", {"USERNAME": "ada", "PASSWORD": ""}, "PASSWORD"),
            ("USER_SRP_AUTH", {"USERNAME": "nobody"}, "SRP_A"),
            ("CUSTOM_AUTH", {}, "USERNAME"),
            ("REFRESH_TOKEN_AUTH", {}, "REFRESH_TOKEN"),
        ],
    )
    def test_a_parameter_that_is_missing_before_the_user_is_looked_up(self, env, flow, given, missing):
        with refused("InvalidParameterException", f"Missing required parameter {missing}"):
            begin(env, flow, **given)


class TestSecretHash:
    @pytest.fixture
    def env(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS, "GenerateSecret": True}, AliasAttributes=["email"])
        env.add_user(email="ada@example.com", email_verified="true")
        return env

    def test_over_the_name_that_was_typed(self, env):
        for name in ("ada", "ada@example.com"):
            assert begin(env, USERNAME=name, PASSWORD=PASSWORD, SECRET_HASH=env.hash(name))
        with refused("NotAuthorizedException", f"SecretHash does not match for the client: {env.client_id}"):
            begin(env, USERNAME="ada@example.com", PASSWORD=PASSWORD, SECRET_HASH=env.hash("ada"))

    def test_without_one_it_does_not_matter_whether_the_user_exists(self, env):
        message = f"Client {env.client_id} is configured with secret but SECRET_HASH was not received"
        for name in ("ada", "nobody"):
            with refused("NotAuthorizedException", message):
                password_of(env, name)

    def test_refresh_wants_it_over_the_username(self, env):
        name = "ada@example.com"
        token = begin(env, USERNAME=name, PASSWORD=PASSWORD, SECRET_HASH=env.hash(name))[
            "AuthenticationResult"
        ]["RefreshToken"]
        assert refresh(env, token, SECRET_HASH=env.hash("ada"))
        with refused("NotAuthorizedException", f"SecretHash does not match for the client: {env.client_id}"):
            refresh(env, token, SECRET_HASH=env.hash(name))
        with refused("NotAuthorizedException"):
            refresh(env, token)

    def test_an_answer_needs_it_too(self, env):
        _told, claim = by_srp(env, SECRET_HASH=env.hash())
        message = f"Client {env.client_id} is configured with secret but SECRET_HASH was not received"
        with refused("NotAuthorizedException", message):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)
        assert respond(env, "PASSWORD_VERIFIER", USERNAME="ada", SECRET_HASH=env.hash(), **claim)[
            "AuthenticationResult"
        ]

    def test_a_wrong_one_with_an_answer_is_refused(self, env):
        _told, claim = by_srp(env, SECRET_HASH=env.hash())
        with refused("NotAuthorizedException", f"SecretHash does not match for the client: {env.client_id}"):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", SECRET_HASH=env.hash("bob"), **claim)
        assert respond(env, "PASSWORD_VERIFIER", USERNAME="ada", SECRET_HASH=env.hash(), **claim)

    def test_an_answer_has_it_over_the_name_that_it_sends(self, env):
        for name in ("ada", "ada@example.com"):
            told, claim = by_srp(env, "ada@example.com", SECRET_HASH=env.hash("ada@example.com"))
            assert told["USER_ID_FOR_SRP"] == "ada"
            answer = respond(env, "PASSWORD_VERIFIER", USERNAME=name, SECRET_HASH=env.hash(name), **claim)
            assert answer["AuthenticationResult"]

    def test_a_client_without_a_secret_wants_none(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS})
        env.add_user()
        message = f"App client {env.client_id} is not configured for secret but secret hash was received"
        with refused("InvalidParameterException", message):
            begin(env, USERNAME="ada", PASSWORD=PASSWORD, SECRET_HASH="eA==")
        with refused("InvalidParameterException", message):
            refresh(env, env.sign_in()["RefreshToken"], SECRET_HASH="eA==")
        _told, claim = by_srp(env)
        with refused("InvalidParameterException", message):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", SECRET_HASH="eA==", **claim)

    def test_either_of_two_secrets(self, env):
        second = env.idp.add_user_pool_client_secret(UserPoolId=env.pool_id, ClientId=env.client_id)
        value = second["ClientSecretDescriptor"]["ClientSecretValue"]
        for secret in (env.secret, value):
            assert begin(env, USERNAME="ada", PASSWORD=PASSWORD, SECRET_HASH=env.hash("ada", secret))

    def test_where_the_address_is_the_name_refresh_wants_it_over_the_sub(self, found):
        env = found(UsernameAttributes=["email"], client={"ExplicitAuthFlows": FLOWS, "GenerateSecret": True})
        env.add_user("ada@example.com")
        token = env.sign_in("ada@example.com")["RefreshToken"]
        assert refresh(env, token, SECRET_HASH=env.hash(env.attributes("ada@example.com")["sub"]))
        with refused("NotAuthorizedException"):
            refresh(env, token, SECRET_HASH=env.hash("ada@example.com"))


class TestUserStatus:
    def of(self, env, username="ada"):
        return env.cognito.world.find_pool(env.pool_id)[1].users.get(username)

    def test_who_came_from_a_provider_cannot_sign_in_here(self, env):
        user = self.of(env)
        user.status, user.password = "EXTERNAL_PROVIDER", None
        with refused("NotAuthorizedException", WRONG):
            password_of(env)
        _, claim = by_srp(env)
        with refused("NotAuthorizedException", WRONG):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_who_was_imported_is_hidden_where_users_are(self, env, discreet):
        for place, error in ((env, "PasswordResetRequiredException"), (discreet, "NotAuthorizedException")):
            user = self.of(place)
            user.status, user.password, user.password_set = "RESET_REQUIRED", None, 0.0
            with refused(error):
                password_of(place)
            with refused(error):
                by_srp(place)

    def test_disabled(self, env):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            password_of(env)

    def test_unconfirmed_is_told_only_to_who_knows_the_password(self, env):
        env.sign_up("bob")
        with refused("UserNotConfirmedException", "User is not confirmed."):
            password_of(env, "bob")
        with refused("NotAuthorizedException", WRONG):
            password_of(env, "bob", OTHER)

    def test_reset_by_an_administrator(self, env, discreet):
        for place in (env, discreet):
            place.admin_update(email="ada@example.com", email_verified="true")
            place.idp.admin_reset_user_password(UserPoolId=place.pool_id, Username="ada")
            with refused("PasswordResetRequiredException", "Password reset required for the user"):
                password_of(place)

    def test_a_temporary_password_that_is_too_old(self, env):
        env.create("bob", TemporaryPassword=PASSWORD)
        env.cognito.clock.advance(days=7, minutes=1)
        with refused(
            "NotAuthorizedException",
            "Temporary password has expired and must be reset by an administrator.",
        ):
            password_of(env, "bob")

    def test_a_deleted_user_is_not_there(self, env):
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        with refused("UserNotFoundException"):
            password_of(env)


class TestAdminInitiateAuth:
    @pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"])
    def test_both_names_of_the_flow_give_tokens(self, env, flow):
        answer = begin_as_admin(env, flow, USERNAME="ada", PASSWORD=PASSWORD)
        assert answer["AuthenticationResult"]["RefreshToken"]
        assert answer["ChallengeParameters"] == {}

    @pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
    def test_refresh_by_both_names(self, env, flow):
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        assert "AuthenticationResult" in begin_as_admin(env, flow, REFRESH_TOKEN=token)

    def test_the_choice_based_flow_is_answered_as_for_users(self, found):
        env = found(client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]})
        env.add_user()
        asked = begin_as_admin(env, "USER_AUTH", USERNAME="ada")
        assert (asked["ChallengeName"], asked["AvailableChallenges"]) == (
            "SELECT_CHALLENGE",
            ["PASSWORD_SRP", "PASSWORD"],
        )
        answer = env.idp.admin_respond_to_auth_challenge(
            UserPoolId=env.pool_id,
            ClientId=env.client_id,
            ChallengeName="SELECT_CHALLENGE",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ada", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD},
        )
        assert answer["AuthenticationResult"]["RefreshToken"]

    def test_custom_challenges_are_asked_as_of_users(self, found, cognito):
        def define(event, _context):
            event["response"]["issueTokens"] = True
            return event

        cognito.functions["define"] = define
        names = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
        env = found(
            client={"ExplicitAuthFlows": FLOWS},
            LambdaConfig=dict.fromkeys(names, FUNCTION + "define"),
        )
        env.add_user()
        assert begin_as_admin(env, "CUSTOM_AUTH", USERNAME="ada")["AuthenticationResult"]

    def test_the_public_flow_is_not_for_administrators(self, env):
        with refused("InvalidParameterException"):
            begin_as_admin(env, "USER_PASSWORD_AUTH", USERNAME="ada", PASSWORD=PASSWORD)

    def test_a_client_of_another_pool_does_not_exist(self, env, found):
        env.client_id = found().client_id
        with refused("ResourceNotFoundException"):
            begin_as_admin(env, USERNAME="ada", PASSWORD=PASSWORD)

    def test_a_flow_that_the_client_does_not_allow(self, found):
        env = found(client={"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]})
        with refused("InvalidParameterException", "Auth flow not enabled for this client"):
            begin_as_admin(env, USERNAME="ada", PASSWORD=PASSWORD)


def test_a_sign_in_needs_no_signature_and_finds_its_region_by_the_client(cognito):
    env = PoolEnv(cognito, client={"ExplicitAuthFlows": FLOWS})
    env.add_user()
    env.idp = boto3.client("cognito-idp", region_name="us-east-1", config=Config(signature_version=UNSIGNED))
    assert password_of(env)["AuthenticationResult"]
