"""pycognito's directory functions, unmodified, against a server."""

from __future__ import annotations

import boto3
import pytest
from pycognito import Cognito
from support.pool_env import OTHER, PASSWORD, refused

pytestmark = pytest.mark.slow


class PoolEnv:
    def __init__(self, server, **client):
        self.server = server
        # The issuer that pycognito expects is its endpoint.
        self.connection = {
            "endpoint_url": f"http://localhost:{server.settings.port}",
            "aws_access_key_id": "testing",
            "aws_secret_access_key": "testing",
            "region_name": "us-east-1",
        }
        self.idp = boto3.client("cognito-idp", **self.connection)
        self.pool_id = self.idp.create_user_pool(
            PoolName="shop",
            AutoVerifiedAttributes=["email"],
            Schema=[{"Name": "role", "AttributeDataType": "String"}],
        )["UserPool"]["Id"]
        made = self.idp.create_user_pool_client(UserPoolId=self.pool_id, ClientName="web", **client)
        self.client = made["UserPoolClient"]

    def person(self, username="ada"):
        return Cognito(
            self.pool_id,
            self.client["ClientId"],
            username=username,
            client_secret=self.client.get("ClientSecret"),
            boto3_client_kwargs=dict(self.connection),
        )

    def code(self, username="ada"):
        return self.server.messages.last(username=username).code

    def add_user(self, username="ada"):
        person = self.person(username)
        person.set_base_attributes(email=f"{username}@example.com", name="Ada")
        person.register(username, PASSWORD)
        person.confirm_sign_up(self.code(username))
        person.authenticate(PASSWORD)
        return person


@pytest.fixture(params=[{}, {"GenerateSecret": True}], ids=["public", "with a secret"])
def env(request, cognito_server):
    return PoolEnv(cognito_server, **request.param)


def test_who_registers_confirms_and_signs_in(env):
    person = env.person()
    person.set_base_attributes(email="ada@example.com", name="Ada")
    person.add_custom_attributes(role="countess")
    answer = person.register("ada", PASSWORD)
    assert answer["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    person.resend_confirmation_code("ada")
    person.confirm_sign_up(env.code())
    person.authenticate(PASSWORD)
    user = person.get_user()
    assert user.email == "ada@example.com"
    assert user.email_verified == "true" or user.email_verified is True


def test_a_profile_is_updated_and_the_new_address_proven(env):
    person = env.add_user()
    person.update_profile({"name": "Countess", "email": "countess@example.com"})
    assert person.get_user().name == "Countess"
    person.validate_verification(env.code())
    person.send_verification()
    person.validate_verification(env.code())
    assert {"Name": "email_verified", "Value": "true"} in env.idp.admin_get_user(
        UserPoolId=env.pool_id, Username="ada"
    )["UserAttributes"]


def test_a_forgotten_password_is_replaced(env):
    person = env.add_user()
    person.initiate_forgot_password()
    person.confirm_forgot_password(env.code(), OTHER)
    person.authenticate(OTHER)


def test_a_password_is_changed(env):
    person = env.add_user()
    person.change_password(PASSWORD, OTHER)
    env.person().authenticate(OTHER)
    with refused("NotAuthorizedException", "Incorrect username or password."):
        env.person().authenticate(PASSWORD)


def test_an_administrator_makes_and_changes_users(env):
    person = env.person("bea")
    person.admin_create_user(
        "bea", email="bea@example.com", additional_kwargs={"DesiredDeliveryMediums": ["EMAIL"]}
    )
    person.new_password_challenge(env.code("bea"), PASSWORD)
    person.authenticate(PASSWORD)
    person.admin_update_profile({"name": "Bea", "email_verified": "true"})
    assert person.admin_get_user().name == "Bea"
    assert person.admin_get_user().user_status == "CONFIRMED"
    person.admin_disable_user("bea")
    assert person.admin_get_user().enabled is False
    person.admin_enable_user("bea")
    person.admin_reset_password("bea")
    person.confirm_forgot_password(env.code("bea"), OTHER)
    person.authenticate(OTHER)
    person.admin_delete_user()
    with refused("UserNotFoundException"):
        person.admin_get_user()


def test_an_administrator_confirms_a_sign_up(env):
    person = env.person()
    person.set_base_attributes(email="ada@example.com")
    person.register("ada", PASSWORD)
    person.admin_confirm_sign_up("ada")
    person.authenticate(PASSWORD)


def test_groups(env):
    person = env.add_user()
    env.idp.create_group(UserPoolId=env.pool_id, GroupName="readers", Description="who reads", Precedence=1)
    person.admin_add_user_to_group("ada", "readers")
    assert person.admin_list_groups_for_user("ada") == ["readers"]
    assert person.get_group("readers").description == "who reads"
    assert [group.group_name for group in person.get_groups()] == ["readers"]
    person.admin_remove_user_from_group("ada", "readers")
    assert person.admin_list_groups_for_user("ada") == []


def test_all_users_are_listed_over_pages(env):
    for number in range(65):
        env.idp.admin_create_user(UserPoolId=env.pool_id, Username=f"user{number}", MessageAction="SUPPRESS")
    assert len(env.person().get_users()) == 65


def test_users_delete_themselves(env):
    person = env.add_user()
    person.delete_user()
    with refused("UserNotFoundException"):
        env.person().admin_get_user()
