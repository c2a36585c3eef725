"""SAML assertions of outside providers: read from what is signed, and from nothing else.

Needs the extra `saml` (signxml, lxml), which is imported at the first assertion.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

NAMES = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SKEW = 300
"""Seconds by which clocks may differ."""


class Unverified(Exception):
    """Not an assertion, not signed by the provider, or not good at this time."""


class Expired(Unverified):
    """Good once."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a provider asserts of a subject."""

    issuer: str
    subject: str
    subject_format: str
    recipient: str
    audiences: tuple[str, ...]
    expires: float
    attributes: dict[str, list[str]]


def read(encoded: str, metadata: str, now: float) -> Assertion:
    """The assertion in a response (base64), if the provider of the metadata signed it. Raises Unverified, Expired."""
    try:
        response = _parsed(base64.b64decode("".join(encoded.split()), validate=True))
        provider = _parsed(metadata.encode())
    except ValueError as fault:
        raise Unverified(str(fault)) from None
    status = response.find("samlp:Status/samlp:StatusCode", NAMES)
    if status is not None and status.get("Value") != SUCCESS:
        raise Unverified("the response tells no success")
    assertion = _signed_assertion(response, _certificates(provider))
    issuer = _text(assertion, "saml:Issuer")
    if issuer != provider.get("entityID"):
        raise Unverified(f"issued by {issuer!r}")
    return _read(assertion, issuer, now)


def _parsed(document: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as fault:
        raise Unverified(f"no XML: {fault}") from None
    if root.getroottree().docinfo.doctype:
        raise Unverified("a document type is not taken")
    return root


def _certificates(provider: Any) -> list[str]:
    """The provider's signing certificates, as PEM."""
    found = provider.xpath(
        "descendant-or-self::md:EntityDescriptor/md:IDPSSODescriptor"
        "/md:KeyDescriptor[not(@use) or @use='signing']//ds:X509Certificate",
        namespaces=NAMES,
    )
    texts = ("".join((each.text or "").split()) for each in found)
    return [f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n" for text in texts]


def _signed_assertion(response: Any, certificates: list[str]) -> Any:
    """The one assertion of what is signed: the response as a whole, or the assertion itself."""
    from lxml.etree import LxmlError
    from signxml.exceptions import SignXMLException
    from signxml.verifier import XMLVerifier

    reason = "the provider's metadata has no certificate"
    for certificate in certificates:
        try:
            results = XMLVerifier().verify(response, x509_cert=certificate)
        except (SignXMLException, LxmlError, ValueError, TypeError, KeyError) as fault:
            reason = str(fault) or type(fault).__name__
            continue
        signed = getattr(results, "signed_xml", None)
        if signed is None:
            break
        if signed.tag == f"{{{NAMES['saml']}}}Assertion":
            return signed
        found = signed.findall("saml:Assertion", NAMES)
        if signed.tag == f"{{{NAMES['samlp']}}}Response" and len(found) == 1:
            return found[0]
        reason = "what is signed holds not one assertion"
    raise Unverified(reason)


def _read(assertion: Any, issuer: str, now: float) -> Assertion:
    confirmation = next(
        (
            each.find("saml:SubjectConfirmationData", NAMES)
            for each in assertion.findall("saml:Subject/saml:SubjectConfirmation", NAMES)
            if each.get("Method") == BEARER
        ),
        None,
    )
    if confirmation is None:
        raise Unverified("no bearer may present it")
    ends = [_moment(confirmation.get("NotOnOrAfter"))]
    for conditions in assertion.findall("saml:Conditions", NAMES):
        begins = _moment(conditions.get("NotBefore"))
        if begins is not None and begins > now + SKEW:
            raise Unverified("it is not good yet")
        ends.append(_moment(conditions.get("NotOnOrAfter")))
    known = [end for end in ends if end is not None]
    if not known:
        raise Unverified("it has no end")
    if min(known) <= now:
        raise Expired(f"it ended at {min(known)}")
    name = assertion.find("saml:Subject/saml:NameID", NAMES)
    return Assertion(
        issuer=issuer,
        subject=_text(assertion, "saml:Subject/saml:NameID"),
        subject_format=name.get("Format") or "",
        recipient=confirmation.get("Recipient") or "",
        audiences=tuple(
            (each.text or "").strip()
            for each in assertion.findall("saml:Conditions/saml:AudienceRestriction/saml:Audience", NAMES)
        ),
        expires=min(known),
        attributes=_attributes(assertion),
    )


def _attributes(assertion: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in assertion.findall("saml:AttributeStatement/saml:Attribute", NAMES):
        values = ["".join(value.itertext()).strip() for value in each.findall("saml:AttributeValue", NAMES)]
        found.setdefault(each.get("Name") or "", []).extend(values)
    return found


def _text(element: Any, path: str) -> str:
    """All text of a node: a comment within it must not cut a name short."""
    found = element.find(path, NAMES)
    text = "" if found is None else "".join(found.itertext()).strip()
    if not text:
        raise Unverified(f"{path} is missing")
    return text


def _moment(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unverified(f"{text!r} is no time") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
