"""A page on a public origin, and what it can and cannot do to a server on this machine. Names lead to 127.0.0.1."""

from __future__ import annotations

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
import requests
from playwright.sync_api import Error

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
UNREADABLE = """
async ([url, type, body]) => {
    const answer = await fetch(url, {method: "POST", mode: "no-cors", headers: {"Content-Type": type}, body});
    return [answer.type, answer.status];
}
"""
BEACON = "([url, body]) => navigator.sendBeacon(url, new Blob([body], {type: 'text/plain'}))"
ELEMENT = """
([tag, name, url]) => new Promise((done) => {
    const element = document.createElement(tag);
    if (tag === "link") element.rel = "stylesheet";
    element.onload = element.onerror = element.onloadedmetadata = () => done();
    element[name] = url;
    document.body.append(element);
})
"""
EVENTS = """
(url) => new Promise((done) => {
    const source = new EventSource(url);
    source.onmessage = (event) => done(event.data);
    source.onerror = () => done("refused");
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
def pages(tmp_path):
    """A server of empty pages: its port."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Shop</title><link rel=icon href='data:,'>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["of this machine", "public"])
def space(request, pages):
    """Flags by which Chromium takes the address of the pages for one of this machine, as it is, or for a public one."""
    return [f"--ip-address-space-overrides=127.0.0.1:{pages}=public"] if request.param == "public" else []


@pytest.fixture
def visit(launch, pages):
    """Opens an empty page at a name, in a Chromium for which names below .example are 127.0.0.1."""
    browser = launch(rules="MAP *.example 127.0.0.1, MAP cogmock 127.0.0.1")
    page = browser.new_page()

    def visited(name, port=pages):
        page.goto(f"http://{name}:{port}/")
        return page

    yield visited
    browser.close()


@pytest.fixture
def evil(launch, pages, space):
    """A page at a name of the Internet, in a Chromium that takes its address for one of this machine or a public one."""
    browser = launch(rules="MAP *.example 127.0.0.1", flags=space)
    page = browser.new_page()
    page.goto(f"http://evil.example:{pages}/")
    yield page
    browser.close()


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
    assert requests.get(cognito_server.url, params=query, timeout=30).status_code == 200


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


def create_user(server, name):
    """The address of a signed call that makes a user of IAM."""
    query = {"Action": "CreateUser", "Version": "2010-05-08", "UserName": name, "X-Amz-Credential": SCOPE}
    query |= {"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-SignedHeaders": "host", "X-Amz-Signature": "00"}
    return f"{server.url}/?{urlencode(query | {'X-Amz-Date': '20260101T000000Z'})}"


ELEMENTS = [
    ("img", "src"),
    ("script", "src"),
    ("link", "href"),
    ("iframe", "src"),
    ("video", "src"),
    ("object", "data"),
    ("embed", "src"),
]


@pytest.mark.parametrize("name", ["cogmock", "0.0.0.0"])
def test_an_image_at_a_plain_address_of_the_server_changes_nothing(visit, cognito_server, iam, name):
    """Chromium sends no Sec-Fetch-Site there, and may refuse to send anything at all to 0.0.0.0."""
    page = visit("evil.example")
    page.evaluate(IMAGE, create_user(cognito_server, "mallory").replace("localhost", name))
    assert {entry.status for entry in cognito_server.requests} <= {403}
    assert iam.list_users()["Users"] == []


@pytest.mark.parametrize(("tag", "name"), ELEMENTS, ids=[tag for tag, _ in ELEMENTS])
def test_no_element_of_a_public_page_makes_a_call(visit, cognito_server, iam, tag, name):
    page = visit("evil.example")
    page.evaluate(ELEMENT, [tag, name, create_user(cognito_server, "mallory")])
    assert {entry.status for entry in cognito_server.requests} == {403}
    assert iam.list_users()["Users"] == []


def test_a_request_whose_answer_the_page_cannot_read_changes_nothing(evil, cognito_server, iam, idp):
    """Without CORS a page may send simple requests: forms, texts, and beacons."""
    pool = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    address = create_user(cognito_server, "mallory")
    fields = urlsplit(address).query
    attempt(evil, UNREADABLE, [f"{cognito_server.url}/", "application/x-www-form-urlencoded", fields])
    attempt(evil, UNREADABLE, [address, "text/plain", ""])
    attempt(evil, BEACON, [f"{cognito_server.url}/", fields])
    attempt(evil, UNREADABLE, [f"{cognito_server.url}/_cogmock/reset", "text/plain", "{}"])
    attempt(evil, BEACON, [f"{cognito_server.url}/_cogmock/reset", "{}"])
    attempt(evil, UNREADABLE, [f"{cognito_server.url}/_cogmock/clock", "text/plain", '{"advance": 9999}'])
    assert iam.list_users()["Users"] == []
    assert idp.describe_user_pool(UserPoolId=pool)
    assert cognito_server.world.clock.offset == 0


def attempt(page, script, given):
    """What a page tries; that the browser stops it is as good."""
    try:
        return page.evaluate(script, given)
    except Error as refused:
        if "Failed to fetch" not in str(refused):
            raise
        return None


def test_a_link_that_the_visitor_follows_makes_no_call(visit, cognito_server, iam):
    page = visit("evil.example")
    page.evaluate("(url) => { location.href = url }", create_user(cognito_server, "mallory"))
    page.wait_for_url(f"{cognito_server.url}/**")
    assert [entry.status for entry in cognito_server.requests] == [403]
    assert iam.list_users()["Users"] == []


def test_a_public_page_learns_nothing_from_the_control_api(evil, cognito_server, ada):
    cognito_server.make_pool(users=["bob"])
    for path in ("/_cogmock/messages", "/_cogmock/requests", "/_cogmock/doctor"):
        read = "async (url) => (await fetch(url)).text()"
        assert attempt(evil, read, f"{cognito_server.url}{path}") is None
    assert evil.evaluate(EVENTS, f"{cognito_server.url}/_cogmock/events") == "refused"
    frame = "([url]) => { document.body.innerHTML = `<iframe src=${url}></iframe>` }"
    evil.evaluate(frame, [f"{cognito_server.url}/_cogmock/ui/"])
    evil.wait_for_timeout(300)
    assert not any(re.search(r"\bbob\b", each.content()) for each in evil.frames)


def test_an_image_does_not_sign_the_visitor_out(visit, cognito_server):
    settings = {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "CallbackURLs": [f"{cognito_server.url}/nowhere"],
        "LogoutURLs": [f"{cognito_server.url}/nowhere"],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    pool = cognito_server.make_pool(users=["ada"], password="Corr3ct-Horse!", client=settings)
    back = {"client_id": pool.client_id, "redirect_uri": f"{cognito_server.url}/nowhere"}
    asked = f"{cognito_server.url}/oauth2/authorize?{urlencode({**back, 'response_type': 'code'})}"
    page = visit("evil.example")
    page.goto(asked)
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password", exact=True).fill("Corr3ct-Horse!")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/nowhere?code=*")
    away = {"client_id": pool.client_id, "logout_uri": f"{cognito_server.url}/nowhere"}
    visit("evil.example").evaluate(IMAGE, f"{cognito_server.url}/logout?{urlencode(away)}")
    page.goto(asked)
    page.wait_for_url("**/nowhere?code=*")


def test_a_public_name_that_leads_to_the_server_learns_nothing(visit, cognito_server, ada, iam):
    """After DNS rebinding the page is of the server's own origin, and the browser lets it read everything."""
    _, client = ada
    page = visit("rebound.example", urlsplit(cognito_server.url).port)
    read = "async (url) => { const answer = await fetch(url); return [answer.status, await answer.text()] }"
    for path in ("/_cogmock/messages", "/_cogmock/users", "/_cogmock/ui/", "/_cogmock/idp/"):
        assert page.evaluate(read, path)[0] == 403, path
    assert page.evaluate(read, "/?" + urlsplit(create_user(cognito_server, "mallory")).query)[0] == 403
    assert iam.list_users()["Users"] == []
    given = {"ClientId": client, "Username": "mallory", "Password": "Corr3ct-Horse!"}
    assert call(page, cognito_server, "SignUp", given)[0] == 200  # at localhost: what AWS lets everybody call
    target = "AWSCognitoIdentityProviderService.SignUp"
    assert page.evaluate(FETCH, ["/", target, given | {"Username": "eve"}, ""])[0] == 403
    assert not re.search(r"\bada\b", page.evaluate(read, f"/login?client_id={client}")[1])
