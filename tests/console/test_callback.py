"""The callback page: where a sign-in may end."""

import pytest
from support.browser import Browser, where


@pytest.fixture
def code(console, shop):
    from support.http import ask

    named = {"user_pool_id": shop["pool"], "client_id": shop["client"], "username": "ada"}
    cookies = ask(console.application, "POST", "/_cogmock/browser-session", named).json["cookies"]
    browser = Browser(console.application)
    browser.cookies["cognito"] = cookies[0]["value"]
    uri = "http://localhost:4577/_cogmock/callback"
    url = f"/oauth2/authorize?client_id={shop['client']}&response_type=code&redirect_uri={uri}&scope=openid"
    return where(browser.go(f"{url}&code_challenge={'c' * 43}&code_challenge_method=S256", follow=False))[1][
        "code"
    ]


class TestCallback:
    def test_shows_the_code_and_the_state(self, console):
        page = console.get("/callback?code=abc-def&state=s1").body.decode()
        assert 'value="abc-def"' in page
        assert "s1" in page

    def test_shows_an_error(self, console):
        assert "access_denied no luck" in console.text(
            "/callback?error=access_denied&error_description=no%20luck"
        )

    def test_exchanges_a_code_without_javascript(self, console, code):
        answer = console.post("/callback", code=code)
        assert answer.status == 200
        text = answer.body.decode()
        assert "Signed in as ada" in text
        assert "cognito:username" in text
        assert text.count("chip good") == 2
        assert "/logout?client_id=" in text

    def test_says_why_a_code_is_refused(self, console, code):
        console.post("/callback", code=code)
        again = console.post("/callback", code=code)
        assert again.status == 400
        assert b"the code was used before" in again.body
        assert console.post("/callback", code="x").status == 404

    def test_says_what_it_is_for(self, console):
        assert "http://localhost:4577/_cogmock/callback among its CallbackURLs" in console.text("/callback")
