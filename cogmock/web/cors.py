"""CORS headers, as AWS sends them."""

from __future__ import annotations

from typing import Any

EVERYWHERE = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"),
]


def preflight(environ: dict[str, Any]) -> list[tuple[str, str]]:
    """Allows the method and the headers that the browser asks for, as AWS does."""
    return [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD", "POST")),
        ("Access-Control-Allow-Headers", environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "*")),
        ("Access-Control-Max-Age", "172800"),
        ("Content-Length", "0"),
    ]
