"""flask-cognito-lib and streamlit-cognito-auth, unmodified: sites whose users sign in on the pages of a mocked pool.

Both build AWS's own addresses, so they run beside the mock in one process.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import boto3
import flask
import pytest
from flask_cognito_lib import CognitoAuth
from flask_cognito_lib.decorators import (
    auth_required,
    cognito_login,
    cognito_login_callback,
    cognito_logout,
    cognito_refresh_callback,
)
from streamlit.testing.v1 import AppTest
from visitor import Visitor

from cogmock import mock_cognito

PASSWORD = "Corr3ct-Horse!"
DOMAIN = "https://site.auth.us-east-1.amazoncognito.com"
CALLBACK = "http://localhost:5000/back"
HOME = "http://localhost:8501/"
BYE = "http://localhost:5000/bye"


@pytest.fixture
def pool(monkeypatch):
    """The ids of a pool with a domain and of a client, and the client's secret."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_cognito():
        idp = boto3.client("cognito-idp")
        pool = idp.create_user_pool(PoolName="site")["UserPool"]["Id"]
        idp.create_user_pool_domain(UserPoolId=pool, Domain="site")
        idp.admin_create_user(
            UserPoolId=pool,
            Username="ada",
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": "ada@example.com"}],
        )
        idp.admin_set_user_password(UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
        idp.create_group(UserPoolId=pool, GroupName="staff")
        idp.admin_add_user_to_group(UserPoolId=pool, Username="ada", GroupName="staff")
        client = idp.create_user_pool_client(
            UserPoolId=pool,
            ClientName="site",
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email", "profile", "aws.cognito.signin.user.admin"],
            CallbackURLs=[CALLBACK, HOME],
            LogoutURLs=[BYE],
            SupportedIdentityProviders=["COGNITO"],
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]
        yield pool, client["ClientId"], client["ClientSecret"]


@pytest.fixture
def site(pool):
    """A site in Flask, as its documentation shows one."""
    app = flask.Flask("site")
    app.config.update(
        SECRET_KEY="0" * 32,
        AWS_REGION="us-east-1",
        AWS_COGNITO_USER_POOL_ID=pool[0],
        AWS_COGNITO_DOMAIN=DOMAIN,
        AWS_COGNITO_USER_POOL_CLIENT_ID=pool[1],
        AWS_COGNITO_USER_POOL_CLIENT_SECRET=pool[2],
        AWS_COGNITO_REDIRECT_URL=CALLBACK,
        AWS_COGNITO_LOGOUT_URL=BYE,
        AWS_COGNITO_REFRESH_FLOW_ENABLED=True,
    )
    CognitoAuth(app)
    app.route("/login")(cognito_login(lambda: None))
    app.route("/back", endpoint="back")(cognito_login_callback(lambda: flask.redirect("/mine")))
    app.route("/refresh", endpoint="refresh")(cognito_refresh_callback(lambda: flask.redirect("/mine")))
    app.route("/leave", endpoint="leave")(cognito_logout(lambda: None))

    @app.route("/mine")
    @auth_required(groups=["staff"])
    def mine():
        return flask.session["user_info"]["email"]

    return app.test_client()


def follow(site, address):
    parts = urlsplit(address)
    return site.get(f"{parts.path}?{parts.query}", base_url="https://localhost:5000")


class TestFlaskCognitoLib:
    @pytest.fixture
    def signed_in(self, site):
        answer = follow(site, "/login")
        back = Visitor().signs_in(answer.location, PASSWORD)
        assert back.startswith(CALLBACK)
        assert follow(site, back).location == "/mine"
        return site

    @pytest.mark.parametrize("time", range(4))
    def test_a_user_signs_in_whatever_the_length_of_the_verifier(self, signed_in, time):
        """Its code verifiers have 41 to 43 characters, and RFC 7636 wants 43 at least: three sign-ins of four failed."""
        assert follow(signed_in, "/mine").text == "ada@example.com"

    def test_tokens_are_refreshed_and_revoked(self, signed_in):
        assert follow(signed_in, "/refresh").location == "/mine"
        assert follow(signed_in, "/mine").text == "ada@example.com"
        out = follow(signed_in, "/leave").location
        assert Visitor().goes(out) == BYE
        assert follow(signed_in, "/mine").status_code == 403


def script(pool_id, client_id, client_secret, kind):
    """The script of a site in Streamlit; it runs in a namespace of its own."""
    import streamlit as st
    from streamlit_cognito_auth import CognitoAuthenticator, CognitoHostedUIAuthenticator

    more = {
        "pool_id": pool_id,
        "app_client_id": client_id,
        "app_client_secret": client_secret,
        "use_cookies": False,
    }
    if kind == "page":
        domain = "https://site.auth.us-east-1.amazoncognito.com"
        authenticator = CognitoHostedUIAuthenticator(
            cognito_domain=domain, redirect_uri="http://localhost:8501", **more
        )
    else:
        authenticator = CognitoAuthenticator(**more)
    if authenticator.login():
        st.write(f"hello {authenticator.get_username()}, {authenticator.get_email()}")
    elif kind == "page":
        st.write(authenticator.login_url())


class TestStreamlitCognitoAuth:
    @pytest.fixture
    def run(self, pool):
        return lambda kind: AppTest.from_function(script, args=(*pool, kind), default_timeout=60)

    def test_a_user_comes_back_from_the_page_with_a_code(self, run):
        """Its token request has the fields in the query string, and an empty body."""
        site = run("page").run()
        back = Visitor().signs_in(site.markdown[0].value, PASSWORD)
        assert back.startswith(HOME)
        site.query_params["code"] = parse_qs(urlsplit(back).query)["code"][0]
        site.run()
        assert not site.error
        assert site.markdown[0].value == "hello ada, ada@example.com"

    def test_a_code_of_nobody_is_an_error_on_its_page(self, run):
        site = run("page")
        site.query_params["code"] = "nobodys"
        assert "invalid_grant" in site.run().error[0].value

    def test_a_user_signs_in_on_its_own_form(self, run):
        site = run("form").run()
        site.text_input[0].input("ada")
        site.text_input[1].input(PASSWORD)
        site.button[0].click().run()
        assert site.markdown[-1].value == "hello ada, ada@example.com"
