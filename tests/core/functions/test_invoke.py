"""Where functions are found, and how they are invoked: Python callables, URLs, the Invoke API."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from support.pool_env import PoolEnv
from support.pool_settings import FUNCTION
from support.processes import answers, free_port
from support.triggers import KEY, answering, configured, error_of
from support.waiting import LIMIT, LONG, until

from cogmock import mock_cognito
from cogmock.core.functions import invoke
from cogmock.core.world import World
from cogmock.settings import Settings


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Functions may take long, as they may on a loaded machine."""
    monkeypatch.setattr(invoke, "LIMIT", LONG)


HERE = "from_the_tests:handler"


@contextmanager
def invoke_api(functions, status=200, headers=None):
    """A small server that speaks the Invoke API. A function that raises answers as Lambda does."""
    asked = []

    class Api(BaseHTTPRequestHandler):
        def do_POST(self):
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, dict(self.headers), json.loads(body)))
            parts = url.path.strip("/").split("/")
            name = parts[2] if parts[:2] == ["2015-03-31", "functions"] else url.path
            self._answer(*self._run(functions.get(name), json.loads(body), parse_qs(url.query)))

        def _run(self, function, event, _query):
            if function is None:
                text = {"Type": "User", "Message": "Function not found"}
                return 404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, json.dumps(text).encode()
            if isinstance(function, bytes):
                return status, headers or {}, function
            try:
                return status, headers or {}, json.dumps(function(event, None)).encode()
            except ValueError as error:
                fault = {"errorMessage": str(error), "errorType": "ValueError", "stackTrace": []}
                return 200, {"X-Amz-Function-Error": "Unhandled"}, json.dumps(fault).encode()

        def _answer(self, status, headers, body):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def env_with(function="f", **settings):
    with mock_cognito(**settings) as cognito:
        yield PoolEnv(cognito, LambdaConfig={"PreSignUp": FUNCTION + function})


def failing(event, context):
    raise ValueError("Not today")


class TestPythonCallables:
    @pytest.mark.parametrize("key", ["f", "f:live", f"{FUNCTION}f:live"])
    def test_are_found_by_name_version_or_arn(self, cognito, key):
        cognito.functions[key] = answering(autoConfirmUser=True)
        env = PoolEnv(cognito, LambdaConfig=configured(PreSignUp="f:live"))
        assert env.sign_up()["UserConfirmed"] is True

    def test_the_arn_goes_before_the_name(self, cognito):
        cognito.functions["f"] = failing
        cognito.functions[f"{FUNCTION}f"] = answering()
        PoolEnv(cognito, LambdaConfig=configured(PreSignUp="f")).sign_up()

    def test_get_a_context_as_on_aws(self, cognito):
        seen = {}

        def function(event, context):
            names = (
                "function_name", "function_version", "invoked_function_arn", "memory_limit_in_mb", "aws_request_id",
                "log_group_name", "log_stream_name", "identity", "client_context",
            )  # fmt: skip
            seen.update({name: getattr(context, name) for name in names})
            seen["left"] = context.get_remaining_time_in_millis()
            context.log("a word")
            return event

        cognito.functions["f"] = function
        PoolEnv(cognito, LambdaConfig=configured(PreSignUp="f")).sign_up()
        assert seen["function_name"] == "f"
        assert seen["function_version"] == "$LATEST"
        assert seen["invoked_function_arn"] == f"{FUNCTION}f"
        assert seen["memory_limit_in_mb"] == "128"
        assert len(seen["aws_request_id"]) == 36
        assert seen["log_group_name"] == "/aws/lambda/f"
        assert seen["log_stream_name"].startswith("[$LATEST]") or "[$LATEST]" in seen["log_stream_name"]
        assert seen["identity"] is seen["client_context"] is None
        assert (LONG - LIMIT) * 1000 < seen["left"] <= LONG * 1000


class TestImportedCallables:
    @pytest.fixture(autouse=True)
    def module(self, tmp_path, monkeypatch):
        source = "def handler(event, context):\n    event['response']['autoConfirmUser'] = True\n    return event\n"
        (tmp_path / "from_the_tests.py").write_text(source + "number = 7\n")
        monkeypatch.chdir(tmp_path)
        yield
        sys.path[:] = [path for path in sys.path if path != str(tmp_path)]
        sys.modules.pop("from_the_tests", None)

    def test_are_found_where_the_server_was_started(self):
        with env_with(lambda_=(f"f={HERE}",)) as env:
            assert env.sign_up()["UserConfirmed"] is True
            assert env.cognito.functions.calls[0].place == HERE

    def test_one_registered_in_process_goes_first(self):
        with env_with(lambda_=(f"f={HERE}",)) as env:
            env.cognito.functions["f"] = answering()
            assert env.sign_up()["UserConfirmed"] is False

    def test_a_module_that_is_not_there_fails_as_in_lambda(self):
        with env_with(lambda_=("f=no_such_module:handler",)) as env:
            code, message = error_of(env.sign_up)
        assert code == "UserLambdaValidationException"
        assert message == (
            "PreSignUp failed with error Unable to import module 'no_such_module': No module named 'no_such_module'."
        )

    @pytest.mark.parametrize("name", ["missing", "number"])
    def test_so_does_a_name_that_is_no_callable(self, name):
        with env_with(lambda_=(f"f=from_the_tests:{name}",)) as env:
            assert error_of(env.sign_up) == (
                "UserLambdaValidationException",
                f"PreSignUp failed with error Handler '{name}' missing on module 'from_the_tests'.",
            )

    @pytest.mark.parametrize("setting", ["f", "=x:y", "f=", "f=ftp://x", "f=not a path"])
    def test_a_slip_in_writing_is_told_at_once(self, setting):
        with pytest.raises(ValueError, match="NAME=module:callable"):
            World(Settings(lambda_=(setting,)))


class TestUrls:
    def test_the_event_is_posted_and_the_answer_is_the_result(self):
        with (
            invoke_api({"/hook": answering(autoConfirmUser=True)}) as (url, asked),
            env_with(lambda_=(f"f={url}/hook",)) as env,
        ):
            assert env.sign_up()["UserConfirmed"] is True
            ((path, headers, event),) = asked
            assert path == "/hook"
            assert headers["Content-Type"] == "application/json"
            assert event == env.cognito.functions.calls[0].event

    def test_the_runtime_emulators_path_is_one(self):
        path = "/2015-03-31/functions/function/invocations"
        with (
            invoke_api({"function": answering(autoConfirmUser=True)}) as (url, _),
            env_with(lambda_=(f"f={url}{path}",)) as env,
        ):
            assert env.sign_up()["UserConfirmed"] is True

    def test_the_runtime_emulator_tells_errors_without_a_header(self):
        fault = b'{"errorMessage": "Not today", "errorType": "ValueError"}'
        with invoke_api({"/hook": fault}) as (url, _), env_with(lambda_=(f"f={url}/hook",)) as env:
            assert error_of(env.sign_up) == (
                "UserLambdaValidationException",
                "PreSignUp failed with error Not today.",
            )

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (b"{", "Invalid lambda function output : Invalid JSON"),
            (b"", "Invalid lambda function output : Invalid JSON"),
            (b"\xff\xfe", "Invalid lambda function output : Invalid JSON"),
            (b"null", "Unrecognizable lambda output"),
            (b'"ok"', "Unrecognizable lambda output"),
        ],
    )
    def test_an_answer_that_is_no_object_is_refused(self, body, message):
        with invoke_api({"/hook": body}) as (url, _), env_with(lambda_=(f"f={url}/hook",)) as env:
            assert error_of(env.sign_up) == ("InvalidLambdaResponseException", message)

    @pytest.mark.parametrize(
        ("status", "code"),
        [(403, "AccessDeniedException"), (404, "ResourceNotFoundException"), (500, "ServiceException")],
    )
    def test_a_status_is_told_as_the_lambda_api_would(self, status, code):
        with (
            invoke_api({"/hook": b"{}"}, status) as (url, asked),
            env_with(lambda_=(f"f={url}/hook",)) as env,
        ):
            assert error_of(env.sign_up) == (
                "UnexpectedLambdaException",
                f"PreSignUp invocation failed due to error {code}.",
            )
        assert len(asked) == 1

    def test_throttling_is_tried_three_times(self):
        with invoke_api({"/hook": b"{}"}, 429) as (url, asked), env_with(lambda_=(f"f={url}/hook",)) as env:
            assert error_of(env.sign_up)[1] == (
                "PreSignUp invocation failed due to error TooManyRequestsException."
            )
            assert len(asked) == 3

    def test_a_server_that_is_down_cannot_be_invoked(self):
        port = free_port()
        with env_with(lambda_=(f"f=http://127.0.0.1:{port}/",)) as env:
            assert error_of(env.sign_up) == (
                "UnexpectedLambdaException",
                "PreSignUp invocation failed due to error ServiceException.",
            )
            assert f"http://127.0.0.1:{port}/" in env.cognito.requests[-1].reason

    def test_a_server_that_does_not_answer_times_out(self, monkeypatch):
        monkeypatch.setattr(invoke, "LIMIT", 0.1)
        with (
            socket.create_server(("127.0.0.1", 0)) as deaf,
            env_with(lambda_=(f"f=http://127.0.0.1:{deaf.getsockname()[1]}/",)) as env,
        ):
            assert error_of(env.sign_up)[1] == (
                "PreSignUp invocation failed due to error Socket timeout while invoking Lambda function."
            )


class TestInvokeApi:
    def test_is_asked_for_what_is_nowhere_else(self):
        with (
            invoke_api({"f": answering(autoConfirmUser=True)}) as (url, asked),
            env_with("f:live", lambda_endpoint=url) as env,
        ):
            assert env.sign_up()["UserConfirmed"] is True
        ((path, headers, event),) = asked
        assert path == "/2015-03-31/functions/f/invocations?Qualifier=live"
        assert headers["X-Amz-Invocation-Type"] == "RequestResponse"
        assert "Credential=123456789012/20260101/us-east-1/lambda/aws4_request" in headers["Authorization"]
        assert event["triggerSource"] == "PreSignUp_SignUp"

    def test_a_function_that_raises(self):
        with invoke_api({"f": failing}) as (url, _), env_with(lambda_endpoint=url) as env:
            assert error_of(env.sign_up) == (
                "UserLambdaValidationException",
                "PreSignUp failed with error Not today.",
            )

    def test_a_function_that_it_does_not_have(self):
        with invoke_api({}) as (url, _), env_with(lambda_endpoint=url) as env:
            assert error_of(env.sign_up) == (
                "UnexpectedLambdaException",
                "PreSignUp invocation failed due to error ResourceNotFoundException.",
            )

    def test_custom_senders_are_invoked_as_events(self):
        sender = {"LambdaVersion": "V1_0", "LambdaArn": f"{FUNCTION}f"}
        config = {"CustomEmailSender": sender, "KMSKeyID": KEY}
        with invoke_api({"f": b""}, 202) as (url, asked), mock_cognito(lambda_endpoint=url) as cognito:
            env = PoolEnv(cognito, AutoVerifiedAttributes=["email"], LambdaConfig=config)
            env.sign_up(attributes={"email": "ada@example.com"})
            until(lambda: cognito.functions.calls[-1].outcome != "running")
            assert cognito.functions.calls[-1].outcome == "ok"
        assert asked[0][1]["X-Amz-Invocation-Type"] == "Event"
        assert asked[0][2]["triggerSource"] == "CustomEmailSender_SignUp"

    def test_can_be_given_with_a_path(self):
        with invoke_api({}) as (url, asked), env_with(lambda_endpoint=f"{url}/lambda/") as env:
            error_of(env.sign_up)
        assert asked[0][0] == "/lambda/2015-03-31/functions/f/invocations"


class TestMoto:
    """moto runs functions in Docker alone; without it, it plays answers that it was given."""

    @pytest.mark.slow
    def test_answers_by_the_same_api(self, moto_server):
        name = "f"
        lambdas_of = boto3_of("lambda", moto_server)
        role = boto3_of("iam", moto_server).create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"][
            "Arn"
        ]
        made = lambdas_of.create_function(
            FunctionName=name, Runtime="python3.12", Role=role, Handler="a.b", Code={"ZipFile": zipped()}
        )
        answer = {"response": {"autoConfirmUser": True, "autoVerifyEmail": False, "autoVerifyPhone": False}}
        requests.post(
            f"{moto_server}/moto-api/static/lambda-simple/response",
            json={"results": [json.dumps(answer)]},
            timeout=LIMIT,
        ).raise_for_status()
        with mock_cognito(lambda_endpoint=moto_server) as cognito:
            env = PoolEnv(cognito, LambdaConfig={"PreSignUp": made["FunctionArn"]})
            assert env.sign_up()["UserConfirmed"] is True


@pytest.fixture
def moto_server():
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            until(lambda: answers(f"{url}/moto-api/"), 100, every=0.1)
            requests.post(f"{url}/moto-api/config", json={"lambda": {"use_docker": False}}, timeout=LIMIT)
            yield url
        finally:
            process.terminate()


def boto3_of(service, url):
    import boto3

    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )


def zipped():
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.py", "def b(event, context): return event\n")
    return packed.getvalue()
