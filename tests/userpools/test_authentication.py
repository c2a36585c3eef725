"""Signing in by password, refreshing, and signing out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from people import OTHER, PASSWORD, Town, refused
from signing_in import FLOWS, begin, begin_as_admin, by_srp, password_of, read, refresh, renew, respond
from srp_client import Client, N

WRONG = "Incorrect username or password."
DEVELOPER = "aws.cognito.signin.user.admin"


@pytest.fixture
def town(found):
    """A pool whose client allows all of the older flows, and Ada."""
    town = found(client={"ExplicitAuthFlows": FLOWS})
    town.resident(email="ada@example.com")
    return town


@pytest.fixture
def discreet(found):
    """A client that may not learn who exists."""
    town = found(client={"ExplicitAuthFlows": FLOWS, "PreventUserExistenceErrors": "ENABLED"})
    town.resident()
    return town


class TestInitiateAuth:
    def test_a_right_password_gives_three_tokens(self, town):
        answer = password_of(town)
        result = answer["AuthenticationResult"]
        assert answer["ChallengeParameters"] == {}
        assert not {"ChallengeName", "Session", "AvailableChallenges"} & answer.keys()
        assert sorted(result) == ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"]
        assert (result["TokenType"], result["ExpiresIn"]) == ("Bearer", 3600)

    def test_the_tokens_are_of_this_user_client_and_pool(self, town):
        result = password_of(town)["AuthenticationResult"]
        identity, access = read(result["IdToken"]), read(result["AccessToken"])
        assert (
            identity["iss"] == access["iss"] == f"https://cognito-idp.us-east-1.amazonaws.com/{town.pool_id}"
        )
        assert (identity["aud"], access["client_id"]) == (town.client_id, town.client_id)
        assert (identity["cognito:username"], access["username"]) == ("ada", "ada")
        assert identity["sub"] == access["sub"] == town.attributes()["sub"]
        assert identity["email"] == "ada@example.com"
        assert access["scope"] == DEVELOPER
        assert (access["acr"], access["amr"]) == ("urn:cognito:loa:1", ["pwd"])
        assert identity["origin_jti"] == access["origin_jti"]
        assert "version" not in access

    def test_the_access_token_opens_the_users_own_operations(self, town):
        token = password_of(town)["AuthenticationResult"]["AccessToken"]
        assert town.idp.get_user(AccessToken=token)["Username"] == "ada"

    def test_a_verified_alias_will_do_and_tokens_name_the_username(self, found):
        town = found(AliasAttributes=["email"], client={"ExplicitAuthFlows": FLOWS})
        town.resident(email="ada@example.com", email_verified="true")
        result = password_of(town, "ada@example.com")["AuthenticationResult"]
        assert read(result["AccessToken"])["username"] == "ada"

    def test_where_the_address_is_the_name_the_username_is_the_sub(self, found):
        town = found(UsernameAttributes=["email"], client={"ExplicitAuthFlows": FLOWS})
        town.resident("ada@example.com")
        access = read(password_of(town, "ada@example.com")["AuthenticationResult"]["AccessToken"])
        assert access["username"] == access["sub"]

    def test_a_wrong_password(self, town):
        with refused("NotAuthorizedException", WRONG):
            password_of(town, password=OTHER)

    def test_a_name_that_nobody_has(self, town, discreet):
        with refused("UserNotFoundException", "User does not exist."):
            password_of(town, "bob")
        with refused("NotAuthorizedException", WRONG):
            password_of(discreet, "bob")

    def test_a_client_that_is_not_there(self, town):
        town.client_id = "1" * 26
        with refused("ResourceNotFoundException", f"User pool client {'1' * 26} does not exist."):
            password_of(town)

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
        town = found(client={"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]})
        with refused("InvalidParameterException", message):
            begin(town, flow)

    def test_refresh_where_the_client_does_not_allow_it(self, found):
        town = found(client={"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]})
        with refused("InvalidParameterException", "Auth flow not enabled for this client"):
            begin(town, "REFRESH_TOKEN_AUTH", REFRESH_TOKEN="x")

    def test_the_flows_of_a_client_that_names_none(self, found):
        town = found(client={"ExplicitAuthFlows": []})
        town.resident()
        _told, claim = by_srp(town)
        assert respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]
        for flow in ("USER_PASSWORD_AUTH", "USER_AUTH"):
            with refused("InvalidParameterException"):
                begin(town, flow, USERNAME="ada", PASSWORD=PASSWORD)

    @pytest.mark.parametrize("old", ["USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY"])
    def test_old_names_open_refresh_as_well(self, found, old):
        town = found(client={"ExplicitAuthFlows": [old]})
        with refused("NotAuthorizedException", "Invalid Refresh Token"):
            begin(town, "REFRESH_TOKEN_AUTH", REFRESH_TOKEN="x")

    @pytest.mark.parametrize("old", ["USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"])
    def test_old_names_leave_srp_open(self, found, old):
        """Templates of those years name one of them, and their web pages sign in over SRP."""
        town = found(client={"ExplicitAuthFlows": [old]})
        town.resident()
        _, claim = by_srp(town)
        assert respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]

    @pytest.mark.parametrize("more", [[], ["ADMIN_NO_SRP_AUTH"]])
    def test_the_old_name_that_shuts_srp(self, found, more):
        town = found(client={"ExplicitAuthFlows": ["CUSTOM_AUTH_FLOW_ONLY", *more]})
        with refused("InvalidParameterException", "USER_SRP_AUTH is not enabled for the client."):
            begin(town, "USER_SRP_AUTH", USERNAME="ada", SRP_A="abc")

    def test_the_old_name_of_the_password_flow(self, found):
        town = found(client={"ExplicitAuthFlows": ["USER_PASSWORD_AUTH"]})
        town.resident()
        assert "AuthenticationResult" in password_of(town)

    @pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"])
    def test_the_administrators_flows_are_not_for_everyone(self, town, flow):
        with refused("InvalidParameterException", "Initiate Auth method not supported."):
            begin(town, flow, USERNAME="ada", PASSWORD=PASSWORD)

    def test_a_flow_that_there_is_not(self, town):
        with refused("InvalidParameterException") as error:
            begin(town, "MAGIC")
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
    def test_a_parameter_that_is_missing_before_the_user_is_looked_up(self, town, flow, given, missing):
        with refused("InvalidParameterException", f"Missing required parameter {missing}"):
            begin(town, flow, **given)


class TestSecretHash:
    @pytest.fixture
    def town(self, found):
        town = found(client={"ExplicitAuthFlows": FLOWS, "GenerateSecret": True}, AliasAttributes=["email"])
        town.resident(email="ada@example.com", email_verified="true")
        return town

    def test_over_the_name_that_was_typed(self, town):
        for name in ("ada", "ada@example.com"):
            assert begin(town, USERNAME=name, PASSWORD=PASSWORD, SECRET_HASH=town.hash(name))
        with refused("NotAuthorizedException", f"SecretHash does not match for the client: {town.client_id}"):
            begin(town, USERNAME="ada@example.com", PASSWORD=PASSWORD, SECRET_HASH=town.hash("ada"))

    def test_without_one_it_does_not_matter_whether_the_user_exists(self, town):
        message = f"Client {town.client_id} is configured with secret but SECRET_HASH was not received"
        for name in ("ada", "nobody"):
            with refused("NotAuthorizedException", message):
                password_of(town, name)

    def test_refresh_wants_it_over_the_username(self, town):
        name = "ada@example.com"
        token = begin(town, USERNAME=name, PASSWORD=PASSWORD, SECRET_HASH=town.hash(name))[
            "AuthenticationResult"
        ]["RefreshToken"]
        assert refresh(town, token, SECRET_HASH=town.hash("ada"))
        with refused("NotAuthorizedException", f"SecretHash does not match for the client: {town.client_id}"):
            refresh(town, token, SECRET_HASH=town.hash(name))
        with refused("NotAuthorizedException"):
            refresh(town, token)

    def test_an_answer_needs_it_too(self, town):
        _told, claim = by_srp(town, SECRET_HASH=town.hash())
        message = f"Client {town.client_id} is configured with secret but SECRET_HASH was not received"
        with refused("NotAuthorizedException", message):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)
        assert respond(town, "PASSWORD_VERIFIER", USERNAME="ada", SECRET_HASH=town.hash(), **claim)[
            "AuthenticationResult"
        ]

    def test_a_client_without_a_secret_wants_none(self, found):
        town = found(client={"ExplicitAuthFlows": FLOWS})
        with refused("NotAuthorizedException"):
            begin(town, USERNAME="ada", PASSWORD=PASSWORD, SECRET_HASH="eA==")

    def test_either_of_two_secrets(self, town):
        second = town.idp.add_user_pool_client_secret(UserPoolId=town.pool_id, ClientId=town.client_id)
        value = second["ClientSecretDescriptor"]["ClientSecretValue"]
        for secret in (town.secret, value):
            assert begin(town, USERNAME="ada", PASSWORD=PASSWORD, SECRET_HASH=town.hash("ada", secret))

    def test_where_the_address_is_the_name_refresh_wants_it_over_the_sub(self, found):
        town = found(
            UsernameAttributes=["email"], client={"ExplicitAuthFlows": FLOWS, "GenerateSecret": True}
        )
        town.resident("ada@example.com")
        token = town.sign_in("ada@example.com")["RefreshToken"]
        assert refresh(town, token, SECRET_HASH=town.hash(town.attributes("ada@example.com")["sub"]))
        with refused("NotAuthorizedException"):
            refresh(town, token, SECRET_HASH=town.hash("ada@example.com"))


class TestTheUser:
    def of(self, town, username="ada"):
        return town.cognito.world.find_pool(town.pool_id)[1].users.get(username)

    def test_who_came_from_a_provider_cannot_sign_in_here(self, town):
        user = self.of(town)
        user.status, user.password = "EXTERNAL_PROVIDER", None
        with refused("NotAuthorizedException", WRONG):
            password_of(town)
        _, claim = by_srp(town)
        with refused("NotAuthorizedException", WRONG):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_who_was_imported_is_hidden_where_users_are(self, town, discreet):
        for place, error in ((town, "PasswordResetRequiredException"), (discreet, "NotAuthorizedException")):
            user = self.of(place)
            user.status, user.password, user.password_set = "RESET_REQUIRED", None, 0.0
            with refused(error):
                password_of(place)
            with refused(error):
                by_srp(place)

    def test_disabled(self, town):
        town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            password_of(town)

    def test_unconfirmed_is_told_only_to_who_knows_the_password(self, town):
        town.sign_up("bob")
        with refused("UserNotConfirmedException", "User is not confirmed."):
            password_of(town, "bob")
        with refused("NotAuthorizedException", WRONG):
            password_of(town, "bob", OTHER)

    def test_reset_by_an_administrator(self, town, discreet):
        for place in (town, discreet):
            place.admin_update(email="ada@example.com", email_verified="true")
            place.idp.admin_reset_user_password(UserPoolId=place.pool_id, Username="ada")
            with refused("PasswordResetRequiredException", "Password reset required for the user"):
                password_of(place)

    def test_a_temporary_password_that_is_too_old(self, town):
        town.create("bob", TemporaryPassword=PASSWORD)
        town.cognito.clock.advance(days=7, minutes=1)
        with refused(
            "NotAuthorizedException",
            "Temporary password has expired and must be reset by an administrator.",
        ):
            password_of(town, "bob")

    def test_a_deleted_user_is_not_there(self, town):
        town.idp.admin_delete_user(UserPoolId=town.pool_id, Username="ada")
        with refused("UserNotFoundException"):
            password_of(town)


class TestLockout:
    def fail(self, town, times, username="ada"):
        for _ in range(times):
            with refused("NotAuthorizedException", WRONG):
                password_of(town, username, OTHER)

    def locked(self, town, username="ada", password=PASSWORD):
        with refused("NotAuthorizedException", "Password attempts exceeded"):
            password_of(town, username, password)

    def test_the_sixth_attempt_meets_the_lock_even_with_the_right_password(self, town):
        self.fail(town, 5)
        self.locked(town)

    def test_each_further_failure_doubles_it_and_attempts_meanwhile_do_not_count(self, town):
        self.fail(town, 5)
        for seconds in (1, 2, 4):
            self.locked(town)
            town.cognito.clock.advance(seconds=seconds + 0.2)
            self.fail(town, 1)
        self.locked(town)
        town.cognito.clock.advance(seconds=7)
        self.locked(town)
        town.cognito.clock.advance(seconds=2)
        assert password_of(town)

    def test_it_ends_after_a_quarter_of_an_hour_at_most(self, town):
        self.fail(town, 5)
        for exponent in range(12):
            town.cognito.clock.advance(seconds=min(2**exponent, 900) + 1)
            self.fail(town, 1)
        town.cognito.clock.advance(seconds=901)
        self.fail(town, 4)
        assert password_of(town)

    def test_a_success_sets_the_count_back(self, town):
        self.fail(town, 4)
        assert password_of(town)
        self.fail(town, 4)
        assert password_of(town)

    def test_a_quiet_quarter_of_an_hour_sets_the_count_back(self, town):
        self.fail(town, 4)
        town.cognito.clock.advance(minutes=16)
        self.fail(town, 4)
        assert password_of(town)

    def test_a_proof_over_srp_counts_as_well(self, town):
        for _ in range(5):
            _, claim = by_srp(town, password=OTHER)
            with refused("NotAuthorizedException", WRONG):
                respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)
        self.locked(town)

    def test_a_name_that_nobody_has_is_locked_alike(self, discreet):
        self.fail(discreet, 5, "bob")
        self.locked(discreet, "bob")
        assert password_of(discreet)
        discreet.cognito.clock.advance(seconds=2)
        self.fail(discreet, 1, "bob")


class TestSrp:
    def test_a_proof_gives_tokens_with_either_name_and_without_a_session(self, found):
        town = found(AliasAttributes=["email"], client={"ExplicitAuthFlows": FLOWS})
        town.resident(email="ada@example.com", email_verified="true")
        for name in ("ada", "ada@example.com"):
            told, claim = by_srp(town, name)
            assert told["USER_ID_FOR_SRP"] == told["USERNAME"] == "ada"
            for answering in ("ada", "ada@example.com"):
                told, claim = by_srp(town, name)
                result = respond(town, "PASSWORD_VERIFIER", USERNAME=answering, **claim)
                assert result["AuthenticationResult"]["RefreshToken"]

    def test_the_question(self, town):
        client = Client()
        asked = begin(town, "USER_SRP_AUTH", USERNAME="ada", SRP_A=client.srp_a, CHALLENGE_NAME="SRP_A")
        assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
        told = asked["ChallengeParameters"]
        assert sorted(told) == ["SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"]
        assert told["SRP_B"] == f"{int(told['SRP_B'], 16):x}"
        assert len(told["SRP_B"]) <= 768
        assert 1200 < len(told["SECRET_BLOCK"]) < 2000

    def test_salt_stays_until_the_password_changes_the_rest_is_new_each_time(self, town):
        first, second = by_srp(town)[0], by_srp(town)[0]
        assert first["SALT"] == second["SALT"]
        assert first["SRP_B"] != second["SRP_B"]
        assert first["SECRET_BLOCK"] != second["SECRET_BLOCK"]
        town.idp.admin_set_user_password(
            UserPoolId=town.pool_id, Username="ada", Password=OTHER, Permanent=True
        )
        assert by_srp(town)[0]["SALT"] != first["SALT"]

    def test_administrators_have_the_flow_too(self, town):
        client = Client()
        told = begin_as_admin(town, "USER_SRP_AUTH", USERNAME="ada", SRP_A=client.srp_a)[
            "ChallengeParameters"
        ]
        claim = client.claim(told, town.pool_id.partition("_")[2], "ada", PASSWORD)
        answer = town.idp.admin_respond_to_auth_challenge(
            UserPoolId=town.pool_id,
            ClientId=town.client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses={"USERNAME": "ada", **claim},
        )
        assert answer["AuthenticationResult"]["IdToken"]

    @pytest.mark.parametrize("srp_a", ["0", f"{N:x}", f"{3 * N:x}", "", "xyz", "-5", "f" * 5000])
    def test_a_hostile_public_value(self, town, srp_a):
        with refused("InvalidParameterException"):
            begin(town, "USER_SRP_AUTH", USERNAME="ada", SRP_A=srp_a)

    def test_upper_case_and_padding_are_all_right(self, town):
        client = Client()
        padded = "00" + client.srp_a.upper()
        told = begin(town, "USER_SRP_AUTH", USERNAME="ada", SRP_A=padded)["ChallengeParameters"]
        claim = client.claim(told, town.pool_id.partition("_")[2], "ada", PASSWORD)
        assert respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]

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
    def test_a_proof_that_was_changed(self, town, spoil):
        _, claim = by_srp(town)
        with refused("NotAuthorizedException", WRONG):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **{**claim, **spoil})
        assert respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_a_proof_for_another_pool_name(self, town):
        client = Client()
        told = begin(town, "USER_SRP_AUTH", USERNAME="ada", SRP_A=client.srp_a)["ChallengeParameters"]
        claim = client.claim(told, town.pool_id, "ada", PASSWORD)
        with refused("NotAuthorizedException", WRONG):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_the_block_of_another_exchange(self, town):
        (_, claim), (other, _) = by_srp(town), by_srp(town)
        claim["PASSWORD_CLAIM_SECRET_BLOCK"] = other["SECRET_BLOCK"]
        with refused("NotAuthorizedException", WRONG):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_a_proof_is_good_once(self, town):
        _, claim = by_srp(town)
        assert respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)
        with refused("NotAuthorizedException"):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_two_answers_at_once_give_tokens_once(self, town):
        _, claim = by_srp(town)

        def answer():
            return respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

        with ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(answer) for _ in range(4)]
        assert sum(of.exception() is None for of in answers) == 1

    def test_a_proof_of_a_password_that_was_changed_meanwhile(self, town):
        _, claim = by_srp(town)
        town.idp.admin_set_user_password(
            UserPoolId=town.pool_id, Username="ada", Password=OTHER, Permanent=True
        )
        with refused("NotAuthorizedException", WRONG):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    @pytest.mark.parametrize("timestamp", ["2000-02-01T03:04:05Z", "Tue 1 Feb 03:04:05 UTC 2000", "x" * 3000])
    def test_a_time_of_another_form(self, town, timestamp):
        _, claim = by_srp(town)
        with refused(
            "InvalidParameterException", "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english"
        ):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **{**claim, "TIMESTAMP": timestamp})

    @pytest.mark.parametrize(
        "missing", ["PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"]
    )
    def test_a_part_that_is_missing(self, town, missing):
        _, claim = by_srp(town)
        del claim[missing]
        with refused("InvalidParameterException"):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_an_answer_that_comes_too_late(self, town):
        _, claim = by_srp(town)
        town.cognito.clock.advance(minutes=4)
        with refused("NotAuthorizedException"):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_the_answer_of_another_user(self, town):
        town.resident("bob")
        _, claim = by_srp(town)
        with refused("NotAuthorizedException"):
            respond(town, "PASSWORD_VERIFIER", USERNAME="bob", **claim)

    def test_the_answer_through_another_client(self, town):
        _, claim = by_srp(town)
        town.client_of(ExplicitAuthFlows=FLOWS)
        with refused("NotAuthorizedException"):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)

    def test_a_name_that_nobody_has(self, town):
        with refused("UserNotFoundException", "User does not exist."):
            by_srp(town, "bob")

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
        town = found(UsernameAttributes=["email"], client={"ExplicitAuthFlows": FLOWS})
        town.resident("ada@example.com")
        told, claim = by_srp(town, "ada@example.com")
        assert told["USER_ID_FOR_SRP"] == town.attributes("ada@example.com")["sub"]
        for name in (told["USER_ID_FOR_SRP"], "ada@example.com"):
            _, claim = by_srp(town, "ada@example.com")
            assert respond(town, "PASSWORD_VERIFIER", USERNAME=name, **claim)["AuthenticationResult"]

    def test_a_temporary_password_leads_to_a_new_one(self, town):
        town.create("bob", TemporaryPassword=PASSWORD)
        _, claim = by_srp(town, "bob")
        asked = respond(town, "PASSWORD_VERIFIER", USERNAME="bob", **claim)
        assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        answer = respond(town, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME="bob", NEW_PASSWORD=OTHER)
        assert answer["AuthenticationResult"]


class TestAdminInitiateAuth:
    @pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"])
    def test_both_names_of_the_flow_give_tokens(self, town, flow):
        answer = begin_as_admin(town, flow, USERNAME="ada", PASSWORD=PASSWORD)
        assert answer["AuthenticationResult"]["RefreshToken"]
        assert answer["ChallengeParameters"] == {}

    @pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
    def test_refresh_by_both_names(self, town, flow):
        token = password_of(town)["AuthenticationResult"]["RefreshToken"]
        assert "AuthenticationResult" in begin_as_admin(town, flow, REFRESH_TOKEN=token)

    def test_the_public_flow_is_not_for_administrators(self, town):
        with refused("InvalidParameterException"):
            begin_as_admin(town, "USER_PASSWORD_AUTH", USERNAME="ada", PASSWORD=PASSWORD)

    def test_a_client_of_another_pool_does_not_exist(self, town, found):
        town.client_id = found().client_id
        with refused("ResourceNotFoundException"):
            begin_as_admin(town, USERNAME="ada", PASSWORD=PASSWORD)

    def test_a_flow_that_the_client_does_not_allow(self, found):
        town = found(client={"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]})
        with refused("InvalidParameterException", "Auth flow not enabled for this client"):
            begin_as_admin(town, USERNAME="ada", PASSWORD=PASSWORD)


class TestRespondToAuthChallenge:
    """NEW_PASSWORD_REQUIRED, and what sessions hold."""

    @pytest.fixture
    def asked(self, town):
        town.create("bob", attributes={"email": "bob@example.com"}, TemporaryPassword=PASSWORD)
        return password_of(town, "bob")

    def new_password(self, town, asked, password=OTHER, username="bob", **more):
        return respond(
            town, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME=username, NEW_PASSWORD=password, **more
        )

    def test_a_new_password_confirms_the_user_and_gives_tokens(self, town, asked):
        assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        assert asked["ChallengeParameters"] == {
            "USER_ID_FOR_SRP": "bob",
            "requiredAttributes": "[]",
            "userAttributes": '{"email":"bob@example.com"}',
        }
        assert "AuthenticationResult" not in asked
        assert self.new_password(town, asked)["AuthenticationResult"]["AccessToken"]
        assert town.status("bob") == "CONFIRMED"
        assert password_of(town, "bob", OTHER)["AuthenticationResult"]

    def test_required_attributes_must_be_given_and_others_may(self, found):
        schema = [{"Name": "family_name", "Required": True}]
        town = found(Schema=schema, client={"ExplicitAuthFlows": FLOWS})
        town.create("bob", TemporaryPassword=PASSWORD)
        asked = password_of(town, "bob")
        assert asked["ChallengeParameters"]["requiredAttributes"] == '["userAttributes.family_name"]'
        with refused("InvalidParameterException"):
            self.new_password(town, asked)
        given = {"userAttributes.family_name": "Builder", "userAttributes.nickname": "B"}
        assert self.new_password(town, asked, **given)["AuthenticationResult"]
        assert town.attributes("bob")["family_name"] == "Builder"
        assert town.attributes("bob")["nickname"] == "B"

    def test_a_required_attribute_that_is_there_cannot_be_changed(self, found):
        town = found(Schema=[{"Name": "family_name", "Required": True}], client={"ExplicitAuthFlows": FLOWS})
        town.create("bob", attributes={"family_name": "Builder"}, TemporaryPassword=PASSWORD)
        asked = password_of(town, "bob")
        with refused("NotAuthorizedException", "Cannot modify an already provided family_name"):
            self.new_password(town, asked, **{"userAttributes.family_name": "Other"})
        assert self.new_password(town, asked)["AuthenticationResult"]

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("custom:no", "user.custom:no: Attribute does not exist in the schema.\n"),
            ("email_verified", "Cannot modify the non-mutable attribute email_verified"),
            ("custom:final", "Cannot modify the non-mutable attribute custom:final"),
        ],
    )
    def test_attributes_that_are_not_or_may_not_be_written(self, town, asked, name, message):
        final = {"Name": "final", "AttributeDataType": "String", "Mutable": False}
        town.idp.add_custom_attributes(UserPoolId=town.pool_id, CustomAttributes=[final])
        with refused("InvalidParameterException", message):
            self.new_password(town, asked, **{f"userAttributes.{name}": "true"})
        assert town.status("bob") == "FORCE_CHANGE_PASSWORD"

    def test_a_final_attribute_may_be_given_where_it_is_required_and_missing(self, found):
        schema = [{"Name": "family_name", "Required": True, "Mutable": False}]
        town = found(Schema=schema, client={"ExplicitAuthFlows": FLOWS})
        town.create("bob", TemporaryPassword=PASSWORD)
        assert self.new_password(town, password_of(town, "bob"), **{"userAttributes.family_name": "Builder"})

    def test_a_password_that_is_temporary_no_more_is_not_replaced(self, town, asked):
        other = password_of(town, "bob")
        self.new_password(town, asked)
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(town, other, PASSWORD)
        assert password_of(town, "bob", OTHER)["AuthenticationResult"]

    def test_a_new_address_is_not_the_proven_one(self, town):
        proven = {"email": "bob@example.com", "email_verified": "true"}
        town.create("bob", attributes=proven, TemporaryPassword=PASSWORD)
        self.new_password(town, password_of(town, "bob"), **{"userAttributes.email": "b@example.org"})
        shown = town.attributes("bob")
        assert (shown["email"], shown["email_verified"]) == ("b@example.org", "false")

    @pytest.mark.parametrize(
        ("settings", "name", "attribute"),
        [
            ({"UsernameAttributes": ["email"]}, "bob@example.com", "email"),
            ({"AliasAttributes": ["preferred_username"]}, "bob", "preferred_username"),
        ],
    )
    def test_a_name_that_another_signs_in_by_cannot_be_taken(self, found, settings, name, attribute):
        town = found(client={"ExplicitAuthFlows": FLOWS}, **settings)
        town.create("ada@x.com" if "@" in name else "ada", attributes={attribute: "ada@x.com"})
        town.create(name, TemporaryPassword=PASSWORD)
        with refused("AliasExistsException"):
            self.new_password(
                town, password_of(town, name), username=name, **{f"userAttributes.{attribute}": "ada@x.com"}
            )
        assert town.status(name) == "FORCE_CHANGE_PASSWORD"

    def test_booleans_are_kept_as_everywhere(self, found):
        town = found(
            Schema=[{"Name": "new", "AttributeDataType": "Boolean"}], client={"ExplicitAuthFlows": FLOWS}
        )
        town.create("bob", TemporaryPassword=PASSWORD)
        self.new_password(town, password_of(town, "bob"), **{"userAttributes.custom:new": "True"})
        assert town.attributes("bob")["custom:new"] == "true"

    def test_a_password_against_the_policy_leaves_the_session_good(self, town, asked):
        with refused(
            "InvalidPasswordException", "Password does not conform to policy: Password not long enough"
        ):
            self.new_password(town, asked, "short")
        assert self.new_password(town, asked)["AuthenticationResult"]

    def test_a_password_of_before(self, found):
        policy = {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}}
        town = found(Policies=policy, client={"ExplicitAuthFlows": FLOWS})
        town.create("bob", TemporaryPassword=PASSWORD)
        with refused("PasswordHistoryPolicyViolationException"):
            self.new_password(town, password_of(town, "bob"), PASSWORD)

    def test_no_password_at_all(self, town, asked):
        with refused("InvalidParameterException", "Missing required parameter NEW_PASSWORD"):
            respond(town, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME="bob")

    def test_sessions_look_like_awss(self, asked):
        assert asked["Session"].startswith("AYABe")
        assert 1000 < len(asked["Session"]) < 4096

    def test_a_session_is_good_once(self, town, asked):
        self.new_password(town, asked)
        with refused(
            "NotAuthorizedException", "Invalid session for the user, session can only be used once."
        ):
            self.new_password(town, asked, PASSWORD)

    @pytest.mark.parametrize("minutes", [3, 10])
    def test_a_session_ends_when_the_client_says(self, found, minutes):
        town = found(client={"ExplicitAuthFlows": FLOWS, "AuthSessionValidity": minutes})
        town.create("bob", TemporaryPassword=PASSWORD)
        early, late = password_of(town, "bob"), password_of(town, "bob")
        town.cognito.clock.advance(minutes=minutes, seconds=-5)
        assert self.new_password(town, early)
        town.cognito.clock.advance(seconds=10)
        password_of(town, "bob", OTHER)
        with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
            self.new_password(town, late)

    def test_a_session_that_was_changed_or_made_up(self, town, asked):
        session = asked["Session"]
        for text in (
            session[:-8] + "AAAAAAA=",
            "AYABe" + "A" * 1500,
            "x" * 20,
            session[:400] + session[404:],
        ):
            with refused("NotAuthorizedException", "Invalid session for the user."):
                self.new_password(town, {"Session": text})
        assert self.new_password(town, asked)

    def test_a_session_of_another_user_client_or_pool(self, town, asked, found):
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(town, asked, username="ada")
        first = town.client_id
        town.client_of(ExplicitAuthFlows=FLOWS)
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(town, asked)
        town.client_id = found(client={"ExplicitAuthFlows": FLOWS}).client_id
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(town, asked)
        town.client_id = first
        assert self.new_password(town, asked)

    def test_a_session_for_another_challenge(self, town, asked):
        with refused("NotAuthorizedException"):
            respond(town, "SMS_MFA", asked["Session"], USERNAME="bob", SMS_MFA_CODE="123456")

    def test_a_session_of_a_user_who_was_deleted_and_made_anew(self, town, asked):
        town.idp.admin_delete_user(UserPoolId=town.pool_id, Username="bob")
        town.create("bob", TemporaryPassword=PASSWORD)
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.new_password(town, asked)

    def test_a_user_who_was_disabled_meanwhile(self, town, asked):
        town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="bob")
        with refused("NotAuthorizedException", "User is disabled."):
            self.new_password(town, asked)

    def test_username_and_session_must_be_there(self, town, asked):
        with refused("InvalidParameterException", "Missing required parameter USERNAME"):
            respond(town, "NEW_PASSWORD_REQUIRED", asked["Session"], NEW_PASSWORD=OTHER)
        with refused("InvalidParameterException"):
            respond(town, "NEW_PASSWORD_REQUIRED", USERNAME="bob", NEW_PASSWORD=OTHER)


class TestAdminRespondToAuthChallenge:
    def test_a_new_password(self, town):
        town.create("bob", TemporaryPassword=PASSWORD)
        asked = begin_as_admin(town, USERNAME="bob", PASSWORD=PASSWORD)
        answer = town.idp.admin_respond_to_auth_challenge(
            UserPoolId=town.pool_id,
            ClientId=town.client_id,
            ChallengeName=asked["ChallengeName"],
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "bob", "NEW_PASSWORD": OTHER},
        )
        assert answer["AuthenticationResult"]["AccessToken"]

    def test_a_client_of_another_pool_does_not_exist(self, town, found):
        with refused("ResourceNotFoundException"):
            town.idp.admin_respond_to_auth_challenge(
                UserPoolId=town.pool_id,
                ClientId=found().client_id,
                ChallengeName="SMS_MFA",
                ChallengeResponses={"USERNAME": "ada"},
            )


class TestRefresh:
    @pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
    def test_new_tokens_and_no_new_refresh_token(self, town, flow):
        token = password_of(town)["AuthenticationResult"]["RefreshToken"]
        answer = begin(town, flow, REFRESH_TOKEN=token)
        assert sorted(answer["AuthenticationResult"]) == ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]
        assert answer["ChallengeParameters"] == {}

    def test_what_is_kept_and_what_is_new(self, town):
        first = password_of(town)["AuthenticationResult"]
        town.cognito.clock.advance(hours=2)
        town.admin_update(nickname="Countess")
        town.idp.create_group(UserPoolId=town.pool_id, GroupName="staff")
        town.idp.admin_add_user_to_group(UserPoolId=town.pool_id, Username="ada", GroupName="staff")
        second = refresh(town, first["RefreshToken"])
        for kind in ("IdToken", "AccessToken"):
            old, new = read(first[kind]), read(second[kind])
            for kept in ("sub", "origin_jti", "auth_time", "event_id", "acr", "amr"):
                assert old[kept] == new[kept], kept
            assert old["jti"] != new["jti"]
            assert new["iat"] - old["iat"] in (7200, 7201)
            assert new["cognito:groups"] == ["staff"]
        assert read(second["IdToken"])["nickname"] == "Countess"

    def test_garbage_and_the_token_of_another_client(self, town):
        token = password_of(town)["AuthenticationResult"]["RefreshToken"]
        for text in ("x", "a.b.c.d.e", token[:-6] + "AAAAAA", "é" * 30):
            with refused("NotAuthorizedException", "Invalid Refresh Token"):
                refresh(town, text)
        town.client_of(ExplicitAuthFlows=FLOWS)
        with refused("NotAuthorizedException", "Invalid Refresh Token"):
            refresh(town, token)

    def test_it_lasts_as_long_as_the_client_says(self, found):
        town = found(
            client={
                "ExplicitAuthFlows": FLOWS,
                "RefreshTokenValidity": 90,
                "TokenValidityUnits": {"RefreshToken": "minutes"},
            }
        )
        town.resident()
        token = password_of(town)["AuthenticationResult"]["RefreshToken"]
        town.cognito.clock.advance(minutes=89)
        assert refresh(town, token)
        town.cognito.clock.advance(minutes=2)
        with refused("NotAuthorizedException", "Refresh Token has expired"):
            refresh(town, token)

    def test_a_disabled_user_gets_none(self, town):
        token = password_of(town)["AuthenticationResult"]["RefreshToken"]
        town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="ada")
        with refused("NotAuthorizedException"):
            refresh(town, token)

    def test_a_password_change_leaves_tokens_good(self, town):
        result = password_of(town)["AuthenticationResult"]
        town.idp.change_password(
            AccessToken=result["AccessToken"], PreviousPassword=PASSWORD, ProposedPassword=OTHER
        )
        assert refresh(town, result["RefreshToken"])
        assert town.idp.get_user(AccessToken=result["AccessToken"])


class TestGetTokensFromRefreshToken:
    def rotating(self, found, grace=0, **client):
        flows = [of for of in FLOWS if of != "ALLOW_REFRESH_TOKEN_AUTH"]
        rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}
        town = found(client={"ExplicitAuthFlows": flows, "RefreshTokenRotation": rotation, **client})
        town.resident()
        return town, password_of(town)["AuthenticationResult"]["RefreshToken"]

    def test_without_rotation_as_by_the_flow(self, town):
        token = password_of(town)["AuthenticationResult"]["RefreshToken"]
        answer = town.idp.get_tokens_from_refresh_token(RefreshToken=token, ClientId=town.client_id)
        assert sorted(answer["AuthenticationResult"]) == ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]

    def test_with_rotation_each_brings_the_next(self, found):
        town, token = self.rotating(found)
        seen = {token}
        for _ in range(3):
            town.cognito.clock.advance(minutes=5)
            token = renew(town, token)["RefreshToken"]
            assert token not in seen
            seen.add(token)

    def test_the_old_one_works_for_the_grace_period_and_no_longer(self, found):
        town, token = self.rotating(found, grace=30)
        renew(town, token)
        town.cognito.clock.advance(seconds=20)
        assert renew(town, token)["RefreshToken"]
        town.cognito.clock.advance(seconds=20)
        with refused("RefreshTokenReuseException"):
            renew(town, token)

    def test_without_a_grace_period_it_is_dead_at_once(self, found):
        town, token = self.rotating(found)
        renew(town, token)
        town.cognito.clock.advance(seconds=1)
        with refused("RefreshTokenReuseException"):
            renew(town, token)

    def test_the_new_one_has_what_was_left_of_the_first_ones_life(self, found):
        town, token = self.rotating(found, RefreshTokenValidity=1)
        town.cognito.clock.advance(hours=23)
        token = renew(town, token)["RefreshToken"]
        town.cognito.clock.advance(hours=2)
        with refused("NotAuthorizedException", "Refresh Token has expired"):
            renew(town, token)

    def test_a_rotating_client_has_no_refresh_flow(self, found):
        town, token = self.rotating(found)
        with refused("InvalidParameterException"):
            refresh(town, token)

    def test_it_wants_the_secret_itself(self, found):
        town = found(client={"ExplicitAuthFlows": FLOWS, "GenerateSecret": True})
        town.resident()
        token = town.sign_in()["RefreshToken"]
        assert renew(town, token, ClientSecret=town.secret)
        for more in ({}, {"ClientSecret": "x" * 51}):
            with refused("NotAuthorizedException"):
                renew(town, token, **more)

    def test_garbage(self, town):
        with refused("NotAuthorizedException", "Invalid Refresh Token"):
            renew(town, "x")


class TestGlobalSignOut:
    def test_every_token_so_far_is_dead_and_a_sign_in_straight_after_works(self, town):
        first, second = (password_of(town)["AuthenticationResult"] for _ in range(2))
        assert town.idp.global_sign_out(AccessToken=first["AccessToken"])["ResponseMetadata"]
        for result in (first, second):
            with refused("NotAuthorizedException", "Access Token has been revoked"):
                town.idp.get_user(AccessToken=result["AccessToken"])
            with refused("NotAuthorizedException", "Refresh Token has been revoked"):
                refresh(town, result["RefreshToken"])
        result = password_of(town)["AuthenticationResult"]
        assert town.idp.get_user(AccessToken=result["AccessToken"])
        assert refresh(town, result["RefreshToken"])

    def test_it_reaches_other_clients_also_those_without_revocation(self, town):
        result = password_of(town)["AuthenticationResult"]
        town.client_of(ExplicitAuthFlows=FLOWS, EnableTokenRevocation=False)
        other = password_of(town)["AuthenticationResult"]
        town.idp.global_sign_out(AccessToken=result["AccessToken"])
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            town.idp.get_user(AccessToken=other["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(town, other["RefreshToken"])

    def test_garbage_and_an_id_token(self, town):
        for token in ("x", password_of(town)["AuthenticationResult"]["IdToken"]):
            with refused("NotAuthorizedException", "Invalid Access Token"):
                town.idp.global_sign_out(AccessToken=token)

    def test_an_expired_token(self, town):
        token = password_of(town)["AuthenticationResult"]["AccessToken"]
        town.cognito.clock.advance(hours=2)
        with refused("NotAuthorizedException", "Access Token has expired"):
            town.idp.global_sign_out(AccessToken=token)


class TestAdminUserGlobalSignOut:
    def test_every_token_so_far_is_dead(self, town):
        result = password_of(town)["AuthenticationResult"]
        town.idp.admin_user_global_sign_out(UserPoolId=town.pool_id, Username="ada")
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            town.idp.get_user(AccessToken=result["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(town, result["RefreshToken"])

    def test_nobody(self, town):
        with refused("UserNotFoundException", "User does not exist."):
            town.idp.admin_user_global_sign_out(UserPoolId=town.pool_id, Username="bob")


class TestRevokeToken:
    def revoke(self, town, token, **more):
        return town.idp.revoke_token(Token=token, ClientId=town.client_id, **more)

    def test_it_ends_one_sign_in_and_leaves_the_others(self, town):
        first, second = (password_of(town)["AuthenticationResult"] for _ in range(2))
        renewed = refresh(town, first["RefreshToken"])
        self.revoke(town, first["RefreshToken"])
        for token in (first["AccessToken"], renewed["AccessToken"]):
            with refused("NotAuthorizedException", "Access Token has been revoked"):
                town.idp.get_user(AccessToken=token)
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(town, first["RefreshToken"])
        assert refresh(town, second["RefreshToken"])

    def test_again_is_no_fault(self, town):
        token = password_of(town)["AuthenticationResult"]["RefreshToken"]
        self.revoke(town, token)
        self.revoke(town, token)

    def test_other_kinds_of_token(self, town):
        result = password_of(town)["AuthenticationResult"]
        for kind in ("AccessToken", "IdToken"):
            with refused("UnsupportedTokenTypeException"):
                self.revoke(town, result[kind])

    def test_a_client_without_revocation(self, found):
        town = found(client={"ExplicitAuthFlows": FLOWS, "EnableTokenRevocation": False})
        town.resident()
        with refused("UnsupportedOperationException"):
            self.revoke(town, password_of(town)["AuthenticationResult"]["RefreshToken"])

    def test_another_client_and_a_wrong_or_missing_secret(self, found):
        town = found(client={"ExplicitAuthFlows": FLOWS, "GenerateSecret": True})
        town.resident()
        token, secret = town.sign_in()["RefreshToken"], town.secret
        for more in ({}, {"ClientSecret": "x" * 51}):
            with refused("UnauthorizedException"):
                self.revoke(town, token, **more)
        self.revoke(town, token, ClientSecret=secret)
        town.client_of(ExplicitAuthFlows=FLOWS)
        with refused("UnauthorizedException"):
            self.revoke(town, token)


def test_a_sign_in_needs_no_signature_and_finds_its_region_by_the_client(cognito):
    town = Town(cognito, client={"ExplicitAuthFlows": FLOWS})
    town.resident()
    town.idp = boto3.client("cognito-idp", region_name="us-east-1", config=Config(signature_version=UNSIGNED))
    assert password_of(town)["AuthenticationResult"]
