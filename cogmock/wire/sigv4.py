"""Signature Version 4: reads the signature of a request, and computes what it must be.

Both forms are known, the Authorization header and the presigned query.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote

ALGORITHM = "AWS4-HMAC-SHA256"
EMPTY = hashlib.sha256(b"").hexdigest()
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=([^,\s]+)\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]+)"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a signed request says of its signature. `token` is the session token; `expires` only a presigned one has."""

    key_id: str
    date: str
    region: str
    service: str
    headers: tuple[str, ...]
    signature: str
    time: str
    token: str | None
    expires: int | None

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"

    @property
    def presigned(self) -> bool:
        return self.expires is not None

    def seconds(self) -> float | None:
        """When it was signed; None where the time is no time."""
        try:
            return datetime.strptime(self.time, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Signed:
    """The parts of a request that a signature covers. `path` is as it was sent, percent signs and all."""

    method: str
    path: str
    query: str
    header: Callable[[str], str | None]
    payload: bytes


def read(request: Signed) -> Claim | None:
    """The claimed signature; None where there is none that can be read."""
    found = _HEADER.match(request.header("authorization") or "")
    if found:
        time = request.header("x-amz-date") or ""
        token = request.header("x-amz-security-token")
        return _claim(found[1], found[2], found[3], time, token, None)
    given = dict(parse_qsl(request.query, keep_blank_values=True))
    if given.get("X-Amz-Algorithm") != ALGORITHM:
        return None
    seconds = given.get("X-Amz-Expires", "")
    return _claim(
        given.get("X-Amz-Credential", ""),
        given.get("X-Amz-SignedHeaders", ""),
        given.get("X-Amz-Signature", ""),
        given.get("X-Amz-Date", ""),
        given.get("X-Amz-Security-Token"),
        int(seconds) if re.fullmatch(r"\d{1,7}", seconds, re.ASCII) else 0,
    )


def matches(request: Signed, claim: Claim, secret: str) -> bool:
    """Whether this secret made the signature. Says nothing of its age."""
    return hmac.compare_digest(signature(request, claim, secret).encode(), claim.signature.encode())


def signature(request: Signed, claim: Claim, secret: str) -> str:
    """The signature that the secret makes of the request."""
    canonical = hashlib.sha256(canonical_request(request, claim).encode()).hexdigest()
    text = f"{ALGORITHM}\n{claim.time}\n{claim.scope}\n{canonical}"
    key = f"AWS4{secret}".encode()
    for part in (claim.date, claim.region, claim.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def canonical_request(request: Signed, claim: Claim) -> str:
    """The text that is signed (AWS reference: create a signed request)."""
    headers = "".join(f"{name}:{' '.join((request.header(name) or '').split())}\n" for name in claim.headers)
    return "\n".join(
        (
            request.method,
            _path(request.path, claim.service),
            _query(request.query),
            headers,
            ";".join(claim.headers),
            _payload_hash(request, claim),
        )
    )


def _claim(  # the parts of one signature
    credential: str, headers: str, signed: str, time: str, token: str | None, expires: int | None
) -> Claim | None:
    parts = credential.rsplit("/", 4)
    if len(parts) != 5 or parts[4] != "aws4_request":
        return None
    key_id, date, region, service, _ = parts
    return Claim(key_id, date, region, service, tuple(headers.split(";")), signed, time, token, expires)


def _path(path: str, service: str) -> str:
    """S3 signs the path as it is sent; other services tidy it, and encode it once more."""
    if service == "s3":
        return path or "/"
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in {"", "."}:
            parts.append(part)
    tidy = f"/{'/'.join(parts)}"
    return quote(f"{tidy}/" if parts and path.endswith("/") else tidy, safe="/-_.~")


def _query(query: str) -> str:
    pairs = [part.partition("=") for part in query.split("&") if part]
    encoded = [
        (
            quote(unquote(name.replace("+", " ")), safe="-_.~"),
            quote(unquote(value.replace("+", " ")), safe="-_.~"),
        )
        for name, _, value in pairs
        if name != "X-Amz-Signature"
    ]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def _payload_hash(request: Signed, claim: Claim) -> str:
    stated = request.header("x-amz-content-sha256")
    if stated is not None and (claim.service == "s3" or stated == UNSIGNED_PAYLOAD):
        return stated
    if claim.presigned and claim.service == "s3":
        return UNSIGNED_PAYLOAD
    return hashlib.sha256(request.payload).hexdigest()
