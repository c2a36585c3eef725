"""The triggers around every sign-in: one before the first proof, one after the last."""

from __future__ import annotations

from cogmock.core.triggers import events
from cogmock.userpools.sign_in.attempt import SignIn

TOKENS = {
    "NEW_PASSWORD_REQUIRED": "NewPasswordChallenge",
    "DEVICE_PASSWORD_VERIFIER": "AuthenticateDevice",
}
"""The last challenge → the source of the pre token generation trigger, where it has one of its own."""


def before(sign_in: SignIn) -> None:
    """Whoever has no right name or password is seen by the function as well. The lock is given away meanwhile."""
    request = events.about(sign_in.pool, sign_in.client, sign_in.user)
    request["validationData"] = sign_in.validation or None
    _fire(sign_in, "PreAuthentication", request)


def after(sign_in: SignIn, *, new_device: bool) -> None:
    """Only after success, and not when tokens are refreshed. The lock is given away meanwhile."""
    attributes = events.user_attributes(sign_in.pool, sign_in.known())
    request = {"userAttributes": attributes, "newDeviceUsed": new_device}
    _fire(sign_in, "PostAuthentication", request, sign_in.metadata)


def token_source(sign_in: SignIn) -> str:
    """The last part of the trigger source by which the tokens of a sign-in by API are made."""
    last = next(reversed(sign_in.attempt.proven), "")  # nothing is, where an earlier sign-in proved enough
    return TOKENS.get(last, "Authentication")


def _fire(
    sign_in: SignIn, trigger: str, request: dict[str, object], metadata: dict[str, str] | None = None
) -> None:
    if not events.has(sign_in.pool, trigger):
        return
    events.fire(
        sign_in.call,
        sign_in.pool,
        f"{trigger}_Authentication",
        sign_in.attempt.username,
        request,
        client_id=sign_in.client.id,
        metadata=metadata,
    )
    sign_in.look_again()
