"""Parses WebAuthn credentials and verifies their signatures."""

from __future__ import annotations

import hashlib
import struct
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from cogmock import foreign_json
from cogmock.crypto.jws import b64url, unb64url

ALGORITHMS = (-7, -257)
"""ES256 and RS256."""
FORMATS = {"none", "packed", "fido-u2f", "tpm", "android-key", "android-safetynet", "apple"}
CHALLENGE = 32
LONGEST = 64 * 1024
"""Characters that a part of a credential may have."""

_NAMES = {
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
    "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
}
"""AAGUID → the name that its maker goes by."""


class Malformed(ValueError):
    """No credential that can be read."""


class ClientData(NamedTuple):
    """The client data that the browser signs over."""

    type: str
    challenge: str
    origin: str
    hash: bytes


class Registration(NamedTuple):
    """A new credential."""

    client: ClientData
    relying_party_hash: bytes
    present: bool
    verified: bool
    id: str
    public_key: bytes
    algorithm: int
    counter: int
    format: str
    name: str
    attachment: str | None
    transports: tuple[str, ...]


class Assertion(NamedTuple):
    """A signed assertion of a credential."""

    client: ClientData
    relying_party_hash: bytes
    present: bool
    verified: bool
    id: str
    counter: int
    user_handle: str | None
    signed: bytes
    signature: bytes


def registration(credential: Any) -> Registration:
    """A RegistrationResponseJSON. Attestation statements are read past, as AWS does. Raises Malformed."""
    try:
        return _registration(credential)
    except _FAULTS as fault:
        raise Malformed(f"{type(fault).__name__}: {fault}") from None


def assertion(credential: Any) -> Assertion:
    """An AuthenticationResponseJSON. Raises Malformed."""
    try:
        return _assertion(credential)
    except _FAULTS as fault:
        raise Malformed(f"{type(fault).__name__}: {fault}") from None


def is_signed(public_key: bytes, proof: Assertion) -> bool:
    """Whether the signature is one of this key."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from fido2 import cbor
    from fido2.cose import CoseKey

    try:
        CoseKey.parse(cast("dict[int, Any]", cbor.decode(public_key))).verify(proof.signed, proof.signature)
    except (InvalidSignature, UnsupportedAlgorithm, NotImplementedError, *_FAULTS):
        return False
    return True


def relying_party_hash(relying_party: str) -> bytes:
    return hashlib.sha256(relying_party.encode()).digest()


def is_origin_of(origin: str, relying_party: str) -> bool:
    """Whether pages of an origin may use the relying party's credentials. Pages on this machine need no https."""
    try:
        parts = urlsplit(origin)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme in ("http", "https") and (host == "localhost" or host.endswith(".localhost")):
        return True
    return parts.scheme == "https" and (host == relying_party or host.endswith(f".{relying_party}"))


_FAULTS = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    struct.error,
)
"""All that reading malformed CBOR and JSON can raise."""


def _registration(credential: Any) -> Registration:
    from fido2 import cbor
    from fido2.webauthn import AttestationObject

    response = credential["response"]
    attestation = AttestationObject(_part(response["attestationObject"]))
    data = attestation.auth_data
    made = data.credential_data
    if made is None or b64url(made.credential_id).decode() != _unpadded(credential["id"]):
        raise Malformed("its id is another than the authenticator's")
    key = made.public_key
    return Registration(
        client=_client(response),
        relying_party_hash=bytes(data.rp_id_hash),
        present=data.is_user_present(),
        verified=data.is_user_verified(),
        id=b64url(made.credential_id).decode(),
        public_key=cbor.encode(dict(key)),
        algorithm=int(key[3]),
        counter=int(data.counter),
        format=str(attestation.fmt),
        name=_NAMES.get(str(made.aaguid), "Passkey"),
        attachment=_attachment(credential),
        transports=tuple(str(transport) for transport in response.get("transports") or ()),
    )


def _assertion(credential: Any) -> Assertion:
    from fido2.webauthn import AuthenticatorData

    response = credential["response"]
    raw = _part(response["authenticatorData"])
    data, client = AuthenticatorData(raw), _client(response)
    handle = response.get("userHandle")
    return Assertion(
        client=client,
        relying_party_hash=bytes(data.rp_id_hash),
        present=data.is_user_present(),
        verified=data.is_user_verified(),
        id=_unpadded(credential["id"]),
        counter=int(data.counter),
        user_handle=_unpadded(handle) if handle else None,
        signed=raw + client.hash,
        signature=_part(response["signature"]),
    )


def _client(response: Any) -> ClientData:
    raw = _part(response["clientDataJSON"])
    data = foreign_json.read(raw)
    return ClientData(
        str(data["type"]),
        _unpadded(data["challenge"]),
        str(data["origin"]),
        hashlib.sha256(raw).digest(),
    )


def _part(text: Any) -> bytes:
    if not isinstance(text, str) or len(text) > LONGEST:
        raise Malformed("a part is no text, or far too long")
    return unb64url(_unpadded(text))


def _unpadded(text: Any) -> str:
    if not isinstance(text, str):
        raise Malformed("no text")
    return text.rstrip("=")


def _attachment(credential: Any) -> str | None:
    attachment = credential.get("authenticatorAttachment")
    return str(attachment) if attachment else None
