"""mozilla-django-oidc, unmodified: a site whose users sign in at a server, through the package's own views."""

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

CALLBACK = "http://localhost/oidc/callback/"
BYE = "http://localhost/bye/"

settings.configure(
    SECRET_KEY="testing",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "mozilla_django_oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "mozilla_django_oidc.middleware.SessionRefresh",
    ],
    AUTHENTICATION_BACKENDS=["mozilla_django_oidc.auth.OIDCAuthenticationBackend"],
    LOGIN_REDIRECT_URL="/",
    LOGIN_REDIRECT_URL_FAILURE="/failed/",
    LOGOUT_REDIRECT_URL="/",
    OIDC_RP_SIGN_ALGO="RS256",
    OIDC_RP_SCOPES="openid email",
    OIDC_OP_LOGOUT_URL_METHOD=f"{__name__}.logout_url",
)
django.setup()

urlpatterns = [
    path("oidc/", include("mozilla_django_oidc.urls")),
    path("", lambda request: HttpResponse(request.user.email if request.user.is_authenticated else "nobody")),
]


def logout_url(_request):
    asked = {"client_id": settings.OIDC_RP_CLIENT_ID, "logout_uri": BYE}
    return f"{settings.OIDC_OP_LOGOUT_ENDPOINT}?{urlencode(asked)}"


class Site(DjangoSite):
    callback = CALLBACK
    login = "/oidc/authenticate/"

    def settings(self):
        client = self.client_of(AllowedOAuthScopes=["openid", "email"], LogoutURLs=[BYE])
        found = requests.get(f"{self.url}/{self.pool}/.well-known/openid-configuration", timeout=30).json()
        return {
            "OIDC_RP_CLIENT_ID": client["ClientId"],
            "OIDC_RP_CLIENT_SECRET": client["ClientSecret"],
            "OIDC_OP_AUTHORIZATION_ENDPOINT": found["authorization_endpoint"],
            "OIDC_OP_TOKEN_ENDPOINT": found["token_endpoint"],
            "OIDC_OP_USER_ENDPOINT": found["userinfo_endpoint"],
            "OIDC_OP_JWKS_ENDPOINT": found["jwks_uri"],
            "OIDC_OP_LOGOUT_ENDPOINT": found["end_session_endpoint"],
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
        made = Site(server, {"email": "ada@example.com"})
        with override_settings(**made.settings()):
            yield made


class TestSignIn:
    @pytest.mark.parametrize("pkce", [False, True])
    def test_a_user_is_made_of_what_user_info_says(self, site, pkce):
        assert site.greets() == "nobody"
        with override_settings(OIDC_USE_PKCE=pkce, OIDC_STORE_ACCESS_TOKEN=True):
            answer = site.sign_in()
        assert (answer.status_code, answer["location"]) == (302, "/")
        assert site.greets() == "ada@example.com"
        assert site.django.session["oidc_access_token"].startswith("ey")

    def test_the_same_user_comes_again(self, site):
        from django.contrib.auth import get_user_model

        site.sign_in()
        site.django, site.visitor = Client(SERVER_NAME="localhost"), Visitor()
        site.sign_in()
        assert get_user_model().objects.count() == 1

    def test_a_wrong_secret(self, site):
        with override_settings(OIDC_RP_CLIENT_SECRET="another"), pytest.raises(requests.HTTPError) as caught:
            site.sign_in()
        assert "invalid_client" in caught.value.response.text

    def test_keys_of_another_pool_prove_nothing(self, site):
        keys = f"{site.url}/{site.pool_of()}/.well-known/jwks.json"
        with override_settings(OIDC_OP_JWKS_ENDPOINT=keys):
            site.sign_in()
        assert site.greets() == "nobody"

    def test_a_state_that_is_not_the_sites(self, site):
        address = site.back()
        state = parse_qs(urlsplit(address).query)["state"][0]
        assert site.told(address.replace(state, "another")).status_code == 400
        assert site.greets() == "nobody"

    def test_a_code_is_good_once(self, site):
        address = site.back()
        site.told(address)
        code = parse_qs(urlsplit(address).query)["code"][0]
        again = site.django.get("/oidc/authenticate/")["location"]
        fresh = parse_qs(urlsplit(again).query)["state"][0]
        with pytest.raises(requests.HTTPError) as caught:
            site.told(f"{CALLBACK}?{urlencode({'code': code, 'state': fresh})}")
        assert "invalid_grant" in caught.value.response.text


class TestSessionRefresh:
    """The middleware asks again with prompt=none, in the browser's own time."""

    def test_a_session_that_lasts_answers_at_once(self, site):
        with override_settings(OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS=-1):
            site.sign_in()
            again = site.django.get("/")
        assert "prompt=none" in again["location"]
        assert site.told(site.visitor.goes(again["location"])).status_code == 302
        assert site.greets() == "ada@example.com"

    def test_one_that_ended_does_not(self, site):
        with override_settings(OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS=-1):
            site.sign_in()
            again = site.django.get("/")
        address = Visitor().goes(again["location"])
        assert "error=login_required" in address
        assert site.told(address)["location"] == "/failed/"
        assert site.greets() == "nobody"


class TestSignOut:
    def test_at_the_site_and_at_the_server(self, site):
        site.sign_in()
        away = site.django.post("/oidc/logout/")["location"]
        assert site.visitor.goes(away) == BYE
        assert site.greets() == "nobody"
        asked = site.django.get("/oidc/authenticate/")["location"]
        assert site.visitor.goes(asked).startswith("/login?")
