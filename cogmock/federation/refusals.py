"""The error of a sign-in that failed at an identity provider, as it is sent to the application's callback."""

from __future__ import annotations


class FederationRefused(Exception):
    """`error` and `description` become parameters of the callback; `reason` is only logged."""

    def __init__(
        self, description: str, *, error: str = "invalid_request", reason: str | None = None
    ) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.reason = reason
