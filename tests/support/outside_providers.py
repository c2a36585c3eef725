"""External identity providers for tests, on loopback: an OpenID issuer, Facebook and Amazon, a SAML provider."""

from __future__ import annotations

import base64
import json
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())


class Issuer:
    """`answers` maps a path to the answer there; `asked` holds the paths of the requests.

    `requests` holds method, path, parameters and headers of each. An answer that is a pair is a status and a body.
    """

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.name = f"127.0.0.1:{port}"
        self.asked = []
        self.requests = []
        self.keys = [self.jwk(RSA, "one", "RS256"), self.jwk(EC, "two", "ES256")]
        self.answers = {
            "/.well-known/openid-configuration": lambda _: {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
            },
            "/keys": lambda _: {"keys": self.keys},
        }

    def jwk(self, key, kid, algorithm=None):
        kind = (
            jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
        )
        found = kind.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}
        return found | ({"alg": algorithm} if algorithm else {})

    def token(self, now, *, key=RSA, kid="one", algorithm="RS256", **claims):
        said = {
            "iss": self.url,
            "sub": "ada-at-issuer",
            "aud": "app",
            "iat": int(now),
            "exp": int(now) + 3600,
        }
        said = {name: value for name, value in (said | claims).items() if value is not None}
        return jwt.encode(said, key, algorithm=algorithm, headers={"kid": kid} if kid else {})


@contextmanager
def issuer():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer(parse_qs(urlsplit(self.path).query))

        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            self._answer(parse_qs(self.rfile.read(length).decode()))

        def _answer(self, parameters):
            path = urlsplit(self.path).path
            served.asked.append(path)
            served.requests.append((self.command, path, parameters, dict(self.headers)))
            answer = served.answers.get(path)
            content = answer(parameters) if answer else None
            status = 404 if answer is None else 400 if content is None else 200
            if isinstance(content, tuple):
                status, content = content
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            with suppress(OSError):  # who asked waits no longer
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Issuer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


ENTITY = "https://idp.example/saml"
AWS = "https://aws.amazon.com/SAML/Attributes/"
RECIPIENT = "https://signin.aws.amazon.com/saml"


def certificate(key=RSA):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def metadata(key=RSA, entity=ENTITY):
    lines = certificate(key).strip().splitlines()[1:-1]
    return (
        f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">'
        '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>'
        f"<X509Certificate>{''.join(lines)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        f'Location="{entity}"/></IDPSSODescriptor></EntityDescriptor>'
    )


def iso(at):
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def assertion(
    now, *, entity=ENTITY, audience="urn:amazon:webservices", seconds=300, subject="ada", **attributes
):
    """A SAML assertion as text. AWS's attributes are given by the last part of their name."""
    values = "".join(
        f'<saml:Attribute Name="{name if "/" in name else AWS + name}">'
        + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in of)
        + "</saml:Attribute>"
        for name, of in attributes.items()
    )
    return (
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" Version="2.0" '
        f'IssueInstant="{iso(now)}"><saml:Issuer>{entity}</saml:Issuer><saml:Subject>'
        '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">'
        f'{subject}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<saml:SubjectConfirmationData NotOnOrAfter="{iso(now + seconds)}" Recipient="{RECIPIENT}"/>'
        f'</saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{iso(now - 60)}" '
        f'NotOnOrAfter="{iso(now + seconds)}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>'
        "</saml:AudienceRestriction></saml:Conditions>"
        f"<saml:AttributeStatement>{values}</saml:AttributeStatement></saml:Assertion>"
    )


def response(inner, *, key=RSA, sign="assertion", status="urn:oasis:names:tc:SAML:2.0:status:Success"):
    """A SAML response in base64. `sign`: "assertion", "response", or anything else for no signature."""
    from lxml import etree
    from signxml import XMLSigner, methods

    signer = XMLSigner(method=methods.enveloped, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
    node = etree.fromstring(inner)
    if sign == "assertion":
        node = signer.sign(node, key=key, cert=certificate(key), reference_uri="_a1")
    whole = etree.fromstring(
        '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0">'
        f'<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status></samlp:Response>'
    )
    whole.append(node)
    if sign == "response":
        whole = signer.sign(whole, key=key, cert=certificate(key), reference_uri="_r1")
    return base64.b64encode(etree.tostring(whole)).decode()
