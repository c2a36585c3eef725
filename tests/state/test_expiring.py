"""The mapping whose values expire."""

from __future__ import annotations

from types import SimpleNamespace

from support.waiting import cheaply

from cogmock.state.expiring import FEW, INTERVAL, Expiring


def until(expires):
    return SimpleNamespace(expires=expires)


class TestExpiring:
    def test_what_has_expired_goes_wherever_it_stands(self):
        held = Expiring()
        held.keep("long", until(10_000.0), 0.0)
        held.keep("short", until(10.0), 0.0)
        held.keep("new", until(10_000.0), INTERVAL)
        assert list(held) == ["long", "new"]

    def test_a_value_that_was_extended_stays(self):
        held = Expiring()
        value = until(10.0)
        held.keep("extended", value, 0.0)
        value.expires = 1000.0
        held.keep("new", until(1000.0), INTERVAL)
        assert list(held) == ["extended", "new"]

    def test_one_that_ends_now_has_expired(self):
        held = Expiring()
        held["at"], held["after"] = until(100.0), until(100.5)
        held.sweep(100.0)
        assert list(held) == ["after"]

    def test_many_within_one_interval_are_swept_as_well(self):
        held = Expiring()
        for number in range(10 * FEW):
            held.keep(str(number), until(number / 100), number / 100)
        assert len(held) <= FEW

    def test_the_clock_may_go_back(self):
        held = Expiring()
        held.keep("future", until(5000.0), 4000.0)
        held.keep("past", until(5.0), 0.0)
        held.keep("new", until(500.0), INTERVAL)
        assert list(held) == ["future", "new"]

    def test_the_end_may_be_told_in_another_way(self):
        held = Expiring(float)
        held.keep("a", 10.0, 0.0)
        held.keep("b", 1000.0, INTERVAL)
        assert list(held) == ["b"]

    def test_a_hundred_thousand_that_live_are_not_looked_at_again_and_again(self):
        held = Expiring()
        with cheaply(5):
            for number in range(100_000):
                held.keep(str(number), until(1e9), 1000.0 + number / 10_000)
