"""Identity providers that a client offers."""

from __future__ import annotations

import pytest
from support.browser import CALLBACK, where
from support.domain_env import WEB
from support.http import ask
from support.pool_env import PASSWORD


def came(env, **parameters):
    return ask(env.application, "GET", env.url(**parameters))


class TestIdentityProvider:
    def test_the_directory_is_the_sign_in_page(self, env):
        path, given = where(came(env, identity_provider="COGNITO", state="s"))
        assert (path, given["state"]) == ("/login", "s")

    @pytest.mark.parametrize(
        "named",
        [
            {"identity_provider": "Google"},
            {"identity_provider": "cognito"},
            {"identity_provider": "https://evil.example/"},
            {"idp_identifier": "example.com"},
            {"identity_provider": "COGNITO", "idp_identifier": "example.com"},
        ],
    )
    def test_one_that_the_client_does_not_have_is_never_gone_to(self, env, named):
        answer = where(came(env, state="s", **named))
        assert answer == (CALLBACK, {"error": "invalid_request", "state": "s"})

    def test_the_classic_pages_stay_where_they_are(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        assert where(came(env, identity_provider="Google"))[0] == "/login"

    def test_a_session_makes_it_needless(self, env):
        browser, _ = env.signed_in()
        answer = browser.go(env.url(identity_provider="COGNITO"), follow=False)
        assert "code" in where(answer)[1]


class TestClientWithoutTheDirectory:
    @pytest.fixture
    def env(self, domain_of):
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        env = domain_of(ExplicitAuthFlows=flows, SupportedIdentityProviders=[])
        env.add_user()
        return env

    @pytest.mark.parametrize("path", ["/login", "/signup", "/forgotPassword"])
    def test_has_no_form_for_passwords(self, env, path):
        page = ask(env.application, "GET", env.url(path))
        assert page.status == 400
        assert b"Login option is not available. Please try another one" in page.body
        assert b"<form" not in page.body

    def test_a_form_that_is_sent_all_the_same_is_refused(self, env):
        other = env.client_id
        env.client_of(**WEB)
        browser = env.browser()
        browser.go(env.url())
        browser.page.body = browser.page.body.replace(env.client_id.encode(), other.encode())
        browser.submit(username="ada", password=PASSWORD)
        assert browser.page.status == 400
        assert "cognito" not in browser.cookies

    def test_the_directory_is_no_provider_of_its(self, env):
        assert where(came(env, identity_provider="COGNITO"))[1]["error"] == "invalid_request"

    def test_by_api_its_users_sign_in(self, env):
        assert env.sign_in()["AccessToken"]

    def test_who_is_known_to_the_browser_comes_through(self, env):
        other = env.client_id
        env.client_of(**WEB)
        browser, _ = env.signed_in()
        env.client_id = other
        assert "code" in where(browser.go(env.url(), follow=False))[1]
