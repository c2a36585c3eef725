"""Waiting for another thread or process, so that a test passes on a machine of any speed.

A wall-clock bound tells only one thing: whether something returned at once or waited for what it must not wait for.
So what it must not wait for lasts LONG, and `promptly` allows a generous part of that.
"""

from __future__ import annotations

import time
from contextlib import contextmanager

LIMIT = 30.0
"""Seconds after which `until` fails, and the timeout of a wait that only guards against a hang."""
SOON = 20.0
"""What `promptly` allows."""
LONG = 60.0
"""What a test that passes never waits for."""


def until(condition, seconds=LIMIT, every=0.01):
    """The first true value of `condition()`, which is asked every so many seconds; fails when the time is over."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"did not hold within {seconds:g} seconds: {condition}")
        time.sleep(every)
    return value


def heard(page, condition):
    """As `until`, while the events of a browser arrive."""
    return until(lambda: condition() or page.wait_for_timeout(20))


def painted(page):
    """Waits for the next frame of a page. By then one that was just loaded has put the focus where it begins.

    A key that is pressed before goes nowhere.
    """
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


@contextmanager
def promptly(seconds=SOON):
    """Fails where the block takes longer than so many seconds."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took < seconds, f"took {took:.1f} seconds, not less than {seconds:g}"


@contextmanager
def cheaply(seconds):
    """Fails where the block costs this thread more processor time. Other threads and processes do not count."""
    began = time.thread_time()
    yield
    cost = time.thread_time() - began
    assert cost < seconds, f"cost {cost:.2f} seconds, not less than {seconds:g}"
