"""Groups, who is in them, and what tokens say of it."""

from __future__ import annotations

import jwt
import pytest
from people import refused
from pools import impatient

ROLE = "arn:aws:iam::123456789012:role/"


def group(town, name="crew", **settings):
    return town.idp.create_group(UserPoolId=town.pool_id, GroupName=name, **settings)["Group"]


def shown(town, name="crew"):
    return town.idp.get_group(UserPoolId=town.pool_id, GroupName=name)["Group"]


def join(town, username, name="crew"):
    return town.idp.admin_add_user_to_group(UserPoolId=town.pool_id, Username=username, GroupName=name)


def leave(town, username, name="crew"):
    town.idp.admin_remove_user_from_group(UserPoolId=town.pool_id, Username=username, GroupName=name)


def members(town, name="crew"):
    answer = town.idp.list_users_in_group(UserPoolId=town.pool_id, GroupName=name)
    return [user["Username"] for user in answer["Users"]]


def groups_of(town, username="ada"):
    answer = town.idp.admin_list_groups_for_user(UserPoolId=town.pool_id, Username=username)
    return [of["GroupName"] for of in answer["Groups"]]


def claims(town, username="ada"):
    tokens = town.cognito.tokens(username, client=town.client_id)
    return [
        jwt.decode(token, options={"verify_signature": False})
        for token in (tokens.id_token, tokens.access_token)
    ]


class TestCreateGroup:
    def test_shows_what_is_set_and_no_more(self, town):
        assert set(group(town)) == {"GroupName", "UserPoolId", "LastModifiedDate", "CreationDate"}
        full = group(town, "full", Description="all of it", RoleArn=f"{ROLE}full", Precedence=0)
        assert (full["Description"], full["RoleArn"], full["Precedence"]) == ("all of it", f"{ROLE}full", 0)
        assert shown(town, "full") == full

    def test_refuses_a_name_that_is_taken(self, town):
        group(town)
        with refused("GroupExistsException", "A group with the name already exists."):
            group(town)
        assert group(town, "Crew"), "names differ by case"

    @pytest.mark.parametrize("name", ["with blank", "x" * 129])
    def test_refuses_names_that_are_none(self, town, name):
        with refused("InvalidParameterException"):
            group(town, name)

    @pytest.mark.parametrize(
        "settings", [{"RoleArn": "no ARN, though long enough"}, {"Description": "x" * 2049}]
    )
    def test_refuses_members_out_of_form(self, town, settings):
        with refused("InvalidParameterException"):
            group(town, **settings)

    def test_groups_may_share_a_precedence(self, town):
        group(town, "a", Precedence=1)
        assert group(town, "b", Precedence=1)["Precedence"] == 1

    def test_refuses_a_pool_that_is_not_there(self, town):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            town.idp.create_group(UserPoolId="us-east-1_Nowhere", GroupName="crew")

    def test_a_pool_has_at_most_10_000(self, town, monkeypatch):
        # Ten thousand calls would say no more than five do.
        monkeypatch.setattr("cogmock.userpools.operations.groups.MOST", 5)
        for n in range(5):
            group(town, f"g{n}")
        with refused("LimitExceededException"):
            impatient().create_group(UserPoolId=town.pool_id, GroupName="crew")


class TestGetGroup:
    def test_refuses_a_group_that_is_not_there(self, town):
        with refused("ResourceNotFoundException", "Group not found."):
            shown(town)


class TestUpdateGroup:
    def test_leaves_what_is_not_sent(self, town, cognito):
        before = group(town, Description="old", RoleArn=f"{ROLE}crew", Precedence=4)
        cognito.clock.advance(hours=1)
        after = town.idp.update_group(UserPoolId=town.pool_id, GroupName="crew", Precedence=0)["Group"]
        assert after["Precedence"] == 0
        for member in ("Description", "RoleArn", "CreationDate"):
            assert after[member] == before[member]
        assert after["LastModifiedDate"] > before["LastModifiedDate"]
        assert shown(town) == after

    def test_refuses_a_group_that_is_not_there(self, town):
        with refused("ResourceNotFoundException", "Group not found."):
            town.idp.update_group(UserPoolId=town.pool_id, GroupName="crew")


class TestDeleteGroup:
    def test_takes_the_memberships_with_it(self, town):
        group(town)
        town.create("ada")
        join(town, "ada")
        town.idp.delete_group(UserPoolId=town.pool_id, GroupName="crew")
        assert groups_of(town) == []
        group(town)
        assert members(town) == []

    def test_refuses_a_group_that_is_not_there(self, town):
        with refused("ResourceNotFoundException", "Group not found."):
            town.idp.delete_group(UserPoolId=town.pool_id, GroupName="crew")

    def test_tokens_that_were_issued_keep_the_claim(self, town):
        group(town)
        town.resident()
        join(town, "ada")
        before = claims(town)
        town.idp.delete_group(UserPoolId=town.pool_id, GroupName="crew")
        assert [of["cognito:groups"] for of in before] == [["crew"], ["crew"]]
        assert all("cognito:groups" not in of for of in claims(town))


class TestListGroups:
    def test_pages(self, town):
        names = [group(town, f"g{n}")["GroupName"] for n in range(5)]
        pages = town.idp.get_paginator("list_groups").paginate(
            UserPoolId=town.pool_id, PaginationConfig={"PageSize": 2}
        )
        found = [[of["GroupName"] for of in page["Groups"]] for page in pages]
        assert found == [names[:2], names[2:4], names[4:]]

    def test_pages_stay_where_they_are_while_groups_go(self, town):
        names = [group(town, f"g{n}")["GroupName"] for n in range(4)]
        first = town.idp.list_groups(UserPoolId=town.pool_id, Limit=2)
        town.idp.delete_group(UserPoolId=town.pool_id, GroupName=names[0])
        rest = town.idp.list_groups(UserPoolId=town.pool_id, NextToken=first["NextToken"])
        assert [of["GroupName"] for of in rest["Groups"]] == names[2:]

    def test_zero_stands_for_sixty(self, town):
        for n in range(61):
            group(town, f"g{n}")
        assert len(town.idp.list_groups(UserPoolId=town.pool_id, Limit=0)["Groups"]) == 60
        with refused("InvalidParameterException"):
            town.idp.list_groups(UserPoolId=town.pool_id, Limit=61)


class TestAdminAddUserToGroup:
    def test_twice_is_as_good_as_once(self, town):
        group(town)
        for name in ("ada", "bob"):
            town.create(name)
            join(town, name)
        join(town, "ada")
        assert members(town) == ["ada", "bob"]
        assert groups_of(town) == ["crew"]

    def test_answers_nothing(self, town):
        group(town)
        town.create("ada")
        assert set(join(town, "ada")) == {"ResponseMetadata"}

    def test_finds_users_by_sub_too(self, town):
        group(town)
        user = town.create("ada")
        join(town, next(of["Value"] for of in user["Attributes"] if of["Name"] == "sub"))
        assert members(town) == ["ada"]

    def test_refuses_users_and_groups_that_are_not_there(self, town):
        group(town)
        with refused("UserNotFoundException", "User does not exist."):
            join(town, "nobody")
        town.create("ada")
        with refused("ResourceNotFoundException", "Group not found."):
            join(town, "ada", "nowhere")

    def test_a_user_is_in_at_most_100_groups(self, town):
        town.create("ada")
        for n in range(101):
            group(town, f"g{n}")
        for n in range(100):
            join(town, "ada", f"g{n}")
        with refused("InvalidParameterException"):
            join(town, "ada", "g100")
        join(town, "ada", "g0")
        assert members(town, "g100") == []


class TestAdminRemoveUserFromGroup:
    def test_the_user_is_out(self, town):
        group(town)
        town.create("ada")
        join(town, "ada")
        leave(town, "ada")
        assert members(town) == []
        assert groups_of(town) == []

    def test_one_who_is_not_in_may_be_removed(self, town):
        group(town)
        town.create("ada")
        leave(town, "ada")

    def test_refuses_users_and_groups_that_are_not_there(self, town):
        group(town)
        with refused("UserNotFoundException", "User does not exist."):
            leave(town, "nobody")
        town.create("ada")
        with refused("ResourceNotFoundException", "Group not found."):
            leave(town, "ada", "nowhere")


class TestListUsersInGroup:
    def test_shows_users_as_list_users_does(self, town):
        group(town)
        town.create("ada", attributes={"email": "ada@example.com"})
        town.create("bob")
        join(town, "ada")
        answer = town.idp.list_users_in_group(UserPoolId=town.pool_id, GroupName="crew")
        assert (
            answer["Users"]
            == town.idp.list_users(UserPoolId=town.pool_id, Filter='username = "ada"')["Users"]
        )

    def test_pages_stay_where_they_are_while_members_go(self, town):
        group(town)
        for name in "abcde":
            town.create(name)
            join(town, name)
        first = town.idp.list_users_in_group(UserPoolId=town.pool_id, GroupName="crew", Limit=2)
        leave(town, "a")
        town.idp.admin_delete_user(UserPoolId=town.pool_id, Username="b")
        rest = town.idp.list_users_in_group(
            UserPoolId=town.pool_id, GroupName="crew", NextToken=first["NextToken"]
        )
        assert [user["Username"] for user in rest["Users"]] == ["c", "d", "e"]
        assert "NextToken" not in rest

    def test_a_user_who_is_gone_is_no_member(self, town):
        group(town)
        town.create("ada")
        join(town, "ada")
        town.idp.admin_delete_user(UserPoolId=town.pool_id, Username="ada")
        assert members(town) == []

    def test_refuses_a_group_that_is_not_there(self, town):
        with refused("ResourceNotFoundException", "Group not found."):
            members(town)


class TestAdminListGroupsForUser:
    def test_shows_groups_as_get_group_does_the_best_in_rank_first(self, town):
        town.create("ada")
        for name, settings in (("none", {}), ("second", {"Precedence": 2}), ("best", {"Precedence": 0})):
            group(town, name, **settings)
            join(town, "ada", name)
        assert groups_of(town) == ["best", "second", "none"]
        answer = town.idp.admin_list_groups_for_user(UserPoolId=town.pool_id, Username="ada")
        assert answer["Groups"][0] == shown(town, "best")

    def test_pages(self, town):
        town.create("ada")
        for n in range(3):
            group(town, f"g{n}")
            join(town, "ada", f"g{n}")
        pages = town.idp.get_paginator("admin_list_groups_for_user").paginate(
            UserPoolId=town.pool_id, Username="ada", PaginationConfig={"PageSize": 2}
        )
        assert [[of["GroupName"] for of in page["Groups"]] for page in pages] == [["g0", "g1"], ["g2"]]

    def test_refuses_a_user_who_is_not_there(self, town):
        with refused("UserNotFoundException", "User does not exist."):
            groups_of(town, "nobody")


class TestGroupsInTokens:
    def test_both_tokens_name_the_groups_and_the_id_token_their_roles(self, town):
        town.resident()
        for name, settings in (
            ("bare", {}),
            ("second", {"Precedence": 2, "RoleArn": f"{ROLE}second"}),
            ("best", {"Precedence": 0, "RoleArn": f"{ROLE}best"}),
        ):
            group(town, name, **settings)
            join(town, "ada", name)
        identity, access = claims(town)
        assert set(identity["cognito:groups"]) == {"best", "second", "bare"}
        assert set(access["cognito:groups"]) == {"best", "second", "bare"}
        assert set(identity["cognito:roles"]) == {f"{ROLE}best", f"{ROLE}second"}
        assert identity["cognito:preferred_role"] == f"{ROLE}best"
        assert {"cognito:roles", "cognito:preferred_role"}.isdisjoint(access)

    @pytest.mark.parametrize(("other", "preferred"), [("one", f"{ROLE}one"), ("two", None)])
    def test_of_equal_rank_a_role_is_preferred_only_if_it_is_the_same(self, town, other, preferred):
        town.resident()
        group(town, "a", Precedence=1, RoleArn=f"{ROLE}one")
        group(town, "b", Precedence=1, RoleArn=f"{ROLE}{other}")
        for name in "ab":
            join(town, "ada", name)
        assert claims(town)[0].get("cognito:preferred_role") == preferred

    def test_a_user_without_groups_has_no_such_claim(self, town):
        town.resident()
        assert all("cognito:groups" not in of for of in claims(town))
