import time

import pytest

from cogmock.core.clock import Clock


class Hand:
    """Moves real time by hand."""

    def __init__(self):
        self.real = 1000.0

    def wait(self, seconds):
        self.real += seconds
        return self.real


@pytest.fixture
def hand(monkeypatch):
    moved = Hand()
    monkeypatch.setattr(time, "time", lambda: moved.real)
    return moved


def test_it_runs_ahead_by_what_it_was_advanced(hand):
    clock = Clock()
    clock.advance(3600)
    assert (clock.now(), clock.real(), clock.offset) == (4600, 1000, 3600)
    hand.wait(2.5)
    assert (clock.now(), clock.real(), clock.offset) == (4602.5, 1002.5, 3600)


def test_without_a_hand_real_time_is_that_of_the_system():
    before = time.time()
    shown = Clock().real()
    assert before <= shown <= time.time()


def test_a_move_does_not_move_the_past(hand):
    clock = Clock()
    first = clock.real()
    hand.wait(1)
    clock.advance(100)
    second = hand.wait(1)
    hand.wait(1)
    clock.set(5000)
    third = hand.wait(1)
    assert (clock.then(first), clock.then(second), clock.then(third)) == (first, second + 100, 5001)
    hand.wait(1)
    clock.reset()
    assert clock.then(hand.wait(1)) == hand.real
    assert (clock.then(first), clock.then(second), clock.then(third)) == (first, second + 100, 5001)
