"""Malformed passkey credentials, posted to the pages that take a credential."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from support.authenticator import Authenticator
from support.hostile_values import plain, sent
from support.pool_env import PASSWORD

CREDENTIALS = {
    "nothing": "",
    "null": "null",
    "number": "1e999",
    "text": '"x"',
    "list": "[]",
    "no member": "{}",
    "deep": "[" * 100_000,
    "deep members": '{"response":' * 5000,
    "lone surrogate": '{"id":"\\ud800","rawId":"\\ud800","type":"public-key","response":{}}',
    "numbers for texts": '{"id":1,"rawId":2,"type":3,"response":4}',
    "lists for texts": '{"id":[],"rawId":{},"type":[],"response":[]}',
    "no base64": json.dumps(
        {
            "id": "é",
            "rawId": "!",
            "type": "public-key",
            "response": {"clientDataJSON": "%", "attestationObject": "%"},
        }
    ),
    "no CBOR": json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {"clientDataJSON": "e30", "attestationObject": "_w"},
        }
    ),
    "client data that are a list": json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {"clientDataJSON": "W10", "attestationObject": "oA"},
        }
    ),
    "deep client data": json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {"clientDataJSON": "W1tb" * 9000, "attestationObject": "oA"},
        }
    ),
    "deep CBOR": json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {"clientDataJSON": "e30", "attestationObject": "gYGB" * 9000},
        }
    ),
    "an assertion": json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "AA",
                "signature": "AA",
                "userHandle": 7,
            },
        }
    ),
    "a megabyte": json.dumps({"id": "A" * 1_000_000}),
}


@pytest.fixture
def keyed(domain_of):
    """The relying party is the plain host, the client offers the choice, and ada has a password and a passkey."""
    policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    env = domain_of({"Policies": policy}, ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"])
    env.idp.set_user_pool_mfa_config(
        UserPoolId=env.pool_id,
        WebAuthnConfiguration={"RelyingPartyId": "localhost", "UserVerification": "preferred"},
    )
    env.add_user()
    token = env.sign_in()["AccessToken"]
    options = env.idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    made = Authenticator(origin="http://localhost:4577").register(options)
    env.idp.complete_web_authn_registration(AccessToken=token, Credential=made)
    return env


@pytest.fixture
def signed_in(keyed):
    """A browser that knows ada, by her password."""
    browser = keyed.browser()
    browser.go(keyed.url())
    browser.submit(username="ada")
    browser.submit(answer="PASSWORD")
    browser.submit(password=PASSWORD)
    assert "cognito" in browser.cookies
    return browser


def posted(env, browser, path, **fields):
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    body = urlencode({"_csrf": browser.cookies["XSRF-TOKEN"], **fields})
    query = env.url(path).partition("?")[2]
    return plain(sent(env.application, "POST", path, query, body, headers={"Cookie": cookies}))


class TestCredentials:
    @pytest.mark.parametrize("credential", CREDENTIALS.values(), ids=CREDENTIALS)
    def test_none_is_set_up(self, keyed, signed_in, credential):
        browser = signed_in
        browser.go(keyed.url("/passkeys/add"))
        assert browser.page.status == 200
        answer = posted(keyed, browser, "/passkeys/add", credential=credential)
        assert answer.status in {200, 400}
        assert b'role="alert"' in answer.body

    @pytest.mark.parametrize("fault", ["x", "<script>", "NotAllowedError", "__proto__", "é" * 1000])
    def test_a_fault_is_told_in_words_of_ours(self, keyed, signed_in, fault):
        browser = signed_in
        browser.go(keyed.url("/passkeys/add"))
        answer = posted(keyed, browser, "/passkeys/add", fault=fault)
        assert b"<script>" not in answer.body
        assert b'role="alert"' in answer.body

    @pytest.mark.parametrize("credential", CREDENTIALS.values(), ids=CREDENTIALS)
    def test_nobody_signs_in_with_one(self, keyed, credential):
        browser = keyed.browser()
        browser.go(keyed.url())
        browser.submit(username="ada")
        browser.submit(answer="WEB_AUTHN")
        assert browser.path == "/challenge"
        answer = posted(keyed, browser, "/challenge", credential=credential)
        assert "code=" not in answer.headers.get("location", "")
        assert "cognito" not in "".join(answer.all("set-cookie"))
