"""Devices that users sign in with: the pool's settings for them, and which are confirmed."""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.errors import ResourceNotFoundException
from cogmock.state.user import Device, User
from cogmock.state.user_pool import UserPool
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

UNCONFIRMED = 86400
"""Seconds within which a new device has to be confirmed."""


def is_tracked(pool: UserPool) -> bool:
    """Tracking is on if DeviceConfiguration has any member (service model)."""
    return bool(pool.settings.get("DeviceConfiguration"))


def asks_the_user(pool: UserPool) -> bool:
    return bool((pool.settings.get("DeviceConfiguration") or {}).get("DeviceOnlyRememberedOnUserPrompt"))


def replaces_mfa(pool: UserPool) -> bool:
    return bool((pool.settings.get("DeviceConfiguration") or {}).get("ChallengeRequiredOnNewDevice"))


def confirmed(user: User, key: str | None) -> Device | None:
    """A device of the user by its key, if it was confirmed."""
    device = (user.devices or {}).get(key or "")
    return device if device and device.verifier else None


def known(user: User, key: str) -> Device:
    """A confirmed device. Raises ResourceNotFoundException."""
    device = confirmed(user, key)
    if device is None:
        # Clients drop their key at this code with "device" in the message (amazon-cognito-identity-js).
        raise ResourceNotFoundException("Device does not exist.")
    return device


def announce(call: Call, pool: UserPool, user: User) -> Device:
    """Adds a new, unconfirmed device. Devices that were not confirmed in time are removed."""
    held = user.devices or {}
    device = Device(
        number=max((device.number for device in held.values()), default=0) + 1,
        key=f"{pool.region}_{call.world.entropy.uuid()}",
        group_key=group_key(pool),
        created=call.now,
        modified=call.now,
        authenticated=call.now,
        last_ip=call.source_ip,
    )
    live = {key: each for key, each in held.items() if each.verifier or each.created + UNCONFIRMED > call.now}
    user.devices = live | {device.key: device}
    return device


def group_key(pool: UserPool) -> str:
    """The same for all devices of a pool, such as `-FDRunwQv`."""
    drawn = hmac.digest(pool.seal_key, b"device group", "sha256")
    return "-" + base64.urlsafe_b64encode(drawn)[:8].decode()


def described(call: Call, pool: UserPool, user: User, device: Device) -> aws.DeviceType:
    arn = arns.arn("cognito-idp", pool.region, call.region.account, f"owner/{user.sub}:device/{device.key}")
    values = {
        "device_status": "valid",
        "device_name": device.name,
        "last_ip_used": device.last_ip,
        "dev:device_arn": arn,
        "dev:device_owner": user.sub,
        "dev:device_sdk": device.sdk,
        "dev:device_remembered_status": "remembered" if device.remembered else "not_remembered",
    }
    return {
        "DeviceKey": device.key,
        "DeviceAttributes": [
            {"Name": name, "Value": value} for name, value in values.items() if value is not None
        ],
        "DeviceCreateDate": device.created,
        "DeviceLastModifiedDate": device.modified,
        "DeviceLastAuthenticatedDate": device.authenticated,
    }
