"""The journeys of the pages, on those of the classic hosted UI."""

from __future__ import annotations

import pytest
import test_hosted_pages as pages
from support.browser import foreign_scripts
from support.domain_env import WEB, Domain


@pytest.fixture
def domain_of(cognito):
    def made(pool=None, **client):
        env = Domain(cognito, client={**WEB, **client}, **(pool or {}))
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        return env

    return made


class TestForgottenPassword(pages.TestForgottenPassword):
    pass


class TestNewPassword(pages.TestNewPassword):
    pass


class TestMfa(pages.TestMfa):
    pass


class TestSignUp(pages.TestSignUp):
    test_links_to_the_terms_once_both_are_there = None
    """They are managed login's alone."""
    test_attributes_of_users_are_shown_as_text = None
    """The inherited test asserts that there is no script; the classic page has one of its own."""

    def test_what_was_typed_is_shown_as_text(self, open_env):
        evil = '"><script>alert(1)</script>'
        browser = self.fill(open_env, username=evil, **{"requiredAttributes[email]": evil})
        assert browser.page.status == 200
        assert "<script>" not in browser.text

    def test_has_no_terms(self, open_env):
        given = {"UserPoolId": open_env.pool_id, "ClientId": open_env.client_id, "TermsSource": "LINK"}
        for name in ("terms-of-use", "privacy-policy"):
            links = {"cognito:default": f"https://example.com/{name}"}
            open_env.idp.create_terms(**given, TermsName=name, Enforcement="NONE", Links=links)
        assert "https://example.com" not in pages.opened(open_env, "/signup").text


class TestSignIn:
    def test_two_copies_of_the_form_and_either_will_do(self, env):
        for form in (0, 1):
            browser = pages.opened(env)
            assert browser.text.count('name="cognitoSignInForm"') == 2
            answer = browser.submit(form=form, username="ada", password=pages.PASSWORD)
            assert answer.headers["location"].startswith("http://localhost:3000/callback?code=")

    @pytest.mark.parametrize("form", [0, 1])
    def test_a_form_without_its_token_is_refused(self, env, form):
        browser = pages.opened(env)
        answer = browser.submit(form=form, username="ada", password=pages.PASSWORD, csrf=False)
        assert answer.status == 403

    def test_names_are_shown_as_text(self, env):
        browser = pages.opened(env)
        browser.submit(username='"><script>alert(1)</script>', password="x")
        assert not foreign_scripts(browser.text)

    def test_english_alone(self, env):
        assert '<html lang="en">' in pages.opened(env, "/login", lang="de").text
