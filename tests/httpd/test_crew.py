"""Many connections and few threads: who is answered when, and who waits for whom.

Where a test patches TICK, no leader is relieved by the clock: only what a request says of its wait helps the others.
"""

import http.client
import json
import logging
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest
from support.raw_http import GET, QUICK, Client, ask, echo, still_serves
from support.waiting import LIMIT, LONG, promptly, until

from cogmock import blocking
from cogmock.httpd import crew, readiness
from cogmock.httpd.connection import Limits
from cogmock.httpd.server import Server
from cogmock.httpd.tls import Tls


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def plain(start_response, body=b"ok"):
    start_response("200 OK", [])
    return [body]


def threads():
    return {each for each in threading.enumerate() if each.name == "cogmock-requests"}


@pytest.fixture
def unrelieved(monkeypatch):
    """No leader is relieved by the clock."""
    monkeypatch.setattr("cogmock.httpd.server.TICK", 60.0)


@pytest.fixture
def secure(tmp_path, monkeypatch):
    """Starts servers that take TLS, and stops them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    servers = []

    def start(application=echo, **options):
        servers.append(Server(application, tls=Tls(clock=time.time), **options))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def clients():
    """Makes many clients of a server."""
    with ExitStack() as stack:
        yield lambda server, count: [stack.enter_context(Client(server)) for _ in range(count)]


class TestTheLeader:
    def test_answers_all_connections_in_one_thread(self, serve, clients, unrelieved):
        seen = set()

        def application(_environ, start_response):
            seen.add(threading.get_ident())
            return plain(start_response)

        before = threads()
        several = clients(serve(application), 64)
        for _ in range(5):
            for client in several:
                client.send(GET)
            assert {client.answer().status for client in several} == {200}
        assert len(seen) == 1
        assert len(threads() - before) == 1

    def test_never_runs_two_requests_at_once_where_none_waits(self, serve, unrelieved):
        at_work = []
        most = []

        def application(_environ, start_response):
            at_work.append(1)
            most.append(len(at_work))
            sum(range(2000))
            at_work.pop()
            return plain(start_response)

        server = serve(application)

        def talk(_):
            with Client(server) as client:
                return {client.ask(GET).status for _ in range(10)}

        with ThreadPoolExecutor(32) as pool:
            assert list(pool.map(talk, range(32))) == [{200}] * 32
        assert len(most) == 320
        assert max(most) == 1

    def test_answers_in_the_order_of_arrival(self, serve, clients, unrelieved):
        order = []
        at_work, go_on = threading.Event(), threading.Event()

        def application(environ, start_response):
            order.append(environ["PATH_INFO"])
            if environ["PATH_INFO"] == "/first":
                at_work.set()
                go_on.wait(LONG)
            return plain(start_response)

        first, *others = clients(serve(application), 21)
        assert {client.ask(GET).status for client in others} == {200}
        order.clear()
        first.send(get("/first"))
        assert at_work.wait(LIMIT)
        wanted = [f"/{number}" for number in range(20)]
        for client, path in zip(reversed(others), wanted, strict=True):
            client.send(get(path))
        go_on.set()
        assert [client.answer().status for client in [first, *others]] == [200] * 21
        assert order == ["/first", *wanted]

    def test_lets_nobody_starve_beside_one_that_sends_many_at_once(self, serve, clients, unrelieved):
        order = []
        at_work, go_on = threading.Event(), threading.Event()

        def application(environ, start_response):
            order.append(environ["PATH_INFO"])
            if order == ["/many"]:
                at_work.set()
                go_on.wait(LONG)
            return plain(start_response)

        greedy, modest = clients(serve(application), 2)
        assert modest.ask(GET).status == 200  # its connection has been accepted
        order.clear()
        greedy.send(get("/many") * 500)
        assert at_work.wait(LIMIT)
        modest.send(get("/one"))
        go_on.set()
        assert modest.answer().status == 200
        assert order.index("/one") <= 2
        assert [greedy.answer().status for _ in range(500)] == [200] * 500

    def test_needs_no_thread_for_connections_that_are_idle_or_slow(self, serve, clients, unrelieved):
        server = serve()
        before = threads()
        idle, slow = clients(server, 100), clients(server, 100)
        for client in idle:
            assert client.ask(GET).status == 200
        for client in slow:
            client.send(b"GET / HT")
        assert ask(server, GET).status == 200
        assert len(threads() - before) == 1
        for client in slow:
            client.send(b"TP/1.1\r\nHost: x\r\n\r\n")
        assert {client.answer().status for client in slow} == {200}


class TestRequestsSentTogether:
    def test_are_answered_one_by_one_however_many_bytes_wait(self, serve, unrelieved):
        """More than one read takes: the connection has a request to answer, and bytes that can be read."""
        begun = []

        def application(environ, start_response):
            begun.append(environ["PATH_INFO"])
            here = len(begun)
            if environ["PATH_INFO"] == "/wait":
                blocking.will_wait()
                time.sleep(0.05)
            return plain(start_response, f"{environ['PATH_INFO']} {len(begun) - here}".encode())

        with Client(serve(application, limits=Limits(max_head=70_000))) as client:
            long = f"GET /wait HTTP/1.1\r\nHost: x\r\nX-Long: {'x' * 60_000}\r\n\r\n".encode()
            client.send(get("/") + long + long)
            assert [client.answer().content for _ in range(3)] == [b"/ 0", b"/wait 0", b"/wait 0"]

    def test_that_end_the_connection_end_it_once(self, serve, caplog, unrelieved):
        closing = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        server = serve()
        for _ in range(3):
            with Client(server) as client:
                with suppress(OSError):  # the server may close before it has been sent all
                    client.send(get("/") + closing + get("/") * 10_000)
                assert client.answer().status == client.answer().status == 200
                time.sleep(0.05)
        assert still_serves(server)
        assert "error of its own" not in caplog.text


class TestRequestsThatWait:
    def test_leave_the_others_to_another_thread(self, serve, clients, unrelieved):
        all_wait, go_on = threading.Barrier(65), threading.Event()

        def application(environ, start_response):
            if environ["PATH_INFO"] == "/wait":
                blocking.will_wait()
                all_wait.wait(LIMIT)
                go_on.wait(LONG)
            return plain(start_response)

        server = serve(application)
        waiting = clients(server, 64)
        for client in waiting:
            client.send(get("/wait"))
        all_wait.wait(LIMIT)
        with Client(server) as other:
            assert [other.ask(GET).status for _ in range(20)] == [200] * 20
        go_on.set()
        assert [client.answer().status for client in waiting] == [200] * 64
        assert [client.ask(GET).status for client in waiting] == [200] * 64

    def test_may_forget_to_say_so(self, serve, clients):
        all_wait = threading.Barrier(9)

        def application(environ, start_response):
            if environ["PATH_INFO"] == "/wait":
                all_wait.wait(LIMIT)
            return plain(start_response)

        server = serve(application)
        waiting = clients(server, 8)
        for client in waiting:
            client.send(get("/wait"))
        with Client(server) as other:
            assert other.ask(GET).status == 200
            assert other.ask(get("/wait")).status == 200
        assert [client.answer().status for client in waiting] == [200] * 8

    @pytest.mark.parametrize("says_so", [True, False])
    def test_may_wait_for_a_request_to_their_own_server(self, serve, clients, says_so):
        def application(environ, start_response):
            depth = int(environ["PATH_INFO"][1:] or 0)
            if depth:
                if says_so:
                    blocking.will_wait()
                assert ask(server, get(f"/{depth - 1}")).status == 200
            return plain(start_response)

        server = serve(application)
        several = clients(server, 16)
        for client in several:
            client.send(get("/3"))
        assert [client.answer().status for client in several] == [200] * 16

    def test_give_their_threads_back(self, serve, clients, unrelieved):
        together = threading.Barrier(64)

        def application(_environ, start_response):
            blocking.will_wait()
            together.wait(LIMIT)
            return plain(start_response)

        before = threads()
        several = clients(serve(application), 64)
        for client in several:
            client.send(GET)
        assert {client.answer().status for client in several} == {200}
        until(lambda: len(threads() - before) <= crew._SPARE + 1)

    def test_go_on_alone_where_no_thread_can_be_had(self, serve, monkeypatch, caplog, unrelieved):
        class Thread(threading.Thread):
            def start(self):
                raise RuntimeError("can't start new thread")

        def application(environ, start_response):
            if environ["PATH_INFO"] == "/wait":
                blocking.will_wait()
            return plain(start_response)

        with Client(serve(application)) as client:
            assert client.ask(GET).status == 200
            monkeypatch.setattr(threading, "Thread", Thread)
            assert client.ask(get("/wait")).status == 200
            assert client.ask(GET).status == 200
        assert "can't start new thread" in caplog.text


class TestSlowClients:
    def test_that_do_not_read_hold_up_nobody(self, serve, unrelieved):
        def application(environ, start_response):
            return plain(start_response, b"x" * (50_000_000 if environ["PATH_INFO"] == "/large" else 1))

        server = serve(application, limits=Limits())
        with Client(server) as slow, Client(server) as other:
            slow.send(get("/large"))
            assert [other.ask(GET).status for _ in range(20)] == [200] * 20
            assert len(slow.answer().content) == 50_000_000
            assert slow.ask(GET).status == 200

    def test_that_do_not_read_for_too_long_are_given_up(self, serve, unrelieved):
        ended = threading.Event()

        def pieces():
            try:
                while True:
                    yield b"x" * 1_000_000
            finally:
                ended.set()

        def application(_environ, start_response):
            start_response("200 OK", [])
            return pieces()

        with Client(serve(application, limits=QUICK)) as slow:
            slow.send(GET)
            assert ended.wait(LIMIT)

    def test_that_are_refused_while_they_send_hold_up_nobody(self, serve, monkeypatch, unrelieved):
        monkeypatch.setattr("cogmock.httpd.connection._LINGER", LONG)
        server = serve()
        with Client(server) as refused, Client(server) as other:
            refused.send(b"nonsense\r\n\r\n")
            assert refused.answer().status == 400
            with promptly():
                assert other.ask(GET).status == 200

    def test_that_are_refused_need_no_thread(self, serve, clients, unrelieved):
        server = serve(limits=QUICK)
        assert ask(server, GET).status == 200
        before = threads()
        refused = clients(server, 50)
        for client in refused:
            client.send(b"GET / HT")
        assert {client.answer().status for client in refused} == {408}
        assert not threads() - before
        assert {client.is_closed() for client in refused} == {True}

    def test_that_are_refused_have_half_a_minute_to_send_the_rest(self, serve):
        server = serve()
        with Client(server) as refused:
            refused.send(b"nonsense\r\n\r\n")
            assert refused.answer().status == 400
            (connection,) = server._crew.connections
            until(lambda: connection._lingers_until)
            now = time.monotonic()
            assert not connection.is_late(now + 10)
            assert connection.is_late(now + 30)

    def test_that_are_refused_are_let_go_although_they_send_on(self, serve, monkeypatch):
        monkeypatch.setattr("cogmock.httpd.connection._LINGER", 0.3)
        with Client(serve()) as refused:
            refused.send(b"nonsense\r\n\r\n")
            assert refused.answer().status == 400
            with pytest.raises(OSError):
                until(lambda: refused.send(b"more"))

    def test_that_stall_in_a_handshake_are_let_go_at_a_stop_and_in_time(
        self, secure, monkeypatch, unrelieved
    ):
        monkeypatch.setattr("cogmock.httpd.crew.os.cpu_count", lambda: 2)
        server = secure(limits=Limits(read_timeout=0.2))
        with Client(server) as stalled:
            stalled.send(b"\x16\x03\x01")
            assert stalled.is_closed()
        server = secure(grace=LONG)
        before = threads()
        with ExitStack() as stack:
            several = [stack.enter_context(Client(server)) for _ in range(60)]
            for stalled in several:
                stalled.send(b"\x16\x03\x01")
            assert ask(server, GET).status == 200
            assert len(threads() - before) < 20
            with promptly():
                server.stop()

    def test_that_fail_in_a_handshake_harm_nobody_where_no_thread_can_be_had(
        self, secure, monkeypatch, caplog
    ):
        class Thread(threading.Thread):
            def start(self):
                raise RuntimeError("can't start new thread")

        server = secure()
        with Client(server) as other:
            assert other.ask(GET).status == 200
            monkeypatch.setattr(threading, "Thread", Thread)
            for _ in range(3):
                with Client(server) as failing:
                    failing.send(b"\x16\x03 nonsense")
                    with suppress(OSError):
                        failing.stream.read()
                assert other.ask(GET).status == 200
        assert "error of its own" not in caplog.text

    def test_that_stall_in_a_handshake_hold_up_nobody(self, tmp_path, monkeypatch, unrelieved):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        server = Server(echo, tls=Tls(clock=time.time))
        server.start()
        try:
            with socket.create_connection(("127.0.0.1", server.port)) as stalled:
                stalled.sendall(b"\x16\x03\x01")
                with Client(server) as other:
                    assert [other.ask(GET).status for _ in range(5)] == [200] * 5
                context = ssl._create_unverified_context()
                for _ in range(2):
                    connection = http.client.HTTPSConnection(
                        "localhost", server.port, context=context, timeout=LIMIT
                    )
                    for _ in range(3):
                        connection.request("GET", "/")
                        assert json.loads(connection.getresponse().read())["environ"]["wsgi.url_scheme"] == (
                            "https"
                        )
                    connection.close()
        finally:
            server.stop()


class TestStreams:
    def test_hold_up_nobody_and_end_at_a_stop(self, serve, clients, unrelieved):
        news = threading.Event()

        def application(environ, start_response):
            if environ["PATH_INFO"] == "/":
                return plain(start_response)
            start_response("200 OK", [])
            return told()

        def told():
            yield b"begin"
            while not news.wait(0.05):
                yield b""
            yield b"end"

        server = serve(application, grace=LONG)
        streams = clients(server, 20)
        for client in streams:
            client.send(get("/stream"))
        with Client(server) as other:
            assert [other.ask(GET).status for _ in range(20)] == [200] * 20
        news.set()
        assert {client.answer().content for client in streams} == {b"beginend"}
        news.clear()
        for client in streams:
            client.send(get("/stream"))
        for client in streams:
            assert client.socket.recv(1)
        with promptly():
            server.stop()

    @pytest.mark.parametrize("polite", [True, False])
    @pytest.mark.parametrize("rdhup", [True, False])
    def test_over_tls_end_when_the_client_leaves(self, secure, monkeypatch, polite, rdhup):
        if not rdhup and polite:
            pytest.skip("the bytes that end TLS hide the end of the connection there")
        ended = threading.Event()

        def told():
            try:
                yield b"begin"
                while True:
                    time.sleep(0.02)
                    yield b""
            finally:
                ended.set()

        def application(_environ, start_response):
            start_response("200 OK", [])
            return told()

        if not rdhup:
            monkeypatch.delattr("cogmock.httpd.leaving.select.POLLRDHUP", raising=False)
        server = secure(application)
        context = ssl._create_unverified_context()
        with socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT) as plain_client:
            client = context.wrap_socket(plain_client)
            client.sendall(GET)
            received = b""
            while b"begin" not in received:
                received += client.recv(1000)
            assert not ended.wait(0.2)
            if polite:
                client.settimeout(0)
                with suppress(ssl.SSLWantReadError):
                    client.unwrap()  # sends TLS's own end, and does not wait for the server's
            client.close()
        assert ended.wait(LIMIT)


class TestComputations:
    def test_run_beside_others_but_no_more_than_the_cores(self, serve, clients, monkeypatch, unrelieved):
        monkeypatch.setattr("cogmock.httpd.crew.os.cpu_count", lambda: 2)
        lock = threading.Lock()
        at_work, most = [], []
        begun, all_sent, two_at_work = threading.Event(), threading.Event(), threading.Event()

        def application(environ, start_response):
            if environ["PATH_INFO"] == "/first":
                begun.set()
                all_sent.wait(LIMIT)
            if environ["PATH_INFO"] != "/compute":
                return plain(start_response)
            computing = blocking.tell(is_computation=True)
            with lock:
                at_work.append(1)
                most.append(len(at_work))
                if len(at_work) == 2:
                    two_at_work.set()
            two_at_work.wait(LIMIT)
            time.sleep(0.005)
            with lock:
                at_work.pop()
            if computing:
                computing.leave_computation()
            return plain(start_response)

        first, *several = clients(serve(application), 17)
        assert {client.ask(GET).status for client in several} == {200}  # their connections have been accepted
        first.send(get("/first"))
        assert begun.wait(LIMIT)
        for _ in range(4):
            for client in several:
                client.send(get("/compute"))
            all_sent.set()
            assert {client.answer().status for client in several} == {200}
        assert max(most) == 2, "as many as there are cores, with the leader's own"

    def test_let_another_client_send_its_next_request(self, serve, monkeypatch, unrelieved):
        """Nothing waits when the computation begins. What comes during it finds a leader."""
        monkeypatch.setattr("cogmock.httpd.crew.os.cpu_count", lambda: 2)
        at_work, go = threading.Event(), threading.Event()

        def application(environ, start_response):
            if environ["PATH_INFO"] == "/computation":
                computing = blocking.tell(is_computation=True)
                at_work.set()
                assert go.wait(60)
                computing.leave_computation()
            return plain(start_response)

        server = serve(application)
        with Client(server) as one, Client(server) as other:
            assert other.ask(GET).status == 200
            one.send(get("/computation"))
            assert at_work.wait(60)
            try:
                assert [other.ask(GET).status for _ in range(5)] == [200] * 5
            finally:
                go.set()
            assert one.answer().status == 200

    @pytest.mark.parametrize("keeps_open", [True, False])
    def test_of_one_client_stay_with_the_leader(self, serve, unrelieved, keeps_open):
        seen = set()

        def application(_environ, start_response):
            assert blocking.tell(is_computation=True) is None
            seen.add(threading.get_ident())
            return plain(start_response)

        server = serve(application)
        closing = GET.replace(b"Host: x", b"Host: x\r\nConnection: close")
        with Client(server) as client:
            for _ in range(20):
                assert (client.ask(GET) if keeps_open else ask(server, closing)).status == 200
        assert len(seen) == 1

    def test_of_one_client_stay_with_the_leader_when_it_is_woken(self, serve, unrelieved):
        """The leader is woken to look for late connections, too: that is no request of another client."""

        def application(_environ, start_response):
            server._crew._wake_up.send()
            assert blocking.tell(is_computation=True) is None
            return plain(start_response)

        server = serve(application)
        with Client(server) as client:
            assert [client.ask(GET).status for _ in range(20)] == [200] * 20

    def test_outside_a_server_tell_nobody(self):
        blocking.will_wait()
        assert blocking.tell(is_computation=True) is None


class TestFaults:
    @pytest.mark.parametrize("fault", [SystemExit, KeyboardInterrupt, MemoryError])
    def test_of_a_request_do_not_end_the_others(self, serve, fault, caplog):
        def application(environ, start_response):
            if environ["PATH_INFO"] == "/fault":
                raise fault
            return plain(start_response)

        server = serve(application)
        with Client(server) as client, Client(server) as other:
            assert other.ask(GET).status == 200
            client.send(get("/fault"))
            client.socket.recv(1)
            assert other.ask(GET).status == 200
        assert fault.__name__ in caplog.text

    def test_of_the_crew_do_not_end_it(self, serve, caplog, monkeypatch, unrelieved):
        server = serve()
        with Client(server) as client:
            assert client.ask(GET).status == 200
            wait, failures = server._crew._readiness.wait, iter([OSError("once"), OSError("twice")])

            def failing(seconds):
                for failure in failures:
                    raise failure
                return wait(seconds)

            with monkeypatch.context() as patch:
                patch.setattr(server._crew, "_readiness", _With(server._crew._readiness, failing))
                assert [client.ask(GET).status for _ in range(5)] == [200] * 5
        assert "twice" in caplog.text


class _With:
    """A Readiness with another `wait`."""

    def __init__(self, real, wait):
        self._real, self.wait = real, wait

    def __getattr__(self, name):
        return getattr(self._real, name)


class TestOtherSystems:
    @pytest.fixture(autouse=True)
    def without_epoll(self, monkeypatch):
        monkeypatch.setattr(readiness.selectors, "DefaultSelector", readiness.selectors.SelectSelector)
        monkeypatch.setattr(readiness.Selector, "sees_new", False)
        monkeypatch.setattr(readiness.Selector, "most", 20)
        monkeypatch.delattr("cogmock.httpd.crew.select.epoll")

    def test_answer_many_connections(self, serve, clients, unrelieved):
        def application(environ, start_response):
            if environ["PATH_INFO"] == "/wait":
                blocking.will_wait()
            return plain(start_response)

        several = clients(serve(application), 10)
        for path in ("/", "/wait", "/"):
            for client in several:
                client.send(get(path))
            assert {client.answer().status for client in several} == {200}

    def test_refuse_connections_beyond_what_they_can_wait_for(self, serve, clients, caplog):
        caplog.set_level(logging.WARNING)
        server = serve()
        several = clients(server, 20)
        assert {client.ask(GET).status for client in several} == {200}
        with Client(server) as one_more:
            assert one_more.is_closed()
        assert "20 connections are open" in caplog.text
        several[0].socket.close()
        until(lambda: len(server._crew.connections) < 20)
        assert ask(server, GET).status == 200

    def test_stop_promptly(self, serve, clients):
        server = serve(limits=Limits(), grace=LONG)
        assert {client.ask(GET).status for client in clients(server, 10)} == {200}
        with promptly():
            server.stop()
