"""What callers see when a trigger's function fails, and what is noted of each run."""

from __future__ import annotations

import logging
import threading
import time

import boto3
import pytest
from support.pool_env import PoolEnv
from support.triggers import answering, configured, error_of, refusing
from support.waiting import LIMIT, LONG, promptly, until

from cogmock.core.functions import invoke
from cogmock.testing.server import CognitoServer

TIMEOUT = "Socket timeout while invoking Lambda function."
GARBLED = "Invalid lambda function output : Invalid JSON"


@pytest.fixture
def env(cognito):
    return PoolEnv(cognito, LambdaConfig=configured(PreSignUp="f"))


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(invoke, "LIMIT", 0.1)


@pytest.fixture
def over():
    """An event that is set at the end of a test, and that a function waits for which does not answer."""
    event = threading.Event()
    yield event
    event.set()


def signed_up(env, cognito, function):
    cognito.functions["f"] = function
    return error_of(env.sign_up)


class TestFailures:
    def test_what_a_function_raises_is_told_with_a_full_stop(self, env, cognito):
        assert signed_up(env, cognito, refusing("Go away")) == (
            "UserLambdaValidationException",
            "PreSignUp failed with error Go away.",
        )

    def test_an_error_is_not_tried_again(self, env, cognito):
        runs = []

        def function(event, _context):
            runs.append(event)
            raise ValueError("no")

        signed_up(env, cognito, function)
        assert len(runs) == 1

    def test_even_an_exit_is_an_error(self, env, cognito):
        def function(_event, _context):
            raise SystemExit(1)

        assert signed_up(env, cognito, function)[0] == "UserLambdaValidationException"

    def test_a_function_that_is_nowhere_cannot_be_invoked(self, env, cognito, caplog):
        with caplog.at_level(logging.WARNING, logger="cogmock"):
            assert error_of(env.sign_up) == (
                "UnexpectedLambdaException",
                "PreSignUp invocation failed due to error ResourceNotFoundException.",
            )
        cognito.functions["g"] = answering()
        assert "f is nowhere" in caplog.text
        assert "--lambda-endpoint (not given)" in caplog.text
        assert "f is nowhere" in cognito.requests[-1].reason

    def test_a_function_that_does_not_answer_is_tried_three_times(self, env, cognito, hurried, over):
        runs = []

        def function(event, _context):
            runs.append(event)
            over.wait(LONG)
            return event

        assert signed_up(env, cognito, function) == (
            "UnexpectedLambdaException",
            f"PreSignUp invocation failed due to error {TIMEOUT}",
        )
        until(lambda: len(runs) == 3)

    def test_an_answer_at_the_second_try_counts(self, env, cognito, monkeypatch, over):
        runs, tries, within = [], [], invoke._within

        def with_little_time_at_first(found, job):
            tries.append(job)
            try:
                return within(found, job._replace(seconds=0.1 if len(tries) == 1 else LONG))
            finally:
                until(lambda: runs)  # the first run may begin late

        def function(event, _context):
            runs.append(event)
            if len(runs) == 1:
                over.wait(LONG)
            return event

        monkeypatch.setattr(invoke, "_within", with_little_time_at_first)
        cognito.functions["f"] = function
        assert env.sign_up()["UserSub"]
        assert len(tries) == 2
        assert [of.operation for of in cognito.requests].count("SignUp") == 1, "the client tried again"

    @pytest.mark.slow
    def test_the_limit_is_five_seconds_of_real_time(self, env, cognito, over):
        def function(event, _context):
            over.wait(LONG)
            return event

        began = time.monotonic()
        with promptly(40):
            assert signed_up(env, cognito, function)[0] == "UnexpectedLambdaException"
        assert time.monotonic() - began > 14.5

    def test_others_are_served_while_a_function_is_waited_for(self, env, cognito):
        entered, go = threading.Event(), threading.Event()

        def function(event, _context):
            entered.set()
            assert go.wait(LIMIT)
            return event

        cognito.functions["f"] = function
        thread = threading.Thread(target=env.sign_up)
        thread.start()
        assert entered.wait(LIMIT)
        env.idp.describe_user_pool(UserPoolId=env.pool_id)
        go.set()
        thread.join()

    def test_of_a_custom_message_the_function_itself_is_named(self, cognito, hurried, over):
        cognito.functions["f"] = lambda _event, _context: over.wait(LONG)
        env = PoolEnv(cognito, AutoVerifiedAttributes=["email"], LambdaConfig=configured(CustomMessage="f"))
        code, message = error_of(env.sign_up, attributes={"email": "ada@example.com"})
        assert code == "UnexpectedLambdaException"
        assert message == f"{configured(f='f')['f']} failed with error {TIMEOUT}"

    @pytest.mark.parametrize("output", [None, "text", 7, True, ["list"]])
    def test_what_is_no_object_is_not_recognized(self, env, cognito, output):
        assert signed_up(env, cognito, lambda _event, _context: output) == (
            "InvalidLambdaResponseException",
            "Unrecognizable lambda output",
        )

    @pytest.mark.parametrize(
        "response",
        [
            "text",
            ["list"],
            {"autoConfirmUser": "yes"},
            {"autoConfirmUser": 1},
            {"autoVerifyEmail": {}},
            {"autoVerifyPhone": []},
        ],
    )
    def test_a_field_of_the_wrong_type_is_refused(self, env, cognito, response):
        output = {"response": response}
        assert signed_up(env, cognito, lambda _event, _context: output) == (
            "InvalidLambdaResponseException",
            GARBLED,
        )

    @pytest.mark.parametrize(
        "output",
        [{}, {"response": {}}, {"response": None}, {"response": {"more": [1], "autoConfirmUser": None}}],
    )
    def test_what_is_left_out_is_as_it_was(self, env, cognito, output):
        cognito.functions["f"] = lambda _event, _context: output
        assert env.sign_up()["UserConfirmed"] is False

    def test_what_json_cannot_bear_is_an_error_of_the_function(self, env, cognito):
        code, message = signed_up(env, cognito, lambda _event, _context: {"response": object()})
        assert code == "UserLambdaValidationException"
        assert message.startswith("PreSignUp failed with error Unable to marshal response: ")

    def test_a_function_cannot_change_what_it_was_given(self, env, cognito):
        def function(event, _context):
            event["request"]["userAttributes"]["name"] = "Eve"
            return event

        cognito.functions["f"] = function
        env.sign_up(attributes={"name": "Ada"})
        assert env.attributes()["name"] == "Ada"


class TestRecord:
    def test_event_response_and_outcome_are_kept(self, env, cognito):
        cognito.functions["f"] = answering(autoConfirmUser=True)
        env.sign_up()
        (call,) = cognito.functions.calls
        assert call.source == "PreSignUp_SignUp"
        assert call.function.endswith(":function:f")
        assert call.place == "a Python callable"
        assert call.event["response"]["autoConfirmUser"] is False
        assert call.response["autoConfirmUser"] is True
        assert call.outcome == "ok"
        assert call.duration_ms > 0
        assert (
            cognito.functions.calls_of("PreSignUp")
            == [call]
            == cognito.functions.calls_of("PreSignUp_SignUp")
        )
        assert cognito.functions.calls_of("PostConfirmation") == []

    def test_a_failure_tells_what_was_raised_and_where(self, env, cognito):
        signed_up(env, cognito, refusing("Go away"))
        (call,) = cognito.functions.calls
        assert call.outcome == "UserLambdaValidationException"
        assert "RuntimeError: Go away (" in call.detail
        assert "triggers.py" in call.detail
        assert cognito.requests[-1].triggers == [call]

    def test_a_reset_forgets_it(self, env, cognito):
        cognito.functions["f"] = answering()
        env.sign_up()
        cognito.reset()
        assert cognito.functions.calls == []
        assert list(cognito.functions) == ["f"]

    def test_the_log_has_one_line_for_a_run(self, env, cognito, caplog):
        cognito.functions["f"] = answering()
        with caplog.at_level(logging.INFO, logger="cogmock"):
            env.sign_up()
        (line,) = [of.getMessage() for of in caplog.records if of.name == "cogmock.triggers"]
        assert line.startswith("PreSignUp_SignUp → f (a Python callable) ok ")


class TestFunctions:
    def test_are_a_mapping_by_name(self, cognito):
        functions = cognito.functions
        functions["f"] = function = answering()
        assert functions["f"] is function
        assert (list(functions), len(functions), "f" in functions) == (["f"], 1, True)
        assert "f" in repr(functions)
        assert functions.arn("f", region="eu-west-1").startswith("arn:aws:lambda:eu-west-1:")
        del functions["f"]
        assert repr(cognito.functions) == "<functions none; 0 calls>"


class TestOverHttp:
    """The same against a server: its functions call back over a socket of their own."""

    def test_a_function_that_calls_back_does_not_lock_up(self):
        with CognitoServer() as server:
            idp = boto3.client(
                "cognito-idp",
                endpoint_url=server.url,
                region_name="us-east-1",
                aws_access_key_id="a",
                aws_secret_access_key="b",
            )

            def after(event, _context):
                idp.admin_update_user_attributes(
                    UserPoolId=event["userPoolId"],
                    Username=event["userName"],
                    UserAttributes=[{"Name": "nickname", "Value": "newcomer"}],
                )
                return event

            server.functions["after"] = after
            pool = idp.create_user_pool(PoolName="shop", LambdaConfig=configured(PostConfirmation="after"))
            pool_id = pool["UserPool"]["Id"]
            client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]
            idp.sign_up(ClientId=client["ClientId"], Username="ada", Password="Corr3ct-Horse!")
            idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="ada")
            user = idp.admin_get_user(UserPoolId=pool_id, Username="ada")
            assert {"Name": "nickname", "Value": "newcomer"} in user["UserAttributes"]

    def test_the_control_api_shows_runs_with_their_secrets_masked(self):
        import requests

        with CognitoServer() as server:
            idp = boto3.client(
                "cognito-idp",
                endpoint_url=server.url,
                region_name="us-east-1",
                aws_access_key_id="a",
                aws_secret_access_key="b",
            )
            server.functions["f"] = answering()
            pool = idp.create_user_pool(PoolName="shop", LambdaConfig=configured(PreSignUp="f"))
            idp.admin_create_user(UserPoolId=pool["UserPool"]["Id"], Username="ada")
            shown = requests.get(f"{server.url}/_cogmock/requests", timeout=LIMIT).json()["requests"][-1]
            (run,) = shown["triggers"]
            assert run["source"] == "PreSignUp_AdminCreateUser"
            assert run["event"]["userName"] == "ada"
            assert run["response"]["autoConfirmUser"] is False
            assert run["outcome"] == "ok"
