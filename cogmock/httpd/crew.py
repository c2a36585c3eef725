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
from collections.abc import Callable, Sequence
from contextlib import suppress

from cogmock import blocking
from cogmock.httpd.connection import Connection
from cogmock.httpd.readiness import Epoll, Readiness, Selector, Served

log = logging.getLogger("cogmock")

TICK = 0.02
"""Seconds that a leader may take for one request before it is relieved; twice that at most."""
_QUIET = 10
"""Ticks without a request after which nobody needs to check."""
_SPARE = 16
"""Followers that are kept. Others end when they have answered their request."""


class Crew:
    def __init__(self, sweep_seconds: float, ask_for_checks: Callable[[], None]) -> None:
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
        self._waits_without_end = False
        self._lock = threading.Lock()
        self._readiness: Readiness = Epoll() if hasattr(select, "epoll") else Selector()
        self._wake_up = _WakeUp()
        self._readiness.add(self._wake_up)
        self._ready: deque[Served] = deque()
        """What has something to read, and is served next."""
        self._leader: _Worker | None = None
        self._serving: Served | None = None
        """What the leader serves; None while it waits for bytes."""
        self._followers: list[_Worker] = []
        self._turns = 0
        self._turns_seen = 0
        self._quiet_ticks = 0
        self._computing = 0
        self._last_served = 0
        """The `id` of the connection that the leader serves, or served last; 0 if that one is closed."""
        self._is_shared = False
        """Whether the request before came from another connection that is open: several clients send requests."""
        self._most_computing = (os.cpu_count() or 1) - 1
        """Computations beside the leader, which may be at one, too: no more threads than there are cores."""

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
        self._await_bytes(connection)

    def stop(self) -> None:
        """Closes idle connections, and others after their response. `ended` is set when all are closed."""
        self.stopping = True
        if self._leader is None:
            self._end()
            return
        for connection in list(self.connections):
            connection.close_soon()
        self._wake_up.send()

    def check(self) -> None:
        """Relieves a leader that has been at one request since the last check, if others wait."""
        if time.monotonic() - self._swept > self._sweep_seconds:
            self._sweeps = True
            if self._waits_without_end and self.connections:
                self._wake_up.send()  # they came during the wait, and have sent nothing
        with self._lock:
            if self._turns != self._turns_seen:
                self._turns_seen = self._turns
                self._quiet_ticks = 0
            elif self._serving is None:
                self._quiet_ticks += 1
                self.is_quiet = self._quiet_ticks > _QUIET
                if self._turns != self._turns_seen:  # a request has begun meanwhile
                    self.is_quiet = False
            elif self._others_wait():
                self._hand_over()

    def work(self, me: _Worker) -> None:
        """What a thread does that has been called to lead."""
        goes_on = True
        while goes_on:
            try:
                while (connection := self._next()) is not None and self._serve(me, connection):
                    pass
            except Exception:  # the other connections need a leader
                log.exception("the server goes on after an error of its own")
                goes_on = self._leader is me or self._follow(me)
            else:
                goes_on = False

    def step_aside(self, me: _Worker) -> None:
        if self._leader is me:
            with self._lock:
                if self._leader is me:
                    self._hand_over()

    def enter_computation(self, me: _Worker) -> bool:
        """Lets another thread lead if a core is free and a request waits, or may come during the computation.

        It may come where several clients send: one of them has just got its response and will send again. Without a
        leader that request would wait for the end of the computation while a core is idle.
        """
        with self._lock:
            if (
                self._leader is me
                and self._computing < self._most_computing
                and (self._is_shared or self._others_wait())
            ):
                self._hand_over()
            if self._leader is me:
                return False
            self._computing += 1
            return True

    def leave_computation(self) -> None:
        with self._lock:
            self._computing -= 1

    def _next(self) -> Served | None:
        """For the leader: what to serve next. None after `stop`, when there are no more connections."""
        while not self._ready:
            if self.stopping and not self.connections:
                self._end()
                return None
            self._waits_without_end = not self.connections
            seconds = None if self._waits_without_end else self._sweep_seconds
            self._ready.extend(self._readiness.wait(seconds))
            if self._sweeps or self.stopping or not self._ready:
                self._sweep()
        self._turns += 1
        self._serving = connection = self._ready.popleft()
        if connection is not self._wake_up:
            self._is_shared = self._last_served not in (0, id(connection))
            self._last_served = id(connection)
        if self.is_quiet:
            self.is_quiet = False
            self._quiet_ticks = 0
            self._ask_for_checks()
        return connection

    def _serve(self, me: _Worker, connection: Served) -> bool:
        """Whether the thread leads afterwards."""
        me.serves = connection
        is_open = connection.turn()
        with self._lock:
            leads = self._leader is me
            if leads:
                self._serving = None
                if not is_open:
                    self._readiness.remove(connection)
        if leads:
            if not is_open:
                self._close(connection)
            elif connection.has_more:
                others = [each for each in self._readiness.wait(0) if each is not connection]
                self._add([*others, connection])  # others come before its next request
            return True
        while is_open and (connection.has_more or self.stopping):
            is_open = connection.turn()
        if is_open:
            self._await_bytes(connection)
        else:
            self._close(connection)
        me.serves = None
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
        self._readiness.remove(serving)
        self._serving = None
        self._leader = leader
        leader.calls.release()

    def _called(self) -> _Worker:
        """A thread that leads as soon as its `calls` is released. Raises RuntimeError if none can be started."""
        return self._followers.pop() if self._followers else _Worker(self)

    def _await_bytes(self, connection: Served) -> None:
        with self._lock:
            self._readiness.add(connection)
            connection.is_away = False
            if isinstance(connection, Connection):
                self.connections.add(connection)
        if not self._readiness.sees_new or self.stopping:
            self._wake_up.send()

    def _others_wait(self) -> bool:
        if not self._ready:
            self._add(self._readiness.wait(0))
        return any(each is not self._wake_up for each in self._ready)

    def _sweep(self) -> None:
        """Has connections ended that are idle, or whose request has not arrived, for too long; after `stop`, all."""
        self._sweeps = False
        now = self._swept = time.monotonic()
        with self._lock:
            here = [each for each in self.connections if not each.is_away]
            self._add([each for each in here if self.stopping or each.is_late(now)])

    def _add(self, served: Sequence[Served]) -> None:
        """Has these served, too, unless they wait for that already."""
        waiting = {*self._ready, self._serving}
        self._ready.extend(each for each in served if each not in waiting)

    def _close(self, connection: Served) -> None:
        connection.close()
        with self._lock:
            if self._last_served == id(connection):
                self._last_served = 0
            self.connections.discard(connection)  # type: ignore[arg-type]
        if self.stopping:
            self._wake_up.send()

    def _end(self) -> None:
        with self._lock:
            self.ended.set()
            for follower in self._followers:
                follower.calls.release()
            self._followers.clear()
        self._readiness.close()
        self._wake_up.close()


class _WakeUp:
    """Ends a leader's wait for bytes. It is served as a connection is."""

    has_more = False
    is_away = False

    def __init__(self) -> None:
        self._receiver, self._sender = socket.socketpair()
        self._receiver.settimeout(0)
        self._sender.settimeout(0)
        self.fileno = self._receiver.fileno()

    def send(self) -> None:
        with suppress(OSError):
            self._sender.send(b"!")

    def turn(self) -> bool:
        self._receiver.recv(4096)
        return True

    def is_awaited(self) -> bool:
        return True

    def close(self) -> None:
        self._receiver.close()
        self._sender.close()


class _Worker:
    """A thread of a crew. Leads when it is called."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self.calls = threading.Semaphore(0)
        self.serves: Served | None = None
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

    def is_awaited(self) -> bool:
        return self.serves is None or self.serves.is_awaited()
