"""Sign-in through an OpenID provider: the way there, the way back, and the user who comes of it."""

from __future__ import annotations

import json
import socket
import threading
import time

import jwt
import pytest
from support.browser import CALLBACK, where
from support.outside_providers import EC
from support.pool_env import PASSWORD, refused
from support.upstream import SECRET, add_oidc, come_back, leave, sign_in, upstream, web_client
from support.waiting import LONG, promptly, until

from cogmock.core import outside


@pytest.fixture
def env(domain_of):
    return domain_of()


@pytest.fixture
def corp(env):
    with upstream(env) as corp:
        add_oidc(env, corp)
        web_client(env, "COGNITO", "Corp")
        yield corp


def tokens(env, corp, **parameters):
    _, (_, given) = sign_in(env, corp, **parameters)
    return env.redeem(given["code"]).json


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


class TestTheWayThere:
    def test_has_awss_parameters_in_awss_order(self, env, corp):
        address, asked = leave(env, corp, env.browser(), state="s")
        assert address == f"{corp.url}/authorize"
        assert list(asked)[:5] == ["client_id", "redirect_uri", "scope", "response_type", "state"]
        assert asked["client_id"] == "app"
        assert asked["redirect_uri"] == "http://localhost:4577/oauth2/idpresponse"
        assert (asked["scope"], asked["response_type"]) == ("openid email", "code")
        assert asked["state"] != "s"

    def test_prompt_and_login_hint_go_along(self, env, corp):
        _, asked = leave(env, corp, env.browser(), prompt="login consent", login_hint="ada@corp.example")
        assert (asked["prompt"], asked["login_hint"]) == ("login consent", "ada@corp.example")

    def test_levels_go_along_in_the_providers_words(self, env, corp):
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="Corp", AcrMapping={"Level2": "silver", "Level4": "gold"}
        )
        wanted = "urn:cognito:loa:4 urn:cognito:loa:2 urn:cognito:loa:3"
        assert leave(env, corp, env.browser(), acr_values=wanted)[1]["acr_values"] == "gold silver"

    def test_by_identifier(self, env, corp):
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="Corp", IdpIdentifiers=["corp.example"]
        )
        address, _ = where(env.browser().go(env.url(idp_identifier="corp.example")))
        assert address == f"{corp.url}/authorize"

    def test_a_client_with_one_provider_alone_has_no_other(self, env, corp):
        web_client(env, "Corp")
        assert where(env.browser().go(env.url()))[0] == f"{corp.url}/authorize"

    def test_a_provider_of_another_client_is_never_gone_to(self, env, corp):
        web_client(env, "COGNITO")
        address, given = where(env.browser().go(env.url(identity_provider="Corp", state="s")))
        assert (address, given["error"]) == (CALLBACK, "invalid_request")

    def test_the_browser_gets_what_the_state_is_bound_to(self, env, corp):
        browser = env.browser()
        leave(env, corp, browser)
        assert browser.cookies["csrf-state"] == browser.cookies["csrf-state-legacy"] != ""
        assert "SameSite" not in "".join(
            line for line in browser.page.all("set-cookie") if line.startswith("csrf-state")
        )

    def test_prompt_login_asks_the_provider_again(self, env, corp):
        browser, _ = sign_in(env, corp)
        address, asked = leave(env, corp, browser, prompt="login")
        assert (address, asked["prompt"]) == (f"{corp.url}/authorize", "login")

    @pytest.mark.parametrize("managed", [True, False])
    def test_a_session_that_began_in_another_way_is_not_resumed(self, env, corp, managed):
        if not managed:
            env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        env.add_user("ada")
        local, _ = env.signed_in("ada")
        federated, _ = sign_in(env, corp)
        for browser, own, other in ((local, "COGNITO", "Corp"), (federated, "Corp", "COGNITO")):
            for named in ({}, {"identity_provider": own}):
                assert "code" in where(browser.go(env.url(**named), follow=False))[1]
            gone_to = where(browser.go(env.url(identity_provider=other), follow=False))[0]
            assert gone_to == {"Corp": f"{corp.url}/authorize", "COGNITO": "/login"}[other]

    def test_nor_without_a_prompt(self, env, corp):
        """What Amplify met: prompt=none with identity_provider=COGNITO (amplify-js#14897)."""
        browser, _ = sign_in(env, corp)
        asked = {"prompt": "none", "state": "s"}
        assert "code" in where(browser.go(env.url(**asked), follow=False))[1]
        answer = browser.go(env.url(identity_provider="COGNITO", **asked), follow=False)
        assert where(answer) == (CALLBACK, {"error": "login_required", "state": "s"})

    def test_its_identifier_resumes_its_session_too(self, env, corp):
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="Corp", IdpIdentifiers=["corp.example"]
        )
        browser, _ = sign_in(env, corp)
        assert "code" in where(browser.go(env.url(idp_identifier="corp.example"), follow=False))[1]

    def test_a_session_makes_it_needless(self, env, corp):
        browser, _ = sign_in(env, corp)
        address, given = where(browser.go(env.url(identity_provider="Corp")))
        assert address == CALLBACK
        assert env.redeem(given["code"]).json["access_token"]


class TestTheWayBack:
    def test_ends_at_the_callback_with_code_and_state(self, env, corp):
        browser, (address, given) = sign_in(env, corp, state='{"a": 1}')
        assert address == CALLBACK
        assert set(given) == {"code", "state"}
        assert given["state"] == '{"a": 1}'
        assert "csrf-state" not in browser.cookies

    def test_in_the_fragment_for_the_implicit_flow(self, env, corp):
        _, (_, given) = sign_in(env, corp, response_type="token", scope="openid email")
        assert claims(given["id_token"])["email"] == "ada@corp.example"
        assert "refresh_token" not in given

    def test_the_code_is_redeemed_by_post_with_the_secret_in_the_body(self, env, corp):
        sign_in(env, corp)
        ((method, _, given, headers),) = corp.requests("/token")
        assert method == "POST"
        assert list(given) == ["grant_type", "redirect_uri", "client_id", "client_secret", "code"]
        assert given["client_secret"] == [SECRET]
        assert given["code"] == ["c-1"]
        assert "Authorization" not in headers
        assert headers["User-Agent"] == "Amazon/Cognito"

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_user_info_is_asked_with_the_access_token(self, env, corp, method):
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id,
            ProviderName="Corp",
            ProviderDetails={
                "client_id": "app",
                "client_secret": SECRET,
                "authorize_scopes": "openid",
                "oidc_issuer": corp.url,
                "attributes_request_method": method,
            },
        )
        sign_in(env, corp)
        ((used, _, _, headers),) = corp.requests("/userinfo")
        assert (used, headers["Authorization"]) == (method, "Bearer at-1")

    def test_claims_of_the_id_token_win_over_user_info(self, env, corp):
        corp.claims = {"sub": "u-1", "email": "token@corp.example"}
        corp.profile = {"sub": "u-1", "email": "info@corp.example", "name": "Ada of userInfo"}
        sign_in(env, corp)
        found = env.attributes("Corp_u-1")
        assert (found["email"], found["name"]) == ("token@corp.example", "Ada of userInfo")

    def test_keys_are_read_again_for_every_token(self, env, corp):
        sign_in(env, corp)
        corp.issuer.keys = [corp.issuer.jwk(EC, "new", "ES256")]
        corp.signing = {"key": EC, "kid": "new", "algorithm": "ES256"}
        assert "code" in sign_in(env, corp)[1][1]
        assert len(corp.requests("/keys")) == 2

    def test_a_secret_may_sign_too(self, env, corp):
        corp.signing = {"key": SECRET, "algorithm": "HS256"}
        assert "code" in sign_in(env, corp)[1][1]

    def test_a_lone_key_needs_no_name(self, env, corp):
        corp.signing = {"kid": None}
        _, (_, given) = sign_in(env, corp)
        assert given["error_description"] == "Bad id_token signature"
        corp.issuer.keys = corp.issuer.keys[:1]
        assert "code" in sign_in(env, corp, env.browser())[1][1]

    def test_the_parameters_of_an_error_are_in_awss_order(self, env, corp):
        corp.claims["aud"] = "other"
        _, (_, given) = sign_in(env, corp, state="s")
        assert list(given) == ["error_description", "state", "error"]

    def test_an_error_of_the_provider_is_passed_on(self, env, corp):
        browser = env.browser()
        _, asked = leave(env, corp, browser, state="s")
        address, given = come_back(
            browser,
            asked,
            code=None,
            error="access_denied",
            error_reason="user_denied",
            error_description="Permissions error",
        )
        assert address == CALLBACK
        assert given == {
            "error": "access_denied",
            "error_description": "Permissions error",
            "state": "s",
        }


class TestState:
    def lost(self, browser, url):
        address, given = where(browser.go(url, follow=False))
        assert (address, given["error"]) == ("/error", "Invalid state")

    def test_works_once(self, env, corp):
        browser = env.browser()
        _, asked = leave(env, corp, browser)
        assert "code" in come_back(browser, asked)[1]
        self.lost(browser, f"/oauth2/idpresponse?code=c&state={asked['state']}")

    def test_belongs_to_its_browser(self, env, corp):
        _, asked = leave(env, corp, env.browser())
        self.lost(env.browser(), f"/oauth2/idpresponse?code=c&state={asked['state']}")
        other = env.browser()
        leave(env, corp, other)
        self.lost(other, f"/oauth2/idpresponse?code=c&state={asked['state']}")

    def test_expires_after_five_minutes(self, env, corp, cognito):
        browser = env.browser()
        _, asked = leave(env, corp, browser)
        cognito.clock.advance(seconds=299)
        assert "code" in come_back(browser, asked)[1]
        _, asked = leave(env, corp, env.browser(), prompt="login")
        browser = env.browser()
        _, asked = leave(env, corp, browser)
        cognito.clock.advance(seconds=301)
        self.lost(browser, f"/oauth2/idpresponse?code=c&state={asked['state']}")

    @pytest.mark.parametrize(
        "query", ["", "?code=c", "?code=c&state=", "?code=c&state=x.y", "?state=%ff.%ff"]
    )
    def test_that_is_none(self, env, corp, query):
        self.lost(env.browser(), f"/oauth2/idpresponse{query}")

    def test_of_another_pool_is_none(self, env, corp, domain_of):
        other = domain_of()
        browser = env.browser()
        _, asked = leave(env, corp, browser)
        name, _, rest = asked["state"].partition(".")
        assert name != ""
        import base64

        forged = base64.urlsafe_b64encode(other.pool_id.encode()).decode().rstrip("=")
        self.lost(browser, f"/oauth2/idpresponse?code=c&state={forged}.{rest}")

    def test_two_tabs_do_not_disturb_each_other(self, env, corp):
        browser = env.browser()
        _, first = leave(env, corp, browser, state="1")
        nonce = corp.nonce
        _, second = leave(env, corp, browser, state="2")
        assert come_back(browser, second)[1]["state"] == "2"
        corp.nonce = nonce
        assert come_back(browser, first)[1]["state"] == "1"

    def test_at_a_domain_of_its_own(self, env, corp):
        env.managed_domain()
        browser = env.browser(host="shop.auth.us-east-1.localhost:4577")
        _, asked = leave(env, corp, browser)
        assert asked["redirect_uri"] == "http://shop.auth.us-east-1.localhost:4577/oauth2/idpresponse"
        assert "code" in come_back(browser, asked)[1]


class TestRefusals:
    """Each fault reaches the callback as invalid_request, and no user is created."""

    def refused(self, env, corp, description=None):
        _, (address, given) = sign_in(env, corp, state="s")
        assert address == CALLBACK
        assert (given["error"], given["state"]) == ("invalid_request", "s")
        assert "code" not in given
        if description is not None:
            assert given["error_description"] == description
        with refused("UserNotFoundException"):
            env.user("Corp_u-1")
        return given["error_description"]

    def test_a_foreign_issuer(self, env, corp):
        corp.claims["iss"] = "https://evil.example"
        self.refused(env, corp, "Bad id_token issuer https://evil.example")

    @pytest.mark.parametrize("audience", ["other", ["a", "b"], None, 5])
    def test_a_foreign_audience(self, env, corp, audience):
        corp.claims["aud"] = audience
        self.refused(env, corp)

    def test_one_of_several_audiences_is_enough(self, env, corp):
        corp.claims["aud"] = ["other", "app"]
        assert "code" in sign_in(env, corp)[1][1]

    @pytest.mark.parametrize("expires", [1, None, "soon"])
    def test_an_expired_token(self, env, corp, expires):
        if expires == "soon":
            corp.token = lambda _: {
                "access_token": "a",
                "id_token": jwt.encode(
                    {"iss": corp.url, "aud": "app", "sub": "u-1", "nonce": corp.nonce, "exp": "soon"},
                    SECRET,
                    algorithm="HS256",
                ),
            }
        else:
            corp.claims["exp"] = expires
        self.refused(env, corp)

    @pytest.mark.parametrize("nonce", ["other", None])
    def test_a_foreign_nonce(self, env, corp, nonce):
        corp.claims["nonce"] = nonce
        self.refused(env, corp)

    @pytest.mark.parametrize(
        "signing",
        [
            {"key": EC, "kid": "two", "algorithm": "ES256", "headers": "none"},
            {"kid": "three"},
            {"key": "wrong-secret-wrong-secret-wrong-secret", "algorithm": "HS256"},
            {"key": None, "algorithm": "none"},
        ],
    )
    def test_a_bad_signature(self, env, corp, signing):
        if signing.pop("headers", None):
            corp.issuer.keys = [corp.issuer.jwk(EC, "another", "ES256")]
        corp.signing = signing
        self.refused(env, corp)

    def test_a_public_key_is_no_secret(self, env, corp):
        """The old confusion of algorithms: the JWKS used as an HMAC key."""
        corp.signing = {"key": json.dumps(corp.issuer.keys[0]), "algorithm": "HS256"}
        self.refused(env, corp)

    @pytest.mark.parametrize("token", [None, 5, "", "a.b.c", "x" * 100_000])
    def test_no_token(self, env, corp, token):
        corp.token = lambda _: {"access_token": "a", "id_token": token}
        self.refused(env, corp)

    def test_no_access_token(self, env, corp):
        corp.token = lambda _: {"id_token": corp.id_token()}
        self.refused(env, corp)

    def test_an_error_of_the_token_endpoint(self, env, corp):
        corp.token = lambda _: (400, {"error": "invalid_grant"})
        self.refused(env, corp, "Corp Error - 400 error getting token")
        corp.token = lambda _: (503, b"<html>down</html>")
        self.refused(env, corp, "Corp Error - 503 error getting token")

    @pytest.mark.parametrize("answer", [b"<html>", b"[]", b"", b"\xff\xfe", b" " * 2_000_000, b"[" * 50_000])
    def test_a_token_endpoint_that_answers_something_else(self, env, corp, answer):
        corp.token = lambda _: answer
        self.refused(env, corp)

    @pytest.mark.parametrize("answer", [None, [], {"keys": 5}, {"keys": [{}]}, {}])
    def test_keys_that_are_none(self, env, corp, answer):
        corp.issuer.answers["/keys"] = lambda _: answer
        self.refused(env, corp)

    def test_user_info_about_somebody_else(self, env, corp):
        corp.profile = {"sub": "mallory", "name": "Mallory"}
        self.refused(env, corp)

    def test_user_info_that_is_refused(self, env, corp):
        corp.issuer.answers["/userinfo"] = lambda _: (401, {"error": "invalid_token"})
        self.refused(env, corp)

    def test_no_subject(self, env, corp):
        corp.claims.pop("sub")
        corp.claims["sub"] = None
        corp.profile = {}
        self.refused(env, corp, "username attribute mapping required")

    @pytest.fixture
    def impatient(self, monkeypatch):
        """Shortens a limit of requests, for an endpoint alone: others may take their time on a busy machine."""

        def impatient(path, limit, seconds):
            fetch = outside.fetch

            def fetched(url, **more):
                with monkeypatch.context() as shortened:
                    if url.endswith(path):
                        shortened.setattr(outside, limit, seconds)
                    return fetch(url, **more)

            monkeypatch.setattr(outside, "fetch", fetched)

        return impatient

    @pytest.mark.parametrize(
        ("path", "told"),
        [
            ("/token", "Timeout occurred in calling IdP token endpoint"),
            ("/keys", "Timeout in calling jwks uri"),
            ("/userinfo", "Read timed out"),
        ],
    )
    def test_an_endpoint_that_hangs(self, env, corp, impatient, monkeypatch, path, told):
        over = threading.Event()
        monkeypatch.setattr(outside, "LONGEST", LONG)
        corp.issuer.answers[path] = lambda _: over.wait(LONG)
        impatient(path, "SECONDS", 0.2)
        with promptly():
            self.refused(env, corp, told)
        until(lambda: path in corp.issuer.asked)
        over.set()

    def test_an_answer_that_drips(self, env, corp, impatient):
        """Each byte comes in time, and all of them never."""
        server = socket.create_server(("127.0.0.1", 0))

        def drip():
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                try:
                    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1200:
                        connection.send(bytes([byte]))
                        time.sleep(0.05)
                except OSError:
                    pass

        threading.Thread(target=drip, daemon=True).start()
        corp.document["token_endpoint"] = f"http://127.0.0.1:{server.getsockname()[1]}/dripping"
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id,
            ProviderName="Corp",
            ProviderDetails={
                "client_id": "app",
                "client_secret": SECRET,
                "authorize_scopes": "openid",
                "oidc_issuer": corp.url,
            },
        )
        impatient("/dripping", "LONGEST", 0.5)
        with promptly():
            self.refused(env, corp, "Timeout occurred in calling IdP token endpoint")
        server.close()

    def test_a_connection_that_breaks(self, env, corp):
        corp.token = lambda _: (_ for _ in ()).throw(ConnectionAbortedError)
        self.refused(env, corp, "Connection reset")

    def test_other_calls_are_answered_while_a_provider_hangs(self, env, corp):
        answered = []

        def slowly(_):
            answered.append(env.idp.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]["Id"])
            return {"access_token": "at-1", "id_token": corp.id_token()}

        corp.token = slowly
        assert "code" in sign_in(env, corp)[1][1]
        assert answered == [env.pool_id]

    def test_a_provider_that_goes_meanwhile(self, env, corp):
        def gone(_):
            env.idp.delete_identity_provider(UserPoolId=env.pool_id, ProviderName="Corp")
            return {"access_token": "at-1", "id_token": corp.id_token()}

        corp.token = gone
        assert "does not exist" in self.refused(env, corp)


class TestUser:
    def test_is_named_by_provider_and_subject(self, env, corp):
        sign_in(env, corp)
        user = env.user("Corp_u-1")
        assert (user["UserStatus"], user["Enabled"]) == ("EXTERNAL_PROVIDER", True)
        found = env.attributes("Corp_u-1")
        assert len(found["sub"]) == 36
        assert (found["email"], found["email_verified"], found["name"]) == (
            "ada@corp.example",
            "false",
            "Ada",
        )
        (identity,) = json.loads(found["identities"])
        assert isinstance(identity.pop("dateCreated"), int)
        assert identity == {
            "userId": "u-1",
            "providerName": "Corp",
            "providerType": "OIDC",
            "issuer": None,
            "primary": True,
        }

    def test_has_identities_group_and_method_in_the_tokens(self, env, corp):
        answer = tokens(env, corp)
        identity, access = claims(answer["id_token"]), claims(answer["access_token"])
        (entry,) = identity["identities"]
        assert (entry["userId"], entry["primary"]) == ("u-1", "true")
        assert entry["dateCreated"].isdigit()
        assert identity["cognito:username"] == access["username"] == "Corp_u-1"
        group = f"{env.pool_id}_Corp"
        assert identity["cognito:groups"] == access["cognito:groups"] == [group]
        assert identity["amr"] == ["fed"]
        assert len(identity["nonce"]) > 10
        assert "identities" not in access
        found = env.idp.get_group(UserPoolId=env.pool_id, GroupName=group)["Group"]
        assert found["Description"] == "Autogenerated group for users who sign in using Corp"

    def test_is_the_same_at_the_next_sign_in(self, env, corp):
        sign_in(env, corp)
        sub = env.attributes("Corp_u-1")["sub"]
        corp.claims["name"] = "Ada L."
        sign_in(env, corp)
        found = env.attributes("Corp_u-1")
        assert (found["sub"], found["name"]) == (sub, "Ada L.")
        assert len(env.idp.list_users(UserPoolId=env.pool_id)["Users"]) == 1

    def test_is_found_by_its_status(self, env, corp):
        sign_in(env, corp)
        condition = 'cognito:user_status = "EXTERNAL_PROVIDER"'
        found = env.idp.list_users(UserPoolId=env.pool_id, Filter=condition)["Users"]
        assert [of["Username"] for of in found] == ["Corp_u-1"]

    def test_shows_its_identities_at_user_info(self, env, corp):
        from support.http import ask

        access = tokens(env, corp)["access_token"]
        answer = ask(
            env.application, "GET", "/oauth2/userInfo", headers={"Authorization": f"Bearer {access}"}
        )
        assert json.loads(answer.json["identities"])[0]["userId"] == "u-1"
        assert answer.json["username"] == "Corp_u-1"

    def test_refreshes_without_the_provider(self, env, corp):
        refresh = tokens(env, corp)["refresh_token"]
        before = len(corp.issuer.requests)
        answer = env.token(
            {"grant_type": "refresh_token", "client_id": env.client_id, "refresh_token": refresh}
        )
        assert claims(answer.json["id_token"])["cognito:username"] == "Corp_u-1"
        assert len(corp.issuer.requests) == before

    def test_is_in_lower_case_where_the_pool_ignores_case(self, domain_of, cognito):
        env = domain_of(pool={"UsernameConfiguration": {"CaseSensitive": False}})
        with upstream(env) as corp:
            corp.claims["sub"] = corp.profile["sub"] = "MDRHj2Asx8"
            add_oidc(env, corp)
            web_client(env, "Corp")
            sign_in(env, corp)
            assert env.user("corp_mdrhj2asx8")["Username"] == "corp_mdrhj2asx8"
            entry = json.loads(env.attributes("corp_mdrhj2asx8")["identities"])[0]
            assert entry["userId"] == "MDRHj2Asx8"
            corp.claims["sub"] = corp.profile["sub"] = "mdrhj2asx8"
            _, (_, given) = sign_in(env, corp)
            assert given["error_description"] == "Invalid ProviderName/Username combination. "

    def test_a_disabled_one_does_not_come_in(self, env, corp):
        sign_in(env, corp)
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="Corp_u-1")
        assert sign_in(env, corp)[1][1]["error"] == "invalid_request"

    def test_has_no_password(self, env, corp):
        sign_in(env, corp)
        env.client_of(
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        )
        with refused("NotAuthorizedException", "Incorrect username or password."):
            env.sign_in("Corp_u-1")
        with refused("NotAuthorizedException", "Incorrect username or password."):
            env.idp.initiate_auth(
                ClientId=env.client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "Corp_u-1"}
            )
        with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
            env.forgot("Corp_u-1")

    def test_cannot_change_a_password(self, env, corp):
        access = tokens(env, corp)["access_token"]
        with refused("NotAuthorizedException"):
            env.idp.change_password(AccessToken=access, ProposedPassword=PASSWORD)

    def test_has_no_second_factor_here(self, domain_of):
        env = domain_of()
        with upstream(env) as corp:
            add_oidc(env, corp)
            web_client(env, "COGNITO", "Corp")
            env.idp.set_user_pool_mfa_config(
                UserPoolId=env.pool_id,
                MfaConfiguration="ON",
                SoftwareTokenMfaConfiguration={"Enabled": True},
            )
            browser, (_, given) = sign_in(env, corp)
            assert env.redeem(given["code"]).json["access_token"]
            assert "code" in where(browser.go(env.url()))[1]

    def test_has_no_devices_and_no_passkeys_here(self, domain_of):
        env = domain_of(
            {
                "DeviceConfiguration": {"DeviceOnlyRememberedOnUserPrompt": False},
                "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
            }
        )
        with upstream(env) as corp:
            add_oidc(env, corp)
            web_client(env, "COGNITO", "Corp")
            env.idp.set_user_pool_mfa_config(
                UserPoolId=env.pool_id,
                MfaConfiguration="OFF",
                WebAuthnConfiguration={"RelyingPartyId": "localhost"},
            )
            access = tokens(env, corp)["access_token"]
            assert "device_key" not in claims(access)
            named = {"UserPoolId": env.pool_id, "Username": "Corp_u-1"}
            assert env.idp.admin_list_devices(**named)["Devices"] == []
            with refused("NotAuthorizedException", "Federated users cannot register passkeys."):
                env.idp.start_web_authn_registration(AccessToken=access)
            browser, _ = sign_in(env, corp)
            browser.go(env.url("/passkeys/add", response_type=None))
            assert browser.error == "Federated users cannot register passkeys."
            env.idp.admin_set_user_password(**named, Password=PASSWORD, Permanent=True)
            assert env.idp.start_web_authn_registration(AccessToken=access)["CredentialCreationOptions"]

    def test_gets_a_password_from_an_administrator(self, env, corp):
        sign_in(env, corp)
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="Corp_u-1", Password=PASSWORD, Permanent=True
        )
        assert env.status("Corp_u-1") == "CONFIRMED"
        env.client_of()
        assert env.sign_in("Corp_u-1")["AccessToken"]

    def test_a_name_that_is_taken(self, env, corp):
        env.add_user("Corp_u-1")
        _, (_, given) = sign_in(env, corp)
        assert given["error_description"] == "Already found an entry for username Corp_u-1"
        assert given["error"] == "invalid_request"

    def test_of_a_provider_that_was_added_again_is_a_new_one(self, env, corp, cognito):
        sign_in(env, corp)
        sub = env.attributes("Corp_u-1")["sub"]
        env.idp.delete_identity_provider(UserPoolId=env.pool_id, ProviderName="Corp")
        assert env.status("Corp_u-1") == "EXTERNAL_PROVIDER"
        cognito.clock.advance(seconds=5)
        add_oidc(env, corp)
        sign_in(env, corp)
        assert env.attributes("Corp_u-1")["sub"] != sub

    def test_is_not_found_by_an_address_that_others_sign_in_with(self, domain_of):
        env = domain_of(pool={"UsernameAttributes": ["email"]})
        with upstream(env) as corp:
            add_oidc(env, corp)
            web_client(env, "COGNITO", "Corp")
            sign_in(env, corp)
            env.add_user("ada@corp.example")
            assert env.status("ada@corp.example") == "CONFIRMED"
            assert len(env.idp.list_users(UserPoolId=env.pool_id)["Users"]) == 2

    def test_the_providers_level_is_the_pools(self, env, corp):
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="Corp", AcrMapping={"Level3": "gold"}
        )
        corp.claims["acr"] = "gold"
        assert claims(tokens(env, corp)["id_token"])["acr"] == "urn:cognito:loa:3"
        corp.claims["acr"] = "unknown"
        assert claims(tokens(env, corp)["id_token"])["acr"] == "urn:cognito:loa:1"
