"""Self-signed X.509 certificates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from cogmock.crypto.jws import SigningKey

SERIAL = 16
"""Random bytes that a serial number takes."""
YEARS = 10


def self_signed(key: SigningKey, name: str, start: float, serial: bytes) -> bytes:
    """A self-signed certificate, valid for ten years, in DER."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    since = datetime.fromtimestamp(int(start), UTC)
    builder = x509.CertificateBuilder(
        issuer_name=subject,
        subject_name=subject,
        public_key=key.public,
        serial_number=int.from_bytes(serial, "big") >> 1 | 1,  # positive, and at most 20 bytes (RFC 5280)
        not_valid_before=since,
        not_valid_after=since + timedelta(days=365 * YEARS),
    )
    return builder.sign(key.private, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def start(encoded: bytes) -> float:
    """When a certificate in DER begins to be valid, in seconds since 1970."""
    return x509.load_der_x509_certificate(encoded).not_valid_before_utc.timestamp()
