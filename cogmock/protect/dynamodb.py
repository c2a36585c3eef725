"""DynamoDB behind the proxy: authorization by IAM policies, refusals in DynamoDB's format."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Any

from cogmock import foreign_json
from cogmock.protect import dynamodb_actions, forward
from cogmock.protect.callers import Caller
from cogmock.protect.request import Answer, ProxyRequest, Refusal

CONTENT_TYPE = "application/x-amz-json-1.0"
LONGEST = 16 * 1024 * 1024
"""Bytes of a request (BatchWriteItem's own limit)."""
REMEMBERED = 60.0
"""Seconds for which a table's key schema is cached. It cannot change during the life of a table."""
_FORGETS = frozenset(("CreateTable", "DeleteTable", "UpdateTable"))

Send = Callable[[ProxyRequest], Answer]

_CORAL = "com.amazon.coral.service#"
_REFUSALS = {
    "missing": (
        f"{_CORAL}MissingAuthenticationTokenException",
        "Request is missing Authentication Token",
    ),
    "key": (f"{_CORAL}UnrecognizedClientException", "The security token included in the request is invalid."),
    "token": (
        f"{_CORAL}UnrecognizedClientException",
        "The security token included in the request is invalid.",
    ),
    "expired": (f"{_CORAL}ExpiredTokenException", "The security token included in the request is expired"),
    "signature": (
        f"{_CORAL}InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
        "Access Key and signing method. Consult the service documentation for details.",
    ),
    "denied": (f"{_CORAL}AccessDeniedException", "Access denied."),
    "body": (f"{_CORAL}SerializationException", "The request could not be read."),
    "method": (f"{_CORAL}UnknownOperationException", ""),
    "too large": ("com.amazonaws.dynamodb.v20120810#ValidationException", "The request is too large."),
    "unreachable": (
        "com.amazonaws.dynamodb.v20120810#InternalServerError",
        "The server behind cannot be reached.",
    ),
}


class Schemas:
    """The partition keys of tables and indexes, read by DescribeTable from the server behind and cached."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[tuple[str, str, str], tuple[float, dict[str, str]]] = {}

    def forget(self) -> None:
        with self._lock:
            self._known.clear()

    def key(self, request: ProxyRequest, send: Send, table: str, index: str) -> str | None:
        """The name of the partition key; None if there is no such table or index."""
        at = (request.account, request.region, table)
        with self._lock:
            remembered = self._known.get(at)
        if remembered is None or remembered[0] < time.monotonic():
            remembered = time.monotonic() + REMEMBERED, _described(request, send, table)
            with self._lock:
                if len(self._known) > 1000:
                    self._known.clear()
                if remembered[1]:
                    self._known[at] = remembered
        return remembered[1].get(index)


def answer(request: ProxyRequest, caller: Caller, send: Send, schemas: Schemas) -> tuple[Answer, str]:
    """The answer and the name of the operation. Raises Refusal."""
    operation = (request.header("x-amz-target") or "").partition(".")[2]
    if request.method != "POST" or not operation.isalnum():
        raise Refusal("method")
    body, sent = _read(request.body)
    actions = dynamodb_actions.required(
        request, operation, body, lambda table, index: schemas.key(request, send, table, index)
    )
    for action in actions:
        decision = caller.decide(action)
        if not decision.allowed:
            raise Refusal("denied", decision.refusal(), decision.explain())
    if operation in _FORGETS:
        schemas.forget()
    # The parsed body is sent, not the original: the server behind might read a duplicate member differently.
    return send(replace(request, body=sent)), operation


def refused(refusal: Refusal, request_id: str) -> tuple[Answer, str]:
    """A refusal in DynamoDB's format, and its code."""
    code, words = _REFUSALS.get(refusal.kind, _REFUSALS["body"])
    # Errors of the layer in front of the service write Message with a capital M (seen in real responses).
    name = "Message" if code.startswith(_CORAL) else "message"
    body = json.dumps({"__type": code, name: refusal.message or words}).encode()
    status = 500 if refusal.kind == "unreachable" else 400
    headers = [
        ("Content-Type", CONTENT_TYPE),
        ("x-amzn-RequestId", request_id),
        ("x-amz-crc32", str(zlib.crc32(body))),
        ("Content-Length", str(len(body))),
    ]
    return Answer(status, headers, [body]), code.rpartition("#")[2]


def _described(request: ProxyRequest, send: Send, table: str) -> dict[str, str]:
    """Index → partition key. The table itself is under the empty name."""
    headers = {"content-type": CONTENT_TYPE, "x-amz-target": "DynamoDB_20120810.DescribeTable"}
    asked = json.dumps({"TableName": table}).encode()
    found = send(replace(request, headers=headers, body=asked, path="/", query=""))
    text = forward.whole(found)
    if found.status != 200:
        return {}
    described: dict[str, Any] = foreign_json.read(text)["Table"]
    schemas = [("", described["KeySchema"])]
    for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        schemas += [(index["IndexName"], index["KeySchema"]) for index in described.get(kind) or ()]
    return {
        name: next(part["AttributeName"] for part in schema if part["KeyType"] == "HASH")
        for name, schema in schemas
    }


def _read(body: bytes) -> tuple[dict[str, Any], bytes]:
    """The parameters, and the same serialized again."""
    try:
        content = foreign_json.read(body or b"{}", longest=LONGEST)
        sent = json.dumps(content).encode()
    except foreign_json.NotJson:
        raise Refusal("body") from None
    if not isinstance(content, dict):
        raise Refusal("body")
    return content, sent
