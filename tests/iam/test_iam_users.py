import re

import pytest
from support.identity_env import ACCOUNT, allow, document
from support.pool_env import refused


@pytest.fixture
def iam(cognito_clients):
    return cognito_clients.iam


class TestCreateUser:
    def test_the_answer_has_what_aws_puts_in_it(self, iam):
        user = iam.create_user(UserName="ada", Path="/team/", Tags=[{"Key": "a", "Value": "1"}])["User"]
        assert user["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/team/ada"
        assert re.fullmatch(r"AIDA[A-Z0-9]{17}", user["UserId"])
        assert user["Tags"] == [{"Key": "a", "Value": "1"}]

    def test_a_taken_name_is_refused_in_any_case(self, iam):
        iam.create_user(UserName="ada")
        with refused("EntityAlreadyExists", "User with name ADA already exists."):
            iam.create_user(UserName="ADA")


class TestGetUser:
    def test_boundary_and_tags_are_told(self, iam):
        arn = iam.create_policy(PolicyName="limit", PolicyDocument=document(allow()))["Policy"]["Arn"]
        iam.create_user(UserName="ada", PermissionsBoundary=arn)
        user = iam.get_user(UserName="Ada")["User"]
        assert user["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
        assert "Tags" not in user

    def test_none_such_cannot_be_found(self, iam):
        with refused("NoSuchEntity", "The user with name ada cannot be found."):
            iam.get_user(UserName="ada")

    def test_no_caller_is_a_user(self, iam):
        with refused("ValidationError", "Must specify userName when calling with non-User credentials"):
            iam.get_user()


class TestListUsers:
    def test_by_path(self, iam):
        iam.create_user(UserName="bob", Path="/x/")
        iam.create_user(UserName="Ada", Tags=[{"Key": "a", "Value": "1"}])
        users = iam.list_users()["Users"]
        assert [user["UserName"] for user in users] == ["Ada", "bob"]
        assert "Tags" not in users[0]
        assert [user["UserName"] for user in iam.list_users(PathPrefix="/x")["Users"]] == ["bob"]


class TestDeleteUser:
    def test_not_while_a_member(self, iam):
        iam.create_user(UserName="ada")
        iam.create_group(GroupName="team")
        iam.add_user_to_group(GroupName="team", UserName="ada")
        with refused("DeleteConflict"):
            iam.delete_user(UserName="ada")
        iam.remove_user_from_group(GroupName="team", UserName="ada")
        iam.delete_user(UserName="ada")
        assert iam.list_users()["Users"] == []


class TestPutUserPermissionsBoundary:
    def test_one_that_does_not_exist_is_refused(self, iam):
        iam.create_user(UserName="ada")
        arn = f"arn:aws:iam::{ACCOUNT}:policy/absent"
        with refused("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable."):
            iam.put_user_permissions_boundary(UserName="ada", PermissionsBoundary=arn)


class TestDeleteUserPermissionsBoundary:
    def test_it_is_gone(self, iam):
        arn = iam.create_policy(PolicyName="limit", PolicyDocument=document(allow()))["Policy"]["Arn"]
        iam.create_user(UserName="ada", PermissionsBoundary=arn)
        iam.delete_user_permissions_boundary(UserName="ada")
        assert "PermissionsBoundary" not in iam.get_user(UserName="ada")["User"]


class TestListGroupsForUser:
    def test_only_his(self, iam):
        iam.create_user(UserName="ada")
        for name in ("a", "b"):
            iam.create_group(GroupName=name)
        iam.add_user_to_group(GroupName="b", UserName="ADA")
        assert [each["GroupName"] for each in iam.list_groups_for_user(UserName="ada")["Groups"]] == ["b"]


class TestCreateGroup:
    def test_the_answer_has_what_aws_puts_in_it(self, iam):
        group = iam.create_group(GroupName="team", Path="/x/")["Group"]
        assert group["Arn"] == f"arn:aws:iam::{ACCOUNT}:group/x/team"
        assert re.fullmatch(r"AGPA[A-Z0-9]{17}", group["GroupId"])

    def test_a_taken_name_is_refused(self, iam):
        iam.create_group(GroupName="team")
        with refused("EntityAlreadyExists", "Group with name Team already exists."):
            iam.create_group(GroupName="Team")


class TestGetGroup:
    def test_its_users_in_pages(self, iam):
        iam.create_group(GroupName="team")
        for name in ("bob", "ada"):
            iam.create_user(UserName=name)
            iam.add_user_to_group(GroupName="team", UserName=name)
        first = iam.get_group(GroupName="team", MaxItems=1)
        assert ([each["UserName"] for each in first["Users"]], first["IsTruncated"]) == (["bob"], True)
        rest = iam.get_group(GroupName="team", Marker=first["Marker"])
        assert [each["UserName"] for each in rest["Users"]] == ["ada"]


class TestListGroups:
    def test_by_path(self, iam):
        iam.create_group(GroupName="b", Path="/x/")
        iam.create_group(GroupName="a")
        assert [each["GroupName"] for each in iam.list_groups()["Groups"]] == ["a", "b"]
        assert [each["GroupName"] for each in iam.list_groups(PathPrefix="/x/")["Groups"]] == ["b"]


class TestDeleteGroup:
    def test_not_while_it_has_members(self, iam):
        iam.create_group(GroupName="team")
        iam.create_user(UserName="ada")
        iam.add_user_to_group(GroupName="team", UserName="ada")
        with refused("DeleteConflict", "Cannot delete entity, must remove users from group first."):
            iam.delete_group(GroupName="team")


class TestAddUserToGroup:
    def test_both_must_be_there_and_once_is_enough(self, iam):
        iam.create_group(GroupName="team")
        with refused("NoSuchEntity", "The user with name ada cannot be found."):
            iam.add_user_to_group(GroupName="team", UserName="ada")
        iam.create_user(UserName="ada")
        for _ in range(2):
            iam.add_user_to_group(GroupName="team", UserName="ada")
        assert len(iam.get_group(GroupName="team")["Users"]) == 1


class TestRemoveUserFromGroup:
    def test_he_is_gone(self, iam):
        iam.create_group(GroupName="team")
        iam.create_user(UserName="ada")
        iam.add_user_to_group(GroupName="team", UserName="ada")
        iam.remove_user_from_group(GroupName="team", UserName="ada")
        assert iam.get_group(GroupName="team")["Users"] == []

    def test_the_user_is_looked_for_first(self, iam):
        with refused("NoSuchEntity", "The user with name nobody cannot be found."):
            iam.remove_user_from_group(GroupName="none", UserName="nobody")
