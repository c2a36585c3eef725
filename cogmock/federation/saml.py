"""SAML assertions for AssumeRoleWithSAML and identity pools. Only the signed part of a response is read.

Needs the extra `saml` (signxml, lxml), which is imported at the first assertion.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from cogmock.federation.safe_xml import NAMES, Expired, Unverified, moment, parsed, text
from cogmock.federation.saml_metadata import certificates

__all__ = ["Assertion", "Expired", "Unverified", "read"]

SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SKEW = 300
"""Seconds by which clocks may differ."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified assertion."""

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
        response = parsed(base64.b64decode("".join(encoded.split()), validate=True))
        provider = parsed(metadata.encode())
    except ValueError as fault:
        raise Unverified(str(fault)) from None
    status = response.find("samlp:Status/samlp:StatusCode", NAMES)
    if status is not None and status.get("Value") != SUCCESS:
        raise Unverified("the status of the response is not Success")
    assertion = _signed_assertion(response, certificates(provider))
    issuer = text(assertion, "saml:Issuer")
    if issuer != provider.get("entityID"):
        raise Unverified(f"the issuer is {issuer!r}, the metadata is of {provider.get('entityID')!r}")
    return _read(assertion, issuer, now)


def _signed_assertion(response: Any, certificates: list[str]) -> Any:
    """The signed assertion: either it is signed itself, or it is the only one in a signed response."""
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
        reason = "the signed element does not contain exactly one assertion"
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
        raise Unverified("the assertion has no bearer SubjectConfirmation")
    ends = [moment(confirmation.get("NotOnOrAfter"))]
    for conditions in assertion.findall("saml:Conditions", NAMES):
        begins = moment(conditions.get("NotBefore"))
        if begins is not None and begins > now + SKEW:
            raise Unverified(f"the assertion is not valid before {conditions.get('NotBefore')}")
        ends.append(moment(conditions.get("NotOnOrAfter")))
    known = [end for end in ends if end is not None]
    if not known:
        raise Unverified("the assertion has no NotOnOrAfter")
    if min(known) <= now:
        raise Expired(f"the assertion expired at {min(known)}")
    name = assertion.find("saml:Subject/saml:NameID", NAMES)
    return Assertion(
        issuer=issuer,
        subject=text(assertion, "saml:Subject/saml:NameID"),
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
