"""The link in verification messages, at both of its paths."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from support.browser import where
from support.http import ask

BY_LINK = {"DefaultEmailOption": "CONFIRM_WITH_LINK", "EmailMessageByLink": "{##Go##}"}


@pytest.fixture
def link(domain_of):
    env = domain_of({"AutoVerifiedAttributes": ["email"], "VerificationMessageTemplate": BY_LINK})
    env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
    env.sign_up(attributes={"email": "ada@example.com"})
    parts = urlsplit(env.cognito.messages.last(username="ada").link)
    return env, f"{parts.path}?{parts.query}"


class TestLink:
    def test_confirms_and_says_so(self, link):
        env, url = link
        answer = ask(env.application, "GET", url)
        assert (answer.status, env.status()) == (200, "CONFIRMED")
        assert b"Your registration has been confirmed!" in answer.body

    def test_goes_on_from_the_other_address(self, link):
        env, url = link
        query = url.partition("?")[2]
        other = ask(env.application, "GET", f"/confirm?{query}")
        assert where(other)[0] == "/confirmUser"
        assert other.headers["location"].partition("?")[2] == query
        assert env.status() == "UNCONFIRMED"

    def test_is_not_followed_by_who_only_looks(self, link):
        env, url = link
        assert ask(env.application, "HEAD", url).status == 200
        assert env.status() == "UNCONFIRMED"

    @pytest.mark.parametrize(
        "spoilt", ["confirmation_code=1", "user_name=eve", "client_id=x", "user_name=%3Cb%3E%ff"]
    )
    def test_with_something_else_in_it_confirms_nobody(self, link, spoilt):
        env, url = link
        name = spoilt.partition("=")[0]
        kept = [pair for pair in url.partition("?")[2].split("&") if not pair.startswith(f"{name}=")]
        answer = ask(env.application, "GET", f"/confirmUser?{'&'.join([*kept, spoilt])}")
        assert (answer.status, env.status()) == (400, "UNCONFIRMED")
        assert b"<b>" not in answer.body
