"""The life of the server: many connections, stopping, listening, start-up."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from types import SimpleNamespace

import pytest
from support.processes import free_port
from support.raw_http import GET, LIMITS, Client, ask, echo, echoed, still_serves
from support.waiting import LIMIT, LONG, SOON, promptly

from cogmock.httpd.connection import Limits
from cogmock.httpd.reader_h11 import H11Reader
from cogmock.httpd.reader_httptools import HttptoolsReader
from cogmock.httpd.server import PortTaken, Server, quickest_reader


class ForkedProcess:
    """A forked process that calls `act`, and then waits until its end."""

    def __init__(self, act):
        from_child, to_parent = os.pipe()
        self.process = os.fork()
        if not self.process:
            began = time.monotonic()
            act()
            os.write(to_parent, f"{time.monotonic() - began:.3f}".encode())
            signal.pause()
            os._exit(0)
        self.took = float(os.read(from_child, 100))
        os.close(from_child)
        os.close(to_parent)

    def end(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


class TestManyConnections:
    def test_are_all_served_at_once(self, serve):
        together = threading.Barrier(64)

        def application(environ, start_response):
            if environ["PATH_INFO"] == "/together":
                together.wait(LIMIT)
            return echo(environ, start_response)

        server = serve(application)

        def talk(number):
            with Client(server) as client:
                paths = ["/together", *[f"/{number}/{turn}" for turn in range(20)]]
                for path in paths:
                    got = echoed(client.ask(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()))
                    assert got["environ"]["PATH_INFO"] == path
            return number

        with ThreadPoolExecutor(64) as pool:
            assert list(pool.map(talk, range(64))) == list(range(64))

    def test_that_are_silent_too_long_are_closed(self, serve):
        limits = SimpleNamespace(**asdict(LIMITS) | {"read_timeout": 0.8})
        with Client(serve(limits=limits)) as client:
            assert client.ask(GET).status == 200
            limits.idle_timeout = 0.2  # not before, because this client may be slow, too
            assert client.is_closed()

    def test_that_are_silent_from_the_start_are_closed_too(self, serve):
        server = serve(limits=Limits(idle_timeout=0.2))
        for _ in range(3):  # each is the server's only one
            with Client(server) as client:
                assert client.is_closed()
                time.sleep(0.05)

    def test_go_on_when_one_could_not_be_taken(self, serve, caplog, monkeypatch):
        class Exhausted:
            def accept(self):
                raise OSError(24, "Too many open files")

        server = serve()
        with monkeypatch.context() as patch:
            patch.setattr(server, "socket", Exhausted())
            with pytest.raises(OSError, match="Too many"):
                server.get_request()
        assert "Too many open files" in caplog.text
        assert still_serves(server)

    def test_go_on_when_one_left_before_it_was_taken(self, serve, monkeypatch):
        class Empty:
            def accept(self):
                raise BlockingIOError

        server = serve()
        with monkeypatch.context() as patch:
            patch.setattr(server, "socket", Empty())
            with pytest.raises(BlockingIOError):
                server.get_request()
        assert still_serves(server)

    def test_go_on_when_one_gets_no_thread(self, serve, caplog, monkeypatch):
        class Thread(threading.Thread):
            def start(self):
                raise RuntimeError("can't start new thread")

        server = serve()
        with monkeypatch.context() as patch:
            patch.setattr("cogmock.httpd.server.threading.Thread", Thread)
            with Client(server) as client:
                assert client.is_closed()
        assert "can't start new thread" in caplog.text
        assert still_serves(server)


class TestStop:
    def test_is_prompt_with_idle_connections(self, serve, monkeypatch):
        monkeypatch.setattr("cogmock.httpd.server.TICK", LONG)
        monkeypatch.setattr("cogmock.httpd.server._POLL_SECONDS", LONG)
        server = serve(port=free_port(), limits=Limits(), grace=LONG)
        clients = [Client(server) for _ in range(20)]
        assert [client.ask(GET).status for client in clients] == [200] * 20
        with promptly():
            server.stop()
        for client in clients:
            assert client.is_closed()
            client.socket.close()
        with pytest.raises(ConnectionRefusedError):
            Client(server)

    def test_lets_running_requests_finish(self, serve):
        at_work = threading.Event()

        def application(environ, start_response):
            at_work.set()
            time.sleep(0.3)
            return echo(environ, start_response)

        server = serve(application, grace=LONG)
        with Client(server) as client:
            client.send(GET)
            assert at_work.wait(LIMIT)
            server.stop()
            assert client.answer().status == 200
            assert client.is_closed()

    def test_does_not_wait_for_ever(self, serve):
        at_work, stuck = threading.Event(), threading.Event()

        def application(environ, start_response):
            at_work.set()
            stuck.wait(LONG)
            return echo(environ, start_response)

        server = serve(application, grace=0.2)
        with Client(server) as client:
            client.send(GET)
            assert at_work.wait(LIMIT)
            with promptly():
                server.stop()
                assert client.is_closed()
            stuck.set()

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="no other processes share sockets")
    def test_is_whole_beside_a_process_that_was_forked(self, serve):
        """It holds all sockets of the server, too, and none of its threads."""

        def pieces(_environ, start_response):
            start_response("200 OK", [])
            return iter([b"a", b"b"])

        server = serve(pieces, port=free_port(), grace=LONG)
        with Client(server) as client:
            assert client.ask(GET).content == b"ab"
            child = ForkedProcess(server.stop)
            try:
                assert child.took < SOON
                client.send(b"GET / HTTP/1.0\r\n\r\n")
                client.socket.settimeout(LIMIT)
                assert client.stream.read().endswith(b"ab")  # the end of the connection ends the answer
                server.stop()
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT)
            finally:
                child.end()

    def test_may_come_before_the_start_and_twice(self):
        server = Server(echo, port=free_port())
        server.stop()
        server.stop()
        with pytest.raises(ConnectionRefusedError):
            Client(server)

    def test_gives_the_port_back(self, serve):
        server = serve(port=free_port())
        ask(server, GET)
        server.stop()
        again = serve(port=server.port)
        assert ask(again, GET).status == 200

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
    def test_may_come_from_a_signal(self):
        program = (
            "import signal, sys\n"
            "from cogmock.httpd.server import Server\n"
            "server = Server(lambda e, s: [s('200 OK', []) and b'', b'ok'])\n"
            "signal.signal(signal.SIGTERM, lambda *_: server.stop())\n"
            "print(server.port, flush=True)\n"
            "server.serve()\n"
            "print('stopped', flush=True)\n"
        )
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
            port = int(process.stdout.readline())
            with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as idle:
                idle.sendall(GET)
                assert idle.recv(12) == b"HTTP/1.1 200"
                process.send_signal(signal.SIGTERM)
                assert process.stdout.read() == "stopped\n"
                assert process.wait(LIMIT) == 0


def _has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


class TestListening:
    def test_takes_a_free_port_and_says_which(self, serve):
        server = serve()
        assert server.port > 0
        assert server.url == f"http://localhost:{server.port}"

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "::"])
    def test_answers_as_localhost_on_every_address(self, serve, host):
        server = serve(host=host)
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if family == socket.AF_INET6 and not _has_ipv6():
                continue
            connection = http.client.HTTPConnection(address, server.port, timeout=LIMIT)
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
            connection.close()

    def test_gives_a_url_that_can_be_called(self, serve):
        assert serve(host="0.0.0.0").url.startswith("http://localhost:")
        assert serve(host="localhost").url.startswith("http://localhost:")

    def test_refuses_a_port_that_is_taken_and_says_what_to_do(self, serve):
        server = serve()
        with pytest.raises(PortTaken) as refusal:
            Server(echo, port=server.port)
        assert f"port {server.port}" in str(refusal.value)
        assert "--port" in str(refusal.value)
        assert still_serves(server)

    def test_refuses_a_port_of_which_localhost_has_only_half(self):
        if not _has_ipv6():
            pytest.skip("no IPv6 here")
        port = free_port()
        with socket.create_server(("::1", port), family=socket.AF_INET6):
            with pytest.raises(PortTaken):
                Server(echo, port=port)
            with socket.create_server(("127.0.0.1", port)):
                pass  # what was taken first has been given back

    def test_takes_another_free_port_when_localhost_has_only_half_of_it(self, monkeypatch):
        tried = []

        def create_server(address, **options):
            tried.append(address)
            if len(tried) == 2:
                raise OSError(errno.EADDRINUSE, "taken")
            return real(address, **options)

        real = socket.create_server
        monkeypatch.setattr("cogmock.httpd.server.socket.create_server", create_server)
        Server(echo).stop()
        assert len(tried) == 4
        assert tried[1][1] != tried[3][1]

    def test_does_without_ipv6_where_there_is_none(self, monkeypatch):
        def create_server(address, **options):
            if address[0] == "::1":
                raise OSError(errno.EADDRNOTAVAIL, "no IPv6")
            return real(address, **options)

        real = socket.create_server
        monkeypatch.setattr("cogmock.httpd.server.socket.create_server", create_server)
        server = Server(echo)
        server.start()
        assert still_serves(server)
        server.stop()

    def test_fails_plainly_on_an_address_that_is_not_here(self):
        with pytest.raises(OSError, match="assign"):
            Server(echo, host="192.0.2.1")


HEAVY = {"h11", "asyncio", "jinja2"}
HEAVIER = HEAVY | {"werkzeug", "ssl", "http.client", "http.server", "socketserver", "email"}


def _modules_after(statement):
    program = f"import sys\n{statement}\nprint(*sys.modules)"
    return set(
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.split()
    )


class TestStartUp:
    def test_imports_nothing_heavy(self):
        assert not HEAVY & _modules_after("import cogmock.httpd.server")

    def test_imports_nothing_heavy_for_the_application_either(self):
        assert not HEAVIER & _modules_after("import cogmock.web.app")

    def test_finds_another_parser_where_the_fast_one_is_missing(self, monkeypatch):
        assert quickest_reader() is HttptoolsReader
        monkeypatch.setitem(sys.modules, "httptools", None)
        monkeypatch.delitem(sys.modules, "cogmock.httpd.reader_httptools")
        assert quickest_reader() is H11Reader

    def test_spares_the_collector_what_a_long_collection_left(self):
        """Later collections do not walk over state again; a server without much state excludes nothing more."""
        program = """if True:
            import gc
            from cogmock.httpd import server
            server.settle_garbage_collector()
            before = gc.get_freeze_count()
            kept = [[] for _ in range(1000)]
            server._LONG = 60.0
            gc.collect()
            few = gc.get_freeze_count() - before
            server._LONG = 0.0
            gc.collect()
            print(few, gc.get_freeze_count() - before >= 1000, len(gc.callbacks))
        """
        out = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        assert out == "0 True 1\n"

    def test_spares_the_collector_an_order_of_users_before_it_walks_over_it(self):
        """Its young lists refer to all users, old as they are. In process the collector is the user's."""
        program = """if True:
            import gc
            from cogmock.httpd import server
            from cogmock.state.ordered import _Chunk
            from cogmock.state.user import User
            from cogmock.state.user_table import UserTable
            server._MANY = 5000
            gc.disable()
            table = UserTable()
            for number in range(6000):
                table.add(User(f"u{number}", f"s{number}", {}, "CONFIRMED", 0.0, 0.0))
            def walked_over():
                chunks = [each for each in gc.get_objects(generation=0) if type(each) is _Chunk]
                return sum(map(len, chunks))
            def after_portions(name):
                found = []
                while not table.take_in(name, 2000):
                    found.append(walked_over())
                return [*found, walked_over()]
            print(after_portions("username"))
            server.settle_garbage_collector()
            print(after_portions("sub"))
        """
        out = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        assert out == "[2000, 4000, 6000]\n[2000, 4000, 0]\n"

    def test_can_spare_the_garbage_collector_its_walks(self):
        program = "import gc; from cogmock.httpd.server import *; settle_garbage_collector(); print(gc.get_freeze_count() > 1000, gc.get_threshold()[0])"
        out = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        assert out == "True 50000\n"
