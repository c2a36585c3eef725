"""Sign-in with SRP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.sign_in import FLOWS, begin, begin_as_admin, by_srp, respond
from support.srp_client import Client, N

WRONG = "Incorrect username or password."


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
