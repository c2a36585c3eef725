"""Bodies in the aws-chunked encoding. Their chunk signatures are checked here, for the server behind has other keys."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import replace

from cogmock.protect.request import ProxyRequest, Refusal
from cogmock.wire import sigv4

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
_HEAD = re.compile(rb"([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?")


def decoded(request: ProxyRequest, secret: str) -> ProxyRequest:
    """The request with a plain body. Raises Refusal if the chunks cannot be read or a chunk signature is wrong."""
    declared = request.header("x-amz-content-sha256") or ""
    if not declared.startswith("STREAMING-"):
        return request
    pieces = list(_pieces(request.body))
    if declared.startswith(SIGNED):
        _check(request, secret, pieces)
    codings = [part.strip() for part in (request.header("content-encoding") or "").split(",")]
    left = [coding for coding in codings if coding and coding != "aws-chunked"]
    gone = {"x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-trailer", "content-encoding"}
    headers = {name: value for name, value in request.headers.items() if name not in gone}
    if left:
        headers["content-encoding"] = ",".join(left)
    return replace(request, body=b"".join(data for data, _ in pieces), headers=headers | _trailers(request))


def _pieces(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Data and signature of each chunk, including the empty last one, which is signed too."""
    at = 0
    while True:
        end = body.find(b"\r\n", at)
        head = _HEAD.fullmatch(body[at:end]) if end >= 0 else None
        if head is None:
            raise Refusal("chunks")
        size, start = int(head[1], 16), end + 2
        if start + size > len(body):
            raise Refusal("chunks")
        yield body[start : start + size], head[2] or b""
        if size == 0:
            return
        at = start + size + 2


def _trailers(request: ProxyRequest) -> dict[str, str]:
    """The checksum that follows the body, as a header."""
    named = request.header("x-amz-trailer")
    if not named:
        return {}
    found = {}
    for line in (b"\r\n" + request.body).rpartition(b"\r\n0")[2].decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon and name.strip().lower() == named.strip().lower():
            found[name.strip().lower()] = value.strip()
    return found


def _check(request: ProxyRequest, secret: str, pieces: list[tuple[bytes, bytes]]) -> None:
    """Each signature covers the one before (S3 API reference: signature calculations, chunked upload)."""
    signed = sigv4.Signed(request.method, request.path, request.query, request.header, request.body)
    claim = sigv4.read(signed)
    if claim is None:
        raise Refusal("signature")
    key = f"AWS4{secret}".encode()
    for part in (claim.date, claim.region, claim.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    before = claim.signature
    for data, signature in pieces:
        text = "\n".join(
            (
                f"{sigv4.ALGORITHM}-PAYLOAD",
                claim.time,
                claim.scope,
                before,
                sigv4.EMPTY,
                hashlib.sha256(data).hexdigest(),
            )
        )
        before = hmac.digest(key, text.encode(), "sha256").hex()
        if not hmac.compare_digest(before.encode(), signature):
            raise Refusal("signature")
