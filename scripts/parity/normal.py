"""Answers in a form that can be compared: what is different at every run becomes a placeholder."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

OPAQUE = frozenset(
    {"Session", "NextToken", "PaginationToken", "RefreshToken", "SecretKey", "SessionToken", "AccessKeyId"}
    | {"ClientSecret", "ClientSecretValue", "SecretCode", "SECRET_BLOCK", "SRP_B", "SALT"}
    | {"SecretAccessKey", "PackedPolicySize", "AssumedRoleId", "RoleId", "PolicyId", "UserId", "GroupId"}
)
"""Members whose values say nothing that can be compared, except whether they are there."""
TIMES = frozenset({"exp", "iat", "auth_time", "nbf"})
JWT = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+")
PATTERNS = [
    ("pool", re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]+\b")),
    ("identity", re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")),
    ("uuid", re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")),
    ("client", re.compile(r"\b(?=[a-z]*\d)[a-z0-9]{24,26}\b")),
    ("account", re.compile(r"(?<![\w-])\d{12}(?![\w-])")),
    ("time", re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?\b")),
]


class Normal:
    """The first pool of a scenario is `<pool 1>`, the second `<pool 2>`: the same id is the same placeholder."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, str]] = {}

    def of(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {str(key): self.of(part, str(key)) for key, part in sorted(value.items(), key=str)}
        if isinstance(value, list | tuple):
            return [self.of(part, name) for part in value]
        if isinstance(value, datetime) or (name in TIMES and isinstance(value, int | float)):
            return "<time>"
        if isinstance(value, bytes):
            return f"<{len(value)} bytes>"
        if name in OPAQUE and isinstance(value, str | int) and not isinstance(value, bool):
            return f"<{name}>"
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> Any:
        if JWT.fullmatch(text):
            return {"<JWT>": self._claims(text)}
        for kind, pattern in PATTERNS:
            text = pattern.sub(self._placeholder(kind), text)
        return text

    def _placeholder(self, kind: str) -> Callable[[re.Match[str]], str]:
        if kind == "time":
            return lambda _: "<time>"
        seen = self._seen.setdefault(kind, {})
        return lambda found: seen.setdefault(found[0], f"<{kind} {len(seen) + 1}>")

    def _claims(self, token: str) -> Any:
        header, claims = (
            json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
            for part in token.split(".")[:2]
        )
        header = {name: "<kid>" if name == "kid" else of for name, of in header.items()}
        issuer = str(claims.get("iss", "")).rpartition("/")[2]
        return self.of({"header": header, "claims": claims | {"iss": f"…/{issuer}"}})


def differences(one: Any, other: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Path, value on one side, value on the other. `MISSING` stands for a member that is not there."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = []
        for name in sorted({*one, *other}):
            inner = f"{path}.{name}" if path else name
            found += differences(one.get(name, MISSING), other.get(name, MISSING), inner)
        return found
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            found
            for index, pair in enumerate(zip(one, other, strict=True))
            for found in differences(*pair, f"{path}[{index}]")
        ]
    return [] if one == other else [(path, one, other)]


MISSING = "(missing)"
