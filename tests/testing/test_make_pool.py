"""Pools, users and authenticator apps that the handle makes in one call."""

import hashlib
import hmac
from base64 import b64encode

import boto3
import pytest
from botocore.exceptions import ClientError

from cogmock import mock_cognito
from cogmock.testing.control import RefusedError


@pytest.fixture
def idp(cognito):
    return boto3.client("cognito-idp", region_name="us-east-1")


def sign_in(idp, pool, name, **more):
    given = {"USERNAME": name, "PASSWORD": pool.user(name).password}
    return idp.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given | more
    )


def answer(idp, pool, asked, code, name="ada"):
    return idp.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code},
    )


class TestDefaults:
    def test_a_sign_up_sends_a_code(self, cognito, idp):
        pool = cognito.make_pool()
        email = [{"Name": "email", "Value": "ada@example.com"}]
        idp.sign_up(ClientId=pool.client_id, Username="ada", Password="Passw0rd!", UserAttributes=email)
        code = cognito.messages.last(username="ada").code
        idp.confirm_sign_up(ClientId=pool.client_id, Username="ada", ConfirmationCode=code)

    def test_named_users_have_a_verified_address(self, cognito, idp):
        pool = cognito.make_pool(users=["ada"])
        idp.forgot_password(ClientId=pool.client_id, Username="ada")
        assert cognito.messages.last().destination == "ada@example.com"

    @pytest.mark.parametrize(
        ("attributes", "verified"),
        [
            ({"email": "a@example.com"}, "true"),
            ({"email": "a@example.com", "email_verified": "false"}, "false"),
            ({}, None),
        ],
    )
    def test_addresses_are_verified_unless_it_is_said(self, cognito, idp, attributes, verified):
        pool = cognito.make_pool(users={"ada": attributes})
        listed = idp.admin_get_user(UserPoolId=pool.id, Username="ada")["UserAttributes"]
        assert {of["Name"]: of["Value"] for of in listed}.get("email_verified") == verified

    def test_one_text_is_no_list_of_users(self, cognito):
        with pytest.raises(TypeError, match=r"\['ada'\]"):
            cognito.make_pool(users="ada")


class TestUnconfirmed:
    @pytest.mark.parametrize("secret", [False, True])
    def test_they_wait_for_their_code(self, cognito, idp, secret):
        pool = cognito.make_pool(unconfirmed=["ada"], client={"GenerateSecret": secret})
        assert idp.admin_get_user(UserPoolId=pool.id, Username="ada")["UserStatus"] == "UNCONFIRMED"
        code = cognito.messages.last(username="ada").code
        more = {"SecretHash": pool.secret_hash("ada")} if secret else {}
        idp.confirm_sign_up(ClientId=pool.client_id, Username="ada", ConfirmationCode=code, **more)
        assert pool.user("ada").tokens.access_token

    def test_with_addresses_for_names(self, cognito, idp):
        pool = cognito.make_pool(unconfirmed=["ada@example.com"], UsernameAttributes=["email"])
        user = pool.user("ada@example.com")
        assert user.username == user.sub
        assert cognito.messages.last().destination == "ada@example.com"

    def test_their_attributes_are_as_given(self, cognito, idp):
        pool = cognito.make_pool(unconfirmed={"ada": {"email": "a@example.com", "name": "Ada"}})
        listed = idp.admin_get_user(UserPoolId=pool.id, Username="ada")["UserAttributes"]
        assert {"Name": "name", "Value": "Ada"} in listed


class TestSecretHash:
    def test_it_is_over_name_and_client(self, cognito):
        pool = cognito.make_pool(client={"GenerateSecret": True})
        digest = hmac.new(
            pool.client_secret.encode(), f"ada{pool.client_id}".encode(), hashlib.sha256
        ).digest()
        assert pool.secret_hash("ada") == b64encode(digest).decode()

    def test_without_a_secret_it_says_how_to_get_one(self, cognito):
        with pytest.raises(TypeError, match="GenerateSecret"):
            cognito.make_pool().secret_hash("ada")


class TestTotp:
    def test_users_with_an_app_sign_in_by_it(self, cognito, idp):
        pool = cognito.make_pool(users=["ada", "bob"], totp=["ada"])
        assert pool.description["MfaConfiguration"] == "OPTIONAL"
        asked = sign_in(idp, pool, "ada")
        assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        # The code of this half minute was used when the app was set up.
        assert "AuthenticationResult" in answer(idp, pool, asked, cognito.totp("ada"))
        assert "AuthenticationResult" in sign_in(idp, pool, "bob")

    def test_where_it_is_required_it_is_set_up_at_sign_in(self, cognito, idp):
        pool = cognito.make_pool(users=["ada"], mfa="ON")
        asked = sign_in(idp, pool, "ada")
        assert asked["ChallengeName"] == "MFA_SETUP"
        session = idp.associate_software_token(Session=asked["Session"])["Session"]
        verified = idp.verify_software_token(Session=session, UserCode=pool.user("ada").totp)
        assert verified["Status"] == "SUCCESS"

    def test_off_is_off(self, cognito):
        assert cognito.make_pool(mfa="OFF").description["MfaConfiguration"] == "OFF"

    def test_it_follows_the_clock(self, cognito, idp):
        pool = cognito.make_pool(users=["ada"], totp=["ada"])
        used = pool.user("ada").totp
        cognito.clock.advance(minutes=5)
        assert pool.user("ada").totp != used
        assert "AuthenticationResult" in answer(idp, pool, sign_in(idp, pool, "ada"), cognito.totp("ada"))

    def test_a_user_of_several_pools_is_told_apart(self, cognito):
        one = cognito.make_pool(users=["ada"], totp=["ada"])
        assert cognito.totp("ada") == one.user("ada").totp
        cognito.make_pool(users=["ada"], totp=["ada"])
        with pytest.raises(RefusedError, match="user_pool_id"):
            cognito.totp("ada")
        assert cognito.totp("ada", pool=one.id) == one.user("ada").totp

    def test_a_user_who_has_none_is_refused(self, cognito):
        cognito.make_pool(users=["ada"])
        with pytest.raises(RefusedError, match="SoftwareTokenMFANotFoundException"):
            cognito.totp("ada")
        with pytest.raises(RefusedError, match="UserNotFoundException"):
            cognito.totp("bob")

    def test_a_fixed_code_is_right_as_often_as_one_likes(self):
        with mock_cognito(code="123456") as cognito:
            idp = boto3.client("cognito-idp", region_name="us-east-1")
            pool = cognito.make_pool(users=["ada"], mfa="OPTIONAL")
            token = pool.user("ada").tokens.access_token
            idp.associate_software_token(AccessToken=token)
            assert idp.verify_software_token(AccessToken=token, UserCode="123456")["Status"] == "SUCCESS"
            on = {"Enabled": True, "PreferredMfa": True}
            idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=on)
            for _ in range(2):
                asked = sign_in(idp, pool, "ada")
                assert "AuthenticationResult" in answer(idp, pool, asked, "123456")
            with pytest.raises(ClientError, match="CodeMismatchException"):
                answer(idp, pool, sign_in(idp, pool, "ada"), "654321")
            assert "AuthenticationResult" in answer(idp, pool, sign_in(idp, pool, "ada"), cognito.totp("ada"))


class TestReprs:
    def test_a_pool_and_its_users(self, cognito):
        pool = cognito.make_pool(users=["ada"])
        assert repr(pool) == f"<pool {pool.id}, client {pool.client_id}, users ada>"
        assert repr(pool.users) == f"[<user ada of {pool.id}>]"
        assert "eyJ" not in repr(pool.user("ada").tokens)

    def test_a_user_who_was_not_made(self, cognito):
        with pytest.raises(LookupError, match="made no user 'bob'; it made ada"):
            cognito.make_pool(users=["ada"]).user("bob")

    def test_messages(self, cognito):
        cognito.make_pool(unconfirmed=["ada"])
        shown = repr(cognito.messages)
        assert shown.startswith("<1 messages: <EMAIL to ada <ada@example.com>: 'Your confirmation code is ")

    def test_calls(self, cognito, idp):
        pool = cognito.make_pool(users=["ada"])
        with pytest.raises(ClientError):
            sign_in(idp, pool, "ada", PASSWORD="wrong")
        assert repr(cognito.requests[0]) == "<CreateUserPool 200>"
        assert repr(cognito.requests[-1]) == (
            "<InitiateAuth 400 NotAuthorizedException: Incorrect username or password. · "
            f"{cognito.requests[-1].reason}>"
        )

    def test_runs_of_triggers(self, cognito, idp):
        arn = cognito.functions.arn("guard")
        cognito.functions["guard"] = lambda event, _: event
        cognito.make_pool(unconfirmed=["ada"], LambdaConfig={"PreSignUp": arn})
        assert repr(cognito.functions.calls[0]) == "<PreSignUp_SignUp ok>"
