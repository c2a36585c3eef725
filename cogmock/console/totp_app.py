"""Sets up an authenticator app for a user, as the user would do it, without a phone."""

from __future__ import annotations

from typing import Any

from cogmock.console import pools_of
from cogmock.console.context import Context, Refused


def give(context: Context, pool: dict[str, Any], name: str) -> None:
    """The app is verified and preferred. MFA by apps is turned on in the pool, if it is off. Raises Refused."""
    if not pool["clients"]:
        raise Refused(
            400, "NoClient", "The user pool has no app client, and setting up an app needs a user's tokens."
        )
    place = pools_of.place(pool)
    _turn_on(context, pool)
    named = {"user_pool_id": pool["id"], "client_id": pool["clients"][0]["id"], "username": name}
    token = context.post("/tokens", named)["access_token"]
    context.act(place, "AssociateSoftwareToken", AccessToken=token)
    code = context.get("/totp", user_pool_id=pool["id"], username=name)["code"]
    context.act(place, "VerifySoftwareToken", AccessToken=token, UserCode=code)
    _prefer(context, pool, name, wanted=True)


def take_away(context: Context, pool: dict[str, Any], name: str) -> None:
    """The app is used no more. Raises Refused."""
    _prefer(context, pool, name, wanted=False)


def _prefer(context: Context, pool: dict[str, Any], name: str, *, wanted: bool) -> None:
    settings = {"Enabled": wanted, "PreferredMfa": wanted}
    context.act(
        pools_of.place(pool),
        "AdminSetUserMFAPreference",
        UserPoolId=pool["id"],
        Username=name,
        SoftwareTokenMfaSettings=settings,
    )


def _turn_on(context: Context, pool: dict[str, Any]) -> None:
    """What the pool has beside stays: SetUserPoolMfaConfig replaces all of it."""
    place = pools_of.place(pool)
    told = context.read(place, "GetUserPoolMfaConfig", UserPoolId=pool["id"])
    if told.get("SoftwareTokenMfaConfiguration", {}).get("Enabled"):
        return
    mode = told.get("MfaConfiguration", "OFF")
    wanted = told | {
        "SoftwareTokenMfaConfiguration": {"Enabled": True},
        "MfaConfiguration": "OPTIONAL" if mode == "OFF" else mode,
    }
    context.act(place, "SetUserPoolMfaConfig", UserPoolId=pool["id"], **wanted)
