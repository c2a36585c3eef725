"""The link of a verification message, at either of its addresses."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from browsing import where
from visiting import ask

BY_LINK = {"DefaultEmailOption": "CONFIRM_WITH_LINK", "EmailMessageByLink": "{##Go##}"}


@pytest.fixture
def link(domain_of):
    town = domain_of({"AutoVerifiedAttributes": ["email"], "VerificationMessageTemplate": BY_LINK})
    town.idp.create_user_pool_domain(UserPoolId=town.pool_id, Domain="shop")
    town.sign_up(attributes={"email": "ada@example.com"})
    parts = urlsplit(town.cognito.messages.last(username="ada").link)
    return town, f"{parts.path}?{parts.query}"


class TestLink:
    def test_confirms_and_says_so(self, link):
        town, url = link
        answer = ask(town.application, "GET", url)
        assert (answer.status, town.status()) == (200, "CONFIRMED")
        assert b"Your registration has been confirmed!" in answer.body

    def test_goes_on_from_the_other_address(self, link):
        town, url = link
        query = url.partition("?")[2]
        other = ask(town.application, "GET", f"/confirm?{query}")
        assert where(other)[0] == "/confirmUser"
        assert other.headers["location"].partition("?")[2] == query
        assert town.status() == "UNCONFIRMED"

    def test_is_not_followed_by_who_only_looks(self, link):
        town, url = link
        assert ask(town.application, "HEAD", url).status == 200
        assert town.status() == "UNCONFIRMED"

    @pytest.mark.parametrize(
        "spoilt", ["confirmation_code=1", "user_name=eve", "client_id=x", "user_name=%3Cb%3E%ff"]
    )
    def test_with_something_else_in_it_confirms_nobody(self, link, spoilt):
        town, url = link
        name = spoilt.partition("=")[0]
        kept = [pair for pair in url.partition("?")[2].split("&") if not pair.startswith(f"{name}=")]
        answer = ask(town.application, "GET", f"/confirmUser?{'&'.join([*kept, spoilt])}")
        assert (answer.status, town.status()) == (400, "UNCONFIRMED")
        assert b"<b>" not in answer.body
