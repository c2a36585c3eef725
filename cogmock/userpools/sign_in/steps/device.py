"""A remembered device in place of a second factor: it proves its secret over SRP."""

from __future__ import annotations

from cogmock.errors import ResourceNotFoundException
from cogmock.state.session import Challenge
from cogmock.state.user import Device
from cogmock.userpools.rules.proofs import devices
from cogmock.userpools.sign_in import lockout
from cogmock.userpools.sign_in.attempt import Question, SignIn
from cogmock.userpools.sign_in.steps import password_srp


def check_key(sign_in: SignIn) -> None:
    """Refuses a key that is not a device of the user; clients then drop it and start again.

    Raises ResourceNotFoundException.
    """
    key = sign_in.attempt.device_key
    if not key or not devices.is_tracked(sign_in.pool):
        return
    if sign_in.user is None or key not in (sign_in.user.devices or {}):
        raise ResourceNotFoundException("Device does not exist.")


def stands_in(sign_in: SignIn) -> bool:
    """Whether a remembered device replaces MFA."""
    device = devices.confirmed(sign_in.known(), sign_in.attempt.device_key)
    return device is not None and device.remembered and devices.replaces_mfa(sign_in.pool)


def ask(_sign_in: SignIn) -> Question:
    return Question("DEVICE_SRP_AUTH")


def take_public(sign_in: SignIn, _challenge: Challenge | None) -> None:
    """Takes SRP_A of the device. The next question has the server's SRP_B."""
    sign_in.attempt.device_key = _device(sign_in, sign_in.take("DEVICE_KEY")).key
    sign_in.attempt.public_a = password_srp.public(sign_in)
    sign_in.attempt.chosen = "DEVICE_PASSWORD_VERIFIER"


def ask_verifier(sign_in: SignIn) -> Question:
    device = _device(sign_in, sign_in.attempt.device_key or "")
    salt, verifier = device.salt or b"", int.from_bytes(device.verifier or b"", "big")
    question = password_srp.exchange(sign_in, "DEVICE_PASSWORD_VERIFIER", salt, verifier)
    question.parameters |= {"DEVICE_KEY": device.key, "USERNAME": sign_in.known().name}
    return question


def prove(sign_in: SignIn, challenge: Challenge | None) -> None:
    lockout.check(sign_in, "mfa")
    device = _device(sign_in, sign_in.attempt.device_key or "")
    verifier = int.from_bytes(device.verifier or b"", "big")
    if not password_srp.is_proof(sign_in, challenge, verifier, device.group_key, device.key):
        lockout.count(sign_in, "mfa")
        raise sign_in.wrong("the proof of the device is wrong")
    lockout.forget(sign_in, "mfa")


def _device(sign_in: SignIn, key: str) -> Device:
    return devices.known(sign_in.known(), key)
