"""Client secrets that Cognito keeps in Secrets Manager and rotates."""

from __future__ import annotations

import json
import re

import pytest
from support.browser import basic, post
from support.pool_env import PoolEnv, refused

from cogmock.web.app import Application

WEEK = 7 * 86400
MACHINE = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["client_credentials"],
    "AllowedOAuthScopes": ["api/read"],
}


class Published(PoolEnv):
    """A pool and a client with a secret."""

    def make(self, *, publish=True, **settings):
        given = {"GenerateSecret": True, **settings}
        if publish is not None:
            given["PublishSecretsInAWSSecretsManager"] = publish
        made = self.idp.create_user_pool_client(UserPoolId=self.pool_id, ClientName="api", **given)
        self.client_id = made["UserPoolClient"]["ClientId"]
        return made["UserPoolClient"]

    def described(self):
        return self.idp.describe_user_pool_client(UserPoolId=self.pool_id, ClientId=self.client_id)[
            "UserPoolClient"
        ]

    def updated(self, **more):
        return self.idp.update_user_pool_client(UserPoolId=self.pool_id, ClientId=self.client_id, **more)[
            "UserPoolClient"
        ]

    def secret_of(self, arn):
        """The secret as a program reads it from Secrets Manager."""
        content = json.loads(self.ask("GET", f"/secrets?arn={arn}")["SecretString"])
        assert content.keys() == {"userPoolId", "userPoolClientId", "clientSecretValue"}
        assert (content["userPoolId"], content["userPoolClientId"]) == (self.pool_id, self.client_id)
        return content["clientSecretValue"]

    def ask(self, method, path, body=None):
        from support.http import ask

        answer = ask(
            Application(self.cognito.world),
            method,
            f"/_cogmock{path}",
            json.dumps(body).encode() if body else None,
        )
        assert answer.status == 200, answer.body
        return answer.json

    def is_good(self, secret):
        answer = post(
            Application(self.cognito.world),
            "/oauth2/token",
            {"grant_type": "client_credentials"},
            headers=basic(self.client_id, secret),
        )
        return answer.status == 200

    def ids(self):
        answer = self.idp.list_user_pool_client_secrets(UserPoolId=self.pool_id, ClientId=self.client_id)
        return [each["ClientSecretId"] for each in answer["ClientSecrets"]]


@pytest.fixture
def env(cognito):
    env = Published(cognito)
    env.idp.create_resource_server(
        UserPoolId=env.pool_id,
        Identifier="api",
        Name="api",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "to read"}],
    )
    return env


class TestCreateUserPoolClient:
    def test_answers_the_arn_in_place_of_the_secret(self, env):
        client = env.make()
        assert "ClientSecret" not in client
        assert re.fullmatch(
            r"arn:aws:secretsmanager:us-east-1:123456789012:secret:[\w+=/,.@-]+", client["ClientSecretArn"]
        )
        assert env.described()["ClientSecretArn"] == client["ClientSecretArn"]
        assert env.updated()["ClientSecretArn"] == client["ClientSecretArn"]
        assert "PublishSecretsInAWSSecretsManager" not in env.described()

    def test_the_secret_in_secrets_manager_is_the_clients(self, env):
        client = env.make(**MACHINE)
        assert env.is_good(env.secret_of(client["ClientSecretArn"]))
        assert not env.is_good("x" * 51)

    @pytest.mark.parametrize("publish", [None, False])
    def test_is_not_the_default(self, env, publish):
        client = env.make(publish=publish)
        assert client["ClientSecret"]
        assert "ClientSecretArn" not in client

    def test_counts_only_with_a_generated_secret(self, env):
        assert "ClientSecretArn" not in env.make(GenerateSecret=False)
        client = env.make(GenerateSecret=False, ClientSecret="s" * 30)
        assert client["ClientSecret"] == "s" * 30


class TestRotation:
    def test_every_seven_days_of_the_clock(self, env, cognito):
        arn = env.make(**MACHINE)["ClientSecretArn"]
        first = env.secret_of(arn)
        cognito.clock.advance(WEEK - 60)
        assert env.secret_of(arn) == first
        cognito.clock.advance(60)
        assert env.secret_of(arn) != first

    def test_the_former_secret_is_good_until_the_next_rotation(self, env, cognito):
        arn = env.make(**MACHINE)["ClientSecretArn"]
        first = env.secret_of(arn)
        cognito.clock.advance(WEEK)
        assert env.is_good(first)
        second = env.secret_of(arn)
        assert env.is_good(second)
        cognito.clock.advance(WEEK)
        assert not env.is_good(first)
        assert env.is_good(second)

    def test_several_weeks_at_once(self, env, cognito):
        arn = env.make(**MACHINE)["ClientSecretArn"]
        first = env.secret_of(arn)
        cognito.clock.advance(5 * WEEK)
        assert not env.is_good(first)
        assert env.is_good(env.secret_of(arn))
        assert len(env.ids()) == 2

    def test_gives_the_same_secrets_whoever_looks_and_when(self, env, cognito):
        arn = env.make()["ClientSecretArn"]
        before = cognito.snapshot()
        seen = []
        for _ in range(3):
            cognito.clock.advance(WEEK)
            seen.append(env.secret_of(arn))
        cognito.restore(before)
        cognito.clock.advance(3 * WEEK)
        assert env.secret_of(arn) == seen[2]
        assert len(set(seen)) == 3

    def test_a_secret_hash_over_the_former_secret_is_good_as_long(self, env, cognito):
        client = env.make(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
        env.secret = env.secret_of(client["ClientSecretArn"])
        env.add_user()
        cognito.clock.advance(WEEK)
        assert env.sign_in()
        cognito.clock.advance(WEEK)
        with refused("NotAuthorizedException"):
            env.sign_in()

    def test_revoking_takes_the_secret_of_the_time(self, env, cognito):
        client = env.make(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
        env.secret = first = env.secret_of(client["ClientSecretArn"])
        env.add_user()
        token = env.sign_in()["RefreshToken"]
        cognito.clock.advance(2 * WEEK)
        with refused("UnauthorizedException"):
            env.idp.revoke_token(ClientId=env.client_id, Token=token, ClientSecret=first)
        current = env.secret_of(client["ClientSecretArn"])
        env.idp.revoke_token(ClientId=env.client_id, Token=token, ClientSecret=current)


class TestUpdateUserPoolClient:
    def test_true_moves_a_secret_and_rotates_it_at_once(self, env):
        former = env.make(publish=None, **MACHINE)["ClientSecret"]
        client = env.updated(PublishSecretsInAWSSecretsManager=True, **MACHINE)
        assert "ClientSecret" not in client
        current = env.secret_of(client["ClientSecretArn"])
        assert current != former
        assert env.is_good(current)
        assert env.is_good(former)

    def test_of_two_secrets_the_first_rotation_deletes_the_older(self, env):
        older = env.make(publish=None, **MACHINE)["ClientSecret"]
        added = env.idp.add_user_pool_client_secret(UserPoolId=env.pool_id, ClientId=env.client_id)
        newer = added["ClientSecretDescriptor"]["ClientSecretValue"]
        env.updated(PublishSecretsInAWSSecretsManager=True, **MACHINE)
        assert not env.is_good(older)
        assert env.is_good(newer)
        assert env.ids()[0] == added["ClientSecretDescriptor"]["ClientSecretId"]

    def test_true_again_changes_nothing(self, env):
        arn = env.make()["ClientSecretArn"]
        secret = env.secret_of(arn)
        assert env.updated(PublishSecretsInAWSSecretsManager=True)["ClientSecretArn"] == arn
        assert env.secret_of(arn) == secret

    def test_false_moves_it_back_and_it_is_gone_there(self, env, cognito):
        arn = env.make(**MACHINE)["ClientSecretArn"]
        secret = env.secret_of(arn)
        client = env.updated(PublishSecretsInAWSSecretsManager=False, **MACHINE)
        assert client["ClientSecret"] == secret
        assert "ClientSecretArn" not in client
        with pytest.raises(AssertionError, match="ResourceNotFoundException"):
            env.secret_of(arn)
        cognito.clock.advance(3 * WEEK)
        assert env.is_good(secret)

    def test_omitted_leaves_it_as_it_is(self, env):
        env.make()
        assert "ClientSecretArn" in env.updated(ClientName="other")
        env.make(publish=None)
        assert "ClientSecret" in env.updated(ClientName="other")

    @pytest.mark.parametrize("settings", [{}, {"ClientSecret": "s" * 30}])
    def test_refuses_a_client_without_a_generated_secret(self, env, settings):
        env.make(publish=None, GenerateSecret=False, **settings)
        with refused("InvalidParameterException"):
            env.updated(PublishSecretsInAWSSecretsManager=True)


class TestSecretsOfAPublishedClient:
    def test_the_list_has_their_ids_and_no_values(self, env):
        client = env.make()
        (listed,) = env.idp.list_user_pool_client_secrets(UserPoolId=env.pool_id, ClientId=env.client_id)[
            "ClientSecrets"
        ]
        assert listed["ClientSecretId"].startswith(f"{client['ClientId']}--")
        assert "ClientSecretValue" not in listed

    def test_one_more_is_the_current_one_then(self, env):
        arn = env.make()["ClientSecretArn"]
        added = env.idp.add_user_pool_client_secret(UserPoolId=env.pool_id, ClientId=env.client_id)
        assert env.secret_of(arn) == added["ClientSecretDescriptor"]["ClientSecretValue"]

    def test_are_gone_with_the_client(self, env):
        arn = env.make()["ClientSecretArn"]
        env.idp.delete_user_pool_client(UserPoolId=env.pool_id, ClientId=env.client_id)
        with pytest.raises(AssertionError, match="ResourceNotFoundException"):
            env.ask("GET", f"/secrets?arn={arn}")


class TestDocuments:
    def test_an_export_says_so(self, env, cognito):
        env.make()
        (pool,) = cognito.export()["pools"]
        (client,) = [each for each in pool["clients"] if each["id"] == env.client_id]
        assert client["GenerateSecret"]
        assert client["PublishSecretsInAWSSecretsManager"]
