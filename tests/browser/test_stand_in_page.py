"""The pages of the stand-in providers in Chromium: by hand, by keyboard, without JavaScript, under axe-core."""

import shutil
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from playwright.sync_api import expect
from support.axe import faults

PAGE = """<!doctype html><title>Shop</title><link rel=icon href='data:,'>
<script src=oidc-client-ts.min.js></script>
<script>
  const manager = new oidc.UserManager({ authority: %r, client_id: "shop", client_secret: "any",
    redirect_uri: location.origin + "/", scope: "openid email" });
</script>"""


def url(server, path, **more):
    asked = {
        "client_id": "shop",
        "response_type": "code",
        "scope": "openid email",
        "redirect_uri": f"{server.url}/",
    }
    return f"{server.url}/_cogmock/idp/{path}?{urlencode({**asked, **more})}"


@pytest.fixture
def pages(cognito_server):
    """Name → URL of every page there is."""
    form = {"response_mode": "form_post", "scope": "email"}
    return {
        "sign-in": url(cognito_server, "oidc/acme/authorize", login_hint="bob"),
        "social": url(cognito_server, "apple/auth/authorize", **form),
        "message": url(cognito_server, "oidc/acme/authorize", client_id=""),
    }


@pytest.fixture
def plain(chromium):
    """A page in a browser without JavaScript."""
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_no_page_has_a_fault(page, pages, axe):
    found = []
    for name, address in pages.items():
        page.goto(address)
        if name == "sign-in":
            page.fill("[name=claims]", "{")
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("alert")).to_be_visible()
        found += [f"{name}-{fault}" for fault in faults(page, axe)]
    assert not found, "\n".join(found)


def test_a_persona_is_one_click(page, cognito_server):
    page.goto(url(cognito_server, "google/o/oauth2/v2/auth", state="s"))
    assert page.get_by_text("this is not Google").is_visible()
    page.get_by_role("button", name="Grace Hopper").click()
    page.wait_for_url(lambda address: "state=s" in address and "/idp/" not in address)
    got = parse_qs(urlsplit(page.url).query)
    assert (got["state"], bool(got["code"])) == (["s"], True)


def test_enter_signs_in_who_was_typed(page, cognito_server):
    page.goto(
        url(
            cognito_server,
            "oidc/acme/authorize",
            response_type="id_token",
            nonce="n",
            response_mode="fragment",
        )
    )
    page.get_by_role("textbox", name="E-mail address").fill("zoe@example.com")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    token = parse_qs(urlsplit(page.url).fragment)["id_token"][0]
    assert jwt.decode(token, options={"verify_signature": False})["email"] == "zoe@example.com"


@pytest.mark.parametrize("script", [True, False])
def test_a_form_answer_arrives_with_and_without_javascript(page, plain, cognito_server, elsewhere, script):
    browser = page if script else plain
    target = {"redirect_uri": elsewhere, "response_mode": "form_post", "scope": "email"}
    with browser.expect_request(
        lambda request: request.url == elsewhere and request.method == "POST"
    ) as posted:
        browser.goto(url(cognito_server, "apple/auth/authorize", **target))
        browser.get_by_role("button", name="Ada Lovelace").click()
        if not script:
            browser.get_by_role("button", name="Continue").click()
    assert {"code", "user"} <= set(parse_qs(posted.value.post_data))


@pytest.mark.node
@pytest.mark.slow
def test_oidc_client_ts_signs_in(page, cognito_server, elsewhere, tmp_path, modules):
    shutil.copy(modules / "oidc-client-ts" / "dist" / "browser" / "oidc-client-ts.min.js", tmp_path)
    (tmp_path / "index.html").write_text(PAGE % f"{cognito_server.url}/_cogmock/idp/oidc/acme")
    page.goto(elsewhere)
    with page.expect_navigation():
        page.evaluate("void manager.signinRedirect()")
    page.get_by_role("button", name="Ada Lovelace").click()
    page.wait_for_url(f"{elsewhere}?**")
    user = page.evaluate("manager.signinCallback()")
    assert user["profile"]["email"] == "ada@example.com"
