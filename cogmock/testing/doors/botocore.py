"""Patches the HTTP session class of botocore (and so boto3): it serves clients made before the mock started, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.testing.doors import Patch
from cogmock.testing.transport import ask, claim


def patches(httpsession: Any) -> Iterator[Patch]:
    yield "URLLib3Session.send", lambda original: _send(original, httpsession)


def _send(original: Any, httpsession: Any) -> Any:
    response_class = httpsession.botocore.awsrequest.AWSResponse

    def send(self: Any, request: Any) -> Any:
        run = claim(request.url)
        if run is None:
            return original(self, request)
        status, _, headers, body = ask(
            run, request.method, request.url, _fields(request.headers), request.body
        )
        response = response_class(request.url, status, dict(headers), None)
        response._content = body  # preset, so nothing is streamed
        return response

    return send


def _fields(headers: Any) -> Any:
    """What `headers.items()` gives, ten times faster: botocore looks each name up anew."""
    try:
        return [(name._key, value) for name, value in headers._dict.items()]
    except AttributeError:
        return headers.items()
