"""Signatures and encryption of what the identity provider sends."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote_plus

from cogmock.standin.answers import PageError
from cogmock.standin.context import Context
from cogmock.standin.keys import STRANGER
from cogmock.standin.saml import xml
from cogmock.standin.saml.identity import Identity, armoured, certified

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
AES256_GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
OAEP = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
ELEMENT = "http://www.w3.org/2001/04/xmlenc#Element"


def signed(context: Context, me: Identity, root: Any, fault: str) -> Any:
    """The element with a signature after its Issuer, where the schema has it.

    With the fault `signature` a foreign key signs, and its certificate is sent along.
    """
    from signxml.algorithms import CanonicalizationMethod
    from signxml.signer import XMLSigner

    key, der = certified(context, STRANGER if fault == "signature" else me.provider.key)
    root.insert(1, xml.element("ds:Signature", Id="placeholder"))
    signer = XMLSigner(c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
    return signer.sign(
        root, key=key.private, cert=armoured(der), reference_uri=root.get("ID"), id_attribute="ID"
    )


def signed_query(context: Context, me: Identity, params: dict[str, str]) -> str:
    """The parameters of the redirect binding, signed (SAML 2.0 Bindings, 3.4.4.1)."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    query = "&".join(
        f"{name}={quote_plus(value)}" for name, value in {**params, "SigAlg": RSA_SHA256}.items()
    )
    key = context.key(me.provider.key)
    signature = key.private.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{query}&Signature={quote_plus(base64.b64encode(signature).decode())}"


def encrypted(context: Context, assertion: Any, certificate: str) -> Any:
    """An EncryptedAssertion: AES-256-GCM, its key encrypted with RSA-OAEP. Raises PageError."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        public = x509.load_der_x509_certificate(base64.b64decode(certificate)).public_key()
    except ValueError as fault:
        raise PageError(f"The service provider's certificate for encryption is damaged: {fault}") from None
    if not isinstance(public, rsa.RSAPublicKey):
        raise PageError("The service provider's certificate for encryption has no RSA key.")
    key, nonce = AESGCM.generate_key(256), context.entropy.text(12).encode()
    sealed = nonce + AESGCM(key).encrypt(nonce, xml.written(assertion), None)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 - what rsa-oaep-mgf1p means
    digest = xml.element("ds:DigestMethod", Algorithm="http://www.w3.org/2000/09/xmldsig#sha1")
    return xml.element(
        "saml:EncryptedAssertion",
        xml.element(
            "xenc:EncryptedData",
            xml.element("xenc:EncryptionMethod", Algorithm=AES256_GCM),
            xml.element(
                "ds:KeyInfo",
                xml.element(
                    "xenc:EncryptedKey",
                    xml.element("xenc:EncryptionMethod", digest, Algorithm=OAEP),
                    _cipher(public.encrypt(key, oaep)),
                ),
            ),
            _cipher(sealed),
            Type=ELEMENT,
        ),
    )


def _cipher(data: bytes) -> Any:
    value = xml.element("xenc:CipherValue", text=base64.b64encode(data).decode())
    return xml.element("xenc:CipherData", value)
