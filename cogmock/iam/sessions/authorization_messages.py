"""Encoded authorization messages: details of a refusal, for DecodeAuthorizationMessage."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from typing import Any

from cogmock.core.entropy import Entropy
from cogmock.crypto import sealed
from cogmock.errors import InvalidAuthorizationMessageException
from cogmock.iam.policy import Decision, Matched
from cogmock.state.account import Account

LONGEST = 10240
"""Characters that DecodeAuthorizationMessage accepts (service model)."""
LARGEST = 1024 * 1024
"""Bytes that a message may have when it is decompressed."""
_ABOUT = "authorization message"


def encode(account: Account, entropy: Entropy, decision: Decision, principal_id: str) -> str | None:
    """The message of a refusal; None where it would be too long to be decoded again."""
    if not account.seal_key:
        account.seal_key = entropy.bytes(32)
    text = json.dumps(_content(decision, principal_id), separators=(",", ":"))
    body = sealed.seal(
        account.seal_key, zlib.compress(text.encode()) + b"\x01", _ABOUT, entropy.bytes(sealed.NONCE)
    )
    message = base64.urlsafe_b64encode(body).decode().rstrip("=")
    return message if len(message) <= LONGEST else None


def decode(account: Account, message: str) -> str:
    """The JSON text. Raises InvalidAuthorizationMessageException, also for messages of another account."""
    try:
        body = base64.b64decode(message + "=" * (-len(message) % 4), altchars=b"-_", validate=True)
        packed = sealed.unseal(account.seal_key, body, _ABOUT)[:-1]
        return zlib.decompressobj().decompress(packed, LARGEST).decode()
    except (ValueError, zlib.error):
        raise InvalidAuthorizationMessageException("Message is not valid") from None  # inferred: the text


def _content(decision: Decision, principal_id: str) -> dict[str, Any]:
    """The members that AWS's own example has (IAM guide: DecodeAuthorizationMessage)."""
    request = decision.request
    return {
        "allowed": decision.allowed,
        "explicitDeny": decision.decision == "explicitDeny",
        "matchedStatements": {"items": [_statement(match, principal_id) for match in decision.matched]},
        "failures": {"items": []},
        "context": {
            "principal": {"id": principal_id, "arn": request.caller.arn},
            "action": request.action,
            "resource": request.resource,
            "conditions": {
                "items": [
                    {"key": key, "values": _items([value] if isinstance(value, str) else value)}
                    for key, value in request.context.items()
                ]
            },
        },
    }


def _statement(match: Matched, principal_id: str) -> dict[str, Any]:
    statement = match.statement
    return {
        "statementId": statement.sid or "",
        "effect": statement.effect.upper(),
        "principals": _items([principal_id.partition(":")[0]]),
        "principalGroups": {"items": []},
        "actions": _items(statement.actions.written),
        "resources": _items(statement.resources.written if statement.resources else ()),
        "conditions": {
            "items": [{"key": each.key, "values": _items(each.wanted)} for each in statement.conditions]
        },
    }


def _items(values: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    return {"items": [{"value": value} for value in values]}
