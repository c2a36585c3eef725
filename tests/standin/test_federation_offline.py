"""Sign-ins of a user pool through the stand-ins, as a test does them: with requests, in process and on a port."""

import boto3
import jwt
import pytest
import requests
from support.federated_shop import KEYS, Shop, provider_details

from cogmock.testing.server import CognitoServer

PROVIDERS = ["Google", "Facebook", "LoginWithAmazon", "SignInWithApple", "CompanyOIDC", "CompanySAML"]
REASONS = {
    "expired": "Session has expired|parameter : access_token",
    "audience": "client secret|parameter : code",
}
"""Faults of providers without signed tokens → words of which the log has one."""


@pytest.fixture
def shop(cognito):
    return Shop()


@pytest.fixture
def reasons(caplog):
    """What the log tells of refusals."""
    caplog.set_level("INFO", "cogmock")
    return lambda: " ".join(record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("provider", PROVIDERS)
class TestSignIn:
    def test_a_user_comes_out_of_it(self, shop, provider):
        tokens = shop.tokens(shop.sign_in(provider)["code"])
        claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
        assert claims["email"] == "ada@example.com"
        assert claims["identities"][0]["providerName"] == provider
        user = shop.idp.admin_get_user(UserPoolId=shop.pool, Username=claims["cognito:username"])
        assert user["UserStatus"] == "EXTERNAL_PROVIDER"
        assert user["Username"] == f"{provider}_{claims['identities'][0]['userId']}"

    def test_a_replay_is_refused_for_its_reason(self, shop, reasons, provider):
        assert "code" in shop.sign_in(provider)
        got = shop.sign_in(provider, fault="replay")
        assert "code" not in got
        words = (
            "used",
            "invalid_grant",
            "parameter : code",
            "has been revoked",
            "bad request",
            "inresponseto",
        )
        assert any(word in reasons().lower() for word in words), reasons()


@pytest.mark.parametrize("provider", ["Facebook", "LoginWithAmazon"])
@pytest.mark.parametrize("fault", REASONS)
def test_each_fault_is_refused_for_its_reason(shop, reasons, provider, fault):
    got = shop.sign_in(provider, email="ada@example.com", fault=fault)
    assert "code" not in got
    assert got["error"]
    assert any(word.lower() in reasons().lower() for word in REASONS[fault].split("|")), reasons()
    assert shop.idp.list_users(UserPoolId=shop.pool)["Users"] == []


def test_no_reason_tells_the_client_secret(shop, reasons):
    for provider in PROVIDERS:
        shop.sign_in(provider, email="ada@example.com", fault="audience")
    assert "secret=" not in reasons()


def test_google_in_under_ten_lines(cognito, shop):
    browser = requests.Session()
    page = browser.get(shop.authorize_url("Google"))
    answer = browser.post(page.url, data={"email": "ada@example.com"}, allow_redirects=False)
    callback = browser.get(answer.headers["Location"], allow_redirects=False).headers["Location"]
    assert callback.startswith("http://localhost:3000/callback?code=")


def test_claims_reach_the_attributes_that_are_mapped(shop):
    shop.idp.update_identity_provider(
        UserPoolId=shop.pool,
        ProviderName="CompanySAML",
        AttributeMapping={"email": "email", "nickname": "team"},
    )
    tokens = shop.tokens(shop.sign_in("CompanySAML", email="a@x.org", claims='{"team": "red"}')["code"])
    name = jwt.decode(tokens["id_token"], options={"verify_signature": False})["cognito:username"]
    attributes = shop.idp.admin_get_user(UserPoolId=shop.pool, Username=name)["UserAttributes"]
    assert {"Name": "nickname", "Value": "red"} in attributes


def test_encrypted_assertions(cognito):
    shop = Shop(SAML={"EncryptedResponses": "true", "RequestSigningAlgorithm": "rsa-sha256"})
    assert "code" in shop.sign_in("CompanySAML")


def test_single_logout_comes_back_to_the_app(cognito):
    shop = Shop(SAML={"IDPSignout": "true"})
    browser = requests.Session()
    assert "code" in shop.sign_in("CompanySAML", browser)
    away = f"{shop.domain}/logout?client_id={shop.client}&logout_uri={shop.callback}"
    answer = browser.get(away, allow_redirects=False)
    assert "/saml/company/slo?" in answer.headers["Location"]
    assert shop.followed(browser, answer) == {}


def test_a_server_needs_no_socket_to_ask_itself():
    """Its public URL may lead to it from elsewhere alone."""
    with CognitoServer(public_url="https://login.example") as server:
        idp = server.client("cognito-idp")
        pool = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        for kind, name in (("OIDC", "Company"), ("SAML", "CompanySSO")):
            made = idp.create_identity_provider(
                UserPoolId=pool,
                ProviderName=name,
                ProviderType=kind,
                ProviderDetails=provider_details("https://login.example")[kind],
                AttributeMapping={"email": "email"},
            )["IdentityProvider"]["ProviderDetails"]
            found = made["authorize_url" if kind == "OIDC" else "SSORedirectBindingURI"]
            assert found.startswith("https://login.example/_cogmock/idp/")


def test_a_server_asks_its_own_stand_ins(cognito_server):
    shop = Shop(f"http://localhost:{cognito_server.settings.port}")
    for provider in PROVIDERS:
        assert "code" in shop.sign_in(provider), provider


@pytest.mark.parametrize(
    "host", ["accounts.google.com", "appleid.apple.com", "graph.facebook.com", "www.amazon.com"]
)
def test_identity_pools_take_the_tokens_of_the_social_stand_ins(cognito, visitor, host):
    from support.standin_visitor import CALLBACK, sent

    path = {"accounts.google.com": "/google/o/oauth2/v2/auth", "appleid.apple.com": "/apple/auth/authorize"}
    path |= {"graph.facebook.com": "/facebook/dialog/oauth", "www.amazon.com": "/amazon/ap/oa"}
    identity = boto3.client("cognito-identity", **KEYS)
    pool = identity.create_identity_pool(
        IdentityPoolName="p", AllowUnauthenticatedIdentities=False, SupportedLoginProviders={host: "app"}
    )["IdentityPoolId"]
    kind = "id_token" if host in {"accounts.google.com", "appleid.apple.com"} else "token"
    asked = {"client_id": "app", "response_type": kind, "nonce": "n", "scope": "openid profile"}
    asked |= {"response_mode": "form_post"} if host == "appleid.apple.com" else {}

    def login(**fields):
        got = sent(visitor.sign_in(path[host], {"redirect_uri": CALLBACK, **asked}, **fields))
        return {host: got["id_token" if kind == "id_token" else "access_token"]}

    found = identity.get_id(IdentityPoolId=pool, Logins=login())["IdentityId"]
    assert identity.get_id(IdentityPoolId=pool, Logins=login())["IdentityId"] == found
    for fault in ("audience", "expired"):
        with pytest.raises(identity.exceptions.NotAuthorizedException):
            identity.get_id(IdentityPoolId=pool, Logins=login(fault=fault))
