"""Clients that name themselves by the URL of a metadata document, at the OAuth endpoints and on the pages."""

from __future__ import annotations

import jwt
import pytest
from support.agents import AGENT, PATTERN, VERIFIER, AgentEnv, fetches, metadata
from support.browser import CALLBACK, Browser, basic, challenge, where
from support.domain_env import SCOPES, WEB
from support.http import ask
from support.pool_env import PASSWORD, refused
from support.standin_sign_in import go

DAY = 86400


@pytest.fixture
def agent_of(cognito):
    def made(pool=None, **client):
        return AgentEnv(cognito, client={**WEB, **client}, **(pool or {}))

    return made


@pytest.fixture
def env(agent_of):
    return agent_of()


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def is_error_page(answer, env):
    """Whether the answer leads to the error page, and never to the client."""
    target, _ = where(answer)
    assert env.opened is not None
    return target == "/error" and CALLBACK not in target


class TestSignIn:
    def test_code_refresh_userinfo_and_revocation(self, env):
        tokens = env.agent_tokens(scope="openid email").json
        assert claims(tokens["id_token"])["aud"] == AGENT
        access = claims(tokens["access_token"])
        assert (access["client_id"], access.get("aud")) == (AGENT, None)
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        found = ask(env.application, "GET", "/oauth2/userInfo", headers=bearer).json
        assert (found["email"], found["username"]) == ("ada@example.com", "ada")
        fresh = env.refresh(tokens["refresh_token"]).json
        assert claims(fresh["access_token"])["client_id"] == AGENT
        assert claims(fresh["id_token"])["aud"] == AGENT
        given = {"token": tokens["refresh_token"], "client_id": AGENT}
        assert ask_revoke(env, given).status == 200
        assert env.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"

    def test_the_parameter_resource_sets_the_audience_of_the_access_token(self, env):
        tokens = env.agent_tokens(resource="https://mcp.example.com/api").json
        assert claims(tokens["access_token"])["aud"] == "https://mcp.example.com/api"

    def test_the_access_token_works_at_the_api(self, env):
        token = env.agent_tokens().json["access_token"]
        attributes = env.idp.get_user(AccessToken=token)["UserAttributes"]
        assert {"Name": "email", "Value": "ada@example.com"} in attributes

    def test_attributes_are_those_that_the_app_client_may_read(self, agent_of):
        env = agent_of(ReadAttributes=["name"])
        tokens = env.agent_tokens(scope="openid aws.cognito.signin.user.admin").json
        assert "email" not in claims(tokens["id_token"])
        found = env.idp.get_user(AccessToken=tokens["access_token"])["UserAttributes"]
        assert {entry["Name"] for entry in found} == {"sub", "name"}

    def test_tokens_are_valid_as_long_as_those_of_the_app_client(self, agent_of):
        env = agent_of(AccessTokenValidity=10, TokenValidityUnits={"AccessToken": "minutes"})
        assert env.agent_tokens().json["expires_in"] == 600

    def test_an_app_client_with_a_secret_serves_public_agents(self, agent_of):
        env = agent_of(GenerateSecret=True)
        assert env.agent_tokens().json["token_type"] == "Bearer"

    def test_sign_up_goes_on_to_the_agent(self, agent_of):
        env = agent_of(pool={"AutoVerifiedAttributes": ["email"]}, GenerateSecret=True)
        browser = env.browser()
        browser.go(env.url("/signup"))
        fields = {"username": "eve", "password": PASSWORD, "requiredAttributes[email]": "eve@example.com"}
        browser.submit(fields)
        target, answer = where(browser.submit(code=env.code("eve")))
        assert target == CALLBACK
        assert env.redeem(answer["code"]).json["access_token"]

    def test_triggers_see_the_app_client(self, env):
        seen = []
        env.cognito.functions["before"] = lambda event, _: seen.append(event) or event
        arn = "arn:aws:lambda:us-east-1:123456789012:function:before"
        env.idp.update_user_pool(UserPoolId=env.pool_id, LambdaConfig={"PreAuthentication": arn})
        assert env.agent_tokens().status == 200
        assert [event["callerContext"]["clientId"] for event in seen] == [env.app_client_id]

    def test_a_session_is_listed_with_the_app_client(self, agent_of):
        env = agent_of()
        env.idp.set_user_pool_session_configuration(
            UserPoolId=env.pool_id, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 5}
        )
        env.agent_tokens()
        found = env.idp.admin_list_user_sessions(UserPoolId=env.pool_id, Username="ada")["Sessions"]
        assert {session["ClientId"] for session in found} == {env.app_client_id}

    def test_the_style_of_the_pages_is_the_app_clients(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop", ManagedLoginVersion=2)
        assert env.browser().go(env.url("/login")).status == 403
        env.idp.create_managed_login_branding(
            UserPoolId=env.pool_id, ClientId=env.app_client_id, UseCognitoProvidedValues=True
        )
        assert env.browser().go(env.url("/login")).status == 200

    def test_a_federated_user_comes_back_to_the_agent(self, env):
        env.idp.create_identity_provider(
            UserPoolId=env.pool_id,
            ProviderName="Google",
            ProviderType="Google",
            ProviderDetails={"client_id": "g", "client_secret": "s", "authorize_scopes": "openid email"},
            AttributeMapping={"email": "email", "username": "sub"},
        )
        env.idp.update_user_pool_client(
            UserPoolId=env.pool_id,
            ClientId=env.app_client_id,
            **{**WEB, "SupportedIdentityProviders": ["COGNITO", "Google"]},
        )
        env.kind = env.provider = "Google"
        _, (target, answer) = go(env, email="eve@example.com")
        assert target == CALLBACK
        assert answer["state"] == "s"
        tokens = env.redeem(answer["code"]).json
        assert claims(tokens["id_token"])["aud"] == AGENT
        assert env.refresh(tokens["refresh_token"]).json["access_token"]


class TestPages:
    @pytest.mark.parametrize("path", ["/login", "/signup"])
    def test_they_name_the_host_and_what_the_agent_calls_itself(self, env, path):
        env.serve(client_name="<b>Nice</b> & safe")
        page = env.browser().go(env.url(path)).body.decode()
        assert "Sign-in requested by <strong>agent.example.com</strong>" in page
        assert "(“&lt;b&gt;Nice&lt;/b&gt; &amp; safe”)" in page

    def test_the_classic_ones_too(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        browser = Browser(env.application, host="shop.auth.us-east-1.localhost:4577")
        assert "<strong>agent.example.com</strong>" in browser.go(env.url("/login")).body.decode()

    def test_app_clients_are_not_named(self, env):
        page = env.browser().go(env.url("/login", client_id=env.app_client_id)).body.decode()
        assert "Sign-in requested by" not in page

    @pytest.mark.parametrize("name", [None, 7, "", "a\nb", "x" * 5000])
    def test_a_name_that_cannot_be_shown_is_left_out_or_cut(self, env, name):
        env.serve(client_name=name)
        page = env.browser().go(env.url("/login")).body.decode()
        assert "agent.example.com" in page
        assert "x" * 100 not in page


class TestAdmission:
    def test_a_url_that_no_pattern_covers_leads_to_the_error_page(self, env):
        env.serve("https://other.example.com/client.json")
        answer = env.authorize(client_id="https://other.example.com/client.json")
        assert where(answer) == ("/error", {"error": "Client does not exist"})
        assert f"the patterns are {PATTERN}" in env.reason()
        assert env.urls() == {}

    @pytest.mark.parametrize(
        ("pattern", "url", "covered"),
        [
            ("https://agent.example.com/*", "https://agent.example.com/", True),
            ("https://agent.example.com/*", "https://agent.example.com/a/b?c=d", True),
            ("https://agent.example.com/*", "https://AGENT.example.com/", False),
            ("https://agent.example.com/c", "https://agent.example.com/C", False),
            ("https://agent.example.com/c", "https://agent.example.com/c/", False),
            ("https://agent.example.com/*.json", "https://agent.example.com/x/y.json", True),
            ("https://agent.example.com/*/c/*", "https://agent.example.com/a/b/c/d", True),
            ("https://agent.example.com/*c*c", "https://agent.example.com/c", False),
            ("https://*.example.com/c", "https://a.b.example.com/c", True),
            ("https://*.example.com/c", "https://evil.test/.example.com/c", False),
            ("https://*.example.com/c", "https://evil.test:443.example.com/c", False),
            ("https://*.example.com/c", "https://a.example.com:8443/c", False),
            ("https://*.example.com:*/c", "https://a.example.com:8443/c", True),
            ("https://agent.example.com*", "https://agent.example.com.evil.test/c", False),
            ("https://agent.example.com*", "https://agent.example.com/c", False),
        ],
    )
    def test_a_star_covers_any_run_and_stays_in_the_host_before_the_path(self, env, pattern, url, covered):
        policy = env.policy(pattern)
        env.idp.delete_cimd_policy(UserPoolId=env.pool_id, CIMDPolicyId=env.policy_id)
        env.policy_id = policy["CIMDPolicyId"]
        if "443." not in url:
            env.serve(url)
        assert env.opened(client_id=url) is covered

    @pytest.mark.parametrize(
        "url",
        [
            "https://agent.example.com",
            "https://agent.example.com/a/../b",
            "https://agent.example.com/./b",
            "https://agent.example.com/%2e%2E/b",
            "https://agent.example.com/c#f",
            "https://ada@agent.example.com/c",
            "https://agent.example.com:99999/c",
            "https://agent.example.com/a b",
            "https://agent.example.com/ü",
            "https://agent.example.com/\\..\\c",
            "https://agent.example.com/" + "c" * 240,
            "https:///c",
            "https://[::1/c",
        ],
    )
    def test_a_url_of_another_form_is_no_client_id(self, env, url):
        env.policy("https://*agent.example.com*/*", "https://*/**")
        with fetches(env.cognito) as count:
            answer = env.authorize(client_id=url)
            assert count() == 0
        assert where(answer)[0] == "/error"
        assert "cannot be used" in env.reason()

    def test_the_most_literal_pattern_decides_and_then_the_oldest(self, env):
        other = env.client_of(**{**WEB, "AllowedOAuthScopes": ["openid"]})
        env.client_id = AGENT
        env.policy("https://agent.example.com/client*", ClientId=other)
        assert env.agent_tokens().json["access_token"]
        scope = claims(env.agent_tokens().json["access_token"])["scope"]
        assert scope == "openid"
        env.policy("https://agent.example.com/client*", ClientId=env.app_client_id)
        assert claims(env.agent_tokens().json["access_token"])["scope"] == "openid"

    def test_other_pools_admit_nothing(self, env, agent_of):
        other = agent_of()
        other.idp.delete_cimd_policy(UserPoolId=other.pool_id, CIMDPolicyId=other.policy_id)
        other.idp.create_user_pool_domain(UserPoolId=other.pool_id, Domain="other")
        answer = Browser(env.application, host="other.auth.us-east-1.localhost:4577").go(
            env.url(), follow=False
        )
        assert where(answer)[0] == "/error"

    def test_a_pool_in_the_lite_plan_admits_nothing(self, env):
        env.idp.update_user_pool(UserPoolId=env.pool_id, UserPoolTier="LITE")
        assert where(env.authorize())[0] == "/error"
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        Browser(env.application, host="shop.auth.us-east-1.localhost:4577").go(env.url(), follow=False)
        assert "Essentials or Plus" in env.reason()


class TestPool:
    """Which pool is meant: a URL belongs to none."""

    def test_on_a_plain_host_the_only_pool_that_admits_it(self, env, agent_of):
        assert env.opened()
        other = agent_of()
        answer = env.authorize()
        assert where(answer)[0] == "/error"
        assert "more than one" in env.reason()
        assert env.opened(user_pool_id=env.pool_id)
        assert other.opened(user_pool_id=other.pool_id)
        other.idp.delete_user_pool(UserPoolId=other.pool_id)
        assert env.opened()

    def test_a_domain_names_it(self, env, agent_of):
        other = agent_of()
        other.idp.create_user_pool_domain(UserPoolId=other.pool_id, Domain="other")
        browser = Browser(env.application, host="other.auth.us-east-1.localhost:4577")
        browser.go(env.url())
        target, answer = where(browser.submit(username="ada", password=PASSWORD))
        assert target == CALLBACK
        fields = {"grant_type": "authorization_code", "client_id": AGENT, "redirect_uri": CALLBACK}
        host = {"host": "other.auth.us-east-1.localhost:4577"}
        tokens = env.token({**fields, "code": answer["code"]}, **host).json
        assert claims(tokens["access_token"])["iss"].endswith(other.pool_id)


BAD = {
    "another client_id": ({"client_id": "https://agent.example.com/other.json"}, "client_id is"),
    "a client_id that only normalizes to the URL": ({"client_id": AGENT.upper()}, "client_id is"),
    "no client_id": ({"client_id": None}, "client_id is"),
    "a secret": ({"client_secret": "geheim"}, "client_secret"),
    "an expiry of a secret": ({"client_secret_expires_at": 0}, "client_secret_expires_at"),
    "private_key_jwt": ({"token_endpoint_auth_method": "private_key_jwt"}, "private_key_jwt"),
    "client_secret_post": ({"token_endpoint_auth_method": "client_secret_post"}, "client_secret_post"),
    "client_secret_jwt": ({"token_endpoint_auth_method": "client_secret_jwt"}, "client_secret_jwt"),
    "no authentication method": ({"token_endpoint_auth_method": None}, "must be"),
    "no redirect_uris": ({"redirect_uris": None}, "redirect_uris"),
    "empty redirect_uris": ({"redirect_uris": []}, "redirect_uris"),
    "redirect_uris of another type": ({"redirect_uris": CALLBACK}, "redirect_uris"),
    "a script as redirect_uri": ({"redirect_uris": ["javascript:alert(1)"]}, "redirect_uris"),
    "http as redirect_uri": ({"redirect_uris": ["http://agent.example.com/cb"]}, "redirect_uris"),
    "grant_types of another type": ({"grant_types": [1]}, "grant_types"),
    "scope of another type": ({"scope": ["openid"]}, "scope"),
    "404": ({"status": 404}, "answers 404"),
    "201": ({"status": 201}, "answers 201"),
    "a redirect": ({"status": 302, "headers": {"Location": "https://agent.example.com/x"}}, "answers 302"),
    "HTML": (
        {"headers": {"Content-Type": "text/html"}, "body": "<!doctype html><p>Hello"},
        "answers text/html",
    ),
    "HTML as JSON": ({"body": "<!doctype html><p>Hello"}, "is not JSON"),
    "1 MB": ({"extra": "x" * 1024 * 1024}, "more than 5120 bytes"),
    "a list": ({"body": [metadata()]}, "is not a JSON object"),
    "NaN": ({"body": '{"client_id": NaN}'}, "is not JSON"),
    "deep nesting": ({"body": "[" * 2000 + "]" * 2000}, "is not JSON"),
}


class TestDocument:
    @pytest.mark.parametrize(("served", "told"), BAD.values(), ids=BAD.keys())
    def test_one_that_is_bad_ends_at_the_error_page_and_is_not_cached(self, env, served, told):
        env.serve(**served)
        answer = env.authorize()
        assert where(answer) == ("/error", {"error": "Client does not exist"})
        assert told in env.reason()
        assert env.urls() == {}
        env.serve()
        assert env.opened()

    def test_a_media_type_that_ends_in_json_will_do(self, env):
        env.serve(headers={"Content-Type": "application/oauth-client+JSON; charset=utf-8"})
        assert env.opened()

    def test_the_redirect_uri_is_one_of_the_document_to_the_letter(self, env):
        env.serve(redirect_uris=["https://agent.example.com/cb"])
        assert env.opened(redirect_uri="https://agent.example.com/cb")
        for other in ("https://agent.example.com/cb/", "https://agent.example.com/cb?x=1", CALLBACK):
            answer = env.authorize(redirect_uri=other)
            assert where(answer) == ("/error", {"error": "redirect_mismatch", "client_id": AGENT})

    def test_a_loopback_address_has_any_port(self, env):
        env.serve(redirect_uris=["http://127.0.0.1/cb", "http://localhost:1/cb?a=b"])
        assert env.opened(redirect_uri="http://127.0.0.1:49152/cb")
        assert env.opened(redirect_uri="http://localhost:33418/cb?a=b")
        for other in (
            "http://127.0.0.1:49152/other",
            "http://localhost:33418/cb",
            "http://127.0.0.2:1/cb",
            "https://127.0.0.1:1/cb",
            "http://ada@127.0.0.1:1/cb",
            "http://127.0.0.1:port/cb",
        ):
            assert not env.opened(redirect_uri=other)
        tokens = env.agent_tokens(redirect_uri="http://127.0.0.1:49152/cb").json
        assert tokens["token_type"] == "Bearer"

    def test_an_app_client_has_the_port_that_it_registered(self, env):
        answer = env.authorize(client_id=env.app_client_id, redirect_uri="http://localhost:3001/callback")
        assert where(answer)[1]["error"] == "redirect_mismatch"

    def test_the_default_of_the_app_client_is_not_the_agents(self, agent_of):
        env = agent_of(DefaultRedirectURI=CALLBACK)
        assert where(env.authorize(redirect_uri=None))[0] == "/error"

    def test_a_grant_needs_both_sides(self, agent_of):
        env = agent_of(AllowedOAuthFlows=["code"])
        env.serve(grant_types=["authorization_code", "implicit"], response_types=["code", "token"])
        assert env.opened()
        assert where(env.authorize(response_type="token"))[1]["error_description"] == "unauthorized_client"
        env.idp.update_user_pool_client(
            UserPoolId=env.pool_id, ClientId=env.app_client_id, **{**WEB, "AllowedOAuthFlows": ["implicit"]}
        )
        assert env.opened(response_type="token")
        assert where(env.authorize())[1]["error_description"] == "unauthorized_client"

    def test_the_document_can_leave_out_a_grant_of_the_app_client(self, env):
        env.serve()
        assert where(env.authorize(response_type="token"))[1]["error_description"] == "unauthorized_client"
        env.serve(grant_types=["implicit"], response_types=["token"])
        env.cache("INVALIDATE")
        assert where(env.authorize())[1]["error_description"] == "unauthorized_client"
        assert env.opened(response_type="token")

    def test_without_grant_types_it_is_the_code_alone_and_no_refresh_token(self, env):
        env.serve(grant_types=None, response_types=None)
        tokens = env.agent_tokens().json
        assert "refresh_token" not in tokens
        assert tokens["access_token"]

    def test_its_scope_narrows_that_of_the_app_client(self, env):
        env.serve(scope="openid email payroll/all")
        tokens = env.agent_tokens().json
        assert claims(tokens["access_token"])["scope"] == "openid email"
        assert where(env.authorize(scope="openid profile"))[1]["error_description"] == "invalid_scope"

    def test_no_common_scope_is_refused(self, env):
        env.serve(scope="payroll/all")
        assert where(env.authorize())[1]["error_description"] == "invalid_scope"

    def test_without_scope_all_of_the_app_client_apply(self, env):
        assert claims(env.agent_tokens().json["access_token"])["scope"].split() == SCOPES


class TestCache:
    def test_a_second_sign_in_fetches_nothing(self, env):
        with fetches(env.cognito) as count:
            assert env.agent_tokens().json["refresh_token"]
            assert env.opened()
            assert count() == 1

    def test_it_expires_by_the_clock(self, env):
        assert env.opened()
        env.cognito.clock.advance(DAY - 60)
        with fetches(env.cognito) as count:
            assert env.opened()
            assert count() == 0
            env.cognito.clock.advance(61)
            assert env.opened()
            assert count() == 1

    @pytest.mark.parametrize(
        ("header", "seconds"),
        [
            ("max-age=172800", 172800),
            ("public, Max-Age = 172800", 172800),
            ('max-age="172800"', 172800),
            ("s-maxage=90000, max-age=31556952", 31556952),
            ("max-age=3600", DAY),
            ("max-age=31556953", DAY),
            ("max-age=-1", DAY),
            ("no-store", DAY),
            ("max-age=99999999999999999999", DAY),
        ],
    )
    def test_max_age_counts_between_a_day_and_a_year(self, env, header, seconds):
        env.serve(headers={"Cache-Control": header})
        assert env.opened()
        entry = env.urls()[AGENT]
        assert (entry["ExpirationDate"] - entry["CachedDate"]).total_seconds() == seconds

    def test_else_the_duration_of_the_policy(self, env):
        env.idp.update_cimd_policy(
            UserPoolId=env.pool_id,
            CIMDPolicyId=env.policy_id,
            ClientId=env.app_client_id,
            URLPatterns=[PATTERN],
            CacheDuration=2 * DAY,
        )
        assert env.opened()
        entry = env.urls()[AGENT]
        assert (entry["ExpirationDate"] - entry["CachedDate"]).total_seconds() == 2 * DAY

    def test_a_document_that_expired_while_the_user_typed_is_fetched_again(self, env):
        browser = env.browser()
        browser.go(env.url())
        env.cognito.clock.advance(DAY + 1)
        with fetches(env.cognito) as count:
            assert browser.submit(username="ada", password=PASSWORD).status == 302
            assert count() == 1


class TestToken:
    def test_a_code_is_bound_to_url_redirect_and_challenge(self, env):
        proof = {"code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"}
        code = env.fresh_code(**proof)
        assert env.redeem(code, code_verifier="w" * 43).json["error"] == "invalid_grant"
        assert env.redeem(code).json["error"] == "invalid_grant"
        other = "https://agent.example.com/other.json"
        for name in (other, env.app_client_id):
            assert env.redeem(code, client_id=name, code_verifier=VERIFIER).json["error"] == "invalid_grant"
        given = {"redirect_uri": "http://localhost:9/x", "code_verifier": VERIFIER}
        assert env.redeem(code, **given).json["error"] == "unauthorized_client"
        assert env.redeem(code, code_verifier=VERIFIER).json["access_token"]

    def test_pkce_is_optional(self, env):
        assert env.redeem(env.fresh_code()).json["access_token"]

    def test_a_code_of_the_app_client_is_not_the_agents(self, env):
        code = env.fresh_code(client_id=env.app_client_id)
        assert env.redeem(code).json["error"] == "invalid_grant"

    def test_a_secret_or_a_header_is_refused(self, agent_of):
        env = agent_of(GenerateSecret=True)
        code = env.fresh_code()
        assert env.redeem(code, client_secret="x").json["error"] == "invalid_client"
        assert env.redeem(code, client_secret=env.secret).json["error"] == "invalid_client"
        for header in (
            basic("https%3A%2F%2Fagent.example.com%2Fclient.json", ""),
            {"Authorization": "Bearer x"},
        ):
            fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
            answer = env.token({**fields, "client_id": AGENT}, headers=header)
            assert answer.json["error"] == "invalid_client"
        assert env.redeem(code).json["access_token"]

    def test_client_credentials_are_refused(self, env):
        answer = env.token({"grant_type": "client_credentials", "client_id": AGENT})
        assert answer.json["error"] == "unauthorized_client"

    def test_a_refresh_fetches_nothing_even_after_the_document_expired(self, env):
        token = env.agent_tokens().json["refresh_token"]
        env.cognito.clock.advance(2 * DAY)
        env.serve(client_secret="geheim")
        with fetches(env.cognito) as count:
            assert env.refresh(token).json["access_token"]
            assert count() == 0

    def test_refresh_tokens_rotate_as_those_of_the_app_client(self, agent_of):
        rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
        flows = ["ALLOW_USER_PASSWORD_AUTH"]
        env = agent_of(RefreshTokenRotation=rotation, ExplicitAuthFlows=flows)
        first = env.agent_tokens().json["refresh_token"]
        second = env.refresh(first).json["refresh_token"]
        assert env.refresh(second).json["refresh_token"] != second
        assert env.refresh(first).json["error"] == "invalid_grant"

    def test_a_refresh_token_is_the_agents_alone(self, env):
        token = env.agent_tokens().json["refresh_token"]
        for name in (env.app_client_id, "https://agent.example.com/other.json"):
            assert env.refresh(token, client_id=name).json["error"] == "invalid_grant"
        with refused("NotAuthorizedException"):
            env.idp.initiate_auth(
                ClientId=env.app_client_id,
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": token},
            )

    def test_without_its_policy_it_is_an_invalid_client(self, env):
        token = env.agent_tokens().json["refresh_token"]
        env.idp.update_cimd_policy(
            UserPoolId=env.pool_id,
            CIMDPolicyId=env.policy_id,
            ClientId=env.app_client_id,
            URLPatterns=["https://other.example.com/*"],
        )
        assert env.refresh(token).json["error"] == "invalid_client"
        env.idp.delete_cimd_policy(UserPoolId=env.pool_id, CIMDPolicyId=env.policy_id)
        assert env.refresh(token).json["error"] == "invalid_client"
        assert ask_revoke(env, {"token": token, "client_id": AGENT}).json["error"] == "invalid_client"

    def test_without_its_app_client_it_is_an_invalid_client(self, env):
        token = env.agent_tokens().json["refresh_token"]
        env.idp.delete_user_pool_client(UserPoolId=env.pool_id, ClientId=env.app_client_id)
        assert env.refresh(token).json["error"] == "invalid_client"


class TestLogout:
    def test_the_logout_urls_are_the_app_clients(self, env):
        browser, _ = env.signed_in()
        answer = browser.go(
            env.url("/logout", logout_uri="http://localhost:3000/bye", redirect_uri=None), follow=False
        )
        assert where(answer)[0] == "http://localhost:3000/bye"
        assert "cognito" not in browser.cookies

    def test_the_callbacks_are_the_documents(self, env):
        browser, _ = env.signed_in()
        answer = browser.go(env.url("/logout", response_type="code"), follow=False)
        assert where(answer)[0] == "/login"
        browser.go(env.url("/login"))
        assert browser.page.status == 200

    def test_an_unknown_url_is_no_client(self, env):
        answer = env.browser().go(env.url("/logout", client_id="https://x.example.com/c"), follow=False)
        assert where(answer)[1]["error"] == "Client does not exist"


class TestDiscovery:
    def test_a_pool_with_a_policy_says_that_it_takes_documents(self, env):
        found = ask(env.application, "GET", f"/{env.pool_id}/.well-known/openid-configuration").json
        assert list(found) == sorted(found)
        assert found["client_id_metadata_document_supported"] is True
        assert found["code_challenge_methods_supported"] == ["S256"]
        assert "none" in found["token_endpoint_auth_methods_supported"]

    def test_a_pool_without_one_does_not(self, env):
        env.idp.delete_cimd_policy(UserPoolId=env.pool_id, CIMDPolicyId=env.policy_id)
        found = ask(env.application, "GET", f"/{env.pool_id}/.well-known/openid-configuration").json
        assert "client_id_metadata_document_supported" not in found
        assert "none" not in found["token_endpoint_auth_methods_supported"]

    @pytest.mark.parametrize("name", ["oauth-authorization-server", "openid-configuration"])
    def test_the_path_may_stand_between_host_and_issuer(self, env, name):
        inserted = ask(env.application, "GET", f"/.well-known/{name}/{env.pool_id}")
        appended = ask(env.application, "GET", f"/{env.pool_id}/.well-known/{name}")
        assert inserted.json == appended.json
        assert inserted.json["issuer"].endswith(env.pool_id)
        assert inserted.headers["access-control-allow-origin"] == "*"
        preflight = ask(env.application, "OPTIONS", f"/.well-known/{name}/{env.pool_id}")
        assert preflight.status == 200

    def test_the_metadata_of_the_authorization_server_names_pkce_at_any_pool(self, env, agent_of):
        env.idp.delete_cimd_policy(UserPoolId=env.pool_id, CIMDPolicyId=env.policy_id)
        found = ask(env.application, "GET", f"/.well-known/oauth-authorization-server/{env.pool_id}").json
        assert found["code_challenge_methods_supported"] == ["S256"]

    def test_a_domain_has_that_of_its_pool(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        path = "/.well-known/oauth-authorization-server"
        found = ask(env.application, "GET", path, host="shop.auth.us-east-1.localhost:4577").json
        assert found["issuer"].endswith(env.pool_id)
        assert found["token_endpoint"] == "http://shop.auth.us-east-1.localhost:4577/oauth2/token"

    def test_elsewhere_it_says_where_to_look(self, env):
        for path in ("", "/us-east-1_Nobody123", "/a/b"):
            answer = ask(env.application, "GET", f"/.well-known/oauth-authorization-server{path}")
            assert answer.status == 404
        answer = ask(env.application, "GET", "/.well-known/oauth-authorization-server")
        assert "/.well-known/oauth-authorization-server/{user_pool_id}" in answer.json["message"]
        answer = ask(env.application, "POST", f"/.well-known/oauth-authorization-server/{env.pool_id}")
        assert answer.status == 405


def ask_revoke(env, fields):
    from support.browser import post

    return post(env.application, "/oauth2/revoke", fields)


class TestSnapshot:
    def test_it_has_policies_cached_documents_and_registered_ones(self, env):
        token = env.agent_tokens().json["refresh_token"]
        snapshot = env.cognito.snapshot()
        env.cognito.reset()
        env.cognito.restore(snapshot)
        assert "CachedDate" in env.urls()[AGENT]
        assert env.refresh(token).json["access_token"]
        env.cache("REFRESH")
