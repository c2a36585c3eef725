"""Each endpoint of the stand-ins, given what nobody should send: a status of 400 and above, never a fault of ours."""

import io
import json

import pytest
import requests
from support.http import ask
from support.standin_visitor import CALLBACK

from cogmock.core.world import World
from cogmock.standin import routes
from cogmock.web.app import Application

FORM = "application/x-www-form-urlencoded"
HARMLESS = {"discovery", "jwks", "certs", "logout", "debug_token"}
"""Functions that need nothing, and so refuse nothing."""
ENDPOINTS = sorted(
    (rule.rule.replace("<name:name>", "acme").replace("<version:version>", "v17.0"), method, rule.endpoint)
    for rule in routes._map().iter_rules()
    for method in rule.methods - {"HEAD", "OPTIONS"}
)
BODIES = [
    (b"", FORM),
    (b"\xff\xfe=\x00&%ZZ=%", FORM),
    (b"&".join(b"a%d=1" % i for i in range(5000)), FORM),
    (b"code=" + b"x" * 2_000_000, FORM),
    (b"email=a&claims=" + b"[" * 60000, FORM),
    (b"grant_type=authorization_code&code=%00&client_id=%00&client_secret=%ff", FORM),
    (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n', "multipart/form-data; boundary=x"),
    (b"", "multipart/form-data"),
    (b"{" * 9999, "application/json"),
    (b"<!DOCTYPE a><a/>", "text/xml; charset=\xff"),
]
QUERIES = [
    "",
    "%FF%00=%",
    "client_id=%00&redirect_uri=http://x/%0d%0a&response_type=code",
    "client_id=a&redirect_uri=http://x/&response_type=code&response_type=token&state=%ed%a0%80",
    "access_token=%ff%00&fields=%00,id&personFields=%00&input_token=%ff",
    "SAMLRequest=%ff&RelayState=%00&sp=%00&acs=%00&Signature=%ff&SigAlg=%ff",
    "a=" + "x" * 50000,
]
HEADERS = [
    {},
    {"Authorization": "Basic \xff\xfe"},
    {"Authorization": "Basic ===="},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer \x00\xff"},
    {"Authorization": "Digest x=y, =,"},
    {"Origin": "http://[", "Sec-Fetch-Site": "\xff"},
    {"Host": "\xff"},
]


@pytest.fixture(scope="module")
def application():
    return Application(World())


@pytest.mark.parametrize(("path", "method", "endpoint"), ENDPOINTS)
class TestEndpoints:
    def refused(self, answer, endpoint):
        harmless = endpoint.rpartition(":")[2] in HARMLESS or endpoint == "saml.metadata:answer"
        assert (200 if harmless else 302) <= answer.status < 500, answer.body
        assert answer.status in {200, 302, 303} or answer.status >= 400

    def test_queries(self, application, path, method, endpoint):
        for query in QUERIES:
            self.refused(ask(application, method, f"{path}?{query}", b"", content_type=FORM), endpoint)

    def test_bodies(self, application, path, method, endpoint):
        if method == "POST":
            for body, kind in BODIES:
                answer = ask(application, method, path, body, content_type=kind)
                self.refused(answer, endpoint)
                if len(body) > 1_000_000:
                    assert answer.status == 413

    def test_headers(self, application, path, method, endpoint):
        for headers in HEADERS:
            answer = ask(application, method, path, b"", content_type=FORM, headers=headers)
            self.refused(answer, endpoint)

    def test_head_is_answered_without_a_body(self, application, path, method, endpoint):
        if method == "GET":
            assert ask(application, "HEAD", path).status < 500


@pytest.mark.parametrize(
    "path",
    [
        *("", "x", "oidc", "oidc/", "oidc//jwks", "oidc/../google/token", "oidc/a%00/jwks", "oidc/a%ff/jwks"),
        *("oidc/-a/jwks", f"oidc/{'a' * 65}/jwks", "google/none", "facebook/v1/me", "facebook/v1.0/x"),
        *("saml/a/acs", "\u00e9"),
    ],
)
def test_unknown_paths_are_not_found(application, path):
    answer = ask(application, "GET", f"/_cogmock/idp/{path}")
    assert answer.status == 404
    if path:
        assert "oidc/{name}" in answer.json["message"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_other_methods_are_told_which_are_right(application, method):
    answer = ask(application, method, "/_cogmock/idp/google/oauth2/v3/certs")
    assert (answer.status, "GET" in answer.headers["allow"]) == (405, True)


def test_pages_of_every_origin_may_read_documents_and_tokens(application):
    asked = {"Origin": "https://app.example", "Access-Control-Request-Headers": "authorization"}
    answer = ask(application, "OPTIONS", "/_cogmock/idp/oidc/a/userinfo", headers=asked)
    assert (answer.status, answer.headers["access-control-allow-headers"]) == (204, "authorization")
    for path in ("oidc/a/jwks", "google/.well-known/openid-configuration", "saml/a/metadata"):
        answer = ask(application, "GET", f"/_cogmock/idp/{path}", headers={"Origin": "https://app.example"})
        assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")
    page = ask(application, "GET", "/_cogmock/idp/oidc/a/authorize")
    assert "access-control-allow-origin" not in page.headers


def test_pages_let_nothing_else_run(application):
    page = ask(
        application,
        "GET",
        f"/_cogmock/idp/oidc/a/authorize?client_id=%3Cscript%3E&response_type=code&redirect_uri={CALLBACK}",
    )
    assert b"<script>" not in page.body
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


class TestInProcess:
    URL = "http://localhost:4577/_cogmock/idp/oidc/a/jwks"

    def test_httpx_and_urllib(self, cognito):
        import urllib.request

        import httpx

        assert len(httpx.get(self.URL).json()["keys"]) == 2
        with urllib.request.urlopen(self.URL) as answer:
            assert len(json.load(io.TextIOWrapper(answer))["keys"]) == 2

    @pytest.mark.cognito(public_url="https://login.example")
    def test_at_the_public_url(self, cognito):
        url = "https://login.example/_cogmock/idp/oidc/a"
        found = requests.get(f"{url}/.well-known/openid-configuration").json()
        assert found["issuer"] == url

    @pytest.mark.cognito(public_url="http://localhost:9")  # nobody listens there
    def test_other_servers_are_left_alone(self, cognito):
        assert requests.get("http://localhost:9/_cogmock/idp/oidc/a/jwks", timeout=30).ok
        for url in (
            "http://127.0.0.1:9/_cogmock/idp/oidc/a/jwks",
            "http://localhost:1/_cogmock/idp/oidc/a/jwks",
        ):
            with pytest.raises(requests.ConnectionError):
                requests.get(url, timeout=30)
        # Of the same server, the stand-ins alone are answered in process.
        with pytest.raises(requests.ConnectionError):
            requests.get("http://localhost:9/_cogmock/health", timeout=30)

    def test_a_reset_forgets_all(self, cognito):
        kids = [key["kid"] for key in requests.get(self.URL).json()["keys"]]
        assert [key["kid"] for key in requests.get(self.URL).json()["keys"]] == kids
        cognito.reset()
        assert not cognito.world.account().stand_in_keys
