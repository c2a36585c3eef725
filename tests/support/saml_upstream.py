"""A SAML identity provider for sign-ins through a user pool: requests read, responses written, signed and encrypted."""

from __future__ import annotations

import base64
import os
import zlib
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree
from signxml import XMLSigner, methods

from support.outside_providers import ENTITY, RSA, certificate, iso, metadata

OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
NS = {"samlp": SAMLP, "saml": SAML, "ds": "http://www.w3.org/2000/09/xmldsig#"}
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
CALLBACK = "http://localhost:4577/saml2/idpresponse"
SLO = "https://idp.example/slo"
PEM = certificate()


def idp_metadata(*, slo=False, keys=(RSA,)):
    """Metadata with one or several signing certificates, and an address for logout where wanted."""
    text = metadata(keys[0])
    marker = "<SingleSignOnService"
    for key in keys[1:]:
        lines = "".join(certificate(key).strip().splitlines()[1:-1])
        text = text.replace(
            marker,
            '<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>'
            f"<X509Certificate>{lines}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>{marker}",
            1,
        )
    if slo:
        service = f'<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{SLO}"/>'
        text = text.replace(marker, service + marker, 1)
    return text


def request_in(url):
    """The message in a redirect: its root element and the parameters beside it."""
    given = dict(parse_qsl(urlsplit(url).query))
    message = zlib.decompress(base64.b64decode(given["SAMLRequest"]), -15)
    return etree.fromstring(message), given


@dataclass
class Response:
    """The content of a SAML response. Each field can be given a wrong value; None leaves the part out."""

    now: float
    pool_id: str
    request_id: str | None
    subject: str = "ada"
    issuer: str = ENTITY
    response_issuer: str | None = ENTITY
    audience: str | None = ""
    recipient: str | None = CALLBACK
    destination: str | None = CALLBACK
    answer_in_confirmation: str | None = ""
    status: str = SUCCESS
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    begins: float = -60
    ends: float = 300
    issued: float = 0
    confirmation_ends: float | None = 300
    assertion_id: str = "_a1"
    response_id: str = "_r1"
    session_index: str = "s-1"
    name_id: str | None = None
    attributes: dict = field(default_factory=lambda: {"email": ["ada@corp.example"], "name": ["Ada"]})
    sign: str | None = "assertion"
    key: object = None
    encrypt_to: str | None = None
    encrypt_by: str = "aes256-gcm"
    change: object = None
    """A function that changes the finished document: attacks."""

    def assertion(self):
        audience = f"urn:amazon:cognito:sp:{self.pool_id}" if self.audience == "" else self.audience
        answered = self.request_id if self.answer_in_confirmation == "" else self.answer_in_confirmation
        values = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in of)
            + "</saml:Attribute>"
            for name, of in self.attributes.items()
        )
        name_id = self.name_id if self.name_id is not None else f"<saml:NameID>{self.subject}</saml:NameID>"
        ends = (
            ""
            if self.confirmation_ends is None
            else f' NotOnOrAfter="{iso(self.now + self.confirmation_ends)}"'
        )
        restriction = (
            ""
            if audience is None
            else f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
        )
        return (
            f'<saml:Assertion xmlns:saml="{SAML}" ID="{self.assertion_id}" Version="2.0" '
            f'IssueInstant="{iso(self.now)}"><saml:Issuer>{self.issuer}</saml:Issuer><saml:Subject>{name_id}'
            f'<saml:SubjectConfirmation Method="{self.method}"><saml:SubjectConfirmationData{ends}'
            f"{attribute('Recipient', self.recipient)}{attribute('InResponseTo', answered)}/>"
            "</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{iso(self.now + self.begins)}" '
            f'NotOnOrAfter="{iso(self.now + self.ends)}">{restriction}</saml:Conditions>'
            f'<saml:AuthnStatement AuthnInstant="{iso(self.now)}" SessionIndex="{self.session_index}">'
            "<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
            "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
            f"<saml:AttributeStatement>{values}</saml:AttributeStatement></saml:Assertion>"
        )

    def encoded(self):
        node = etree.fromstring(self.assertion())
        if self.sign in {"assertion", "both"}:
            node = signed(node, self.assertion_id, self.key)
        issuer = "" if self.response_issuer is None else f"<saml:Issuer>{self.response_issuer}</saml:Issuer>"
        whole = etree.fromstring(
            f'<samlp:Response xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="{self.response_id}" Version="2.0" '
            f'IssueInstant="{iso(self.now + self.issued)}"{attribute("Destination", self.destination)}'
            f"{attribute('InResponseTo', self.request_id)}>{issuer}"
            f'<samlp:Status><samlp:StatusCode Value="{self.status}"/></samlp:Status></samlp:Response>'
        )
        whole.append(encrypted(node, self.encrypt_to, self.encrypt_by) if self.encrypt_to else node)
        if self.sign in {"response", "both"}:
            whole = signed(whole, self.response_id, self.key)
        document = etree.tostring(whole)
        if self.change is not None:
            document = self.change(document)
        return base64.b64encode(document).decode()


def attribute(name, value):
    return "" if value is None else f' {name}="{value}"'


def signed(node, reference, key=None):
    """A signed element. The signature contains the certificate, as those of most providers do."""
    signer = XMLSigner(method=methods.enveloped, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
    key = key or RSA
    own = PEM if key is RSA else certificate(key)
    return signer.sign(node, key=key, cert=own, reference_uri=reference)


def encrypted(node, encoded_certificate, by):
    """An EncryptedAssertion for a certificate in base64 DER."""
    public = x509.load_der_x509_certificate(base64.b64decode(encoded_certificate)).public_key()
    length = int(by[3:6]) // 8
    secret, content = os.urandom(length), etree.tostring(node)
    if by.endswith("gcm"):
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(secret).encrypt(nonce, content, None)
        algorithm = f"http://www.w3.org/2009/xmlenc11#{by}"
    else:
        nonce, fill = os.urandom(16), 16 - len(content) % 16
        encryptor = Cipher(algorithms.AES(secret), modes.CBC(nonce)).encryptor()
        sealed = nonce + encryptor.update(content + b"\0" * (fill - 1) + bytes([fill])) + encryptor.finalize()
        algorithm = f"http://www.w3.org/2001/04/xmlenc#{by}"
    wrapped = public.encrypt(
        secret, padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)
    )
    return etree.fromstring(
        f'<saml:EncryptedAssertion xmlns:saml="{SAML}" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" '
        'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        '<xenc:EncryptedData Type="http://www.w3.org/2001/04/xmlenc#Element">'
        f'<xenc:EncryptionMethod Algorithm="{algorithm}"/><ds:KeyInfo><xenc:EncryptedKey>'
        '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p">'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></xenc:EncryptionMethod>'
        f"<xenc:CipherData><xenc:CipherValue>{base64.b64encode(wrapped).decode()}</xenc:CipherValue>"
        "</xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>"
        f"{base64.b64encode(sealed).decode()}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"
        "</saml:EncryptedAssertion>"
    )


def add_saml(env, name="Corp", *, details=None, document=None, mapping=None, **more):
    env.idp.create_identity_provider(
        UserPoolId=env.pool_id,
        ProviderName=name,
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": document or idp_metadata(), **(details or {})},
        AttributeMapping={"email": "email", "name": "name"} if mapping is None else mapping,
        **more,
    )
    found = env.idp.describe_identity_provider(UserPoolId=env.pool_id, ProviderName=name)
    return found["IdentityProvider"]["ProviderDetails"]


def leave(env, browser, provider="Corp", **parameters):
    """Redirects the browser to the provider. Returns the request's ID and the RelayState."""
    answer = browser.go(env.url(identity_provider=provider, **parameters))
    root, given = request_in(answer.headers["location"])
    return root.get("ID"), given["RelayState"]


def respond(env, request_id, **wrong):
    return Response(env.cognito.world.clock.now(), env.pool_id, request_id, **wrong).encoded()


def post(browser, message, state, path="/saml2/idpresponse"):
    """Posts a response, as the form on the provider's page does."""
    from urllib.parse import urlencode

    body = urlencode({"SAMLResponse": message, "RelayState": state}).encode()
    return browser._came(path, browser._ask("POST", path, body), False)


def sign_in(env, browser=None, *, parameters=None, **wrong):
    """Signs in. Returns the browser, and URL and parameters of the redirect to the application."""
    from support.browser import where

    browser = browser or env.browser()
    request_id, state = leave(env, browser, **(parameters or {}))
    return browser, where(post(browser, respond(env, request_id, **wrong), state))
