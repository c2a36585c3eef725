"""ListUsers: filters, pagination and AttributesToGet."""

import base64
import json
from itertools import chain

import pytest
from support.pool_env import refused


@pytest.fixture
def crowd(env):
    """Users whose attributes the filters tell apart."""
    env.add_user("ada", email="ada@example.com", name="Ada L", given_name="Ada", family_name="L")
    env.create("bea", attributes={"email": "bea@example.com", "phone_number": "+15555550101"})
    env.create("Abe", attributes={"email": "abe@example.org", "preferred_username": "honest"})
    env.create("carl", attributes={"name": 'Carl "Q" Back\\slash'})
    env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="carl")
    env.sign_up("dora", attributes={"phone_number": "+15555550202"})
    return env


def ask(env, text=None, **more):
    filtered = {} if text is None else {"Filter": text}
    return env.idp.list_users(UserPoolId=env.pool_id, **filtered, **more)


def names(env, text=None, **more):
    return [user["Username"] for user in ask(env, text, **more)["Users"]]


def pages(env, limit, text=None):
    token, found = None, []
    while True:
        answer = ask(env, text, Limit=limit, **({"PaginationToken": token} if token else {}))
        found.append([user["Username"] for user in answer["Users"]])
        token = answer.get("PaginationToken")
        if token is None:
            return found


class TestListUsers:
    def test_disabled_and_unconfirmed_users_are_listed(self, crowd):
        assert names(crowd) == ["ada", "bea", "Abe", "carl", "dora"]

    def test_an_item_looks_like_the_answer_of_a_creation(self, crowd):
        first = ask(crowd)["Users"][0]
        assert set(first) == {
            "Username",
            "Attributes",
            "UserCreateDate",
            "UserLastModifiedDate",
            "Enabled",
            "UserStatus",
        }
        assert first["Attributes"][0]["Name"] == "sub"

    def test_unknown_pools_do_not_exist(self, env):
        env.pool_id = "us-east-1_Abc"
        with refused("ResourceNotFoundException", "User pool us-east-1_Abc does not exist."):
            ask(env)


class TestFilters:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('username = "bea"', ["bea"]),
            ('username = "BEA"', []),
            ('username ^= "a"', ["ada"]),
            ('username ^= "A"', ["Abe"]),
            ('email = "ada@example.com"', ["ada"]),
            ('email ^= "b"', ["bea"]),
            ('phone_number = "+15555550101"', ["bea"]),
            ('phone_number ^= "+1555555"', ["bea", "dora"]),
            ('name = "Ada L"', ["ada"]),
            ('given_name = "Ada"', ["ada"]),
            ('given_name ^= "A"', ["ada"]),
            ('family_name = "L"', ["ada"]),
            ('preferred_username = "honest"', ["Abe"]),
            ('preferred_username ^= "hon"', ["Abe"]),
            ('cognito:user_status = "CONFIRMED"', ["ada"]),
            ('cognito:user_status = "confirmed"', ["ada"]),
            ('cognito:user_status = "UNCONFIRMED"', ["dora"]),
            ('cognito:user_status ^= "FORCE"', ["bea", "Abe", "carl"]),
            ('status = "Disabled"', ["carl"]),
            ('status = "disabled"', []),
            ('status = "Enabled"', ["ada", "bea", "Abe", "dora"]),
            ("", ["ada", "bea", "Abe", "carl", "dora"]),
        ],
    )
    def test_each_attribute_that_can_be_searched_by(self, crowd, text, expected):
        assert names(crowd, text) == expected

    def test_the_sub(self, crowd):
        sub = crowd.attributes("bea")["sub"]
        assert names(crowd, f'sub = "{sub}"') == ["bea"]
        assert names(crowd, f'sub ^= "{sub[:30]}"') == ["bea"]

    @pytest.mark.parametrize(
        "text", ['email="ada@example.com"', 'email  =  "ada@example.com"', ' email ="ada@example.com" ']
    )
    def test_blanks_around_the_operator_do_not_matter(self, crowd, text):
        assert names(crowd, text) == ["ada"]

    @pytest.mark.parametrize("text", ['"email"^="ada@"', '"email" = "ada@example.com"'])
    def test_the_name_may_stand_in_quotes(self, crowd, text):
        assert names(crowd, text) == ["ada"]

    @pytest.mark.parametrize("text", ['"email="ada@example.com"', 'email"="ada@example.com"', '""="ada"'])
    def test_but_in_two_of_them(self, crowd, text):
        with refused("InvalidParameterException", "Error while parsing filter."):
            names(crowd, text)

    def test_quotes_within_the_value_are_escaped(self, crowd):
        assert names(crowd, r'name = "Carl \"Q\" Back\\slash"') == ["carl"]

    @pytest.mark.parametrize("name", ["custom:role", "nickname", "foo", "email_verified", "Username"])
    def test_other_attributes_are_refused(self, crowd, name):
        with refused("InvalidParameterException", f"Invalid search attribute: {name}"):
            ask(crowd, f'{name} = "x"')

    @pytest.mark.parametrize(
        "text",
        [
            "email",
            "email = ada",
            "email = 'ada'",
            'email != "ada"',
            'email > "a"',
            'email = "a" AND name = "b"',
            'email = "unclosed',
            'email = "a" b',
            '= "a"',
        ],
    )
    def test_what_cannot_be_parsed_is_refused(self, crowd, text):
        with refused("InvalidParameterException", "Error while parsing filter."):
            ask(crowd, text)

    @pytest.mark.parametrize(("sensitive", "shown"), [(True, []), (False, ["Ada"])])
    @pytest.mark.parametrize("text", ['username = "ada"', 'username ^= "ad"'])
    def test_usernames_compare_as_the_pool_does(self, found, sensitive, shown, text):
        env = found(UsernameConfiguration={"CaseSensitive": sensitive})
        env.create("Ada")
        assert [user["Username"] for user in ask(env, text)["Users"]] == shown

    def test_answers_are_sorted_by_the_attribute(self, env):
        for username, email in [("x", "c@example.com"), ("y", "a@example.com"), ("z", "b@example.com")]:
            env.create(username, attributes={"email": email})
        assert names(env, 'email ^= ""') == ["y", "z", "x"]

    def test_a_changed_address_is_found_by_its_new_value_alone(self, crowd):
        assert names(crowd, 'email = "ada@example.com"') == ["ada"]
        crowd.admin_update("ada", email="countess@example.com")
        assert names(crowd, 'email = "ada@example.com"') == []
        assert names(crowd, 'email = "countess@example.com"') == ["ada"]

    def test_a_shared_address_finds_all_who_share_it(self, crowd):
        crowd.create("ada2", attributes={"email": "ada@example.com"})
        assert names(crowd, 'email = "ada@example.com"') == ["ada", "ada2"]

    def test_the_username_is_the_stored_one(self, found):
        env = found(UsernameAttributes=["email"])
        env.create("ada@example.com")
        assert names(env, 'username = "ada@example.com"') == []
        assert len(names(env, 'email = "ada@example.com"')) == 1


class TestPages:
    @pytest.fixture
    def full(self, env):
        for number in range(7):
            env.create(f"user{number}", attributes={"name": f"n{6 - number}"}, MessageAction="SUPPRESS")
        return env

    def test_they_hold_as_many_as_are_wanted(self, full):
        assert [len(page) for page in pages(full, 3)] == [3, 3, 1]
        assert [*chain(*pages(full, 3))] == [f"user{number}" for number in range(7)]

    def test_there_is_no_token_at_the_end(self, full):
        assert "PaginationToken" not in ask(full, Limit=7)

    def test_limit_0_is_the_default_of_60(self, full):
        for number in range(55):
            full.create(f"more{number}", MessageAction="SUPPRESS")
        assert len(names(full, Limit=0)) == 60
        assert len(names(full)) == 60

    def test_a_limit_over_60_is_refused(self, full):
        with refused(
            "InvalidParameterException",
            "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: "
            "Member must have value less than or equal to 60",
        ):
            ask(full, Limit=61)

    @pytest.mark.parametrize("text", ['name ^= "n"', 'status = "Enabled"'])
    def test_filtered_answers_have_pages_too(self, full, text):
        found = pages(full, 2, text)
        assert [len(page) for page in found] == [2, 2, 2, 1]
        assert [*chain(*found)] == names(full, text)

    def test_they_are_stable_while_users_come_and_go(self, full):
        first = ask(full, Limit=3)
        full.idp.admin_delete_user(UserPoolId=full.pool_id, Username="user1")
        full.create("late")
        rest = names(full, PaginationToken=first["PaginationToken"])
        assert rest == ["user3", "user4", "user5", "user6", "late"]

    def test_filtered_ones_are_as_stable(self, full):
        first = ask(full, 'name ^= "n"', Limit=3)
        assert [user["Username"] for user in first["Users"]] == ["user6", "user5", "user4"]
        full.idp.admin_delete_user(UserPoolId=full.pool_id, Username="user4")
        full.create("before", attributes={"name": "n0a"})
        full.create("after", attributes={"name": "n2a"})
        rest = names(full, 'name ^= "n"', PaginationToken=first["PaginationToken"])
        assert rest == ["after", "user3", "user2", "user1", "user0"]

    def test_a_token_fits_its_own_question_alone(self, full):
        token = ask(full, Limit=3)["PaginationToken"]
        with refused("InvalidParameterException"):
            ask(full, 'name ^= "n"', PaginationToken=token)
        filtered = ask(full, 'name ^= "n"', Limit=3)["PaginationToken"]
        with refused("InvalidParameterException"):
            ask(full, PaginationToken=filtered)

    @pytest.mark.parametrize("token", ["x", "W10=", "WzEsMl0=", "bnVsbA=="])
    def test_a_made_up_token_is_refused(self, full, token):
        with refused("InvalidParameterException"):
            ask(full, PaginationToken=token)
        with refused("InvalidParameterException"):
            ask(full, 'name ^= "n"', PaginationToken=token)

    @pytest.mark.parametrize("place", ["abc", {"x": 1}, ["a"], ["a", "b"], 5, -5, True])
    @pytest.mark.parametrize("text", [None, 'name ^= "n"'])
    def test_a_token_that_was_written_in_is_refused_or_finds_nothing_foreign(self, full, text, place):
        """Its second half is the question's; only the first is another's."""
        token = ask(full, text, Limit=3)["PaginationToken"]
        _, question = json.loads(base64.b64decode(token))
        written = base64.b64encode(json.dumps([place, question]).encode()).decode()
        if (text, place) == (None, 5):
            assert ask(full, text, PaginationToken=written)["Users"]
            return
        with refused("InvalidParameterException", "Invalid pagination token given."):
            ask(full, text, PaginationToken=written)

    def test_a_token_of_a_thousand_brackets_is_refused(self, full):
        with refused("InvalidParameterException", "Invalid pagination token given."):
            ask(full, PaginationToken=base64.b64encode(b"[" * 90_000).decode())


class TestAttributesToGet:
    def test_only_these_are_answered(self, crowd):
        users = ask(crowd, AttributesToGet=["email", "name"])["Users"]
        assert users[0]["Attributes"] == [
            {"Name": "email", "Value": "ada@example.com"},
            {"Name": "name", "Value": "Ada L"},
        ]
        assert users[4]["Attributes"] == []

    def test_the_sub_can_be_asked_for(self, crowd):
        users = ask(crowd, AttributesToGet=["sub"])["Users"]
        assert [of["Name"] for of in users[0]["Attributes"]] == ["sub"]

    def test_what_the_schema_does_not_have_is_refused(self, crowd):
        with refused("InvalidParameterException", "One or more requested attributes do not exist."):
            ask(crowd, AttributesToGet=["email", "custom:none"])
