"""Signing in by password, refreshing, and signing out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from support.pool_env import OTHER, PASSWORD, PoolEnv, refused
from support.sign_in import FLOWS, begin, begin_as_admin, by_srp, password_of, read, refresh, renew, respond
from support.srp_client import Client, N

WRONG = "Incorrect username or password."
DEVELOPER = "aws.cognito.signin.user.admin"


@pytest.fixture
def env(found):
    """A pool whose client allows all of the older flows, and Ada."""
    env = found(client={"ExplicitAuthFlows": FLOWS})
    env.add_user(email="ada@example.com")
    return env


@pytest.fixture
def discreet(found):
    """A client that may not learn who exists."""
    env = found(client={"ExplicitAuthFlows": FLOWS, "PreventUserExistenceErrors": "ENABLED"})
    env.add_user()
    return env


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
        assert respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]
        for flow in ("USER_PASSWORD_AUTH", "USER_AUTH"):
            with refused("InvalidParameterException"):
                begin(env, flow, USERNAME="ada", PASSWORD=PASSWORD)

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

    def test_a_client_without_a_secret_wants_none(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS})
        with refused("NotAuthorizedException"):
            begin(env, USERNAME="ada", PASSWORD=PASSWORD, SECRET_HASH="eA==")

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


class TestTheUser:
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


class TestLockout:
    def fail(self, env, times, username="ada"):
        for _ in range(times):
            with refused("NotAuthorizedException", WRONG):
                password_of(env, username, OTHER)

    def locked(self, env, username="ada", password=PASSWORD):
        with refused("NotAuthorizedException", "Password attempts exceeded"):
            password_of(env, username, password)

    def test_the_sixth_attempt_meets_the_lock_even_with_the_right_password(self, env):
        self.fail(env, 5)
        self.locked(env)

    def test_each_further_failure_doubles_it_and_attempts_meanwhile_do_not_count(self, env):
        self.fail(env, 5)
        for seconds in (1, 2, 4):
            self.locked(env)
            env.cognito.clock.advance(seconds=seconds + 0.2)
            self.fail(env, 1)
        self.locked(env)
        env.cognito.clock.advance(seconds=7)
        self.locked(env)
        env.cognito.clock.advance(seconds=2)
        assert password_of(env)

    def test_it_ends_after_a_quarter_of_an_hour_at_most(self, env):
        self.fail(env, 5)
        for exponent in range(12):
            env.cognito.clock.advance(seconds=min(2**exponent, 900) + 1)
            self.fail(env, 1)
        env.cognito.clock.advance(seconds=901)
        self.fail(env, 4)
        assert password_of(env)

    def test_a_success_sets_the_count_back(self, env):
        self.fail(env, 4)
        assert password_of(env)
        self.fail(env, 4)
        assert password_of(env)

    def test_a_quiet_quarter_of_an_hour_sets_the_count_back(self, env):
        self.fail(env, 4)
        env.cognito.clock.advance(minutes=16)
        self.fail(env, 4)
        assert password_of(env)

    def test_a_proof_over_srp_counts_as_well(self, env):
        for _ in range(5):
            _, claim = by_srp(env, password=OTHER)
            with refused("NotAuthorizedException", WRONG):
                respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)
        self.locked(env)

    def test_a_name_that_nobody_has_is_locked_alike(self, discreet):
        self.fail(discreet, 5, "bob")
        self.locked(discreet, "bob")
        assert password_of(discreet)
        discreet.cognito.clock.advance(seconds=2)
        self.fail(discreet, 1, "bob")


class TestSrp:
    def test_a_proof_gives_tokens_with_either_name_and_without_a_session(self, found):
        env = found(AliasAttributes=["email"], client={"ExplicitAuthFlows": FLOWS})
        env.add_user(email="ada@example.com", email_verified="true")
        for name in ("ada", "ada@example.com"):
            told, claim = by_srp(env, name)
            assert told["USER_ID_FOR_SRP"] == told["USERNAME"] == "ada"
            for answering in ("ada", "ada@example.com"):
                told, claim = by_srp(env, name)
                result = respond(env, "PASSWORD_VERIFIER", USERNAME=answering, **claim)
                assert result["AuthenticationResult"]["RefreshToken"]

    def test_the_question(self, env):
        client = Client()
        asked = begin(env, "USER_SRP_AUTH", USERNAME="ada", SRP_A=client.srp_a, CHALLENGE_NAME="SRP_A")
        assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
        told = asked["ChallengeParameters"]
        assert sorted(told) == ["SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"]
        assert told["SRP_B"] == f"{int(told['SRP_B'], 16):x}"
        assert len(told["SRP_B"]) <= 768
        assert 1200 < len(told["SECRET_BLOCK"]) < 2000

    def test_salt_stays_until_the_password_changes_the_rest_is_new_each_time(self, env):
        first, second = by_srp(env)[0], by_srp(env)[0]
        assert first["SALT"] == second["SALT"]
        assert first["SRP_B"] != second["SRP_B"]
        assert first["SECRET_BLOCK"] != second["SECRET_BLOCK"]
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=OTHER, Permanent=True
        )
        assert by_srp(env)[0]["SALT"] != first["SALT"]

    def test_administrators_have_the_flow_too(self, env):
        client = Client()
        told = begin_as_admin(env, "USER_SRP_AUTH", USERNAME="ada", SRP_A=client.srp_a)["ChallengeParameters"]
        claim = client.claim(told, env.pool_id.partition("_")[2], "ada", PASSWORD)
        answer = env.idp.admin_respond_to_auth_challenge(
            UserPoolId=env.pool_id,
            ClientId=env.client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses={"USERNAME": "ada", **claim},
        )
        assert answer["AuthenticationResult"]["IdToken"]

    @pytest.mark.parametrize("srp_a", ["0", f"{N:x}", f"{3 * N:x}", "", "xyz", "-5", "f" * 5000])
    def test_a_hostile_public_value(self, env, srp_a):
        with refused("InvalidParameterException"):
            begin(env, "USER_SRP_AUTH", USERNAME="ada", SRP_A=srp_a)

    def test_upper_case_and_padding_are_all_right(self, env):
        client = Client()
        padded = "00" + client.srp_a.upper()
        told = begin(env, "USER_SRP_AUTH", USERNAME="ada", SRP_A=padded)["ChallengeParameters"]
        claim = client.claim(told, env.pool_id.partition("_")[2], "ada", PASSWORD)
        assert respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]

    @pytest.mark.parametrize(
        "spoil",
        [
            {"PASSWORD_CLAIM_SIGNATURE": "AAAA"},
            {"PASSWORD_CLAIM_SIGNATURE": "not base64"},
            {"TIMESTAMP": "Tue Feb 1 03:04:06 UTC 2000"},
            {"PASSWORD_CLAIM_SECRET_BLOCK": "AAAA"},
            {"PASSWORD_CLAIM_SECRET_BLOCK": "not base64"},
        ],
    )
    def test_a_proof_that_was_changed(self, env, spoil):
        _, claim = by_srp(env)
        with refused("NotAuthorizedException", WRONG):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **{**claim, **spoil})
        assert respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_a_proof_for_another_pool_name(self, env):
        client = Client()
        told = begin(env, "USER_SRP_AUTH", USERNAME="ada", SRP_A=client.srp_a)["ChallengeParameters"]
        claim = client.claim(told, env.pool_id, "ada", PASSWORD)
        with refused("NotAuthorizedException", WRONG):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_the_block_of_another_exchange(self, env):
        (_, claim), (other, _) = by_srp(env), by_srp(env)
        claim["PASSWORD_CLAIM_SECRET_BLOCK"] = other["SECRET_BLOCK"]
        with refused("NotAuthorizedException", WRONG):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_a_proof_is_good_once(self, env):
        _, claim = by_srp(env)
        assert respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)
        with refused("NotAuthorizedException"):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_two_answers_at_once_give_tokens_once(self, env):
        _, claim = by_srp(env)

        def answer():
            return respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

        with ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(answer) for _ in range(4)]
        assert sum(of.exception() is None for of in answers) == 1

    def test_a_proof_of_a_password_that_was_changed_meanwhile(self, env):
        _, claim = by_srp(env)
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=OTHER, Permanent=True
        )
        with refused("NotAuthorizedException", WRONG):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    @pytest.mark.parametrize("timestamp", ["2000-02-01T03:04:05Z", "Tue 1 Feb 03:04:05 UTC 2000", "x" * 3000])
    def test_a_time_of_another_form(self, env, timestamp):
        _, claim = by_srp(env)
        with refused(
            "InvalidParameterException", "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english"
        ):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **{**claim, "TIMESTAMP": timestamp})

    @pytest.mark.parametrize(
        "missing", ["PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"]
    )
    def test_a_part_that_is_missing(self, env, missing):
        _, claim = by_srp(env)
        del claim[missing]
        with refused("InvalidParameterException"):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_an_answer_that_comes_too_late(self, env):
        _, claim = by_srp(env)
        env.cognito.clock.advance(minutes=4)
        with refused("NotAuthorizedException"):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_the_answer_of_another_user(self, env):
        env.add_user("bob")
        _, claim = by_srp(env)
        with refused("NotAuthorizedException"):
            respond(env, "PASSWORD_VERIFIER", USERNAME="bob", **claim)

    def test_the_answer_through_another_client(self, env):
        _, claim = by_srp(env)
        env.client_of(ExplicitAuthFlows=FLOWS)
        with refused("NotAuthorizedException"):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_a_name_that_nobody_has(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            by_srp(env, "bob")

    def test_a_name_that_nobody_has_is_asked_alike_where_that_is_hidden(self, discreet):
        (first, _), (second, claim) = by_srp(discreet, "bob"), by_srp(discreet, "bob")
        assert [first[of] for of in ("SALT", "USER_ID_FOR_SRP")] == [
            second[of] for of in ("SALT", "USER_ID_FOR_SRP")
        ]
        assert len(first["USER_ID_FOR_SRP"]) == 36
        assert first["SRP_B"] != second["SRP_B"]
        assert by_srp(discreet, "eve")[0]["SALT"] != first["SALT"]
        for name in ("bob", second["USER_ID_FOR_SRP"]):
            with refused("NotAuthorizedException", WRONG):
                respond(discreet, "PASSWORD_VERIFIER", USERNAME=name, **claim)

    def test_where_the_address_is_the_name_the_sub_is_proven(self, found):
        env = found(UsernameAttributes=["email"], client={"ExplicitAuthFlows": FLOWS})
        env.add_user("ada@example.com")
        told, claim = by_srp(env, "ada@example.com")
        assert told["USER_ID_FOR_SRP"] == env.attributes("ada@example.com")["sub"]
        for name in (told["USER_ID_FOR_SRP"], "ada@example.com"):
            _, claim = by_srp(env, "ada@example.com")
            assert respond(env, "PASSWORD_VERIFIER", USERNAME=name, **claim)["AuthenticationResult"]

    def test_a_temporary_password_leads_to_a_new_one(self, env):
        env.create("bob", TemporaryPassword=PASSWORD)
        _, claim = by_srp(env, "bob")
        asked = respond(env, "PASSWORD_VERIFIER", USERNAME="bob", **claim)
        assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        answer = respond(env, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME="bob", NEW_PASSWORD=OTHER)
        assert answer["AuthenticationResult"]


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


class TestRefresh:
    @pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
    def test_new_tokens_and_no_new_refresh_token(self, env, flow):
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        answer = begin(env, flow, REFRESH_TOKEN=token)
        assert sorted(answer["AuthenticationResult"]) == ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]
        assert answer["ChallengeParameters"] == {}

    def test_what_is_kept_and_what_is_new(self, env):
        first = password_of(env)["AuthenticationResult"]
        env.cognito.clock.advance(hours=2)
        env.admin_update(nickname="Countess")
        env.idp.create_group(UserPoolId=env.pool_id, GroupName="staff")
        env.idp.admin_add_user_to_group(UserPoolId=env.pool_id, Username="ada", GroupName="staff")
        second = refresh(env, first["RefreshToken"])
        for kind in ("IdToken", "AccessToken"):
            old, new = read(first[kind]), read(second[kind])
            for kept in ("sub", "origin_jti", "auth_time", "event_id", "acr", "amr"):
                assert old[kept] == new[kept], kept
            assert old["jti"] != new["jti"]
            assert new["iat"] - old["iat"] in (7200, 7201)
            assert new["cognito:groups"] == ["staff"]
        assert read(second["IdToken"])["nickname"] == "Countess"

    def test_garbage_and_the_token_of_another_client(self, env):
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        for text in ("x", "a.b.c.d.e", token[:-6] + "AAAAAA", "é" * 30):
            with refused("NotAuthorizedException", "Invalid Refresh Token"):
                refresh(env, text)
        env.client_of(ExplicitAuthFlows=FLOWS)
        with refused("NotAuthorizedException", "Invalid Refresh Token"):
            refresh(env, token)

    def test_it_lasts_as_long_as_the_client_says(self, found):
        env = found(
            client={
                "ExplicitAuthFlows": FLOWS,
                "RefreshTokenValidity": 90,
                "TokenValidityUnits": {"RefreshToken": "minutes"},
            }
        )
        env.add_user()
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        env.cognito.clock.advance(minutes=89)
        assert refresh(env, token)
        env.cognito.clock.advance(minutes=2)
        with refused("NotAuthorizedException", "Refresh Token has expired"):
            refresh(env, token)

    def test_a_disabled_user_gets_none(self, env):
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException"):
            refresh(env, token)

    def test_a_password_change_leaves_tokens_good(self, env):
        result = password_of(env)["AuthenticationResult"]
        env.idp.change_password(
            AccessToken=result["AccessToken"], PreviousPassword=PASSWORD, ProposedPassword=OTHER
        )
        assert refresh(env, result["RefreshToken"])
        assert env.idp.get_user(AccessToken=result["AccessToken"])


class TestGetTokensFromRefreshToken:
    def rotating(self, found, grace=0, **client):
        flows = [of for of in FLOWS if of != "ALLOW_REFRESH_TOKEN_AUTH"]
        rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}
        env = found(client={"ExplicitAuthFlows": flows, "RefreshTokenRotation": rotation, **client})
        env.add_user()
        return env, password_of(env)["AuthenticationResult"]["RefreshToken"]

    def test_without_rotation_as_by_the_flow(self, env):
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        answer = env.idp.get_tokens_from_refresh_token(RefreshToken=token, ClientId=env.client_id)
        assert sorted(answer["AuthenticationResult"]) == ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]

    def test_with_rotation_each_brings_the_next(self, found):
        env, token = self.rotating(found)
        seen = {token}
        for _ in range(3):
            env.cognito.clock.advance(minutes=5)
            token = renew(env, token)["RefreshToken"]
            assert token not in seen
            seen.add(token)

    def test_the_old_one_works_for_the_grace_period_and_no_longer(self, found):
        env, token = self.rotating(found, grace=30)
        renew(env, token)
        env.cognito.clock.advance(seconds=20)
        assert renew(env, token)["RefreshToken"]
        env.cognito.clock.advance(seconds=20)
        with refused("RefreshTokenReuseException"):
            renew(env, token)

    def test_without_a_grace_period_it_is_dead_at_once(self, found):
        env, token = self.rotating(found)
        renew(env, token)
        env.cognito.clock.advance(seconds=1)
        with refused("RefreshTokenReuseException"):
            renew(env, token)

    def test_the_new_one_has_what_was_left_of_the_first_ones_life(self, found):
        env, token = self.rotating(found, RefreshTokenValidity=1)
        env.cognito.clock.advance(hours=23)
        token = renew(env, token)["RefreshToken"]
        env.cognito.clock.advance(hours=2)
        with refused("NotAuthorizedException", "Refresh Token has expired"):
            renew(env, token)

    def test_a_rotating_client_has_no_refresh_flow(self, found):
        env, token = self.rotating(found)
        with refused("InvalidParameterException"):
            refresh(env, token)

    def test_it_wants_the_secret_itself(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS, "GenerateSecret": True})
        env.add_user()
        token = env.sign_in()["RefreshToken"]
        assert renew(env, token, ClientSecret=env.secret)
        for more in ({}, {"ClientSecret": "x" * 51}):
            with refused("NotAuthorizedException"):
                renew(env, token, **more)

    def test_garbage(self, env):
        with refused("NotAuthorizedException", "Invalid Refresh Token"):
            renew(env, "x")


class TestGlobalSignOut:
    def test_every_token_so_far_is_dead_and_a_sign_in_straight_after_works(self, env):
        first, second = (password_of(env)["AuthenticationResult"] for _ in range(2))
        assert env.idp.global_sign_out(AccessToken=first["AccessToken"])["ResponseMetadata"]
        for result in (first, second):
            with refused("NotAuthorizedException", "Access Token has been revoked"):
                env.idp.get_user(AccessToken=result["AccessToken"])
            with refused("NotAuthorizedException", "Refresh Token has been revoked"):
                refresh(env, result["RefreshToken"])
        result = password_of(env)["AuthenticationResult"]
        assert env.idp.get_user(AccessToken=result["AccessToken"])
        assert refresh(env, result["RefreshToken"])

    def test_it_reaches_other_clients_also_those_without_revocation(self, env):
        result = password_of(env)["AuthenticationResult"]
        env.client_of(ExplicitAuthFlows=FLOWS, EnableTokenRevocation=False)
        other = password_of(env)["AuthenticationResult"]
        env.idp.global_sign_out(AccessToken=result["AccessToken"])
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=other["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(env, other["RefreshToken"])

    def test_garbage_and_an_id_token(self, env):
        for token in ("x", password_of(env)["AuthenticationResult"]["IdToken"]):
            with refused("NotAuthorizedException", "Invalid Access Token"):
                env.idp.global_sign_out(AccessToken=token)

    def test_an_expired_token(self, env):
        token = password_of(env)["AuthenticationResult"]["AccessToken"]
        env.cognito.clock.advance(hours=2)
        with refused("NotAuthorizedException", "Access Token has expired"):
            env.idp.global_sign_out(AccessToken=token)


class TestAdminUserGlobalSignOut:
    def test_every_token_so_far_is_dead(self, env):
        result = password_of(env)["AuthenticationResult"]
        env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=result["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(env, result["RefreshToken"])

    def test_nobody(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="bob")


class TestRevokeToken:
    def revoke(self, env, token, **more):
        return env.idp.revoke_token(Token=token, ClientId=env.client_id, **more)

    def test_it_ends_one_sign_in_and_leaves_the_others(self, env):
        first, second = (password_of(env)["AuthenticationResult"] for _ in range(2))
        renewed = refresh(env, first["RefreshToken"])
        self.revoke(env, first["RefreshToken"])
        for token in (first["AccessToken"], renewed["AccessToken"]):
            with refused("NotAuthorizedException", "Access Token has been revoked"):
                env.idp.get_user(AccessToken=token)
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(env, first["RefreshToken"])
        assert refresh(env, second["RefreshToken"])

    def test_again_is_no_fault(self, env):
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        self.revoke(env, token)
        self.revoke(env, token)

    def test_other_kinds_of_token(self, env):
        result = password_of(env)["AuthenticationResult"]
        for kind in ("AccessToken", "IdToken"):
            with refused("UnsupportedTokenTypeException"):
                self.revoke(env, result[kind])

    def test_a_client_without_revocation(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS, "EnableTokenRevocation": False})
        env.add_user()
        with refused("UnsupportedOperationException"):
            self.revoke(env, password_of(env)["AuthenticationResult"]["RefreshToken"])

    def test_another_client_and_a_wrong_or_missing_secret(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS, "GenerateSecret": True})
        env.add_user()
        token, secret = env.sign_in()["RefreshToken"], env.secret
        for more in ({}, {"ClientSecret": "x" * 51}):
            with refused("UnauthorizedException"):
                self.revoke(env, token, **more)
        self.revoke(env, token, ClientSecret=secret)
        env.client_of(ExplicitAuthFlows=FLOWS)
        with refused("UnauthorizedException"):
            self.revoke(env, token)


def test_a_sign_in_needs_no_signature_and_finds_its_region_by_the_client(cognito):
    env = PoolEnv(cognito, client={"ExplicitAuthFlows": FLOWS})
    env.add_user()
    env.idp = boto3.client("cognito-idp", region_name="us-east-1", config=Config(signature_version=UNSIGNED))
    assert password_of(env)["AuthenticationResult"]
