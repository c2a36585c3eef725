"""The whole journey by keyboard alone: no mouse, no name of a field, only Tab, Space, Enter and what is typed."""

from __future__ import annotations

import pyotp
import pytest
from support.waiting import painted

from scripts.tour import PASSWORD, Shop

OTHER = "An0ther-Horse!"
WHERE = """
() => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    return {
        tag: at.tagName,
        role: at.getAttribute("role"),
        name: at.getAttribute("name"),
        text: (at.labels?.[0] ?? at).textContent.trim().replace(/\\s+/g, " ") || at.value,
        ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight,
        in_form: Boolean(at.closest("main")),
        top: box.top + scrollY,
    };
}
"""


class Hands:
    """They lie on the keyboard. Each place that the focus comes to must be seen, ringed, and further down the page."""

    def __init__(self, page):
        self.page, self.top = page, -1

    @property
    def at(self):
        return self.page.evaluate(WHERE)

    def reach(self, text):
        painted(self.page)
        if self.at["text"] == text:  # a page begins in its first field
            return self.at
        for _ in range(20):
            self.page.keyboard.press("Tab")
            at = self.at
            assert at["ringed"], at
            assert at["seen"], at
            if at["in_form"]:
                assert at["top"] >= self.top - 40, at  # what stands in one row may differ a little
                self.top = at["top"]
            if at["text"] == text:
                return at
        pytest.fail(f"Tab does not lead to {text!r}: {self.page.inner_text('main')}")

    def type(self, **fields):
        for text, value in fields.items():
            self.reach(text.replace("_", " "))
            self.page.keyboard.type(value)

    def press(self, key="Enter"):
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.top = -1

    def open(self, url):
        self.page.goto(url)
        self.top = -1

    def is_told(self, error):
        """What went wrong has the focus, so that it is read out and the next Tab leads to the first field."""
        painted(self.page)
        at = self.at
        assert (at["role"], at["text"]) == ("alert", error)
        self.top = -1


@pytest.fixture(params=[2, 1], ids=["managed", "classic"])
def shop(cognito_server, request):
    return Shop(cognito_server, request.param)


@pytest.fixture
def hands(page):
    return Hands(page)


def test_from_the_sign_up_to_the_code_of_an_app(shop, hands, page, cognito_server):
    hands.open(shop.at())
    hands.reach("Create an account" if shop.version == 2 else "Sign up")
    hands.press()

    hands.type(Username="eve", Email="eve@example.com", Password="short")
    hands.reach("Sign up")
    hands.press("Space")
    hands.is_told("Password did not conform with policy: Password not long enough")
    hands.reach("Username")
    assert hands.at["name"] == "username"
    hands.type(Password=PASSWORD)
    hands.press()

    hands.type(Code="wrong")
    hands.press()
    hands.is_told("Invalid verification code provided, please try again.")
    hands.reach("Send a new code")
    hands.press()
    hands.top = -1
    hands.type(Code=shop.code("eve"))
    hands.press()
    assert "code=" in page.url

    hands.open(shop.at("/logout", logout_uri=shop.home))
    hands.open(shop.at())
    hands.type(Username="eve", Password="wrong")
    hands.press()
    hands.is_told("Incorrect username or password.")
    hands.type(Password=PASSWORD)
    hands.press()
    assert "code=" in page.url

    hands.open(shop.at("/logout", logout_uri=shop.home))
    hands.open(shop.at())
    hands.reach("Forgot your password?")
    hands.press()
    hands.type(Username="eve")
    hands.press()
    hands.type(Code=shop.code("eve"), New_password=OTHER)
    hands.reach("Change password")
    hands.press("Space")

    shop.mfa()
    hands.type(Username="eve", Password=OTHER)
    hands.press()
    app = pyotp.TOTP(page.locator("main code").inner_text().replace(" ", ""))
    hands.type(Code=app.at(cognito_server.clock.now()))
    hands.press()
    assert "code=" in page.url

    cognito_server.clock.advance(seconds=90)
    hands.open(shop.at("/logout", logout_uri=shop.home))
    hands.open(shop.at())
    hands.type(Username="eve", Password=OTHER)
    hands.press()
    hands.type(Code=app.at(cognito_server.clock.now()))
    hands.press()
    assert "code=" in page.url


def test_the_aid_opens_and_fills_in_the_name(cognito_server, hands, page):
    shop = Shop(cognito_server, 2)
    hands.open(shop.at())
    at = hands.reach("cogmock 1 user")
    assert not at["in_form"]
    page.keyboard.press("Enter")
    hands.reach("ada")
    hands.press()
    hands.type(Password=PASSWORD)
    hands.press()
    assert "code=" in page.url
