"""The fields that trigger functions may set in their response, and the type of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Response = dict[str, Any]
Kind = Callable[[Any], Any]


class Wrong(Exception):
    """A value of a wrong type."""


def flag(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise Wrong


def text(value: Any) -> str | None:
    """A string; numbers and booleans are converted to one. Raises Wrong for another type."""
    # inferred: AWS's service is written in Java, whose JSON reader does so.
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    if value is None or isinstance(value, str):
        return value
    raise Wrong


def document(value: Any) -> dict[str, Any] | None:
    if value is None or isinstance(value, dict):
        return value
    raise Wrong


def texts(value: Any) -> list[str] | None:
    """A list of strings; null entries are dropped, and null for the list is kept. Raises Wrong for another type."""
    if value is None:
        return None
    if not isinstance(value, list):
        raise Wrong
    return [item for item in map(text, value) if item is not None]


def text_map(value: Any) -> dict[str, str] | None:
    """Name → string; null values are dropped, and null for the map is kept. Raises Wrong for another type."""
    pairs = {name: text(item) for name, item in (document(value) or {}).items()}
    return None if value is None else {name: item for name, item in pairs.items() if item is not None}


FIELDS: dict[str, dict[str, Kind]] = {
    "PreSignUp": {"autoConfirmUser": flag, "autoVerifyEmail": flag, "autoVerifyPhone": flag},
    "CustomMessage": {"smsMessage": text, "emailMessage": text, "emailSubject": text},
    "DefineAuthChallenge": {"challengeName": text, "issueTokens": flag, "failAuthentication": flag},
    "CreateAuthChallenge": {
        "publicChallengeParameters": text_map,
        "privateChallengeParameters": text_map,
        "challengeMetadata": text,
    },
    "VerifyAuthChallengeResponse": {"answerCorrect": flag},
    "UserMigration": {
        "userAttributes": text_map,
        "forceAliasCreation": flag,
        "enableSMSMFA": flag,
        "finalUserStatus": text,
        "messageAction": text,
        "desiredDeliveryMediums": texts,
    },
    "InboundFederation": {"userAttributesToMap": document},
    "PreAuthentication": {},
    "PostAuthentication": {},
    "PostConfirmation": {},
}
"""Trigger → the fields of its response and their types."""
