"""cogmock under other WSGI servers, and mounted in another application."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import urllib.request

import boto3
import pytest
from support.processes import answers, free_port
from support.waiting import LIMIT, LONG, until
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from cogmock.settings import Settings
from cogmock.wsgi import make

SERVERS = {
    "gunicorn": ["gunicorn", "--workers", "1", "--threads", "4", "--bind", "127.0.0.1:{port}"],
    "waitress": ["waitress", "--listen=127.0.0.1:{port}"],
}
AWS = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}


def start(name, **environment):
    port = free_port()
    command = [part.format(port=port) for part in SERVERS[name]]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "cogmock.wsgi:application"],
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    return process, port


@pytest.fixture(scope="module", params=SERVERS)
def url(request):
    process, port = start(request.param, COGMOCK_CODE="424242")
    url = f"http://localhost:{port}"
    try:
        until(lambda: process.poll() is not None or answers(f"{url}/_cogmock/health"), 100, every=0.05)
        assert process.poll() is None, process.stderr.read()
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=LONG)


class TestOtherServers:
    @pytest.fixture
    def idp(self, url):
        client = boto3.client("cognito-idp", endpoint_url=url, **AWS)
        yield client
        client.close()

    def test_serve_the_apis_with_settings_of_the_environment(self, idp):
        pool = idp.create_user_pool(PoolName="shop", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
        client = idp.create_user_pool_client(UserPoolId=pool, ClientName="web")["UserPoolClient"]["ClientId"]
        mail = [{"Name": "email", "Value": "ada@example.com"}]
        idp.sign_up(ClientId=client, Username="ada", Password="Passw0rd!", UserAttributes=mail)
        idp.confirm_sign_up(ClientId=client, Username="ada", ConfirmationCode="424242")
        assert idp.admin_get_user(UserPoolId=pool, Username="ada")["UserStatus"] == "CONFIRMED"

    def test_serve_the_query_apis(self, url):
        sts = boto3.client("sts", endpoint_url=url, **AWS)
        assert sts.get_caller_identity()["Account"] == "123456789012"
        sts.close()

    def test_tokens_and_documents_name_the_host_that_was_asked(self, idp, url):
        pool = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        with urllib.request.urlopen(
            f"{url}/{pool}/.well-known/openid-configuration", timeout=LIMIT
        ) as answer:
            found = json.load(answer)
        assert found["issuer"] == f"{url}/{pool}"

    def test_a_body_in_chunks_is_read(self, url):
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=LIMIT)
        headers = {
            "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools",
            "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/cognito-idp/aws4_request, x",
            "Transfer-Encoding": "chunked",
        }
        connection.request("POST", "/", iter([b'{"Max', b'Results": 1}']), headers, encode_chunked=True)
        assert connection.getresponse().status == 200
        connection.close()

    def test_pages_of_a_domain_are_served(self, url):
        with pytest.raises(urllib.error.HTTPError, match="400") as refused:
            urllib.request.urlopen(f"{url}/login", timeout=LIMIT)
        refused.value.close()
        assert refused.value.headers["x-amz-cognito-request-id"]

    def test_a_wrong_setting_is_told_at_the_start(self):
        process, _ = start("waitress", COGMOCK_ISSUER="nobody")
        _, error = process.communicate(timeout=100)
        assert b"COGMOCK_ISSUER" in error


def test_several_processes_are_warned_about_once(caplog):
    client = Client(make(Settings()))
    for _ in range(2):
        assert (
            client.get("/_cogmock/health", environ_overrides={"wsgi.multiprocess": True}).status_code == 200
        )
    assert caplog.text.count("one worker process") == 1


class TestMounted:
    @pytest.fixture
    def client(self):
        def other(_environ, start_response):
            start_response("404 Not Found", [])
            return [b"the other application"]

        self.world = (cognito := make(Settings(issuer="host"))).world
        return Client(DispatcherMiddleware(other, {"/cognito": cognito}))

    def call(self, client, operation, **params):
        signature = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/cognito-idp/aws4_request, x"
        headers = {
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
            "Authorization": signature,
        }
        answer = client.post("/cognito/", json=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.get_json(force=True)

    def test_the_other_application_goes_on(self, client):
        assert client.get("/anything").text == "the other application"

    def test_documents_name_addresses_below_the_mount(self, client):
        pool = self.call(client, "CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        found = client.get(f"/cognito/{pool}/.well-known/openid-configuration").get_json()
        assert found["issuer"] == f"http://localhost/cognito/{pool}"
        assert client.get(found["jwks_uri"].removeprefix("http://localhost")).status_code == 200
        assert found["token_endpoint"] == "http://localhost/cognito/oauth2/token"

    def test_a_sign_in_by_the_pages_stays_below_the_mount(self, client):
        pool = self.call(client, "CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        app = self.call(
            client,
            "CreateUserPoolClient",
            UserPoolId=pool,
            ClientName="web",
            CallbackURLs=["http://localhost:3000/callback"],
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            AllowedOAuthFlowsUserPoolClient=True,
            SupportedIdentityProviders=["COGNITO"],
        )["UserPoolClient"]["ClientId"]
        self.call(client, "AdminCreateUser", UserPoolId=pool, Username="ada")
        self.call(
            client,
            "AdminSetUserPassword",
            UserPoolId=pool,
            Username="ada",
            Password="Passw0rd!",
            Permanent=True,
        )
        query = {"client_id": app, "response_type": "code", "redirect_uri": "http://localhost:3000/callback"}
        page = client.get("/cognito/oauth2/authorize", query_string=query, follow_redirects=True)
        assert page.request.path == "/cognito/login"
        assert 'action="/cognito/login?' in page.text
        token = client.get_cookie("XSRF-TOKEN").value
        fields = {"username": "ada", "password": "Passw0rd!", "_csrf": token}
        back = client.post("/cognito/login", query_string=query, data=fields)
        assert back.location.startswith("http://localhost:3000/callback?code=")
