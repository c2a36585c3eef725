"""All state becomes rows and comes back, by its annotations alone."""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
import re
from typing import Any

import pytest
from support.state_samples import Samples

import cogmock.state
from cogmock.core.world import World
from cogmock.persistence import paths, plain, rows, schema
from cogmock.persistence.errors import Damaged
from cogmock.persistence.root import KEPT, NOT_KEPT, Root
from cogmock.state.expiring import Expiring
from cogmock.state.links import Links
from cogmock.state.table import Table
from cogmock.state.user_table import UserTable


@pytest.fixture(scope="module")
def full():
    return Samples().root()


def through_json(root):
    return json.loads(json.dumps(list(rows.of_world(root)), allow_nan=False))


def reached(cls, found=None):
    """The classes of state below one."""
    found = {cls} if found is None else found
    for hint in schema.hints(cls).values():
        for inner in parts(hint):
            if dataclasses.is_dataclass(inner) and inner not in found:
                found.add(inner)
                reached(inner, found)
    return found


def parts(hint):
    from typing import get_args

    yield hint
    for inner in get_args(hint):
        yield from parts(inner)
    if isinstance(hint, type) and issubclass(hint, UserTable):
        yield from parts(schema._entry_type(hint, hint))


def test_everything_comes_back(full):
    before = through_json(full)
    assert through_json(rows.world_of(before)) == before


def test_every_class_of_state_is_stored():
    """One that is not reached from the root would be lost; so would a class without annotations."""
    for module in pkgutil.iter_modules(cogmock.state.__path__):
        importlib.import_module(f"cogmock.state.{module.name}")
    classes = {
        cls
        for module in pkgutil.iter_modules(cogmock.state.__path__)
        for cls in vars(importlib.import_module(f"cogmock.state.{module.name}")).values()
        if dataclasses.is_dataclass(cls) and isinstance(cls, type)
    }
    bases = {base for cls in classes for base in cls.__mro__[1:]}
    assert {cls.__qualname__ for cls in classes - reached(Root) - bases} == set()


def test_every_field_of_state_is_stored(full):
    """Each field of each class is in a row, or is a branch, or is of a type that holds no state."""
    written = list(rows.of_world(full))
    text = json.dumps(written)
    for cls in reached(Root):
        assert schema.unkept_fields(cls) <= {"lock"}
        for name in set(schema.hints(cls)) - schema.branch_fields(cls):
            assert f'"{name}"' in text, f"{cls.__name__}.{name}"
        for branch in schema.branches(cls):
            place = re.compile(rf"(^|[./]){re.escape(branch.name)}/")
            assert any(place.search(path) for path, _ in written), f"{cls.__name__}.{branch.name}"


def test_every_attribute_of_a_world_is_kept_or_said_not_to_be():
    world = World()
    assert world.stand_ins  # made at its first use
    assert set(vars(world)) == KEPT | set(NOT_KEPT)


@pytest.mark.parametrize("collection", [Table, UserTable, Expiring, Links])
def test_collections_have_no_state_that_is_not_stored(collection):
    known = {"watch", "_at", "_end", "_room", "_by", "_ordered", "_subs", "case_sensitive"}
    known |= {"_groups", "_key", "_last", "_order", "_rows", "_attributes", "_counted", "_folded"}
    assert set(collection.__slots__) <= known


class TestTables:
    def test_rows_keep_their_order_and_numbers(self, full):
        back = rows.world_of(through_json(full))
        [pool, _] = next(iter(next(iter(back.accounts.values())).regions.values())).user_pools
        first, second = pool.users
        assert (first.number, second.number) == (1, 2)
        assert pool.users.by_sub(second.sub) is second
        assert pool.users.page(1, 10) == ([second], False)

    def test_the_number_of_a_row_that_is_gone_is_not_given_again(self):
        root = Samples().root()
        users = first_pool(root).users
        users.remove(list(users)[-1])
        back = first_pool(rows.world_of(through_json(root))).users
        assert back.last_number == users.last_number == 2

    def test_a_table_without_rows_keeps_its_last_number(self):
        root = Samples().root()
        users = first_pool(root).users
        for user in users:
            users.remove(user)
        assert first_pool(rows.world_of(through_json(root))).users.last_number == 2

    def test_case_insensitive_names(self):
        root = Samples().root()
        pool = first_pool(root)
        names = [user.name for user in pool.users]
        fresh = UserTable(case_sensitive=False)
        for user in pool.users:
            fresh.add(user)
        pool.users = fresh
        back = first_pool(rows.world_of(through_json(root))).users
        assert not back.case_sensitive
        assert back[names[0].upper()].name == names[0]


def first_pool(root):
    return next(iter(next(iter(next(iter(root.accounts.values())).regions.values())).user_pools))


class TestPaths:
    @pytest.mark.parametrize(
        "key", ["ada", "a/b", "50%", "é", "a b", "\n", "\x7f", "", "%2F", "\ud800", '["a","b"]']
    )
    def test_any_key_has_a_path(self, key):
        path = paths.below("pools/x", "users", key)
        assert path.isascii()
        assert path.isprintable()
        assert paths.depth(path) == 3
        assert paths.split(path) == ("pools/x", "users", key)


class TestPlainValues:
    @pytest.mark.parametrize(
        "value",
        [
            None,
            "x",
            1,
            1.5,
            True,
            b"\x00\xff",
            (1, (2, b"")),
            {"$bytes": "no bytes"},
            {"$x": 1},
            {1: 2, None: 3},
            {"a": [(), {}, []]},
        ],
    )
    def test_they_come_back_with_their_types(self, value):
        back = plain.from_json(json.loads(json.dumps(plain.to_json(value))))
        assert back == value
        assert repr(back) == repr(value)

    def test_an_object_of_a_class_is_refused(self):
        with pytest.raises(TypeError, match="a object cannot"):
            plain.to_json({"a": [object()]})

    @pytest.mark.parametrize("value", [{"$bytes": "%"}, {"$tuple": 1}, {"$set": []}, {"$dict": [1]}])
    def test_marks_with_wrong_content_are_refused(self, value):
        with pytest.raises(Damaged):
            plain.from_json(value)


class TestDamage:
    @pytest.mark.parametrize(
        ("path", "change"),
        [
            ("world", lambda row: row | {"clock_offset": "late"}),
            ("world", lambda row: row | {"colour": "red"}),
            ("world", lambda _: None),
            ("accounts/123", lambda _: {"id": "123", "seal_key": "%%"}),
            ("accounts/123", lambda _: {"id": None}),
            ("accounts/123/regions", lambda _: {}),
            ("accounts/123/towns/x", lambda _: {}),
            ("accounts/999/regions/us-east-1", lambda _: {"name": "us-east-1", "account": "999"}),
            ("messages/1", lambda _: {}),
            ("nothing", lambda _: {}),
        ],
    )
    def test_rows_that_contradict_each_other_are_refused(self, path, change):
        root = Root()
        found: dict[str, Any] = dict(rows.of_world(root)) | {"accounts/123": {"id": "123"}}
        found[path] = change(found.get(path))
        with pytest.raises(Damaged):
            rows.world_of(found.items())

    def test_entries_without_the_root_are_refused(self):
        with pytest.raises(Damaged, match="world"):
            rows.world_of([("accounts/123", {"id": "123"})])

    def test_nothing_is_an_empty_world(self):
        assert list(rows.of_world(rows.world_of([]))) == list(rows.of_world(Root()))

    def test_a_row_at_the_path_of_another_is_refused(self, full):
        found = dict(through_json(full))
        pools = [path for path in found if path.count("/") == 5 and "/user_pools/" in path]
        found[pools[0]] = found[pools[1]]
        with pytest.raises(Damaged, match="wrong place"):
            rows.world_of(found.items())
