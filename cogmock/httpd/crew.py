"""The threads that serve all connections, after the pattern leader/followers.

One thread, the leader, waits for the bytes of all connections and answers complete requests itself, one after the
other. So a request costs no change of threads, and requests are answered in the order in which they arrived, however
many connections there are. A thread that is going to wait (`cogmock.blocking`) first makes another one the leader,
finishes its request as a follower, and then waits to lead again. A leader that takes long without saying so is
relieved by `check`.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from cogmock import blocking
from cogmock.httpd.connection import Connection
from cogmock.httpd.readiness import Epoll, Readiness, Selector

log = logging.getLogger("cogmock")

TICK = 0.01
"""Seconds that a leader may take for one request before it is relieved; twice that at most."""
_QUIET = 20
"""Ticks without a request after which nobody needs to check."""
_SPARE = 16
"""Followers that are kept. Others end when they have answered their request."""


class Crew:
    def __init__(self, sweep_seconds: float, ask_for_checks: Callable[[], None], cores: int = 0) -> None:
        """Calls `ask_for_checks` when `check` is to be called each `TICK` from then on, until `is_quiet`."""
        self.connections: set[Connection] = set()
        self.stopping = False
        self.ended = threading.Event()
        """Set after `stop`, when all connections are closed."""
        self.is_quiet = True
        self._ask_for_checks = ask_for_checks
        self._sweep_seconds = sweep_seconds
        self._sweeps = False
        """Whether the leader is to look for late connections, although others have something to read."""
        self._swept = 0.0
        self._lock = threading.Lock()
        self._readiness: Readiness = Epoll() if hasattr(select, "epoll") else Selector()
        self._wake_up, self._wake_up_sender = socket.socketpair()
        self._wake_up.settimeout(0)
        self._wake_up_sender.settimeout(0)
        self._readiness.add(self._wake_up.fileno(), None)
        self._ready: deque[Connection] = deque()
        self._leader: _Worker | None = None
        self._serving: Connection | None = None
        """The connection that the leader serves; None while it waits for bytes."""
        self._followers: list[_Worker] = []
        self._turns = 0
        self._turns_seen = 0
        self._quiet_ticks = 0
        self._computing = 0
        self._cores = cores or os.cpu_count() or 1

    def take(self, connection: Connection) -> None:
        """Serves a connection from now on. Raises RuntimeError where none can be served, or no more than there are."""
        if len(self.connections) >= self._readiness.most:
            raise RuntimeError(
                f"{self._readiness.most} connections are open, and this system waits for no more"
            )
        with self._lock:
            if self._leader is None:
                self._leader = self._called()
                self._leader.calls.release()
        self.connections.add(connection)
        self._await_bytes(connection)

    def stop(self) -> None:
        """Closes idle connections, and others after their response. `ended` is set when all are closed."""
        self.stopping = True
        if self._leader is None:
            self._end()
            return
        for connection in list(self.connections):
            connection.close_soon()
        self._wake()

    def check(self) -> None:
        """Relieves a leader that has been at one request since the last check."""
        if time.monotonic() - self._swept > self._sweep_seconds:
            self._sweeps = True
        with self._lock:
            if self._turns != self._turns_seen:
                self._turns_seen = self._turns
                self._quiet_ticks = 0
            elif self._serving is not None:
                self._hand_over()
            else:
                self._quiet_ticks += 1
                self.is_quiet = self._quiet_ticks > _QUIET

    def work(self, me: _Worker) -> None:
        """What a thread does that has been called to lead."""
        while self._goes_on(me):
            pass

    def _goes_on(self, me: _Worker) -> bool:
        try:
            connection = self._next()
            return connection is not None and self._serve(me, connection)
        except Exception:  # the other connections need a leader
            log.exception("the server goes on after an error of its own")
            return self._leader is me or self._follow(me)

    def step_aside(self, me: _Worker) -> None:
        if self._leader is me:
            with self._lock:
                if self._leader is me:
                    self._hand_over()

    def enter_computation(self, me: _Worker) -> bool:
        with self._lock:
            if self._leader is me and self._computing < self._cores and self._others_wait():
                self._hand_over()
            if self._leader is me:
                return False
            self._computing += 1
            return True

    def leave_computation(self) -> None:
        with self._lock:
            self._computing -= 1

    def _next(self) -> Connection | None:
        """For the leader: the next connection to serve. None after `stop`, when there are no more."""
        while not self._ready:
            if self.stopping and not self.connections:
                self._end()
                return None
            self._ready.extend(self._arrived(self._sweep_seconds if self.connections else None))
            if self._sweeps or not self._ready:
                self._sweep()
        self._turns += 1
        self._serving = connection = self._ready.popleft()
        if self.is_quiet:
            self.is_quiet = False
            self._quiet_ticks = 0
            self._ask_for_checks()
        return connection

    def _serve(self, me: _Worker, connection: Connection) -> bool:
        """Whether the thread leads afterwards."""
        is_open = connection.turn()
        with self._lock:
            leads = self._leader is me
            if leads:
                self._serving = None
        if leads:
            if not is_open:
                self._readiness.remove(connection.fileno)
                self._close(connection)
            elif connection.has_more:
                self._add(
                    [*self._arrived(0), connection]
                )  # one that sends much at once must not keep the others out
            return True
        while is_open and (connection.has_more or self.stopping):
            is_open = connection.turn()
        if is_open:
            connection.is_away = False
            self._await_bytes(connection)
        else:
            self._close(connection)
        return self._follow(me)

    def _follow(self, me: _Worker) -> bool:
        """Waits to be called to lead. False if the thread is not needed."""
        with self._lock:
            if self.ended.is_set() or len(self._followers) >= _SPARE:
                return False
            self._followers.append(me)
        me.calls.acquire()
        return not self.ended.is_set()

    def _hand_over(self) -> None:
        """Makes another thread the leader; with the lock held, while the leader serves a connection."""
        serving = self._serving
        if serving is None:
            return
        try:
            leader = self._called()
        except RuntimeError as error:
            log.warning("requests wait for the one that is being answered: %s", error)
            return
        serving.is_away = True
        self._readiness.remove(serving.fileno)
        self._serving = None
        self._leader = leader
        leader.calls.release()

    def _called(self) -> _Worker:
        """A thread that leads as soon as its `calls` is released. Raises RuntimeError if none can be started."""
        return self._followers.pop() if self._followers else _Worker(self)

    def _await_bytes(self, connection: Connection) -> None:
        self._readiness.add(connection.fileno, connection)
        if not self._readiness.sees_new or self.stopping:
            self._wake()

    def _arrived(self, seconds: float | None) -> list[Connection]:
        """The connections that have something to read; waits up to so many seconds while there are none."""
        found = self._readiness.wait(seconds)
        if None in found:
            self._wake_up.recv(4096)
        if self.stopping:
            return [each for each in list(self.connections) if not each.is_away]
        return [each for each in found if each is not None]

    def _others_wait(self) -> bool:
        if not self._ready:
            self._add(self._arrived(0))
        return bool(self._ready)

    def _sweep(self) -> None:
        """Ends connections that are idle, or whose request has not arrived, for too long."""
        self._sweeps = False
        now = self._swept = time.monotonic()
        self._add([each for each in list(self.connections) if not each.is_away and each.is_late(now)])

    def _add(self, connections: list[Connection]) -> None:
        """Has these served, too, unless a thread serves them already."""
        waiting = {*self._ready, self._serving}
        self._ready.extend(each for each in connections if not each.is_away and each not in waiting)

    def _close(self, connection: Connection) -> None:
        connection.close()
        self.connections.discard(connection)
        if self.stopping:
            self._wake()

    def _wake(self) -> None:
        with suppress(OSError):
            self._wake_up_sender.send(b"!")

    def _end(self) -> None:
        with self._lock:
            self.ended.set()
            for follower in self._followers:
                follower.calls.release()
            self._followers.clear()
        self._readiness.close()
        self._wake_up.close()
        self._wake_up_sender.close()


class _Worker:
    """A thread of a crew. Leads when it is called."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self.calls = threading.Semaphore(0)
        threading.Thread(target=self._run, name="cogmock-requests", daemon=True).start()

    def _run(self) -> None:
        blocking.be_hosted(self)
        self.calls.acquire()
        self._crew.work(self)

    def step_aside(self) -> None:
        self._crew.step_aside(self)

    def enter_computation(self) -> bool:
        return self._crew.enter_computation(self)

    def leave_computation(self) -> None:
        self._crew.leave_computation()
