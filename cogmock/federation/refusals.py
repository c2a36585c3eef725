"""Why a sign-in at an identity provider fails, in the words that reach the app's callback."""

from __future__ import annotations


class FederationRefused(Exception):
    """`error` and `description` are parameters of the callback; `reason` is for the log alone."""

    def __init__(
        self, description: str, *, error: str = "invalid_request", reason: str | None = None
    ) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.reason = reason
