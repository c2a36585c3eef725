"""A pytest plugin that fails each test during which user data changed without being noted for recovery.

`PYTHONPATH=tests pytest -p support.history_check tests/userpools tests/oauth tests/hosted_ui`

Point-in-time recovery restores what `admission/keeping.note` was told of before the change. The plugin compares all users
of small pools whenever a call takes or releases the world's lock, so a new way to change users that forgets to note it is
found by the tests that there are.
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from cogmock.core.call import Call
from cogmock.userpools.rules.admission import keeping
from cogmock.userpools.rules.restoring import point

LARGEST = 300
"""Users of a pool that is compared."""


class Watch:
    """What users were when the call began, or took the lock again."""

    def __init__(self):
        self.faults, self.noted, self.before = [], set(), {}

    def begin(self, call):
        self.before[id(call)] = {
            pool.id: records(pool)
            for region in call.world.regions()
            for pool in region.user_pools
            if len(pool.users) <= LARGEST and pool.history.since is not None
        }

    def end(self, call):
        for pool_id, was in self.before.pop(id(call), {}).items():
            found = call.world.find_pool(pool_id)
            if found and found[1].history.since is not None:
                self.compare(call, found[1], was)

    def compare(self, call, pool, was):
        for sub, record in was.items():
            user = pool.users.by_sub(sub)
            now = compared(keeping.of_user(pool, user)) if user else None
            if now != record and (id(call), sub) not in self.noted:
                self.faults.append(f"{sub} of {pool.id} was changed from {record} to {now}")

    def forget(self, call):
        self.noted = {each for each in self.noted if each[0] != id(call)}


def records(pool):
    return {user.sub: compared(keeping.of_user(pool, user)) for user in pool.users}


def compared(record):
    passkeys = tuple(record.passkeys or ())
    return point.profile(record), point.factors(record), passkeys, record.groups


watch = Watch()


@pytest.fixture(autouse=True)
def noted_history(monkeypatch):
    watch.__init__()
    note, enter, leave, outside = keeping.note, Call.__enter__, Call.__exit__, Call.outside

    def watched_note(call, pool, user):
        watch.noted.add((id(call), user.sub))
        note(call, pool, user)

    def watched_enter(call):
        entered = enter(call)
        watch.begin(call)
        return entered

    def watched_leave(call, *fault):
        watch.end(call)
        watch.forget(call)
        leave(call, *fault)

    @contextmanager
    def watched_outside(call):
        watch.end(call)
        with outside(call):
            yield
        watch.begin(call)

    monkeypatch.setattr(keeping, "note", watched_note)
    monkeypatch.setattr(Call, "__enter__", watched_enter)
    monkeypatch.setattr(Call, "__exit__", watched_leave)
    monkeypatch.setattr(Call, "outside", watched_outside)
    yield
    assert not watch.faults, "\n".join(watch.faults)
