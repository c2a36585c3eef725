"""An identity provider on loopback for sign-ins through a user pool, and a pool that is configured with it."""

from __future__ import annotations

from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from support import outside_providers
from support.browser import where
from support.domain_env import WEB

SECRET = "the-secret-of-the-app-at-the-provider-0123456789"
MAPPING = {"email": "email", "name": "name"}


class Upstream:
    """The provider. `claims` are in its ID token, `profile` is at userInfo, `signing` are the options of the signature."""

    def __init__(self, issuer, env):
        self.issuer, self.env, self.url = issuer, env, issuer.url
        self.claims = {"sub": "u-1", "email": "ada@corp.example", "name": "Ada"}
        self.profile = {"sub": "u-1"}
        self.signing = {}
        self.nonce = None
        self.asked = {}
        issuer.answers |= {
            "/.well-known/openid-configuration": lambda _: self.document,
            "/token": lambda given: self.token(given),
            "/userinfo": lambda _: self.profile,
        }
        self.document = {
            "issuer": issuer.url,
            "authorization_endpoint": f"{issuer.url}/authorize",
            "token_endpoint": f"{issuer.url}/token",
            "userinfo_endpoint": f"{issuer.url}/userinfo",
            "jwks_uri": f"{issuer.url}/keys",
        }

    def token(self, _given):
        return {"access_token": "at-1", "token_type": "Bearer", "id_token": self.id_token()}

    def id_token(self):
        given = {"nonce": self.nonce, **self.claims}
        return self.issuer.token(self.env.cognito.world.clock.now(), **given, **self.signing)

    def requests(self, path):
        return [of for of in self.issuer.requests if of[1] == path]


@contextmanager
def upstream(env):
    with outside_providers.issuer() as issuer:
        yield Upstream(issuer, env)


def add_oidc(env, upstream, name="Corp", mapping=MAPPING, **more):
    details = {
        "client_id": "app",
        "client_secret": SECRET,
        "authorize_scopes": "openid email",
        "oidc_issuer": upstream.url,
        "attributes_request_method": "GET",
        **more.pop("details", {}),
    }
    env.idp.create_identity_provider(
        UserPoolId=env.pool_id,
        ProviderName=name,
        ProviderType="OIDC",
        ProviderDetails=details,
        AttributeMapping=mapping,
        **more,
    )


def web_client(env, *providers, **settings):
    """A client with the code and the implicit flow that has these providers."""
    return env.client_of(**{**WEB, "SupportedIdentityProviders": list(providers), **settings})


def leave(env, upstream, browser, provider="Corp", **parameters):
    """Redirects the browser to the provider. Returns URL and parameters of the authorization request."""
    address, asked = where(browser.go(env.url(identity_provider=provider, **parameters)))
    upstream.nonce, upstream.asked = asked.get("nonce"), asked
    return address, asked


def come_back(browser, asked, **given):
    """Sends the provider's answer. Returns URL and parameters of the redirect to the application."""
    from urllib.parse import urlencode

    fields = {"code": "c-1", "state": asked["state"], **given}
    query = urlencode({name: value for name, value in fields.items() if value is not None})
    return where(browser.go(f"/oauth2/idpresponse?{query}"))


def sign_in(env, upstream, browser=None, **parameters):
    """Signs in. Returns the browser, and URL and parameters of the redirect to the application."""
    browser = browser or env.browser()
    _, asked = leave(env, upstream, browser, **parameters)
    return browser, come_back(browser, asked)


def parameters_of(url):
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
