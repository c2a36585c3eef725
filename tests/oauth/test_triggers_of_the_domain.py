"""The triggers of a sign-in by the page, and of the token endpoint."""

from __future__ import annotations

from domain_town import WEB, Domain
from people import PASSWORD
from triggering import configured, refusing, sources


def echo(event, _context):
    return event


def town_with(cognito, **names):
    town = Domain(cognito, client=WEB, LambdaConfig=configured(**names))
    for name in names.values():
        cognito.functions[name] = echo
    town.resident()
    return town


def test_a_sign_in_by_the_page_runs_the_triggers_around_it_and_those_of_hosted_tokens(cognito):
    town = town_with(
        cognito, PreAuthentication="before", PostAuthentication="after", PreTokenGeneration="claims"
    )
    tokens = town.tokens()
    assert sources(cognito) == [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_HostedAuth",
    ]
    town.token(
        {"grant_type": "refresh_token", "client_id": town.client_id, "refresh_token": tokens["refresh_token"]}
    )
    assert sources(cognito)[3:] == ["TokenGeneration_RefreshTokens"]


def test_the_page_shows_why_a_function_refused(cognito):
    town = town_with(cognito, PreAuthentication="before")
    cognito.functions["before"] = refusing("not today")
    browser = town.browser()
    browser.go(town.url())
    browser.submit(username="ada", password=PASSWORD)
    assert "PreAuthentication failed with error not today." in browser.text
