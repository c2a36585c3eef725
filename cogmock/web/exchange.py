"""One request and its outcome: makes the call, turns exceptions into errors, and writes journal and log.

The JSON and query APIs, the proxy and the pools' domains all use it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from cogmock.core.call import Call
from cogmock.core.journal import Entry
from cogmock.core.keeper import NotKept
from cogmock.core.world import World
from cogmock.errors import AwsError, RequestEntityTooLargeException, SerializationException
from cogmock.state.region import Region
from cogmock.web import place
from cogmock.web.log import log_call
from cogmock.web.replies import Environ, path_of

LARGEST = 10 * 1024 * 1024
"""Bytes that the body of a request may have."""

log = logging.getLogger("cogmock")


class Exchange:
    __slots__ = (
        "account",
        "began",
        "call",
        "environ",
        "error",
        "kind",
        "message",
        "operation",
        "outcome",
        "params",
        "reason",
        "region",
        "request_id",
        "service",
        "user_pool_id",
        "username",
        "world",
    )

    def __init__(self, world: World, environ: Environ, kind: str = "api") -> None:
        self.began = time.perf_counter()
        self.world = world
        self.environ = environ
        self.kind = kind
        """api, oauth or page."""
        self.request_id = world.entropy.uuid()
        self.service = self.operation = self.account = self.region = ""
        self.user_pool_id = self.username = self.outcome = ""
        """Set for requests at a domain, which have no parameters in the journal."""
        self.params: Any = None
        """As they were sent; they are masked when the journal is read."""
        self.call: Call | None = None
        self.error: str | None = None
        self.message: str | None = None
        self.reason: str | None = None

    def call_in(self, region: Region, principal: str | None = None) -> Call:
        """The call that the request makes; `principal` is the access key id that signed it."""
        environ = self.environ
        self.account, self.region = region.account, region.name
        self.call = Call(
            self.world,
            region,
            self.request_id,
            origin=place.origin(environ),
            source_ip=environ.get("REMOTE_ADDR", "127.0.0.1"),
            user_agent=environ.get("HTTP_USER_AGENT", ""),
            principal=principal,
        )
        return self.call

    def run(
        self, internal: Callable[..., AwsError], answer: Callable[..., bytes], *arguments: Any
    ) -> bytes | AwsError:
        """The body that `answer` returns, or the error for the caller. Unexpected exceptions are logged.

        `internal` makes the error of a fault of ours from its reason.
        """
        try:
            return answer(self, *arguments)
        except AwsError as refused:
            error = refused.detached()
        except NotKept as failure:
            error = internal(reason=str(failure))
        except Exception:  # the caller must get an answer, and the log the trace
            log.exception("%s failed inside cogmock; please report it", self.operation or "a request")
            error = internal(reason="a fault of cogmock; the log has its trace")
        self.error, self.message, self.reason = error.code, error.message, error.reason
        return error

    def finish(self, status: int, milliseconds: float | None = None) -> None:
        """Writes the entry of the journal and the line of the log."""
        call, environ = self.call, self.environ
        path = environ.get("PATH_INFO")
        # By position, in the order of Entry's fields: by name it would take twice as long, and every call comes here.
        entry = Entry(
            0,
            call.now if call else self.world.clock.now(),
            self.request_id,
            self.service,
            self.operation,
            self.account,
            self.region,
            self.params,
            status,
            self.error,
            self.message,
            self.reason or (call.reason if call else None),
            (time.perf_counter() - self.began) * 1000 if milliseconds is None else milliseconds,
            call.triggers if call else [],
            self.kind,
            environ.get("REQUEST_METHOD", ""),
            "/" if path == "/" else path_of(environ),
            self.user_pool_id,
            self.username,
            self.outcome,
        )
        self.world.journal.keep(entry)
        log_call(self.world, entry)


def body_of(environ: Environ) -> bytes:
    """The bytes of a request. Raises RequestEntityTooLargeException, SerializationException."""
    stream = environ["wsgi.input"]
    if "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated"):
        body: bytes = stream.read(LARGEST + 1)  # other servers pass on a chunked body without its length
        length = len(body)
    else:
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            raise SerializationException("Content-Length is no number.") from None
        body = stream.read(length) if 0 < length <= LARGEST else b""
    if length > LARGEST:
        raise RequestEntityTooLargeException
    return body
