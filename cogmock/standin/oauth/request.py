"""An authorization request that was read, and the error that its client is told (RFC 6749, 4.1.1 and 4.1.2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class ClientError(Exception):
    """An error that the client is told at its address."""

    def __init__(self, asked: AuthorizationRequest, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.asked = asked
        self.params = {"error": error, "error_description": description}


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    client_id: str
    redirect_uri: str
    response_type: frozenset[str]
    response_mode: str
    scopes: tuple[str, ...]
    state: str | None
    nonce: str | None
    challenge: str
    challenge_method: str
    params: Mapping[str, str]
    """All parameters, by their first value."""
