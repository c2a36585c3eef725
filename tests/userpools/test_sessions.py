"""Sessions that a pool keeps track of: shown, limited, and ended from afar."""

from __future__ import annotations

import re

import pytest
from support.pool_env import refused
from support.sign_in import FLOWS, password_of, refresh, renew

from cogmock.core.call import Call
from cogmock.userpools.rules.directory import sessions


def track(env, most=20, tracking="ENABLED"):
    return env.idp.set_user_pool_session_configuration(
        UserPoolId=env.pool_id, UserSessionTracking=tracking, TokenSession={"MaxPerUser": most}
    )


@pytest.fixture
def env(found):
    env = found(client={"ExplicitAuthFlows": FLOWS})
    env.add_user()
    track(env)
    return env


def signed_in(env, username="ada"):
    return password_of(env, username)["AuthenticationResult"]


def listed(env, token):
    return env.idp.list_user_sessions(AccessToken=token)["Sessions"]


def is_alive(env, result):
    try:
        env.idp.get_user(AccessToken=result["AccessToken"])
    except env.idp.exceptions.NotAuthorizedException:
        return False
    return True


def browser_session(env, result):
    """What the login pages leave: a session of the browser, and a token session born from it."""
    world = env.cognito.world
    region, pool = world.find_pool(env.pool_id)
    with Call(world, region, "request") as call:
        user = pool.users.get("ada")
        sso = sessions.begin_sso(call, pool, user, env.client_id, call.now + 3600)
        newest = list(user.sessions.values())[-1]
        newest.trace.origin = sso.id
    assert result
    return sso.id


class TestListUserSessions:
    def test_one_for_each_sign_in_and_the_current_one_is_marked(self, env):
        signed_in(env)
        result = signed_in(env)
        first, second = listed(env, result["AccessToken"])
        assert re.fullmatch(r"tkn[a-z0-9]{25}", first["SessionId"])
        assert (first["SessionType"], first["ClientId"]) == ("TOKEN", env.client_id)
        assert first["LastIPAddress"] == "127.0.0.1"
        assert first["DeviceType"].startswith("Boto3")
        assert (first["IsCurrentSession"], second["IsCurrentSession"]) == (False, True)
        assert not {"OriginSessionId", "LastLocation"} & first.keys()
        assert first["CreateDate"] == first["LastActiveDate"]

    def test_a_refresh_is_a_sign_of_life_of_the_same_session(self, env):
        result = signed_in(env)
        env.cognito.clock.advance(minutes=10)
        refresh(env, result["RefreshToken"])
        (session,) = listed(env, result["AccessToken"])
        assert (session["LastActiveDate"] - session["CreateDate"]).total_seconds() >= 600

    def test_ended_and_expired_ones_are_not_shown(self, env):
        first = signed_in(env)
        env.idp.revoke_token(Token=first["RefreshToken"], ClientId=env.client_id)
        assert len(listed(env, signed_in(env)["AccessToken"])) == 1
        env.cognito.clock.advance(days=31)
        assert len(listed(env, signed_in(env)["AccessToken"])) == 1

    def test_those_from_before_tracking_are_not_shown(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS})
        env.add_user()
        signed_in(env)
        track(env)
        assert len(listed(env, signed_in(env)["AccessToken"])) == 1

    def test_the_browsers_session_and_what_came_through_it(self, env):
        result = signed_in(env)
        sso = browser_session(env, result)
        token, browser = listed(env, result["AccessToken"])
        assert token["OriginSessionId"] == browser["SessionId"] == sso
        assert re.fullmatch(r"sso[a-z0-9]{25}", sso)
        assert browser["SessionType"] == "SSO"
        assert "OriginSessionId" not in browser

    def test_a_refresh_is_a_sign_of_life_of_the_browsers_session_too(self, env):
        result = signed_in(env)
        browser_session(env, result)
        env.cognito.clock.advance(minutes=10)
        refresh(env, result["RefreshToken"])
        _, browser = listed(env, result["AccessToken"])
        assert (browser["LastActiveDate"] - browser["CreateDate"]).total_seconds() >= 599

    def test_while_tracking_is_off(self, env):
        token = signed_in(env)["AccessToken"]
        track(env, tracking="DISABLED")
        with refused("OperationNotEnabledException"):
            listed(env, token)

    def test_a_bad_token(self, env):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            listed(env, "x")


class TestAdminListUserSessions:
    def test_none_is_the_current_one(self, env):
        signed_in(env)
        shown = env.idp.admin_list_user_sessions(UserPoolId=env.pool_id, Username="ada")["Sessions"]
        assert [of["IsCurrentSession"] for of in shown] == [False]

    def test_nobody(self, env):
        with refused("UserNotFoundException"):
            env.idp.admin_list_user_sessions(UserPoolId=env.pool_id, Username="bob")


class TestRevokeUserSession:
    def revoke(self, env, result, session_id, **more):
        return env.idp.revoke_user_session(AccessToken=result["AccessToken"], SessionId=session_id, **more)

    def test_it_ends_another_session_with_all_of_its_tokens(self, env):
        first, second = signed_in(env), signed_in(env)
        self.revoke(env, second, listed(env, second["AccessToken"])[0]["SessionId"])
        assert not is_alive(env, first)
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(env, first["RefreshToken"])
        assert is_alive(env, second)

    def test_its_own_is_refused(self, env):
        result = signed_in(env)
        with refused("InvalidParameterException"):
            self.revoke(env, result, listed(env, result["AccessToken"])[0]["SessionId"])

    def test_one_of_somebody_else_or_of_nobody(self, env):
        env.add_user("bob")
        result, other = signed_in(env), signed_in(env, "bob")
        for session_id in (listed(env, other["AccessToken"])[0]["SessionId"], "tkn" + "0" * 25):
            with refused("ResourceNotFoundException"):
                self.revoke(env, result, session_id)

    @pytest.mark.parametrize("linked", [False, True])
    def test_down_from_the_browsers_session(self, env, linked):
        born = signed_in(env)
        sso = browser_session(env, born)
        result = signed_in(env)
        self.revoke(env, result, sso, RevokeAssociatedSessions="LINKED" if linked else "NONE")
        assert is_alive(env, born) is not linked
        kinds = [of["SessionType"] for of in listed(env, result["AccessToken"])]
        assert kinds == (["TOKEN"] if linked else ["TOKEN", "TOKEN"])

    def test_while_tracking_is_off(self, env):
        result = signed_in(env)
        track(env, tracking="DISABLED")
        with refused("OperationNotEnabledException"):
            self.revoke(env, result, "tkn" + "0" * 25)


class TestAdminRevokeUserSession:
    def test_any_session_also_upwards(self, env):
        born = signed_in(env)
        browser_session(env, born)
        mine = listed(env, born["AccessToken"])[0]["SessionId"]
        env.idp.admin_revoke_user_session(
            UserPoolId=env.pool_id, Username="ada", SessionId=mine, RevokeAssociatedSessions="LINKED"
        )
        assert not is_alive(env, born)
        assert env.idp.admin_list_user_sessions(UserPoolId=env.pool_id, Username="ada")["Sessions"] == []

    def test_the_username_must_match(self, env):
        env.add_user("bob")
        mine = listed(env, signed_in(env)["AccessToken"])[0]["SessionId"]
        with refused("ResourceNotFoundException"):
            env.idp.admin_revoke_user_session(UserPoolId=env.pool_id, Username="bob", SessionId=mine)


class TestRevokeTokenLinked:
    def test_it_reaches_the_browsers_session(self, env):
        born = signed_in(env)
        browser_session(env, born)
        result = signed_in(env)
        env.idp.revoke_token(
            Token=born["RefreshToken"], ClientId=env.client_id, RevokeAssociatedSessions="LINKED"
        )
        assert [of["SessionType"] for of in listed(env, result["AccessToken"])] == ["TOKEN"]

    @pytest.mark.parametrize("more", [{}, {"RevokeAssociatedSessions": "NONE"}])
    def test_it_does_not_unless_it_is_asked_to(self, env, more):
        born = signed_in(env)
        browser_session(env, born)
        result = signed_in(env)
        env.idp.revoke_token(Token=born["RefreshToken"], ClientId=env.client_id, **more)
        assert [of["SessionType"] for of in listed(env, result["AccessToken"])] == ["TOKEN", "SSO"]


class TestLimit:
    def test_the_least_recently_used_goes_first(self, env):
        track(env, 2)
        first = signed_in(env)
        env.cognito.clock.advance(seconds=1)
        second = signed_in(env)
        env.cognito.clock.advance(seconds=1)
        renew(env, first["RefreshToken"])
        env.cognito.clock.advance(seconds=1)
        third = signed_in(env)
        assert [is_alive(env, of) for of in (first, second, third)] == [True, False, True]

    def test_lowering_it_ends_none_until_the_next_sign_in(self, env):
        results = [signed_in(env) for _ in range(4)]
        track(env, 1)
        assert all(is_alive(env, of) for of in results)
        last = signed_in(env)
        assert not any(is_alive(env, of) for of in results)
        assert is_alive(env, last)


class TestGetUserPoolSessionConfiguration:
    def test_the_default(self, found):
        env = found()
        answer = env.idp.get_user_pool_session_configuration(UserPoolId=env.pool_id)
        answer.pop("ResponseMetadata")
        assert answer == {
            "UserPoolId": env.pool_id,
            "UserSessionTracking": "DISABLED",
            "TokenSession": {"MaxPerUser": 20},
        }


class TestSetUserPoolSessionConfiguration:
    def test_it_replaces_and_answers_all(self, env):
        answer = track(env, 7)
        answer.pop("ResponseMetadata")
        assert answer == {
            "UserPoolId": env.pool_id,
            "UserSessionTracking": "ENABLED",
            "TokenSession": {"MaxPerUser": 7},
        }

    @pytest.mark.parametrize("most", [101, 1000])
    def test_out_of_range(self, env, most):
        with refused("InvalidParameterException"):
            track(env, most)

    def test_a_lite_pool(self, found):
        env = found(UserPoolTier="LITE")
        with refused("FeatureUnavailableInTierException"):
            track(env)


def sso_minutes(env):
    answer = env.idp.get_user_pool_client_session_configuration(
        UserPoolId=env.pool_id, ClientId=env.client_id
    )
    return answer["SSOSession"]["MaxValidityMinutes"]


def set_sso_minutes(env, minutes):
    return env.idp.set_user_pool_client_session_configuration(
        UserPoolId=env.pool_id, ClientId=env.client_id, SSOSession={"MaxValidityMinutes": minutes}
    )


class TestGetUserPoolClientSessionConfiguration:
    def test_the_default(self, env):
        assert sso_minutes(env) == 60


class TestSetUserPoolClientSessionConfiguration:
    def test_it_is_kept_also_while_tracking_is_off(self, env):
        answer = set_sso_minutes(env, 0)
        assert answer["SSOSession"] == {"MaxValidityMinutes": 0}
        track(env, tracking="DISABLED")
        assert sso_minutes(env) == 0

    def test_it_is_refused_while_tracking_is_off(self, env):
        track(env, tracking="DISABLED")
        with refused("InvalidParameterException"):
            set_sso_minutes(env, 5)

    def test_out_of_range(self, env):
        with refused("InvalidParameterException"):
            set_sso_minutes(env, 129601)
