"""Calls of AWS's APIs that web pages make in a browser, told by the headers that browsers set."""

from __future__ import annotations

import pytest
from support.http import ask

from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.web.app import Application

SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/cognito-idp/aws4_request, "
    "SignedHeaders=host, Signature=00"
}
EVIL = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
ROLE = "/?Action=CreateUser&Version=2010-05-08&UserName=mallory"
CHROMIUM = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0",
    "Accept-Language": "en-US,en;q=0.9",
}
"""What a browser sends with a GET to an address that is neither https nor this machine's own (Chromium 156)."""
IDENTITY = "/?Action=GetCallerIdentity&Version=2011-06-15"


@pytest.fixture
def world():
    return World(Settings())


@pytest.fixture
def call(world):
    """A call of the JSON API: its answer."""
    application = Application(world)

    def called(operation, params, headers, *, service="AWSCognitoIdentityProviderService", **more):
        target = {"X-Amz-Target": f"{service}.{operation}"}
        return ask(application, "POST", "/", params, headers=target | headers, **more)

    return called


@pytest.fixture
def fetch(world):
    """A call of IAM or STS: its answer."""
    application = Application(world)
    return lambda url, headers, method="GET", **more: ask(application, method, url, headers=headers, **more)


def pools(world):
    return [pool.name for pool in world.region().user_pools]


class TestSignedCalls:
    @pytest.mark.parametrize(
        "page",
        [
            EVIL,
            {"Origin": "https://evil.example"},
            {"Origin": "http://localhost.evil.example:3000"},
            {"Origin": "http://evil-localhost"},
            {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
            {"Origin": "null"},
            {"Origin": ""},
            {"Origin": "http://["},
            {"Origin": "http://192.168.1.7", "Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        ],
    )
    def test_a_page_of_another_site_is_refused(self, world, call, page):
        answer = call("CreateUserPool", {"PoolName": "mine"}, SIGNED | page)
        assert answer.status == 403
        assert answer.json["__type"] == "AccessDeniedException"
        assert "--allow-origin" in answer.json["message"]
        assert pools(world) == []

    @pytest.mark.parametrize(
        "page",
        [
            {},
            {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"},
            {"Origin": "http://localhost:3000"},
            {"Origin": "http://127.0.0.1:5173", "Sec-Fetch-Site": "cross-site"},
            {"Origin": "http://[::1]:5173", "Sec-Fetch-Site": "cross-site"},
            {"Origin": "https://shop.localhost", "Sec-Fetch-Site": "cross-site"},
            {"Origin": "capacitor://localhost", "Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-origin"},
            {"Sec-Fetch-Site": "none"},
        ],
    )
    def test_clients_and_pages_of_this_machine_are_let_in(self, world, call, page):
        assert call("CreateUserPool", {"PoolName": "mine"}, SIGNED | page).status == 200
        assert pools(world) == ["mine"]

    def test_allow_origin_lets_a_page_in(self, world, call):
        for written in ("https://evil.example/", "https://EVIL.example", "evil.example"):
            world.settings = Settings(allow_origin=(written,))
            assert call("CreateUserPool", {"PoolName": "mine"}, SIGNED | EVIL).status == 200
        world.settings = Settings(allow_origin=("https://shop.example",))
        assert call("CreateUserPool", {"PoolName": "mine"}, SIGNED | EVIL).status == 403

    def test_pages_at_the_public_url_and_on_the_same_host_are_let_in(self, world, call):
        world.settings = Settings(public_url="https://cognito.shop.example:8443")
        page = {"Origin": "https://cognito.shop.example"}
        assert call("ListUserPools", {"MaxResults": 1}, SIGNED | page).status == 200
        page = {"Origin": "http://192.168.1.7:3000"}
        assert call("ListUserPools", {"MaxResults": 1}, SIGNED | page, host="192.168.1.7:4577").status == 200

    def test_a_call_without_a_signature_is_refused_alike(self, call):
        assert call("ListUserPools", {"MaxResults": 1}, EVIL).status == 403

    def test_the_refusal_can_be_read_by_the_page_and_is_in_the_list_of_requests(self, world, call):
        answer = call("ListUserPools", {"MaxResults": 1}, SIGNED | EVIL)
        assert answer.headers["access-control-allow-origin"] == "*"
        entry = [*world.journal][-1]
        assert (entry.operation, entry.status) == ("ListUserPools", 403)

    def test_kms_is_refused_alike(self, call):
        answer = call("Decrypt", {"CiphertextBlob": "AAAA"}, SIGNED | EVIL, service="TrentService")
        assert answer.json["__type"] == "AccessDeniedException"


class TestCallsThatAnybodyMayMake:
    @pytest.mark.parametrize("page", [EVIL, {"Origin": "https://shop.example"}])
    def test_sign_up_and_sign_in_are_open_to_all_pages(self, call, page):
        pool = call("CreateUserPool", {"PoolName": "shop"}, SIGNED).json["UserPool"]["Id"]
        made = call("CreateUserPoolClient", {"UserPoolId": pool, "ClientName": "web"}, SIGNED)
        client = made.json["UserPoolClient"]["ClientId"]
        answer = call("SignUp", {"ClientId": client, "Username": "ada", "Password": "Corr3ct-Horse!"}, page)
        assert answer.status == 200

    def test_identities_and_their_credentials_too(self, call):
        service = "AWSCognitoIdentityService"
        made = {"IdentityPoolName": "shop", "AllowUnauthenticatedIdentities": True}
        pool = call("CreateIdentityPool", made, SIGNED, service=service).json["IdentityPoolId"]
        assert call("GetId", {"IdentityPoolId": pool}, EVIL, service=service).status == 200


class TestIamAndSts:
    @pytest.mark.parametrize("url", [ROLE, IDENTITY, "/?Action=AssumeRoleWithWebIdentity&Version=2011-06-15"])
    @pytest.mark.parametrize(
        ("method", "page"),
        [
            ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}),
            ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
            ("POST", {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}),
            ("POST", {"Origin": "https://evil.example"}),
        ],
    )
    def test_an_image_a_link_and_a_form_of_another_site_are_refused(self, fetch, url, method, page):
        more = {"content_type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        answer = fetch(url, SIGNED | page, method, **more)
        assert (answer.status, b"AccessDenied" in answer.body) == (403, True)
        assert b"mallory" not in fetch("/?Action=ListUsers&Version=2010-05-08", SIGNED).body

    @pytest.mark.parametrize("host", ["0.0.0.0:4577", "192.168.1.7:4577", "cogmock:4577", "mac.local:4577"])
    def test_a_browser_that_does_not_name_the_site_is_refused(self, fetch, host):
        """It sends no Sec-Fetch-Site to plain addresses, and an image has no Origin."""
        answer = fetch(ROLE, SIGNED | CHROMIUM, host=host)
        assert (answer.status, b"does not name" in answer.body) == (403, True)
        assert b"mallory" not in fetch("/?Action=ListUsers&Version=2010-05-08", SIGNED).body

    @pytest.mark.parametrize(
        "client",
        [
            {"User-Agent": "node", "Accept-Language": "*", "Sec-Fetch-Mode": "cors"},
            {"User-Agent": "Shop/1 CFNetwork/1498.700.2 Darwin/23.6.0", "Accept-Language": "en-GB"},
            {"User-Agent": "Boto3/1.44.8"},
        ],
    )
    def test_clients_that_send_some_headers_of_browsers_are_let_in(self, fetch, client):
        for host in ("192.168.1.7:4577", "mac.local:4577", "host.docker.internal:4577"):
            assert fetch(IDENTITY, SIGNED | client, host=host).status == 200

    def test_an_address_that_the_developer_opens_is_let_in(self, fetch):
        assert fetch(IDENTITY, SIGNED | CHROMIUM | {"Sec-Fetch-Site": "none"}).status == 200

    def test_other_clients_are_let_in(self, fetch):
        assert fetch(IDENTITY, SIGNED).status == 200
        assert fetch(IDENTITY, SIGNED | {"Sec-Fetch-Site": "same-site"}).status == 200


class TestHosts:
    @pytest.mark.parametrize("host", ["evil.example:4577", "evil.example", "localhost.evil.example", "a.b"])
    @pytest.mark.parametrize(
        "page",
        [
            {"Sec-Fetch-Site": "same-origin"},
            {"Origin": "http://evil.example:4577"},
            {"Sec-Fetch-Mode": "cors"},
            CHROMIUM,
            {"Accept-Language": "*", "User-Agent": "node"},
        ],
    )
    def test_a_name_that_was_led_to_this_machine_is_refused(self, world, call, fetch, host, page):
        answer = call("CreateUserPool", {"PoolName": "mine"}, SIGNED | page, host=host)
        assert answer.status == 403
        assert "--allow-host" in answer.json["message"]
        assert pools(world) == []
        assert call("InitiateAuth", {}, page, host=host).status != 200
        assert fetch(ROLE, SIGNED | page, host=host).status == 403

    def test_not_even_calls_that_anybody_may_make(self, call):
        params = {"IdentityPoolId": "us-east-1:00000000-0000-4000-8000-000000000000"}
        page = {"Sec-Fetch-Site": "same-origin"}
        answer = call("GetId", params, page, service="AWSCognitoIdentityService", host="evil.example")
        assert answer.status == 403

    @pytest.mark.parametrize(
        "host",
        [
            "localhost:4577",
            "shop.localhost",
            "[::1]:4577",
            "192.168.1.7:4577",
            "cogmock:4577",
            "cognito-idp.eu-west-1.amazonaws.com",
            "cognito-idp.us-east-1.api.aws",
            "shop.auth.eu-west-1.amazoncognito.com",
        ],
    )
    def test_names_that_nobody_can_lead_here_are_let_in(self, call, host):
        page = {"Origin": "http://localhost:3000"}
        assert call("ListUserPools", {"MaxResults": 1}, SIGNED | page, host=host).status == 200

    def test_clients_that_are_no_browsers_may_use_any_name(self, call):
        assert call("ListUserPools", {"MaxResults": 1}, SIGNED, host="cognito.shop.example").status == 200

    @pytest.mark.parametrize(
        "settings",
        [{"allow_host": ("cognito.shop.example",)}, {"public_url": "https://cognito.shop.example"}],
    )
    def test_allow_host_and_the_public_url_let_a_name_in(self, world, call, settings):
        world.settings = Settings(**settings)
        page = {"Sec-Fetch-Site": "same-origin"}
        host = "cognito.shop.example:4577"
        assert call("ListUserPools", {"MaxResults": 1}, SIGNED | page, host=host).status == 200


def test_a_preflight_is_answered_as_before(world):
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    answer = ask(Application(world), "OPTIONS", "/", headers=asked)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert answer.body == b""


def test_no_preflight_opens_a_private_network(world):
    """Browsers that ask before a public page may call this machine hear no yes."""
    asked = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Private-Network": "true",
        "Access-Control-Request-Local-Network": "true",
    }
    answer = ask(Application(world), "OPTIONS", "/", headers=asked)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert not [name for name in answer.headers if "network" in name.lower()]
