"""Bytes that are no proper HTTP requests, or barely."""

from __future__ import annotations

from scripts.fuzzer.values import Values

LINES = (
    b"GET / HTTP/1.1",
    b"POST / HTTP/1.1",
    b"GET  /  HTTP/1.1",
    b"GET /",
    b"GET / HTTP/9.9",
    b"GET / HTTP/1.0",
    b"BREW /pot HTTP/1.1",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0",
    b"GET http://localhost/ HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"CONNECT localhost:443 HTTP/1.1",
    b"GET /\x00 HTTP/1.1",
    b"GET /\xff\xfe HTTP/1.1",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1",
    b"GET //login?client_id=%zz HTTP/1.1",
    b"",
)
HEADERS = (
    b"Host: localhost",
    b"Host: localhost",
    b"Host:",
    b"Host: a\x00b",
    b"Content-Length: 5",
    b"Content-Length: -1",
    b"Content-Length: +5",
    b"Content-Length: 99999999999999999999",
    b"Content-Length: 5, 6",
    b"Content-Length: 0x5",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding : chunked",
    b"Transfer-Encoding: xchunked",
    b"Expect: 100-continue",
    b"Connection: keep-alive, close, x",
    b"Connection: upgrade\r\nUpgrade: websocket",
    b"X-Amz-Target: AWSCognitoIdentityProviderService.ListUserPools",
    b"Authorization: " + b"Credential=" * 400,
    b"Cookie: " + b"a=b; " * 500,
    b"X: " + b"y" * 70_000,
    b" folded",
    b"No colon",
    b": empty",
    b"X\x01: y",
    b"A: b\nC: d",
    b"A: b\rC: d",
)
BODIES = (
    b"",
    b"hello",
    b'{"MaxResults": 1}',
    b"5\r\nhello\r\n0\r\n\r\n",
    b"5\r\nhel",
    b"zz\r\nhello\r\n0\r\n\r\n",
    b"FFFFFFFFFFFFFFFFF\r\nx",
    b"5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
    b"-1\r\n\r\n",
    b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\r\n" * 50,
    b"\x00" * 500,
)


def request(values: Values) -> bytes:
    """Anything that a socket may bring."""
    chance = values.chance
    if chance.random() < 0.1:
        return chance.randbytes(chance.choice((1, 10, 200, 3000)))
    lines = [chance.choice(LINES), *chance.choices(HEADERS, k=chance.choice((0, 1, 2, 3, 5, 120)))]
    end = chance.choice((b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"))
    sent = end.join(lines) + end * 2 + chance.choice(BODIES)
    if chance.random() < 0.2:
        sent = sent[: chance.randrange(len(sent) + 1)]
    return sent * chance.choice((1, 1, 1, 2, 5))
