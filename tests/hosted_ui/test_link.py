"""The page behind the link of a verification mail."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from people import PASSWORD
from visiting import ask


@pytest.fixture
def town(domain_of):
    town = domain_of(
        {
            "AutoVerifiedAttributes": ["email"],
            "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
        }
    )
    town.sign_up(attributes={"email": "ada@example.com"})
    return town


def link(town, path="/confirm", **changed):
    given = {"client_id": town.client_id, "user_name": "ada", "confirmation_code": town.code(), **changed}
    return f"{path}?{urlencode({name: value for name, value in given.items() if value is not None})}"


def follow(town, *args, **more):
    browser = town.browser()
    browser.go(link(town, *args, **more))
    return browser


@pytest.mark.parametrize("path", ["/confirm", "/confirmUser"])
def test_it_confirms_in_the_pools_look(town, path):
    browser = follow(town, path)
    assert (browser.page.status, browser.title) == (200, "Your registration has been confirmed!")
    assert 'class="card"' in browser.text
    assert (town.status(), town.attributes()["email_verified"]) == ("CONFIRMED", "true")
    assert "code" in town.signed_in("ada", PASSWORD)[1][1]


def test_it_speaks_the_language_of_the_browser(town):
    browser = town.browser()
    browser.go(town.url("/login", lang="de"))
    browser.go(link(town))
    assert browser.title == "Ihre Registrierung wurde bestätigt!"


def test_classic_pages_show_it_too(town):
    town.idp.create_user_pool_domain(UserPoolId=town.pool_id, Domain="shop")
    browser = follow(town)
    assert browser.title == "Your registration has been confirmed!"
    assert "background-customizable" in browser.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"confirmation_code": "wrong"}, "Invalid verification code provided, please try again."),
        ({"confirmation_code": ""}, "Invalid verification code provided, please try again."),
        ({"user_name": "<b>"}, "User does not exist."),
        ({"client_id": "x"}, "User pool client x does not exist."),
        ({"user_name": None}, "Required String parameter 'user_name' is not present"),
    ],
)
def test_a_bad_one_says_why(town, changed, error):
    browser = follow(town, **changed)
    assert (browser.page.status, browser.error) == (400, error)
    assert "<b>" not in browser.text
    assert town.status() == "UNCONFIRMED"


def test_it_works_once(town):
    follow(town)
    browser = follow(town)
    assert browser.error == "User cannot be confirmed. Current status is CONFIRMED"


def test_a_day_later_it_is_void(town):
    town.cognito.clock.advance(hours=24)
    assert follow(town).error == "Invalid code provided, please request a code again."


@pytest.mark.parametrize("path", ["/confirm", "/confirmUser"])
def test_who_only_checks_the_link_confirms_nobody(town, path):
    assert ask(town.application, "HEAD", link(town, path)).status in {200, 302}
    assert town.status() == "UNCONFIRMED"


def test_without_a_code_it_is_the_page_of_a_sign_up(town):
    assert follow(town, confirmation_code=None).error != "Your registration has been confirmed!"
    browser = town.browser()
    browser.go(town.url("/confirm"))
    assert browser.error == "Something went wrong"
