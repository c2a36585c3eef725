"""AuthnRequest and LogoutRequest to SAML identity providers, by the HTTP-Redirect binding.

Source: SAML bindings 2.0, 3.4.4 (DEFLATE encoding and signature); the form of AuthnRequest was captured on AWS.
"""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
SPACES = (
    'xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"'
)


def audience(pool_id: str) -> str:
    """The entity ID of a user pool as a service provider."""
    return f"urn:amazon:cognito:sp:{pool_id}"


def sign_in(request_id: str, pool_id: str, destination: str, callback: str, now: float) -> str:
    """An AuthnRequest; like AWS's it has neither ProtocolBinding nor NameIDPolicy."""
    return (
        f"<saml2p:AuthnRequest {SPACES} AssertionConsumerServiceURL={quoteattr(callback)} "
        f"Destination={quoteattr(destination)} ID={quoteattr(request_id)} IssueInstant={quoteattr(_time(now))} "
        f'Version="2.0">{_issuer(pool_id)}</saml2p:AuthnRequest>'
    )


def logout(
    request_id: str, pool_id: str, destination: str, name_id: str, session_index: str | None, now: float
) -> str:
    """A LogoutRequest."""
    # inferred: which elements it has.
    index = f"<saml2p:SessionIndex>{escape(session_index)}</saml2p:SessionIndex>" if session_index else ""
    return (
        f"<saml2p:LogoutRequest {SPACES} Destination={quoteattr(destination)} ID={quoteattr(request_id)} "
        f'IssueInstant={quoteattr(_time(now))} Version="2.0">{_issuer(pool_id)}'
        f"<saml2:NameID>{escape(name_id)}</saml2:NameID>{index}</saml2p:LogoutRequest>"
    )


def address(destination: str, message: str, relay_state: str, key: RSAPrivateKey | None) -> str:
    """The URL that sends a message to `destination`, signed with RSA-SHA256 if there is a key."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(message.encode()) + packer.flush()
    query = f"SAMLRequest={_quoted(base64.b64encode(packed).decode())}&RelayState={_quoted(relay_state)}"
    if key is not None:
        query += f"&SigAlg={_quoted(RSA_SHA256)}"
        query += f"&Signature={_quoted(base64.b64encode(_signature(key, query.encode())).decode())}"
    return f"{destination}{'&' if '?' in destination else '?'}{query}"


def _signature(key: RSAPrivateKey, content: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return key.sign(content, padding.PKCS1v15(), hashes.SHA256())


def _issuer(pool_id: str) -> str:
    return f'<saml2:Issuer Format="{ENTITY}">{escape(audience(pool_id))}</saml2:Issuer>'


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _time(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
