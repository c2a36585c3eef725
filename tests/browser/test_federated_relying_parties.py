"""openid-client and authlib, unmodified, at a user pool whose users sign in through stand-ins, in Chromium."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from support import environments, npm
from support.relying_parties import STAND_INS, Served, web

pytestmark = pytest.mark.slow
LOOPBACK = {"localhost", "127.0.0.1"}
PARTIES = [pytest.param("openid-client", marks=pytest.mark.node), "authlib"]


@pytest.fixture
def env(cognito_server, elsewhere):
    env = Served(cognito_server)
    env.with_stand_ins(**web(elsewhere, elsewhere))
    return env


@pytest.fixture(params=PARTIES)
def relying(request, env, elsewhere):
    """Runs one half of a sign-in: `begin` answers with its address, `finish` with verified claims or an error."""

    def run(journey, **asked):
        asked |= {"journey": journey, "issuer": env.issuer, "client": env.client_id, "callback": elsewhere}
        if request.param == "authlib":
            return environments.answered("authlib", "authlib_party.py", asked)
        return npm.answered(npm.installed(), "openid.cjs", asked)

    return run


@pytest.fixture
def hosts(page):
    """The hosts that the browser asks for anything."""
    asked = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    return asked


@pytest.fixture
def sign_in(page, relying, elsewhere):
    """Signs in through a provider as a persona; what the relying party makes of it."""

    def run(provider, persona="Ada Lovelace", fault=""):
        begun = relying("begin", parameters={"identity_provider": provider})
        page.goto(begun["url"])
        assert "/_cogmock/idp/" in page.url
        if fault:
            page.get_by_text("Subject, claims, faults").click()
            page.locator("[name=fault]").select_option(fault)
        page.get_by_role("button", name=persona).click()
        page.wait_for_url(f"{elsewhere}?*")
        return relying("finish", back=page.url, checks=begun["checks"])

    return run


@pytest.mark.parametrize("provider", STAND_INS)
def test_the_library_verifies_the_tokens_of_a_federated_user(env, sign_in, hosts, provider):
    answer = sign_in(provider, "Grace Hopper")
    claims = answer["claims"]
    assert (claims["iss"], claims["aud"]) == (env.issuer, env.client_id)
    (identity,) = claims["identities"]
    assert (identity["providerName"], identity["providerType"]) == (provider, STAND_INS[provider])
    assert claims["cognito:username"] == f"{provider}_{identity['userId']}"
    assert f"{env.pool_id}_{provider}" in claims["cognito:groups"]
    assert claims["email"] == answer["info"]["email"] == "grace@example.com"
    assert answer["info"]["username"] == claims["cognito:username"]
    user = env.idp.admin_get_user(UserPoolId=env.pool_id, Username=claims["cognito:username"])
    assert user["UserStatus"] == "EXTERNAL_PROVIDER"
    assert hosts <= LOOPBACK


@pytest.mark.parametrize(
    ("fault", "error", "description"),
    [
        ("signature", "invalid_request", "Bad id_token signature"),
        ("expired", "invalid_request", "Expired id_token"),
        ("denied", "access_denied", None),
    ],
)
def test_the_library_is_told_why_a_provider_was_not_believed(env, sign_in, fault, error, description):
    answer = sign_in("Google", fault=fault)
    assert (answer["error"], answer.get("description") or None) == (error, description)
    assert env.idp.list_users(UserPoolId=env.pool_id)["Users"] == []
