"""Filters of ListUsers over an index in order: they answer what looking at every user answers, and look at few."""

from __future__ import annotations

from types import SimpleNamespace
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pool_env import refused
from support.properties import patient

from cogmock.state.ordered import Ordered
from cogmock.state.user import User
from cogmock.state.user_table import UserTable
from cogmock.userpools.rules.directory import filters, folding
from cogmock.userpools.rules.directory.filters import Condition

LETTERS = "aAbBkK\u212asS\u017fßẞﬁﬀİi\u0131I+5\U0001f600"
"""Some differ in case alone, some fold to two letters, one folds to the K of another alphabet."""
values = st.text(LETTERS, max_size=5)
conditions = st.builds(
    lambda name, is_prefix, value: Condition(name, is_prefix, value),
    st.sampled_from(sorted(filters.NAMES)),
    st.booleans(),
    values | st.sampled_from(["CONF", "confirmed", "CONFIRMED", "Enabled", "Dis", "u1"]),
)
changes = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "write", "status", "enabled"]),
        st.integers(0, 30),
        st.sampled_from(["email", "name", "preferred_username", "phone_number", "given_name", "family_name"]),
        st.none() | values,
    ),
    max_size=12,
)


def change(table, kind, number, name, value):
    found = table.get(f"u{number}") or table.get(f"U{number}")
    if kind == "add" and found is None:
        table.add(
            User(f"{'uU'[number % 2]}{number}", f"S{number}", {name: value or "x"}, "CONFIRMED", 0.0, 0.0)
        )
    elif found is None:
        return
    elif kind == "remove":
        table.remove(found)
    elif kind == "write":
        table.write(found, {name: value})
    elif kind == "status":
        table.set_status(found, ["CONFIRMED", "UNCONFIRMED", "COMPROMISED"][len(value or "") % 3])
    elif kind == "enabled":
        table.set_enabled(found, enabled=value is None)


def pages(pool, condition, limit, few):
    """The names on each page."""
    with patch.object(filters, "FEW", few):
        while not filters.is_ready(pool, condition):
            pass
        found, place = [], None
        while True:
            users, place = filters.page(pool, condition, place, limit)
            found.append([user.name for user in users])
            if place is None:
                return found


class TestAgainstLookingAtAll:
    @settings(patient, max_examples=300)
    @given(
        st.booleans(),
        changes,
        st.lists(st.tuples(conditions, st.integers(1, 7), changes), min_size=1, max_size=4),
    )
    def test_the_answers_are_the_same(self, sensitive, first, questions):
        pool = SimpleNamespace(users=UserTable(case_sensitive=sensitive))
        for number in range(20):
            change(pool.users, "add", number, "email", LETTERS[number % len(LETTERS)] * 2)
        for step in first:
            change(pool.users, *step)
        for condition, limit, steps in questions:
            expected = pages(pool, condition, limit, few=1000)
            assert pages(pool, condition, limit, few=-1) == expected
            for step in steps:
                change(pool.users, *step)
            assert pages(pool, condition, limit, few=-1) == pages(pool, condition, limit, few=1000)

    @settings(patient, max_examples=500)
    @given(st.lists(values, max_size=30), st.text(LETTERS, max_size=3).map(str.casefold), st.booleans())
    def test_a_leap_passes_over_nothing_that_fits(self, texts, wanted, is_prefix):
        def fits(text):
            folded = text.casefold()
            return folded.startswith(wanted) if is_prefix else folded == wanted

        for misfit in (text for text in texts if not fits(text)):
            leap = folding.following(misfit, wanted, is_prefix=is_prefix)
            assert leap is None or leap > misfit
            assert not [
                text for text in texts if fits(text) and misfit < text and (leap is None or text < leap)
            ]

    def test_no_character_that_folds_is_left_out(self):
        highest = max(code for code in range(0x110000) if chr(code).casefold() != chr(code))
        assert highest < folding.HIGHEST


@pytest.fixture
def looked(monkeypatch):
    """Counts how often the value of a user in an index is looked at."""
    seen = []
    plain = Ordered.place

    def place(index, user):
        seen.append(user)
        return plain(index, user)

    monkeypatch.setattr(Ordered, "place", place)
    monkeypatch.setattr(Ordered, "value", lambda index, user: place(index, user)[0])
    return seen


class TestHowManyAreLookedAt:
    @pytest.fixture(params=[True, False], ids=["case counts", "case does not count"])
    def pool(self, request):
        table = UserTable(case_sensitive=request.param)
        for number in range(20_000):
            name = f"user{number:05}"
            table.add(
                User(
                    name if number % 2 else name.upper(),
                    f"{number * 7919 % 20_000:05}",
                    {"email": f"{name}@example.com", "name": f"N {number:05}", "phone_number": f"+1{number}"},
                    "CONFIRMED",
                    0.0,
                    0.0,
                )
            )
        table.set_status(table["user15001"], "UNCONFIRMED")
        table.set_enabled(table["user15001"], enabled=False)
        return SimpleNamespace(users=table)

    @pytest.mark.parametrize(
        ("name", "value", "found"),
        [
            ("username", "user1500", 5),
            ("email", "user1500", 10),
            ("email", "", 60),
            ("phone_number", "+11500", 11),
            ("name", "N 1500", 10),
            ("sub", "1500", 10),
            ("cognito:user_status", "un", 1),
            ("status", "Dis", 1),
            ("status", "Enabled", 60),
            ("family_name", "", 0),
        ],
    )
    def test_a_prefix_looks_at_few(self, pool, looked, name, value, found):
        condition = Condition(name, True, value)
        while not filters.is_ready(pool, condition):
            pass
        filters.page(pool, condition, None, 60)  # sorts the chunks that it reads
        looked.clear()
        users, _ = filters.page(pool, condition, None, 60)
        if (name, pool.users.case_sensitive) == ("username", False):
            found = 10
        assert len(users) == found
        assert len(looked) < 1000

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("name", "N 15001"),
            ("cognito:user_status", "unconfirmed"),
            ("status", "Disabled"),
            ("email", "user15001@example.com"),
        ],
    )
    def test_so_does_a_whole_value(self, pool, looked, name, value):
        condition = Condition(name, False, value)
        while not filters.is_ready(pool, condition):
            pass
        filters.page(pool, condition, None, 60)
        looked.clear()
        users, _ = filters.page(pool, condition, None, 60)
        assert [user.name for user in users] == ["user15001"]
        assert len(looked) < 200

    def test_each_call_takes_in_a_portion(self, pool):
        asked = 0
        while not filters.is_ready(pool, Condition("email", True, "u")):
            asked += 1
        assert asked == 20_000 // filters.PORTION - 1

    def test_addresses_that_sign_in_have_an_index_of_their_own(self, pool):
        pool.users.by("email", "x")
        assert filters.is_ready(pool, Condition("email", False, "x"))
        assert not filters.is_ready(pool, Condition("email", True, "x"))


class TestManyUsers:
    @pytest.fixture
    def crowd(self, env, monkeypatch):
        monkeypatch.setattr(filters, "FEW", 10)
        monkeypatch.setattr(filters, "PORTION", 7)
        for number in range(30):
            values = {"name": f"n{number % 3}", "email": f"u{number}@example.com", "email_verified": "true"}
            env.create(f"user{number:02}", attributes=values, MessageAction="SUPPRESS")
        return env

    def names(self, env, text, **more):
        answer = env.idp.list_users(UserPoolId=env.pool_id, Filter=text, **more)
        return [user["Username"] for user in answer["Users"]], answer.get("PaginationToken")

    def test_pages_follow_each_other(self, crowd):
        first, token = self.names(crowd, 'name ^= "n"', Limit=12)
        crowd.idp.admin_delete_user(UserPoolId=crowd.pool_id, Username=first[-1])
        rest, token = self.names(crowd, 'name ^= "n"', PaginationToken=token)
        assert token is None
        assert [name[4:] for name in first + rest] == sorted(
            (f"{n:02}" for n in range(30)), key=lambda n: (int(n) % 3, n)
        )

    def test_what_calls_change_is_found_as_it_is_now(self, crowd):
        assert self.names(crowd, 'cognito:user_status ^= "C"')[0] == []
        assert len(self.names(crowd, 'status ^= "E"')[0]) == 30
        crowd.idp.admin_set_user_password(
            UserPoolId=crowd.pool_id, Username="user07", Password="Passw0rd!", Permanent=True
        )
        crowd.idp.admin_disable_user(UserPoolId=crowd.pool_id, Username="user08")
        assert self.names(crowd, 'cognito:user_status ^= "c"')[0] == ["user07"]
        assert self.names(crowd, 'status = "Disabled"')[0] == ["user08"]
        crowd.idp.admin_enable_user(UserPoolId=crowd.pool_id, Username="user08")
        crowd.idp.admin_reset_user_password(UserPoolId=crowd.pool_id, Username="user07")
        assert self.names(crowd, 'cognito:user_status = "CONFIRMED"')[0] == []
        assert self.names(crowd, 'cognito:user_status = "RESET_REQUIRED"')[0] == ["user07"]
        assert self.names(crowd, 'status = "Disabled"')[0] == []

    def test_a_made_up_token_is_refused(self, crowd):
        with refused("InvalidParameterException"):
            self.names(crowd, 'name ^= "n"', PaginationToken="x")

    def test_the_pool_may_be_deleted_between_two_portions(self, crowd, monkeypatch):
        def delete(call):
            call.region.user_pools.remove(call.region.user_pools[crowd.pool_id])

        monkeypatch.setattr("cogmock.core.call.Call.give_way", delete)
        with refused("ResourceNotFoundException"):
            self.names(crowd, 'name ^= "n"')
