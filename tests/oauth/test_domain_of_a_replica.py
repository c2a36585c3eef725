"""The pages and endpoints at the prefix domain of a replica."""

from __future__ import annotations

import pytest
from support.browser import Browser, where
from support.http import ask
from support.pool_env import PASSWORD, connect

REGION = "eu-west-1"
HOST = f"shop-eu.auth.{REGION}.localhost:4577"
KEY = {
    "KeyType": "CUSTOMER_MANAGED_KEY",
    "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
}


@pytest.fixture
def env(domain_of, cognito):
    env = domain_of(pool={"KeyConfiguration": KEY})
    env.add_user(email="ada@example.com", email_verified="true")
    env.style()
    env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)
    cognito.clock.advance(1)
    activate(env)
    connect(REGION).create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop-eu", ManagedLoginVersion=2)
    return env


def activate(env, status="ACTIVE"):
    env.idp.update_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION, Status=status)


class TestDomainOfAReplica:
    def test_signs_users_of_the_pool_in(self, env):
        browser = env.browser(host=HOST)
        _, (address, given) = env.signed_in(browser=browser)
        assert address.endswith("/callback")
        assert env.redeem(given["code"]).status == 200

    def test_signs_nobody_up(self, env):
        browser = Browser(env.application, host=HOST)
        browser.go(env.url("/signup"))
        browser.submit(username="bob", password=PASSWORD, email="bob@example.com")
        assert "not enabled" in browser.error
        users = env.idp.list_users(UserPoolId=env.pool_id)["Users"]
        assert [each["Username"] for each in users] == ["ada"]

    def test_is_closed_while_the_replica_is_inactive(self, env):
        activate(env, "INACTIVE")
        answer = ask(env.application, "GET", env.url(), host=HOST)
        assert answer.status != 302 or not where(answer)[0].startswith("/login")

    def test_unsigned_calls_name_the_region_by_the_host(self, env, cognito):
        asked = f'{{"ClientId": "{env.client_id}", "Username": "bob", "Password": "{PASSWORD}"}}'
        answer = ask(
            env.application,
            "POST",
            "/",
            asked.encode(),
            host=f"cognito-idp.{REGION}.localhost:4577",
            headers={"X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"},
            content_type="application/x-amz-json-1.1",
        )
        assert answer.json["__type"].endswith("OperationNotEnabledException")
