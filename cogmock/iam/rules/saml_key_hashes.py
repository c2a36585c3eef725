"""Hashes of the keys by which a SAML provider signs: they stand for the issuer of its assertions."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"


def of_metadata(metadata: str) -> tuple[str, list[str]]:
    """The entity ID of a provider, and the hash of each of its signing keys.

    # inferred: SHA-256 of the public key (DER, SubjectPublicKeyInfo) in hexadecimal digits; AWS says only "a hash".
    """
    import xmltodict

    names = {METADATA: None, SIGNATURES: None}
    document = xmltodict.parse(metadata, process_namespaces=True, namespaces=names)
    entity = document["EntityDescriptor"]
    found: list[str] = []
    for certificate in _certificates(entity["IDPSSODescriptor"]):
        hashed = _hash(certificate)
        if hashed and hashed not in found:
            found.append(hashed)
    return str(entity.get("@entityID", "")), found


def _certificates(descriptor: Any) -> Iterator[str]:
    for role in _each(descriptor):
        for key in _each(role.get("KeyDescriptor") if isinstance(role, dict) else None):
            if isinstance(key, dict) and key.get("@use", "signing") == "signing":
                for data in _each((key.get("KeyInfo") or {}).get("X509Data")):
                    for certificate in _each(data.get("X509Certificate") if isinstance(data, dict) else None):
                        yield str(certificate["#text"] if isinstance(certificate, dict) else certificate)


def _each(found: Any) -> list[Any]:
    """Xmltodict gives one element as itself, several as a list."""
    return found if isinstance(found, list) else [] if found is None else [found]


def _hash(certificate: str) -> str | None:
    """None for a certificate that cannot be read, with which no assertion can be verified either."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_der_x509_certificate

    try:
        key = load_der_x509_certificate(base64.b64decode("".join(certificate.split()))).public_key()
        return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    except Exception:  # noqa: BLE001 - cryptography raises errors without a common base
        return None
