"""What a SAML stand-in knows of a user pool, without anybody's typing it."""

import base64
import zlib

import boto3
import pytest
import requests
from lxml import etree
from support.standin_visitor import IDP, sent_to

NAMES = {"saml": "urn:oasis:names:tc:SAML:2.0:assertion", "samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}
DOMAIN = "https://shop.auth.us-east-1.amazoncognito.com"


class Shop:
    def __init__(self, **details):
        self.idp = boto3.client("cognito-idp", region_name="us-east-1")
        self.pool = self.idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        self.idp.create_identity_provider(
            UserPoolId=self.pool,
            ProviderName="Corp",
            ProviderType="SAML",
            ProviderDetails={"MetadataURL": f"{IDP}/saml/corp/metadata", **details},
        )

    def asked(self, kind, inner="", **attributes):
        text = " ".join(f'{name}="{value}"' for name, value in attributes.items())
        document = (
            f'<p:{kind} xmlns:p="{NAMES["samlp"]}" xmlns:a="{NAMES["saml"]}" ID="_1" Version="2.0" {text}>'
            f"<a:Issuer>urn:amazon:cognito:sp:{self.pool}</a:Issuer>{inner}</p:{kind}>"
        )
        deflating = zlib.compressobj(wbits=-15)
        return {
            "SAMLRequest": base64.b64encode(
                deflating.compress(document.encode()) + deflating.flush()
            ).decode()
        }

    def sign_in(self, name="corp"):
        asked = self.asked("AuthnRequest", AssertionConsumerServiceURL=f"{DOMAIN}/saml2/idpresponse")
        page = requests.get(f"{IDP}/saml/{name}/sso", params=asked)
        answer = requests.post(page.url, data={"email": "ada@example.com"})
        return etree.fromstring(base64.b64decode(sent_to(None, answer)["SAMLResponse"]))


@pytest.mark.parametrize(("flag", "found"), [("true", "EncryptedAssertion"), ("false", "Assertion")])
def test_assertions_are_encrypted_where_the_provider_demands_it(cognito, flag, found):
    shop = Shop(EncryptedResponses=flag)
    assert shop.sign_in().find(f"saml:{found}", NAMES) is not None
    assert shop.sign_in("other").find("saml:Assertion", NAMES) is not None


def test_sign_outs_are_answered_at_the_domain_of_the_last_sign_in(cognito):
    shop = Shop()
    asked = shop.asked("LogoutRequest", "<a:NameID>ada</a:NameID>")
    assert requests.get(f"{IDP}/saml/corp/slo", params=asked).status_code == 400
    shop.sign_in()
    fields = sent_to(f"{DOMAIN}/saml2/logout", requests.get(f"{IDP}/saml/corp/slo", params=asked))
    assert etree.fromstring(base64.b64decode(fields["SAMLResponse"])).get("InResponseTo") == "_1"
