"""Parses with h11, which is pure Python: for platforms without a wheel of httptools."""

from __future__ import annotations

import re

import h11

from cogmock.httpd.reader import Environ, Reader, RequestRefused

_LOOSE_LINE = re.compile(rb"(?<!\r)\n|\r(?=[^\n])|\n[ \t]")
"""h11 accepts a bare LF as line end and unfolds folded lines. llhttp refuses both, and so does this reader."""


class H11Reader(Reader):
    def __init__(self, base: Environ, max_head: int, max_body: int) -> None:
        super().__init__(base, max_head, max_body)
        self._head = b""
        self._connection: h11.Connection | None = None

    def close(self) -> None:
        self._connection = None

    def _parse(self, data: bytes) -> None:
        try:
            while data:
                data = self._message(data) if self._connection else self._collect_head(data)
        except h11.RemoteProtocolError as error:
            error.__traceback__ = None  # h11's frames hold the error itself: a cycle
            raise RequestRefused(error.error_status_hint, f"Malformed HTTP request: {error}") from None

    def _collect_head(self, data: bytes) -> bytes:
        self._head = (self._head + data).lstrip(b"\r\n")
        end = self._head.find(b"\r\n\r\n")
        if _LOOSE_LINE.search(self._head, 0, end + 2 if end >= 0 else len(self._head)):
            self._refuse(400, "Malformed HTTP request: a line of the head ends or begins wrongly")
        self.under_way = bool(self._head)
        if end < 0:
            return b""
        # One h11 connection for each request: h11's own request cycle would have to write the responses too.
        self._connection = h11.Connection(h11.SERVER, max_incomplete_event_size=2 * self._max_head)
        data, self._head = self._head, b""
        return data

    def _message(self, data: bytes) -> bytes:
        connection = self._connection
        assert connection is not None  # noqa: S101 - for the type checker: _parse has looked
        connection.receive_data(data)
        while (event := connection.next_event()) is not h11.NEED_DATA:
            if isinstance(event, h11.Request):
                self._on_request(event)
            elif isinstance(event, h11.Data):
                self.on_body(bytes(event.data))
            else:
                self._connection = None
                self.on_message_complete()
                return connection.trailing_data[0]
        return b""

    def _on_request(self, event: h11.Request) -> None:
        self.on_message_begin()
        self.on_url(event.target)
        for name, value in event.headers:
            self.on_header(name, value)
        version = event.http_version.decode("ascii")
        wishes = [wish.strip() for wish in self._environ.get("HTTP_CONNECTION", "").lower().split(",")]
        keep_alive = "close" not in wishes if version == "1.1" else "keep-alive" in wishes
        self._head_is_complete(event.method.decode("ascii"), version, keep_alive=keep_alive)
