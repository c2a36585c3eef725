"""The reader of JSON that others wrote, and the places where it reads."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from support.http import ask
from support.outside_providers import issuer
from support.pool_env import PoolEnv
from support.triggers import answering, configured, error_of
from support.waiting import cheaply

from cogmock import foreign_json, mock_cognito
from cogmock.core.functions import http_api
from cogmock.core.outside import Unreachable, fetch_json
from cogmock.core.paging import place
from cogmock.core.world import World
from cogmock.errors import InvalidParameterException, UserLambdaValidationException
from cogmock.federation import id_tokens
from cogmock.settings import Settings
from cogmock.web.app import Application
from cogmock.wire import json11

DEPTHS = (500, 5_000, 100_000)
SIGNED = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/x/aws4_request, SignedHeaders=host, Signature=00"
HALF = '"\\ud800"'
TEXTS = {
    **{f"arrays {depth}": "[" * depth + "]" * depth for depth in DEPTHS},
    **{f"objects {depth}": '{"a":' * depth + "1" + "}" * depth for depth in DEPTHS},
    "open": "[" * 100_000,
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "too large a number": "1e999",
    "half a pair": HALF,
}


@pytest.fixture(params=TEXTS)
def odd(request):
    """A value that no reader may take, as JSON text."""
    return TEXTS[request.param]


def nested(value):
    return f'{{"a":{value}}}'.encode()


@contextmanager
def function_that_answers(body):
    """The URL of a function that says the same to everything."""

    class Function(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Function) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class TestReader:
    def test_what_json_is_is_read(self):
        text = '{"a": [1, -2.5e3, true, null, "\\ud83d\\ude00 \\" \\\\ [[["], "": {}}'
        assert foreign_json.read(text) == foreign_json.read(text.encode()) == json.loads(text)
        assert foreign_json.read(b"\xef\xbb\xbf{}") == {}

    def test_what_others_cannot_write_is_refused(self, odd):
        for source in (odd, odd.encode(), nested(odd)):
            with pytest.raises(foreign_json.NotJson):
                foreign_json.read(source)

    @pytest.mark.parametrize(
        "source", [b"", b"\xff", "{", "\ud800", '"\ud800"', "1" * 5000, b'{"a":}'], ids=range(7)
    )
    def test_what_is_no_json_is_refused(self, source):
        with pytest.raises(foreign_json.NotJson):
            foreign_json.read(source)

    def test_depth_is_counted_and_width_is_not(self):
        deepest = foreign_json.DEEPEST
        text = "[" * deepest + "]" * deepest
        assert foreign_json.read(text)
        with pytest.raises(foreign_json.NotJson, match="deeper than 200 levels"):
            foreign_json.read(f"[{text}]")
        assert len(foreign_json.read("[" + "[],{}," * 10_000 + "{}]")) == 20_001

    def test_brackets_in_strings_are_no_depth(self):
        for inside in ("[" * 1000, '\\"[{' * 1000, "\\\\", '\\\\\\"[' * 1000):
            assert foreign_json.read(f'{{"a":"{inside}"}}')["a"] == json.loads(f'"{inside}"')

    def test_depth_behind_a_string_that_ends_in_a_backslash_is_counted(self):
        with pytest.raises(foreign_json.NotJson, match="deeper"):
            foreign_json.read('["\\\\",' + "[" * 300 + "]" * 300 + "]")

    def test_a_long_text_is_refused(self):
        with pytest.raises(foreign_json.NotJson, match="more than 10 bytes"):
            foreign_json.read(b'"0123456789"', longest=10)

    def test_half_a_pair_can_be_mended(self):
        assert foreign_json.read(f'[{HALF}, "\\ud83d\\ude00"]', mend=True) == ["?", "😀"]

    def test_a_megabyte_costs_little_more_than_its_reading(self):
        text = "[" + "[]," * 350_000 + "[]]"
        with cheaply(8):
            foreign_json.read(text)


class TestPlaces:
    """No place where foreign JSON comes in answers 500, or keeps what it could not show again."""

    @pytest.fixture
    def application(self):
        return Application(World(Settings(issuer="aws")))

    @pytest.fixture
    def told(self, application):
        def told():
            """What the control API tells of requests: it must be readable, whatever came before."""
            answer = ask(application, "GET", "/_cogmock/requests")
            assert answer.status == 200
            return foreign_json.read(answer.body)["requests"]

        return told

    def test_documents_of_the_json_apis(self, application, told, odd):
        headers = {
            "X-Amz-Target": "AWSCognitoIdentityProviderService.CreateManagedLoginBranding",
            "Authorization": SIGNED,
        }
        body = b'{"UserPoolId":"us-east-1_aaaaaaaaa","ClientId":"a","Settings":' + nested(odd) + b"}"
        answer = ask(application, "POST", "/", body, headers=headers)
        assert answer.status == 400
        assert answer.json["__type"] == (
            # A body of 500 levels is read as on AWS, and half a pair becomes a question mark.
            "ResourceNotFoundException"
            if odd in {HALF, TEXTS["arrays 500"], TEXTS["objects 500"]}
            else "SerializationException"
        )
        assert told()[-1]["status"] == 400

    def test_bodies_of_the_control_api(self, application, odd):
        for body in (odd.encode(), nested(odd)):
            answer = ask(application, "POST", "/_cogmock/clock", body)
            assert (answer.status, answer.json["error"]) == (400, "InvalidRequest")

    def test_bodies_of_kms(self, application, odd):
        answer = ask(application, "POST", "/", nested(odd), headers={"X-Amz-Target": "TrentService.Decrypt"})
        assert (answer.status, answer.json["__type"]) == (400, "SerializationException")

    def test_tokens(self, application, odd):
        part = base64.urlsafe_b64encode(nested(odd)).rstrip(b"=").decode()
        body = {"AccessToken": f"{part}.{part}.c2ln"}
        headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser"}
        answer = ask(application, "POST", "/", body, headers=headers)
        assert (answer.status, answer.json["__type"]) == (400, "NotAuthorizedException")

    def test_page_tokens(self, odd):
        with pytest.raises(InvalidParameterException):
            place(base64.b64encode(f"[{odd},1]".encode()).decode(), "q")

    def test_documents_of_issuers(self, odd):
        with issuer() as served:
            served.answers["/odd"] = lambda _: nested(odd)
            with pytest.raises(Unreachable):
                fetch_json(f"{served.url}/odd")

    def test_tokens_of_issuers(self, odd):
        part = base64.urlsafe_b64encode(nested(odd)).rstrip(b"=").decode()
        with issuer() as served, pytest.raises(id_tokens.Unverified):
            id_tokens.verified(f"{part}.{part}.c2ln", {"keys": served.keys})

    def test_answers_of_functions_over_http(self, odd):
        with function_that_answers(nested(odd)) as url, mock_cognito(lambda_=(f"f={url}",)) as cognito:
            env = PoolEnv(cognito, LambdaConfig=configured(PreSignUp="f"))
            assert error_of(env.sign_up)[0] == "InvalidLambdaResponseException"
            asked = ask(Application(cognito.world), "GET", "/_cogmock/requests")
            assert foreign_json.read(asked.body)["requests"][-1]["triggers"]

    def test_too_large_an_answer_of_a_function(self, monkeypatch):
        monkeypatch.setattr(http_api, "LARGEST", 100)
        with function_that_answers(b"x" * 1000) as url, mock_cognito(lambda_=(f"f={url}",)) as cognito:
            env = PoolEnv(cognito, LambdaConfig=configured(PreSignUp="f"))
            code, message = error_of(env.sign_up)
        assert code == "UserLambdaValidationException"
        assert "Response payload size exceeded" in message


class TestFunctionsInProcess:
    @pytest.fixture
    def env(self, cognito):
        return PoolEnv(cognito, LambdaConfig=configured(PreSignUp="f", PreTokenGeneration="t"))

    @pytest.mark.parametrize("depth", DEPTHS)
    def test_a_deep_answer_is_refused(self, env, cognito, depth):
        deep = []
        for _ in range(depth):
            deep = [deep]
        cognito.functions["f"] = answering(deep=deep)
        assert error_of(env.sign_up)[0] in {"InvalidLambdaResponseException", "UserLambdaValidationException"}

    def test_half_a_pair_in_an_answer_is_refused(self, env, cognito):
        cognito.functions["f"] = answering(deep="\ud800")
        assert error_of(env.sign_up)[0] == "InvalidLambdaResponseException"

    def test_half_a_pair_in_an_error_becomes_a_question_mark(self, env, cognito):
        def function(_event, _context):
            raise ValueError("no \ud800")

        cognito.functions["f"] = function
        assert error_of(env.sign_up) == (
            "UserLambdaValidationException",
            "PreSignUp failed with error no ?.",
        )
        shown = ask(Application(cognito.world), "GET", "/_cogmock/requests").body
        assert shown.decode()

    def test_an_exception_that_cannot_be_told_is_told_by_its_class(self, env, cognito):
        class Mute(Exception):
            def __str__(self):
                raise RuntimeError

        def function(_event, _context):
            raise Mute

        cognito.functions["f"] = function
        assert error_of(env.sign_up)[1] == "PreSignUp failed with error Mute."


class TestWriting:
    def test_an_error_is_always_written(self):
        written = json11.encode_error(UserLambdaValidationException("\udfff\x00 " + "x" * 10))
        assert json.loads(written)["message"] == "?\x00 xxxxxxxxxx"

    def test_a_number_beyond_64_bits_is_written(self):
        assert json.loads(json11.quickest_writer()({"a": 10**30, "b": b"x"})) == {"a": 10**30, "b": "eA=="}
