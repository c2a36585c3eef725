"""A user pool with all six types of providers, and a visitor who signs in through their stand-ins without a browser."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import boto3
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

CALLBACK = "http://localhost:3000/callback"
KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
PRIVATE_KEY = "".join(
    ec.generate_private_key(ec.SECP256R1())
    .private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    .decode()
    .splitlines()[1:-1]
)
APP = {"client_id": "app", "client_secret": "secret"}
GRAPH = {"Facebook": "id", "LoginWithAmazon": "user_id"}


def provider_details(url):
    """Type → ProviderDetails, as they are given to AWS; OIDC and SAML name their stand-ins at a server."""
    return {
        "Google": {**APP, "authorize_scopes": "openid email profile"},
        "Facebook": {**APP, "authorize_scopes": "public_profile, email", "api_version": "v17.0"},
        "LoginWithAmazon": {**APP, "authorize_scopes": "profile"},
        "SignInWithApple": {
            "client_id": "app",
            "team_id": "TEAM",
            "key_id": "KEY",
            "private_key": PRIVATE_KEY,
            "authorize_scopes": "email name",
        },
        "OIDC": {
            **APP,
            "authorize_scopes": "openid email profile",
            "oidc_issuer": f"{url}/_cogmock/idp/oidc/company",
            "attributes_request_method": "GET",
        },
        "SAML": {"MetadataURL": f"{url}/_cogmock/idp/saml/company/metadata"},
    }


class Shop:
    """`url` is the server's; without one everything goes in process, at the pool's domain on AWS."""

    def __init__(self, url=None, callback=CALLBACK, **details):
        at = {"endpoint_url": url} if url else {}
        self.idp = boto3.client("cognito-idp", **KEYS, **at)
        self.pool = self.idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        self.domain = url or "https://shop.auth.us-east-1.amazoncognito.com"
        self.idp.create_user_pool_domain(UserPoolId=self.pool, Domain="shop", ManagedLoginVersion=1)
        for kind, given in provider_details(url or "http://localhost:4577").items():
            self.idp.create_identity_provider(
                UserPoolId=self.pool,
                ProviderName=kind if kind not in {"OIDC", "SAML"} else f"Company{kind}",
                ProviderType=kind,
                ProviderDetails={**given, **details.get(kind, {})},
                AttributeMapping={"email": "email"},
            )
        names = [
            each["ProviderName"]
            for each in self.idp.list_identity_providers(UserPoolId=self.pool)["Providers"]
        ]
        self.client = self.idp.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="web",
            CallbackURLs=[callback],
            LogoutURLs=[callback],
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            AllowedOAuthFlowsUserPoolClient=True,
            SupportedIdentityProviders=["COGNITO", *names],
        )["UserPoolClient"]["ClientId"]
        self.callback = callback

    def authorize_url(self, provider, **more):
        asked = {
            "client_id": self.client,
            "response_type": "code",
            "redirect_uri": self.callback,
            "scope": "openid email",
            "identity_provider": provider,
        }
        return f"{self.domain}/oauth2/authorize?{urlencode({**asked, **more})}"

    def sign_in(self, provider, browser=None, **fields):
        """What arrives at the app's address after the stand-in's form was posted."""
        browser = browser or requests.Session()
        page = browser.get(self.authorize_url(provider))
        assert "Stand-in for tests" in page.text, page.text
        fields = fields or {"email": "ada@example.com"}
        answer = browser.post(page.url, data=fields, allow_redirects=False)
        return self.followed(browser, answer)

    def followed(self, browser, answer):
        """Through redirects and forms that post themselves, to the app's address."""
        for _ in range(9):
            if answer.status_code == 200:
                action = html.unescape(re.search(r'action="([^"]*)"', answer.text)[1])
                hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.text)
                fields = {name: html.unescape(value) for name, value in hidden}
                answer = browser.post(action, data=fields, allow_redirects=False)
                continue
            assert answer.status_code in {302, 303}, (answer.status_code, answer.text)
            location = urljoin(answer.url, answer.headers["Location"])
            if location.startswith(self.callback):
                return dict(parse_qsl(urlsplit(location).query))
            answer = browser.get(location, allow_redirects=False)
        raise AssertionError(f"still not at the app: {answer.url}")

    def tokens(self, code):
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client,
            "code": code,
            "redirect_uri": self.callback,
        }
        answer = requests.post(f"{self.domain}/oauth2/token", data=form)
        assert answer.status_code == 200, answer.text
        return answer.json()
