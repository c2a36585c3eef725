"""Files that cannot be used are refused with what to do; formats are migrated with a copy left."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import pytest

from cogmock.core.call import Call
from cogmock.core.keeper import NotKept
from cogmock.core.world import World
from cogmock.persistence import formats, keeper
from cogmock.persistence.errors import Damaged, Newer, PersistenceError
from cogmock.persistence.ownership import InUse, beside, owner
from cogmock.persistence.sqlite_store import SqliteStore
from cogmock.persistence.store import Put, StoreFailed
from cogmock.settings import Settings
from cogmock.userpools.backend import UserPoolsBackend


@pytest.fixture
def file(tmp_path):
    return tmp_path / "state.db"


def filled(file, rows=200):
    """A file with rows, closed."""
    store = SqliteStore(file)
    found = [("world", "{}")] + [(f"accounts/{n:012}", f'{{"id":"{n:012}"}}') for n in range(rows)]
    store.begin(store.load(), found)
    store.close()
    return found


def loaded(file):
    """What a store holds; it is closed, also where it cannot be read."""
    with closing(SqliteStore(file)) as store:
        return store.load()


class TestDamage:
    def test_an_empty_file_is_a_new_one(self, file):
        file.touch()
        store = SqliteStore(file)
        assert list(store.load().rows) == []
        store.close()

    def test_text_is_no_database(self, file):
        file.write_text("users: [ada]\n" * 1000, encoding="utf-8")
        with pytest.raises(Damaged, match=r"state\.db is damaged: file is not a database\. Put a copy"):
            SqliteStore(file)
        assert file.read_text(encoding="utf-8").startswith("users")

    def test_a_database_of_another_program(self, file):
        connection = sqlite3.connect(file)
        connection.execute("CREATE TABLE users (name TEXT)")
        connection.close()
        with pytest.raises(PersistenceError, match="database of another program"):
            SqliteStore(file)

    @pytest.mark.parametrize("size", [1, 100, 4096, 8192, 0.5, 0.9])
    def test_a_file_that_was_cut_is_never_taken_for_an_empty_one(self, file, size):
        filled(file)
        whole = file.stat().st_size
        os.truncate(file, size if size >= 1 else int(whole * size))
        with pytest.raises(Damaged, match="is damaged"):
            loaded(file)

    @pytest.mark.parametrize("page", range(1, 9))
    def test_a_page_that_was_overwritten_is_told_unless_nothing_was_there(self, file, page):
        rows = filled(file)
        with file.open("r+b") as content:
            content.seek(page * 4096 + 50)
            content.write(b"\xff\x00garbage" * 200)
        try:
            found = loaded(file).rows
        except Damaged:
            return
        assert list(found) == rows
        assert page < 4  # nearly empty pages at the beginning

    def test_a_single_changed_character_of_a_row(self, file):
        filled(file)
        content = file.read_bytes()
        assert content.count(b'{"id":"000000000007"}') == 1
        file.write_bytes(content.replace(b'{"id":"000000000007"}', b'{"id":"000000000008"}'))
        with pytest.raises(Damaged, match="'accounts/000000000007' is not as it was written"):
            loaded(file)

    @pytest.mark.parametrize("empty", [True, False])
    def test_a_log_without_its_database(self, file, empty):
        if empty:
            file.touch()
        file.with_name("state.db-wal").write_bytes(b"log")
        with pytest.raises(Damaged, match=r"while its log state\.db-wal is there"):
            SqliteStore(file)

    def test_a_damaged_file_is_free_again_for_the_next_attempt(self, file):
        file.write_bytes(b"no database" * 100)
        for _ in range(2):
            with pytest.raises(Damaged):
                SqliteStore(file)
        assert owner(file) is None


class TestPlaces:
    def test_a_folder(self, tmp_path):
        with pytest.raises(PersistenceError, match="is a folder"):
            SqliteStore(tmp_path)

    def test_no_folder(self, tmp_path):
        with pytest.raises(PersistenceError, match="there is no folder"):
            SqliteStore(tmp_path / "none" / "state.db")

    @pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
    def test_no_permission(self, file):
        """Root may write everywhere, so another user tries."""
        filled(file, 1)
        file.chmod(stat.S_IRUSR)
        script = (
            "import os, sys, pathlib\n"
            "from cogmock.persistence.sqlite_store import SqliteStore\n"
            "if os.getuid() == 0: os.setuid(65534)\n"
            "try: SqliteStore(pathlib.Path(sys.argv[1]))\n"
            "except ValueError as fault: print(fault)\n"
        )
        file.parent.chmod(0o555)
        try:
            told = subprocess.run(
                [sys.executable, "-c", script, file], check=False, capture_output=True, text=True
            )
        finally:
            file.parent.chmod(0o755)
        assert "state.db cannot be used: Permission denied" in told.stdout, told

    def test_a_file_that_becomes_read_only(self, file):
        filled(file)
        store = SqliteStore(file)
        store._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreFailed, match="it is read-only"):
            store.commit([Put("world", "changed")])
        with pytest.raises(StoreFailed, match="it is read-only"):
            store.check_writing()
        store.close()

    def test_a_full_disk_fails_the_commit_and_leaves_what_was_there(self, file):
        rows = filled(file)
        store = SqliteStore(file)
        [pages] = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreFailed, match="the disk is full"):
            store.commit([Put("world", "changed"), Put("accounts/x", "x" * 100_000)])
        assert list(store.load().rows) == rows
        store._connection.execute("PRAGMA max_page_count = 1000000")
        store.commit([Put("world", "changed")])
        assert store.load().rows[0] == ("world", "changed")
        store.close()

    def test_a_database_that_another_program_has_locked(self, file, monkeypatch):
        filled(file)
        connect = sqlite3.connect
        monkeypatch.setattr(
            sqlite3, "connect", lambda *arguments, **more: connect(*arguments, **more | {"timeout": 0.1})
        )
        other = connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        store = SqliteStore(file)
        with pytest.raises(StoreFailed, match="another program has it locked"):
            store.commit([Put("world", "changed")])
        other.execute("ROLLBACK")
        other.close()
        store.commit([Put("world", "changed")])
        store.close()

    @pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
    def test_a_new_file_is_its_owners_alone(self, file):
        store = SqliteStore(file)
        store.begin(store.load(), [("world", "{}")])
        log = file.with_name("state.db-wal")
        assert [stat.S_IMODE(each.stat().st_mode) for each in (file, log)] == [0o600, 0o600]
        store.close()


@pytest.mark.skipif(os.name == "nt", reason="an open file can be neither deleted nor moved")
class TestLostFile:
    @pytest.fixture
    def world(self, file):
        store = SqliteStore(file)
        world = World(Settings())
        keeper.attach(world, store)
        yield world
        store.close()

    @pytest.fixture
    def ask(self, world):
        def ask(operation, **params):
            with Call(world, world.region(), world.entropy.uuid()) as call:
                return UserPoolsBackend.answer(call, operation, params)

        return ask

    def test_changes_fail_and_reads_go_on_until_it_is_back(self, file, world, ask, caplog):
        ask("CreateUserPool", PoolName="first")
        assert world.keeper.health() == "ok"
        aside = file.rename(file.with_name("aside.db"))
        for _ in range(2):
            with pytest.raises(NotKept, match="the file was deleted"):
                ask("CreateUserPool", PoolName="second")
        assert len(ask("ListUserPools", MaxResults=10)["UserPools"]) == 1
        assert world.keeper.health() == "unavailable"
        with pytest.raises(NotKept, match="the file was deleted"):
            ask("DeleteUserPool", UserPoolId=ask("ListUserPools", MaxResults=10)["UserPools"][0]["Id"])
        advice = [each for each in caplog.messages if "cogmock snapshot save FILE" in each]
        assert len(advice) == 1
        assert str(file) in advice[0]
        aside.rename(file)
        assert world.keeper.health() == "ok"
        ask("CreateUserPool", PoolName="second")
        assert len(ask("ListUserPools", MaxResults=10)["UserPools"]) == 2

    def test_another_file_in_its_place_is_not_taken_for_it(self, file, world, ask):
        file.rename(file.with_name("aside.db"))
        file.touch()
        assert world.keeper.health() == "unavailable"
        with pytest.raises(NotKept, match="the file was replaced by another file"):
            ask("CreateUserPool", PoolName="shop")


class TestOwnership:
    def test_a_second_server_is_told_who_has_the_file(self, file):
        store = SqliteStore(file)
        assert owner(file)[1] == os.getpid()
        with pytest.raises(InUse, match=rf"is in use: cogmock [\d.]+, process {os.getpid()}, has it"):
            SqliteStore(file)
        store.close()
        assert owner(file) is None
        SqliteStore(file).close()

    def test_a_process_that_was_killed_has_it_no_more(self, file):
        script = (
            "import os, sys, pathlib\n"
            "from cogmock.persistence.sqlite_store import SqliteStore\n"
            "SqliteStore(pathlib.Path(sys.argv[1]))\n"
            "os.kill(os.getpid(), 9)\n"
        )
        subprocess.run([sys.executable, "-c", script, file], check=False)
        assert owner(file) is None
        SqliteStore(file).close()

    def test_a_damaged_lock_is_made_anew(self, file):
        beside(file).write_bytes(b"no database" * 500)
        SqliteStore(file).close()


class TestFormats:
    def test_a_newer_one_is_refused_with_the_version_that_wrote_it(self, file, monkeypatch):
        filled(file)
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA user_version = 5")
        connection.execute("UPDATE about SET value = '9.8.7' WHERE name = 'version'")
        connection.commit()
        connection.close()
        store = SqliteStore(file)
        with pytest.raises(Newer, match=r"cogmock 9\.8\.7, in format 5"):
            store.load()
        store.close()

    def test_an_older_one_is_migrated_with_a_copy_left_beside_it(self, file, monkeypatch):
        rows = filled(file, 3)
        monkeypatch.setattr(formats, "FORMAT", 2)
        monkeypatch.setattr(formats, "STEPS", {1: lambda found: found | {"world": {"clock_offset": 5.0}}})
        store = SqliteStore(file)
        world = World(Settings())
        keeper.attach(world, store)
        assert world.clock.offset == pytest.approx(5.0)
        assert list(world.accounts) == ["000000000000", "000000000001", "000000000002"]
        store.close()
        again = SqliteStore(file)
        assert (again.load().format, len(again.load().rows)) == (2, 4)
        again.close()
        monkeypatch.setattr(formats, "FORMAT", 1)
        copy = SqliteStore(file.with_name("state.db.format-1"))
        assert (copy.load().format, list(copy.load().rows)) == (1, rows)
        copy.close()
