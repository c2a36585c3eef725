"""The triggers of a sign-in: PreAuthentication before the first factor, PostAuthentication after the last."""

from __future__ import annotations

from cogmock.core.triggers import events
from cogmock.userpools.sign_in.attempt import SignIn

TOKENS = {
    "NEW_PASSWORD_REQUIRED": "NewPasswordChallenge",
    "DEVICE_PASSWORD_VERIFIER": "AuthenticateDevice",
}
"""The last challenge → the trigger source of the pre token generation trigger, if it is not the usual one."""


def before(sign_in: SignIn) -> None:
    """Runs before the password is checked, so also for wrong ones. The lock is released while it runs."""
    request = events.about(sign_in.pool, sign_in.client, sign_in.user)
    request["validationData"] = sign_in.validation or None
    _fire(sign_in, "PreAuthentication", request)


def after(sign_in: SignIn, *, new_device: bool) -> None:
    """Runs after a successful sign-in, not when tokens are refreshed. The lock is released while it runs."""
    attributes = events.user_attributes(sign_in.pool, sign_in.known())
    request = {"userAttributes": attributes, "newDeviceUsed": new_device}
    _fire(sign_in, "PostAuthentication", request, sign_in.metadata)


def token_source(sign_in: SignIn) -> str:
    """The last part of the trigger source for the tokens of a sign-in by API."""
    last = next(reversed(sign_in.attempt.proven), "")  # empty if an earlier sign-in proved enough
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
