"""Personas and `pretend` of a definitions document."""

import subprocess
import sys

import boto3
import pytest
import requests
from support.standin_visitor import IDP

from cogmock import mock_cognito
from cogmock.definitions.faults import InvalidConfig

NAMES = {"Company": "OIDC", "CompanySSO": "SAML", "Google": "Google", "Facebook": "Facebook"}
NAMES |= {"LoginWithAmazon": "LoginWithAmazon", "SignInWithApple": "SignInWithApple"}


def providers():
    return [
        {"ProviderName": name, "ProviderType": kind, "pretend": True, "AttributeMapping": {"email": "email"}}
        for name, kind in NAMES.items()
    ]


def document(**more):
    pool = {"id": "us-east-1_Shop", "PoolName": "shop", "identity_providers": providers()}
    return {"pools": [pool], **more}


def described(name):
    idp = boto3.client("cognito-idp", region_name="us-east-1")
    return idp.describe_identity_provider(UserPoolId="us-east-1_Shop", ProviderName=name)["IdentityProvider"]


def test_pretended_providers_need_no_details():
    with mock_cognito(config=document()) as cognito:
        assert described("Company")["ProviderDetails"]["oidc_issuer"] == f"{IDP}/oidc/Company"
        assert described("CompanySSO")["ProviderDetails"]["MetadataURL"] == f"{IDP}/saml/CompanySSO/metadata"
        assert described("SignInWithApple")["ProviderDetails"]["team_id"] == "COGMOCK"
        again = cognito.world
        assert len(again.find_pool("us-east-1_Shop")[1].identity_providers) == len(NAMES)


def test_details_that_are_stated_count():
    stated = document()
    stated["pools"][0]["identity_providers"][0]["ProviderDetails"] = {"client_id": "mine"}
    with mock_cognito(config=stated):
        details = described("Company")["ProviderDetails"]
        assert (details["client_id"], details["client_secret"]) == ("mine", "cogmock")


def test_personas_are_on_the_page():
    people = [
        {"name": "Mary Jackson", "email": "mary@example.com", "claims": {"groups": ["a"]}},
        {"sub": "desk-1"},
    ]
    with mock_cognito(config={"personas": people}):
        url = f"{IDP}/oidc/a/authorize?client_id=a&response_type=code&redirect_uri=http://localhost:1/"
        page = requests.get(url).text
        assert "Mary Jackson" in page
        assert "Ada Lovelace" not in page
        answer = requests.post(url, data={"persona": "desk-1"}, allow_redirects=False)
        assert "code=" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("ada", "mapping"),
        ({"name": "Ada"}, "an email or a sub"),
        ({"email": "a@x.org", "age": 3}, "no age"),
        ({"email": 3}, "email must be a text"),
        ({"email": "a@x.org", "claims": []}, "claims must be a mapping"),
    ],
)
def test_faulty_personas_are_told(entry, message):
    with pytest.raises(InvalidConfig, match=message), mock_cognito(config={"personas": [entry]}) as cognito:
        assert cognito.world


def test_a_server_applies_them_before_it_listens(tmp_path):
    file = tmp_path / "cogmock.yaml"
    file.write_text(
        "pools:\n  - id: us-east-1_Shop\n    PoolName: shop\n    identity_providers:\n"
        "      - {ProviderName: CompanySSO, ProviderType: SAML, pretend: true, AttributeMapping: {email: email}}\n"
    )
    command = [sys.executable, "-m", "cogmock", "serve", "--port", "0", "--config", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        url = server.stdout.readline().strip().rpartition(" ")[2]
        try:
            idp = boto3.client(
                "cognito-idp",
                endpoint_url=url,
                region_name="us-east-1",
                aws_access_key_id="x",
                aws_secret_access_key="x",
            )
            found = idp.describe_identity_provider(UserPoolId="us-east-1_Shop", ProviderName="CompanySSO")
            details = found["IdentityProvider"]["ProviderDetails"]
            port = url.rpartition(":")[2]
            assert (
                details["SSORedirectBindingURI"]
                == f"http://localhost:{port}/_cogmock/idp/saml/CompanySSO/sso"
            )
        finally:
            server.terminate()
            server.communicate(timeout=30)
