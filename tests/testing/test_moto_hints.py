"""What a suite that moves from moto is told beside a refusal. The refusal itself is AWS's."""

import logging
import sys

import boto3
import pytest
from botocore.exceptions import ClientError

from cogmock import mock_cognito

PASSWORD = "Corr3ct-Horse!"


@pytest.fixture
def idp():
    return boto3.client("cognito-idp", region_name="us-east-1")


@pytest.fixture
def told(cognito, caplog):
    """Calls what AWS refuses, and gives the hints that were logged."""
    import moto  # noqa: F401 - hints are given where it is loaded

    def refused(function, **params):
        caplog.clear()
        with caplog.at_level(logging.WARNING, "cogmock"), pytest.raises(ClientError):
            function(**params)
        return [record.getMessage() for record in caplog.records if record.name == "cogmock"]

    return refused


def only(messages, part):
    assert len(messages) == 1, messages
    assert part in messages[0]


class TestHints:
    def test_alias_and_username_attributes(self, told, idp):
        both = {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]}
        only(
            told(idp.create_user_pool, PoolName="x", **both), "CreateUserPool: moto takes AliasAttributes and"
        )

    def test_the_password_policy(self, told, idp, cognito):
        client = cognito.make_pool().client_id
        only(
            told(idp.sign_up, ClientId=client, Username="ada", Password="secret"),
            "default policy wants 8 char",
        )

    def test_a_flow_that_the_client_lacks(self, told, idp, cognito):
        pool = cognito.make_pool(users=["ada"], client={"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]})
        given = {"USERNAME": "ada", "PASSWORD": pool.user("ada").password}
        asked = {"ClientId": pool.client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given}
        only(told(idp.initiate_auth, **asked), "ExplicitAuthFlows=[")

    @pytest.mark.parametrize(("secret", "hashed"), [(True, "x"), (True, None), (False, "x")])
    def test_secret_hashes(self, told, idp, cognito, secret, hashed):
        pool = cognito.make_pool(client={"GenerateSecret": secret})
        more = {"SecretHash": hashed} if hashed else {}
        asked = {"ClientId": pool.client_id, "Username": "ada", "Password": PASSWORD, **more}
        only(told(idp.sign_up, **asked), "AWS checks secret hashes")

    def test_codes_of_an_authenticator_app(self, told, idp, cognito):
        pool = cognito.make_pool(users=["ada"])
        on = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "OPTIONAL"}
        idp.set_user_pool_mfa_config(UserPoolId=pool.id, **on)
        token = pool.user("ada").tokens.access_token
        idp.associate_software_token(AccessToken=token)
        only(told(idp.verify_software_token, AccessToken=token, UserCode="000000"), 'cognito.totp("ada")')

    def test_tokens_of_another_key(self, told, idp, cognito):
        other = cognito.make_pool(users=["ada"]).user("ada").tokens.access_token
        only(told(idp.get_user, AccessToken=other[:-8] + "AAAAAAAA"), "Tokens signed by moto's key file")

    @pytest.mark.parametrize("by", ["admin", "user"])
    def test_attributes_that_the_schema_lacks(self, told, idp, cognito, by):
        pool = cognito.make_pool()
        given = [{"Name": "custom:tier", "Value": "gold"}]
        asked = {"Username": "ada", "UserAttributes": given}
        refused = (
            told(idp.admin_create_user, UserPoolId=pool.id, **asked)
            if by == "admin"
            else told(idp.sign_up, ClientId=pool.client_id, Password=PASSWORD, **asked)
        )
        only(refused, 'under its name without "custom:"')

    def test_confirming_who_is_confirmed(self, told, idp, cognito):
        pool = cognito.make_pool(users=["ada"])
        only(told(idp.admin_confirm_sign_up, UserPoolId=pool.id, Username="ada"), "confirms a sign-up once")

    def test_any_confirmation_code(self, told, idp, cognito):
        client = cognito.make_pool(AutoVerifiedAttributes=["email"]).client_id
        email = [{"Name": "email", "Value": "ada@example.com"}]
        idp.sign_up(ClientId=client, Username="ada", Password=PASSWORD, UserAttributes=email)
        asked = {"ClientId": client, "Username": "ada", "ConfirmationCode": "00000x"}
        only(told(idp.confirm_sign_up, **asked), 'cognito.messages.last(username="ada").code')

    def test_guests(self, told):
        identity = boto3.client("cognito-identity", region_name="us-east-1")
        pool = identity.create_identity_pool(IdentityPoolName="x", AllowUnauthenticatedIdentities=False)
        only(
            told(identity.get_id, IdentityPoolId=pool["IdentityPoolId"]),
            "AllowUnauthenticatedIdentities=True",
        )

    def test_units_of_validity(self, told, idp, cognito):
        asked = {
            "UserPoolId": cognito.make_pool().id,
            "ClientName": "x",
            "TokenValidityUnits": {"IdToken": "hour"},
        }
        only(told(idp.create_user_pool_client, **asked), "seconds, minutes, hours and days")


class TestRestraint:
    def test_each_is_told_once_in_a_mock(self, told, idp, cognito):
        asked = {"ClientId": cognito.make_pool().client_id, "Username": "ada", "Password": "secret"}
        assert [len(told(idp.sign_up, **asked)) for _ in range(2)] == [1, 0]

    def test_other_errors_have_none(self, told, idp):
        assert told(idp.describe_user_pool, UserPoolId="us-east-1_nowhere00") == []

    def test_where_moto_is_not_loaded_nothing_is_told(self, told, idp, cognito, monkeypatch):
        client = cognito.make_pool().client_id
        monkeypatch.delitem(sys.modules, "moto")
        assert told(idp.sign_up, ClientId=client, Username="ada", Password="secret") == []

    def test_motos_config_names_what_to_write(self):
        with pytest.raises(TypeError, match=r'moto\'s form.*passthrough=\["iam", "sts"\]'):
            mock_cognito(config={"core": {"mock_credentials": False}})
