"""The main job, through all three doors, by the same code."""

import re

import boto3

from cogmock import mock_cognito
from scripts.demo import EXPECTED, over_http
from scripts.story import REGION, Door, Story


def play(door):
    steps = []
    return Story(door, steps.append).play(), steps


def in_process(handle):
    return Door(
        client=lambda service, **more: boto3.client(service, region_name=REGION, **more),
        code=lambda username: handle.messages.last(username=username).code,
        decide=lambda *question: handle.authorize(*question).decision,
    )


def judge(ending, steps, issuer):
    assert ending.decisions == EXPECTED
    assert re.fullmatch(r"arn:aws:sts::\d{12}:assumed-role/articles-free/.+", ending.roles["as free"])
    assert re.fullmatch(r"arn:aws:sts::\d{12}:assumed-role/articles-premium/.+", ending.roles["as premium"])
    identity, access = ending.claims["IdToken"], ending.claims["AccessToken"]
    assert identity["iss"] == access["iss"] == f"{issuer}/{ending.pool_id}"
    assert identity["cognito:groups"] == access["cognito:groups"] == ["premium", "free"]
    assert identity["cognito:preferred_role"].endswith(":role/articles-premium")
    assert (identity["email"], identity["email_verified"]) == ("ada@example.com", True)
    assert (identity["token_use"], access["token_use"]) == ("id", "access")
    google = ending.claims["Google"]
    assert (google["email"], google["identities"][0]["providerName"]) == ("grace@example.com", "Google")
    assert len(steps) > 20


def test_in_process():
    with mock_cognito() as handle:
        judge(*play(in_process(handle)), "https://cognito-idp.us-east-1.amazonaws.com")


def test_in_a_fixture(cognito):
    judge(*play(in_process(cognito)), "https://cognito-idp.us-east-1.amazonaws.com")


def test_on_a_port(cognito_server):
    judge(*play(over_http(cognito_server.url)), f"http://localhost:{cognito_server.settings.port}")
