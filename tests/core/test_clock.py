import time

from cogmock.core.clock import Clock


def test_it_runs_ahead_by_what_it_was_advanced():
    clock = Clock()
    clock.advance(3600)
    assert 3600 <= clock.now() - time.time() + 1 < 3602
    assert abs(clock.real() - time.time()) < 1


def test_a_move_does_not_move_the_past():
    clock = Clock()
    first = clock.real()
    clock.advance(100)
    second = clock.real()
    clock.set(5000)
    third = clock.real() + 1
    assert clock.then(first - 1) == first - 1
    assert clock.then(second) in {second, second + 100}
    assert abs(clock.then(third) - 5001) < 1
    clock.reset()
    assert clock.then(clock.real() + 1) - clock.real() <= 1.001
