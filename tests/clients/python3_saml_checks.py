"""python3-saml, unmodified, as the service provider of the SAML stand-in: metadata, sign-in, faults, single logout."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from cogmock.testing.server import CognitoServer

SP = "http://localhost:3000"


def key_pair():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sp")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=9)
    )
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret.decode(), pem


SECRET, CERTIFICATE = key_pair()


class Site:
    """A service provider that trusts a stand-in by its metadata, and is strict."""

    def __init__(self, url, *, encrypted=False):
        self.idp = f"{url}/_cogmock/idp/saml/corp"
        found = OneLogin_Saml2_IdPMetadataParser.parse_remote(f"{self.idp}/metadata")
        algorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
        self.settings = OneLogin_Saml2_IdPMetadataParser.merge_settings(
            {
                "strict": True,
                "sp": {
                    "entityId": f"{SP}/metadata",
                    "assertionConsumerService": {"url": f"{SP}/acs"},
                    "singleLogoutService": {"url": f"{SP}/slo"},
                    "x509cert": CERTIFICATE,
                    "privateKey": SECRET,
                },
                "security": {
                    "authnRequestsSigned": True,
                    "logoutRequestSigned": True,
                    "wantMessagesSigned": False,
                    "wantAssertionsSigned": True,
                    "wantAssertionsEncrypted": encrypted,
                    "signatureAlgorithm": algorithm,
                    "rejectUnsolicitedResponsesWithInResponseTo": True,
                },
            },
            found,
        )
        self.request_id = None

    def register(self):
        """Gives the stand-in the metadata that the library writes."""
        metadata = OneLogin_Saml2_Settings(self.settings, sp_validation_only=True).get_sp_metadata()
        answer = requests.post(f"{self.idp}/sp", data=metadata, timeout=30)
        assert answer.status_code == 201, answer.text

    def auth(self, path="/acs", **data):
        return OneLogin_Saml2_Auth(
            {
                "https": "off",
                "http_host": "localhost:3000",
                "script_name": path,
                "get_data": {},
                "post_data": {},
            }
            | data,
            self.settings,
        )

    def sign_in(self, **typed):
        asking = self.auth()
        url = asking.login(return_to="/home")
        return self.finish(url, asking.get_last_request_id(), **typed)

    def finish(self, url, request_id, **typed):
        page = requests.post(url, data={"email": "ada@example.com", **typed}, timeout=30)
        assert page.status_code == 200, page.text
        assert f'action="{SP}/acs"' in page.text
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
        arrived = self.auth(post_data={name: html.unescape(value) for name, value in fields})
        arrived.process_response(request_id)
        return arrived


@pytest.fixture(scope="module")
def url():
    with CognitoServer() as server:
        yield f"http://localhost:{server.settings.port}"


@pytest.mark.parametrize("sign", ["assertion", "both"])
def test_a_user_signs_in(url, sign):
    arrived = Site(url).sign_in(name="Ada Lovelace", claims='{"groups": ["a", "b"]}', sign=sign)
    assert arrived.get_errors() == [], arrived.get_last_error_reason()
    assert arrived.is_authenticated()
    assert arrived.get_nameid().startswith("corp-")
    assert arrived.get_attributes()["email"] == ["ada@example.com"]
    assert arrived.get_attributes()["groups"] == ["a", "b"]


def test_an_encrypted_assertion(url):
    site = Site(url, encrypted=True)
    site.register()
    arrived = site.sign_in()
    assert arrived.get_errors() == [], arrived.get_last_error_reason()
    assert arrived.get_attributes()["email"] == ["ada@example.com"]


def test_a_sign_in_that_the_provider_starts(url):
    site = Site(url)
    arrived = site.finish(f"{site.idp}/start?sp={SP}/metadata&acs={SP}/acs", None)
    assert arrived.get_errors() == [], arrived.get_last_error_reason()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("denied", "Responder"),
        ("expired", "expired"),
        ("audience", "not a valid audience"),
        ("issuer", "Invalid issuer"),
        ("signature", "Signature validation failed"),
        ("nonce", "InResponseTo"),
        ("unsigned", "not signed"),
    ],
)
def test_each_fault_is_refused_for_its_own_reason(url, fault, reason):
    arrived = Site(url).sign_in(fault=fault)
    assert arrived.get_errors()
    assert not arrived.is_authenticated()
    assert reason.lower() in arrived.get_last_error_reason().lower()


def test_a_replay_is_refused(url):
    site = Site(url)
    assert site.sign_in().is_authenticated()
    assert "InResponseTo" in site.sign_in(fault="replay").get_last_error_reason()


def test_single_logout(url):
    site = Site(url)
    site.register()
    arrived = site.sign_in()
    leaving = site.auth()
    away = leaving.logout(
        name_id=arrived.get_nameid(), session_index=arrived.get_session_index(), return_to="/bye"
    )
    answer = requests.get(away, allow_redirects=False, timeout=30)
    assert answer.status_code == 302, answer.text
    query = urlsplit(answer.headers["Location"]).query
    back = site.auth("/slo", get_data=dict(parse_qsl(query)), query_string=query)
    back.process_slo(request_id=leaving.get_last_request_id())
    assert back.get_errors() == [], back.get_last_error_reason()
