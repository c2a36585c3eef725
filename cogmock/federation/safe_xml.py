"""Parses XML from external providers, without entities, document types or network access.

Needs the extra `saml` (lxml), which is imported at the first document.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NAMES = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
NEEDS = "SAML needs the extra packages lxml and signxml: pip install 'cogmock[saml]'"


class Unverified(Exception):
    """The document is malformed, not signed by the provider, or not valid at this time."""


class Expired(Unverified):
    """The document was valid, but has expired."""


def parsed(document: bytes) -> Any:
    """The root element. Raises Unverified."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Unverified(f"not well-formed XML: {fault}") from None
    if root.getroottree().docinfo.doctype:
        raise Unverified("a document type declaration is not accepted")
    return root


def tag(prefix: str, name: str) -> str:
    """The qualified name of an element."""
    return f"{{{NAMES[prefix]}}}{name}"


def text(element: Any, path: str) -> str:
    """The text of a descendant, which must not be empty. Raises Unverified.

    Text after a comment counts: otherwise a comment in a name would make it another, shorter name.
    """
    found = element.find(path, NAMES)
    content = "" if found is None else "".join(found.itertext()).strip()
    if not content:
        raise Unverified(f"{path} is missing")
    return content


def moment(value: str | None) -> float | None:
    """An XML Schema dateTime in seconds since 1970; None for None. Raises Unverified."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise Unverified(f"{value!r} is not a dateTime") from None
