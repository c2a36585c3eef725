"""The pages, in the hands of someone who means harm."""

from __future__ import annotations

import re
from urllib.parse import quote

import pyotp
import pytest
from browsing import CALLBACK, Browser, where
from domain_town import WEB
from hostile import FORMS, SHOWN_TO_EVERYBODY, plain, sent
from people import PASSWORD
from signing_in import enable_mfa
from visiting import ask


def opened(town, path="/oauth2/authorize", **parameters):
    browser = town.browser()
    browser.go(town.url(path, **parameters))
    return browser


def is_refused(answer):
    """On the page itself, or on that of errors; nowhere else."""
    return answer.status in {400, 403} or where(answer)[0] == "/error"


@pytest.fixture(params=["managed", "classic"])
def town(request, town):
    """With the newer pages, and with the classic ones."""
    if request.param == "classic":
        town.idp.create_user_pool_domain(UserPoolId=town.pool_id, Domain="shop")
    return town


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


class TestForgedForms:
    """Whose token is missing or another's: nothing happens but a refusal."""

    @pytest.mark.parametrize("path", FORMS)
    def test_every_page_wants_the_token_of_its_browser(self, town, path):
        query = town.url(path).partition("?")[2]
        mine, other = opened(town, "/login"), opened(town, "/login")
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
            answer = plain(sent(town.application, "POST", path, query + more, body, headers=headers))
            assert is_refused(answer), name
            assert not any(
                line.startswith(("cognito=", "page-data=")) for line in answer.all("set-cookie")
            ), name

    @pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
    def test_a_body_that_is_no_form_brings_no_token(self, town, kind):
        browser = opened(town)
        token = browser.cookies["XSRF-TOKEN"]
        body = f"_csrf={token}&username=ada&password={PASSWORD}"
        for path in FORMS:
            query = town.url(path).partition("?")[2]
            cookie = {"Cookie": f"XSRF-TOKEN={token}"}
            answer = sent(town.application, "POST", path, query, body, headers=cookie, content_type=kind)
            assert is_refused(answer), path


class TestSessions:
    def test_no_id_that_was_planted_survives_a_sign_in(self, town):
        planted = {"cognito": "planted", "page-data": "planted"}
        browser = town.browser()
        browser.cookies |= planted
        enable_mfa(town, "OPTIONAL")
        town.signed_in(browser=browser)
        assert browser.cookies["cognito"] != "planted"
        assert browser.cookies.get("page-data") != "planted"
        thief = town.browser()
        thief.cookies |= planted
        assert where(thief.go(town.url(), follow=False))[0] == "/login"

    def test_the_old_id_is_void_after_the_next_sign_in(self, town):
        browser, _ = town.signed_in()
        old = town.browser()
        old.cookies["cognito"] = browser.cookies["cognito"]
        assert "code" in where(old.go(town.url(), follow=False))[1]
        browser.go(town.url("/login"))
        browser.submit(form=-1, username="ada", password=PASSWORD)
        assert where(old.go(town.url(), follow=False))[0] == "/login"

    def test_the_id_cannot_be_guessed(self, town):
        ids = {town.signed_in()[0].cookies["cognito"] for _ in range(4)}
        assert len(ids) == 4
        assert all(len(of) >= 32 and len(set(of)) > 12 for of in ids)

    def test_prompt_login_cannot_be_passed_by_a_press_where_it_is_known(self, town):
        classic = "Domain" in town.idp.describe_user_pool(UserPoolId=town.pool_id)["UserPool"]
        browser, _ = town.signed_in()
        browser.go(town.url("/login", prompt="login"))
        answer = browser.submit({"continue": "1"}, follow=False)
        assert ("code=" in answer.headers.get("location", "")) is classic

    def test_a_journey_of_another_browser_goes_nowhere_for_another_client(self, town):
        enable_mfa(town)
        browser = opened(town)
        browser.submit(username="ada", password=PASSWORD)
        assert browser.path == "/mfa"
        thief = opened(town)
        thief.go(town.url("/mfa"))
        assert thief.error == "Something went wrong"
        owner = town.client_id
        town.client_of(**WEB)
        thief.cookies["page-data"] = browser.cookies["page-data"]
        thief.go(town.url("/mfa"))
        assert thief.error == "Something went wrong"
        town.client_id = owner

    def test_a_journey_does_not_change_its_request_on_the_way(self, town):
        enable_mfa(town)
        browser = opened(town, state="mine")
        browser.submit(username="ada", password=PASSWORD)
        for more in ({"state": "other"}, {"nonce": "n"}, {"scope": "openid"}, {"response_type": "token"}):
            browser.go(town.url("/mfa", **{"state": "mine", **more}))
            assert browser.error == "Something went wrong"
        browser.go(town.url("/mfa", state="mine"))
        assert browser.error is None

    @pytest.mark.parametrize(
        "path", [path for path in FORMS if path not in {"/login", "/signup", "/forgotPassword"}]
    )
    def test_a_page_on_the_way_is_for_nobody_who_is_not_on_it(self, town, path):
        browser = opened(town, path)
        assert browser.page.status >= 400
        assert "cognito" not in browser.cookies

    def test_two_tabs_each_finish_or_tell(self, town):
        browser = opened(town, state="one")
        first = browser.text
        browser.go(town.url(state="two"))
        assert where(browser.submit(username="ada", password=PASSWORD))[1]["state"] == "two"
        browser.page.body = first.encode()
        assert where(browser.submit(username="ada", password=PASSWORD))[1]["state"] == "one"


class TestCookieAttributes:
    @pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
    def test_of_every_cookie_at_every_answer(self, town, scheme, secure):
        lines = []
        application = town.application

        class Watched:
            def __call__(self, environ, start_response):
                return application({**environ, "wsgi.url_scheme": scheme}, self.noted(start_response))

            def noted(self, start_response):
                def start(status, headers):
                    lines.extend(value for name, value in headers if name == "Set-Cookie")
                    return start_response(status, headers)

                return start

        enable_mfa(town)
        browser = Browser(Watched())
        browser.go(town.url(lang="de"))
        browser.submit(username="ada", password=PASSWORD)
        secret = re.search(r"<code>(\w+)</code>", browser.text)[1]
        answer = browser.submit(code=pyotp.TOTP(secret).at(town.cognito.clock.now()))
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
    def test_no_page_is_framed_kept_or_guessed_at(self, town, path):
        for answer in (
            ask(town.application, "GET", town.url(path)),
            ask(town.application, "GET", path),
            ask(town.application, "HEAD", town.url(path)),
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
    def test_other_origins_may_not_ask_a_page(self, town, path):
        headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = ask(town.application, "OPTIONS", path, headers=headers)
        assert "access-control-allow-origin" not in answer.headers
        assert answer.status == 405

    def test_the_nonce_of_the_policy_is_new_each_time(self, town):
        policies = {opened(town).page.headers["content-security-policy"] for _ in range(3)}
        assert len(policies) == 3


class TestWhoIsThere:
    """With PreventUserExistenceErrors ENABLED no page tells whether a user exists; with LEGACY each does."""

    @pytest.fixture
    def told(self, domain_of):
        def asked(mode, path, username, fields):
            town = domain_of({"AutoVerifiedAttributes": ["email"]}, PreventUserExistenceErrors=mode)
            town.resident(email="ada@example.com", email_verified="true")
            browser = opened(town, path)
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
        town = domain_of({"AutoVerifiedAttributes": ["email"]}, PreventUserExistenceErrors="ENABLED")
        town.resident(email="ada@example.com", email_verified="true")
        told = []
        for name in ("ada", "nobody"):
            browser = opened(town, "/forgotPassword")
            browser.submit(username=name)
            browser.submit(code="000000", password=PASSWORD)
            told.append((browser.page.status, browser.path, browser.error))
        assert told[0] == told[1]

    def test_attempts_run_out_for_those_who_are_not_there_as_well(self, domain_of):
        town = domain_of(PreventUserExistenceErrors="ENABLED")
        town.resident()
        for name in ("ada", "nobody"):
            browser = opened(town)
            for _ in range(6):
                browser.submit(username=name, password="wrong")
            assert browser.error == "Password attempts exceeded", name
            browser.submit(username=name, password=PASSWORD)
            assert browser.error == "Password attempts exceeded", name

    def test_codes_run_out_too(self, town):
        browser = opened(town, "/forgotPassword")
        browser.submit(username="ada")
        right = town.code()
        errors = []
        for guess in range(25):
            browser.submit(code=f"{(int(right) + 1 + guess) % 1_000_000:06}", password=PASSWORD)
            errors.append(browser.error)
        assert any("limit" in (error or "").lower() for error in errors)
        browser.submit(code=right, password=PASSWORD)
        assert browser.error
