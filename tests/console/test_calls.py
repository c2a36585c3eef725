"""Calls: refusals with their reason, and commands that do the same again."""

import json
import shlex

import pytest

from cogmock import aws_cli
from cogmock.console import commands


@pytest.fixture
def refused(console, shop):
    """A sign-in with a wrong password, as the newest call."""
    given = {"USERNAME": "ada", "PASSWORD": "it's wrong"}
    console.call(
        "InitiateAuth", 400, AuthFlow="USER_PASSWORD_AUTH", ClientId=shop["client"], AuthParameters=given
    )
    return console.world.journal.last_id


class TestCalls:
    def test_say_why_one_was_refused(self, console, refused):
        text = console.text("/ui/calls")
        assert "InitiateAuth ada the password is wrong" in text
        assert "Incorrect username or password" in console.text(f"/ui/calls?id={refused}")

    def test_have_their_secrets_masked_until_they_are_asked_for(self, console, refused):
        assert "it's wrong" not in console.text(f"/ui/calls?id={refused}")
        assert "it's wrong" in console.text(f"/ui/calls?id={refused}&secrets=true")

    def test_of_the_console_itself_are_not_listed(self, console, shop):
        console.get("/ui/inbox")
        console.get("/ui/calls")
        assert "No calls yet" in console.text("/ui/calls")

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?q=password wrong", 1),
            ("?q=listuserpools", 1),
            ("?failed=true", 1),
            ("?kind=page", 0),
            ("?kind=api", 2),
        ],
    )
    def test_are_searched(self, console, refused, query, found):
        console.call("ListUserPools", MaxResults=1)
        assert console.get(f"/ui/calls{query}").body.count(b'class="row call') == found

    def test_have_pages(self, console, shop):
        for _ in range(130):
            console.call("ListUserPools", MaxResults=1)
        assert console.get("/ui/calls").body.count(b'class="row call') == 60
        assert console.get("/ui/calls?before=31").body.count(b'class="row call') == 30

    def test_show_pages_with_their_parameters_and_secrets_masked(self, console, shop):
        from support.http import ask

        uri = "http://localhost:9999/cb"
        query = f"client_id={shop['client']}&response_type=code&redirect_uri={uri}&state=hidden-state"
        ask(console.application, "GET", f"/oauth2/authorize?{query}")
        number = console.world.journal.last_id
        text = console.text(f"/ui/calls?id={number}")
        assert f"asked {uri}, the client has" in text
        assert "hidden-state" not in text
        assert f'"redirect_uri": "{uri}"' in text

    def test_show_triggers(self, console, shop, aws, world):
        world.functions["pre"] = lambda event, _: event | {"response": {"autoConfirmUser": True}}
        arn = "arn:aws:lambda:us-east-1:123456789012:function:pre"
        aws("UpdateUserPool", UserPoolId=shop["pool"], LambdaConfig={"PreSignUp": arn})
        console.call("SignUp", ClientId=shop["client"], Username="eve", Password="Corr3ct-Horse!")
        text = console.text(f"/ui/calls?id={world.journal.last_id}")
        assert "Trigger PreSignUp_SignUp ok" in text
        assert '"autoConfirmUser": true' in text


class TestCommands:
    def test_for_the_aws_cli_hold_what_was_sent(self, console, refused, shop):
        answer = console.get(f"/ui/calls/{refused}/cli")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        words = shlex.split(answer.body.decode())
        assert words[:5] == [
            *("AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "aws", "cognito-idp", "initiate-auth")
        ]
        assert words[words.index("--endpoint-url") + 1] == "http://localhost:4577"
        given = json.loads(words[words.index("--cli-input-json") + 1])
        assert given["AuthParameters"] == {"USERNAME": "ada", "PASSWORD": "it's wrong"}

    def test_for_boto3_are_python_that_does_the_same(self, cognito_server):
        """The command runs against a real server."""
        import boto3  # noqa: F401 - the command imports it, too

        idp = cognito_server.client("cognito-idp")
        call = {
            "service": "cognito-idp",
            "operation": "CreateUserPool",
            "region": "us-east-1",
            "account": "123456789012",
            "parameters": {"PoolName": "mine", "EmailVerificationSubject": 'it\'s "b" \\ ü'},
        }
        exec(commands.boto3(call, cognito_server.url), {})
        made = idp.list_user_pools(MaxResults=10)["UserPools"][-1]["Id"]
        told = idp.describe_user_pool(UserPoolId=made)["UserPool"]["EmailVerificationSubject"]
        assert told == call["parameters"]["EmailVerificationSubject"]

    @pytest.mark.parametrize(("number", "kind"), [(99, "cli"), (1, "curl"), (2, "cli")])
    def test_are_404_where_there_is_none(self, console, shop, number, kind):
        from support.http import ask

        console.call("ListUserPools", MaxResults=1)
        ask(console.application, "GET", f"/login?client_id={shop['client']}")
        assert console.get(f"/ui/calls/{number}/{kind}").status == 404

    def test_name_operations_as_botocore_does(self):
        from botocore import xform_name

        from cogmock.wire import model

        for service in commands.REPEATABLE:
            for operation in model.load(service).operations:
                assert aws_cli.snake(operation) == xform_name(operation)
