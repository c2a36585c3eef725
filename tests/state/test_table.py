"""Tables: order, pages that stay stable, and indexes that cannot go stale."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cogmock.state.table import BLOCK, Table
from cogmock.state.user import Password, User
from cogmock.state.user_table import UserTable


@dataclass(slots=True, eq=False)
class Row:
    id: str
    kind: str = "a"
    number: int = 0


def filled(count):
    table = Table("id", groups=("kind",))
    for index in range(count):
        table.add(Row(f"r{index}", "ab"[index % 2]))
    return table


def ids(rows):
    return [row.id for row in rows]


class TestTable:
    def test_rows_are_found_by_key_and_in_bunches(self):
        table = filled(4)
        assert table["r2"] is table.get("r2")
        assert "r3" in table
        assert table.get("r4") is None
        assert ids(table.where("kind", "b")) == ["r1", "r3"]
        assert table.where("kind", "c") == []
        assert (table.count("kind", "b"), table.count("kind", "c")) == (2, 0)

    def test_a_taken_key_is_refused(self):
        with pytest.raises(KeyError):
            filled(1).add(Row("r0"))

    def test_a_removed_row_is_gone_from_everywhere(self):
        table = filled(3)
        table.remove(table["r1"])
        assert ids(table) == ["r0", "r2"]
        assert table.where("kind", "b") == []
        assert len(table) == 2

    def test_pages_follow_each_other_and_end(self):
        table = filled(5)
        first, more = table.page(0, 2)
        assert (ids(first), more) == (["r0", "r1"], True)
        second, more = table.page(first[-1].number, 3)
        assert (ids(second), more) == (["r2", "r3", "r4"], False)
        assert table.page(second[-1].number, 3) == ([], False)

    @pytest.mark.parametrize("limit", [1, 7, BLOCK, 3 * BLOCK])
    def test_the_newest_come_page_by_page(self, limit):
        table = filled(2 * BLOCK + 5)
        for gone in ("r0", "r3", f"r{BLOCK}", f"r{2 * BLOCK + 4}"):
            table.remove(table[gone])
        met, more, before = [], True, float("inf")
        while more and len(met) < 200 * limit:
            rows, more = table.newest(before, limit)
            met += ids(rows)
            before = rows[-1].number
        assert met == list(reversed(ids(table)))[: len(met)]
        assert more == (len(met) < len(table))
        assert table.newest(1, limit) == filled(0).newest(float("inf"), limit) == ([], False)

    def test_rows_that_come_and_go_move_no_page(self):
        table = filled(100)
        first, _ = table.page(0, 50)
        for index in range(10, 90):
            table.remove(table[f"r{index}"])
        table.add(Row("new"))
        rest, more = table.page(first[-1].number, 50)
        assert ids(rest) == [f"r{index}" for index in range(90, 100)] + ["new"]
        assert not more
        assert ids(table.page(0, 100)[0]) == ids(table)

    def test_rows_come_back_to_their_places(self):
        table = filled(3000)
        gone = [table[f"r{index}"] for index in range(0, 3000, 7)]
        for row in gone:
            table.remove(row)
        for row in sorted(gone, key=lambda row: row.id):
            table.put_back(row)
        assert ids(table.page(0, 3000)[0]) == ids(table) == [f"r{index}" for index in range(3000)]
        assert ids(table.where("kind", "a")) == [f"r{index}" for index in range(0, 3000, 2)]
        with pytest.raises(KeyError):
            table.put_back(Row("another", number=gone[0].number))

    def test_rows_of_a_bunch_are_found_from_a_number_on(self):
        table = filled(10)
        assert ids(table.where("kind", "b", after=table["r5"].number)) == ["r7", "r9"]

    def test_a_change_moves_no_more_than_a_block(self):
        table = filled(5 * BLOCK)
        table.remove(table["r1500"])
        assert max(map(len, table._order)) <= BLOCK
        assert sum(map(len, table._order)) == len(table)

    def test_the_last_number_is_not_given_again_once_its_row_is_gone(self):
        table = filled(3)
        assert not table.has_lost_its_last
        table.remove(table["r2"])
        assert table.has_lost_its_last
        table.add(Row("new"))
        assert (table["new"].number, table.has_lost_its_last) == (4, False)

    def test_rows_are_let_go_in_portions(self):
        table, rounds = filled(5 * BLOCK), 0
        while table.let_go(BLOCK):
            rounds += 1
        assert rounds == 4
        assert len(table) == 0

    def test_the_order_is_kept_when_many_are_gone(self):
        table = filled(1000)
        for index in range(0, 1000, 2):
            table.remove(table[f"r{index}"])
        assert ids(table.page(0, 1000)[0]) == [f"r{index}" for index in range(1, 1000, 2)]


def user(name, **attributes):
    return User(name, f"sub-{name}", attributes, "CONFIRMED", 0.0, 0.0)


class TestUserTable:
    def test_users_are_found_by_sub(self):
        table = UserTable()
        ada = user("ada")
        table.add(ada)
        assert table.by_sub("sub-ada") is ada
        table.remove(ada)
        assert table.by_sub("sub-ada") is None

    def test_an_address_finds_all_who_have_it_before_and_after_its_index_exists(self):
        table = UserTable()
        table.add(user("ada", email="x@example.com"))
        table.add(user("bob"))
        assert [of.name for of in table.by("email", "x@example.com")] == ["ada"]
        table.add(user("cid", email="x@example.com"))
        assert [of.name for of in table.by("email", "x@example.com")] == ["ada", "cid"]
        assert table.by("email", "y@example.com") == []

    def test_writing_an_attribute_moves_the_user_in_the_index(self):
        table = UserTable()
        for name in ("ada", "bob", "cid"):
            table.add(user(name, email="x@example.com"))
        assert len(table.by("email", "x@example.com")) == 3
        table.write(table["bob"], {"email": "y@example.com", "name": "Bob"})
        assert [of.name for of in table.by("email", "x@example.com")] == ["ada", "cid"]
        assert [of.name for of in table.by("email", "y@example.com")] == ["bob"]
        table.write(table["ada"], {"email": None})
        assert [of.name for of in table.by("email", "x@example.com")] == ["cid"]
        assert table["ada"].attributes == {}
        table.remove(table["cid"])
        assert table.by("email", "x@example.com") == []

    def test_case_counts_or_not_as_the_pool_says(self):
        strict, lenient = UserTable(), UserTable(case_sensitive=False)
        for table in (strict, lenient):
            table.add(user("Ada", email="Ada@Example.com"))
        assert strict.get("ada") is None
        assert strict.by("email", "ada@example.com") == []
        assert lenient["ada"].name == "Ada"
        assert lenient.by("email", "ada@example.com") == [lenient["ADA"]]

    def test_a_name_that_is_folded_already_is_its_own_key(self):
        name = "ada"
        assert UserTable(case_sensitive=False).fold(name) is name
        assert UserTable(case_sensitive=False).fold("Ada") == "ada"


class TestPassword:
    def test_it_knows_its_halves(self):
        kept = Password(b"s" * 16 + b"x" * 32)
        assert (kept.salt, kept.exponent) == (b"s" * 16, b"x" * 32)
