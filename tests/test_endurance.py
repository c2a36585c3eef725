"""`make fuzz` and `make soak`, in short: a server of its own process withstands both, and both tell faults."""

from __future__ import annotations

import re
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path

import pytest
from support.waiting import until

from scripts import fuzz, soak
from scripts.fuzzer.values import Values
from scripts.lives import Connection, Shop, Wrong, life
from scripts.served import TRACE, Served, served

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def server():
    with served() as running:
        yield running


@pytest.mark.timeout(400)  # a minute where the machine is loaded
def test_random_requests_cause_no_fault(server):
    told = []
    assert fuzz.run(server, 4000, 7, told=told.append) == []
    statuses = next(line for line in told if line.startswith("statuses"))
    for status in ("200", "302", "400", "403", "404"):
        assert f" {status} " in statuses


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_a_seed_repeats_its_requests(kind):
    maker = fuzz.MAKERS.get(kind, fuzz.raw.request)
    one, two, other = Values(5), Values(5), Values(6)
    first = [maker(one) for _ in range(50)]
    assert first == [maker(two) for _ in range(50)]
    assert first != [maker(other) for _ in range(50)]


class TestFaultsThatAreTold:
    """By a server that has them."""

    BAD = {
        "a status of 5xx": b"HTTP/1.1 500 x\r\nContent-Length: 2\r\n\r\nno",
        "a long line": b"HTTP/1.1 400 x\r\nX: " + b"y" * 9000 + b"\r\nContent-Length: 0\r\n\r\n",
        "no JSON": b"HTTP/1.1 200 x\r\nContent-Length: 3\r\n\r\n{a}",
        "no answer": b"",
    }

    @pytest.mark.parametrize("sent", BAD.values(), ids=BAD)
    def test_an_answer(self, sent):
        import socket

        listener = socket.create_server(("127.0.0.1", 0))

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(1_000_000)
                connection.sendall(sent)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        fake = Served(None, f"http://localhost:{listener.getsockname()[1]}", Path("/dev/null"))
        run = fuzz.Run(fake, 1, "json")
        run.play(1)
        run.close()
        listener.close()
        assert len(run.faults) == 1

    def test_a_trace_in_the_log(self, tmp_path):
        log = tmp_path / "log"
        log.write_text(
            '12:00:00 fine\nTraceback (most recent call last):\n  File "a"\n    b\nKeyError: 1\n12:00:01 x\n'
        )
        assert TRACE.findall(log.read_text())
        (told,) = Served(None, "http://localhost:1", log).traces()
        assert told.endswith("KeyError: 1")


def test_a_short_soak_has_no_error(server, capsys):
    assert soak.run(server, 0.04, 8, 0, 1)
    assert re.search(r"\d{2,} requests, 0 errors", capsys.readouterr().out)


def test_a_life_with_many_wrong_passwords_is_not_locked_out(server):
    class Unlucky:
        def choices(self, acts, **_):
            sign_in, *_, refusals = acts
            return [*[refusals] * 6, sign_in]

    door = Connection(server.port, lambda request: request())
    life(door, Shop(door), "ada@example.com", Unlucky())
    door.close()


@pytest.mark.parametrize("times", [[], [0.25], [0.25, 0.25]])
def test_the_soak_tells_of_few_requests_too(capsys, times):
    recorder = soak.Recorder(0)
    recorder.minute = times
    soak._line(3, recorder, 40.0, 3)
    milliseconds = ["250.0" if times else "0.0"] * 3
    assert capsys.readouterr().out.split() == ["3", str(len(times)), *milliseconds, "0", "40.0", "3"]


def test_the_soak_tells_an_answer_that_should_be_another(server):
    door = Connection(server.port, lambda request: request())
    shop = Shop(door)
    with pytest.raises(Wrong, match="UserNotFoundException"):
        door.call("AdminGetUser", UserPoolId=shop.pool, Username="nobody")
    with pytest.raises(Wrong):
        door.call("DescribeUserPool", refused="ResourceNotFoundException", UserPoolId=shop.pool)
    door.ask("POST", "/_cogmock/reset", "{}", **{"Content-Type": "application/json"})
    door.close()


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the allocator of other systems is not settled"
)
def test_memory_of_large_requests_is_given_back():
    def send(port):
        http = HTTPConnection("127.0.0.1", port)
        for _ in range(2):
            http.request("POST", "/?Action=GetCallerIdentity&Version=2011-06-15", b"a=%41" * 1_900_000)
            http.getresponse().read()
        http.close()

    with served() as fresh:  # one that has served others has grown already
        before = fresh.mebibytes()
        threads = [threading.Thread(target=send, args=(fresh.port,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # The server's own threads may still be at the end of their connections.
        until(lambda: fresh.mebibytes() < before + 40)
