"""Refresh tokens: by the flow, by GetTokensFromRefreshToken, with and without rotation."""

from __future__ import annotations

import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.sign_in import FLOWS, begin, password_of, read, refresh, renew


class TestRefresh:
    @pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
    def test_new_tokens_and_no_new_refresh_token(self, env, flow):
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        answer = begin(env, flow, REFRESH_TOKEN=token)
        assert sorted(answer["AuthenticationResult"]) == ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]
        assert answer["ChallengeParameters"] == {}

    @pytest.mark.usefixtures("still")
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
            assert new["iat"] - old["iat"] == 7200
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

    @pytest.mark.parametrize("flows", [None, ["ADMIN_NO_SRP_AUTH"], ["USER_PASSWORD_AUTH"]])
    def test_nor_where_its_flows_would_imply_it(self, found, flows):
        env = found(
            client={"ExplicitAuthFlows": flows or [], "RefreshTokenRotation": {"Feature": "ENABLED"}},
        )
        env.add_user()
        token = env.cognito.tokens("ada", client=env.client_id).refresh_token
        with refused("InvalidParameterException", "Auth flow not enabled for this client"):
            refresh(env, token)
        assert renew(env, token)["RefreshToken"]

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
