"""social-auth-core's Cognito backend, unmodified, in a Django site by social-auth-app-django: settings alone."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import django
import pytest
import requests
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django_site import DjangoSite
from visitor import Visitor

from cogmock.testing.server import CognitoServer

CALLBACK = "http://localhost/complete/cognito/"
ATTRIBUTES = {"email": "ada@example.com", "given_name": "Ada", "family_name": "Lovelace"}

settings.configure(
    SECRET_KEY="testing",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "social_django",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "social_django.middleware.SocialAuthExceptionMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["social_core.backends.cognito.CognitoOAuth2"],
    LOGIN_REDIRECT_URL="/",
    LOGIN_ERROR_URL="/failed/",
)
django.setup()

urlpatterns = [
    path("", include("social_django.urls", namespace="social")),
    path("", lambda request: HttpResponse(request.user.email if request.user.is_authenticated else "nobody")),
]


class Site(DjangoSite):
    callback = CALLBACK
    login = "/login/cognito/"
    login_method = "post"

    def settings(self):
        client = self.client_of(AllowedOAuthScopes=["openid", "profile", "email"])
        return {
            "SOCIAL_AUTH_COGNITO_KEY": client["ClientId"],
            "SOCIAL_AUTH_COGNITO_SECRET": client["ClientSecret"],
            "SOCIAL_AUTH_COGNITO_POOL_DOMAIN": self.url,
        }


@pytest.fixture(scope="session", autouse=True)
def _tables():
    call_command("migrate", verbosity=0)


@pytest.fixture(autouse=True)
def _no_users(_tables):
    call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def site():
    with CognitoServer() as server:
        made = Site(server, ATTRIBUTES)
        with override_settings(**made.settings()):
            yield made


def people():
    from django.contrib.auth import get_user_model

    return get_user_model().objects


class TestSignIn:
    def test_a_user_is_made_of_what_user_info_says(self, site):
        assert site.greets() == "nobody"
        answer = site.sign_in()
        assert (answer.status_code, answer["location"]) == (302, "/")
        assert site.greets() == "ada@example.com"
        made = people().get()
        assert (made.username, made.first_name, made.last_name) == ("ada", "Ada", "Lovelace")
        linked = made.social_auth.get()
        sub = site.idp.admin_get_user(UserPoolId=site.pool, Username="ada")["UserAttributes"]
        assert linked.uid == next(each["Value"] for each in sub if each["Name"] == "sub")

    def test_the_same_user_comes_again(self, site):
        site.sign_in()
        site.django, site.visitor = Client(SERVER_NAME="localhost"), Visitor()
        site.sign_in()
        assert people().count() == 1

    def test_a_wrong_secret(self, site):
        with override_settings(SOCIAL_AUTH_COGNITO_SECRET="another"):
            answer = site.sign_in()
        assert answer["location"].startswith("/failed/")
        assert site.greets() == "nobody"

    def test_a_state_that_is_not_the_sites(self, site):
        address = site.back()
        state = parse_qs(urlsplit(address).query)["state"][0]
        assert site.told(address.replace(state, "another"))["location"].startswith("/failed/")
        assert site.greets() == "nobody"

    def test_a_code_is_good_once(self, site):
        address = site.back()
        site.told(address)
        site.django = Client(SERVER_NAME="localhost")
        code = parse_qs(urlsplit(address).query)["code"][0]
        asked = urlsplit(site.django.post("/login/cognito/")["location"])
        fresh = parse_qs(asked.query)["state"][0]
        answer = site.told(f"{CALLBACK}?{urlencode({'code': code, 'state': fresh})}")
        assert answer["location"].startswith("/failed/")
        assert site.greets() == "nobody"

    def test_who_signed_in_at_the_pool_is_offered_to_go_on(self, site):
        """The backend asks at /login, whose page shows even where there is a session (AWS: login endpoint)."""
        site.sign_in()
        site.django = Client(SERVER_NAME="localhost")
        page = site.visitor.get(site.django.post("/login/cognito/")["location"], timeout=30)
        assert (page.status_code, "Continue as" in page.text) == (200, True)

    def test_a_scope_that_is_not_the_clients(self, site):
        with override_settings(SOCIAL_AUTH_COGNITO_SCOPE=["phone"]):
            answer = requests.get(
                site.django.post("/login/cognito/")["location"], allow_redirects=False, timeout=30
            )
        assert "error_description=invalid_scope" in answer.headers["location"]
        assert site.told(answer.headers["location"])["location"].startswith("/failed/")
