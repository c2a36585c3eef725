"""Sessions that a pool keeps track of: shown, limited, and ended from afar."""

from __future__ import annotations

import re

import pytest
from people import refused
from signing_in import FLOWS, password_of, refresh, renew

from cogmock.core.call import Call
from cogmock.userpools.rules import sessions


def track(town, most=20, tracking="ENABLED"):
    return town.idp.set_user_pool_session_configuration(
        UserPoolId=town.pool_id, UserSessionTracking=tracking, TokenSession={"MaxPerUser": most}
    )


@pytest.fixture
def town(found):
    town = found(client={"ExplicitAuthFlows": FLOWS})
    town.resident()
    track(town)
    return town


def signed_in(town, username="ada"):
    return password_of(town, username)["AuthenticationResult"]


def listed(town, token):
    return town.idp.list_user_sessions(AccessToken=token)["Sessions"]


def is_alive(town, result):
    try:
        town.idp.get_user(AccessToken=result["AccessToken"])
    except town.idp.exceptions.NotAuthorizedException:
        return False
    return True


def browser_session(town, result):
    """What the login pages leave: a session of the browser, and a token session born from it."""
    world = town.cognito.world
    region, pool = world.find_pool(town.pool_id)
    with Call(world, region, "request") as call:
        user = pool.users.get("ada")
        sso = sessions.begin_sso(call, pool, user, town.client_id, call.now + 3600)
        newest = list(user.sessions.values())[-1]
        newest.trace.origin = sso.id
    assert result
    return sso.id


class TestListUserSessions:
    def test_one_for_each_sign_in_and_the_current_one_is_marked(self, town):
        signed_in(town)
        result = signed_in(town)
        first, second = listed(town, result["AccessToken"])
        assert re.fullmatch(r"tkn[a-z0-9]{25}", first["SessionId"])
        assert (first["SessionType"], first["ClientId"]) == ("TOKEN", town.client_id)
        assert first["LastIPAddress"] == "127.0.0.1"
        assert first["DeviceType"].startswith("Boto3")
        assert (first["IsCurrentSession"], second["IsCurrentSession"]) == (False, True)
        assert not {"OriginSessionId", "LastLocation"} & first.keys()
        assert first["CreateDate"] == first["LastActiveDate"]

    def test_a_refresh_is_a_sign_of_life_of_the_same_session(self, town):
        result = signed_in(town)
        town.cognito.clock.advance(minutes=10)
        refresh(town, result["RefreshToken"])
        (session,) = listed(town, result["AccessToken"])
        assert (session["LastActiveDate"] - session["CreateDate"]).total_seconds() >= 600

    def test_ended_and_expired_ones_are_not_shown(self, town):
        first = signed_in(town)
        town.idp.revoke_token(Token=first["RefreshToken"], ClientId=town.client_id)
        assert len(listed(town, signed_in(town)["AccessToken"])) == 1
        town.cognito.clock.advance(days=31)
        assert len(listed(town, signed_in(town)["AccessToken"])) == 1

    def test_those_from_before_tracking_are_not_shown(self, found):
        town = found(client={"ExplicitAuthFlows": FLOWS})
        town.resident()
        signed_in(town)
        track(town)
        assert len(listed(town, signed_in(town)["AccessToken"])) == 1

    def test_the_browsers_session_and_what_came_through_it(self, town):
        result = signed_in(town)
        sso = browser_session(town, result)
        token, browser = listed(town, result["AccessToken"])
        assert token["OriginSessionId"] == browser["SessionId"] == sso
        assert re.fullmatch(r"sso[a-z0-9]{25}", sso)
        assert browser["SessionType"] == "SSO"
        assert "OriginSessionId" not in browser

    def test_while_tracking_is_off(self, town):
        token = signed_in(town)["AccessToken"]
        track(town, tracking="DISABLED")
        with refused("OperationNotEnabledException"):
            listed(town, token)

    def test_a_bad_token(self, town):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            listed(town, "x")


class TestAdminListUserSessions:
    def test_none_is_the_current_one(self, town):
        signed_in(town)
        shown = town.idp.admin_list_user_sessions(UserPoolId=town.pool_id, Username="ada")["Sessions"]
        assert [of["IsCurrentSession"] for of in shown] == [False]

    def test_nobody(self, town):
        with refused("UserNotFoundException"):
            town.idp.admin_list_user_sessions(UserPoolId=town.pool_id, Username="bob")


class TestRevokeUserSession:
    def revoke(self, town, result, session_id, **more):
        return town.idp.revoke_user_session(AccessToken=result["AccessToken"], SessionId=session_id, **more)

    def test_it_ends_another_session_with_all_of_its_tokens(self, town):
        first, second = signed_in(town), signed_in(town)
        self.revoke(town, second, listed(town, second["AccessToken"])[0]["SessionId"])
        assert not is_alive(town, first)
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(town, first["RefreshToken"])
        assert is_alive(town, second)

    def test_its_own_is_refused(self, town):
        result = signed_in(town)
        with refused("InvalidParameterException"):
            self.revoke(town, result, listed(town, result["AccessToken"])[0]["SessionId"])

    def test_one_of_somebody_else_or_of_nobody(self, town):
        town.resident("bob")
        result, other = signed_in(town), signed_in(town, "bob")
        for session_id in (listed(town, other["AccessToken"])[0]["SessionId"], "tkn" + "0" * 25):
            with refused("ResourceNotFoundException"):
                self.revoke(town, result, session_id)

    @pytest.mark.parametrize("linked", [False, True])
    def test_down_from_the_browsers_session(self, town, linked):
        born = signed_in(town)
        sso = browser_session(town, born)
        result = signed_in(town)
        self.revoke(town, result, sso, RevokeAssociatedSessions="LINKED" if linked else "NONE")
        assert is_alive(town, born) is not linked
        kinds = [of["SessionType"] for of in listed(town, result["AccessToken"])]
        assert kinds == (["TOKEN"] if linked else ["TOKEN", "TOKEN"])

    def test_while_tracking_is_off(self, town):
        result = signed_in(town)
        track(town, tracking="DISABLED")
        with refused("OperationNotEnabledException"):
            self.revoke(town, result, "tkn" + "0" * 25)


class TestAdminRevokeUserSession:
    def test_any_session_also_upwards(self, town):
        born = signed_in(town)
        browser_session(town, born)
        mine = listed(town, born["AccessToken"])[0]["SessionId"]
        town.idp.admin_revoke_user_session(
            UserPoolId=town.pool_id, Username="ada", SessionId=mine, RevokeAssociatedSessions="LINKED"
        )
        assert not is_alive(town, born)
        assert town.idp.admin_list_user_sessions(UserPoolId=town.pool_id, Username="ada")["Sessions"] == []

    def test_the_username_must_match(self, town):
        town.resident("bob")
        mine = listed(town, signed_in(town)["AccessToken"])[0]["SessionId"]
        with refused("ResourceNotFoundException"):
            town.idp.admin_revoke_user_session(UserPoolId=town.pool_id, Username="bob", SessionId=mine)


class TestRevokeTokenLinked:
    def test_it_reaches_the_browsers_session(self, town):
        born = signed_in(town)
        browser_session(town, born)
        result = signed_in(town)
        town.idp.revoke_token(
            Token=born["RefreshToken"], ClientId=town.client_id, RevokeAssociatedSessions="LINKED"
        )
        assert [of["SessionType"] for of in listed(town, result["AccessToken"])] == ["TOKEN"]


class TestLimit:
    def test_the_least_recently_used_goes_first(self, town):
        track(town, 2)
        first = signed_in(town)
        town.cognito.clock.advance(seconds=1)
        second = signed_in(town)
        town.cognito.clock.advance(seconds=1)
        renew(town, first["RefreshToken"])
        town.cognito.clock.advance(seconds=1)
        third = signed_in(town)
        assert [is_alive(town, of) for of in (first, second, third)] == [True, False, True]

    def test_lowering_it_ends_none_until_the_next_sign_in(self, town):
        results = [signed_in(town) for _ in range(4)]
        track(town, 1)
        assert all(is_alive(town, of) for of in results)
        last = signed_in(town)
        assert not any(is_alive(town, of) for of in results)
        assert is_alive(town, last)


class TestGetUserPoolSessionConfiguration:
    def test_the_default(self, found):
        town = found()
        answer = town.idp.get_user_pool_session_configuration(UserPoolId=town.pool_id)
        answer.pop("ResponseMetadata")
        assert answer == {
            "UserPoolId": town.pool_id,
            "UserSessionTracking": "DISABLED",
            "TokenSession": {"MaxPerUser": 20},
        }


class TestSetUserPoolSessionConfiguration:
    def test_it_replaces_and_answers_all(self, town):
        answer = track(town, 7)
        answer.pop("ResponseMetadata")
        assert answer == {
            "UserPoolId": town.pool_id,
            "UserSessionTracking": "ENABLED",
            "TokenSession": {"MaxPerUser": 7},
        }

    @pytest.mark.parametrize("most", [101, 1000])
    def test_out_of_range(self, town, most):
        with refused("InvalidParameterException"):
            track(town, most)

    def test_a_lite_pool(self, found):
        town = found(UserPoolTier="LITE")
        with refused("FeatureUnavailableInTierException"):
            track(town)


def sso_minutes(town):
    answer = town.idp.get_user_pool_client_session_configuration(
        UserPoolId=town.pool_id, ClientId=town.client_id
    )
    return answer["SSOSession"]["MaxValidityMinutes"]


def set_sso_minutes(town, minutes):
    return town.idp.set_user_pool_client_session_configuration(
        UserPoolId=town.pool_id, ClientId=town.client_id, SSOSession={"MaxValidityMinutes": minutes}
    )


class TestGetUserPoolClientSessionConfiguration:
    def test_the_default(self, town):
        assert sso_minutes(town) == 60


class TestSetUserPoolClientSessionConfiguration:
    def test_it_is_kept_also_while_tracking_is_off(self, town):
        answer = set_sso_minutes(town, 0)
        assert answer["SSOSession"] == {"MaxValidityMinutes": 0}
        track(town, tracking="DISABLED")
        assert sso_minutes(town) == 0

    def test_it_is_refused_while_tracking_is_off(self, town):
        track(town, tracking="DISABLED")
        with refused("InvalidParameterException"):
            set_sso_minutes(town, 5)

    def test_out_of_range(self, town):
        with refused("InvalidParameterException"):
            set_sso_minutes(town, 129601)
