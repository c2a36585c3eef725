"""A redirect repeats what the request had; no line of a head becomes longer than clients take."""

from __future__ import annotations

import pytest
from support.http import ask

from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.web.app import Application


@pytest.fixture
def application():
    return Application(World(Settings()))


@pytest.mark.parametrize(
    ("path", "method"),
    [("/passkeys/add", "POST"), ("/passkeys/add", "GET"), ("/oauth2/authorize", "GET"), ("/login", "GET")],
)
@pytest.mark.parametrize("value", ["../" * 2600, "%2F" * 2600, "%C3%9F" * 2600])
def test_one_that_would_be_too_long_is_refused(application, path, method, value):
    answer = ask(application, method, f"{path}?client_id={value}&response_type=code")
    assert max(len(name) + len(text) for name, text in answer.pairs) < 8192
    assert answer.status < 500


def test_the_refusal_says_why(application):
    answer = ask(application, "POST", f"/passkeys/add?client_id={'../' * 2600}")
    assert answer.status == 414
    assert "too long" in answer.json["message"]
    assert "too long" in [*application.world.journal][-1].reason


def test_a_long_one_still_leads_on(application):
    answer = ask(application, "POST", f"/passkeys/add?client_id={'a' * 5000}")
    assert answer.status == 302
    assert len(answer.headers["location"]) > 5000


@pytest.mark.parametrize("value", ["%2F" * 4000, "a" * 9000])
def test_stand_ins_do_not_either(application, value):
    asked = f"client_id=c&redirect_uri=http://localhost:1/back&response_type=code&state={value}&scope=openid"
    url = f"/_cogmock/idp/oidc/company/authorize?{asked}"
    answer = ask(
        application, "POST", url, b"email=a@example.com", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status == 414
