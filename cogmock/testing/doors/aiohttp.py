"""Patches the connector of aiohttp: the client gets a connection to the application instead of a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from cogmock.testing.active import Run
from cogmock.testing.doors import Patch
from cogmock.testing.transport import Answer, ask_async, claim


def patches(_: Any) -> Iterator[Patch]:
    yield "TCPConnector._create_connection", _create_connection


def _create_connection(original: Any) -> Any:
    async def _create_connection(self: Any, req: Any, *args: Any, **kwargs: Any) -> Any:
        run = claim(str(req.url))
        if run is None:
            return await original(self, req, *args, **kwargs)
        protocol = self._factory()
        protocol.connection_made(_Connection(protocol, run, f"{req.url.scheme}://{req.url.authority}"))
        return protocol

    return _create_connection


class _Connection(asyncio.Transport):
    """One request, one answer. It is never kept alive, since it must not outlive its mock."""

    def __init__(self, protocol: Any, run: Run, origin: str) -> None:
        super().__init__()
        import h11

        self._h11 = h11
        self._parser = h11.Connection(h11.SERVER)
        self._protocol = protocol
        self._run = run
        self._origin = origin
        self._request: Any = None
        self._body = b""
        self._closed = False
        self._answering: asyncio.Task[None] | None = None

    def write(self, data: Any) -> None:
        if self._closed:
            return
        self._parser.receive_data(bytes(data))
        while self._answering is None:
            event = self._parser.next_event()
            if isinstance(event, self._h11.Request):
                self._request = event
                if self._parser.they_are_waiting_for_100_continue:
                    self._protocol.data_received(b"HTTP/1.1 100 Continue\r\n\r\n")
            elif isinstance(event, self._h11.Data):
                self._body += bytes(event.data)
            elif isinstance(event, self._h11.EndOfMessage):
                self._answering = asyncio.ensure_future(self._answer())
            else:
                return

    async def _answer(self) -> None:
        request = self._request
        headers = [(name.decode("latin-1"), value) for name, value in request.headers]
        url = self._origin + request.target.decode("latin-1")
        try:
            answer = await ask_async(self._run, request.method.decode(), url, headers, self._body)
        except Exception as fault:  # noqa: BLE001  # whatever it is, the caller must see it, as it would in the other doors
            self._lose(fault)
            return
        if not self._closed:
            self._protocol.data_received(_written(answer, request.method))

    def is_closing(self) -> bool:
        return self._closed

    def close(self) -> None:
        self._lose(None)

    def abort(self) -> None:
        self._lose(None)

    def _lose(self, fault: Exception | None) -> None:
        if not self._closed:
            self._closed = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, fault)

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return 0


def _written(answer: Answer, method: bytes) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
    dropped = {"connection", "content-length", "transfer-encoding"}
    lines += [f"{name}: {value}" for name, value in answer.headers if name.lower() not in dropped]
    lines += [f"Content-Length: {len(answer.body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + (b"" if method == b"HEAD" else answer.body)
