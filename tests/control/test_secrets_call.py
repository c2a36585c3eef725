"""GET /_cogmock/secrets and POST /_cogmock/secrets/rotate."""

from __future__ import annotations

import json

import pytest

WEEK = 7 * 86400


@pytest.fixture
def client(aws):
    pool_id = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
    made = aws(
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="api",
        GenerateSecret=True,
        PublishSecretsInAWSSecretsManager=True,
    )
    return made["UserPoolClient"]


@pytest.fixture
def read(control):
    return lambda arn: control("GET", f"/secrets?arn={arn}")


@pytest.fixture
def rotate(control):
    return lambda body: control("POST", "/secrets/rotate", json.dumps(body).encode())


def value(answer):
    assert answer.status == 200, answer.body
    return json.loads(answer.json["SecretString"])["clientSecretValue"]


class TestReading:
    def test_the_secret_and_when_it_was_rotated(self, read, client):
        answer = read(client["ClientSecretArn"]).json
        assert answer.keys() == {"arn", "SecretString", "rotated_at"}
        assert answer["arn"] == client["ClientSecretArn"]
        assert json.loads(answer["SecretString"])["userPoolClientId"] == client["ClientId"]

    def test_an_arn_that_is_not_there(self, read, client):
        answer = read(client["ClientSecretArn"] + "x")
        assert (answer.status, answer.json["error"]) == (400, "ResourceNotFoundException")

    @pytest.mark.parametrize("query", ["", "?name=x"])
    def test_needs_an_arn_and_nothing_else(self, control, query):
        answer = control("GET", f"/secrets{query}")
        assert (answer.status, answer.json["error"]) == (400, "InvalidRequest")


class TestRotating:
    def test_gives_a_new_secret_and_puts_the_next_rotation_off(self, read, rotate, client, world):
        arn = client["ClientSecretArn"]
        world.clock.advance(WEEK - 60)
        before = value(read(arn))
        rotated = value(rotate({"arn": arn}))
        assert rotated != before
        world.clock.advance(120)
        assert value(read(arn)) == rotated

    @pytest.mark.parametrize("body", [{}, {"arn": ""}, {"arn": 1}, {"arn": "x", "more": 1}])
    def test_refuses_other_bodies(self, rotate, body):
        answer = rotate(body)
        assert (answer.status, answer.json["error"]) == (400, "InvalidRequest")
