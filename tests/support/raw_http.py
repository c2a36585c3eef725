"""A client of bare sockets for the HTTP server, and an application that echoes."""

import http.client
import io
import json
import socket
from dataclasses import replace

from cogmock.httpd.connection import Limits
from support.waiting import LONG

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


POST = b"POST / HTTP/1.1\r\nHost: x\r\n"


LIMITS = Limits(max_body=100_000, max_head=20_000, read_timeout=LONG)
QUICK = replace(LIMITS, read_timeout=0.4)
"""For clients that are to be found too slow. Any client may be, on a loaded machine."""


def echo(environ, start_response):
    """Returns the request's environ and body as JSON."""
    body = environ["wsgi.input"].read()
    asked = {key: value for key, value in environ.items() if isinstance(value, str)}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"environ": asked, "body": body.decode("latin-1")}).encode()]


class Stream(io.BufferedReader):
    """Ignores close() of http.client after an answer, because the next answer may already be in its buffer."""

    def close(self):
        pass


class Client:
    """A raw socket whose answers are read by http.client."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        self.stream = Stream(socket.SocketIO(self.socket, "r"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def answer(self, method="GET"):
        response = http.client.HTTPResponse(self, method=method)
        response.begin()
        response.content = response.read()
        return response

    def ask(self, data, method="GET"):
        self.send(data)
        return self.answer(method)

    def is_closed(self):
        return self.stream.read(1) == b""

    def makefile(self, _mode):
        return self.stream


def ask(server, data, method="GET"):
    with Client(server) as client:
        return client.ask(data, method)


def echoed(response):
    assert response.status == 200, response.content
    return json.loads(response.content)


def still_serves(server):
    return ask(server, GET).status == 200
