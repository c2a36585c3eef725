"""Metadata of SAML identity providers: entity ID, addresses and signing certificates."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cogmock.federation.safe_xml import NAMES, Unverified, parsed

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
LONGEST_CERTIFICATE = 4096
"""The most characters of a certificate in base64 (AWS dev guide: SAML identity providers)."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """`sign_on` and `logout` are the addresses of the HTTP-Redirect binding, "" if the metadata has none."""

    entity_id: str
    sign_on: str
    logout: str
    certificates: tuple[str, ...]
    """In PEM."""


def read(document: str) -> Metadata:
    """Raises Unverified."""
    root = parsed(document.encode("utf-8", "replace"))
    entity = root if root.tag == f"{{{NAMES['md']}}}EntityDescriptor" else _only_provider(root)
    found = entity.find("md:IDPSSODescriptor", NAMES) if entity is not None else None
    if entity is None or found is None or not entity.get("entityID"):
        raise Unverified("no EntityDescriptor with an entityID and an IDPSSODescriptor")
    return Metadata(
        entity_id=entity.get("entityID"),
        sign_on=_location(found, "SingleSignOnService"),
        logout=_location(found, "SingleLogoutService"),
        certificates=tuple(certificates(entity)),
    )


def certificates(entity: Any) -> list[str]:
    """The signing certificates of an entity, as PEM."""
    found = entity.xpath(
        "descendant-or-self::md:EntityDescriptor/md:IDPSSODescriptor"
        "/md:KeyDescriptor[not(@use) or @use='signing']//ds:X509Certificate",
        namespaces=NAMES,
    )
    return [pem("".join((each.text or "").split())) for each in found]


def pem(encoded: str) -> str:
    lines = [encoded[at : at + 64] for at in range(0, len(encoded), 64)]
    return "-----BEGIN CERTIFICATE-----\n" + "\n".join(lines) + "\n-----END CERTIFICATE-----\n"


def check(metadata: Metadata, now: float) -> None:
    """Refuses metadata without an address or certificate, or with an expired certificate. Raises Unverified."""
    from cryptography import x509

    if not metadata.sign_on:
        raise Unverified("no SingleSignOnService with the HTTP-Redirect binding")
    if not metadata.sign_on.startswith(("https://", "http://")):
        raise Unverified(f"the SingleSignOnService {metadata.sign_on!r} is not an http(s) URL")
    if metadata.logout and not metadata.logout.startswith(("https://", "http://")):
        raise Unverified(f"the SingleLogoutService {metadata.logout!r} is not an http(s) URL")
    if not metadata.certificates:
        raise Unverified("no signing certificate")
    for each in metadata.certificates:
        encoded = "".join(each.splitlines()[1:-1])
        if len(encoded) > LONGEST_CERTIFICATE:
            raise Unverified(f"a certificate has more than {LONGEST_CERTIFICATE} characters")
        try:
            found = x509.load_der_x509_certificate(base64.b64decode(encoded, validate=True))
        except (binascii.Error, ValueError) as fault:
            raise Unverified(f"a certificate cannot be parsed: {fault}") from None
        if found.not_valid_after_utc <= datetime.fromtimestamp(now, UTC):
            raise Unverified(f"a certificate expired at {found.not_valid_after_utc.isoformat()}")


def _only_provider(root: Any) -> Any:
    """The identity provider in a document of several entities, if there is exactly one."""
    found = root.xpath("//md:EntityDescriptor[md:IDPSSODescriptor]", namespaces=NAMES)
    return found[0] if len(found) == 1 else None


def _location(descriptor: Any, service: str) -> str:
    for each in descriptor.findall(f"md:{service}", NAMES):
        if each.get("Binding") == REDIRECT:
            return str(each.get("Location") or "")
    return ""
