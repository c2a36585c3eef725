"""What the functions of triggers may answer: the fields of each response, and what they take."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Response = dict[str, Any]
Kind = Callable[[Any], Any]


class Wrong(Exception):
    """A value of another type than the trigger takes."""


def flag(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise Wrong


def text(value: Any) -> str | None:
    """Numbers and truth values pass for texts, as a Java service reads them (inferred)."""
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
    """A list of texts."""
    if value is None:
        return None
    if not isinstance(value, list):
        raise Wrong
    return [of for of in map(text, value) if of is not None]


def text_map(value: Any) -> dict[str, str] | None:
    """Name → text. What is null is left out."""
    pairs = {name: text(of) for name, of in (document(value) or {}).items()}
    return None if value is None else {name: of for name, of in pairs.items() if of is not None}


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
"""Trigger → the fields of its response, and what each takes."""
