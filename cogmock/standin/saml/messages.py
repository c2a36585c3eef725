"""Messages of service providers: decoded, and their signatures verified."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from werkzeug.wrappers import Request

from cogmock.standin.answers import PageError
from cogmock.standin.context import ServiceProvider
from cogmock.standin.saml import xml

SIGNATURES = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": "SHA256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": "SHA384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": "SHA512",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A request of a service provider. Nothing of it is proven before `verify`."""

    root: Any
    document: bytes
    id: str
    issuer: str
    relay_state: str | None
    query: str
    """The raw query with the redirect binding, empty with the POST binding."""


def read(request: Request, kind: str) -> Message:
    """The message `SAMLRequest` of a kind (`AuthnRequest`, `LogoutRequest`). Raises PageError."""
    posted = "SAMLRequest" in request.form
    params = request.form if posted else request.args
    if "SAMLRequest" not in params:
        raise PageError("The parameter SAMLRequest is missing.")
    document = xml.decoded(params["SAMLRequest"], "SAMLRequest", deflated=not posted)
    root = xml.parse(document, "SAMLRequest")
    if root.tag != xml.name(f"samlp:{kind}"):
        raise PageError(f"The SAMLRequest is no {kind}.")
    message = Message(
        root=root,
        document=document,
        id=root.get("ID") or "",
        issuer=xml.text_of(root, "saml:Issuer"),
        relay_state=params.get("RelayState"),
        query="" if posted else request.query_string.decode("latin-1"),
    )
    if not message.id or not message.issuer or root.get("Version") != "2.0":
        raise PageError(f"The {kind} needs an ID, an Issuer, and Version 2.0.")
    return message


def verify(message: Message, sender: ServiceProvider) -> None:
    """Checks the signature, if there is one and the sender's certificates are known. Raises PageError."""
    if not sender.signing:
        return
    given = dict(pair.partition("=")[::2] for pair in message.query.split("&"))
    if "Signature" in given:
        _verify_query(given, sender)
    elif not message.query and message.root.find("ds:Signature", xml.NAMES) is not None:
        _verify_envelope(message, sender)


def _verify_query(given: dict[str, str], sender: ServiceProvider) -> None:
    """SAML 2.0 Bindings, 3.4.4.1: what is signed is the raw query."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    names = ("SAMLRequest", "RelayState", "SigAlg")
    signed = "&".join(f"{name}={given[name]}" for name in names if name in given).encode("latin-1")
    algorithm = SIGNATURES.get(unquote_plus(given.get("SigAlg", "")))
    if algorithm is None:
        raise PageError(f"SigAlg is not one of: {', '.join(SIGNATURES)}.")
    try:
        signature = base64.b64decode(unquote_plus(given["Signature"]), validate=True)
    except ValueError:
        raise PageError("The parameter Signature is not base64.") from None
    for certificate in sender.signing:
        try:
            key = x509.load_der_x509_certificate(base64.b64decode(certificate)).public_key()
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, signed, padding.PKCS1v15(), getattr(hashes, algorithm)())
                return
        except (InvalidSignature, ValueError):
            continue
    raise PageError("The signature of the request fits no certificate of the service provider.")


def _verify_envelope(message: Message, sender: ServiceProvider) -> None:
    from lxml.etree import LxmlError
    from signxml.exceptions import SignXMLException
    from signxml.verifier import XMLVerifier

    for certificate in sender.signing:
        try:
            verified = XMLVerifier().verify(message.document, x509_cert=certificate, id_attribute="ID")
        except (SignXMLException, LxmlError, ValueError, TypeError, KeyError):
            continue
        signed = getattr(verified, "signed_xml", None)
        if signed is not None and signed.get("ID") == message.id:
            return
    raise PageError("The signature of the request fits no certificate of the service provider.")
