import json
import re

import pytest
from support.identity_env import ACCOUNT, allow, document, trust
from support.pool_env import refused

READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
ABSENT = f"arn:aws:iam::{ACCOUNT}:policy/absent"


@pytest.fixture
def iam(cognito_clients):
    return cognito_clients.iam


def make(iam, name="read", *statements, **more):
    text = document(*(statements or [allow()]))
    return iam.create_policy(PolicyName=name, PolicyDocument=text, **more)["Policy"]


class TestCreatePolicy:
    def test_the_answer_has_what_aws_puts_in_it(self, iam):
        policy = make(iam, Path="/team/", Description="reads")
        assert policy["Arn"] == f"arn:aws:iam::{ACCOUNT}:policy/team/read"
        assert re.fullmatch(r"ANPA[A-Z0-9]{17}", policy["PolicyId"])
        assert set(policy) == {
            "PolicyName", "PolicyId", "Arn", "Path", "DefaultVersionId", "AttachmentCount",
            "PermissionsBoundaryUsageCount", "IsAttachable", "CreateDate", "UpdateDate",
        }  # fmt: skip
        assert (policy["DefaultVersionId"], policy["AttachmentCount"]) == ("v1", 0)
        assert (policy["PermissionsBoundaryUsageCount"], policy["IsAttachable"]) == (0, True)

    def test_tags_are_told(self, iam):
        assert make(iam, Tags=[{"Key": "a", "Value": "1"}])["Tags"] == [{"Key": "a", "Value": "1"}]

    @pytest.mark.parametrize("name", ["read", "READ"])
    def test_a_taken_name_is_refused_in_any_case(self, iam, name):
        make(iam)
        with refused(
            "EntityAlreadyExists", f"A policy called {name} already exists. Duplicate names are not allowed."
        ):
            make(iam, name, Path="/elsewhere/")

    def test_a_faulty_document_is_refused(self, iam):
        with refused("MalformedPolicyDocument", "Policy statement must contain actions."):
            make(iam, "read", {"Effect": "Allow", "Resource": "*"})

    def test_a_managed_policy_must_bear_the_version_of_2012(self, iam):
        text = json.dumps({"Statement": allow()})
        with refused("MalformedPolicyDocument", "Policy document must be version 2012-10-17 or greater."):
            iam.create_policy(PolicyName="old", PolicyDocument=text)

    def test_a_long_document_is_refused(self, iam):
        with refused("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"):
            make(iam, "long", allow(resource=[f"arn:aws:s3:::{n:040}" for n in range(200)]))


class TestGetPolicy:
    def test_it_adds_the_description_and_always_tags(self, iam):
        policy = iam.get_policy(PolicyArn=make(iam, Description="reads")["Arn"])["Policy"]
        assert (policy["Description"], policy["Tags"]) == ("reads", [])

    def test_none_such_was_not_found(self, iam):
        with refused("NoSuchEntity", f"Policy {ABSENT} was not found."):
            iam.get_policy(PolicyArn=ABSENT)

    def test_it_knows_policies_of_aws(self, iam):
        policy = iam.get_policy(PolicyArn=READ)["Policy"]
        assert (policy["PolicyName"], policy["DefaultVersionId"]) == ("AmazonS3ReadOnlyAccess", "v3")

    def test_one_of_aws_that_is_not_known_does_not_exist(self, iam):
        with refused("NoSuchEntity"):
            iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")

    def test_it_counts_who_carries_it_and_whom_it_bounds(self, iam):
        arn = make(iam)["Arn"]
        iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust(), PermissionsBoundary=arn)
        iam.attach_role_policy(RoleName="reader", PolicyArn=arn)
        iam.create_user(UserName="ada", PermissionsBoundary=arn)
        policy = iam.get_policy(PolicyArn=arn)["Policy"]
        assert (policy["AttachmentCount"], policy["PermissionsBoundaryUsageCount"]) == (1, 2)


class TestListPolicies:
    def test_own_ones_alone_without_description_and_tags(self, iam):
        make(iam, "b", Description="x", Tags=[{"Key": "a", "Value": "1"}])
        make(iam, "A")
        found = iam.list_policies(Scope="Local")
        assert [each["PolicyName"] for each in found["Policies"]] == ["A", "b"]
        assert not found["IsTruncated"]
        assert not {"Description", "Tags"} & set(found["Policies"][1])

    def test_those_of_aws(self, iam):
        make(iam)
        names = [each["PolicyName"] for each in iam.list_policies(Scope="AWS")["Policies"]]
        assert "AWSLambdaBasicExecutionRole" in names
        assert "read" not in names

    def test_only_what_is_attached_or_bounds_or_has_a_path(self, iam):
        one, two = make(iam, "one")["Arn"], make(iam, "two", Path="/deep/")["Arn"]
        iam.create_user(UserName="ada", PermissionsBoundary=two)
        iam.attach_user_policy(UserName="ada", PolicyArn=one)

        def names(**filters):
            return [each["PolicyName"] for each in iam.list_policies(Scope="Local", **filters)["Policies"]]

        assert names(OnlyAttached=True) == ["one"]
        assert names(PolicyUsageFilter="PermissionsBoundary") == ["two"]
        assert names(PathPrefix="/deep/") == ["two"]

    def test_pages(self, iam):
        for number in range(5):
            make(iam, f"p{number}")
        pages = iam.get_paginator("list_policies").paginate(Scope="Local", PaginationConfig={"PageSize": 2})
        assert [len(page["Policies"]) for page in pages] == [2, 2, 1]

    def test_a_marker_of_another_question_is_refused(self, iam):
        make(iam, "a")
        make(iam, "b")
        marker = iam.list_policies(Scope="Local", MaxItems=1)["Marker"]
        with refused("ValidationError"):
            iam.list_policies(Scope="AWS", Marker=marker)


class TestDeletePolicy:
    def test_it_is_gone(self, iam):
        arn = make(iam)["Arn"]
        iam.delete_policy(PolicyArn=arn)
        with refused("NoSuchEntity", f"Policy {arn} was not found."):
            iam.delete_policy(PolicyArn=arn)

    def test_one_in_use_stays(self, iam):
        arn = make(iam)["Arn"]
        iam.create_user(UserName="ada", PermissionsBoundary=arn)
        with refused("DeleteConflict", "Cannot delete a policy attached to entities."):
            iam.delete_policy(PolicyArn=arn)
        iam.delete_user_permissions_boundary(UserName="ada")
        iam.delete_policy(PolicyArn=arn)

    def test_one_with_versions_stays(self, iam):
        arn = make(iam)["Arn"]
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow()))
        with refused("DeleteConflict"):
            iam.delete_policy(PolicyArn=arn)

    def test_those_of_aws_are_not_ours(self, iam):
        with refused("AccessDenied"):
            iam.delete_policy(PolicyArn=READ)


class TestCreatePolicyVersion:
    def test_it_does_not_count_until_it_is_the_default(self, iam):
        arn = make(iam)["Arn"]
        made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow("s3:*")))
        assert made["PolicyVersion"]["VersionId"] == "v2"
        assert made["PolicyVersion"]["IsDefaultVersion"] is False
        assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v1"

    def test_it_may_be_made_the_default_at_once(self, iam):
        arn = make(iam)["Arn"]
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow("s3:*")), SetAsDefault=True)
        assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v2"

    def test_five_are_the_most_and_numbers_never_come_again(self, iam):
        arn = make(iam)["Arn"]
        for _ in range(4):
            iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow()))
        with refused("LimitExceeded"):
            iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow()))
        iam.delete_policy_version(PolicyArn=arn, VersionId="v5")
        made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow()))
        assert made["PolicyVersion"]["VersionId"] == "v6"


class TestGetPolicyVersion:
    def test_it_bears_the_document(self, iam):
        version = iam.get_policy_version(PolicyArn=make(iam)["Arn"], VersionId="v1")["PolicyVersion"]
        assert version["Document"]["Statement"] == [allow()]
        assert version["IsDefaultVersion"] is True

    def test_none_such_does_not_exist(self, iam):
        arn = make(iam)["Arn"]
        with refused("NoSuchEntity", f"Policy {arn} version v9 does not exist or is not attachable."):
            iam.get_policy_version(PolicyArn=arn, VersionId="v9")

    def test_of_a_policy_that_is_not_there_says_the_same(self, iam):
        arn = make(iam)["Arn"] + "x"
        for ask in (iam.get_policy_version, iam.set_default_policy_version):
            with refused("NoSuchEntity", f"Policy {arn} version v1 does not exist or is not attachable."):
                ask(PolicyArn=arn, VersionId="v1")


class TestListPolicyVersions:
    def test_the_newest_first(self, iam):
        arn = make(iam)["Arn"]
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow()))
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
        assert [each["VersionId"] for each in versions] == ["v2", "v1"]
        assert "Document" not in versions[0]


class TestDeletePolicyVersion:
    def test_never_the_default_one(self, iam):
        with refused("DeleteConflict", "Cannot delete the default version of a policy."):
            iam.delete_policy_version(PolicyArn=make(iam)["Arn"], VersionId="v1")


class TestSetDefaultPolicyVersion:
    def test_the_new_one_counts(self, iam):
        arn = make(iam)["Arn"]
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow()))
        iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
        assert [each["IsDefaultVersion"] for each in versions] == [True, False]


class TestTagPolicy:
    def test_a_key_in_another_case_is_another_key(self, iam):
        """Recorded at AWS; keys of roles and users have no case."""
        arn = make(iam, Tags=[{"Key": "Team", "Value": "1"}, {"Key": "b", "Value": "2"}])["Arn"]
        iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "TEAM", "Value": "3"}, {"Key": "b", "Value": "4"}])
        tags = [("TEAM", "3"), ("Team", "1"), ("b", "4")]
        listed = [{"Key": key, "Value": value} for key, value in tags]
        assert iam.list_policy_tags(PolicyArn=arn)["Tags"] == listed
        assert iam.get_policy(PolicyArn=arn)["Policy"]["Tags"] == listed

    def test_the_same_key_twice_is_refused(self, iam):
        arn, twice = make(iam)["Arn"], [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
        with refused("InvalidInput", "Duplicate tag keys found."):
            iam.tag_policy(PolicyArn=arn, Tags=twice)

    def test_fifty_are_the_most(self, iam):
        arn = make(iam, Tags=[{"Key": f"k{n}", "Value": ""} for n in range(50)])["Arn"]
        with refused("LimitExceeded"):
            iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "one more", "Value": ""}])


class TestUntagPolicy:
    def test_it_is_gone(self, iam):
        arn = make(iam, Tags=[{"Key": "Team", "Value": "1"}])["Arn"]
        iam.untag_policy(PolicyArn=arn, TagKeys=["team", "unknown"])
        assert len(iam.get_policy(PolicyArn=arn)["Policy"]["Tags"]) == 1
        iam.untag_policy(PolicyArn=arn, TagKeys=["Team"])
        assert iam.get_policy(PolicyArn=arn)["Policy"]["Tags"] == []


class TestListPolicyTags:
    def test_pages(self, iam):
        arn = make(iam, Tags=[{"Key": f"k{n}", "Value": ""} for n in range(3)])["Arn"]
        first = iam.list_policy_tags(PolicyArn=arn, MaxItems=2)
        assert first["IsTruncated"]
        rest = iam.list_policy_tags(PolicyArn=arn, Marker=first["Marker"])
        assert [tag["Key"] for tag in first["Tags"] + rest["Tags"]] == ["k0", "k1", "k2"]


class TestPoliciesOfAws:
    def test_they_are_what_another_witness_states(self, iam):
        from moto import __version__
        from moto.iam.aws_managed_policies import aws_managed_policies_data

        if __version__.startswith("5.0"):
            pytest.skip("this moto has the policies of an earlier time")
        theirs = json.loads(aws_managed_policies_data)
        for policy in iam.list_policies(Scope="AWS")["Policies"]:
            version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
            assert version["PolicyVersion"]["Document"] == theirs[policy["PolicyName"]]["Document"]
            assert policy["Path"] == theirs[policy["PolicyName"]]["Path"]
