"""No endpoint or page redirects to a URL that is not exactly one of the client's."""

from __future__ import annotations

import pytest
from support.browser import CALLBACK, where
from support.hostile_values import FORMS, near, plain
from support.http import ask
from support.pool_env import refused

CALLBACKS = near(CALLBACK)
GOODBYES = near("http://localhost:3000/bye")
ADDRESSED = [path for path in FORMS if not path.startswith("/passkeys")]
"""The pages that a client redirects users to."""


class TestCallback:
    @pytest.mark.parametrize("address", CALLBACKS.values(), ids=CALLBACKS)
    def test_near_misses_are_shown_as_an_error(self, env, address):
        for path in ("/oauth2/authorize", "/authorize", *ADDRESSED):
            answer = ask(env.application, "GET", env.url(path, redirect_uri=address))
            shown, given = where(plain(answer))
            assert (shown, given["error"]) == ("/error", "redirect_mismatch")
        _, given = where(plain(ask(env.application, "GET", env.url("/logout", redirect_uri=address))))
        assert given["error"] == "redirect_mismatch"

    @pytest.mark.parametrize("address", CALLBACKS.values(), ids=CALLBACKS)
    def test_a_code_is_not_given_for_them(self, env, address):
        code = env.fresh_code()
        answer = plain(env.redeem(code, redirect_uri=address))
        assert answer.json == {"error": "unauthorized_client", "error_description": "invalid_redirect"}
        assert env.redeem(code).status == 200

    def test_a_form_cannot_change_it(self, env):
        browser = env.browser()
        browser.go(env.url())
        told = browser.submit(
            {"redirect_uri": "https://evil.example/", "client_id": "x", "state": "y", "scope": "openid"},
            username="ada",
            password="Corr3ct-Horse!",
        )
        address, given = where(told)
        assert (address, set(given)) == (CALLBACK, {"code"})

    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)//",
            "JavaScript://x/%0aalert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//a.example",
        ],
    )
    def test_a_client_cannot_have_one_that_runs(self, env, address):
        with refused("InvalidParameterException"):
            env.client_of(AllowedOAuthFlows=["code"], AllowedOAuthScopes=["openid"], CallbackURLs=[address])
        with refused("InvalidParameterException"):
            env.client_of(LogoutURLs=[address])


class TestLogoutUri:
    @pytest.mark.parametrize("address", GOODBYES.values(), ids=GOODBYES)
    def test_near_misses_are_shown_and_the_session_stays(self, env, address):
        browser, _ = env.signed_in()
        url = env.url("/logout", logout_uri=address, redirect_uri=None)
        path, given = where(plain(browser.go(url, follow=False)))
        assert (path, given["error"]) == ("/error", "invalid_request")
        assert "cognito" in browser.cookies

    def test_a_callback_is_no_logout_uri(self, env):
        url = env.url("/logout", logout_uri=CALLBACK, redirect_uri=None)
        assert where(ask(env.application, "GET", url))[0] == "/error"
