import pytest
from people import refused
from society import ACCOUNT, Society, allow, client, document, trust

from cogmock.iam.authorize import authorize

TARGET = f"arn:aws:iam::{ACCOUNT}:role/target"


def trusting(principal, *actions, **more):
    return document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": list(actions or ("sts:AssumeRole", "sts:TagSession")),
            **more,
        }
    )


@pytest.fixture
def society(cognito):
    society = Society(cognito)
    society.roles()
    society.resident()
    society.role("target", allow(), trusts=trusting(ACCOUNT))
    return society


def assume(sts, session="one", **more):
    return sts.assume_role(**({"RoleArn": TARGET, "RoleSessionName": session} | more))


class TestAssumeRole:
    def test_the_account_assumes_what_trusts_it(self, society):
        answer = assume(society.sts())
        assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/target/one"
        assert "PackedPolicySize" not in answer
        assert society.caller(answer["Credentials"])["Arn"] == answer["AssumedRoleUser"]["Arn"]

    def test_a_role_that_trusts_somebody_else(self, society):
        society.role("closed", trusts=trust())
        arn = f"arn:aws:iam::{ACCOUNT}:role/closed"
        message = f"User: arn:aws:iam::{ACCOUNT}:root is not authorized to perform: sts:AssumeRole on resource: {arn}"
        with refused("AccessDenied", message) as caught:
            assume(society.sts(), RoleArn=arn)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    def test_a_role_that_is_not_there(self, society):
        with refused("AccessDenied"):
            assume(society.sts(), RoleArn=f"arn:aws:iam::{ACCOUNT}:role/absent")
        with refused("ValidationError", "role/absent-and-more is invalid"):
            assume(society.sts(), RoleArn="role/absent-and-more")

    def test_tags_name_and_source_are_conditions(self, society):
        condition = {
            "StringEquals": {
                "sts:ExternalId": "xyz",
                "aws:RequestTag/team": "a",
                "sts:RoleSessionName": "one",
            }
        }
        society.iam.update_assume_role_policy(
            RoleName="target", PolicyDocument=trusting(ACCOUNT, Condition=condition)
        )
        tags = [{"Key": "team", "Value": "a"}]
        answer = assume(society.sts(), ExternalId="xyz", Tags=tags, SourceIdentity="ada")
        assert answer["SourceIdentity"] == "ada"
        assert answer["PackedPolicySize"] >= 1
        for wrong in (
            {"ExternalId": "x-y"},
            {"Tags": [{"Key": "team", "Value": "b"}]},
            {"RoleSessionName": "two"},
        ):
            with refused("AccessDenied"):
                assume(society.sts(), **({"ExternalId": "xyz", "Tags": tags} | wrong))

    def test_tags_need_leave_of_their_own(self, society):
        society.iam.update_assume_role_policy(
            RoleName="target", PolicyDocument=trusting(ACCOUNT, "sts:AssumeRole")
        )
        assert assume(society.sts())
        with refused("AccessDenied"):
            assume(society.sts(), Tags=[{"Key": "team", "Value": "a"}])

    def test_tag_keys_must_differ(self, society):
        with refused(
            "InvalidParameterValue",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ):
            assume(society.sts(), Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])

    def test_session_tags_come_before_the_roles_own(self, society):
        society.iam.create_role(
            RoleName="tagged",
            AssumeRolePolicyDocument=trusting(ACCOUNT),
            Tags=[{"Key": "Team", "Value": "role"}, {"Key": "stage", "Value": "dev"}],
        )
        answer = assume(
            society.sts(), RoleArn=f"arn:aws:iam::{ACCOUNT}:role/tagged", Tags=[{"Key": "team", "Value": "a"}]
        )
        found = authorize(
            society.world, access_key_id=answer["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )
        assert found["principal_tags"] == {"team": "a", "stage": "dev"}


class TestChains:
    def member(self, society, *statements):
        if statements:
            society.iam.put_role_policy(
                RoleName="member", PolicyName="chain", PolicyDocument=document(*statements)
            )
        return client("sts", society.credentials("ada"))

    def test_a_session_needs_leave_of_its_role_where_the_account_is_trusted(self, society):
        with refused("AccessDenied") as caught:
            assume(self.member(society))
        assert "assumed-role/member/CognitoIdentityCredentials is not authorized" in str(caught.value)
        assert assume(self.member(society, allow("sts:AssumeRole", TARGET)))

    def test_a_role_that_is_trusted_by_name_still_needs_no_more(self, society):
        society.iam.update_assume_role_policy(
            RoleName="target", PolicyDocument=trusting(f"arn:aws:iam::{ACCOUNT}:role/member")
        )
        assert assume(self.member(society))

    def test_a_chain_lasts_an_hour_at_most(self, society):
        society.iam.create_role(
            RoleName="long", AssumeRolePolicyDocument=trusting(ACCOUNT), MaxSessionDuration=7200
        )
        arn = f"arn:aws:iam::{ACCOUNT}:role/long"
        assert assume(society.sts(), RoleArn=arn, DurationSeconds=7200)
        with refused("ValidationError"):
            assume(self.member(society, allow("sts:AssumeRole")), RoleArn=arn, DurationSeconds=7200)

    def test_transitive_tags_go_on(self, society):
        society.role("next", trusts=trusting(ACCOUNT))
        society.iam.put_role_policy(
            RoleName="target", PolicyName="chain", PolicyDocument=document(allow("sts:AssumeRole"))
        )
        first = assume(
            society.sts(),
            Tags=[{"Key": "team", "Value": "a"}, {"Key": "stage", "Value": "dev"}],
            TransitiveTagKeys=["team"],
        )
        second = assume(client("sts", first["Credentials"]), RoleArn=f"arn:aws:iam::{ACCOUNT}:role/next")
        found = authorize(
            society.world, access_key_id=second["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )
        assert found["principal_tags"] == {"team": "a"}

    def test_a_guest_assumes_nothing(self, society):
        society.iam.put_role_policy(RoleName="guest", PolicyName="all", PolicyDocument=document(allow("*")))
        with refused("AccessDenied"):
            assume(client("sts", society.credentials()))


class TestGetSessionToken:
    def test_the_account_gets_keys_for_half_a_day(self, society):
        credentials = society.sts().get_session_token()["Credentials"]
        left = credentials["Expiration"].timestamp() - society.world.clock.now()
        assert 43190 < left <= 43200
        assert society.caller(credentials)["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
        asked = {"access_key_id": credentials["AccessKeyId"], "action": "ec2:RunInstances"}
        assert authorize(society.world, **asked)["decision"] == "allowed"
        assert client("iam", credentials).get_role(RoleName="target")

    def test_they_get_none_again(self, society):
        credentials = society.sts().get_session_token()["Credentials"]
        with refused("AccessDenied", "Cannot call GetSessionToken with session credentials"):
            client("sts", credentials).get_session_token()


class TestGetFederationToken:
    def test_a_policy_says_what_the_user_may(self, society):
        answer = society.sts().get_federation_token(Name="ada", Policy=document(allow()))
        assert answer["FederatedUser"] == {
            "FederatedUserId": f"{ACCOUNT}:ada",
            "Arn": f"arn:aws:sts::{ACCOUNT}:federated-user/ada",
        }
        key = answer["Credentials"]["AccessKeyId"]
        for action, decision in (("s3:GetObject", "allowed"), ("s3:PutObject", "implicitDeny")):
            assert authorize(society.world, access_key_id=key, action=action)["decision"] == decision
        assert society.caller(answer["Credentials"])["Arn"] == answer["FederatedUser"]["Arn"]

    def test_without_one_he_may_nothing(self, society):
        key = society.sts().get_federation_token(Name="ada")["Credentials"]["AccessKeyId"]
        answer = authorize(society.world, access_key_id=key, action="s3:GetObject")
        assert answer["decision"] == "implicitDeny"


class TestGetAccessKeyInfo:
    def test_it_tells_the_account(self, society):
        key = society.credentials()["AccessKeyId"]
        assert society.sts().get_access_key_info(AccessKeyId=key)["Account"] == ACCOUNT
        assert society.sts().get_access_key_info(AccessKeyId="AKIAABCDEFGHIJKLMNOP")["Account"] == ACCOUNT
