"""What log and journal say of a visit of a page: who, what came of it, where it leads, and why it was refused."""

import logging

import pytest
from support.pool_env import PASSWORD


@pytest.fixture
def lines(caplog):
    """The lines of the log, without their durations, as words separated by single blanks."""
    caplog.set_level(logging.INFO, "cogmock")

    def read():
        return [" ".join(record.getMessage().split()) for record in caplog.records]

    return read


def submit(env, username="ada", password=PASSWORD):
    browser = env.browser()
    browser.go(env.url())
    return browser.submit(username=username, password=password)


def last(env):
    return list(env.cognito.world.journal)[-1]


class TestSignIn:
    def test_a_wrong_password_is_a_refusal_of_the_user(self, env, lines):
        submit(env, password="Wrong-Horse-1!")
        assert lines()[-1].startswith("✗ sign-in ada ")
        assert lines()[-1].endswith(" ms the password is wrong")
        entry = last(env)
        assert (entry.username, entry.user_pool_id, entry.is_refused) == ("ada", env.pool_id, True)

    def test_a_sign_in_says_where_it_leads(self, env, lines):
        env.signed_in()
        assert lines()[-1].startswith("✓ sign-in ada ")
        assert lines()[-1].endswith(" → localhost:3000")
        assert last(env).outcome == "localhost:3000"

    def test_the_page_alone_names_nobody(self, env, lines):
        env.browser().go(env.url("/login"))
        assert lines()[-1].startswith("✓ sign-in page ")
        assert last(env).username == ""

    def test_the_user_of_a_later_page_is_named(self, env, lines):
        env.idp.admin_create_user(
            UserPoolId=env.pool_id, Username="eve", TemporaryPassword="T3mp-Horse!", MessageAction="SUPPRESS"
        )
        submit(env, "eve", "T3mp-Horse!")
        assert any(line.startswith("✓ new password page eve ") for line in lines())

    def test_a_signed_in_browser_is_named_by_its_session(self, env):
        browser, _ = env.signed_in()
        browser.go(env.url())
        assert (last(env).path, last(env).username) == ("/oauth2/authorize", "ada")

    def test_a_refusal_that_the_page_words_is_the_reason(self, env, lines):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        submit(env)
        assert lines()[-1].startswith("✗ sign-in ada ")
        assert " disabled" in lines()[-1]


class TestAuthorize:
    def test_an_unregistered_redirect_names_both_addresses(self, env, lines):
        env.browser().go(env.url(redirect_uri="http://localhost:9/x"))
        refusal = next(line for line in lines() if "/oauth2/authorize" in line)
        assert refusal.startswith("✗ GET /oauth2/authorize ")
        assert "→ /error" in refusal
        assert "asked http://localhost:9/x, the client has http://localhost:3000" in refusal
