"""Signatures of SAML messages: verified with the certificates in the provider's metadata.

Only the structure that SAML describes is accepted: an enveloped signature that is a direct child of the element that
it signs, and refers to that element by its ID. This prevents signature wrapping (moved or repeated assertions).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cogmock.federation.safe_xml import Unverified, tag

SIGNATURE = tag("ds", "Signature")
IDS = ("ID", "Id", "id")


def signed(element: Any, certificates: Iterable[str]) -> Any | None:
    """The signed copy of an element; None if the element has no signature of its own.

    Certificates in the message are ignored. Raises Unverified.
    """
    from lxml.etree import LxmlError
    from signxml.exceptions import SignXMLException
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    own = element.findall(SIGNATURE)
    if not own:
        return None
    if len(own) > 1:
        raise Unverified("an element has more than one signature")
    _check_reference(element, own[0])
    reason = "the provider's metadata has no certificate"
    for certificate in certificates:
        try:
            results = XMLVerifier().verify(
                element, x509_cert=certificate, expect_config=SignatureConfiguration(location="./")
            )
        except (SignXMLException, LxmlError, ValueError, TypeError, KeyError) as fault:
            reason = str(fault) or type(fault).__name__
            continue
        found = getattr(results, "signed_xml", None)
        if found is not None and found.tag == element.tag and found.get("ID") == element.get("ID"):
            return found
        reason = "the signature covers another element"
    raise Unverified(reason)


def check_structure(root: Any) -> None:
    """Refuses a repeated ID, a signature in a wrong place, and a comment in a NameID. Raises Unverified."""
    seen: set[str] = set()
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name in IDS:
            value = element.get(name)
            if value is not None and value in seen:
                raise Unverified(f"two elements have the ID {value!r}")
            if value is not None:
                seen.add(value)
    for name in root.iter(tag("saml", "NameID")):
        if len(name):  # comments and processing instructions count
            raise Unverified("a NameID contains something other than text")
    places = {root, *root.findall(tag("saml", "Assertion"))}
    if any(each.getparent() not in places for each in root.iter(SIGNATURE)):
        raise Unverified("a signature is not a child of the message or of its assertion")


def _check_reference(element: Any, signature: Any) -> None:
    references = list(signature.iter(tag("ds", "Reference")))
    identity = element.get("ID")
    if len(references) != 1 or not identity or references[0].get("URI") != f"#{identity}":
        raise Unverified("the signature does not refer to the element that contains it")
