"""A snapshot in portions: other calls run between them, and it is the state of one moment all the same."""

from __future__ import annotations

import json
import threading

import pytest
from support.pool_env import OTHER, PASSWORD, PoolEnv
from support.waiting import LIMIT, until

from cogmock import mock_cognito
from cogmock.core.call import Call
from cogmock.persistence import keeper, portions, rows, snapshot
from cogmock.persistence.memory_store import MemoryStore
from cogmock.persistence.root import Root
from cogmock.state.user_table import UserTable

PORTION = 4
MANY = 23


@pytest.fixture(params=["in memory", "in a store"])
def cognito(request):
    with mock_cognito() as handle:
        if request.param == "in a store" and handle.world.keeper is None:
            keeper.attach(handle.world, MemoryStore())
        yield handle


@pytest.fixture
def env(cognito, monkeypatch):
    """A pool of some portions, each user with a session, and one that is small."""
    monkeypatch.setattr(portions, "PORTION", PORTION)
    small = PoolEnv(cognito)
    small.add_user("alone")
    env = PoolEnv(cognito, AutoVerifiedAttributes=["email"])
    env.idp.create_group(UserPoolId=env.pool_id, GroupName="staff")
    for number in range(MANY):
        env.add_user(f"u{number}", email=f"u{number}@example.com")
    env.tokens = {name: env.sign_in(name, PASSWORD)["AccessToken"] for name in ("u0", "u1", "u20", "u21")}
    return env


@pytest.fixture
def between(monkeypatch):
    """Has something done between two portions, each once."""
    steps = []
    monkeypatch.setattr(portions, "_let_others_run", lambda: steps.pop(0)() if steps else None)
    return steps


def document(pieces):
    found = json.loads(b"".join(pieces))
    del found["taken_at"]
    return found


def of_this_moment(cognito):
    found = json.loads(json.dumps(cognito.snapshot()))
    del found["taken_at"]
    return found


def users(found):
    return {path.rpartition("/")[2]: row for path, row in found["rows"].items() if "/users/" in path}


class TestOneMoment:
    def test_it_is_what_is_taken_at_once(self, cognito, env):
        assert document(snapshot.written(cognito.world)) == of_this_moment(cognito)

    def test_changes_between_the_portions_are_all_in_it(self, cognito, env, between):
        """Of users that were written already, and of those that were not; what is beneath them, too."""
        pool, idp = env.pool_id, env.idp
        name = [{"Name": "name", "Value": "A"}]

        def of(username):
            return {"UserPoolId": pool, "Username": username}

        between += [
            lambda: (
                idp.admin_update_user_attributes(**of("u0"), UserAttributes=name),
                idp.admin_delete_user(**of("u2")),
                env.sign_in("u3", PASSWORD),
                idp.global_sign_out(AccessToken=env.tokens["u1"]),
            ),
            lambda: (
                idp.admin_disable_user(**of("u4")),
                env.add_user("late", email="late@example.com"),
                idp.admin_add_user_to_group(**of("u5"), GroupName="staff"),
                idp.admin_set_user_password(**of("u6"), Password=OTHER, Permanent=True),
            ),
            lambda: (idp.admin_delete_user(**of("u20")), env.add_user("u20", email="again@example.com")),
            lambda: idp.delete_group(UserPoolId=pool, GroupName="staff"),
            lambda: (
                idp.global_sign_out(AccessToken=env.tokens["u21"]),
                idp.admin_delete_user(**of("late")),
            ),
            lambda: None,
            lambda: idp.admin_update_user_attributes(**of("u1"), UserAttributes=name),
        ]
        found = document(snapshot.written(cognito.world))
        assert between == []
        assert found == of_this_moment(cognito)
        assert users(found)["u0"]["attributes"]["name"] == "A"

    def test_it_is_put_in_place_as_another_one_is(self, cognito, env, between):
        between += [lambda: None, lambda: env.add_user("late")]
        found = json.loads(b"".join(snapshot.written(cognito.world)))
        before = of_this_moment(cognito)
        cognito.reset()
        cognito.restore(found)
        assert of_this_moment(cognito) == before
        assert env.idp.get_user(AccessToken=env.tokens["u1"])["Username"] == "u1"

    def test_the_pool_may_go_and_all_state_may(self, cognito, env, between):
        between += [lambda: None, lambda: env.idp.delete_user_pool(UserPoolId=env.pool_id)]
        found = document(snapshot.written(cognito.world))
        assert found == of_this_moment(cognito)
        assert list(users(found)) == ["alone"]
        between += [cognito.reset, lambda: PoolEnv(cognito).add_user("new")]
        assert document(snapshot.written(cognito.world)) == of_this_moment(cognito)

    def test_another_snapshot_may_be_taken_meanwhile(self, cognito, env, between):
        pairs = []
        between += [
            lambda: None,
            lambda: env.add_user("late"),
            lambda: pairs.append((snapshot.written(cognito.world), of_this_moment(cognito))),
            lambda: env.add_user("later"),
        ]
        assert document(snapshot.written(cognito.world)) == of_this_moment(cognito)
        [(inner, then)] = pairs
        assert document(inner) == then

    def test_a_call_that_comes_back_may_change_what_it_has_in_hand(self, cognito, env, monkeypatch):
        """Nobody is written before it has ended: what it looked up before is not noted."""
        moments = []
        monkeypatch.setattr(portions, "_let_others_run", lambda: moments.append(1))
        world, taken = cognito.world, []
        taking = threading.Thread(target=lambda: taken.extend(snapshot.written(world)))
        region, pool = world.find_pool(env.pool_id)
        with Call(world, region, "one") as call:
            table = pool.users
            user = table.get("u1")
            with call.outside():
                taking.start()
                until(lambda: len(moments) > MANY)
            user.password_set = 7.0
        taking.join(LIMIT)
        found = document(taken)
        assert found == of_this_moment(cognito)
        assert users(found)["u1"]["password_set"] == 7.0

    def test_where_a_call_does_not_come_back_all_is_written_at_once(self, cognito, env, between, monkeypatch):
        monkeypatch.setattr(portions, "PATIENCE", 0)
        world = cognito.world
        region, _ = world.find_pool(env.pool_id)
        with Call(world, region, "one") as call, call.outside():
            between += [lambda: None] * 2
            found = document(snapshot.written(world))
            assert len(between) == 1
        assert found == of_this_moment(cognito)


class TestPortions:
    def test_no_more_than_a_portion_is_written_while_others_wait(self, cognito, env, monkeypatch):
        """Also where as many are looked up meanwhile."""
        written, counts = [], []
        text = portions._Users._text

        def counted(of, key, user):
            written.append(key)
            return text(of, key, user)

        def note():
            counts.append(len(written))
            written.clear()
            if len(counts) == MANY // PORTION:
                for number in range(3 * PORTION):
                    env.user(f"u{number}")

        monkeypatch.setattr(portions._Users, "_text", counted)
        monkeypatch.setattr(portions, "_let_others_run", note)
        found = document(snapshot.written(cognito.world))
        counts.append(len(written))
        assert max(counts) == PORTION
        assert sum(counts) == MANY + 3 * PORTION
        assert found == of_this_moment(cognito)

    def test_what_has_been_handed_over_is_not_kept_as_well(self, cognito, env):
        """So a snapshot takes the memory of its text once."""
        world = cognito.world
        with portions.Portions(world) as written:
            written.gather()
            with world.lock:
                rest = [path for path, _ in rows.of_world(Root.of(world), written.passes_over)]
                written.finish()
            members = iter(written.members())
            [users] = written._tables.values()
            assert next(members)
            assert len(users.texts) == MANY - 1
            assert len(list(members)) == MANY - 1
            assert users.texts == {}
        assert not [path for path in rest if f"{env.pool_id}/users/" in path]

    def test_nothing_is_noted_afterwards(self, cognito, env):
        _, pool = cognito.world.find_pool(env.pool_id)
        before = type(pool.users)
        snapshot.written(cognito.world)
        assert type(pool.users) is before
        assert before is UserTable or cognito.world.keeper
        env.user("u1")
        assert cognito.world.outside == set()


def test_an_applied_document_leaves_no_call_outside(cognito, monkeypatch):
    """Its operations may leave the lock; a snapshot would wait for their calls, which nobody enters or leaves."""
    outside, left = Call.outside, []

    def noted(call, **how):
        left.append(call)
        return outside(call, **how)

    monkeypatch.setattr(Call, "outside", noted)
    monkeypatch.setattr("cogmock.userpools.operations.pools.PORTION", 1)
    cognito.apply({"pools": [{"PoolName": "shop", "users": [{"Username": "ada"}, {"Username": "bob"}]}]})
    cognito.apply({"pools": [{"PoolName": "other"}]}, prune=True)
    assert left
    assert cognito.world.outside == set()
