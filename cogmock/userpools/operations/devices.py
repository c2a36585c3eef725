"""Operations on the devices of users: confirm, list, remember and forget."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page_by
from cogmock.crypto import srp
from cogmock.errors import (
    DeviceKeyExistsException,
    InvalidParameterException,
    ResourceNotFoundException,
    UserNotFoundException,
)
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.proofs import devices

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

LONGEST = 512
"""Bytes of a salt or verifier that are accepted; a verifier has at most 385."""


@operation
def confirm_device(call: Call, params: aws.ConfirmDeviceRequest) -> aws.ConfirmDeviceResponse:
    """Accepts any access token of the user, also one of another sign-in."""
    pool, user, _ = lookup.home_of_token(call, params["AccessToken"])
    device = (user.devices or {}).get(params["DeviceKey"])
    if device is None:
        raise InvalidParameterException("Invalid device key given.")
    if device.verifier:
        raise DeviceKeyExistsException("Device already exists.")
    config = params.get("DeviceSecretVerifierConfig") or {}
    salt = _bytes("salt", config.get("Salt"))
    verifier = _bytes("verifier", config.get("PasswordVerifier"))
    if int.from_bytes(verifier, "big") % srp.N == 0:
        raise InvalidParameterException("Invalid value passed for verifier")
    device.salt, device.verifier = salt, verifier
    device.name = params.get("DeviceName")
    device.modified = call.now
    device.remembered = not devices.asks_the_user(pool)
    return {"UserConfirmationNecessary": devices.asks_the_user(pool)}


@operation
def get_device(call: Call, params: aws.GetDeviceRequest) -> aws.GetDeviceResponse:
    token = params.get("AccessToken")
    if not token:
        raise InvalidParameterException("Missing required parameter AccessToken")
    pool, user, _ = lookup.home_of_token(call, token)
    return {"Device": devices.described(call, pool, user, devices.known(user, params["DeviceKey"]))}


@operation
def list_devices(call: Call, params: aws.ListDevicesRequest) -> aws.ListDevicesResponse:
    """Lists confirmed devices only."""
    pool, user, _ = lookup.home_of_token(call, params["AccessToken"])
    shown, token = _listed(call, pool, user, params.get("Limit"), params.get("PaginationToken"))
    return {"Devices": shown, "PaginationToken": token}


@operation
def forget_device(call: Call, params: aws.ForgetDeviceRequest) -> None:
    token = params.get("AccessToken")
    if not token:
        raise InvalidParameterException("Missing required parameter AccessToken")
    _, user, _ = lookup.home_of_token(call, token)
    _forget(user, params["DeviceKey"])


@operation
def update_device_status(call: Call, params: aws.UpdateDeviceStatusRequest) -> aws.UpdateDeviceStatusResponse:
    _, user, _ = lookup.home_of_token(call, params["AccessToken"])
    _remember(call, user, params["DeviceKey"], params.get("DeviceRememberedStatus"))
    return {}


@operation
def admin_get_device(call: Call, params: aws.AdminGetDeviceRequest) -> aws.AdminGetDeviceResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    user = _owner(pool, params["Username"])
    return {"Device": devices.described(call, pool, user, devices.known(user, params["DeviceKey"]))}


@operation
def admin_list_devices(call: Call, params: aws.AdminListDevicesRequest) -> aws.AdminListDevicesResponse:
    """Lists confirmed devices only."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = _owner(pool, params["Username"])
    shown, token = _listed(call, pool, user, params.get("Limit"), params.get("PaginationToken"))
    return {"Devices": shown, "PaginationToken": token}


@operation
def admin_forget_device(call: Call, params: aws.AdminForgetDeviceRequest) -> None:
    pool = lookup.pool(call, params["UserPoolId"])
    _forget(lookup.user(pool, params["Username"]), params["DeviceKey"])


@operation
def admin_update_device_status(
    call: Call, params: aws.AdminUpdateDeviceStatusRequest
) -> aws.AdminUpdateDeviceStatusResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    _remember(call, user, params["DeviceKey"], params.get("DeviceRememberedStatus"))
    return {}


def _owner(pool: UserPool, name: str) -> User:
    """The user. AdminGetDevice and AdminListDevices have no UserNotFoundException in the model."""
    try:
        return lookup.user(pool, name)
    except UserNotFoundException as missing:
        raise ResourceNotFoundException(missing.message) from None


def _bytes(what: str, text: str | None) -> bytes:
    """The bytes of a non-negative number in the form of Java's BigInteger, from base64."""
    try:
        value = base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if not value or len(value) > LONGEST:
        raise InvalidParameterException(f"Invalid value passed for {what}")
    if value[0] & 0x80:
        raise InvalidParameterException(f"Negative value passed for {what}")
    return value


def _listed(
    call: Call, pool: UserPool, user: User, limit: int | None, token: str | None
) -> tuple[list[aws.DeviceType], str | None]:
    confirmed = [device for device in (user.devices or {}).values() if device.verifier]
    question = ["ListDevices", pool.id, user.sub]
    shown, following = page_by(
        confirmed, lambda device: (device.number, device.key), limit or 60, token, question
    )
    return [devices.described(call, pool, user, device) for device in shown], following


def _forget(user: User, key: str) -> None:
    devices.known(user, key)
    user.devices = {other: device for other, device in (user.devices or {}).items() if other != key} or None


def _remember(call: Call, user: User, key: str, status: str | None) -> None:
    device = devices.known(user, key)
    if status:
        device.remembered = status == "remembered"
        device.modified = call.now
