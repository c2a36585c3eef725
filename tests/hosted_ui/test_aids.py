"""The developers' aid beneath the pages."""

from __future__ import annotations

import re

import pytest
from support.browser import where
from support.http import ask
from support.pool_env import PASSWORD
from support.sign_in import enable_mfa

from cogmock import mock_cognito


def opened(env, path="/login", **parameters):
    browser = env.browser()
    browser.go(env.url(path, **parameters))
    return browser


def aid(text):
    found = re.search(r"<aside class=\"cogmock-aids\".*?</aside>", text, re.DOTALL)
    return found[0] if found else None


def visited(env, **more):
    return ask(env.application, "GET", env.url("/login"), **more).body.decode()


class TestUsers:
    def test_the_sign_in_page_lists_those_of_the_pool(self, env):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        shown = aid(opened(env).text)
        assert ">ada</a> Ada <small>confirmed, disabled</small>" in shown
        assert "<details>" in shown

    def test_by_the_address_that_they_sign_in_with(self, domain_of):
        env = domain_of({"UsernameAttributes": ["email"]})
        env.create("ada@example.com", MessageAction="SUPPRESS")
        assert ">ada@example.com</a>" in aid(opened(env).text)

    def test_a_link_fills_in_the_name(self, env):
        browser = opened(env, state="a b")
        browser.go(re.search(r'<a href="([^"]*)">ada</a>', aid(browser.text))[1].replace("&amp;", "&"))
        assert re.search(r'name="username"[^>]* value="ada"', browser.text)
        assert browser.page.status == 200
        assert "state=a+b" in browser.url

    def test_a_hundred_of_many_with_a_filter(self, env):
        for number in range(102):
            env.create(f"user-{number}", MessageAction="SUPPRESS")
        shown = aid(opened(env).text)
        assert shown.count("<li>") == 100
        assert "and 3 more" in shown
        assert '<input type="search"' in shown
        assert "<span>103 users</span>" in shown

    def test_few_have_no_filter(self, env):
        assert "search" not in aid(opened(env).text).partition("<summary>")[2]

    def test_names_are_shown_as_text(self, env):
        env.create("<script>x", MessageAction="SUPPRESS")
        assert "<script>" not in opened(env).text

    def test_the_classic_pages_have_no_parameter_for_a_name(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        assert "<code>ada</code>" in aid(opened(env).text)


class TestCodes:
    def test_the_pages_that_ask_for_a_code_show_it(self, env):
        browser = opened(env, "/forgotPassword")
        browser.submit(username="ada")
        shown = aid(browser.text)
        assert f'<button type="button" data-code="{env.code()}">' in shown
        assert "Test users" not in shown
        enable_mfa(env, sms=True, mail=False)
        env.idp.admin_set_user_mfa_preference(
            UserPoolId=env.pool_id, Username="ada", SMSMfaSettings={"Enabled": True}
        )
        browser = opened(env)
        browser.submit(username="ada", password=PASSWORD)
        assert f"<code>{env.code()}</code></button> Text message" in aid(browser.text)

    def test_a_page_that_asks_for_a_code_offers_it_while_it_is_new(self, env):
        browser = opened(env, "/forgotPassword")
        browser.submit(username="ada")
        offer = aid(browser.text).partition("<details>")[0]
        assert f'data-code="{env.code()}"' in offer
        assert "to ada@example.com" in offer
        assert "1 new code<" in aid(browser.text)
        env.cognito.clock.advance(seconds=121)
        browser.go(browser.url)
        assert "data-code" not in aid(browser.text).partition("<details>")[0]
        assert "new code" not in aid(browser.text)

    def test_the_code_of_the_users_authenticator_app(self, env):
        enable_mfa(env)
        for page in ("Set up your authenticator app", "Enter the code"):
            browser = opened(env)
            browser.submit(username="ada", password=PASSWORD)
            assert browser.title == page
            shown = aid(browser.text)
            assert re.search(r"ada&#39;s authenticator app, for \d+ s", shown)
            assert where(browser.submit(code=re.search(r'data-code="(\d{6})"', shown)[1]))[1]["code"]

    def test_a_link_can_be_followed(self, domain_of):
        env = domain_of(
            {
                "AutoVerifiedAttributes": ["email"],
                "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
            }
        )
        env.sign_up(attributes={"email": "ada@example.com"})
        link = env.cognito.messages.last().link.replace("&", "&amp;")
        assert f'<a href="{link}">Follow the link</a>' in aid(opened(env).text)

    def test_no_password_is_shown(self, env):
        env.create("eve", TemporaryPassword=PASSWORD, attributes={"email": "eve@example.com"})
        message = env.cognito.messages.last()
        assert PASSWORD in message.body
        shown = opened(env).text
        assert ">eve</a>" in shown
        assert PASSWORD not in shown

    def test_another_pools_codes_are_not_shown(self, env, domain_of):
        other = domain_of()
        other.add_user("bob", email="bob@example.com", email_verified="true")
        other.forgot("bob")
        shown = aid(opened(env).text)
        assert other.code("bob") not in shown
        assert not re.search(r"\bbob\b", shown)  # tokens in the page have any three letters now and then


class TestOtherPages:
    def test_the_sign_up_page_lists_codes_and_no_users(self, env):
        shown = aid(opened(env, "/signup").text)
        assert "<span>1 user</span>" in shown
        assert "Test users" not in shown

    def test_the_error_page_says_why(self, env):
        shown = aid(opened(env, "/oauth2/authorize", redirect_uri="http://localhost:9/x").text)
        assert "<details open>" in shown
        assert "asked http://localhost:9/x, the client has http://localhost:3000" in shown

    def test_the_error_page_of_an_unknown_client_says_why(self, env):
        shown = aid(opened(env, "/oauth2/authorize", client_id="nobody").text)
        assert "nobody" in shown

    def test_the_error_page_leads_to_the_command_that_mends_it(self, env):
        shown = aid(opened(env, "/oauth2/authorize", redirect_uri="http://localhost:9/x").text)
        assert '<a href="/_cogmock/ui/pools">' in shown

    def test_a_refused_sign_in_says_why(self, env):
        browser = opened(env)
        browser.submit(username="ada", password="Wrong-Horse-1!")
        assert "<p>the password is wrong</p>" in aid(browser.text)

    def test_what_the_page_says_itself_is_not_repeated(self, env):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        browser = opened(env)
        browser.submit(username="ada", password=PASSWORD)
        assert "Why this was refused" not in aid(browser.text)

    def test_a_code_of_another_user_is_not_offered(self, env):
        env.add_user("bob", email="bob@example.com", email_verified="true")
        env.forgot("bob")
        browser = opened(env, "/forgotPassword")
        browser.submit(username="ada")
        assert f'data-code="{env.code("ada")}"' in aid(browser.text).partition("<details>")[0]
        assert "1 new code<" in aid(browser.text)

    def test_the_reason_is_shown_as_text(self, env):
        page = opened(env, "/oauth2/authorize", redirect_uri="http://localhost/<script>x")
        assert "<script>" not in page.text
        assert "asked http://localhost/&lt;script&gt;x, the client has" in aid(page.text)

    @pytest.mark.parametrize("host", ["localhost:4577", "127.0.0.1:4577", "[::1]:4577"])
    def test_names_of_this_machine_have_it(self, env, host):
        assert aid(visited(env, host=host))

    @pytest.mark.parametrize(
        "host", ["shop.example.com", "abc.ngrok.app", "localhost.example.com", "192.168.1.7:4577", ""]
    )
    def test_who_comes_by_another_name_sees_no_user(self, env, host):
        page = visited(env, host=host)
        assert "cogmock" not in page
        assert ">ada" not in page

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via"])
    def test_who_comes_through_a_tunnel_sees_no_user(self, env, header):
        page = visited(env, host="localhost:4577", headers={header: "203.0.113.9"})
        assert "cogmock" not in page

    def test_a_host_that_the_control_api_answers_to_has_it(self, env):
        env.cognito.world.settings.allow_host = ("auth.test",)
        assert aid(visited(env, host="auth.test:4577", headers={"X-Forwarded-For": "10.0.0.1"}))

    def test_it_can_be_turned_off(self):
        from support.domain_env import WEB, Domain

        with mock_cognito(aids=False) as cognito:
            env = Domain(cognito, client=WEB)
            env.add_user()
            page = opened(env).text
        assert "cogmock" not in page
        assert ">ada" not in page
