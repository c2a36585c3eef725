"""Patches the connection pools of urllib3, for libraries that use it directly."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from http.client import HTTPMessage
from typing import Any

from cogmock.testing.doors import Patch
from cogmock.testing.transport import Answer, ask, claim


def patches(_: Any) -> Iterator[Patch]:
    yield "HTTPConnectionPool.urlopen", _urlopen


def _urlopen(original: Any) -> Any:
    def urlopen(
        self: Any, method: str, url: str, body: Any = None, headers: Any = None, *args: Any, **kw: Any
    ) -> Any:
        target = url if url.startswith("http") else f"{self.scheme}://{self.host}{url}"
        run = claim(target)
        if run is None:
            return original(self, method, url, body, headers, *args, **kw)
        sent = self.headers if headers is None else headers
        answer = ask(run, method, target, sent.items(), body)
        response = response_of(answer, method, url, preload=kw.get("preload_content", True))
        location = kw.get("redirect", True) and not args and response.get_redirect_location()
        return (
            response if not location else _redirected(self, urlopen, response, method, location, headers, kw)
        )

    return urlopen


def _redirected(
    pool: Any, urlopen: Any, response: Any, method: str, location: str, headers: Any, kw: Any
) -> Any:
    """As urllib3 itself follows within one host: a 303 is fetched by GET, and retries are counted."""
    retries = sys.modules["urllib3.util.retry"].Retry.from_int(
        kw.get("retries"), redirect=True, default=pool.retries
    )
    retries = retries.increment(method, location, response=response, _pool=pool)
    follow = "GET" if response.status == 303 else method
    return urlopen(pool, follow, location, None, headers, **kw | {"retries": retries})


def response_of(answer: Answer, method: str, url: str, *, preload: bool) -> Any:
    module = sys.modules["urllib3.response"]
    return module.HTTPResponse(
        body=io.BytesIO(answer.body),
        headers=sys.modules["urllib3._collections"].HTTPHeaderDict(answer.headers),
        status=answer.status,
        reason=answer.reason,
        version=11,
        preload_content=preload,
        decode_content=False,
        original_response=_Original(answer.headers),
        request_method=method,
        request_url=url,
    )


class _Original:
    """What `requests` reads cookies from."""

    def __init__(self, headers: list[tuple[str, str]]) -> None:
        self.msg = HTTPMessage()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        pass
