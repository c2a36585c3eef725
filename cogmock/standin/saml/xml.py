"""XML of SAML: namespaces, elements, and parsing of what strangers send."""

from __future__ import annotations

import base64
import binascii
import zlib
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from cogmock.standin.answers import PageError

NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-"
REDIRECT, POST = f"{BINDING}Redirect", f"{BINDING}POST"
LARGEST = 512 * 1024
"""Bytes of a message, also once it is inflated."""


def name(prefixed: str) -> str:
    """`saml:Issuer` in lxml's notation."""
    prefix, _, local = prefixed.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def element(prefixed: str, *children: Any, text: str | None = None, **attributes: str | None) -> Any:
    """An element with children. Attributes that are None are left out."""
    prefix = prefixed.partition(":")[0]
    made = etree.Element(name(prefixed), nsmap={prefix: NAMES[prefix]})
    for key, value in attributes.items():
        if value is not None:
            made.set(key, value)
    made.text = text
    made.extend(child for child in children if child is not None)
    return made


def parse(document: bytes, what: str) -> Any:
    """The root of a document without document type. Raises PageError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise PageError(f"The {what} is not XML: {fault}") from None
    if root.getroottree().docinfo.doctype:
        raise PageError(f"The {what} has a document type declaration, which is not accepted.")
    return root


def decoded(message: str, what: str, *, deflated: bool) -> bytes:
    """The XML of a message parameter: base64, and deflated with the redirect binding. Raises PageError."""
    try:
        data = base64.b64decode("".join(message.split()), validate=True)
        if not deflated:
            return data
        inflating = zlib.decompressobj(-15)
        document = inflating.decompress(data, LARGEST)
    except (binascii.Error, zlib.error, ValueError) as fault:
        form = "base64 of deflated XML" if deflated else "base64"
        raise PageError(f"The {what} is not {form}: {fault}") from None
    if inflating.unconsumed_tail:
        raise PageError(f"The {what} has more than {LARGEST} bytes.")
    return document


def deflated(document: bytes) -> str:
    """A message parameter of the redirect binding, before it is URL-encoded."""
    deflating = zlib.compressobj(wbits=-15)
    return base64.b64encode(deflating.compress(document) + deflating.flush()).decode()


def written(root: Any) -> bytes:
    return bytes(etree.tostring(root))


def text_of(root: Any, path: str) -> str:
    """All text of the first element at a path, or an empty text."""
    found = root.find(path, NAMES)
    return "" if found is None else "".join(found.itertext()).strip()


def moment(at: float) -> str:
    """A time as SAML writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
