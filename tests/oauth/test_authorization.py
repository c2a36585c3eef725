"""GET /oauth2/authorize: valid requests, errors, and where each redirects."""

from __future__ import annotations

import pytest
from support.browser import CALLBACK, challenge, foreign_scripts, where
from support.http import ask
from support.pool_env import PASSWORD
from support.sign_in import read

SHOWN = {
    "case": CALLBACK.replace("callback", "Callback"),
    "slash": CALLBACK + "/",
    "port": CALLBACK.replace("3000", "3001"),
    "encoded": CALLBACK.replace("callback", "%63allback"),
    "user": CALLBACK.replace("//", "//localhost:3000@evil.example/"),
    "query": CALLBACK + "?a=b",
    "elsewhere": "https://evil.example/",
    "blank": CALLBACK + " ",
    "line": CALLBACK + "\r\nSet-Cookie: a=b",
}


def came(env, **parameters):
    return ask(env.application, "GET", env.url(**parameters))


class TestAuthorize:
    def test_leads_to_the_sign_in_page_with_the_same_parameters(self, env):
        path, given = where(came(env, state="s", scope="openid"))
        assert path == "/login"
        assert given["state"] == "s"
        assert given["client_id"] == env.client_id

    def test_the_short_path_is_the_same(self, env):
        assert where(ask(env.application, "GET", env.url("/authorize")))[0] == "/login"

    def test_post_is_not_offered(self, env):
        assert ask(env.application, "POST", env.url()).status == 405

    def test_the_callback_gets_code_and_state_and_nothing_else(self, env):
        _, (address, given) = env.signed_in(state='{"a": "b/=+"}')
        assert address == CALLBACK
        assert set(given) == {"code", "state"}
        assert given["state"] == '{"a": "b/=+"}'
        assert len(given["code"]) == 36
        assert set(env.signed_in()[1][1]) == {"code"}

    def test_tokens_come_in_the_fragment_and_never_a_refresh_token(self, env):
        browser, (_, given) = env.signed_in(response_type="token", state="s", nonce="n", scope="openid")
        assert "#" in browser.page.headers["location"]
        assert set(given) == {"id_token", "access_token", "expires_in", "token_type", "state"}
        assert read(given["id_token"])["nonce"] == "n"
        assert read(given["id_token"])["at_hash"]

    def test_without_openid_no_id_token_comes(self, env):
        _, (_, given) = env.signed_in(response_type="token", scope="aws.cognito.signin.user.admin")
        assert "id_token" not in given

    def test_without_scope_all_of_the_clients_are_given(self, env):
        scope = read(env.tokens()["access_token"])["scope"]
        assert set(scope.split()) == {"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"}

    def test_a_resource_becomes_the_audience_of_the_access_token(self, env):
        tokens = env.tokens(resource="https://api.example.com/")
        assert read(tokens["access_token"])["aud"] == "https://api.example.com/"
        assert read(tokens["id_token"])["aud"] == env.client_id


class TestErrorsShownOnAPage:
    @pytest.mark.parametrize("near", SHOWN.values(), ids=SHOWN)
    def test_no_address_but_a_registered_one_is_gone_to(self, env, near):
        path, given = where(came(env, redirect_uri=near))
        assert (path, given["error"]) == ("/error", "redirect_mismatch")
        assert given["client_id"] == env.client_id

    def test_the_page_of_errors_is_a_bad_request(self, env):
        page = ask(env.application, "GET", "/error?error=redirect_mismatch&client_id=x")
        assert page.status == 400
        assert b"An error was encountered with the requested page." in page.body
        assert b"redirect_mismatch" in page.body

    def test_what_is_missing_is_named(self, env):
        browser = env.browser()
        browser.go(env.url(redirect_uri=None))
        assert browser.error == "Required String parameter 'redirect_uri' is not present"
        browser.go("/oauth2/authorize")
        assert browser.error == "Required String parameter 'client_id' is not present"

    def test_an_unknown_client(self, env):
        browser = env.browser()
        browser.go(env.url(client_id="x"))
        assert browser.error == "Client does not exist"

    @pytest.mark.parametrize(
        "text", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "{{7777*7777}}"]
    )
    def test_nothing_that_is_shown_is_run(self, env, text):
        from urllib.parse import quote

        page = ask(env.application, "GET", f"/error?error={quote(text)}&message={quote(text)}")
        assert b"<script>" not in page.body
        assert b"<img" not in page.body
        assert b"60481729" not in page.body
        login = ask(env.application, "GET", env.url("/login", state=text, login_hint=text))
        assert not foreign_scripts(login.body.decode())
        assert b"<img" not in login.body


class TestRedirected:
    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({"response_type": None}, "invalid_request"),
            ({"response_type": "id_token"}, "invalid_request"),
            ({"code_challenge": "x" * 43}, "invalid_request"),
            ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge": "x" * 42, "code_challenge_method": "S256"}, "invalid_request"),
            ({"code_challenge_method": "S256"}, "invalid_request"),
            ({"resource": "http://api.example.com"}, "invalid_request"),
            ({"max_age": "soon"}, "invalid_request"),
            ({"prompt": "none"}, "login_required"),
        ],
    )
    def test_with_the_error_and_the_state(self, env, given, error):
        address, told = where(came(env, state="s", **given))
        assert address == CALLBACK
        assert told == {"error": error, "state": "s"}

    @pytest.mark.parametrize("scope", ["openid unknown", "email"])
    def test_a_scope_is_named_in_the_description_in_the_order_of_aws(self, env, scope):
        answer = came(env, state="s", scope=scope)
        told = "error_description=invalid_scope&state=s&error=invalid_request"
        assert answer.headers["location"] == f"{CALLBACK}?{told}"

    def test_in_the_fragment_for_tokens(self, env):
        answer = came(env, response_type="token", scope="x")
        told = "error_description=invalid_scope&error=invalid_request"
        assert answer.headers["location"] == f"{CALLBACK}#{told}"

    def test_a_flow_that_the_client_does_not_have(self, domain_of):
        env = domain_of(AllowedOAuthFlows=["code"])
        told = {"error": "invalid_request", "error_description": "unauthorized_client"}
        assert where(came(env, response_type="token"))[1] == told

    @pytest.mark.parametrize("path", ["/oauth2/authorize", "/login", "/signup", "/forgotPassword"])
    def test_a_client_that_may_not_use_oauth(self, domain_of, path):
        env = domain_of(AllowedOAuthFlowsUserPoolClient=False)
        told = {"error": "invalid_request", "error_description": "unauthorized_client"}
        assert where(ask(env.application, "GET", env.url(path))) == (CALLBACK, told)

    def test_the_first_fault_in_the_order_of_checks_is_told(self, env):
        answer = came(env, response_type="token", scope="x", max_age="soon", code_challenge="x")
        assert where(answer)[1] == {"error": "invalid_request"}

    def test_a_parameter_that_comes_twice(self, env):
        answer = ask(env.application, "GET", env.url() + "&scope=openid&scope=email")
        assert where(answer)[1]["error"] == "invalid_request"

    def test_unknown_parameters_and_those_without_a_value_change_nothing(self, env):
        empty = dict.fromkeys(["scope", "code_challenge", "code_challenge_method", "resource", "max_age"], "")
        _, (address, given) = env.signed_in(unknown="x", state="", **empty)
        assert (address, set(given)) == (CALLBACK, {"code"})

    def test_a_long_state_comes_back_whole(self, env):
        _, told = where(came(env, state="s" * 7_000, scope="x"))
        assert len(told["state"]) == 7_000

    def test_a_state_that_makes_the_redirect_too_long_is_refused(self, env):
        """Other servers and browsers take no line of a head above 8 KB."""
        assert came(env, state="s" * 1_000_000, scope="x").status == 414


class TestSession:
    def test_is_good_for_an_hour_from_the_sign_in_and_no_longer(self, env):
        browser, _ = env.signed_in()
        for _ in range(2):
            env.cognito.clock.advance(minutes=29)
            assert "code" in where(browser.go(env.url(), follow=False))[1]
        env.cognito.clock.advance(minutes=3)
        assert where(browser.go(env.url(), follow=False))[0] == "/login"

    def test_is_shared_by_all_clients_of_the_pool(self, env):
        from support.domain_env import WEB

        browser, _ = env.signed_in()
        env.client_of(**WEB)
        code = where(browser.go(env.url(), follow=False))[1]["code"]
        assert read(env.redeem(code).json["id_token"])["aud"] == env.client_id

    def test_is_not_shared_with_another_pool(self, env, domain_of):
        browser, _ = env.signed_in()
        assert where(browser.go(domain_of().url(), follow=False))[0] == "/login"

    @pytest.mark.usefixtures("still")
    def test_keeps_the_time_of_the_sign_in(self, env):
        browser, _ = env.signed_in()
        env.cognito.clock.advance(minutes=10)
        tokens = env.redeem(where(browser.go(env.url(), follow=False))[1]["code"]).json
        claims = read(tokens["id_token"])
        assert claims["iat"] - claims["auth_time"] == 600

    def test_prompt_login_asks_again(self, env):
        browser, _ = env.signed_in()
        assert where(browser.go(env.url(prompt="login"), follow=False))[0] == "/login"
        assert "code" in where(browser.go(env.url(prompt="none"), follow=False))[1]

    @pytest.mark.parametrize("prompt", ["select_account", "consent", "consent select_account"])
    def test_what_prompts_ask_of_providers_alone_does_not(self, env, prompt):
        browser, _ = env.signed_in()
        assert "code" in where(browser.go(env.url(prompt=prompt), follow=False))[1]

    def test_max_age_asks_again(self, env):
        browser, _ = env.signed_in()
        env.cognito.clock.advance(60)
        assert where(browser.go(env.url(max_age="30"), follow=False))[0] == "/login"
        assert "code" in where(browser.go(env.url(max_age="90"), follow=False))[1]

    def test_the_id_is_new_at_each_sign_in(self, env):
        browser = env.browser()
        browser.cookies["cognito"] = "planted"
        env.signed_in(browser=browser)
        first = browser.cookies["cognito"]
        assert first != "planted"
        browser.go(env.url("/login"))
        browser.submit({"different": "1"})
        browser.submit(username="ada", password=PASSWORD)
        assert browser.cookies["cognito"] != first

    def test_a_remembered_user_may_go_on_with_one_press(self, env):
        browser, _ = env.signed_in()
        browser.go(env.url("/login"))
        assert "Continue as ada" in browser.text
        assert "code" in where(browser.submit({"continue": "1"}))[1]

    def test_a_disabled_user_is_not_remembered(self, env):
        browser, _ = env.signed_in()
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        assert where(browser.go(env.url(), follow=False))[0] == "/login"

    def test_another_version_of_the_pages_ends_it(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        browser, _ = env.signed_in()
        env.idp.update_user_pool_domain(UserPoolId=env.pool_id, Domain="shop", ManagedLoginVersion=2)
        assert where(browser.go(env.url(), follow=False))[0] == "/login"


class TestSessionsOfClients:
    """Where a pool tracks sessions, each client says how long it trusts them."""

    def trust(self, env, minutes):
        env.idp.set_user_pool_client_session_configuration(
            UserPoolId=env.pool_id, ClientId=env.client_id, SSOSession={"MaxValidityMinutes": minutes}
        )

    @pytest.fixture
    def tracked(self, env):
        env.idp.set_user_pool_session_configuration(
            UserPoolId=env.pool_id, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 20}
        )
        return env

    def is_known(self, env, browser, **more):
        return "code" in where(browser.go(env.url(**more), follow=False))[1]

    def test_an_hour_unless_it_says_otherwise(self, tracked):
        browser, _ = tracked.signed_in()
        tracked.cognito.clock.advance(minutes=59)
        assert self.is_known(tracked, browser)
        tracked.cognito.clock.advance(minutes=2)
        assert not self.is_known(tracked, browser)

    def test_one_that_says_nought_always_asks_and_others_still_reuse(self, tracked):
        from support.domain_env import WEB

        strict = tracked.client_id
        self.trust(tracked, 0)
        lax = tracked.client_of(**WEB)
        self.trust(tracked, 180)
        browser, _ = tracked.signed_in()
        assert self.is_known(tracked, browser)
        assert not self.is_known(tracked, browser, client_id=strict)
        tracked.cognito.clock.advance(minutes=179)
        assert self.is_known(tracked, browser, client_id=lax)
        tracked.cognito.clock.advance(minutes=2)
        assert not self.is_known(tracked, browser, client_id=lax)

    def test_a_sign_in_at_the_strict_one_serves_the_others(self, tracked):
        from support.domain_env import WEB

        self.trust(tracked, 0)
        browser, _ = tracked.signed_in()
        tracked.client_of(**WEB)
        assert self.is_known(tracked, browser)

    def test_what_clients_say_counts_for_nothing_while_none_are_tracked(self, tracked):
        self.trust(tracked, 0)
        tracked.idp.set_user_pool_session_configuration(
            UserPoolId=tracked.pool_id, UserSessionTracking="DISABLED", TokenSession={"MaxPerUser": 20}
        )
        browser, _ = tracked.signed_in()
        tracked.cognito.clock.advance(minutes=59)
        assert self.is_known(tracked, browser)
        tracked.cognito.clock.advance(minutes=2)
        assert not self.is_known(tracked, browser)

    def test_as_long_as_ninety_days(self, tracked):
        self.trust(tracked, 129_600)
        browser, _ = tracked.signed_in()
        tracked.cognito.clock.advance(days=89)
        assert self.is_known(tracked, browser)
        tracked.cognito.clock.advance(days=2)
        assert not self.is_known(tracked, browser)


class TestSessionSurvives:
    """A browser session identifies the user; attributes and status are read anew at each use."""

    @pytest.mark.parametrize("change", ["attributes", "factors", "password"])
    def test_changes_of_its_user(self, env, change):
        browser, _ = env.signed_in()
        if change == "attributes":
            env.admin_update(email="new@example.com", name="Ada King")
        elif change == "factors":
            from support.sign_in import enable_mfa

            enable_mfa(env, "OPTIONAL", sms=True)
            env.idp.admin_set_user_mfa_preference(
                UserPoolId=env.pool_id,
                Username="ada",
                SMSMfaSettings={"Enabled": True, "PreferredMfa": True},
            )
        else:
            env.idp.admin_set_user_password(
                UserPoolId=env.pool_id, Username="ada", Password="An0ther-Horse!", Permanent=True
            )
        assert "code" in where(browser.go(env.url(), follow=False))[1]


class TestHosts:
    @pytest.mark.parametrize(
        "host",
        [
            "shop.auth.us-east-1.localhost:4577",
            "shop.auth.us-east-1.amazoncognito.com",
            "SHOP.auth.us-east-1.localhost",
            "auth.example.com",
        ],
    )
    def test_a_domain_is_known_by_its_host(self, env, host):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        env.idp.create_user_pool_domain(
            UserPoolId=env.pool_id,
            Domain="auth.example.com",
            CustomDomainConfig={"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"},
        )
        assert where(ask(env.application, "GET", env.url(), host=host))[0] == "/login"

    def test_a_client_of_another_pool_is_none_there(self, env, domain_of):
        other = domain_of()
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        answer = ask(env.application, "GET", other.url(), host="shop.auth.us-east-1.localhost")
        assert where(answer) == ("/error", {"error": "Client does not exist"})

    def test_a_domain_that_nobody_has(self, env):
        answer = ask(env.application, "GET", env.url(), host="nobody.auth.us-east-1.localhost")
        assert where(answer)[0] == "/error"

    def test_in_process_awss_own_host_is_served(self, env):
        import requests

        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        url = "https://shop.auth.us-east-1.amazoncognito.com/oauth2/token"
        answer = requests.post(url, data={"grant_type": "x"}, timeout=30)
        assert answer.json() == {"error": "unsupported_grant_type"}


class TestClassic:
    def test_the_classic_pages_know_no_prompt_and_no_resource(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        assert where(came(env, prompt="none"))[0] == "/login"
        assert where(came(env, resource="https://a.example"))[1]["error_description"] == "invalid_scope"

    def test_pkce_of_the_request_is_kept_through_the_pages(self, env):
        code = env.fresh_code(code_challenge=challenge(), code_challenge_method="S256")
        assert env.redeem(code).json["error"] == "invalid_grant"

    @pytest.mark.parametrize("prompt", ["none", "login"])
    def test_a_prompt_is_ignored(self, env, prompt):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        browser, _ = env.signed_in()
        assert "code" in where(browser.go(env.url(prompt=prompt), follow=False))[1]

    def test_they_speak_english_and_remember_no_language(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        browser = env.browser()
        browser.go(env.url("/login", lang="de"))
        assert '<html lang="en">' in browser.text
        assert "lang" not in browser.cookies


class TestDefaultRedirectUri:
    def test_stands_in_where_none_is_given(self, domain_of):
        env = domain_of(DefaultRedirectURI=CALLBACK)
        env.add_user()
        browser = env.browser()
        browser.go(env.url(redirect_uri=None))
        address, given = where(browser.submit(username="ada", password=PASSWORD))
        assert address == CALLBACK
        assert env.redeem(given["code"]).status == 200

    def test_not_where_another_is_given(self, domain_of):
        env = domain_of(DefaultRedirectURI=CALLBACK)
        assert where(came(env, redirect_uri=CALLBACK + "/"))[0] == "/error"

    def test_only_of_a_client_with_exactly_one_provider(self, domain_of):
        env = domain_of(DefaultRedirectURI=CALLBACK, SupportedIdentityProviders=[])
        browser = env.browser()
        browser.go(env.url(redirect_uri=None))
        assert browser.error == "Required String parameter 'redirect_uri' is not present"


class TestLogout:
    def test_ends_the_session_and_goes_to_the_logout_url(self, env):
        browser, _ = env.signed_in()
        url = env.url("/logout", logout_uri="http://localhost:3000/bye", redirect_uri=CALLBACK)
        assert where(browser.go(url, follow=False)) == ("http://localhost:3000/bye", {})
        assert "cognito" not in browser.cookies
        assert where(browser.go(env.url(), follow=False))[0] == "/login"

    def test_or_to_the_sign_in_page_with_all_scopes(self, env):
        browser, _ = env.signed_in()
        path, given = where(browser.go(env.url("/logout", state="s"), follow=False))
        assert (path, given["state"]) == ("/login", "s")
        assert "openid" in given["scope"].split()

    def test_what_was_asked_goes_on_to_the_sign_in_page(self, env):
        asked = {"state": "s", "nonce": "n", "scope": "openid", "response_type": "token"}
        path, given = where(ask(env.application, "GET", env.url("/logout", **asked)))
        assert path == "/login"
        assert given == {"client_id": env.client_id, "redirect_uri": CALLBACK, **asked}

    def test_a_provider_is_not_honoured(self, env):
        url = env.url("/logout", identity_provider="Google", logout_uri="http://localhost:3000/bye")
        assert where(ask(env.application, "GET", url)) == ("http://localhost:3000/bye", {})
        assert (
            where(ask(env.application, "GET", env.url("/logout", identity_provider="Google")))[0] == "/login"
        )

    def test_without_a_response_type_an_error_is_shown(self, env):
        browser = env.browser()
        browser.go(env.url("/logout", response_type=None))
        assert browser.error == "Required String parameter 'response_type' is not present"

    def test_the_clients_of_other_pools_are_unknown_there(self, env, domain_of):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        url = domain_of().url("/logout", logout_uri="http://localhost:3000/bye")
        answer = ask(env.application, "GET", url, host="shop.auth.us-east-1.localhost")
        assert where(answer)[0] == "/error"

    @pytest.mark.parametrize(
        "near", ["http://localhost:3000/bye/", "https://evil.example/", "//evil.example"]
    )
    def test_an_address_that_is_not_the_clients_is_never_gone_to(self, env, near):
        path, told = where(ask(env.application, "GET", env.url("/logout", redirect_uri=near)))
        assert (path, told["error"]) == ("/error", "redirect_mismatch")

    def test_a_logout_uri_that_is_not_registered_counts_as_absent(self, env):
        url = env.url("/logout", redirect_uri=None, logout_uri="https://evil.example/")
        path, told = where(ask(env.application, "GET", url))
        assert path == "/error"
        assert told["message"] == "Required String parameter 'redirect_uri' is not present"

    def test_without_either_an_error_is_shown(self, env):
        assert where(ask(env.application, "GET", env.url("/logout", redirect_uri=None)))[0] == "/error"

    def test_refresh_tokens_stay_good(self, env):
        browser, (_, given) = env.signed_in()
        token = env.redeem(given["code"]).json["refresh_token"]
        browser.go(env.url("/logout", logout_uri="http://localhost:3000/bye"), follow=False)
        fields = {"grant_type": "refresh_token", "client_id": env.client_id, "refresh_token": token}
        assert env.token(fields).status == 200
