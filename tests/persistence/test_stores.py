"""What every store does, and that a world's state is in it after each call."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError
from support import state_check
from support.pool_env import PASSWORD, PoolEnv
from support.state_samples import Samples

from cogmock import mock_cognito
from cogmock.core.world import World
from cogmock.persistence import formats, keeper, rows
from cogmock.persistence.errors import Damaged, Newer
from cogmock.persistence.memory_store import MemoryStore
from cogmock.persistence.postgres_store import PostgresStore
from cogmock.persistence.root import Root
from cogmock.persistence.sqlite_store import SqliteStore
from cogmock.persistence.store import Drop, Put, StoreFailed
from cogmock.settings import Settings

ROWS = [("world", "{}"), ("a/1", '{"x":1}'), ("a/1/b/2", "[]"), ("a/1!", "{}"), ("a/10", "{}"), ("a/2", "{}")]


class Places:
    """Opens stores at one place, one after the other, as servers do that start again."""

    def __init__(self, kind, tmp_path, url=None):
        self.kind = kind
        self._url = url
        self._path = tmp_path
        self._memory = MemoryStore()
        self._opened = []

    def open(self):
        while self._opened:
            self._opened.pop().close()
        store = self._made()
        store.recover()
        self._opened.append(store)
        return store

    def _made(self):
        match self.kind:
            case "memory":
                return self._memory
            case "sqlite":
                return SqliteStore(self._path / "state.db")
            case "postgres":
                return PostgresStore(self._url)

    def close(self):
        while self._opened:
            self._opened.pop().close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def places(request, tmp_path):
    url = request.getfixturevalue("postgres").database() if request.param == "postgres" else None
    places = Places(request.param, tmp_path, url)
    yield places
    places.close()


@pytest.fixture
def store(places):
    store = places.open()
    store.begin(store.load(), ROWS)
    return store


def held(store):
    return [tuple(row) for row in store.load().rows]


class TestStore:
    def test_a_new_one_is_empty(self, places):
        found = places.open().load()
        assert (found.format, found.starts, list(found.rows)) == (formats.FORMAT, 0, [])

    def test_rows_are_there_for_the_next_server(self, places, store):
        assert held(places.open()) == ROWS

    def test_starts_are_counted(self, places, store):
        for count in (1, 2, 3):
            again = places.open()
            assert again.load().starts == count
            again.begin(again.load(), None)
        assert held(again) == ROWS

    def test_a_row_that_is_changed_keeps_its_place_and_a_new_one_is_last(self, places, store):
        store.commit([Put("a/3", "{}"), Put("a/1", '{"x":2}')])
        assert held(places.open()) == [ROWS[0], ("a/1", '{"x":2}'), *ROWS[2:], ("a/3", "{}")]

    def test_a_row_goes_with_what_is_below_it_and_nothing_else(self, places, store):
        store.commit([Drop("a/1")])
        assert [path for path, _ in held(places.open())] == ["world", "a/1!", "a/10", "a/2"]

    def test_what_is_below_goes_alone(self, places, store):
        store.commit([Drop("a/1", only_below=True), Drop("a/1/b", only_below=True)])
        assert [path for path, _ in held(places.open())] == ["world", "a/1", "a/1!", "a/10", "a/2"]

    def test_changes_are_made_in_their_order(self, places, store):
        store.commit([Put("n/1", "1"), Drop("n/1"), Put("n/1", "2"), Drop("a/2"), Put("a/2", "new")])
        assert held(places.open())[-2:] == [("n/1", "2"), ("a/2", "new")]

    def test_that_it_can_be_written_is_tried_without_a_change(self, places, store):
        store.check_writing()
        again = places.open()
        assert (again.load().starts, held(again)) == (1, ROWS)

    def test_all_texts_are_kept(self, places, store):
        body = json.dumps({"a": "é\u0000\ud800\U0001f600"})
        store.commit([Put("a/%F0%9F%98%80", body)])
        assert held(places.open())[-1] == ("a/%F0%9F%98%80", body)

    def test_all_state_goes_through_it(self, places, store):
        root = Samples().root()
        whole = [(path, rows.as_json(content)) for path, content in rows.of_world(root)]
        store.begin(store.load(), whole)
        again = places.open().load()
        assert list(map(tuple, again.rows)) == whole
        assert [(path, rows.as_json(content)) for path, content in rows.of_world(keeper.read(again))] == whole


class TestKeeping:
    """A server on a store, and the next one."""

    @pytest.fixture
    def begin(self, places):
        """Starts a server in this process on the store, in place of the former one."""
        running = []

        def begin(**settings):
            while running:
                running.pop().stop()
            mock = mock_cognito(**{"keep_sessions": True, **settings})
            cognito = mock.start()
            running.append(mock)
            self.keeper = keeper.attach(cognito.world, places.open())
            return cognito

        yield begin
        while running:
            running.pop().stop()

    def test_what_a_call_changed_is_in_the_store_when_it_is_answered(self, begin, places):
        cognito = begin()
        env = PoolEnv(cognito, AutoVerifiedAttributes=["email"])
        env.add_user("ada", email="ada@example.com")
        tokens = env.sign_in("ada", PASSWORD)
        env.sign_up("eve", attributes={"email": "eve@example.com"})
        code = env.code("eve")
        cognito.clock.advance(minutes=10)
        env.user()  # the clock was moved beside the calls
        env.update(tokens["AccessToken"], name="Ada")
        cognito = begin()
        env.cognito = cognito
        assert env.attributes()["name"] == "Ada"
        assert env.code("eve") == code
        env.confirm("eve", code)
        fresh = env.idp.initiate_auth(
            ClientId=env.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        )["AuthenticationResult"]
        assert env.idp.get_user(AccessToken=fresh["AccessToken"])["Username"] == "ada"
        assert cognito.world.clock.offset == pytest.approx(600, abs=1)

    def test_what_was_deleted_stays_deleted(self, begin):
        env = PoolEnv(begin())
        env.add_user("ada")
        env.add_user("bob")
        token = env.sign_in("ada", PASSWORD)["AccessToken"]
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        env.add_user("ada")
        begin()
        assert [user["Username"] for user in env.idp.list_users(UserPoolId=env.pool_id)["Users"]] == [
            "bob",
            "ada",
        ]
        with pytest.raises(ClientError):
            env.idp.get_user(AccessToken=token)
        env.idp.delete_user_pool(UserPoolId=env.pool_id)
        begin()
        assert env.idp.list_user_pools(MaxResults=10)["UserPools"] == []

    def test_a_reset_empties_the_store(self, begin):
        cognito = begin()
        PoolEnv(cognito).add_user("ada")
        cognito.reset()
        cognito = begin()
        assert list(rows.of_world(Root.of(cognito.world)))[1:] == []

    def test_a_snapshot_takes_the_place_of_what_the_store_had(self, begin):
        cognito = begin()
        env = PoolEnv(cognito)
        env.add_user("ada")
        taken = cognito.snapshot()
        env.idp.delete_user_pool(UserPoolId=env.pool_id)
        PoolEnv(cognito).add_user("bob")
        cognito.restore(taken)
        begin()
        assert env.user("ada")["Username"] == "ada"
        assert len(env.idp.list_user_pools(MaxResults=10)["UserPools"]) == 1

    def test_ids_of_a_seed_are_not_drawn_twice(self, begin):
        def made():
            cognito = begin(seed=7)
            pools = cognito.world.region().user_pools
            PoolEnv(cognito)
            return [pool.id for pool in pools]

        made()
        assert len(set(made())) == 2

    def test_reading_writes_nothing(self, begin, monkeypatch):
        env = PoolEnv(begin())
        env.add_user("ada")
        token = env.sign_in("ada", PASSWORD)["AccessToken"]
        written = []
        monkeypatch.setattr(self.keeper.store, "commit", written.append)
        env.user()
        env.idp.get_user(AccessToken=token)
        env.idp.list_users(UserPoolId=env.pool_id, Filter='name ^= "a"')
        env.idp.describe_user_pool(UserPoolId=env.pool_id)
        assert written == []

    def test_a_row_that_did_not_change_is_not_written(self, begin, monkeypatch):
        env = PoolEnv(begin())
        env.add_user("ada")
        written = []
        monkeypatch.setattr(self.keeper.store, "commit", written.extend)
        env.admin_update("ada", name="Ada")
        paths = [change.path.partition("/user_pools/")[2].partition("/")[2] for change in written]
        # In a later second, what the user was before is noted for point-in-time recovery.
        assert [path for path in paths if not path.startswith("history.")] == ["users/ada"]

    def look_after(self, world):
        """What the monitor of a shared store does."""
        if self.keeper.store.is_shared:
            world.lock.acquire()
            self.keeper.recover()
            world.lock.release()

    def test_a_call_that_cannot_be_stored_fails_and_changes_nothing(self, begin, monkeypatch):
        cognito = begin()
        env = PoolEnv(cognito, AutoVerifiedAttributes=["email"])
        env.add_user("ada", email="ada@example.com")
        before = state_check.memory_of(cognito.world)

        def full(*_):
            raise StoreFailed("the disk is full")

        assert cognito.world.keeper.health() == "ok"

        with monkeypatch.context() as patch:
            patch.setattr(self.keeper.store, "commit", full)
            patch.setattr(self.keeper.store, "check_writing", full)
            for attempt in (
                lambda: env.create("bob"),
                lambda: env.admin_update("ada", name="Ada"),
                lambda: env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada"),
                lambda: env.idp.delete_user_pool(UserPoolId=env.pool_id),
                lambda: env.sign_up("eve", attributes={"email": "eve@example.com"}),
                lambda: env.sign_in("ada", PASSWORD),
            ):
                with pytest.raises(ClientError, match="InternalErrorException"):
                    attempt()
                self.look_after(cognito.world)
                assert state_check.memory_of(cognito.world) == before
            with pytest.raises(Exception, match="the disk is full"):
                cognito.reset()
            self.look_after(cognito.world)
            assert state_check.memory_of(cognito.world) == before
            assert env.user("ada")["Username"] == "ada"
            assert cognito.world.keeper.health() == "unavailable"
        assert cognito.world.keeper.health() == "ok"
        assert env.user("ada")["Username"] == "ada"
        env.create("bob")
        begin()
        assert env.user("bob")["Username"] == "bob"


class TestCompleteness:
    """`COGMOCK_CHECK_STATE=1` runs any test so; here is one long story."""

    def test_what_the_store_would_load_is_what_memory_has(self, cognito):
        state_check.faults.clear()
        made = cognito.world.keeper or state_check.check(cognito.world)
        env = PoolEnv(cognito, AutoVerifiedAttributes=["email"])
        env.add_user("ada", email="ada@example.com", email_verified="true")
        env.idp.create_group(UserPoolId=env.pool_id, GroupName="staff")
        env.idp.admin_add_user_to_group(UserPoolId=env.pool_id, Username="ada", GroupName="staff")
        env.sign_up("eve", attributes={"email": "eve@example.com"})
        env.confirm("eve")
        token = env.sign_in("ada", PASSWORD)["AccessToken"]
        env.update(token, name="Ada")
        env.idp.global_sign_out(AccessToken=token)
        env.forgot("ada")
        env.confirm_forgot("ada")
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="eve")
        env.idp.delete_group(UserPoolId=env.pool_id, GroupName="staff")
        assert state_check.faults == []
        assert state_check.loaded(made.store) == dict(made.store.rows) == state_check.memory_of(cognito.world)


class TestRefusals:
    def test_a_newer_format(self):
        store = MemoryStore()
        store.format, store.version = formats.FORMAT + 1, "9.8.7"
        with pytest.raises(Newer, match=r"cogmock 9\.8\.7, in format 2"):
            keeper.attach(World(Settings()), store)

    @pytest.mark.parametrize("body", ["", "{", "[]", '{"x": 1}'])
    def test_rows_that_cannot_be_read(self, body):
        store = MemoryStore()
        store.rows = {"world": body}
        world = World(Settings())
        with pytest.raises(Damaged):
            keeper.attach(world, store)
        assert world.keeper is None

    def test_an_older_format_is_migrated_and_written_anew(self, monkeypatch):
        store = MemoryStore()
        store.rows = {"world": '{"offset": 5.0}'}
        monkeypatch.setattr(formats, "FORMAT", 2)
        monkeypatch.setattr(
            formats, "STEPS", {1: lambda found: {"world": {"clock_offset": found["world"]["offset"]}}}
        )
        world = World(Settings())
        keeper.attach(world, store)
        assert world.clock.offset == pytest.approx(5.0)
        assert store.format == 2
        assert json.loads(store.rows["world"])["clock_offset"] == pytest.approx(5.0)
