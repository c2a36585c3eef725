import re
from datetime import datetime

import pytest
from support.identity_env import ACCOUNT, allow, document, trust
from support.pool_env import refused


@pytest.fixture
def iam(cognito_clients):
    return cognito_clients.iam


def make(iam, name="reader", **more):
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(), **more)["Role"]


class TestCreateRole:
    def test_the_answer_has_what_aws_puts_in_it(self, iam):
        role = make(iam, Description="reads", MaxSessionDuration=7200)
        assert set(role) == {"Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument"}
        assert role["Path"] == "/"
        assert role["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/reader"
        assert re.fullmatch(r"AROA[A-Z0-9]{17}", role["RoleId"])
        assert isinstance(role["CreateDate"], datetime)
        assert role["AssumeRolePolicyDocument"]["Statement"][0]["Effect"] == "Allow"

    def test_path_tags_and_boundary_are_told(self, iam):
        boundary = f"arn:aws:iam::{ACCOUNT}:policy/limit"
        iam.create_policy(PolicyName="limit", PolicyDocument=document(allow()))
        role = make(iam, Path="/a/b/", Tags=[{"Key": "team", "Value": "x"}], PermissionsBoundary=boundary)
        assert role["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/a/b/reader"
        assert role["Tags"] == [{"Key": "team", "Value": "x"}]
        assert role["PermissionsBoundary"] == {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": boundary,
        }

    @pytest.mark.parametrize("name", ["reader", "READER"])
    def test_a_taken_name_is_refused_in_any_case(self, iam, name):
        make(iam)
        with refused("EntityAlreadyExists", f"Role with name {name} already exists.") as caught:
            make(iam, name)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("{", "This policy contains invalid Json"),
            (document(allow("sts:AssumeRole")), "Has prohibited field Resource"),
        ],
    )
    def test_a_faulty_trust_policy_is_refused(self, iam, text, message):
        with refused("MalformedPolicyDocument", message):
            iam.create_role(RoleName="reader", AssumeRolePolicyDocument=text)
        with refused("NoSuchEntity"):
            iam.get_role(RoleName="reader")

    def test_trust_in_identity_pools_needs_a_condition(self, iam):
        text = document(
            {
                "Effect": "Allow",
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
            }
        )
        with refused("MalformedPolicyDocument"):
            iam.create_role(RoleName="reader", AssumeRolePolicyDocument=text)

    def test_a_long_trust_policy_is_refused(self, iam):
        text = document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:user/{n:040}" for n in range(60)]},
                "Action": "sts:AssumeRole",
            }
        )
        with refused("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"):
            iam.create_role(RoleName="reader", AssumeRolePolicyDocument=text)

    def test_a_bad_name_is_refused_by_the_model(self, iam):
        with refused("ValidationError") as caught:
            make(iam, "no/slash")
        # Recorded at AWS: IAM shows no values.
        assert "1 validation error detected: Value at 'roleName' failed to satisfy constraint" in str(
            caught.value
        )

    def test_tag_keys_must_differ(self, iam):
        with refused("InvalidInput"):
            make(iam, Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])


class TestGetRole:
    def test_it_adds_duration_description_and_last_use(self, iam):
        make(iam, Description="reads")
        role = iam.get_role(RoleName="READER")["Role"]
        assert role["RoleName"] == "reader"
        assert role["MaxSessionDuration"] == 3600
        assert role["Description"] == "reads"
        assert role["RoleLastUsed"] == {}

    def test_an_absent_role_cannot_be_found(self, iam):
        with refused("NoSuchEntity", "The role with name nobody cannot be found.") as caught:
            iam.get_role(RoleName="nobody")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404

    def test_roles_are_of_all_regions(self, cognito, iam):
        import boto3

        make(iam)
        assert boto3.client("iam", region_name="eu-west-1").get_role(RoleName="reader")["Role"]


class TestUpdateAssumeRolePolicy:
    def test_it_replaces_the_trust_policy(self, iam):
        make(iam)
        iam.update_assume_role_policy(RoleName="reader", PolicyDocument=trust(amr=["authenticated"]))
        found = iam.get_role(RoleName="reader")["Role"]["AssumeRolePolicyDocument"]
        assert "unauthenticated" not in str(found)

    def test_a_faulty_one_changes_nothing(self, iam):
        before = make(iam)["AssumeRolePolicyDocument"]
        with refused("MalformedPolicyDocument"):
            iam.update_assume_role_policy(RoleName="reader", PolicyDocument="[]")
        assert iam.get_role(RoleName="reader")["Role"]["AssumeRolePolicyDocument"] == before


class TestDeleteRole:
    def test_it_goes(self, iam):
        make(iam)
        iam.delete_role(RoleName="reader")
        with refused("NoSuchEntity"):
            iam.get_role(RoleName="reader")

    def test_one_with_policies_stays(self, iam):
        make(iam)
        iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=document(allow()))
        with refused("DeleteConflict", "Cannot delete entity, must delete policies first.") as caught:
            iam.delete_role(RoleName="reader")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


class TestPutRolePolicy:
    def test_it_puts_and_replaces(self, iam):
        make(iam)
        for action in ("s3:GetObject", "s3:PutObject"):
            iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=document(allow(action)))
        found = iam.get_role_policy(RoleName="reader", PolicyName="p")["PolicyDocument"]
        assert found["Statement"][0]["Action"] == "s3:PutObject"

    def test_a_faulty_one_is_refused(self, iam):
        make(iam)
        with refused("MalformedPolicyDocument", "Syntax errors in policy."):
            iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument="{}")

    def test_all_together_have_a_size(self, iam):
        make(iam)
        for name in "ab":
            large = document(allow(resource=[f"arn:aws:s3:::{name}{n:040}" for n in range(110)]))
            if name == "a":
                iam.put_role_policy(RoleName="reader", PolicyName=name, PolicyDocument=large)
        with refused("LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role reader"):
            iam.put_role_policy(RoleName="reader", PolicyName="b", PolicyDocument=large + " " * 9)

    def test_a_hundred_kilobytes_are_refused(self, iam):
        make(iam)
        large = document(allow(resource=[f"arn:aws:s3:::{n:090}" for n in range(1000)]))
        with refused("LimitExceeded"):
            iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=large)


class TestGetRolePolicy:
    def test_an_absent_one_cannot_be_found(self, iam):
        make(iam)
        with refused("NoSuchEntity", "The role policy with name p cannot be found."):
            iam.get_role_policy(RoleName="reader", PolicyName="p")

    def test_the_document_comes_back_as_it_was(self, iam):
        make(iam)
        text = document(allow(resource="arn:aws:s3:::a b/%41+ä"))
        iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=text)
        found = iam.get_role_policy(RoleName="reader", PolicyName="p")["PolicyDocument"]
        assert found["Statement"][0]["Resource"] == "arn:aws:s3:::a b/%41+ä"


class TestDeleteRolePolicy:
    def test_it_goes(self, iam):
        make(iam)
        iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=document(allow()))
        iam.delete_role_policy(RoleName="reader", PolicyName="p")
        with refused("NoSuchEntity"):
            iam.delete_role_policy(RoleName="reader", PolicyName="p")


class TestListRolePolicies:
    def test_pages_cover_all_names(self, iam):
        make(iam)
        for name in "cab":
            iam.put_role_policy(RoleName="reader", PolicyName=name, PolicyDocument=document(allow()))
        first = iam.list_role_policies(RoleName="reader", MaxItems=2)
        assert (first["PolicyNames"], first["IsTruncated"]) == (["a", "b"], True)
        rest = iam.list_role_policies(RoleName="reader", Marker=first["Marker"])
        assert (rest["PolicyNames"], rest["IsTruncated"]) == (["c"], False)
        assert "Marker" not in rest

    def test_none_is_an_empty_list(self, iam):
        make(iam)
        assert iam.list_role_policies(RoleName="reader")["PolicyNames"] == []

    def test_a_foreign_marker_is_refused(self, iam):
        make(iam)
        with refused("ValidationError"):
            iam.list_role_policies(RoleName="reader", Marker="x")


class TestListRoles:
    def test_with_their_duration_but_without_tags_and_boundary(self, iam):
        limit = iam.create_policy(PolicyName="limit", PolicyDocument=document(allow()))["Policy"]["Arn"]
        make(iam, "b", Description="reads", Tags=[{"Key": "a", "Value": "1"}], PermissionsBoundary=limit)
        make(iam, "A", Path="/x/")
        roles = iam.list_roles()["Roles"]
        assert [role["RoleName"] for role in roles] == ["A", "b"]
        assert (roles[1]["MaxSessionDuration"], roles[1]["Description"]) == (3600, "reads")
        assert not {"Tags", "PermissionsBoundary", "RoleLastUsed"} & set(roles[1])
        assert [role["RoleName"] for role in iam.list_roles(PathPrefix="/x/")["Roles"]] == ["A"]

    def test_pages_of_at_most_a_hundred(self, iam):
        for number in range(101):
            make(iam, f"r{number:03}")
        first = iam.list_roles()
        assert (len(first["Roles"]), first["IsTruncated"]) == (100, True)
        rest = iam.list_roles(Marker=first["Marker"])
        assert ([role["RoleName"] for role in rest["Roles"]], rest["IsTruncated"]) == (["r100"], False)


class TestUpdateRole:
    def test_what_is_not_given_stays(self, iam):
        make(iam, Description="reads", MaxSessionDuration=7200)
        iam.update_role(RoleName="reader", MaxSessionDuration=4000)
        role = iam.get_role(RoleName="reader")["Role"]
        assert (role["Description"], role["MaxSessionDuration"]) == ("reads", 4000)
        iam.update_role(RoleName="reader", Description="")
        assert iam.get_role(RoleName="reader")["Role"]["Description"] == ""


class TestUpdateRoleDescription:
    def test_the_role_is_shown(self, iam):
        make(iam)
        shown = iam.update_role_description(RoleName="reader", Description="x")["Role"]
        assert (shown["Description"], "MaxSessionDuration" in shown) == ("x", False)
        assert iam.get_role(RoleName="reader")["Role"]["MaxSessionDuration"] == 3600


class TestPutRolePermissionsBoundary:
    def test_it_is_told(self, iam):
        make(iam)
        limit = iam.create_policy(PolicyName="limit", PolicyDocument=document(allow()))["Policy"]["Arn"]
        iam.put_role_permissions_boundary(RoleName="reader", PermissionsBoundary=limit)
        found = iam.get_role(RoleName="reader")["Role"]["PermissionsBoundary"]
        assert found == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": limit}

    def test_one_that_does_not_exist_is_refused_and_no_role_is_made_with_it(self, iam):
        limit = f"arn:aws:iam::{ACCOUNT}:policy/absent"
        with refused("NoSuchEntity", f"Scope ARN: {limit} does not exist or is not attachable."):
            make(iam, PermissionsBoundary=limit)
        make(iam)
        with refused("NoSuchEntity"):
            iam.put_role_permissions_boundary(RoleName="reader", PermissionsBoundary=limit)

    def test_what_is_no_policy_is_no_boundary(self, iam):
        arn = f"arn:aws:iam::{ACCOUNT}:not_a_policy/invalid"
        with refused("InvalidInput", f"ARN {arn} is not valid."):
            make(iam, PermissionsBoundary=arn)
        make(iam)
        with refused("InvalidInput", f"ARN {arn} is not valid."):
            iam.put_role_permissions_boundary(RoleName="reader", PermissionsBoundary=arn)


class TestDeleteRolePermissionsBoundary:
    def test_it_is_gone(self, iam):
        limit = iam.create_policy(PolicyName="limit", PolicyDocument=document(allow()))["Policy"]["Arn"]
        make(iam, PermissionsBoundary=limit)
        iam.delete_role_permissions_boundary(RoleName="reader")
        assert "PermissionsBoundary" not in iam.get_role(RoleName="reader")["Role"]


class TestTagRole:
    def test_tags_are_added_and_replaced(self, iam):
        make(iam, Tags=[{"Key": "a", "Value": "1"}])
        iam.tag_role(RoleName="reader", Tags=[{"Key": "A", "Value": "2"}, {"Key": "b", "Value": "3"}])
        assert iam.list_role_tags(RoleName="reader")["Tags"] == [
            {"Key": "A", "Value": "2"},
            {"Key": "b", "Value": "3"},
        ]


class TestUntagRole:
    def test_they_are_gone(self, iam):
        make(iam, Tags=[{"Key": "a", "Value": "1"}])
        iam.untag_role(RoleName="reader", TagKeys=["A"])
        assert "Tags" not in iam.get_role(RoleName="reader")["Role"]


class TestListRoleTags:
    def test_pages(self, iam):
        make(iam, Tags=[{"Key": str(number), "Value": ""} for number in range(3)])
        first = iam.list_role_tags(RoleName="reader", MaxItems=2)
        assert (len(first["Tags"]), first["IsTruncated"]) == (2, True)
        rest = iam.list_role_tags(RoleName="reader", Marker=first["Marker"])
        assert rest["Tags"] == [{"Key": "2", "Value": ""}]
