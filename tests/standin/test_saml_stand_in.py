"""The SAML identity provider: what it sends is verified with signxml, and each fault is what it says."""

import base64
import zlib
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree
from signxml import XMLSigner, XMLVerifier
from signxml.exceptions import InvalidSignature as InvalidXmlSignature
from support.outside_providers import certificate
from support.standin_visitor import IDP, sent_to

ME = f"{IDP}/saml/corp"
SP = "https://sp.example/metadata"
ACS = "https://sp.example/acs"
SLO = "https://sp.example/slo"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"


def request(kind="AuthnRequest", inner="", **attributes):
    """A request as XML. Attributes that are None are left out."""
    given = {"ID": "_1", "Version": "2.0", "IssueInstant": "2026-01-01T00:00:00Z"}
    given |= {"AssertionConsumerServiceURL": ACS} if kind == "AuthnRequest" else {}
    text = " ".join(f'{name}="{value}"' for name, value in (given | attributes).items() if value is not None)
    return (
        f'<samlp:{kind} xmlns:samlp="{NAMES["samlp"]}" xmlns:saml="{NAMES["saml"]}" {text}>'
        f"<saml:Issuer>{SP}</saml:Issuer>{inner}</samlp:{kind}>"
    )


def deflated(text):
    deflating = zlib.compressobj(wbits=-15)
    return base64.b64encode(deflating.compress(text.encode()) + deflating.flush()).decode()


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def metadata(*, encryption=None, signing=None, logout="POST", acs=ACS, entity=SP):
    def key(use, pem):
        lines = "".join(pem.strip().splitlines()[1:-1])
        return (
            f'<KeyDescriptor use="{use}"><KeyInfo xmlns="{NAMES["ds"]}"><X509Data><X509Certificate>{lines}'
            "</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        )

    return (
        f'<EntityDescriptor xmlns="{NAMES["md"]}" entityID="{entity}">'
        f'<SPSSODescriptor protocolSupportEnumeration="{NAMES["samlp"]}">'
        f"{key('signing', signing) if signing else ''}{key('encryption', encryption) if encryption else ''}"
        f'<SingleLogoutService Binding="{BINDING}{logout}" Location="{SLO}"/>'
        f'<AssertionConsumerService Binding="{BINDING}POST" Location="{acs}" index="0"/>'
        "</SPSSODescriptor></EntityDescriptor>"
    )


class Provider:
    def __init__(self, visitor):
        self.visitor = visitor
        self.metadata = etree.fromstring(visitor.get("/saml/corp/metadata").content)

    @property
    def certificate(self):
        return self.metadata.find(".//ds:X509Certificate", NAMES).text

    def sign_in(self, document=None, relay="r&s", *, binding="redirect", **fields):
        """The fields that arrive at the service provider."""
        document = document or request()
        fields = fields or {"email": "ada@example.com"}
        if binding == "redirect":
            query = {"SAMLRequest": deflated(document)} | ({"RelayState": relay} if relay else {})
            page = self.visitor.get("/saml/corp/sso", **query)
            assert page.status_code == 200, page.text
            answer = self.visitor.session.post(page.url, data=fields)
        else:
            body = {"SAMLRequest": encoded(document), "RelayState": relay}
            page = self.visitor.post("/saml/corp/sso", body, headers={"Origin": "https://sp.example"})
            assert page.status_code == 200, page.text
            answer = self.visitor.post("/saml/corp/sso", sent_to(None, page) | fields)
        assert answer.status_code == 200, answer.text
        return sent_to(ACS, answer)

    def response(self, *args, **more):
        return etree.fromstring(base64.b64decode(self.sign_in(*args, **more)["SAMLResponse"]))

    def verified(self, root, element="Assertion"):
        """What of a response the certificate of the metadata signs. Raises InvalidXmlSignature."""
        if element == "Assertion":
            root = root if root.tag.endswith("}Assertion") else root.find("saml:Assertion", NAMES)
        node = etree.fromstring(etree.tostring(root))
        assert node.find("ds:Signature", NAMES) is not None, "it has no signature of its own"
        signed = XMLVerifier().verify(node, x509_cert=self.certificate, id_attribute="ID").signed_xml
        assert signed.get("ID") == root.get("ID")
        return signed


@pytest.fixture
def provider(visitor):
    return Provider(visitor)


def text(root, path):
    return root.find(path, NAMES).text


def attributes(assertion):
    return {
        each.get("Name"): [value.text for value in each]
        for each in assertion.findall("saml:AttributeStatement/saml:Attribute", NAMES)
    }


class TestMetadata:
    def test_endpoints_and_key(self, provider):
        root = provider.metadata
        assert root.get("entityID") == f"{ME}/metadata"
        for service, path in (("SingleSignOnService", "sso"), ("SingleLogoutService", "slo")):
            found = {
                each.get("Binding"): each.get("Location") for each in root.iter(f"{{{NAMES['md']}}}{service}")
            }
            assert found == {f"{BINDING}{name}": f"{ME}/{path}" for name in ("Redirect", "POST")}
        made = x509.load_der_x509_certificate(base64.b64decode(provider.certificate))
        now = provider.visitor.world.clock.now()
        assert made.not_valid_before_utc.timestamp() < now < made.not_valid_after_utc.timestamp()

    def test_it_is_the_same_each_time(self, provider, visitor):
        again = visitor.get("/saml/corp/metadata")
        assert again.content == etree.tostring(provider.metadata)
        assert again.headers["Content-Type"] == "application/samlmetadata+xml"
        assert visitor.get("/saml/other/metadata").content != again.content


class TestSignIn:
    @pytest.mark.parametrize("binding", ["redirect", "post"])
    def test_an_assertion_arrives(self, provider, binding):
        fields = provider.sign_in(binding=binding, email="ada@example.com", name="Ada Lovelace")
        assert fields["RelayState"] == "r&s"
        root = etree.fromstring(base64.b64decode(fields["SAMLResponse"]))
        assert (root.get("Destination"), root.get("InResponseTo")) == (ACS, "_1")
        assert root.find("samlp:Status/samlp:StatusCode", NAMES).get("Value") == f"{STATUS}Success"
        assertion = provider.verified(root)
        assert text(assertion, "saml:Issuer") == f"{ME}/metadata"
        assert text(assertion, "saml:Conditions/saml:AudienceRestriction/saml:Audience") == SP
        data = assertion.find("saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData", NAMES)
        assert (data.get("Recipient"), data.get("InResponseTo")) == (ACS, "_1")
        assert text(assertion, "saml:Subject/saml:NameID").startswith("corp-")
        assert assertion.find("saml:AuthnStatement", NAMES).get("SessionIndex")

    def test_claims_are_attributes(self, provider):
        typed = {
            "sub": "42",
            "email": "b@x.org",
            "name": "Bo Li",
            "claims": '{"groups": ["a", "b"], "n": 1, "o": {"x": null}}',
        }
        assertion = provider.verified(provider.response(**typed))
        assert text(assertion, "saml:Subject/saml:NameID") == "42"
        found = attributes(assertion)
        assert (
            found["email"]
            == found["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"]
            == ["b@x.org"]
        )
        assert (found["groups"], found["n"], found["email_verified"]) == (["a", "b"], ["1"], ["true"])
        assert found["o"] == ['{"x": null}']

    def test_the_name_format_that_is_asked_for(self, provider):
        form = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
        asked = request(inner=f'<samlp:NameIDPolicy Format="{form}"/>')
        name = provider.response(asked).find(".//saml:NameID", NAMES)
        assert (name.text, name.get("Format")) == ("ada@example.com", form)

    @pytest.mark.parametrize(("sign", "parts"), [("assertion", 1), ("response", 1), ("both", 2)])
    def test_what_is_signed_can_be_chosen(self, provider, sign, parts):
        root = provider.response(email="a@x.org", sign=sign)
        assert len(root.findall(".//ds:Signature", NAMES)) == parts
        if sign != "response":
            provider.verified(root)
        if sign != "assertion":
            provider.verified(root, "Response")

    def test_it_is_encrypted_for_who_asks(self, provider, visitor):
        assert (
            visitor.post("/saml/corp/sp", metadata(encryption=certificate(KEY))).json()["encrypted"] is True
        )
        root = provider.response()
        assert root.find("saml:Assertion", NAMES) is None
        data = root.find("saml:EncryptedAssertion/xenc:EncryptedData", NAMES)
        wrapped, sealed = (
            base64.b64decode(each.text) for each in data.iter(f"{{{NAMES['xenc']}}}CipherValue")
        )
        key = KEY.decrypt(wrapped, padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None))
        assertion = etree.fromstring(AESGCM(key).decrypt(sealed[:12], sealed[12:], None))
        assert text(provider.verified(assertion), "saml:Issuer") == f"{ME}/metadata"

    def test_nobody_is_signed_in_for_a_passive_request(self, provider, visitor):
        answer = visitor.get("/saml/corp/sso", SAMLRequest=deflated(request(IsPassive="true")))
        root = etree.fromstring(base64.b64decode(sent_to(ACS, answer)["SAMLResponse"]))
        assert (
            root.find("samlp:Status/samlp:StatusCode/samlp:StatusCode", NAMES).get("Value")
            == f"{STATUS}NoPassive"
        )
        assert root.find("saml:Assertion", NAMES) is None

    def test_started_here_it_answers_no_request(self, provider, visitor):
        page = visitor.get("/saml/corp/start", sp=SP, acs=ACS, RelayState="a=b&c=d")
        answer = visitor.session.post(page.url, data={"persona": "ada@example.com"})
        fields = sent_to(ACS, answer)
        assert fields["RelayState"] == "a=b&c=d"
        root = etree.fromstring(base64.b64decode(fields["SAMLResponse"]))
        provider.verified(root)
        assert b"InResponseTo" not in etree.tostring(root)

    def test_registered_metadata_tell_where_responses_go(self, provider, visitor):
        visitor.post("/saml/corp/sp", metadata())
        assert provider.response(request(AssertionConsumerServiceURL=None)).get("Destination") == ACS
        elsewhere = request(AssertionConsumerServiceURL="https://evil.example/acs")
        refused = visitor.get("/saml/corp/sso", SAMLRequest=deflated(elsewhere))
        assert (refused.status_code, "is no AssertionConsumerService" in refused.text) == (400, True)
        assert visitor.get("/saml/corp/start", sp=SP).status_code == 200


class TestFaults:
    def facts(self, provider, root):
        """All that a service provider checks, by the fault that breaks it."""
        now = provider.visitor.world.clock.now()
        end = root.find(".//saml:Conditions", NAMES).get("NotOnOrAfter")
        data = root.find(".//saml:SubjectConfirmationData", NAMES)
        try:
            provider.verified(root)
            signed = True
        except InvalidXmlSignature:
            signed = False
        except AssertionError:
            signed = None
        return {
            "expired": end > etree_time(now - 300),
            "audience": text(root, ".//saml:Audience") == SP,
            "issuer": {each.text for each in root.iter(f"{{{NAMES['saml']}}}Issuer")} == {f"{ME}/metadata"},
            "signature": signed is not False,
            "unsigned": signed is not None,
            "nonce": {root.get("InResponseTo"), data.get("InResponseTo")} == {"_1"},
        }

    @pytest.mark.parametrize("fault", ["", "expired", "audience", "issuer", "signature", "nonce", "unsigned"])
    @pytest.mark.parametrize("sign", ["assertion", "both"])
    def test_each_breaks_what_it_says_and_nothing_else(self, provider, fault, sign):
        root = provider.response(email="a@x.org", fault=fault, sign=sign)
        facts = self.facts(provider, root)
        assert [name for name, holds in facts.items() if not holds] == ([fault] if fault else [])

    def test_a_foreign_signature_brings_its_own_certificate(self, provider):
        assertion = provider.response(email="a@x.org", fault="signature").find("saml:Assertion", NAMES)
        own = "".join(assertion.find(".//ds:X509Certificate", NAMES).text.split())
        assert XMLVerifier().verify(etree.tostring(assertion), x509_cert=own, id_attribute="ID")
        assert own != provider.certificate

    def test_denied(self, provider):
        root = provider.response(fault="denied")
        codes = [each.get("Value") for each in root.iter(f"{{{NAMES['samlp']}}}StatusCode")]
        assert codes == [f"{STATUS}Responder", f"{STATUS}RequestDenied"]
        assert root.find("saml:Assertion", NAMES) is None
        provider.verified(root, "Response")

    def test_replay(self, provider, visitor):
        page = visitor.get("/saml/corp/sso", SAMLRequest=deflated(request()))
        assert visitor.session.post(page.url, data={"fault": "replay"}).status_code == 409
        good = provider.sign_in()
        provider.sign_in(email="b@x.org", fault="expired")
        again = provider.sign_in(request(ID="_2"), "new", fault="replay")
        assert again == {"SAMLResponse": good["SAMLResponse"], "RelayState": "new"}


def etree_time(at):
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def signed_query(text, key=KEY, algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"):
    query = urlencode({"SAMLRequest": deflated(text), "RelayState": "r", "SigAlg": algorithm})
    signature = key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{query}&{urlencode({'Signature': base64.b64encode(signature).decode()})}"


class TestSignedRequests:
    @pytest.fixture(autouse=True)
    def _known(self, visitor):
        visitor.post("/saml/corp/sp", metadata(signing=certificate(KEY)))

    def test_by_redirect(self, visitor):
        good = signed_query(request())
        assert visitor.get(f"/saml/corp/sso?{good}").status_code == 200
        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        for bad in (
            signed_query(request(), other),
            good.replace("RelayState=r", "RelayState=s"),
            signed_query(request(), algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
            good + "%%%",
        ):
            assert visitor.get(f"/saml/corp/sso?{bad}").status_code == 400

    def test_by_post(self, visitor):
        root = etree.fromstring(request())
        signed = XMLSigner(c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#").sign(
            root, key=KEY, cert=certificate(KEY), reference_uri="_1", id_attribute="ID"
        )
        document = etree.tostring(signed).decode()
        assert visitor.post("/saml/corp/sso", {"SAMLRequest": encoded(document)}).status_code == 200
        forged = encoded(document.replace(ACS, "https://evil.example/"))
        assert visitor.post("/saml/corp/sso", {"SAMLRequest": forged}).status_code == 400


class TestLogout:
    ASKED = request("LogoutRequest", "<saml:NameID>ada</saml:NameID>")

    def test_the_answer_is_posted(self, provider, visitor):
        visitor.post("/saml/corp/sp", metadata())
        answer = visitor.get("/saml/corp/slo", SAMLRequest=deflated(self.ASKED), RelayState="r")
        fields = sent_to(SLO, answer)
        root = etree.fromstring(base64.b64decode(fields["SAMLResponse"]))
        assert (root.get("InResponseTo"), root.get("Destination"), fields["RelayState"]) == ("_1", SLO, "r")
        assert root.find("samlp:Status/samlp:StatusCode", NAMES).get("Value") == f"{STATUS}Success"
        provider.verified(root, "LogoutResponse")

    def test_the_answer_is_redirected(self, provider, visitor):
        visitor.post("/saml/corp/sp", metadata(logout="Redirect"))
        answer = visitor.post("/saml/corp/slo", {"SAMLRequest": encoded(self.ASKED), "RelayState": "r"})
        query = urlsplit(answer.headers["Location"]).query
        signed, _, signature = query.partition("&Signature=")
        public = x509.load_der_x509_certificate(base64.b64decode(provider.certificate)).public_key()
        raw = base64.b64decode(dict(parse_qsl(f"s={signature}"))["s"])
        public.verify(raw, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        with pytest.raises(InvalidSignature):
            public.verify(raw, signed.encode() + b"x", padding.PKCS1v15(), hashes.SHA256())
        document = zlib.decompress(base64.b64decode(dict(parse_qsl(query))["SAMLResponse"]), -15)
        assert etree.fromstring(document).get("InResponseTo") == "_1"

    def test_an_unknown_service_provider_is_told_what_to_do(self, visitor):
        answer = visitor.get("/saml/corp/slo", SAMLRequest=deflated(self.ASKED))
        assert (answer.status_code, f"{ME}/sp" in answer.text) == (400, True)


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + request(inner="<a>&b;</a>")
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + request(inner="<a>&x;</a>")


class TestBadRequests:
    @pytest.mark.parametrize(
        "document",
        [
            BOMB,
            EXTERNAL,
            "",
            "no xml",
            "<a/>",
            request("LogoutRequest"),
            request(ID=None),
            request(Version="1.1"),
            request(Destination="https://other.example/sso"),
            request(ProtocolBinding=f"{BINDING}Artifact"),
            request(AssertionConsumerServiceURL=None),
            request(AssertionConsumerServiceURL="javascript:alert(1)"),
            request(AssertionConsumerServiceURL="/acs"),
            request().replace(SP, ""),
            request(inner=" " * 600_000),
            "<" * 5000,
        ],
    )
    @pytest.mark.parametrize("binding", ["redirect", "post"])
    def test_a_page_says_what_is_wrong(self, visitor, document, binding):
        if binding == "redirect":
            answer = visitor.get("/saml/corp/sso", SAMLRequest=deflated(document))
        else:
            answer = visitor.post("/saml/corp/sso", {"SAMLRequest": encoded(document)})
        accepted = len(document) > 500_000 and binding == "post"  # only what is inflated is measured
        assert answer.status_code == (200 if accepted else 400), answer.text
        assert "Stand-in for tests" in answer.text
        assert "root:" not in answer.text

    @pytest.mark.parametrize("value", ["", "%", "é", "AAAA", "////", "x" * 5000])
    @pytest.mark.parametrize("path", ["/saml/corp/sso", "/saml/corp/slo"])
    def test_no_message(self, visitor, path, value):
        assert visitor.get(path, SAMLRequest=value).status_code == 400
        assert visitor.post(path, {"SAMLRequest": value}).status_code == 400
        assert visitor.get(path).status_code == 400

    @pytest.mark.parametrize(
        "body",
        ["", "x", "<a/>", BOMB, metadata().replace("POST", "Artifact"), metadata(entity=""), "<" * 9999],
    )
    def test_no_metadata(self, visitor, body):
        assert visitor.post("/saml/corp/sp", body).status_code == 400

    def test_metadata_come_from_no_other_origin(self, visitor):
        evil = {"Origin": "https://evil.example"}
        assert visitor.post("/saml/corp/sp", metadata(), headers=evil).status_code == 403

    def test_damaged_certificates_are_told(self, visitor):
        damaged = certificate(KEY).replace("MII", "AAA")
        visitor.post("/saml/corp/sp", metadata(encryption=damaged))
        page = visitor.get("/saml/corp/sso", SAMLRequest=deflated(request()))
        answer = visitor.session.post(page.url, data={"email": "a@x.org"})
        assert (answer.status_code, "certificate for encryption is damaged" in answer.text) == (400, True)

    @pytest.mark.parametrize(
        "claims", ['{"x": "\\u0000"}', '{"\\u0001": "x"}', '{"x": "\\uffff"}', '{"sub": "\\u0002"}']
    )
    def test_what_xml_cannot_hold_is_said_on_the_page(self, visitor, claims):
        page = visitor.get("/saml/corp/sso", SAMLRequest=deflated(request()))
        answer = visitor.session.post(page.url, data={"email": "a@x.org", "claims": claims})
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)

    def test_a_form_of_another_origin_is_refused(self, visitor):
        page = visitor.get("/saml/corp/sso", SAMLRequest=deflated(request()))
        evil = {"Origin": "https://evil.example"}
        answer = visitor.session.post(page.url, data={"email": "a@x.org"}, headers=evil)
        assert (answer.status_code, "SAMLResponse" in answer.text) == (403, False)

    def test_without_a_service_provider_nothing_starts(self, visitor):
        assert visitor.get("/saml/corp/start").status_code == 400
        assert visitor.get("/saml/corp/start", sp=SP).status_code == 400
