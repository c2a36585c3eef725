"""Pages and federated sign-ins while the writes of a pool are paused by a point-in-time recovery."""

from __future__ import annotations

import pytest
from support.pool_env import PASSWORD
from support.standin_sign_in import go
from support.standin_visitor import IDP
from support.upstream import web_client

HOUR = 3600
DETAILS = {
    "client_id": "app",
    "client_secret": "secret",
    "authorize_scopes": "openid email profile",
    "oidc_issuer": f"{IDP}/oidc/corp",
    "attributes_request_method": "GET",
}


@pytest.fixture
def env(domain_of):
    """A pool with an OIDC provider, the user ada, and pat, who has signed in at the provider."""
    env = domain_of()
    env.kind, env.provider = "OIDC", "Corp"
    env.idp.create_identity_provider(
        UserPoolId=env.pool_id,
        ProviderName="Corp",
        ProviderType="OIDC",
        ProviderDetails=DETAILS,
        AttributeMapping={"email": "email", "name": "name"},
    )
    web_client(env, "COGNITO", "Corp")
    env.add_user(email="ada@example.com", email_verified="true")
    sign_in(env, name="Pat")
    return env


@pytest.fixture
def paused(env):
    point = int(env.cognito.clock.now().timestamp()) + 60
    env.cognito.clock.advance(HOUR)
    env.idp.initiate_point_in_time_recovery(UserPoolId=env.pool_id, RestoreTimestamp=point)
    return env


def sign_in(env, sub="pat", **form):
    _, (_, given) = go(env, env.browser(), sub=sub, email=f"{sub}@example.com", **form)
    return given


class TestFederated:
    def test_a_user_who_signed_in_before_and_is_unchanged_signs_in(self, paused):
        assert "code" in sign_in(paused, name="Pat")

    def test_a_user_with_changed_attributes_does_not(self, paused):
        given = sign_in(paused, name="Patricia")
        assert given["error"] == "server_error"
        assert "paused" in given["error_description"]
        (user,) = paused.idp.list_users(UserPoolId=paused.pool_id, Filter='name = "Pat"')["Users"]
        assert user["Username"] == "Corp_pat"

    def test_a_new_user_does_not(self, paused):
        assert sign_in(paused, "eve")["error"] == "server_error"
        users = paused.idp.list_users(UserPoolId=paused.pool_id)["Users"]
        assert {each["Username"] for each in users} == {"ada", "Corp_pat"}

    def test_all_do_when_it_has_ended(self, paused):
        paused.cognito.clock.advance(24 * HOUR)
        assert "code" in sign_in(paused, "eve")


class TestPages:
    def test_a_user_signs_in(self, paused):
        assert paused.signed_in(password=PASSWORD)[1][1]["code"]

    def test_nobody_signs_up(self, paused):
        browser = paused.browser()
        browser.go(paused.url("/signup"))
        browser.submit(username="bob", password=PASSWORD, email="bob@example.com")
        assert "paused" in browser.error

    def test_a_new_password_is_not_set(self, env, paused):
        env.cognito.clock.advance(24 * HOUR)
        env.create("bob", TemporaryPassword=PASSWORD)
        point = int(env.cognito.clock.now().timestamp()) - HOUR
        env.idp.initiate_point_in_time_recovery(UserPoolId=env.pool_id, RestoreTimestamp=point)
        browser = env.browser()
        browser.go(env.url())
        browser.submit(username="bob", password=PASSWORD)
        browser.submit(password="An0ther-Horse!", confirmation="An0ther-Horse!")
        assert "paused" in browser.error
        assert env.status("bob") == "FORCE_CHANGE_PASSWORD"


class TestAfterwards:
    def test_a_federated_user_who_was_deleted_is_back_with_the_link(self, env):
        point = int(env.cognito.clock.now().timestamp()) + 60
        env.cognito.clock.advance(HOUR)
        sub = {each["Username"]: each for each in users_of(env)}["Corp_pat"]
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="Corp_pat")
        sign_in(env, name="Pat")
        recovery = env.idp.initiate_point_in_time_recovery(UserPoolId=env.pool_id, RestoreTimestamp=point)
        env.cognito.clock.advance(1)
        named = {"UserPoolId": env.pool_id, "RestoreId": recovery["Restoration"]["RestoreId"]}
        env.idp.start_point_in_time_recovery(**named)
        env.cognito.clock.advance(1)
        back = {each["Username"]: each for each in users_of(env)}["Corp_pat"]
        assert back["Attributes"] == sub["Attributes"]
        assert "code" in sign_in(env, name="Pat")
        assert len(users_of(env)) == 2


def users_of(env):
    return env.idp.list_users(UserPoolId=env.pool_id)["Users"]
