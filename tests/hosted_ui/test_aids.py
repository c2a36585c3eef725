"""The developers' aid beneath the pages."""

from __future__ import annotations

import re

import pytest
from people import PASSWORD
from signing_in import enable_mfa
from visiting import ask

from cogmock import mock_cognito


def opened(town, path="/login", **parameters):
    browser = town.browser()
    browser.go(town.url(path, **parameters))
    return browser


def aid(text):
    found = re.search(r"<aside class=\"cogmock-aids\".*?</aside>", text, re.DOTALL)
    return found[0] if found else None


def visited(town, **more):
    return ask(town.application, "GET", town.url("/login"), **more).body.decode()


class TestUsers:
    def test_the_sign_in_page_lists_those_of_the_pool(self, town):
        town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="ada")
        shown = aid(opened(town).text)
        assert ">ada</a> Ada <small>confirmed, disabled</small>" in shown
        assert "<details>" in shown

    def test_by_the_address_that_they_sign_in_with(self, domain_of):
        town = domain_of({"UsernameAttributes": ["email"]})
        town.create("ada@example.com", MessageAction="SUPPRESS")
        assert ">ada@example.com</a>" in aid(opened(town).text)

    def test_a_link_fills_in_the_name(self, town):
        browser = opened(town, state="a b")
        browser.go(re.search(r'<a href="([^"]*)">ada</a>', aid(browser.text))[1].replace("&amp;", "&"))
        assert re.search(r'name="username"[^>]* value="ada"', browser.text)
        assert browser.page.status == 200
        assert "state=a+b" in browser.url

    def test_ten_of_many(self, town):
        for number in range(12):
            town.create(f"user-{number}", MessageAction="SUPPRESS")
        shown = aid(opened(town).text)
        assert shown.count("<li>") == 10
        assert "and 3 more" in shown

    def test_names_are_shown_as_text(self, town):
        town.create("<script>x", MessageAction="SUPPRESS")
        assert "<script>" not in opened(town).text

    def test_the_classic_pages_have_no_parameter_for_a_name(self, town):
        town.idp.create_user_pool_domain(UserPoolId=town.pool_id, Domain="shop")
        assert "<code>ada</code>" in aid(opened(town).text)


class TestCodes:
    def test_the_pages_that_ask_for_a_code_show_it(self, town):
        browser = opened(town, "/forgotPassword")
        browser.submit(username="ada")
        shown = aid(browser.text)
        assert f"<code>{town.code()}</code>" in shown
        assert "Test users" not in shown
        enable_mfa(town, sms=True, mail=False)
        town.idp.admin_set_user_mfa_preference(
            UserPoolId=town.pool_id, Username="ada", SMSMfaSettings={"Enabled": True}
        )
        browser = opened(town)
        browser.submit(username="ada", password=PASSWORD)
        assert f"<code>{town.code()}</code> Text message" in aid(browser.text)

    def test_a_link_can_be_followed(self, domain_of):
        town = domain_of(
            {
                "AutoVerifiedAttributes": ["email"],
                "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
            }
        )
        town.sign_up(attributes={"email": "ada@example.com"})
        link = town.cognito.messages.last().link.replace("&", "&amp;")
        assert f'<a href="{link}">Follow the link</a>' in aid(opened(town).text)

    def test_no_password_is_shown(self, town):
        town.create("eve", TemporaryPassword=PASSWORD, attributes={"email": "eve@example.com"})
        message = town.cognito.messages.last()
        assert PASSWORD in message.body
        shown = opened(town).text
        assert ">eve</a>" in shown
        assert PASSWORD not in shown

    def test_another_pools_codes_are_not_shown(self, town, domain_of):
        other = domain_of()
        other.resident("bob", email="bob@example.com", email_verified="true")
        other.forgot("bob")
        shown = aid(opened(town).text)
        assert other.code("bob") not in shown
        assert "bob" not in shown


class TestNowhereElse:
    @pytest.mark.parametrize("path", ["/signup", "/error"])
    def test_pages_that_ask_for_neither_have_none(self, town, path):
        assert aid(opened(town, path).text) is None

    @pytest.mark.parametrize("host", ["localhost:4577", "127.0.0.1:4577", "[::1]:4577"])
    def test_names_of_this_machine_have_it(self, town, host):
        assert aid(visited(town, host=host))

    @pytest.mark.parametrize(
        "host", ["shop.example.com", "abc.ngrok.app", "localhost.example.com", "192.168.1.7:4577", ""]
    )
    def test_who_comes_by_another_name_sees_no_user(self, town, host):
        page = visited(town, host=host)
        assert "cogmock" not in page
        assert "ada" not in page

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via"])
    def test_who_comes_through_a_tunnel_sees_no_user(self, town, header):
        page = visited(town, host="localhost:4577", headers={header: "203.0.113.9"})
        assert "cogmock" not in page

    def test_a_host_that_the_control_api_answers_to_has_it(self, town):
        town.cognito.world.settings.allow_host = ("auth.test",)
        assert aid(visited(town, host="auth.test:4577", headers={"X-Forwarded-For": "10.0.0.1"}))

    def test_it_can_be_turned_off(self):
        from domain_town import WEB, Domain

        with mock_cognito(aids=False) as cognito:
            town = Domain(cognito, client=WEB)
            town.resident()
            page = opened(town).text
        assert "cogmock" not in page
        assert "ada" not in page
