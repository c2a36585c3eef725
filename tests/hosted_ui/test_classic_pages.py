"""The journeys of the pages, on those of the classic hosted UI."""

from __future__ import annotations

import pytest
import test_hosted_pages as pages
from domain_town import WEB, Domain


@pytest.fixture
def domain_of(cognito):
    def made(pool=None, **client):
        town = Domain(cognito, client={**WEB, **client}, **(pool or {}))
        town.idp.create_user_pool_domain(UserPoolId=town.pool_id, Domain="shop")
        return town

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
    """It holds that there is no script; here is one of ours."""

    def test_what_was_typed_is_shown_as_text(self, open_town):
        evil = '"><script>alert(1)</script>'
        browser = self.fill(open_town, username=evil, **{"requiredAttributes[email]": evil})
        assert browser.page.status == 200
        assert "<script>" not in browser.text

    def test_has_no_terms(self, open_town):
        given = {"UserPoolId": open_town.pool_id, "ClientId": open_town.client_id, "TermsSource": "LINK"}
        for name in ("terms-of-use", "privacy-policy"):
            links = {"cognito:default": f"https://example.com/{name}"}
            open_town.idp.create_terms(**given, TermsName=name, Enforcement="NONE", Links=links)
        assert "https://example.com" not in pages.opened(open_town, "/signup").text


class TestSignIn:
    def test_two_copies_of_the_form_and_either_will_do(self, town):
        for form in (0, 1):
            browser = pages.opened(town)
            assert browser.text.count('name="cognitoSignInForm"') == 2
            answer = browser.submit(form=form, username="ada", password=pages.PASSWORD)
            assert answer.headers["location"].startswith("http://localhost:3000/callback?code=")

    @pytest.mark.parametrize("form", [0, 1])
    def test_a_form_without_its_token_is_refused(self, town, form):
        browser = pages.opened(town)
        answer = browser.submit(form=form, username="ada", password=pages.PASSWORD, csrf=False)
        assert answer.status == 403

    def test_names_are_shown_as_text(self, town):
        browser = pages.opened(town)
        browser.submit(username='"><script>alert(1)</script>', password="x")
        assert "<script" not in browser.text

    def test_english_alone(self, town):
        assert '<html lang="en">' in pages.opened(town, "/login", lang="de").text
