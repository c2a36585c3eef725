"""What a user signs in with and where from: factors, remembered devices and sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cogmock.console.context import Context, Place, Refused

FACTORS = {
    "PASSWORD": "password",
    "WEB_AUTHN": "passkey",
    "EMAIL_OTP": "code by e-mail",
    "SMS_OTP": "code by SMS",
    "SOFTWARE_TOKEN": "authenticator app",
}
"""Factor in AWS's words → ours."""
MOST = 60
"""Devices that are asked for; AWS's largest page."""


def of_user(context: Context, place: Place, named: dict[str, Any]) -> dict[str, Any]:
    """`sessions` is None where the pool does not track them. Raises Refused."""
    configured = context.read(place, "AdminGetUserAuthFactors", **named)["ConfiguredUserAuthFactors"]
    return {
        "factors": [FACTORS.get(factor, factor) for factor in configured],
        "devices": _devices(context, place, named),
        "sessions": _sessions(context, place, named),
    }


def _devices(context: Context, place: Place, named: dict[str, Any]) -> list[dict[str, Any]]:
    listed = context.read(place, "AdminListDevices", **named, Limit=MOST)["Devices"]
    return [
        {
            "key": each["DeviceKey"],
            "name": _attributes(each).get("device_name", ""),
            "status": _attributes(each).get("device_status", ""),
            "last": when(each.get("DeviceLastAuthenticatedDate")),
        }
        for each in listed
    ]


def _attributes(device: dict[str, Any]) -> dict[str, str]:
    return {each["Name"]: each.get("Value", "") for each in device.get("DeviceAttributes", ())}


def _sessions(context: Context, place: Place, named: dict[str, Any]) -> list[dict[str, Any]] | None:
    try:
        listed = context.read(place, "AdminListUserSessions", **named)["Sessions"]
    except Refused as refused:
        if refused.error == "OperationNotEnabledException":
            return None
        raise
    return [
        {
            "id": each["SessionId"],
            "kind": each.get("SessionType", ""),
            "client": each.get("ClientId"),
            "address": each.get("LastIPAddress", ""),
            "last": when(each.get("LastActiveDate")),
        }
        for each in listed
    ]


def when(seconds: float | None) -> str:
    """A time in UTC, to the second; "" for none."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S") if seconds is not None else ""
