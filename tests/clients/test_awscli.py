"""The AWS CLI, unmodified, against a server."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.slow
PASSWORD = "Corr3ct-Horse!"


@pytest.fixture
def aws(python_of, cognito_server, tmp_path):
    """Runs `aws …` and gives its answer, or its exit status and what it complains of."""
    folder = python_of("awscli").parent
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }

    def run(*arguments, **more):
        command = [folder / "python", folder / "aws", *arguments]
        if "AWS_ENDPOINT_URL" not in more:
            command += ["--endpoint-url", cognito_server.url]
        done = subprocess.run(
            command, env=environment | more, capture_output=True, text=True, check=False, timeout=300
        )
        if done.returncode:
            return done.returncode, done.stderr.strip()
        return json.loads(done.stdout) if done.stdout.strip() else None

    return run


def test_a_user_signs_up_is_confirmed_and_signs_in(aws, cognito_server):
    pool = aws(
        "cognito-idp", "create-user-pool", "--pool-name", "shop", "--auto-verified-attributes", "email"
    )
    pool_id = pool["UserPool"]["Id"]
    client = aws(
        *("cognito-idp", "create-user-pool-client", "--user-pool-id", pool_id, "--client-name", "cli"),
        *("--explicit-auth-flows", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
    )["UserPoolClient"]["ClientId"]
    aws(
        *("cognito-idp", "sign-up", "--client-id", client, "--username", "ada", "--password", PASSWORD),
        *("--user-attributes", "Name=email,Value=ada@example.com"),
    )
    code = cognito_server.messages.last(username="ada").code
    confirm = ("--client-id", client, "--username", "ada", "--confirmation-code", code)
    aws("cognito-idp", "confirm-sign-up", *confirm)
    tokens = aws(
        *("cognito-idp", "initiate-auth", "--client-id", client, "--auth-flow", "USER_PASSWORD_AUTH"),
        *("--auth-parameters", f"USERNAME=ada,PASSWORD={PASSWORD}"),
    )["AuthenticationResult"]
    user = aws("cognito-idp", "get-user", "--access-token", tokens["AccessToken"])
    assert user["Username"] == "ada"
    listed = aws("cognito-idp", "list-users", "--user-pool-id", pool_id, "--filter", 'username = "ada"')
    assert [one["UserStatus"] for one in listed["Users"]] == ["CONFIRMED"]


def test_errors_arrive_in_the_words_of_aws(aws):
    status, complaint = aws("cognito-idp", "describe-user-pool", "--user-pool-id", "us-east-1_Nowhere00")
    assert status in {254, 255}
    assert complaint == (
        "An error occurred (ResourceNotFoundException) when calling the DescribeUserPool operation: "
        "User pool us-east-1_Nowhere00 does not exist."
    )


def test_one_variable_points_it_at_the_server(aws, cognito_server):
    found = aws("cognito-idp", "list-user-pools", "--max-results", "5", AWS_ENDPOINT_URL=cognito_server.url)
    assert found == {"UserPools": []}


def test_commands_of_the_console_work_as_they_are_pasted(python_of, cognito_server, tmp_path):
    """A refused sign-in is refused again, and the doctor's command mends a refused redirect."""
    folder = python_of("awscli").parent
    pool = cognito_server.make_pool(
        users=["ada"],
        client={
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid"],
            "CallbackURLs": ["http://localhost:3000/"],
            "LogoutURLs": ["http://localhost:3000/"],
            "SupportedIdentityProviders": ["COGNITO"],
        },
    )
    idp = cognito_server.client("cognito-idp")
    with pytest.raises(idp.exceptions.NotAuthorizedException):
        idp.initiate_auth(
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=pool.client_id,
            AuthParameters={"USERNAME": "ada", "PASSWORD": "it's wrong"},
        )
    idp.close()

    def pasted(command):
        path = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(tmp_path)}
        done = subprocess.run(
            ["sh", "-c", command], env=path, capture_output=True, text=True, check=False, timeout=300
        )
        return done.returncode, done.stdout + done.stderr

    def fetched(path):
        with urlopen(f"{cognito_server.url}{path}", timeout=30) as answer:
            return answer.read().decode()

    command = fetched(f"/_cogmock/ui/calls/{cognito_server.requests[-1].id}/cli")
    status, said = pasted(command)
    assert (status != 0, "NotAuthorizedException" in said) == (True, True), said
    assert cognito_server.requests[-1].reason == "the password is wrong"

    asked = (
        f"/oauth2/authorize?client_id={pool.client_id}&response_type=code&redirect_uri=http://localhost:5173/"
    )
    with suppress(HTTPError):
        fetched(asked)
    findings = json.loads(fetched("/_cogmock/doctor"))["findings"]
    mending = next(each["command"] for each in findings if each["code"] == "redirect_mismatch")
    status, said = pasted(mending)
    assert status == 0, said
    assert "Sign in" in fetched(asked)
