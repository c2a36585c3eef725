"""Clock, chance, pages and the outbox."""

from __future__ import annotations

import logging
import sys
import threading
import uuid
from dataclasses import replace

import pytest

from cogmock.core.clock import Clock
from cogmock.core.entropy import DIGITS, Entropy
from cogmock.core.journal import Journal
from cogmock.core.outbox import KEPT, Message, Outbox
from cogmock.core.paging import page, page_of
from cogmock.core.world import World
from cogmock.errors import InvalidParameterException
from cogmock.settings import Settings
from cogmock.state.group import Group
from cogmock.state.table import Table


class TestClock:
    def test_it_moves_and_runs_on_and_comes_back(self):
        clock = Clock()
        before = clock.now()
        clock.advance(3600)
        assert 3600 <= clock.now() - before < 3660
        clock.set(1_000_000.0)
        assert 1_000_000.0 <= clock.now() < 1_000_060.0
        clock.reset()
        assert before <= clock.now() < before + 60


class TestEntropy:
    def test_a_seed_makes_it_repeat(self):
        def drawn(entropy):
            return entropy.uuid(), entropy.text(6, DIGITS), entropy.bytes(4)

        assert drawn(Entropy(7)) == drawn(Entropy(7)) != drawn(Entropy(8))
        assert drawn(Entropy()) != drawn(Entropy())

    def test_uuids_are_of_version_4(self):
        assert {uuid.UUID(Entropy().uuid()).version for _ in range(50)} == {4}

    def test_two_worlds_of_one_seed_have_the_same_ids(self):
        first, second = (World(Settings(seed=1)) for _ in range(2))
        assert first.entropy.uuid() == second.entropy.uuid()


class TestPaging:
    def table(self):
        table = Table("name")
        for index in range(5):
            table.add(Group(f"g{index}", 0.0, 0.0))
        return table

    def test_a_token_leads_to_the_next_page(self):
        rows, token = page(self.table(), 3, None, "q")
        assert [row.name for row in rows] == ["g0", "g1", "g2"]
        rows, token = page(self.table(), 3, token, "q")
        assert ([row.name for row in rows], token) == (["g3", "g4"], None)

    def test_lists_in_an_order_of_their_own_have_pages_too(self):
        rows, token = page_of([5, 3, 1], 2, None, "q")
        assert rows == [5, 3]
        assert page_of([5, 3, 1], 2, token, "q") == ([1], None)

    @pytest.mark.parametrize("token", ["x", "", "W10=", "e30=", "WyJhIiwgImIiXQ=="])
    def test_a_foreign_token_is_refused(self, token):
        with pytest.raises(InvalidParameterException):
            page(self.table(), 3, token, "q")

    def test_a_token_fits_its_own_question_alone(self):
        _, token = page(self.table(), 3, None, "q")
        with pytest.raises(InvalidParameterException):
            page(self.table(), 3, token, "another")


MESSAGE = Message(
    user_pool_id="p",
    username="ada",
    medium="EMAIL",
    destination="ada@example.com",
    subject="s",
    body="b",
    code="123456",
    link=None,
    trigger_source="CustomMessage_SignUp",
    sent_at=0.0,
)


class TestOutbox:
    def test_messages_are_numbered_and_handed_on(self):
        outbox, seen = Outbox(), []
        outbox.sinks.append(seen.append)
        outbox.deliver(MESSAGE)
        outbox.deliver(replace(MESSAGE, username="bob"))
        assert [(of.id, of.username) for of in outbox.messages] == [(1, "ada"), (2, "bob")]
        assert seen == outbox.messages

    def test_one_who_waits_is_woken(self):
        outbox = Outbox()
        timer = threading.Timer(0.05, lambda: outbox.deliver(MESSAGE))
        timer.start()
        assert [of.username for of in outbox.wait(lambda of: of.username == "ada", 30)] == ["ada"]
        timer.join()

    def test_waiting_ends(self):
        assert Outbox().wait(lambda _: True, 0.01) == []

    def test_a_slow_sink_loses_no_message_for_one_who_asks_for_what_came_after(self):
        outbox, slow, go_on = Outbox(), threading.Event(), threading.Event()

        def sink(message):
            if message.username == "ada":
                slow.set()
                go_on.wait(30)

        outbox.sinks.append(sink)
        caller = threading.Thread(target=outbox.deliver, args=[MESSAGE])
        caller.start()
        assert slow.wait(30)
        outbox.deliver(replace(MESSAGE, username="bob"))
        read = [message.id for message in outbox.messages]
        go_on.set()
        caller.join()
        later = [message.id for message in outbox.messages if message.id > max(read)]
        assert (read, later) == ([1, 2], [])

    def test_what_a_sink_refuses_is_kept(self):
        outbox = Outbox()

        def sink(message):
            raise OSError

        outbox.sinks.append(sink)
        with pytest.raises(OSError):
            outbox.deliver(MESSAGE)
        assert [message.username for message in outbox.messages] == ["ada"]

    def test_the_last_ten_thousand_are_kept_and_the_log_says_so(self, caplog):
        outbox = Outbox()
        with caplog.at_level(logging.WARNING, "cogmock.messages"):
            for _ in range(2 * KEPT + 5000):
                outbox.deliver(MESSAGE)
        assert KEPT <= len(outbox.messages) < KEPT + 1000
        assert outbox.messages[-1].id == 2 * KEPT + 5000
        assert [record.getMessage()[:38] for record in caplog.records] == [
            "The outbox keeps the last 10,000 messa"
        ]

    def test_each_message_is_looked_at_once_however_often_one_is_woken(self):
        outbox, looked_at = Outbox(), []
        for _ in range(50):
            outbox.deliver(MESSAGE)

        def wanted(message):
            looked_at.append(message.id)
            return message.username == "bob"

        found = []
        waiting = threading.Thread(target=lambda: found.extend(outbox.wait(wanted, 30)))
        waiting.start()
        for _ in range(20):
            outbox.deliver(MESSAGE)
        outbox.deliver(replace(MESSAGE, username="bob"))
        waiting.join()
        assert [message.id for message in found] == [71]
        assert sorted(looked_at) == sorted(set(looked_at))


class TestJournal:
    def test_numbers_rise_though_many_write_at_once(self):
        journal = Journal(size=100_000)
        fields = dict.fromkeys(
            (
                *("at", "request_id", "service", "operation", "account", "region", "parameters", "status"),
                *("error", "message", "reason", "duration_ms", "triggers"),
            )
        )
        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            threads = [
                threading.Thread(target=lambda: [journal.add(**fields) for _ in range(2000)])
                for _ in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(before)
        assert [entry.id for entry in journal] == list(range(1, 16_001))


class TestRegions:
    def test_one_that_many_ask_for_at_once_is_made_once(self):
        world = World(Settings())
        found = []
        ready = threading.Barrier(8)

        def ask():
            ready.wait()
            found.extend(world.region(f"xx-test-{number}", f"{number:012}") for number in range(300))

        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            threads = [threading.Thread(target=ask) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(before)
        assert len(set(map(id, found))) == 300

    def test_they_are_walked_over_while_others_come(self):
        world = World(Settings())
        world.region("us-east-1")
        walk = world.regions()
        next(walk)
        world.region("us-east-1", "000000000001")
        world.region("eu-west-1")
        assert list(walk) == []
        assert len(list(world.regions())) == 3
