"""A page on a public origin, and what it can and cannot do to a server on this machine. Names lead to 127.0.0.1."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
import requests

KEYS = {"region_name": "us-east-1", "aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
SCOPE = "testing/20260101/us-east-1/iam/aws4_request"
SIGNED = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=00"
FETCH = """
async ([url, target, body, signed]) => {
    const headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target};
    if (signed) headers.Authorization = signed;
    const answer = await fetch(url, {method: "POST", headers, body: JSON.stringify(body)});
    return [answer.status, await answer.json()];
}
"""
IMAGE = """
(url) => new Promise((done) => {
    const image = new Image();
    image.onload = image.onerror = () => done();
    image.src = url;
})
"""
FORM = """
([url, fields]) => {
    const form = Object.assign(document.createElement("form"), {method: "POST", action: url});
    for (const [name, value] of Object.entries(fields))
        form.append(Object.assign(document.createElement("input"), {name, value}));
    document.body.append(form);
    form.submit();
}
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def visit(launch, tmp_path):
    """Opens an empty page at a name, in a Chromium for which names below .example are 127.0.0.1."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Shop</title><link rel=icon href='data:,'>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = launch(rules="MAP *.example 127.0.0.1")
    page = browser.new_page()

    def visited(name, port=server.server_port):
        page.goto(f"http://{name}:{port}/")
        return page

    yield visited
    browser.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def idp(cognito_server):
    return boto3.client("cognito-idp", endpoint_url=cognito_server.url, **KEYS)


@pytest.fixture
def iam(cognito_server):
    return boto3.client("iam", endpoint_url=cognito_server.url, **KEYS)


@pytest.fixture
def ada(idp):
    """A pool and a client with a user: their ids."""
    pool = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = idp.create_user_pool_client(UserPoolId=pool, ClientName="web", ExplicitAuthFlows=flows)
    idp.admin_create_user(UserPoolId=pool, Username="ada")
    idp.admin_set_user_password(UserPoolId=pool, Username="ada", Password="Corr3ct-Horse!", Permanent=True)
    return pool, client["UserPoolClient"]["ClientId"]


def call(page, server, operation, params, signed=SIGNED):
    return page.evaluate(
        FETCH, [server.url, f"AWSCognitoIdentityProviderService.{operation}", params, signed]
    )


def signs_in(page, server, client, password):
    given = {"USERNAME": "ada", "PASSWORD": password}
    params = {"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given}
    return call(page, server, "InitiateAuth", params, "")[0] == 200


def test_a_script_on_a_public_page_sets_no_password_and_deletes_no_pool(visit, cognito_server, ada, idp):
    pool, client = ada
    page = visit("evil.example")
    params = {"UserPoolId": pool, "Username": "ada", "Password": "Mallory-0wns!", "Permanent": True}
    status, body = call(page, cognito_server, "AdminSetUserPassword", params)
    assert (status, body["__type"]) == (403, "AccessDeniedException")
    assert call(page, cognito_server, "DeleteUserPool", {"UserPoolId": pool})[0] == 403
    assert call(page, cognito_server, "ListUsers", {"UserPoolId": pool})[0] == 403
    assert idp.describe_user_pool(UserPoolId=pool)
    assert signs_in(page, cognito_server, client, "Corr3ct-Horse!")
    assert not signs_in(page, cognito_server, client, "Mallory-0wns!")


def test_an_image_and_a_form_on_a_public_page_change_nothing(visit, cognito_server, iam):
    query = {
        "Action": "CreateUser",
        "Version": "2010-05-08",
        "UserName": "mallory",
        "X-Amz-Credential": SCOPE,
    }
    query |= {"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-SignedHeaders": "host", "X-Amz-Signature": "00"}
    query |= {"X-Amz-Date": "20260101T000000Z"}
    page = visit("evil.example")
    page.evaluate(IMAGE, f"{cognito_server.url}/?{urlencode(query)}")
    assert [entry.status for entry in cognito_server.requests] == [403]
    with page.expect_navigation():
        page.evaluate(FORM, [f"{cognito_server.url}/", query])
    assert [entry.status for entry in cognito_server.requests] == [403, 403]
    assert iam.list_users()["Users"] == []
    # The same address in the developer's own terminal works: it is the page that is refused.
    assert requests.get(cognito_server.url, params=query, timeout=10).status_code == 200


def test_a_public_name_that_leads_to_the_server_is_no_way_in(visit, cognito_server, ada, idp):
    pool, _ = ada
    page = visit("rebound.example", urlsplit(cognito_server.url).port)
    target = "AWSCognitoIdentityProviderService.DeleteUserPool"
    status, body = page.evaluate(FETCH, ["/", target, {"UserPoolId": pool}, SIGNED])
    assert (status, "--allow-host" in body["message"]) == (403, True)
    assert idp.describe_user_pool(UserPoolId=pool)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "shop.localhost"])
def test_a_front_end_on_this_machine_makes_signed_calls_without_a_flag(visit, cognito_server, ada, name):
    pool, _ = ada
    status, body = call(visit(name), cognito_server, "ListUsers", {"UserPoolId": pool})
    assert (status, body["Users"][0]["Username"]) == (200, "ada")
