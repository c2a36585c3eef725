"""Authlib, unmodified, as the relying party of the stand-in OpenID issuer and of the stand-in for Google."""

from __future__ import annotations

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken

from cogmock.testing.server import CognitoServer

CALLBACK = "http://localhost:3000/callback"
SECRET = "s" * 40


class Shop:
    """A relying party of an issuer that it found by discovery."""

    def __init__(self, issuer, **more):
        self.found = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
        self.session = OAuth2Session(
            "shop",
            SECRET,
            scope="openid email profile",
            redirect_uri=CALLBACK,
            code_challenge_method="S256",
            **more,
        )

    def sign_in(self, **typed):
        verifier, self.nonce = generate_token(48), generate_token()
        url, _ = self.session.create_authorization_url(
            self.found["authorization_endpoint"], code_verifier=verifier, nonce=self.nonce
        )
        answer = requests.post(
            url, data={"email": "ada@example.com", **typed}, allow_redirects=False, timeout=30
        )
        assert answer.status_code == 302, answer.text
        return self.session.fetch_token(
            self.found["token_endpoint"],
            authorization_response=answer.headers["Location"],
            code_verifier=verifier,
        )

    def verified(self, tokens):
        """The claims of the ID token. Raises an error of authlib's."""
        keys = JsonWebKey.import_key_set(requests.get(self.found["jwks_uri"], timeout=30).json())
        expected = {
            "iss": {"essential": True, "value": self.found["issuer"]},
            "aud": {"essential": True, "value": "shop"},
        }
        claims = jwt.decode(
            tokens["id_token"],
            keys,
            claims_cls=CodeIDToken,
            claims_options=expected,
            claims_params={"nonce": self.nonce, "client_id": "shop", "access_token": tokens["access_token"]},
        )
        claims.validate(leeway=300)
        return claims


@pytest.fixture(scope="module")
def url():
    with CognitoServer() as server:
        yield f"http://localhost:{server.settings.port}/_cogmock/idp"


@pytest.mark.parametrize("issuer", ["oidc/acme", "google"])
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_user_signs_in(url, issuer, method):
    shop = Shop(f"{url}/{issuer}", token_endpoint_auth_method=method)
    tokens = shop.sign_in(name="Ada Lovelace")
    claims = shop.verified(tokens)
    user = shop.session.get(shop.found["userinfo_endpoint"]).json()
    assert (user["sub"], user["email"], user["name"]) == (claims["sub"], "ada@example.com", "Ada Lovelace")


def test_elliptic_curves(url):
    shop = Shop(f"{url}/oidc/acme")
    assert shop.verified(shop.sign_in(algorithm="ES256"))["email"] == "ada@example.com"


@pytest.mark.parametrize("issuer", ["oidc/acme", "google"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("expired", "expired"),
        ("audience", "'aud'"),
        ("issuer", "'iss'"),
        ("signature", "bad_signature"),
        ("nonce", "'nonce'"),
        ("unsigned", "none|unsupported_algorithm"),
    ],
)
def test_each_fault_is_refused_for_its_own_reason(url, issuer, fault, reason):
    shop = Shop(f"{url}/{issuer}")
    tokens = shop.sign_in(fault=fault)
    with pytest.raises(Exception, match=reason):  # of authlib or of joserfc, by version
        shop.verified(tokens)


def test_a_refusal_arrives(url):
    shop = Shop(f"{url}/oidc/acme")
    asked, state = shop.session.create_authorization_url(shop.found["authorization_endpoint"])
    answer = requests.post(asked, data={"fault": "denied"}, allow_redirects=False, timeout=30)
    assert answer.headers["Location"] == f"{CALLBACK}?error=access_denied&state={state}"


def test_a_used_code_is_refused(url):
    shop = Shop(f"{url}/oidc/acme")
    shop.sign_in()
    with pytest.raises(OAuthError, match="invalid_grant"):
        shop.sign_in(fault="replay")
