"""A real browser with a virtual authenticator registers a passkey and signs in with it."""

from __future__ import annotations

import json

import boto3
import pytest

PASSWORD = "Corr3ct-Horse!"
CREATE = """
async (options) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return (await navigator.credentials.create({ publicKey })).toJSON();
}
"""
GET = """
async (options) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return (await navigator.credentials.get({ publicKey })).toJSON();
}
"""


@pytest.fixture
def idp(cognito_server):
    return boto3.client(
        "cognito-idp",
        endpoint_url=cognito_server.url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


@pytest.fixture
def home(idp):
    """Pool and client, for pages of localhost; and Ada."""
    pool = idp.create_user_pool(
        PoolName="shop",
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
    )["UserPool"]["Id"]
    idp.set_user_pool_mfa_config(
        UserPoolId=pool,
        MfaConfiguration="OFF",
        WebAuthnConfiguration={"RelyingPartyId": "localhost", "UserVerification": "required"},
    )
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]["ClientId"]
    idp.admin_create_user(UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
    idp.admin_set_user_password(UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
    return client


@pytest.fixture
def local_page(page, elsewhere):
    """A page of localhost whose authenticator says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    page.goto(elsewhere.replace("127.0.0.1", "localhost"))
    return page


def test_it_registers_and_signs_in(idp, home, local_page):
    given = {"USERNAME": "ada", "PASSWORD": PASSWORD}
    token = idp.initiate_auth(ClientId=home, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)[
        "AuthenticationResult"
    ]["AccessToken"]
    options = idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    made = local_page.evaluate(CREATE, options)
    idp.complete_web_authn_registration(AccessToken=token, Credential=made)
    (kept,) = idp.list_web_authn_credentials(AccessToken=token)["Credentials"]
    assert kept["CredentialId"] == made["id"]
    for _ in range(2):
        question = idp.initiate_auth(
            ClientId=home,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": "ada", "PREFERRED_CHALLENGE": "WEB_AUTHN"},
        )
        options = json.loads(question["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
        answer = idp.respond_to_auth_challenge(
            ClientId=home,
            ChallengeName="WEB_AUTHN",
            Session=question["Session"],
            ChallengeResponses={
                "USERNAME": "ada",
                "CREDENTIAL": json.dumps(local_page.evaluate(GET, options)),
            },
        )
        assert answer["AuthenticationResult"]["AccessToken"]
