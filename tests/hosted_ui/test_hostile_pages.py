"""The pages, in the hands of someone who means harm."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from browsing import CALLBACK
from people import PASSWORD
from signing_in import enable_mfa


def opened(town, path="/oauth2/authorize", **parameters):
    browser = town.browser()
    browser.go(town.url(path, **parameters))
    return browser


class TestCookies:
    @pytest.mark.parametrize(
        "name", ['{"a":1}', "a b", "=", "theme", "a@b", "\xe9", "$Version", "Path", "[]", "a,b"]
    )
    def test_odd_ones_of_other_servers_on_localhost_do_no_harm(self, town, name):
        browser = town.browser()
        browser.cookies[name] = '{"x": "\\"", y=é}'.encode().decode("latin-1")
        _, (address, given) = town.signed_in(browser=browser)
        assert (address, set(given)) == (CALLBACK, {"code"})


class TestState:
    @pytest.mark.parametrize("state", ['{"a":[1|2]^`}', "a b", "%7B%22", "é", "a<b>", "a'b;c", "a%20b+c"])
    def test_goes_through_all_pages_however_it_was_written(self, town, state):
        enable_mfa(town)
        browser = town.browser()
        raw = state.encode().decode("latin-1")
        callback = quote(CALLBACK)
        given = f"client_id={town.client_id}&redirect_uri={callback}&response_type=code&state={raw}"
        browser.go(f"/login?{given}")
        browser.submit(username="ada", password=PASSWORD)
        assert browser.path == "/mfa"
        assert browser.error is None
