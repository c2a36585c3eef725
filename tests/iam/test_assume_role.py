import pytest
from support.identity_env import ACCOUNT, IdentityPoolEnv, allow, client, document, trust
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize

TARGET = f"arn:aws:iam::{ACCOUNT}:role/target"


def trusting(principal, *actions, **more):
    return document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": list(actions or ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")),
            **more,
        }
    )


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.roles()
    identity_env.add_user()
    identity_env.role("target", allow(), trusts=trusting(ACCOUNT))
    return identity_env


def assume(sts, session="one", **more):
    return sts.assume_role(**({"RoleArn": TARGET, "RoleSessionName": session} | more))


class TestAssumeRole:
    def test_the_account_assumes_what_trusts_it(self, identity_env):
        answer = assume(identity_env.sts())
        assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/target/one"
        assert "PackedPolicySize" not in answer
        assert identity_env.caller(answer["Credentials"])["Arn"] == answer["AssumedRoleUser"]["Arn"]

    def test_a_role_that_trusts_somebody_else(self, identity_env):
        identity_env.role("closed", trusts=trust())
        arn = f"arn:aws:iam::{ACCOUNT}:role/closed"
        message = f"User: arn:aws:iam::{ACCOUNT}:root is not authorized to perform: sts:AssumeRole on resource: {arn}"
        with refused("AccessDenied", message) as caught:
            assume(identity_env.sts(), RoleArn=arn)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    def test_a_role_that_is_not_there(self, identity_env):
        with refused("AccessDenied"):
            assume(identity_env.sts(), RoleArn=f"arn:aws:iam::{ACCOUNT}:role/absent")
        with refused("ValidationError", "role/absent-and-more is invalid"):
            assume(identity_env.sts(), RoleArn="role/absent-and-more")

    def test_tags_name_and_source_are_conditions(self, identity_env):
        condition = {
            "StringEquals": {
                "sts:ExternalId": "xyz",
                "aws:RequestTag/team": "a",
                "sts:RoleSessionName": "one",
            }
        }
        identity_env.iam.update_assume_role_policy(
            RoleName="target", PolicyDocument=trusting(ACCOUNT, Condition=condition)
        )
        tags = [{"Key": "team", "Value": "a"}]
        answer = assume(identity_env.sts(), ExternalId="xyz", Tags=tags, SourceIdentity="ada")
        assert answer["SourceIdentity"] == "ada"
        assert answer["PackedPolicySize"] >= 1
        for wrong in (
            {"ExternalId": "x-y"},
            {"Tags": [{"Key": "team", "Value": "b"}]},
            {"RoleSessionName": "two"},
        ):
            with refused("AccessDenied"):
                assume(identity_env.sts(), **({"ExternalId": "xyz", "Tags": tags} | wrong))

    def test_tags_need_leave_of_their_own(self, identity_env):
        identity_env.iam.update_assume_role_policy(
            RoleName="target", PolicyDocument=trusting(ACCOUNT, "sts:AssumeRole")
        )
        assert assume(identity_env.sts())
        with refused("AccessDenied"):
            assume(identity_env.sts(), Tags=[{"Key": "team", "Value": "a"}])

    def test_tag_keys_must_differ(self, identity_env):
        with refused(
            "InvalidParameterValue",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ):
            assume(identity_env.sts(), Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])

    def test_a_transitive_key_must_be_that_of_a_tag(self, identity_env):
        missing = "The specified transitive tag key must be included in the requested tags."
        for tags in ([], [{"Key": "stage", "Value": "dev"}]):
            with refused("InvalidParameterValue", missing):
                assume(identity_env.sts(), Tags=tags, TransitiveTagKeys=["team"])
        assert assume(identity_env.sts(), Tags=[{"Key": "team", "Value": "a"}], TransitiveTagKeys=["Team"])

    def test_session_tags_come_before_the_roles_own(self, identity_env):
        identity_env.iam.create_role(
            RoleName="tagged",
            AssumeRolePolicyDocument=trusting(ACCOUNT),
            Tags=[{"Key": "Team", "Value": "role"}, {"Key": "stage", "Value": "dev"}],
        )
        answer = assume(
            identity_env.sts(),
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/tagged",
            Tags=[{"Key": "team", "Value": "a"}],
        )
        found = authorize(
            identity_env.world, access_key_id=answer["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )
        assert found["principal_tags"] == {"team": "a", "stage": "dev"}


class TestChains:
    def member(self, identity_env, *statements):
        if statements:
            identity_env.iam.put_role_policy(
                RoleName="member", PolicyName="chain", PolicyDocument=document(*statements)
            )
        return client("sts", identity_env.credentials("ada"))

    def test_a_session_needs_leave_of_its_role_where_the_account_is_trusted(self, identity_env):
        with refused("AccessDenied") as caught:
            assume(self.member(identity_env))
        assert "assumed-role/member/CognitoIdentityCredentials is not authorized" in str(caught.value)
        assert assume(self.member(identity_env, allow("sts:AssumeRole", TARGET)))

    def test_a_role_that_is_trusted_by_name_still_needs_no_more(self, identity_env):
        identity_env.iam.update_assume_role_policy(
            RoleName="target", PolicyDocument=trusting(f"arn:aws:iam::{ACCOUNT}:role/member")
        )
        assert assume(self.member(identity_env))

    def test_a_chain_lasts_an_hour_at_most(self, identity_env):
        identity_env.iam.create_role(
            RoleName="long", AssumeRolePolicyDocument=trusting(ACCOUNT), MaxSessionDuration=7200
        )
        arn = f"arn:aws:iam::{ACCOUNT}:role/long"
        assert assume(identity_env.sts(), RoleArn=arn, DurationSeconds=7200)
        with refused("ValidationError"):
            assume(self.member(identity_env, allow("sts:AssumeRole")), RoleArn=arn, DurationSeconds=7200)

    def test_transitive_tags_go_on(self, identity_env):
        identity_env.role("next", trusts=trusting(ACCOUNT))
        identity_env.iam.put_role_policy(
            RoleName="target", PolicyName="chain", PolicyDocument=document(allow("sts:AssumeRole"))
        )
        first = assume(
            identity_env.sts(),
            Tags=[{"Key": "team", "Value": "a"}, {"Key": "stage", "Value": "dev"}],
            TransitiveTagKeys=["team"],
        )
        second = assume(client("sts", first["Credentials"]), RoleArn=f"arn:aws:iam::{ACCOUNT}:role/next")
        found = authorize(
            identity_env.world, access_key_id=second["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )
        assert found["principal_tags"] == {"team": "a"}

    def test_a_tag_must_not_collide_with_an_inherited_one(self, identity_env):
        identity_env.iam.put_role_policy(
            RoleName="target", PolicyName="chain", PolicyDocument=document(allow(["sts:*"]))
        )
        tags = [{"Key": "team", "Value": "a"}, {"Key": "stage", "Value": "dev"}]
        first = assume(identity_env.sts(), Tags=tags, TransitiveTagKeys=["team"])
        chained = client("sts", first["Credentials"])
        with refused(
            "InvalidParameterValue",
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
            "from the calling session.",
        ):
            assume(chained, Tags=[{"Key": "TEAM", "Value": "b"}])
        assert assume(chained, Tags=[{"Key": "stage", "Value": "live"}])

    def test_a_guest_assumes_nothing(self, identity_env):
        identity_env.iam.put_role_policy(
            RoleName="guest", PolicyName="all", PolicyDocument=document(allow("*"))
        )
        with refused("AccessDenied"):
            assume(client("sts", identity_env.credentials()))


class TestGetSessionToken:
    def test_the_account_gets_keys_for_half_a_day(self, identity_env):
        credentials = identity_env.sts().get_session_token()["Credentials"]
        left = credentials["Expiration"].timestamp() - identity_env.world.clock.now()
        assert 43190 < left <= 43200
        assert identity_env.caller(credentials)["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
        asked = {"access_key_id": credentials["AccessKeyId"], "action": "ec2:RunInstances"}
        assert authorize(identity_env.world, **asked)["decision"] == "allowed"
        assert client("iam", credentials).get_role(RoleName="target")

    def test_they_get_none_again(self, identity_env):
        credentials = identity_env.sts().get_session_token()["Credentials"]
        with refused("AccessDenied", "Cannot call GetSessionToken with session credentials"):
            client("sts", credentials).get_session_token()


class TestGetFederationToken:
    def test_a_policy_says_what_the_user_may(self, identity_env):
        answer = identity_env.sts().get_federation_token(Name="ada", Policy=document(allow()))
        assert answer["FederatedUser"] == {
            "FederatedUserId": f"{ACCOUNT}:ada",
            "Arn": f"arn:aws:sts::{ACCOUNT}:federated-user/ada",
        }
        key = answer["Credentials"]["AccessKeyId"]
        for action, decision in (("s3:GetObject", "allowed"), ("s3:PutObject", "implicitDeny")):
            assert authorize(identity_env.world, access_key_id=key, action=action)["decision"] == decision
        assert identity_env.caller(answer["Credentials"])["Arn"] == answer["FederatedUser"]["Arn"]

    def test_without_policy_and_tags_the_packed_size_is_zero(self, identity_env):
        assert identity_env.sts().get_federation_token(Name="bob")["PackedPolicySize"] == 0
        given = identity_env.sts().get_federation_token(Name="bob", Policy=document(allow()))
        assert given["PackedPolicySize"] > 0

    def test_without_one_he_may_nothing(self, identity_env):
        key = identity_env.sts().get_federation_token(Name="ada")["Credentials"]["AccessKeyId"]
        answer = authorize(identity_env.world, access_key_id=key, action="s3:GetObject")
        assert answer["decision"] == "implicitDeny"


class TestGetAccessKeyInfo:
    def test_it_tells_the_account(self, identity_env):
        key = identity_env.credentials()["AccessKeyId"]
        assert identity_env.sts().get_access_key_info(AccessKeyId=key)["Account"] == ACCOUNT
        assert (
            identity_env.sts().get_access_key_info(AccessKeyId="AKIAABCDEFGHIJKLMNOP")["Account"] == ACCOUNT
        )
