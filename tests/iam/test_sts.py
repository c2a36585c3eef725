import boto3
import pytest
from support.identity_env import ACCOUNT, client
from support.pool_env import refused

from cogmock.errors import InvalidClientTokenId
from cogmock.iam.sessions.authorize import authorize

INVALID = "The security token included in the request is invalid"


@pytest.fixture
def credentials(identity_env):
    identity_env.roles()
    return identity_env.credentials()


class TestGetCallerIdentity:
    def test_keys_of_ones_own_are_the_accounts(self, cognito):
        sts = boto3.client(
            "sts", region_name="us-east-1", aws_access_key_id="AKIAEXAMPLE", aws_secret_access_key="x"
        )
        who = sts.get_caller_identity()
        assert (who["Account"], who["UserId"]) == (ACCOUNT, ACCOUNT)
        assert who["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"

    def test_a_key_of_twelve_digits_is_the_account(self, cognito):
        sts = boto3.client(
            "sts", region_name="us-east-1", aws_access_key_id="210987654321", aws_secret_access_key="x"
        )
        assert sts.get_caller_identity()["Account"] == "210987654321"

    def test_the_role_is_named_without_its_path(self, identity_env, credentials):
        who = identity_env.caller(credentials)
        assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/guest/CognitoIdentityCredentials"

    def test_no_policy_can_forbid_it(self, identity_env, credentials):
        from support.identity_env import document

        deny = document({"Effect": "Deny", "Action": "*", "Resource": "*"})
        identity_env.iam.put_role_policy(RoleName="guest", PolicyName="deny", PolicyDocument=deny)
        assert identity_env.caller(credentials)["Account"] == ACCOUNT

    def test_a_call_in_the_query_of_a_presigned_url(self, identity_env, credentials):
        import requests

        sts = client("sts", credentials)
        url = sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
        found = requests.get(url, timeout=30)
        assert f"<Account>{ACCOUNT}</Account>" in found.text
        forged = requests.get(url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"), timeout=30)
        assert (forged.status_code, "SignatureDoesNotMatch" in forged.text) == (403, True)
        identity_env.cognito.clock.advance(seconds=62)
        late = requests.get(url, timeout=30)
        assert (late.status_code, "Signature expired: " in late.text) == (403, True)

    @pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
    def test_it_answers_in_every_region(self, credentials, region):
        assert client("sts", credentials, region).get_caller_identity()["Account"] == ACCOUNT

    @pytest.mark.parametrize("token", [None, "", "forged", "AAAA" * 100])
    def test_a_forged_or_missing_token_is_invalid(self, credentials, token):
        sts = client("sts", credentials | {"SessionToken": token})
        with refused("InvalidClientTokenId", INVALID) as caught:
            sts.get_caller_identity()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    def test_a_token_that_was_changed_is_invalid(self, credentials):
        token = credentials["SessionToken"]
        changed = token[:60] + ("A" if token[60] != "A" else "B") + token[61:]
        with refused("InvalidClientTokenId", INVALID):
            client("sts", credentials | {"SessionToken": changed}).get_caller_identity()

    def test_a_token_of_other_credentials_is_invalid(self, identity_env, credentials):
        other = identity_env.credentials()
        with refused("InvalidClientTokenId", INVALID):
            client("sts", credentials | {"SessionToken": other["SessionToken"]}).get_caller_identity()

    def test_an_unknown_temporary_key_is_invalid(self, credentials):
        with refused("InvalidClientTokenId", INVALID):
            client("sts", credentials | {"AccessKeyId": "ASIAABCDEFGHIJKLMNOP"}).get_caller_identity()

    def test_a_wrong_secret_does_not_match(self, credentials):
        with refused("SignatureDoesNotMatch") as caught:
            client("sts", credentials | {"SecretKey": "x" * 40}).get_caller_identity()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    def test_expired_ones_are_told_so_even_when_they_were_swept_out(self, identity_env, credentials):
        identity_env.cognito.clock.advance(hours=2)
        for _ in range(3):
            identity_env.credentials()
        assert credentials["AccessKeyId"] not in identity_env.world.account().credentials
        with refused("ExpiredToken", "The security token included in the request is expired") as caught:
            identity_env.caller(credentials)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    def test_after_a_reset_nobody_knows_them(self, identity_env, credentials):
        identity_env.cognito.reset()
        with refused("InvalidClientTokenId", INVALID):
            identity_env.caller(credentials)


class TestAuthorize:
    def ask(self, identity_env, credentials, **more):
        return authorize(
            identity_env.world,
            access_key_id=credentials["AccessKeyId"],
            action="s3:GetObject",
            resource="arn:aws:s3:::b/k",
            **more,
        )

    def test_it_says_who_decided_and_for_whom(self, identity_env, credentials):
        from support.identity_env import allow, document

        policy = document(allow(Sid="Read"))
        identity_env.iam.put_role_policy(RoleName="guest", PolicyName="own", PolicyDocument=policy)
        answer = self.ask(identity_env, credentials)
        assert answer["decision"] == "allowed"
        assert answer["role_arn"] == f"arn:aws:iam::{ACCOUNT}:role/guest"
        assert answer["matched"] == [{"policy": "own", "sid": "Read", "effect": "Allow"}]
        assert answer["principal_tags"] == {}
        assert answer["variables"]["cognito-identity.amazonaws.com:aud"] == identity_env.pool_id
        assert answer["variables"]["cognito-identity.amazonaws.com:amr"] == ["unauthenticated"]

    def test_context_adds_keys_and_never_overrides_the_sessions_own(self, identity_env, credentials):
        from support.identity_env import allow, document

        def decided(key, value, **context):
            condition = {"StringEquals": {key: value}}
            policy = document(allow(Condition=condition))
            identity_env.iam.put_role_policy(RoleName="guest", PolicyName="own", PolicyDocument=policy)
            return self.ask(identity_env, credentials, context=context)["decision"]

        assert decided("s3:prefix", "a", **{"s3:prefix": "a"}) == "allowed"
        assert decided("aws:SourceIp", "10.0.0.1", **{"AWS:sourceip": "10.0.0.1"}) == "allowed"
        for key in (
            "cognito-identity.amazonaws.com:sub",
            "aws:PrincipalTag/team",
            "aws:userid",
            "aws:PrincipalArn",
            "aws:FederatedProvider",
            "aws:MultiFactorAuthPresent",
            "aws:username",
        ):
            assert decided(key, "x", **{key: "x", key.upper(): "x"}) == "implicitDeny", key

    def test_the_keys_of_a_session_are_there(self, identity_env, credentials):
        variables = self.ask(identity_env, credentials)["variables"]
        role = identity_env.iam.get_role(RoleName="guest")["Role"]
        assert variables["aws:userid"] == f"{role['RoleId']}:CognitoIdentityCredentials"
        assert variables["aws:PrincipalArn"] == role["Arn"]
        assert variables["aws:PrincipalType"] == "AssumedRole"
        assert variables["aws:PrincipalAccount"] == ACCOUNT
        assert variables["aws:FederatedProvider"] == "cognito-identity.amazonaws.com"
        assert {"aws:TokenIssueTime", "aws:CurrentTime", "aws:EpochTime", "aws:SourceIp"} <= set(variables)
        assert variables["aws:SecureTransport"] == "true"
        assert "aws:username" not in variables
        assert "aws:MultiFactorAuthPresent" not in variables

    @pytest.mark.parametrize("more", [{"session_token": "x"}, {"secret_access_key": "x"}])
    def test_forged_ones_are_refused(self, identity_env, credentials, more):
        with pytest.raises(InvalidClientTokenId):
            self.ask(identity_env, credentials, **more)
        with pytest.raises(InvalidClientTokenId):
            self.ask(identity_env, {"AccessKeyId": "ASIAABCDEFGHIJKLMNOP"})
