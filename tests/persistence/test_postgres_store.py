"""State in PostgreSQL: one server writes, another stands by, and what PostgreSQL loses is not lost."""

from __future__ import annotations

import builtins
import http.client
import json
import signal
import threading

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from support import state_check
from support.serving import client, serving
from support.waiting import until

from cogmock import CognitoServer
from cogmock.core.world import World
from cogmock.persistence import formats, keeper
from cogmock.persistence.errors import Damaged, Newer, PersistenceError
from cogmock.persistence.monitor import Monitor
from cogmock.persistence.postgres_store import PostgresStore
from cogmock.persistence.store import Put, StoreFailed, StoreTaken
from cogmock.settings import Settings

ONCE = Config(retries={"max_attempts": 0})


@pytest.fixture
def url(postgres):
    return postgres.database()


@pytest.fixture
def look(monkeypatch):
    """Until this event is set, no server looks after its store by itself: so it is a call that finds the loss."""
    may, looking = threading.Event(), Monitor._look
    monkeypatch.setattr(Monitor, "_look", lambda monitor: may.is_set() and looking(monitor))
    return may


@pytest.fixture
def store(url):
    store = PostgresStore(url)
    store.recover()
    yield store
    store.close()


def health(server):
    connection = http.client.HTTPConnection("localhost", server.settings.port, timeout=30)
    try:
        connection.request("GET", "/_cogmock/health")
        response = connection.getresponse()
        return response.status, json.loads(response.read())["status"]
    finally:
        connection.close()


class TestOneWriter:
    def test_a_second_server_finds_it_taken(self, url, store):
        second = PostgresStore(url)
        with pytest.raises(StoreTaken, match="in use by another server"):
            second.recover()
        with pytest.raises(StoreFailed):
            second.commit([Put("world", "{}")])
        store.close()
        assert second.recover() is False
        second.close()

    def test_who_comes_back_knows_whether_another_one_has_written(self, url, store):
        store.begin(store.load(), [("world", "{}")])
        store.close()
        assert store.recover() is True
        store.close()
        second = PostgresStore(url)
        second.recover()
        second.begin(second.load(), None)
        second.close()
        assert store.recover() is False

    def test_messages_do_not_name_the_password(self, store):
        assert store.name.startswith("postgresql://cogmock@127.0.0.1:")


class TestStandby:
    def test_it_answers_503_and_takes_over_when_the_first_goes(self, url):
        with CognitoServer(state=url) as first:
            pool = first.make_pool(users=["ada"])
            token = pool.user("ada").tokens.access_token
            with CognitoServer(state=url) as second:
                assert health(first) == (200, "ok")
                assert health(second) == (503, "standby")
                idp = second.client("cognito-idp", config=ONCE)
                with pytest.raises(ClientError, match=r"InternalErrorException.*stands by"):
                    idp.get_user(AccessToken=token)
                connection = http.client.HTTPConnection("localhost", second.settings.port)
                for path in ("/", "/login", "/_cogmock/messages", f"/{pool.id}/.well-known/jwks.json"):
                    connection.request("GET", path)
                    response = connection.getresponse()
                    assert (response.status, json.loads(response.read())["error"]) == (503, "Standby")
                connection.close()
                first.stop()
                until(lambda: health(second) == (200, "ok"))
                assert idp.get_user(AccessToken=token)["Username"] == "ada"
                idp.admin_create_user(UserPoolId=pool.id, Username="bob")

    def test_a_killed_process_is_followed_by_the_one_that_stands_by(self, url, tmp_path):
        document = tmp_path / "cogmock.yaml"
        document.write_text("pools: [{id: us-east-1_LocalShop, PoolName: shop}]", encoding="utf-8")
        with (
            serving("--state", url) as (first, first_url),
            serving("--state", url, "--config", str(document), first_word="standing by") as (
                second,
                second_url,
            ),
        ):
            idp = client(first_url)
            pool_id = idp.create_user_pool(PoolName="other")["UserPool"]["Id"]
            first.send_signal(signal.SIGKILL)
            assert second.stdout.readline() == f"cogmock listening on {second_url}\n"
            idp = client(second_url)
            assert idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Name"] == "other"
            assert idp.describe_user_pool(UserPoolId="us-east-1_LocalShop")["UserPool"]["Name"] == "shop"


class TestLoss:
    def test_a_connection_that_ends_fails_the_call_and_comes_back(self, url, postgres, look):
        with CognitoServer(state=url) as server:
            pool = server.make_pool(users=["ada"])
            idp = server.client("cognito-idp", config=ONCE)
            before = state_check.memory_of(server.world)
            postgres.execute(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            with pytest.raises(ClientError, match="InternalErrorException"):
                idp.admin_create_user(UserPoolId=pool.id, Username="bob")
            look.set()
            until(lambda: health(server) == (200, "ok"))
            assert state_check.memory_of(server.world) == before
            idp.admin_create_user(UserPoolId=pool.id, Username="bob")

    def test_a_database_that_goes_away_and_comes_back(self, url, postgres):
        with CognitoServer(state=url) as server:
            pool = server.make_pool(users=["ada"])
            idp = server.client("cognito-idp", config=ONCE)
            postgres.stop()
            try:
                with pytest.raises(ClientError, match="InternalErrorException"):
                    idp.admin_delete_user(UserPoolId=pool.id, Username="ada")
                assert health(server) == (503, "unavailable")
                with pytest.raises(ClientError, match="InternalErrorException"):
                    idp.admin_get_user(UserPoolId=pool.id, Username="ada")
            finally:
                postgres.start()
            until(lambda: health(server) == (200, "ok"))
            assert idp.admin_get_user(UserPoolId=pool.id, Username="ada")["Username"] == "ada"
            idp.admin_delete_user(UserPoolId=pool.id, Username="ada")

    def test_a_writer_that_was_cut_off_stands_by_for_its_follower(self, url, postgres, look):
        with CognitoServer(state=url) as first, CognitoServer(state=url) as second:
            pool = first.make_pool(users=["ada"])
            postgres.execute(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            )
            with pytest.raises(ClientError, match="InternalErrorException"):
                first.client("cognito-idp", config=ONCE).admin_create_user(UserPoolId=pool.id, Username="eve")
            look.set()
            until(lambda: sorted([health(first)[1], health(second)[1]]) == ["ok", "standby"])
            writer, other = (first, second) if health(first)[1] == "ok" else (second, first)
            writer.client("cognito-idp").admin_create_user(UserPoolId=pool.id, Username="bob")
            writer.stop()
            until(lambda: health(other) == (200, "ok"))
            assert other.client("cognito-idp").admin_get_user(UserPoolId=pool.id, Username="bob")


class TestRefusals:
    def test_a_row_that_was_changed_by_others(self, url, store, postgres):
        store.begin(store.load(), [("world", "{}"), ("accounts/1", '{"id":"1"}')])
        postgres.execute(url, "UPDATE cogmock_rows SET body = '{}' WHERE path = 'accounts/1'")
        with pytest.raises(Damaged, match="'accounts/1' is not as it was written"):
            store.load()

    def test_a_newer_format(self, url, store, postgres):
        store.begin(store.load(), [])
        postgres.execute(url, "UPDATE cogmock_about SET value = '9' WHERE name = 'format'")
        postgres.execute(url, "UPDATE cogmock_about SET value = '9.8.7' WHERE name = 'version'")
        with pytest.raises(Newer, match=r"cogmock 9\.8\.7, in format 9"):
            store.load()

    def test_an_older_format_is_migrated_and_its_rows_are_left_in_a_table(
        self,
        url,
        store,
        postgres,
        monkeypatch,
    ):
        store.begin(store.load(), [("world", '{"offset":5.0}')])
        store.close()
        monkeypatch.setattr(formats, "FORMAT", 2)
        monkeypatch.setattr(
            formats, "STEPS", {1: lambda found: {"world": {"clock_offset": found["world"]["offset"]}}}
        )
        store.recover()
        world = World(Settings())
        keeper.attach(world, store)
        assert world.clock.offset == pytest.approx(5.0)
        assert postgres.execute(url, "SELECT body FROM cogmock_rows_format_1") == [('{"offset":5.0}',)]
        assert json.loads(dict(store.load().rows)["world"])["clock_offset"] == pytest.approx(5.0)

    def test_a_server_that_is_not_there(self):
        with pytest.raises(PersistenceError, match="refused"):
            CognitoServer(state="postgresql://nobody@127.0.0.1:1/none")

    def test_psycopg_is_asked_for(self, monkeypatch):
        load = builtins.__import__

        def without(name, *arguments, **more):
            if name == "psycopg":
                raise ImportError("No module named 'psycopg'")
            return load(name, *arguments, **more)

        monkeypatch.setattr(builtins, "__import__", without)
        with pytest.raises(PersistenceError, match=r"pip install 'cogmock\[postgres\]'"):
            PostgresStore("postgresql://x/y")
