"""Sign-in through all six types of providers, at the built-in stand-ins: no network, and every fault refused."""

from __future__ import annotations

import json

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from support.browser import CALLBACK, where
from support.saml_upstream import post
from support.standin_sign_in import go
from support.standin_visitor import IDP, sent_to
from support.upstream import web_client

from cogmock.federation import code_exchange

KEY = (
    ec.generate_private_key(ec.SECP256R1())
    .private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    .decode()
)
SECRETS = {"client_id": "app", "client_secret": "secret"}
DETAILS = {
    "Google": {**SECRETS, "authorize_scopes": "openid email profile"},
    "Facebook": {**SECRETS, "authorize_scopes": "public_profile, email", "api_version": "v17.0"},
    "LoginWithAmazon": {**SECRETS, "authorize_scopes": "profile"},
    "SignInWithApple": {
        "client_id": "com.example.app",
        "team_id": "TEAM",
        "key_id": "KEY",
        "private_key": KEY,
        "authorize_scopes": "email name",
    },
    "OIDC": {
        **SECRETS,
        "authorize_scopes": "openid email profile",
        "oidc_issuer": f"{IDP}/oidc/corp",
        "attributes_request_method": "GET",
    },
    "SAML": {"MetadataURL": f"{IDP}/saml/corp/metadata"},
}
SUBJECTS = {"Facebook": "id", "LoginWithAmazon": "user_id"}
SIGNED = ["Google", "SignInWithApple", "OIDC", "SAML"]


@pytest.fixture
def made(domain_of):
    def made(kind, *, details=None, mapping=None, **pool):
        env = domain_of(pool=pool)
        env.kind, env.provider = kind, kind if kind not in {"OIDC", "SAML"} else "Corp"
        env.idp.create_identity_provider(
            UserPoolId=env.pool_id,
            ProviderName=env.provider,
            ProviderType=kind,
            ProviderDetails={**DETAILS[kind], **(details or {})},
            AttributeMapping=mapping or {"email": "email", "name": "name"},
        )
        web_client(env, "COGNITO", env.provider)
        return env

    return made


@pytest.mark.parametrize("kind", DETAILS)
class TestEachType:
    def test_signs_in(self, made, kind):
        env = made(kind)
        _, (address, given) = go(env, name="Ada Lovelace")
        assert (address, set(given)) == (CALLBACK, {"code", "state"})
        claims = jwt.decode(env.redeem(given["code"]).json["id_token"], options={"verify_signature": False})
        assert claims["email"] == "ada@example.com"
        (entry,) = claims["identities"]
        assert entry["providerType"] == kind
        assert claims["cognito:username"] == f"{env.provider}_{entry['userId']}"
        assert claims["cognito:groups"] == [f"{env.pool_id}_{env.provider}"]

    def test_knows_the_user_again(self, made, kind):
        env = made(kind)
        go(env)
        assert "code" in go(env, env.browser())[1][1]
        assert len(env.idp.list_users(UserPoolId=env.pool_id)["Users"]) == 1

    def test_passes_the_users_refusal_on(self, made, kind):
        env = made(kind)
        _, (address, given) = go(env, fault="denied")
        assert (address, given["state"]) == (CALLBACK, "s")
        assert "code" not in given
        if kind == "SAML":
            assert given["error"] == "server_error"
        elif kind == "SignInWithApple":
            assert given["error"] == "user_cancelled_authorize"
        else:
            assert given["error"] == "access_denied"

    def test_is_not_fooled_by_a_replay(self, made, kind):
        env = made(kind)
        go(env)
        _, (_, given) = go(env, env.browser(), fault="replay")
        assert "code" not in given
        assert given["error"] in {"invalid_request", "server_error"}


def test_threat_protection_does_not_judge_federated_users(made):
    env = made("OIDC", UserPoolTier="PLUS", UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"})
    env.cognito.risk(env.pool_id, level="HIGH")
    _, (_, given) = go(env)
    assert "code" in given
    (user,) = env.idp.list_users(UserPoolId=env.pool_id)["Users"]
    found = env.idp.admin_list_user_auth_events(UserPoolId=env.pool_id, Username=user["Username"])
    assert found["AuthEvents"] == []


@pytest.mark.parametrize("kind", DETAILS)
def test_login_hints_go_to_openid_providers_only_and_nobody_gets_pkce(made, kind):
    env = made(kind)
    _, asked = where(
        env.browser().go(env.url(identity_provider=env.provider, login_hint="ada"), follow=False)
    )
    assert ("login_hint" in asked) == (kind == "OIDC")
    assert "code_challenge" not in asked


@pytest.mark.parametrize("kind", SIGNED)
@pytest.mark.parametrize("fault", ["expired", "audience", "issuer", "signature", "nonce", "unsigned"])
def test_a_fault_ends_at_the_callback_and_its_reason_in_the_log(made, caplog, kind, fault):
    env = made(kind)
    with caplog.at_level("INFO", logger="cogmock"):
        _, (address, given) = go(env, fault=fault)
    assert (address, given["state"]) == (CALLBACK, "s")
    assert "code" not in given
    assert given["error"] == ("server_error" if kind == "SAML" else "invalid_request")
    assert env.idp.list_users(UserPoolId=env.pool_id)["Users"] == []
    words = {
        "expired": "expired",
        "audience": "not ",
        "issuer": "the issuer",
        "signature": "ignature" if kind == "SAML" else "id_token",
        "nonce": "nResponseTo" if kind == "SAML" else "nonce",
        "unsigned": "signed" if kind == "SAML" else "id_token",
    }
    logged = [record.getMessage() for record in caplog.records if "idpresponse" in record.getMessage()]
    assert any(words[fault] in line for line in logged), logged


@pytest.mark.parametrize("kind", ["Facebook", "LoginWithAmazon"])
@pytest.mark.parametrize("fault", ["expired", "audience"])
def test_a_fault_of_those_without_id_tokens(made, kind, fault):
    env = made(kind)
    _, (_, given) = go(env, fault=fault)
    assert given["error"] == "invalid_request"
    assert f"{kind} Error" in given["error_description"]


def test_an_error_of_google_is_told_with_its_code(made):
    env = made("Google")
    go(env)
    _, (_, given) = go(env, env.browser(), fault="replay")
    assert given["error_description"].startswith("Google Error - 400 invalid_grant")


def test_facebook_is_asked_for_the_mapped_fields_alone(made, monkeypatch):
    asked = []
    fetch = code_exchange.fetch_json
    monkeypatch.setattr(
        code_exchange, "fetch_json", lambda url, **more: asked.append(url) or fetch(url, **more)
    )
    env = made("Facebook", mapping={"email": "email", "family_name": "last_name"})
    assert "code" in go(env)[1][1]
    (url,) = [each for each in asked if "/me?" in each]
    assert url.partition("?")[2] == "fields=id,email,last_name"


class TestOpenid:
    @pytest.mark.parametrize("algorithm", ["RS256", "ES256", "HS256"])
    def test_algorithms(self, made, algorithm):
        env = made("OIDC")
        assert "code" in go(env, algorithm=algorithm)[1][1]

    def test_free_claims_are_mapped(self, made):
        schema = [{"Name": "groups", "AttributeDataType": "String", "Mutable": True}]
        env = made("OIDC", mapping={"custom:groups": "groups"}, Schema=schema)
        go(env, email="ada@example.com", claims=json.dumps({"groups": ["a", "b"]}))
        (user,) = env.idp.list_users(UserPoolId=env.pool_id)["Users"]
        assert {"Name": "custom:groups", "Value": "[a,b]"} in user["Attributes"]


class TestApple:
    def test_gives_the_name_at_the_first_sign_in(self, made):
        env = made(
            "SignInWithApple", mapping={"given_name": "firstName", "family_name": "lastName", "name": "name"}
        )
        go(env, name="Ada Lovelace")
        go(env, env.browser())
        (user,) = env.idp.list_users(UserPoolId=env.pool_id)["Users"]
        found = {of["Name"]: of["Value"] for of in user["Attributes"]}
        assert (found["given_name"], found["family_name"]) == ("Ada", "Lovelace")

    @pytest.mark.parametrize(
        "key", ["not a key", "MIGTAgEA", KEY.replace("A", "B", 40)], ids=["text", "short", "altered"]
    )
    def test_a_key_that_is_none(self, made, key):
        env = made("SignInWithApple", details={"private_key": key})
        _, (_, given) = go(env)
        assert given["error"] == "invalid_request"
        assert "private key" in given["error_description"]

    @pytest.mark.parametrize(
        "bare", ["".join(KEY.splitlines()[1:-1]), KEY.replace("\n", "\\n")], ids=["one line", "escaped"]
    )
    def test_a_key_without_armour_or_line_ends(self, made, bare):
        assert "code" in go(made("SignInWithApple", details={"private_key": bare}))[1][1]


class TestSaml:
    @pytest.mark.parametrize("sign", ["assertion", "response", "both"])
    @pytest.mark.parametrize("encrypted", ["true", "false"])
    def test_signed_here_or_there_encrypted_or_not(self, made, sign, encrypted):
        env = made("SAML", details={"EncryptedResponses": encrypted, "RequestSigningAlgorithm": "rsa-sha256"})
        assert "code" in go(env, sign=sign)[1][1]

    def test_single_logout(self, made):
        from urllib.parse import urlencode

        env = made("SAML", details={"IDPSignout": "true"})
        browser, _ = go(env)
        query = urlencode({"client_id": env.client_id, "logout_uri": "http://localhost:3000/bye"})
        answer = browser.go(f"/logout?{query}", follow=False)
        fields = sent_to(None, requests.get(answer.headers["location"]))
        answer = post(browser, fields["SAMLResponse"], fields["RelayState"], "/saml2/logout")
        assert where(answer)[0] == "http://localhost:3000/bye"


def test_linked_to_a_user_of_the_pool(made):
    env = made("Google")
    env.add_user("ada")
    go(env)
    subject = json.loads(
        next(
            of["Value"]
            for user in env.idp.list_users(UserPoolId=env.pool_id)["Users"]
            for of in user["Attributes"]
            if of["Name"] == "identities"
        )
    )[0]["userId"]
    env.idp.admin_delete_user(UserPoolId=env.pool_id, Username=f"Google_{subject}")
    env.idp.admin_link_provider_for_user(
        UserPoolId=env.pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "ada"},
        SourceUser={
            "ProviderName": "Google",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": subject,
        },
    )
    _, (_, given) = go(env, env.browser())
    claims = jwt.decode(env.redeem(given["code"]).json["id_token"], options={"verify_signature": False})
    assert claims["cognito:username"] == "ada"
