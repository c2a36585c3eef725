"""The page behind the link of a verification mail."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from support.http import ask
from support.pool_env import PASSWORD


@pytest.fixture
def env(domain_of):
    env = domain_of(
        {
            "AutoVerifiedAttributes": ["email"],
            "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
        }
    )
    env.sign_up(attributes={"email": "ada@example.com"})
    return env


def link(env, path="/confirm", **changed):
    given = {"client_id": env.client_id, "user_name": "ada", "confirmation_code": env.code(), **changed}
    return f"{path}?{urlencode({name: value for name, value in given.items() if value is not None})}"


def follow(env, *args, **more):
    browser = env.browser()
    browser.go(link(env, *args, **more))
    return browser


@pytest.mark.parametrize("path", ["/confirm", "/confirmUser"])
def test_it_confirms_in_the_pools_look(env, path):
    browser = follow(env, path)
    assert (browser.page.status, browser.title) == (200, "Your registration has been confirmed!")
    assert 'class="card"' in browser.text
    assert (env.status(), env.attributes()["email_verified"]) == ("CONFIRMED", "true")
    assert "code" in env.signed_in("ada", PASSWORD)[1][1]


def test_it_speaks_the_language_of_the_browser(env):
    browser = env.browser()
    browser.go(env.url("/login", lang="de"))
    browser.go(link(env))
    assert browser.title == "Ihre Registrierung wurde bestätigt!"


def test_classic_pages_show_it_too(env):
    env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
    browser = follow(env)
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
def test_a_bad_one_says_why(env, changed, error):
    browser = follow(env, **changed)
    assert (browser.page.status, browser.error) == (400, error)
    assert "<b>" not in browser.text
    assert env.status() == "UNCONFIRMED"


def test_it_works_once(env):
    follow(env)
    browser = follow(env)
    assert browser.error == "User cannot be confirmed. Current status is CONFIRMED"


def test_a_day_later_it_is_void(env):
    env.cognito.clock.advance(hours=24)
    assert follow(env).error == "Invalid code provided, please request a code again."


@pytest.mark.parametrize("path", ["/confirm", "/confirmUser"])
def test_who_only_checks_the_link_confirms_nobody(env, path):
    assert ask(env.application, "HEAD", link(env, path)).status in {200, 302}
    assert env.status() == "UNCONFIRMED"


def test_without_a_code_it_is_the_page_of_a_sign_up(env):
    assert follow(env, confirmation_code=None).error != "Your registration has been confirmed!"
    browser = env.browser()
    browser.go(env.url("/confirm"))
    assert browser.error == "Something went wrong"


def test_it_confirms_nobody_while_a_recovery_pauses_writes(env):
    url = link(env)
    point = int(env.cognito.clock.now().timestamp()) + 60
    env.cognito.clock.advance(3600)
    env.idp.initiate_point_in_time_recovery(UserPoolId=env.pool_id, RestoreTimestamp=point)
    browser = env.browser()
    browser.go(url)
    assert browser.page.status == 400
    assert "paused" in browser.text
    assert env.status() == "UNCONFIRMED"
