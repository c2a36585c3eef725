"""Users in the order of a value: as sorting gives it, through changes, at the cost of few comparisons."""

from __future__ import annotations

import ast
import random
from math import inf
from pathlib import Path

import pytest

import cogmock
from cogmock.state.ordered import LARGEST, Ordered
from cogmock.state.user import User
from cogmock.state.user_table import UserTable

MANY = 5 * LARGEST


def user(username, **attributes):
    return User(username, f"sub-{username}", attributes, "CONFIRMED", 0.0, 0.0)


@pytest.fixture
def table():
    """Users with names in no order; every third has none."""
    drawn, filled = random.Random(7), UserTable()
    for index in range(MANY):
        filled.add(user(f"u{index}", **({"name": f"{drawn.randrange(1000):03}"} if index % 3 else {})))
    return filled


def taken_in(table, name):
    while not table.take_in(name, 500):
        pass
    return table.ordered(name)


def as_sorted(table, name="name"):
    named = [each for each in table if name in each.attributes]
    return sorted(named, key=lambda each: (each.attributes[name], each.number))


def all_of(index):
    return list(index.since(("", -inf)))


class TestOrdered:
    def test_it_is_as_sorting_gives_it(self, table):
        assert all_of(taken_in(table, "name")) == as_sorted(table)

    def test_it_begins_at_any_place(self, table):
        index, expected = taken_in(table, "name"), as_sorted(table)
        for at in range(0, len(expected), 97):
            assert list(index.since(index.place(expected[at])))[:3] == expected[at : at + 3]
        assert list(index.since(("999z", 0))) == []

    def test_changes_keep_the_order(self, table):
        index, drawn = taken_in(table, "name"), random.Random(8)
        for step in range(2000):
            chosen = table.get(f"u{drawn.randrange(MANY)}")
            if chosen and step % 3 == 0:
                table.remove(chosen)
            elif chosen:
                table.write(chosen, {"name": drawn.choice([None, f"{drawn.randrange(1000):03}"])})
            else:
                table.add(user(f"new{step}", name=f"{drawn.randrange(1000):03}"))
        assert all_of(index) == as_sorted(table)

    def test_changes_while_it_is_filled_are_in_it_once(self, table):
        drawn = random.Random(9)
        while not table.take_in("name", 500):
            table.write(table["u10"], {"name": f"{drawn.randrange(1000):03}"})
            table.write(table[f"u{MANY - 1}"], {"name": f"{drawn.randrange(1000):03}"})
            table.add(user(f"late{drawn.random()}", name="500"))
            table.remove(table[f"u{20 + drawn.randrange(MANY - 40)}"])
        assert all_of(table.ordered("name")) == as_sorted(table)

    def test_a_user_who_comes_back_is_at_the_old_place(self, table):
        index, gone = taken_in(table, "name"), table["u100"]
        table.remove(gone)
        assert gone not in all_of(index)
        table.put_back(gone)
        assert all_of(index) == as_sorted(table)

    def test_it_may_become_empty_and_fill_again(self, table):
        index = taken_in(table, "name")
        for each in list(table):
            table.remove(each)
        assert all_of(index) == []
        table.add(user("ada", name="Ada"))
        assert all_of(index) == [table["ada"]]

    @pytest.mark.parametrize("name", ["status", "cognito:user_status"])
    def test_state_is_followed(self, table, name):
        index = taken_in(table, name)
        table.set_enabled(table["u7"], enabled=False)
        table.set_status(table["u7"], "ARCHIVED")
        assert index.value(table["u7"]) in {"Disabled", "ARCHIVED"}
        assert next(index.since((index.value(table["u7"]), 0))) is table["u7"]
        assert len(all_of(index)) == MANY

    @pytest.mark.parametrize("is_read_before", [True, False])
    def test_a_change_looks_at_few_users(self, monkeypatch, table, is_read_before):
        looked = []
        index = Ordered(lambda each: looked.append(1) or each.attributes.get("name"))
        index.extend(table)
        index.reach = inf
        if is_read_before:
            all_of(index)
        monkeypatch.setitem(table._ordered, "name", index)
        looked.clear()
        table.add(user("new", name="500"))
        table.write(table["u1"], {"name": "501"})
        table.remove(table["u4"])
        assert len(looked) < 100

    def test_a_portion_is_no_larger_than_asked(self, table):
        assert not table.take_in("username", 100)
        assert len(all_of(table.ordered("username"))) == 100


class TestLettingGo:
    def test_users_are_freed_a_portion_at_a_time(self, table):
        table.by("email", "")
        taken_in(table, "name")
        taken_in(table, "status")
        rounds = 0
        while table.let_go(500):
            rounds += 1
        assert rounds >= MANY // 500
        assert len(table) == 0
        assert table.by_sub("sub-u1") is None


class TestSharedAddresses:
    def test_who_shares_an_address_leaves_without_the_others(self):
        table = UserTable()
        for name in ("ada", "bob", "cid"):
            table.add(user(name, email="x@example.com"))
        table.by("email", "x@example.com")
        for name, left in (("bob", ["ada", "cid"]), ("ada", ["cid"]), ("cid", [])):
            table.remove(table[name])
            assert [each.name for each in table.by("email", "x@example.com")] == left

    def test_it_has_one_list_however_many_share_it(self):
        table = UserTable()
        table.by("email", "")
        for index in range(3):
            table.add(user(f"u{index}", email="x@example.com"))
        held = table._by["email"]["x@example.com"]
        table.add(user("late", email="x@example.com"))
        assert table._by["email"]["x@example.com"] is held


class TestState:
    def test_the_table_alone_sets_status_and_enabled_of_users(self):
        """Else the orders of ListUsers would not follow."""
        faults = []
        for path in Path(cogmock.__file__).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                targets = node.targets if isinstance(node, ast.Assign) else []
                for target in [each for found in targets for each in ast.walk(found)]:
                    if isinstance(target, ast.Attribute) and target.attr in {"status", "enabled"}:
                        owner = ast.unparse(target.value)
                        if owner.endswith(("user", "user()")) and path.parent.name != "reading":
                            faults.append(f"{path}:{target.lineno}: {owner}.{target.attr}")
        assert faults == []
