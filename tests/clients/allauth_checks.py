"""django-allauth, unmodified, with its provider for Amazon Cognito: a site whose users sign in at a server."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import boto3
import django
import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from visitor import Visitor

from cogmock.testing.server import CognitoServer

PASSWORD = "Corr3ct-Horse!"
LOGIN = "/accounts/amazon-cognito/login/"
CALLBACK = f"http://localhost{LOGIN}callback/"
KEY = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}

settings.configure(
    SECRET_KEY="testing",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.amazon_cognito",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    ACCOUNT_EMAIL_VERIFICATION="none",
    LOGIN_REDIRECT_URL="/",
)
django.setup()

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", lambda request: HttpResponse(request.user.email if request.user.is_authenticated else "nobody")),
]


class Site:
    def __init__(self, server):
        self.url = f"http://localhost:{server.settings.port}"
        idp = boto3.client("cognito-idp", endpoint_url=self.url, region_name="us-east-1", **KEY)
        pool = idp.create_user_pool(PoolName="site")["UserPool"]["Id"]
        attributes = {"email": "ada@example.com", "email_verified": "true", "given_name": "Ada"}
        idp.admin_create_user(
            UserPoolId=pool,
            Username="ada",
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
        )
        idp.admin_set_user_password(UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
        made = idp.create_user_pool_client(
            UserPoolId=pool,
            ClientName="site",
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email", "profile"],
            CallbackURLs=[CALLBACK],
            SupportedIdentityProviders=["COGNITO"],
        )["UserPoolClient"]
        self.client_id, self.secret = made["ClientId"], made["ClientSecret"]
        self.django = Client(SERVER_NAME="localhost")

    def settings(self, **more):
        app = {"client_id": self.client_id, "secret": self.secret, **more}
        return {
            "SOCIALACCOUNT_PROVIDERS": {
                "amazon_cognito": {"DOMAIN": self.url, "APP": app, "OAUTH_PKCE_ENABLED": True}
            }
        }

    def sign_in(self, **wrong):
        """The site's answer at the callback."""
        with override_settings(**self.settings(**wrong)):
            away = self.django.post(LOGIN)["location"]
            assert parse_qs(urlsplit(away).query)["code_challenge_method"] == ["S256"]
            back = Visitor().signs_in(away, PASSWORD)
            assert back.startswith(CALLBACK)
            return self.django.get(back)

    def greets(self):
        return self.django.get("/").content.decode()


@pytest.fixture(scope="session", autouse=True)
def _tables():
    call_command("migrate", verbosity=0)


@pytest.fixture
def site(_tables):
    call_command("flush", verbosity=0, interactive=False)
    with CognitoServer() as server:
        yield Site(server)


def test_an_account_is_made_of_what_user_info_says(site):
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model

    answer = site.sign_in()
    assert (answer.status_code, answer["location"]) == (302, "/")
    assert site.greets() == "ada@example.com"
    assert get_user_model().objects.get().first_name == "Ada"
    assert EmailAddress.objects.get().verified


def test_a_wrong_secret_signs_nobody_in(site):
    assert "Login Failure" in site.sign_in(secret="another").content.decode()
    assert site.greets() == "nobody"
