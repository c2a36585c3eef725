"""Encoded authorization messages: from authorize() to DecodeAuthorizationMessage."""

import json

import boto3
import pytest
from support.identity_env import IdentityPoolEnv, allow, document
from support.pool_env import refused

OBJECT = "arn:aws:s3:::bucket/a"


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.roles()
    identity_env.add_user()
    return identity_env


@pytest.fixture
def credentials(identity_env):
    return identity_env.credentials("ada")


class TestDecodeAuthorizationMessage:
    def test_an_explicit_deny_names_its_statement(self, cognito, identity_env, credentials):
        statement = {"Sid": "Never", "Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}
        identity_env.iam.put_role_policy(
            RoleName="member", PolicyName="own", PolicyDocument=document(statement)
        )
        decision = cognito.authorize(credentials, "s3:GetObject", OBJECT, {"aws:SourceIp": "192.0.2.1"})
        text = identity_env.sts().decode_authorization_message(EncodedMessage=decision.encoded_message)
        found = json.loads(text["DecodedMessage"])
        caller = identity_env.caller(credentials)
        assert (found["allowed"], found["explicitDeny"]) == (False, True)
        (matched,) = found["matchedStatements"]["items"]
        assert (matched["statementId"], matched["effect"]) == ("Never", "DENY")
        assert matched["actions"] == {"items": [{"value": "s3:Get*"}]}
        assert matched["principals"] == {"items": [{"value": caller["UserId"].split(":")[0]}]}
        context = found["context"]
        assert context["principal"] == {"id": caller["UserId"], "arn": caller["Arn"]}
        assert (context["action"], context["resource"]) == ("s3:GetObject", OBJECT)
        ip = {"key": "aws:SourceIp", "values": {"items": [{"value": "192.0.2.1"}]}}
        assert ip in context["conditions"]["items"]

    def test_an_implicit_deny_matches_nothing(self, cognito, identity_env, credentials):
        decision = cognito.authorize(credentials, "s3:GetObject", OBJECT)
        text = identity_env.sts().decode_authorization_message(EncodedMessage=decision.encoded_message)
        found = json.loads(text["DecodedMessage"])
        assert (found["allowed"], found["explicitDeny"]) == (False, False)
        assert found["matchedStatements"] == {"items": []}

    def test_what_is_allowed_has_no_message(self, cognito, identity_env, credentials):
        identity_env.iam.put_role_policy(
            RoleName="member", PolicyName="own", PolicyDocument=document(allow())
        )
        assert cognito.authorize(credentials, "s3:GetObject", OBJECT).encoded_message is None

    def test_a_message_too_long_to_be_decoded_is_left_out(self, cognito, credentials):
        long = {f"k{n}": "".join(f"{n * m:x}" for m in range(500))[:2000] for n in range(100)}
        assert cognito.authorize(credentials, "s3:GetObject", OBJECT, long).encoded_message is None

    def test_a_session_needs_permission(self, cognito, identity_env, credentials):
        message = cognito.authorize(credentials, "s3:GetObject", OBJECT).encoded_message
        with refused("AccessDenied"):
            identity_env.sts(credentials).decode_authorization_message(EncodedMessage=message)
        identity_env.iam.put_role_policy(
            RoleName="member",
            PolicyName="own",
            PolicyDocument=document(allow("sts:DecodeAuthorizationMessage")),
        )
        assert identity_env.sts(credentials).decode_authorization_message(EncodedMessage=message)

    @pytest.mark.parametrize("message", ["x", "line\nbreak", "é", "A" * 10240])
    def test_what_is_no_message_is_invalid(self, identity_env, message):
        with refused("InvalidAuthorizationMessageException"):
            identity_env.sts().decode_authorization_message(EncodedMessage=message)

    def test_one_of_another_account_or_changed_is_invalid(self, cognito, identity_env, credentials):
        message = cognito.authorize(credentials, "s3:GetObject", OBJECT).encoded_message
        other = boto3.client(
            "sts",
            region_name="us-east-1",
            aws_access_key_id="999999999999",
            aws_secret_access_key="x",
        )
        with refused("InvalidAuthorizationMessageException"):
            other.decode_authorization_message(EncodedMessage=message)
        changed = message[:40] + ("A" if message[40] != "A" else "B") + message[41:]
        with refused("InvalidAuthorizationMessageException"):
            identity_env.sts().decode_authorization_message(EncodedMessage=changed)
