"""The triggers of a sign-in by the page, and of the token endpoint."""

from __future__ import annotations

from urllib.parse import quote

from support.browser import CALLBACK, where
from support.domain_env import WEB, Domain
from support.pool_env import PASSWORD
from support.pool_settings import FUNCTION
from support.sign_in import read
from support.triggers import answering, configured, refusing, sources


def echo(event, _context):
    return event


def env_with(cognito, **names):
    env = Domain(cognito, client=WEB, LambdaConfig=configured(**names))
    for name in names.values():
        cognito.functions[name] = echo
    env.add_user()
    return env


def test_a_sign_in_by_the_page_runs_the_triggers_around_it_and_those_of_hosted_tokens(cognito):
    env = env_with(
        cognito, PreAuthentication="before", PostAuthentication="after", PreTokenGeneration="claims"
    )
    tokens = env.tokens()
    assert sources(cognito) == [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_HostedAuth",
    ]
    env.token(
        {"grant_type": "refresh_token", "client_id": env.client_id, "refresh_token": tokens["refresh_token"]}
    )
    assert sources(cognito)[3:] == ["TokenGeneration_RefreshTokens"]


def test_metadata_of_a_refresh_reaches_the_token_trigger(cognito):
    env = env_with(cognito, PreTokenGeneration="claims")
    fields = {
        "grant_type": "refresh_token",
        "client_id": env.client_id,
        "refresh_token": env.tokens()["refresh_token"],
    }
    assert env.token({**fields, "aws_client_metadata": quote('{"team": "red"}')}).status == 200
    assert cognito.functions.calls[-1].event["request"]["clientMetadata"] == {"team": "red"}
    assert env.token({**fields, "aws_client_metadata": "{"}).json["error"] == "invalid_request"
    assert env.token(fields).status == 200
    assert "clientMetadata" not in cognito.functions.calls[-1].event["request"]


def test_a_sign_up_by_the_page_runs_those_of_the_api(cognito):
    names = {"PreSignUp": "f", "CustomMessage": "f", "PostConfirmation": "f", "PreTokenGeneration": "f"}
    cognito.functions["f"] = echo
    env = Domain(cognito, client=WEB, AutoVerifiedAttributes=["email"], LambdaConfig=configured(**names))
    browser = env.browser()
    browser.go(env.url("/signup"))
    browser.submit({"username": "eve", "requiredAttributes[email]": "eve@example.com", "password": PASSWORD})
    _, given = where(browser.submit(code=env.code("eve")))
    env.redeem(given["code"])
    assert sources(cognito) == [
        "PreSignUp_SignUp",
        "CustomMessage_SignUp",
        "PostConfirmation_ConfirmSignUp",
        "TokenGeneration_HostedAuth",
    ]


def test_a_password_on_the_page_migrates_whom_nobody_knows(cognito):
    response = {"userAttributes": {"email": "eve@example.com"}, "finalUserStatus": "CONFIRMED"}
    cognito.functions["old"] = answering(**response, messageAction="SUPPRESS")
    env = Domain(cognito, client=WEB, LambdaConfig=configured(UserMigration="old"))
    _, (address, given) = env.signed_in("eve", PASSWORD)
    assert address == CALLBACK
    assert read(env.redeem(given["code"]).json["id_token"])["cognito:username"] == "eve"
    (call,) = cognito.functions.calls
    assert (call.source, call.event["request"]["password"]) == ("UserMigration_Authentication", PASSWORD)
    assert env.status("eve") == "CONFIRMED"


def test_the_page_shows_why_a_function_refused(cognito):
    env = env_with(cognito, PreAuthentication="before")
    cognito.functions["before"] = refusing("not today")
    browser = env.browser()
    browser.go(env.url())
    browser.submit(username="ada", password=PASSWORD)
    assert "PreAuthentication failed with error not today." in browser.text


MACHINE = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["client_credentials"],
    "AllowedOAuthScopes": ["api/read"],
    "GenerateSecret": True,
    "CallbackURLs": [],
}


def test_a_token_of_a_client_itself_runs_the_third_version_of_the_token_trigger(cognito):
    arn = FUNCTION + "claims"
    config = {"PreTokenGenerationConfig": {"LambdaArn": arn, "LambdaVersion": "V3_0"}}
    env = Domain(cognito, LambdaConfig=config)
    scope = {"ScopeName": "read", "ScopeDescription": "to read"}
    env.idp.create_resource_server(UserPoolId=env.pool_id, Identifier="api", Name="a", Scopes=[scope])
    env.client_of(**MACHINE)
    seen = {}

    def claims(event, _context):
        seen.update(event)
        added = {"accessTokenGeneration": {"claimsToAddOrOverride": {"team": "red"}}}
        return event | {"response": {"claimsAndScopeOverrideDetails": added}}

    cognito.functions["claims"] = claims
    fields = {
        "grant_type": "client_credentials",
        "client_id": env.client_id,
        "client_secret": env.secret,
        "aws_client_metadata": quote('{"team": "red"}'),
    }
    answer = env.token(fields)
    assert read(answer.json["access_token"])["team"] == "red"
    assert seen["triggerSource"] == "TokenGeneration_ClientCredentials"
    assert (seen["version"], seen["userName"]) == ("3", "ClientCredentials")
    request = seen["request"]
    assert request["userAttributes"] == {}
    assert request["groupConfiguration"] is None
    assert request["scopes"] == ["api/read"]
    assert request["clientMetadata"] == {"team": "red"}


def test_a_function_that_fails_is_told_at_the_token_endpoint_and_in_the_fragment(cognito):
    env = env_with(cognito, PreTokenGeneration="claims")
    cognito.functions["claims"] = refusing("not today")
    answer = env.redeem(env.fresh_code())
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert "not today" in answer.json["error_description"]
    _, (address, told) = env.signed_in(response_type="token")
    assert address == CALLBACK
    assert told["error"] == "invalid_request"
    assert "not today" in told["error_description"]


def sessions_of_ada(env):
    return env.cognito.world.find_pool(env.pool_id)[1].users["ada"].sessions


def test_a_function_that_fails_leaves_no_session_behind(cognito):
    env = env_with(cognito, PreTokenGeneration="claims")
    cognito.functions["claims"] = refusing("not today")
    assert env.redeem(env.fresh_code()).status == 400
    env.signed_in(response_type="token")
    assert not sessions_of_ada(env)


def test_a_code_that_is_used_again_while_the_function_runs_gives_no_tokens(cognito):
    env = env_with(cognito, PreTokenGeneration="claims")
    code, answers = env.fresh_code(), []

    def claims(event, _context):
        answers.append(env.redeem(code))
        return event

    cognito.functions["claims"] = claims
    first = env.redeem(code)
    assert [answer.json["error"] for answer in (*answers, first)] == ["invalid_grant", "invalid_grant"]
    assert not sessions_of_ada(env)
