"""Both parsers, against each other: whatever comes, they see the same requests in it, however it was cut."""

import random

import pytest

from cogmock.httpd.reader_h11 import H11Reader
from cogmock.httpd.reader_httptools import HttptoolsReader

POST = b"POST /p?q=1 HTTP/1.1\r\nHost: x\r\n"
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
SEEDS = [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://h/p HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    POST + b"Content-Length: 3\r\n\r\nabc",
    POST + CHUNKS,
    POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + CHUNKS,
    POST + b"Content-Length: 5\r\n" + CHUNKS,
]
SPICE = [
    b"\r\n", b"\n", b"\r", b" ", b":", b"\0", b"\t", b"0", b",", b";", b"%", b"?", b"//", b"\xff", b"chunked",
    b"HTTP/1.0", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n",
    b"Connection: close\r\n", b"Upgrade: x\r\nConnection: upgrade\r\n",
]  # fmt: skip


def spoilt(chance):
    """One or two requests with something added, missing, changed or doubled."""
    data = bytearray(b"".join(chance.choices(SEEDS, k=chance.randint(1, 2))))
    for _ in range(chance.randint(0, 3)):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place:place] = chance.choice(SPICE)
            case 1:
                del data[place : place + chance.randint(1, 5)]
            case 2:
                data[place] = chance.randrange(256)
            case 3:
                data[place:place] = data[: chance.randint(0, len(data))]
    return bytes(data)


def requests_in(kind, pieces):
    """What a reader finds: the requests as WSGI would see them, and whether it refused what came after."""
    reader = kind({}, 20_000, 100_000)
    for piece in pieces:
        if piece and not reader.refusal:
            reader.feed(piece)
    found = [(*_visible(environ), keep_alive) for environ, keep_alive in reader.finished]
    return found, reader.refusal is not None


def _visible(environ):
    # llhttp's reader drops an offer to change protocols, which h11 leaves in place.
    texts = {key: value for key, value in environ.items() if isinstance(value, str) and key != "HTTP_UPGRADE"}
    return texts, environ["wsgi.input"].read()


@pytest.mark.parametrize("seed", range(4))
def test_both_parsers_see_the_same_requests_in_spoilt_bytes(seed):
    chance = random.Random(seed)
    whole = 0
    for _ in range(1500):
        data = spoilt(chance)
        cuts = sorted(chance.choices(range(len(data) + 1), k=chance.choice([0, 0, 1, 3])))
        pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
        ours, refused = requests_in(HttptoolsReader, pieces)
        theirs, refused_too = requests_in(H11Reader, pieces)
        seen_by_both = min(len(ours), len(theirs))
        assert ours[:seen_by_both] == theirs[:seen_by_both], data
        # One may be stricter than the other. What neither may do is to read on in another rhythm.
        assert len(ours) == len(theirs) or (refused if len(ours) < len(theirs) else refused_too), data
        assert requests_in(HttptoolsReader, [data])[0] == ours, data
        whole += seen_by_both
    assert whole > 500
