"""Attacks on the pages."""

from __future__ import annotations

import re
from urllib.parse import quote

import pyotp
import pytest
from support.browser import CALLBACK, Browser, where
from support.domain_env import WEB
from support.hostile_values import FORMS, SHOWN_TO_EVERYBODY, plain, sent
from support.http import ask
from support.pool_env import PASSWORD
from support.sign_in import enable_mfa


def opened(env, path="/oauth2/authorize", **parameters):
    browser = env.browser()
    browser.go(env.url(path, **parameters))
    return browser


def is_refused(answer):
    """On the page itself, or on that of errors; nowhere else."""
    return answer.status in {400, 403} or where(answer)[0] == "/error"


@pytest.fixture(params=["managed", "classic"])
def env(request, env):
    """With the newer pages, and with the classic ones."""
    if request.param == "classic":
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
    return env


class TestCookies:
    @pytest.mark.parametrize(
        "name", ['{"a":1}', "a b", "=", "theme", "a@b", "\xe9", "$Version", "Path", "[]", "a,b"]
    )
    def test_odd_ones_of_other_servers_on_localhost_do_no_harm(self, env, name):
        browser = env.browser()
        browser.cookies[name] = '{"x": "\\"", y=é}'.encode().decode("latin-1")
        _, (address, given) = env.signed_in(browser=browser)
        assert (address, set(given)) == (CALLBACK, {"code"})


class TestState:
    @pytest.mark.parametrize("state", ['{"a":[1|2]^`}', "a b", "%7B%22", "é", "a<b>", "a'b;c", "a%20b+c"])
    def test_goes_through_all_pages_however_it_was_written(self, env, state):
        enable_mfa(env)
        browser = env.browser()
        raw = state.encode().decode("latin-1")
        callback = quote(CALLBACK)
        given = f"client_id={env.client_id}&redirect_uri={callback}&response_type=code&state={raw}"
        browser.go(f"/login?{given}")
        browser.submit(username="ada", password=PASSWORD)
        assert browser.path == "/mfa"
        assert browser.error is None


class TestForgedForms:
    """Forms without a CSRF token, or with another browser's, are refused without any effect."""

    @pytest.mark.parametrize("path", FORMS)
    def test_every_page_wants_the_token_of_its_browser(self, env, path):
        query = env.url(path).partition("?")[2]
        mine, other = opened(env, "/login"), opened(env, "/login")
        jar = f"XSRF-TOKEN={mine.cookies['XSRF-TOKEN']}"
        token = mine.cookies["XSRF-TOKEN"]
        tries = {
            "missing": ("", jar, ""),
            "empty": ("_csrf=", jar, ""),
            "forged": ("_csrf=forged", jar, ""),
            "of another browser": (f"_csrf={other.cookies['XSRF-TOKEN']}", jar, ""),
            "in the query": ("", jar, f"&_csrf={token}"),
            "no cookie": (f"_csrf={token}", "", ""),
            "both empty": ("_csrf=", "XSRF-TOKEN=", ""),
            "shorter": (f"_csrf={token[:-1]}", jar, ""),
            "in another letter": (f"_CSRF={token}", jar, ""),
        }
        for name, (field, cookie, more) in tries.items():
            body = f"{field}&username=ada&password={PASSWORD}&code=1&signInSubmitButton=1"
            headers = {"Cookie": cookie} if cookie else {}
            answer = plain(sent(env.application, "POST", path, query + more, body, headers=headers))
            assert is_refused(answer), name
            assert not any(
                line.startswith(("cognito=", "page-data=")) for line in answer.all("set-cookie")
            ), name

    @pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
    def test_a_body_that_is_no_form_brings_no_token(self, env, kind):
        browser = opened(env)
        token = browser.cookies["XSRF-TOKEN"]
        body = f"_csrf={token}&username=ada&password={PASSWORD}"
        for path in FORMS:
            query = env.url(path).partition("?")[2]
            cookie = {"Cookie": f"XSRF-TOKEN={token}"}
            answer = sent(env.application, "POST", path, query, body, headers=cookie, content_type=kind)
            assert is_refused(answer), path


class TestSessions:
    def test_no_id_that_was_planted_survives_a_sign_in(self, env):
        planted = {"cognito": "planted", "page-data": "planted"}
        browser = env.browser()
        browser.cookies |= planted
        enable_mfa(env, "OPTIONAL")
        env.signed_in(browser=browser)
        assert browser.cookies["cognito"] != "planted"
        assert browser.cookies.get("page-data") != "planted"
        thief = env.browser()
        thief.cookies |= planted
        assert where(thief.go(env.url(), follow=False))[0] == "/login"

    def test_the_old_id_is_void_after_the_next_sign_in(self, env):
        browser, _ = env.signed_in()
        old = env.browser()
        old.cookies["cognito"] = browser.cookies["cognito"]
        assert "code" in where(old.go(env.url(), follow=False))[1]
        browser.go(env.url("/login"))
        browser.submit(form=-1, username="ada", password=PASSWORD)
        assert where(old.go(env.url(), follow=False))[0] == "/login"

    def test_the_id_cannot_be_guessed(self, env):
        ids = {env.signed_in()[0].cookies["cognito"] for _ in range(4)}
        assert len(ids) == 4
        assert all(len(of) >= 32 and len(set(of)) > 12 for of in ids)

    def test_prompt_login_cannot_be_passed_by_a_press_where_it_is_known(self, env):
        classic = "Domain" in env.idp.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]
        browser, _ = env.signed_in()
        browser.go(env.url("/login", prompt="login"))
        answer = browser.submit({"continue": "1"}, follow=False)
        assert ("code=" in answer.headers.get("location", "")) is classic

    def test_a_journey_of_another_browser_goes_nowhere_for_another_client(self, env):
        enable_mfa(env)
        browser = opened(env)
        browser.submit(username="ada", password=PASSWORD)
        assert browser.path == "/mfa"
        thief = opened(env)
        thief.go(env.url("/mfa"))
        assert thief.error == "Something went wrong"
        owner = env.client_id
        env.client_of(**WEB)
        thief.cookies["page-data"] = browser.cookies["page-data"]
        thief.go(env.url("/mfa"))
        assert thief.error == "Something went wrong"
        env.client_id = owner

    def test_a_journey_does_not_change_its_request_on_the_way(self, env):
        enable_mfa(env)
        browser = opened(env, state="mine")
        browser.submit(username="ada", password=PASSWORD)
        for more in ({"state": "other"}, {"nonce": "n"}, {"scope": "openid"}, {"response_type": "token"}):
            browser.go(env.url("/mfa", **{"state": "mine", **more}))
            assert browser.error == "Something went wrong"
        browser.go(env.url("/mfa", state="mine"))
        assert browser.error is None

    @pytest.mark.parametrize(
        "path", [path for path in FORMS if path not in {"/login", "/signup", "/forgotPassword"}]
    )
    def test_a_page_on_the_way_is_for_nobody_who_is_not_on_it(self, env, path):
        browser = opened(env, path)
        assert browser.page.status >= 400
        assert "cognito" not in browser.cookies

    def test_two_tabs_each_finish_or_tell(self, env):
        browser = opened(env, state="one")
        first = browser.text
        browser.go(env.url(state="two"))
        assert where(browser.submit(username="ada", password=PASSWORD))[1]["state"] == "two"
        browser.page.body = first.encode()
        assert where(browser.submit(username="ada", password=PASSWORD))[1]["state"] == "one"


class TestCookieAttributes:
    @pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
    def test_of_every_cookie_at_every_answer(self, env, scheme, secure):
        lines = []
        application = env.application

        class Watched:
            def __call__(self, environ, start_response):
                return application({**environ, "wsgi.url_scheme": scheme}, self.noted(start_response))

            def noted(self, start_response):
                def start(status, headers):
                    lines.extend(value for name, value in headers if name == "Set-Cookie")
                    return start_response(status, headers)

                return start

        enable_mfa(env)
        browser = Browser(Watched())
        browser.go(env.url(lang="de"))
        browser.submit(username="ada", password=PASSWORD)
        secret = re.search(r"<code>([\w ]+)</code>", browser.text)[1].replace(" ", "")
        answer = browser.submit(code=pyotp.TOTP(secret).at(env.cognito.clock.now()))
        assert answer.status == 302
        names = {line.partition("=")[0] for line in lines}
        assert names - {"lang"} == {"XSRF-TOKEN", "cognito", "page-data"}
        for line in lines:
            attributes = set(line.split("; ")[1:])
            assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= attributes
            assert ("Secure" in attributes) is secure
            assert not any(of.startswith("Domain") for of in attributes)


class TestHeaders:
    @pytest.mark.parametrize("path", sorted({*SHOWN_TO_EVERYBODY, "/confirmUser"}))
    def test_no_page_is_framed_kept_or_guessed_at(self, env, path):
        for answer in (
            ask(env.application, "GET", env.url(path)),
            ask(env.application, "GET", path),
            ask(env.application, "HEAD", env.url(path)),
        ):
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "no-store" in answer.headers["cache-control"]
            assert len(answer.headers["x-amz-cognito-request-id"]) == 36
            assert "access-control-allow-origin" not in answer.headers
            if answer.body and answer.headers.get("content-type", "").startswith("text/html"):
                policy = answer.headers["content-security-policy"]
                assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(
                    policy.split("; ")
                )
                assert "unsafe" not in policy
                assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}

    @pytest.mark.parametrize("path", SHOWN_TO_EVERYBODY)
    def test_other_origins_may_not_ask_a_page(self, env, path):
        headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = ask(env.application, "OPTIONS", path, headers=headers)
        assert "access-control-allow-origin" not in answer.headers
        assert answer.status == 405

    def test_the_nonce_of_the_policy_is_new_each_time(self, env):
        policies = {opened(env).page.headers["content-security-policy"] for _ in range(3)}
        assert len(policies) == 3


class TestUserExistence:
    """With PreventUserExistenceErrors ENABLED no page tells whether a user exists; with LEGACY each does."""

    @pytest.fixture
    def told(self, domain_of):
        def asked(mode, path, username, fields):
            env = domain_of({"AutoVerifiedAttributes": ["email"]}, PreventUserExistenceErrors=mode)
            env.add_user(email="ada@example.com", email_verified="true")
            browser = opened(env, path)
            browser.submit({"username": username, **fields})
            return (
                browser.page.status,
                browser.path,
                browser.error,
                re.sub(r"\S\*\*\*@\S\*\*\*", "", browser.title),
            )

        return asked

    @pytest.mark.parametrize(
        ("path", "fields"),
        [("/login", {"password": "wrong"}), ("/forgotPassword", {})],
        ids=["sign-in", "forgot"],
    )
    def test_sign_in_and_forgotten_password(self, told, path, fields):
        assert told("ENABLED", path, "ada", fields) == told("ENABLED", path, "nobody", fields)
        assert told("LEGACY", path, "ada", fields) != told("LEGACY", path, "nobody", fields)

    def test_a_new_password_with_a_wrong_code(self, domain_of):
        env = domain_of({"AutoVerifiedAttributes": ["email"]}, PreventUserExistenceErrors="ENABLED")
        env.add_user(email="ada@example.com", email_verified="true")
        told = []
        for name in ("ada", "nobody"):
            browser = opened(env, "/forgotPassword")
            browser.submit(username=name)
            browser.submit(code="000000", password=PASSWORD)
            told.append((browser.page.status, browser.path, browser.error))
        assert told[0] == told[1]

    @pytest.mark.usefixtures("still")
    def test_attempts_run_out_for_those_who_are_not_there_as_well(self, domain_of):
        env = domain_of(PreventUserExistenceErrors="ENABLED")
        env.add_user()
        for name in ("ada", "nobody"):
            browser = opened(env)
            for _ in range(6):
                browser.submit(username=name, password="wrong")
            assert browser.error == "Password attempts exceeded", name
            browser.submit(username=name, password=PASSWORD)
            assert browser.error == "Password attempts exceeded", name

    def test_codes_run_out_too(self, env):
        browser = opened(env, "/forgotPassword")
        browser.submit(username="ada")
        right = env.code()
        errors = []
        for guess in range(25):
            browser.submit(code=f"{(int(right) + 1 + guess) % 1_000_000:06}", password=PASSWORD)
            errors.append(browser.error)
        assert any("limit" in (error or "").lower() for error in errors)
        browser.submit(code=right, password=PASSWORD)
        assert browser.error
