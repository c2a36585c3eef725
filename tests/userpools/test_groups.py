"""Groups, their members, and the group claims of tokens."""

from __future__ import annotations

import jwt
import pytest
from support.pool_env import refused
from support.pool_settings import impatient

from cogmock.core.call import Call
from cogmock.state.group import Group

ROLE = "arn:aws:iam::123456789012:role/"


def group(env, name="crew", **settings):
    return env.idp.create_group(UserPoolId=env.pool_id, GroupName=name, **settings)["Group"]


def shown(env, name="crew"):
    return env.idp.get_group(UserPoolId=env.pool_id, GroupName=name)["Group"]


def join(env, username, name="crew"):
    return env.idp.admin_add_user_to_group(UserPoolId=env.pool_id, Username=username, GroupName=name)


def leave(env, username, name="crew"):
    env.idp.admin_remove_user_from_group(UserPoolId=env.pool_id, Username=username, GroupName=name)


def members(env, name="crew"):
    answer = env.idp.list_users_in_group(UserPoolId=env.pool_id, GroupName=name)
    return [user["Username"] for user in answer["Users"]]


def groups_of(env, username="ada"):
    answer = env.idp.admin_list_groups_for_user(UserPoolId=env.pool_id, Username=username)
    return [of["GroupName"] for of in answer["Groups"]]


def claims(env, username="ada"):
    tokens = env.cognito.tokens(username, client=env.client_id)
    return [
        jwt.decode(token, options={"verify_signature": False})
        for token in (tokens.id_token, tokens.access_token)
    ]


class TestCreateGroup:
    def test_shows_what_is_set_and_no_more(self, env):
        assert set(group(env)) == {"GroupName", "UserPoolId", "LastModifiedDate", "CreationDate"}
        full = group(env, "full", Description="all of it", RoleArn=f"{ROLE}full", Precedence=0)
        assert (full["Description"], full["RoleArn"], full["Precedence"]) == ("all of it", f"{ROLE}full", 0)
        assert shown(env, "full") == full

    def test_refuses_a_name_that_is_taken(self, env):
        group(env)
        with refused("GroupExistsException", "A group with the name already exists."):
            group(env)
        assert group(env, "Crew"), "names differ by case"

    @pytest.mark.parametrize("name", ["with blank", "x" * 129])
    def test_refuses_names_that_are_none(self, env, name):
        with refused("InvalidParameterException"):
            group(env, name)

    @pytest.mark.parametrize(
        "settings", [{"RoleArn": "no ARN, though long enough"}, {"Description": "x" * 2049}]
    )
    def test_refuses_members_out_of_form(self, env, settings):
        with refused("InvalidParameterException"):
            group(env, **settings)

    def test_groups_may_share_a_precedence(self, env):
        group(env, "a", Precedence=1)
        assert group(env, "b", Precedence=1)["Precedence"] == 1

    def test_refuses_a_pool_that_is_not_there(self, env):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            env.idp.create_group(UserPoolId="us-east-1_Nowhere", GroupName="crew")

    def test_a_pool_has_at_most_10_000(self, env, monkeypatch):
        # Ten thousand calls would say no more than five do.
        from cogmock.userpools.operations import groups

        assert groups.MOST == 10_000
        monkeypatch.setattr(groups, "MOST", 5)
        for n in range(5):
            group(env, f"g{n}")
        with refused("LimitExceededException"):
            impatient().create_group(UserPoolId=env.pool_id, GroupName="crew")


class TestGetGroup:
    def test_refuses_a_group_that_is_not_there(self, env):
        with refused("ResourceNotFoundException", "Group not found."):
            shown(env)


class TestUpdateGroup:
    def test_leaves_what_is_not_sent(self, env, cognito):
        before = group(env, Description="old", RoleArn=f"{ROLE}crew", Precedence=4)
        cognito.clock.advance(hours=1)
        after = env.idp.update_group(UserPoolId=env.pool_id, GroupName="crew", Precedence=0)["Group"]
        assert after["Precedence"] == 0
        for member in ("Description", "RoleArn", "CreationDate"):
            assert after[member] == before[member]
        assert after["LastModifiedDate"] > before["LastModifiedDate"]
        assert shown(env) == after

    def test_refuses_a_group_that_is_not_there(self, env):
        with refused("ResourceNotFoundException", "Group not found."):
            env.idp.update_group(UserPoolId=env.pool_id, GroupName="crew")


class TestDeleteGroup:
    def test_takes_the_memberships_with_it(self, env):
        group(env)
        env.create("ada")
        join(env, "ada")
        env.idp.delete_group(UserPoolId=env.pool_id, GroupName="crew")
        assert groups_of(env) == []
        group(env)
        assert members(env) == []

    def test_refuses_a_group_that_is_not_there(self, env):
        with refused("ResourceNotFoundException", "Group not found."):
            env.idp.delete_group(UserPoolId=env.pool_id, GroupName="crew")

    @pytest.fixture
    def full(self, env, monkeypatch):
        """A group of five, which leave two at a time."""
        monkeypatch.setattr("cogmock.userpools.operations.groups.PORTION", 2)
        group(env)
        for name in "abcde":
            env.create(name)
            join(env, name)
        return env

    def test_other_calls_run_while_many_members_leave(self, full, monkeypatch):
        seen = []

        def give_way(call):
            seen.append(len(call.region.user_pools[full.pool_id].groups["crew"].members))

        monkeypatch.setattr(Call, "give_way", give_way)
        full.idp.delete_group(UserPoolId=full.pool_id, GroupName="crew")
        assert seen == [3, 1]
        assert [groups_of(full, name) for name in "abcde"] == [[]] * 5
        with refused("ResourceNotFoundException", "Group not found."):
            shown(full)

    def test_a_group_that_another_call_made_anew_meanwhile_stays(self, full, monkeypatch):
        def give_way(call):
            groups = call.region.user_pools[full.pool_id].groups
            if groups["crew"].description is None:
                groups.remove(groups["crew"])
                groups.add(Group("crew", 0.0, 0.0, description="new"))

        monkeypatch.setattr(Call, "give_way", give_way)
        full.idp.delete_group(UserPoolId=full.pool_id, GroupName="crew")
        assert shown(full)["Description"] == "new"

    def test_tokens_that_were_issued_keep_the_claim(self, env):
        group(env)
        env.add_user()
        join(env, "ada")
        before = claims(env)
        env.idp.delete_group(UserPoolId=env.pool_id, GroupName="crew")
        assert [of["cognito:groups"] for of in before] == [["crew"], ["crew"]]
        assert all("cognito:groups" not in of for of in claims(env))


class TestListGroups:
    def test_pages(self, env):
        names = [group(env, f"g{n}")["GroupName"] for n in range(5)]
        pages = env.idp.get_paginator("list_groups").paginate(
            UserPoolId=env.pool_id, PaginationConfig={"PageSize": 2}
        )
        found = [[of["GroupName"] for of in page["Groups"]] for page in pages]
        assert found == [names[:2], names[2:4], names[4:]]

    def test_pages_stay_where_they_are_while_groups_go(self, env):
        names = [group(env, f"g{n}")["GroupName"] for n in range(4)]
        first = env.idp.list_groups(UserPoolId=env.pool_id, Limit=2)
        env.idp.delete_group(UserPoolId=env.pool_id, GroupName=names[0])
        rest = env.idp.list_groups(UserPoolId=env.pool_id, NextToken=first["NextToken"])
        assert [of["GroupName"] for of in rest["Groups"]] == names[2:]

    def test_zero_stands_for_sixty(self, env):
        for n in range(61):
            group(env, f"g{n}")
        assert len(env.idp.list_groups(UserPoolId=env.pool_id, Limit=0)["Groups"]) == 60
        with refused("InvalidParameterException"):
            env.idp.list_groups(UserPoolId=env.pool_id, Limit=61)


class TestAdminAddUserToGroup:
    def test_twice_is_as_good_as_once(self, env):
        group(env)
        for name in ("ada", "bob"):
            env.create(name)
            join(env, name)
        join(env, "ada")
        assert members(env) == ["ada", "bob"]
        assert groups_of(env) == ["crew"]

    def test_answers_nothing(self, env):
        group(env)
        env.create("ada")
        assert set(join(env, "ada")) == {"ResponseMetadata"}

    def test_finds_users_by_sub_too(self, env):
        group(env)
        user = env.create("ada")
        join(env, next(of["Value"] for of in user["Attributes"] if of["Name"] == "sub"))
        assert members(env) == ["ada"]

    def test_refuses_users_and_groups_that_are_not_there(self, env):
        group(env)
        with refused("UserNotFoundException", "User does not exist."):
            join(env, "nobody")
        env.create("ada")
        with refused("ResourceNotFoundException", "Group not found."):
            join(env, "ada", "nowhere")

    def test_a_user_is_in_at_most_100_groups(self, env):
        env.create("ada")
        for n in range(101):
            group(env, f"g{n}")
        for n in range(100):
            join(env, "ada", f"g{n}")
        with refused("InvalidParameterException"):
            join(env, "ada", "g100")
        join(env, "ada", "g0")
        assert members(env, "g100") == []


class TestAdminRemoveUserFromGroup:
    def test_the_user_is_out(self, env):
        group(env)
        env.create("ada")
        join(env, "ada")
        leave(env, "ada")
        assert members(env) == []
        assert groups_of(env) == []

    def test_one_who_is_not_in_may_be_removed(self, env):
        group(env)
        env.create("ada")
        leave(env, "ada")

    def test_refuses_users_and_groups_that_are_not_there(self, env):
        group(env)
        with refused("UserNotFoundException", "User does not exist."):
            leave(env, "nobody")
        env.create("ada")
        with refused("ResourceNotFoundException", "Group not found."):
            leave(env, "ada", "nowhere")


class TestListUsersInGroup:
    def test_shows_users_as_list_users_does(self, env):
        group(env)
        env.create("ada", attributes={"email": "ada@example.com"})
        env.create("bob")
        join(env, "ada")
        answer = env.idp.list_users_in_group(UserPoolId=env.pool_id, GroupName="crew")
        assert (
            answer["Users"] == env.idp.list_users(UserPoolId=env.pool_id, Filter='username = "ada"')["Users"]
        )

    def test_pages_stay_where_they_are_while_members_go(self, env):
        group(env)
        for name in "abcde":
            env.create(name)
            join(env, name)
        first = env.idp.list_users_in_group(UserPoolId=env.pool_id, GroupName="crew", Limit=2)
        leave(env, "a")
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="b")
        rest = env.idp.list_users_in_group(
            UserPoolId=env.pool_id, GroupName="crew", NextToken=first["NextToken"]
        )
        assert [user["Username"] for user in rest["Users"]] == ["c", "d", "e"]
        assert "NextToken" not in rest

    def test_a_user_who_is_gone_is_no_member(self, env):
        group(env)
        env.create("ada")
        join(env, "ada")
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        assert members(env) == []

    def test_refuses_a_group_that_is_not_there(self, env):
        with refused("ResourceNotFoundException", "Group not found."):
            members(env)


class TestAdminListGroupsForUser:
    def test_shows_groups_as_get_group_does_the_best_in_rank_first(self, env):
        env.create("ada")
        for name, settings in (("none", {}), ("second", {"Precedence": 2}), ("best", {"Precedence": 0})):
            group(env, name, **settings)
            join(env, "ada", name)
        assert groups_of(env) == ["best", "second", "none"]
        answer = env.idp.admin_list_groups_for_user(UserPoolId=env.pool_id, Username="ada")
        assert answer["Groups"][0] == shown(env, "best")

    def test_pages(self, env):
        env.create("ada")
        for n in range(3):
            group(env, f"g{n}")
            join(env, "ada", f"g{n}")
        pages = env.idp.get_paginator("admin_list_groups_for_user").paginate(
            UserPoolId=env.pool_id, Username="ada", PaginationConfig={"PageSize": 2}
        )
        assert [[of["GroupName"] for of in page["Groups"]] for page in pages] == [["g0", "g1"], ["g2"]]

    def test_refuses_a_user_who_is_not_there(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            groups_of(env, "nobody")


class TestGroupsInTokens:
    def test_both_tokens_name_the_groups_and_the_id_token_their_roles(self, env):
        env.add_user()
        for name, settings in (
            ("bare", {}),
            ("second", {"Precedence": 2, "RoleArn": f"{ROLE}second"}),
            ("best", {"Precedence": 0, "RoleArn": f"{ROLE}best"}),
        ):
            group(env, name, **settings)
            join(env, "ada", name)
        identity, access = claims(env)
        assert set(identity["cognito:groups"]) == {"best", "second", "bare"}
        assert set(access["cognito:groups"]) == {"best", "second", "bare"}
        assert set(identity["cognito:roles"]) == {f"{ROLE}best", f"{ROLE}second"}
        assert identity["cognito:preferred_role"] == f"{ROLE}best"
        assert {"cognito:roles", "cognito:preferred_role"}.isdisjoint(access)

    @pytest.mark.parametrize(("other", "preferred"), [("one", f"{ROLE}one"), ("two", None)])
    def test_of_equal_rank_a_role_is_preferred_only_if_it_is_the_same(self, env, other, preferred):
        env.add_user()
        group(env, "a", Precedence=1, RoleArn=f"{ROLE}one")
        group(env, "b", Precedence=1, RoleArn=f"{ROLE}{other}")
        for name in "ab":
            join(env, "ada", name)
        assert claims(env)[0].get("cognito:preferred_role") == preferred

    def test_a_user_without_groups_has_no_such_claim(self, env):
        env.add_user()
        assert all("cognito:groups" not in of for of in claims(env))
