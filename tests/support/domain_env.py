"""A test environment with the pages and OAuth endpoints of a pool's domain."""

from __future__ import annotations

from cogmock.web.app import Application
from support.browser import CALLBACK, Browser, post, where
from support.pool_env import PASSWORD, PoolEnv

SCOPES = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"]
WEB = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code", "implicit"],
    "AllowedOAuthScopes": SCOPES,
    "CallbackURLs": [CALLBACK],
    "LogoutURLs": ["http://localhost:3000/bye"],
    "SupportedIdentityProviders": ["COGNITO"],
    "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
}


class Domain(PoolEnv):
    """A user pool and an app client whose users sign in on the pages of the domain."""

    @property
    def application(self):
        return Application(self.cognito.world)

    def managed_domain(self, name="shop"):
        """Creates a managed login domain, and a style for the client: without a style there are no pages."""
        self.idp.create_user_pool_domain(UserPoolId=self.pool_id, Domain=name, ManagedLoginVersion=2)
        self.style()

    def style(self, **more):
        given = {
            "UserPoolId": self.pool_id,
            "ClientId": self.client_id,
            **(more or {"UseCognitoProvidedValues": True}),
        }
        return self.idp.create_managed_login_branding(**given)["ManagedLoginBranding"]

    def browser(self, **more):
        return Browser(self.application, **more)

    def url(self, path="/oauth2/authorize", **parameters):
        from urllib.parse import urlencode

        given = {"client_id": self.client_id, "redirect_uri": CALLBACK, "response_type": "code", **parameters}
        return f"{path}?{urlencode({name: value for name, value in given.items() if value is not None})}"

    def signed_in(self, username="ada", password=PASSWORD, browser=None, **parameters):
        """Signs in on the page. Returns the browser, and target and parameters of the redirect to the client."""
        browser = browser or self.browser()
        browser.go(self.url(**parameters))
        return browser, where(browser.submit(username=username, password=password))

    def fresh_code(self, **parameters):
        return self.signed_in(**parameters)[1][1]["code"]

    def redeem(self, code, **more):
        fields = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "code": code,
            **more,
        }
        return self.token({name: value for name, value in fields.items() if value is not None})

    def token(self, fields, **more):
        return post(self.application, "/oauth2/token", fields, **more)

    def tokens(self, **parameters):
        return self.redeem(self.fresh_code(**parameters)).json
