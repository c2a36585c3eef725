"""A page on another origin calls the APIs, as a front end does."""

from __future__ import annotations

import boto3
import pytest

CALL = """
async ([url, operation, params]) => {
    const answer = await fetch(url, {
        method: "POST",
        headers: {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
            "X-Amz-User-Agent": "aws-amplify/6.0",
            "Cache-Control": "no-store",
            "amz-sdk-invocation-id": "1",
            "amz-sdk-request": "attempt=1",
        },
        body: JSON.stringify(params),
    });
    return {
        status: answer.status,
        error: answer.headers.get("x-amzn-errortype"),
        id: answer.headers.get("x-amzn-requestid"),
        body: await answer.json(),
    };
}
"""
PASSWORD = "Corr3ct-Horse!"


@pytest.fixture
def shop(cognito_server):
    idp = boto3.client(
        "cognito-idp",
        endpoint_url=cognito_server.url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    pool = idp.create_user_pool(PoolName="shop", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )
    return pool, client["UserPoolClient"]["ClientId"]


def test_a_user_signs_up_and_in_from_a_page(page, elsewhere, cognito_server, shop):
    pool, client = shop
    page.goto(elsewhere)

    def call(operation, **params):
        return page.evaluate(CALL, [cognito_server.url, operation, params])

    email = [{"Name": "email", "Value": "ada@example.com"}]
    call("SignUp", ClientId=client, Username="ada", Password=PASSWORD, UserAttributes=email)
    code = cognito_server.messages.last(username="ada").code
    call("ConfirmSignUp", ClientId=client, Username="ada", ConfirmationCode=code)
    given = {"USERNAME": "ada", "PASSWORD": PASSWORD}
    answer = call("InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    assert answer["status"] == 200
    assert len(answer["id"]) == 36
    token = answer["body"]["AuthenticationResult"]["AccessToken"]
    assert call("GetUser", AccessToken=token)["body"]["Username"] == "ada"
    keys = page.evaluate(
        "async (url) => (await (await fetch(url)).json()).keys.length",
        f"{cognito_server.url}/{pool}/.well-known/jwks.json",
    )
    assert keys == 2


def test_a_page_reads_the_error_it_gets(page, elsewhere, cognito_server, shop):
    _, client = shop
    page.goto(elsewhere)
    given = {"USERNAME": "ada", "PASSWORD": "wrong"}
    params = {"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given}
    answer = page.evaluate(CALL, [cognito_server.url, "InitiateAuth", params])
    assert (answer["status"], answer["error"]) == (400, "UserNotFoundException:")
    assert answer["body"] == {"__type": "UserNotFoundException", "message": "User does not exist."}


def test_a_page_on_another_origin_cannot_use_the_control_api(page, elsewhere, cognito_server):
    page.goto(elsewhere)
    script = (
        "async (url) => { try { return (await fetch(url)).status } catch (fault) { return String(fault) } }"
    )
    assert "Failed to fetch" in page.evaluate(script, f"{cognito_server.url}/_cogmock/messages")
