"""POST /_cogmock/browser-session: the cookies of a signed-in browser."""

import pytest
from support.browser import CALLBACK, Browser, where

from cogmock.core.call import Call
from cogmock.userpools.rules.directory import identities
from cogmock.web.app import Application


@pytest.fixture
def shop(aws):
    """A pool with ada, a domain, and a client with the code flow: what the call takes."""
    pool = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
    aws("CreateUserPoolDomain", UserPoolId=pool, Domain="shop")
    client = aws(
        "CreateUserPoolClient",
        UserPoolId=pool,
        ClientName="web",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=[CALLBACK],
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]["ClientId"]
    aws("AdminCreateUser", UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
    aws("AdminSetUserPassword", UserPoolId=pool, Username="ada", Password="Corr3ct-Horse!", Permanent=True)
    return {"user_pool_id": pool, "client_id": client, "username": "ada"}


def _url(shop):
    return f"/oauth2/authorize?client_id={shop['client_id']}&response_type=code&scope=openid&redirect_uri={CALLBACK}"


class TestBrowserSession:
    def test_signs_in_where_the_cookies_are_sent(self, control, world, shop):
        state = control("POST", "/browser-session", shop).json
        assert state["origins"] == []
        hosts = {cookie["domain"]: cookie for cookie in state["cookies"]}
        assert set(hosts) == {"localhost", "shop.auth.us-east-1.localhost"}
        for host, cookie in hosts.items():
            browser = Browser(Application(world), f"{host}:4577")
            assert where(browser.go(_url(shop), follow=False))[0] == "/login"
            browser.cookies[cookie["name"]] = cookie["value"]
            address, query = where(browser.go(_url(shop), follow=False))
            assert (address, "code" in query) == (CALLBACK, True)

    def test_of_a_federated_user_is_of_the_provider(self, control, world, aws, shop):
        pool = shop["user_pool_id"]
        aws(
            "CreateIdentityProvider",
            UserPoolId=pool,
            ProviderName="Google",
            ProviderType="Google",
            ProviderDetails={"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"},
        )
        aws(
            "UpdateUserPoolClient",
            UserPoolId=pool,
            ClientId=shop["client_id"],
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=[CALLBACK],
            SupportedIdentityProviders=["COGNITO", "Google"],
        )
        found = world.find_pool(pool)[1]
        user = found.users.get("ada")
        with Call(world, world.region(), "request") as call:
            provider = found.identity_providers["Google"]
            identities.add(call, found, user, provider, "Cognito_Subject", "g-1", primary=True)
        user.status = "EXTERNAL_PROVIDER"
        browser = Browser(Application(world))
        cookie = control("POST", "/browser-session", shop).json["cookies"][0]
        browser.cookies[cookie["name"]] = cookie["value"]
        assert "code" in where(browser.go(f"{_url(shop)}&identity_provider=Google", follow=False))[1]
        assert where(browser.go(f"{_url(shop)}&identity_provider=COGNITO", follow=False))[0] == "/login"
        assert found.browser_sessions[cookie["value"]].amr == ("fed",)

    def test_is_in_the_form_of_playwright(self, control, shop):
        for cookie in control("POST", "/browser-session", shop).json["cookies"]:
            assert set(cookie) == {
                *("name", "value", "domain", "path", "expires", "httpOnly", "secure", "sameSite")
            }
            assert cookie["httpOnly"]
            assert cookie["sameSite"] == "Lax"

    def test_is_refused_for_a_user_who_cannot_have_signed_in(self, control, aws, shop):
        pool = shop["user_pool_id"]
        aws("AdminCreateUser", UserPoolId=pool, Username="bob", MessageAction="SUPPRESS")
        answer = control("POST", "/browser-session", {**shop, "username": "bob"})
        assert (answer.status, "FORCE_CHANGE_PASSWORD" in answer.json["message"]) == (400, True)
        aws("AdminDisableUser", UserPoolId=pool, Username="ada")
        answer = control("POST", "/browser-session", shop)
        assert (answer.status, "disabled" in answer.json["message"]) == (400, True)

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"user_pool_id": "us-east-1_nowhere00"}, "ResourceNotFoundException"),
            ({"client_id": "none"}, "ResourceNotFoundException"),
            ({"username": "eve"}, "UserNotFoundException"),
            ({"username": None}, "InvalidRequest"),
            ({"username": 7}, "InvalidRequest"),
            ({"cookie": "x"}, "InvalidRequest"),
        ],
    )
    def test_says_what_is_wrong(self, control, shop, changed, error):
        answer = control("POST", "/browser-session", {**shop, **changed})
        assert (answer.status in {400, 404}, answer.json["error"]) == (True, error)


class TestRedeem:
    @pytest.fixture
    def code(self, control, world, shop):
        state = control("POST", "/browser-session", shop).json
        browser = Browser(Application(world))
        browser.cookies["cognito"] = state["cookies"][0]["value"]
        query = f"&code_challenge={'c' * 43}&code_challenge_method=S256"
        return where(browser.go(_url(shop) + query, follow=False))[1]["code"]

    def test_needs_no_verifier(self, control, shop, code):
        answer = control("POST", "/redeem", {"code": code})
        assert answer.status == 200, answer.json
        assert answer.json["client_id"] == shop["client_id"]
        assert answer.json["redirect_uri"] == CALLBACK
        told = control("POST", "/inspect", {"token": answer.json["id_token"]}).json
        assert (told["valid"], told["claims"]["cognito:username"]) == (True, "ada")

    def test_counts_once(self, control, code):
        access = control("POST", "/redeem", {"code": code}).json["access_token"]
        answer = control("POST", "/redeem", {"code": code})
        assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
        told = control("POST", "/inspect", {"token": access}).json
        assert (told["valid"], told["reason"]) == (False, "Access Token has been revoked")

    def test_is_refused_when_it_has_expired(self, control, code):
        control("POST", "/clock", {"advance_seconds": 301})
        assert "expired" in control("POST", "/redeem", {"code": code}).json["message"]

    @pytest.mark.parametrize("code", ["", "x", None, 1])
    def test_of_no_code_is_refused(self, control, code):
        assert control("POST", "/redeem", {"code": code}).status in {400, 404}


class TestInspect:
    @pytest.fixture
    def tokens(self, control, shop):
        return control("POST", "/tokens", shop).json

    def test_tells_claims_and_time(self, control, shop, tokens):
        told = control("POST", "/inspect", {"token": f"Bearer {tokens['access_token']}"}).json
        assert (told["valid"], told["reason"], told["user_pool_id"]) == (True, None, shop["user_pool_id"])
        assert told["header"]["alg"] == "RS256"
        assert told["claims"]["username"] == "ada"
        assert 3590 <= told["seconds_left"] <= 3600

    def test_tells_expiry_by_the_servers_clock(self, control, tokens):
        control("POST", "/clock", {"advance_seconds": 7200})
        told = control("POST", "/inspect", {"token": tokens["id_token"]}).json
        assert (told["valid"], told["seconds_left"] < 0) == (False, True)
        assert told["reason"].startswith("it expired at ")

    def test_tells_revocation(self, control, aws, shop, tokens):
        aws("AdminUserGlobalSignOut", UserPoolId=shop["user_pool_id"], Username="ada")
        told = control("POST", "/inspect", {"token": tokens["access_token"]}).json
        assert (told["valid"], told["reason"]) == (False, "Access Token has been revoked")

    def test_tells_a_forged_signature(self, control, tokens):
        head, payload, signature = tokens["access_token"].split(".")
        forged = f"{head}.{payload}.{signature[:-8]}AAAAAAAA"
        told = control("POST", "/inspect", {"token": forged}).json
        assert (told["valid"], told["reason"]) == (False, "not signed by this pool")

    def test_tells_a_foreign_issuer(self, control):
        token = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2V4YW1wbGUuY29tIn0.AAAA"
        told = control("POST", "/inspect", {"token": token}).json
        assert (told["valid"], "https://example.com" in told["reason"]) == (False, True)

    def test_tells_a_pool_that_was_made_anew(self, control, tokens, world, shop):
        world.find_pool(shop["user_pool_id"])[1].keys = None
        assert "made anew" in control("POST", "/inspect", {"token": tokens["id_token"]}).json["reason"]

    @pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d.e", "....", None, 7, "é.ü.ß"])
    def test_of_no_token_is_refused(self, control, token):
        answer = control("POST", "/inspect", {"token": token})
        assert (answer.status, answer.json["error"]) == (400, "InvalidRequest")
