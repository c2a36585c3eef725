"""What a call was about: the user pool and the user that its parameters name."""

from __future__ import annotations

from typing import Any

from cogmock.core.journal import LONGEST_NAME, Entry
from cogmock.core.world import World
from cogmock.crypto import jws

ANSWERS = ("AuthParameters", "ChallengeResponses")


def user_pool_id(world: World, entry: Entry) -> str:
    """The pool that the call named, by its id, by a token or by a client that still exists; "" without one."""
    parameters = _parameters(entry)
    named = entry.user_pool_id or str(parameters.get("UserPoolId") or "")
    if named:
        return named
    claims = _claims(parameters)
    if claims:
        return str(claims.get("iss", "")).rpartition("/")[2]
    found = world.find_client(str(parameters.get("ClientId", "")))
    return found[1].pool_id if found else ""


def username(entry: Entry) -> str:
    """The user that the call named; "" without one."""
    parameters = _parameters(entry)
    for answers in ANSWERS:
        if isinstance(parameters.get(answers), dict) and parameters[answers].get("USERNAME"):
            return str(parameters[answers]["USERNAME"])[:LONGEST_NAME]
    named = entry.username or parameters.get("Username") or _claims(parameters).get("username")
    return str(named or "")[:LONGEST_NAME]


def _parameters(entry: Entry) -> dict[str, Any]:
    return entry.parameters if isinstance(entry.parameters, dict) else {}


def _claims(parameters: dict[str, Any]) -> dict[str, Any]:
    """The claims of an access token in the parameters, which need not be valid."""
    try:
        return jws.peek(parameters["AccessToken"]).claims if "AccessToken" in parameters else {}
    except jws.InvalidToken:
        return {}
