"""Parses with httptools, the Python bindings of llhttp. Used wherever it is installed."""

from __future__ import annotations

import httptools

from cogmock.httpd.reader import Environ, Reader, RequestRefused


class HttptoolsReader(Reader):
    def __init__(self, base: Environ, max_head: int, max_body: int) -> None:
        super().__init__(base, max_head, max_body)
        self._parser = httptools.HttpRequestParser(self)

    def close(self) -> None:
        del self._parser

    def _parse(self, data: bytes) -> None:
        try:
            while data:
                try:
                    self._parser.feed_data(data)
                    break
                except httptools.HttpParserUpgrade as upgrade:
                    data = self._without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserCallbackError as error:
            raise error.__context__ or error from None
        except httptools.HttpParserError as error:
            raise RequestRefused(400, f"Malformed HTTP request: {error}") from None

    def _without_upgrade(self, rest: bytes) -> bytes:
        """Java's HttpClient offers h2c with every request. llhttp then takes the body for the new protocol.

        An offer may be ignored (RFC 9110 7.8), so the same head is read again without it, by a new parser.
        """
        del self._environ["HTTP_UPGRADE"]
        self._parser = httptools.HttpRequestParser(self)
        return _head_of(self._environ) + rest

    def on_headers_complete(self) -> None:
        parser = self._parser
        method = parser.get_method().decode("ascii")
        self._head_is_complete(method, parser.get_http_version(), keep_alive=parser.should_keep_alive())

    def on_message_complete(self) -> None:
        if not self._parser.should_upgrade():
            super().on_message_complete()


def _head_of(environ: Environ) -> bytes:
    lines = ["{REQUEST_METHOD} {REQUEST_URI} {SERVER_PROTOCOL}".format_map(environ)]
    for key, value in environ.items():
        if key.startswith(("HTTP_", "CONTENT_")):
            lines.append(f"{key.removeprefix('HTTP_').replace('_', '-')}: {value}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
