"""Identity providers that others wrote, before a user pool: oidc-provider-mock, and an IdP made of pysaml2."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from support.browser import where
from support.domain_env import Domain
from support.outside_providers import RSA, certificate
from support.processes import free_port, running
from support.saml_upstream import post
from support.upstream import web_client

HERE = Path(__file__).parent
pytestmark = pytest.mark.slow


@pytest.fixture
def env(cognito):
    return Domain(cognito)


@pytest.fixture
def oidc_provider(python_of):
    """Its address, once it answers."""
    port = free_port()
    program = python_of("upstream").parent / "oidc-provider-mock"
    with running(
        [program, "--port", str(port)], HERE, port, health="/.well-known/openid-configuration"
    ) as url:
        yield url


def test_oidc_provider_mock(env, oidc_provider):
    put = requests.put(
        f"{oidc_provider}/users/ada", json={"email": "ada@corp.example", "custom": {"team": "red"}}
    )
    assert put.ok, put.text
    env.idp.create_identity_provider(
        UserPoolId=env.pool_id,
        ProviderName="Corp",
        ProviderType="OIDC",
        ProviderDetails={
            "client_id": "app",
            "client_secret": "secret",
            "authorize_scopes": "openid email",
            "oidc_issuer": oidc_provider,
            "attributes_request_method": "GET",
        },
        AttributeMapping={"email": "email"},
    )
    web_client(env, "Corp")
    browser = env.browser()
    answer = browser.go(env.url(state="s"))
    given = requests.post(answer.headers["location"], data={"sub": "ada"}, allow_redirects=False)
    assert given.status_code == 302, given.text
    target = urlsplit(given.headers["Location"])
    _, back = where(browser.go(f"{target.path}?{target.query}"))
    claims = jwt.decode(env.redeem(back["code"]).json["id_token"], options={"verify_signature": False})
    assert (claims["cognito:username"], claims["email"]) == ("Corp_ada", "ada@corp.example")


class Pysaml2:
    def __init__(self, python, folder):
        self.python, self.folder = python, folder
        key = RSA.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        (folder / "key.pem").write_bytes(key)
        (folder / "cert.pem").write_text(certificate())

    def ask(self, **what):
        given = json.dumps({"folder": str(self.folder), **what})
        ran = subprocess.run(
            [self.python, HERE / "pysaml2_idp.py"],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()


@pytest.fixture
def pysaml2(python_of, tmp_path):
    if not shutil.which("xmlsec1"):
        pytest.skip("pysaml2 signs with xmlsec1, which is not installed: apt-get install xmlsec1")
    return Pysaml2(python_of("upstream"), tmp_path)


def pool_metadata(env):
    """What a user pool is as a service provider, which administrators type by hand."""
    return (
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
        f'entityID="urn:amazon:cognito:sp:{env.pool_id}"><md:SPSSODescriptor '
        f'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
        'Location="http://localhost:4577/saml2/idpresponse" index="1"/></md:SPSSODescriptor></md:EntityDescriptor>'
    )


@pytest.mark.parametrize(
    "how",
    [
        {"sign_assertion": True},
        {"sign_response": True, "sign_assertion": False},
        {"sign_response": True, "sign_assertion": True},
    ],
    ids=["assertion", "response", "both"],
)
def test_pysaml2(env, pysaml2, how):
    details = {"MetadataFile": pysaml2.ask(do="metadata")}
    env.idp.create_identity_provider(
        UserPoolId=env.pool_id,
        ProviderName="Firm",
        ProviderType="SAML",
        ProviderDetails=details,
        AttributeMapping={"email": "urn:oid:0.9.2342.19200300.100.1.3", "given_name": "urn:oid:2.5.4.42"},
    )
    web_client(env, "Firm")
    browser = env.browser()
    url = browser.go(env.url(state="s")).headers["location"]
    asked = dict(parse_qsl(urlsplit(url).query))
    response = pysaml2.ask(
        do="respond",
        request=asked["SAMLRequest"],
        sp_metadata=pool_metadata(env),
        **how,
    )
    _, given = where(post(browser, response, asked["RelayState"]))
    assert set(given) == {"code", "state"}, given
    (user,) = env.idp.list_users(UserPoolId=env.pool_id)["Users"]
    found = {of["Name"]: of["Value"] for of in user["Attributes"]}
    assert (found["email"], found["given_name"]) == ("ada@corp.example", "Ada")
