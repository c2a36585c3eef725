"""Calls of Cognito by temporary credentials that cogmock issued: their role's policies decide, as on AWS."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import requests
from support.identity_env import ACCOUNT, IdentityPoolEnv, allow, client, document
from support.pool_env import refused

from cogmock.wire import sigv4

ASSUMED = f"arn:aws:sts::{ACCOUNT}:assumed-role/member/CognitoIdentityCredentials"


@pytest.fixture
def identity_env(cognito):
    return IdentityPoolEnv(cognito)


@pytest.fixture
def member(identity_env):
    """Credentials of a user in the identity pool. The role `member` has no permissions yet."""
    identity_env.roles()
    identity_env.add_user()
    return identity_env.credentials("ada")


def permit(identity_env, *statements):
    identity_env.iam.put_role_policy(
        RoleName="member", PolicyName="own", PolicyDocument=document(*statements)
    )


@contextmanager
def denied(*words):
    """Asserts that the block is refused by IAM, in a message that has these words."""
    with refused("AccessDeniedException") as caught:
        yield
    for each in words:
        assert each in caught.value.response["Error"]["Message"]


def arn(identity_env):
    return f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{identity_env.user_pool_id}"


def presigned(keys, service="cognito-idp"):
    """ListUserPools, signed once in its query for a minute. Calling it sends it, with another body on demand."""
    time, host, body = (
        f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
        "cognito-idp.us-east-1.amazonaws.com",
        '{"MaxResults": 1}',
    )
    query = urlencode(
        {
            "X-Amz-Algorithm": sigv4.ALGORITHM,
            "X-Amz-Credential": f"{keys['AccessKeyId']}/{time[:8]}/us-east-1/{service}/aws4_request",
            "X-Amz-Date": time,
            "X-Amz-Expires": "60",
            "X-Amz-Security-Token": keys["SessionToken"],
            "X-Amz-SignedHeaders": "host",
        }
    )
    request = sigv4.Signed("POST", "/", query, {"host": host}.get, body.encode())
    signature = sigv4.signature(request, sigv4.read(request), keys["SecretKey"])

    def send(body=body):
        target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"}
        return requests.post(
            f"https://{host}/?{query}&X-Amz-Signature={signature}", headers=target, data=body, timeout=5
        )

    return send


class TestSignatures:
    def idp(self, member, **changed):
        return client("cognito-idp", member | changed)

    def test_a_wrong_secret_does_not_match(self, identity_env, member):
        permit(identity_env, allow("*"))
        with refused(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.",
        ):
            self.idp(member, SecretKey="x" * 40).list_user_pools(MaxResults=1)

    @pytest.mark.parametrize("token", [None, "forged"])
    def test_a_missing_or_forged_session_token_is_invalid(self, identity_env, member, token):
        permit(identity_env, allow("*"))
        with refused("UnrecognizedClientException", "The security token included in the request is invalid."):
            self.idp(member, SessionToken=token).list_user_pools(MaxResults=1)

    def test_expired_ones_are_told_so_even_when_they_were_swept_out(self, identity_env, member):
        permit(identity_env, allow("*"))
        self.idp(member).list_user_pools(MaxResults=1)
        identity_env.cognito.clock.advance(hours=2)
        for _ in range(3):
            identity_env.credentials()
        with refused("ExpiredTokenException", "The security token included in the request is expired"):
            self.idp(member).list_user_pools(MaxResults=1)

    def test_a_header_that_is_no_signature_does_not_match(self, identity_env, member):
        permit(identity_env, allow("*"))
        scope = f"{member['AccessKeyId']}/20261130/us-east-1/cognito-idp/aws4_request"
        answer = requests.post(
            "https://cognito-idp.us-east-1.amazonaws.com/",
            headers={
                "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools",
                "X-Amz-Security-Token": member["SessionToken"],
                "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}",
            },
            data='{"MaxResults": 1}',
            timeout=5,
        )
        assert (answer.status_code, answer.json()["__type"]) == (400, "UnrecognizedClientException")

    @pytest.mark.parametrize("service", ["cognito-identity", "s3", "sts"])
    def test_one_for_another_service_is_none_for_this(self, identity_env, member, service):
        """One for S3 would cover any body."""
        permit(identity_env, allow("*"))
        answer = presigned(member, service)()
        assert (answer.status_code, answer.json()) == (
            400,
            {
                "__type": "InvalidSignatureException",
                "message": "Credential should be scoped to correct service: 'cognito-idp'.",
            },
        )

    def test_a_presigned_one_covers_the_body_and_expires_by_the_clock_of_the_server(
        self, identity_env, member
    ):
        permit(identity_env, allow("*"))
        send = presigned(member)
        assert send().json()["UserPools"]
        assert "does not match" in send('{"MaxResults": 2}').json()["message"]
        identity_env.cognito.clock.advance(minutes=2)
        assert send().json()["message"].startswith("Signature expired: ")

    @pytest.mark.parametrize("key_id", ["testing", "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"])
    def test_made_up_keys_may_do_everything(self, identity_env, key_id):
        keys = {"AccessKeyId": key_id, "SecretKey": "made-up", "SessionToken": "made-up"}
        assert client("cognito-idp", keys).list_user_pools(MaxResults=1)["UserPools"]


class TestPermissions:
    def test_a_role_without_the_permission_is_refused(self, identity_env, member):
        with refused(
            "AccessDeniedException",
            f"User: {ASSUMED} is not authorized to perform: cognito-idp:AdminGetUser on resource: "
            f"{arn(identity_env)} because no identity-based policy allows the cognito-idp:AdminGetUser action",
        ) as caught:
            client("cognito-idp", member).admin_get_user(UserPoolId=identity_env.user_pool_id, Username="ada")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_it_is_refused_before_it_changes_anything(self, identity_env, member):
        with denied():
            client("cognito-idp", member).admin_delete_user(
                UserPoolId=identity_env.user_pool_id, Username="ada"
            )
        identity_env.idp.admin_get_user(UserPoolId=identity_env.user_pool_id, Username="ada")

    def test_a_pool_that_is_not_there_is_refused_in_the_same_words(self, member):
        with denied("us-east-1_nothing"):
            client("cognito-idp", member).describe_user_pool(UserPoolId="us-east-1_nothing")

    def test_a_permission_counts_for_its_pool_alone(self, identity_env, member):
        permit(identity_env, allow("cognito-idp:Describe*", arn(identity_env)))
        idp = client("cognito-idp", member)
        assert idp.describe_user_pool(UserPoolId=identity_env.user_pool_id)["UserPool"]["Name"] == "shop"
        other = identity_env.idp.create_user_pool(PoolName="other")["UserPool"]["Id"]
        with denied(f"userpool/{other}"):
            idp.describe_user_pool(UserPoolId=other)

    def test_an_operation_about_no_pool_needs_every_resource(self, identity_env, member):
        permit(identity_env, allow("cognito-idp:ListUserPools", arn(identity_env)))
        with denied("cognito-idp:ListUserPools on resource: *"):
            client("cognito-idp", member).list_user_pools(MaxResults=1)
        permit(identity_env, allow("cognito-idp:ListUserPools"))
        assert client("cognito-idp", member).list_user_pools(MaxResults=1)["UserPools"]

    def test_listing_identity_pools_is_about_an_arn_without_an_id(self, member):
        """AWS's text, as in hashicorp/terraform-provider-aws#15773."""
        pools = f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/"
        with denied(f"cognito-identity:ListIdentityPools on resource: {pools} because"):
            client("cognito-identity", member).list_identity_pools(MaxResults=1)

    def test_an_explicit_deny_is_named(self, identity_env, member):
        permit(
            identity_env,
            allow("*"),
            {"Effect": "Deny", "Action": "cognito-idp:AdminDelete*", "Resource": "*"},
        )
        with denied("with an explicit deny in an identity-based policy"):
            client("cognito-idp", member).admin_delete_user(
                UserPoolId=identity_env.user_pool_id, Username="ada"
            )

    def test_a_tag_of_the_pool_can_decide(self, identity_env, member):
        named = {"UserPoolId": identity_env.user_pool_id}
        of_shop = {"Condition": {"StringEquals": {"aws:ResourceTag/team": "shop"}}}
        permit(identity_env, allow("cognito-idp:*", **of_shop))
        with denied():
            client("cognito-idp", member).list_groups(**named)
        identity_env.idp.tag_resource(ResourceArn=arn(identity_env), Tags={"team": "shop"})
        assert client("cognito-idp", member).list_groups(**named)["Groups"] == []

    def test_the_tags_of_a_request_can_decide(self, identity_env, member):
        of_shop = {"Condition": {"StringEquals": {"aws:RequestTag/team": "shop"}}}
        only = {"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}}
        permit(
            identity_env,
            allow("cognito-idp:CreateUserPool", **of_shop),
            allow("cognito-idp:TagResource", **of_shop),
            allow("cognito-idp:UntagResource", **only),
        )
        idp = client("cognito-idp", member)
        with denied():
            idp.create_user_pool(PoolName="mine", UserPoolTags={"team": "post"})
        made = idp.create_user_pool(PoolName="mine", UserPoolTags={"team": "shop"})["UserPool"]["Arn"]
        with denied():
            idp.tag_resource(ResourceArn=made, Tags={"team": "post"})
        with denied():
            idp.untag_resource(ResourceArn=made, TagKeys=["team", "stage"])
        idp.untag_resource(ResourceArn=made, TagKeys=["team"])

    def test_the_region_and_the_agent_of_a_request_can_decide(self, identity_env, member):
        here = {"aws:RequestedRegion": "us-east-1"}
        permit(
            identity_env,
            allow("*", Condition={"StringEquals": here, "StringLike": {"aws:UserAgent": "Boto3/*"}}),
        )
        assert client("cognito-idp", member).list_user_pools(MaxResults=1)["UserPools"]
        with denied():
            client("cognito-idp", member, "eu-west-1").list_user_pools(MaxResults=1)

    def test_what_stands_in_every_request_can_decide(self, identity_env, member):
        services = {"aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false"}
        here = {"aws:ResourceAccount": "${aws:PrincipalAccount}"}
        permit(identity_env, allow("*", Condition={"Bool": services, "StringEquals": here}))
        idp = client("cognito-idp", member)
        assert idp.list_user_pools(MaxResults=1)["UserPools"]
        assert idp.list_tags_for_resource(ResourceArn=arn(identity_env))["Tags"] == {}
        with denied():
            idp.list_tags_for_resource(ResourceArn=arn(identity_env).replace(ACCOUNT, "210987654321"))

    def test_denying_describe_terms_denies_the_one_by_client_too(self, identity_env, member):
        named = {"UserPoolId": identity_env.user_pool_id, "ClientId": identity_env.client_id}
        asked = {**named, "TermsName": "terms-of-use"}
        idp = client("cognito-idp", member)
        permit(identity_env, allow("cognito-idp:DescribeTermsByClient"))
        with refused("ResourceNotFoundException"):
            idp.describe_terms_by_client(**asked)
        deny = {"Effect": "Deny", "Action": "cognito-idp:DescribeTerms", "Resource": "*"}
        permit(identity_env, allow("cognito-idp:DescribeTermsByClient"), deny)
        with denied("perform: cognito-idp:DescribeTerms on resource"):
            idp.describe_terms_by_client(**asked)

    def test_operations_of_users_need_no_permission(self, identity_env, member):
        access = identity_env.tokens().access
        assert client("cognito-idp", member).get_user(AccessToken=access)["Username"] == "ada"
        assert client("cognito-identity", member).get_id(IdentityPoolId=identity_env.pool_id)["IdentityId"]

    def test_nor_does_their_signature_count(self, identity_env, member):
        answer = requests.post(
            "https://cognito-idp.us-east-1.amazonaws.com/",
            headers={
                "X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser",
                "X-Amz-Security-Token": member["SessionToken"],
                "Authorization": f"AWS4-HMAC-SHA256 Credential={member['AccessKeyId']}/20261130/us-east-1"
                "/cognito-idp/aws4_request, SignedHeaders=host, Signature=0",
            },
            json={"AccessToken": identity_env.tokens().access},
            timeout=5,
        )
        assert (answer.status_code, answer.json()["Username"]) == (200, "ada")

    def test_a_resource_named_by_its_arn_is_that_resource(self, identity_env, member):
        pool = f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{identity_env.pool_id}"
        permit(identity_env, allow("cognito-identity:TagResource", pool))
        client("cognito-identity", member).tag_resource(ResourceArn=pool, Tags={"team": "shop"})
        other = identity_env.pool(IdentityPoolName="other")
        with denied(f"identitypool/{other}"):
            client("cognito-identity", member).tag_resource(
                ResourceArn=pool.replace(identity_env.pool_id, other), Tags={"team": "shop"}
            )

    def test_an_assumed_role_is_asked_as_well(self, identity_env):
        by_account = document({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
        role = identity_env.role("deploy", allow("cognito-idp:ListUserPools"), trusts=by_account)
        assumed = identity_env.sts().assume_role(RoleArn=role, RoleSessionName="ci")["Credentials"]
        idp = client("cognito-idp", assumed)
        assert idp.list_user_pools(MaxResults=1)["UserPools"]
        with denied("assumed-role/deploy/ci is not authorized"):
            idp.create_user_pool(PoolName="mine")

    def test_a_new_role_of_the_name_is_another_role(self, identity_env, member):
        """# inferred"""
        permit(identity_env, allow("cognito-idp:ListUserPools"))
        idp = client("cognito-idp", member)
        assert idp.list_user_pools(MaxResults=1)["UserPools"]
        trusts = identity_env.iam.get_role(RoleName="member")["Role"]["AssumeRolePolicyDocument"]
        identity_env.iam.delete_role_policy(RoleName="member", PolicyName="own")
        identity_env.iam.delete_role(RoleName="member")
        identity_env.iam.create_role(RoleName="member", AssumeRolePolicyDocument=json.dumps(trusts))
        permit(identity_env, allow("cognito-idp:ListUserPools"))
        with denied("no identity-based policy allows"):
            idp.list_user_pools(MaxResults=1)
        now = client("cognito-idp", identity_env.credentials("ada"))
        assert now.list_user_pools(MaxResults=1)["UserPools"]

    def test_keys_of_the_account_get_sessions_that_may_do_everything(self, identity_env):
        own = identity_env.sts().get_session_token()["Credentials"]
        assert client("cognito-idp", own).list_user_pools(MaxResults=1)["UserPools"]

    def test_the_reason_is_in_the_journal(self, identity_env, member):
        permit(identity_env, allow("cognito-idp:ListUserPools", arn(identity_env)))
        with denied():
            client("cognito-idp", member).list_user_pools(MaxResults=1)
        last = identity_env.cognito.requests[-1]
        assert (last.operation, last.error) == ("ListUserPools", "AccessDeniedException")
        assert "does not match *" in last.reason


class TestIdentityPools:
    def test_their_operations_ask_the_role_as_well(self, identity_env, member):
        identity = client("cognito-identity", member)
        pool = f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{identity_env.pool_id}"
        with denied(f"cognito-identity:DescribeIdentityPool on resource: {pool}"):
            identity.describe_identity_pool(IdentityPoolId=identity_env.pool_id)
        permit(identity_env, allow("cognito-identity:DescribeIdentityPool", pool))
        assert identity.describe_identity_pool(IdentityPoolId=identity_env.pool_id)["IdentityPoolName"]

    def test_setting_roles_needs_the_permission_to_pass_them(self, identity_env, member):
        identity = client("cognito-identity", member)
        roles = {"authenticated": f"arn:aws:iam::{ACCOUNT}:role/member"}
        asked = {"IdentityPoolId": identity_env.pool_id, "Roles": roles}
        setting = allow("cognito-identity:SetIdentityPoolRoles")
        permit(identity_env, setting)
        with denied(f"iam:PassRole on resource: {roles['authenticated']}"):
            identity.set_identity_pool_roles(**asked)
        to_pools = {"Condition": {"StringEquals": {"iam:PassedToService": "cognito-identity.amazonaws.com"}}}
        permit(identity_env, setting, allow("iam:PassRole", roles["authenticated"], **to_pools))
        identity.set_identity_pool_roles(**asked)
        assert (
            identity_env.identity.get_identity_pool_roles(IdentityPoolId=identity_env.pool_id)["Roles"]
            == roles
        )

    def test_the_roles_of_rules_are_passed_too(self, identity_env, member):
        member_arn = f"arn:aws:iam::{ACCOUNT}:role/member"
        permit(
            identity_env, allow("cognito-identity:SetIdentityPoolRoles"), allow("iam:PassRole", member_arn)
        )
        rule = {"Claim": "sub", "MatchType": "Equals", "Value": "x", "RoleARN": f"{member_arn}-of-others"}
        mapping = {
            "Type": "Rules",
            "AmbiguousRoleResolution": "Deny",
            "RulesConfiguration": {"Rules": [rule]},
        }
        with denied(f"iam:PassRole on resource: {member_arn}-of-others"):
            client("cognito-identity", member).set_identity_pool_roles(
                IdentityPoolId=identity_env.pool_id,
                Roles={"authenticated": member_arn},
                RoleMappings={f"{identity_env.provider}:{identity_env.client_id}": mapping},
            )
