"""Whom a visitor may sign in with."""

from __future__ import annotations

import pytest
from browsing import CALLBACK, where
from domain_town import WEB
from people import PASSWORD
from visiting import ask


def came(town, **parameters):
    return ask(town.application, "GET", town.url(**parameters))


class TestIdentityProvider:
    def test_the_directory_is_the_sign_in_page(self, town):
        path, given = where(came(town, identity_provider="COGNITO", state="s"))
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
    def test_one_that_the_client_does_not_have_is_never_gone_to(self, town, named):
        answer = where(came(town, state="s", **named))
        assert answer == (CALLBACK, {"error": "invalid_request", "state": "s"})

    def test_the_classic_pages_stay_where_they_are(self, town):
        town.idp.create_user_pool_domain(UserPoolId=town.pool_id, Domain="shop")
        assert where(came(town, identity_provider="Google"))[0] == "/login"

    def test_a_session_makes_it_needless(self, town):
        browser, _ = town.signed_in()
        answer = browser.go(town.url(identity_provider="COGNITO"), follow=False)
        assert "code" in where(answer)[1]


class TestClientWithoutTheDirectory:
    @pytest.fixture
    def town(self, domain_of):
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        town = domain_of(ExplicitAuthFlows=flows, SupportedIdentityProviders=[])
        town.resident()
        return town

    @pytest.mark.parametrize("path", ["/login", "/signup", "/forgotPassword"])
    def test_has_no_form_for_passwords(self, town, path):
        page = ask(town.application, "GET", town.url(path))
        assert page.status == 400
        assert b"Login option is not available. Please try another one" in page.body
        assert b"<form" not in page.body

    def test_a_form_that_is_sent_all_the_same_is_refused(self, town):
        other = town.client_id
        town.client_of(**WEB)
        browser = town.browser()
        browser.go(town.url())
        browser.page.body = browser.page.body.replace(town.client_id.encode(), other.encode())
        browser.submit(username="ada", password=PASSWORD)
        assert browser.page.status == 400
        assert "cognito" not in browser.cookies

    def test_the_directory_is_no_provider_of_its(self, town):
        assert where(came(town, identity_provider="COGNITO"))[1]["error"] == "invalid_request"

    def test_by_api_its_users_sign_in(self, town):
        assert town.sign_in()["AccessToken"]

    def test_who_is_known_to_the_browser_comes_through(self, town):
        other = town.client_id
        town.client_of(**WEB)
        browser, _ = town.signed_in()
        town.client_id = other
        assert "code" in where(browser.go(town.url(), follow=False))[1]
