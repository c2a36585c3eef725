"""Requests that are passed on: signed as botocore signs them, or unsigned."""

import threading
import urllib.error
import urllib.request
from urllib.parse import quote, unquote

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from support.identity_env import ACCOUNT, IdentityPoolEnv, allow, client
from support.pool_env import refused
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from cogmock.testing.server import CognitoServer


class Behind:
    """A server that records requests and gives the answer that the test sets."""

    def __init__(self):
        self.requests = []
        self.respond = lambda _request: Response("")
        handler = type("Quiet", (WSGIRequestHandler,), {"log_request": lambda *_: None})
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.address = f"127.0.0.1:{self._server.port}"

    def _answer(self, environ, start_response):
        request = Request(environ)
        request.get_data()
        self.requests.append(request)
        return self.respond(request)(environ, start_response)

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def behind():
    server = Behind()
    yield server
    server.stop()


@pytest.fixture
def protect(monkeypatch):
    """Starts cogmock in front of a server, and returns an S3 client of a guest with all permissions."""
    servers = []

    def start(url, **more):
        server = CognitoServer(protect=(f"s3={url}",))
        server.start()
        servers.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        identity_env = IdentityPoolEnv(server)
        identity_env.role("guest", allow("s3:*"))
        identity_env.identity.set_identity_pool_roles(
            IdentityPoolId=identity_env.pool_id,
            Roles={"unauthenticated": f"arn:aws:iam::{ACCOUNT}:role/guest"},
        )
        credentials = identity_env.credentials()
        config = Config(retries={"total_max_attempts": 1}, **more)
        return server, credentials, client("s3", credentials, config=config)

    yield start
    for server in servers:
        server.stop()


def expected(request, key_id, secret):
    """The signature that botocore computes for the request that arrived."""
    given = request.headers["Authorization"]
    names = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {name: request.headers[name] for name in names}
    target = request.environ.get("RAW_URI") or request.environ["REQUEST_URI"]
    made = AWSRequest(
        request.method, f"http://{request.host}{target}", headers=headers, data=request.get_data()
    )
    made.context["timestamp"] = request.headers["X-Amz-Date"]
    signer = S3SigV4Auth(Credentials(key_id, secret), "s3", "us-east-1")
    text = signer.string_to_sign(made, signer.canonical_request(made))
    return signer.signature(text, made)


class TestSigning:
    def test_with_the_keys_that_the_url_names(self, behind, protect):
        _, credentials, s3 = protect(f"http://minio:s%2Fcret@{behind.address}")
        s3.put_object(Bucket="b", Key="a b/ü+~*.txt", Body=b"x", Metadata={"k": "  v  w "}, Tagging="a=b")
        (request,) = behind.requests
        assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=minio/")
        assert request.headers["Authorization"].endswith(expected(request, "minio", "s/cret"))
        assert credentials["SessionToken"] not in str(request.headers)
        assert request.path == "/b/a b/ü+~*.txt"

    def test_queries_are_signed_too_and_those_of_a_presigned_url_stay_behind(self, behind, protect):
        _, _, s3 = protect(f"http://{behind.address}", signature_version="s3v4")
        place = {"Bucket": "b", "Key": "k", "ResponseContentType": "text/x; y=z"}
        urllib.request.urlopen(s3.generate_presigned_url("get_object", Params=place), timeout=30).close()
        (request,) = behind.requests
        assert request.query_string == b"response-content-type=text%2Fx%3B%20y%3Dz"
        assert request.headers["Authorization"].endswith(expected(request, "test", "test"))

    def test_not_at_all_where_the_url_says_anonymous(self, behind, protect):
        _, _, s3 = protect(f"http://anonymous@{behind.address}")
        s3.get_object(Bucket="b", Key="k")
        assert "Authorization" not in behind.requests[0].headers

    def test_a_path_of_the_url_stands_before_all_others(self, behind, protect):
        _, _, s3 = protect(f"http://{behind.address}/storage/")
        s3.get_object(Bucket="b", Key="k")
        assert behind.requests[0].path == "/storage/b/k"


class TestAnswers:
    def test_an_answer_without_a_length_comes_whole(self, behind, protect):
        _, _, s3 = protect(f"http://{behind.address}")
        behind.respond = lambda _request: Response(iter([b"x" * 100_000] * 20))
        assert len(s3.get_object(Bucket="b", Key="k")["Body"].read()) == 2_000_000

    def test_headers_and_errors_come_as_they_are(self, behind, protect):
        _, _, s3 = protect(f"http://{behind.address}")
        error = "<Error><Code>SlowDown</Code><Message>later</Message></Error>"
        behind.respond = lambda _request: Response(error, 503, {"x-amz-request-id": "its own"})
        with refused("SlowDown", "later") as caught:
            s3.get_object(Bucket="b", Key="k")
        assert caught.value.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-request-id"] == "its own"

    def test_a_page_of_another_origin_may_read_them(self, behind, protect):
        _, _, s3 = protect(f"http://{behind.address}", signature_version="s3v4")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
        with urllib.request.urlopen(url, timeout=30) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "ETag" in answer.headers["Access-Control-Expose-Headers"]

    def test_a_browser_may_ask_before(self, behind, protect):
        _, _, s3 = protect(f"http://{behind.address}", signature_version="s3v4")
        url = s3.generate_presigned_url("put_object", Params={"Bucket": "b", "Key": "k"})
        asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT"}
        request = urllib.request.Request(url, method="OPTIONS", headers=asked)
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.headers["Access-Control-Allow-Methods"] == "PUT"
        assert behind.requests == []

    def test_what_is_denied_never_arrives(self, behind, protect):
        _, credentials, _ = protect(f"http://{behind.address}")
        with refused("SignatureDoesNotMatch"):
            client("s3", {**credentials, "SecretKey": "x"}).put_object(Bucket="b", Key="k", Body=b"x")
        assert behind.requests == []

    def test_a_body_that_is_too_large_is_refused(self, behind, protect):
        _, _, s3 = protect(f"http://{behind.address}", signature_version="s3v4")
        url = s3.generate_presigned_url("put_object", Params={"Bucket": "b", "Key": "k"})
        request = urllib.request.Request(url, data=b"x" * (16 * 1024 * 1024 + 1), method="PUT")
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            urllib.request.urlopen(request, timeout=30)
        assert behind.requests == []


class Stated(S3SigV4Auth):
    """Signs the declared hash, whatever the body is."""

    def _modify_request_before_signing(self, request):
        stated = request.headers["x-amz-content-sha256"]
        super()._modify_request_before_signing(request)
        del request.headers["x-amz-content-sha256"]
        request.headers["x-amz-content-sha256"] = stated

    def canonical_request(self, request):
        *head, _ = super().canonical_request(request).split("\n")
        return "\n".join([*head, request.headers["x-amz-content-sha256"]])


class TestChunkedBodies:
    """Bodies in the aws-chunked encoding, as SDKs of other languages send them."""

    def put(self, server, credentials, body, hashed, **headers):
        url = f"{server.url}/b/{quote('k')}"
        made = AWSRequest("PUT", url, data=body, headers={
            "x-amz-content-sha256": hashed, "content-encoding": "aws-chunked", **headers,
        })  # fmt: skip
        keys = Credentials(credentials["AccessKeyId"], credentials["SecretKey"], credentials["SessionToken"])
        Stated(keys, "s3", "us-east-1").add_auth(made)
        return made

    def send(self, made, body):
        request = urllib.request.Request(
            made.url, data=body, method="PUT", headers=dict(made.headers.items())
        )
        return urllib.request.urlopen(request, timeout=30)

    def test_unsigned_ones_with_a_sum_behind_them(self, behind, protect):
        server, credentials, _ = protect(f"http://{behind.address}")
        body = b"5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n"
        given = {"x-amz-trailer": "x-amz-checksum-crc32", "x-amz-decoded-content-length": "11"}
        made = self.put(server, credentials, body, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", **given)
        self.send(made, body).close()
        (request,) = behind.requests
        assert request.get_data() == b"hello world"
        assert request.headers["x-amz-checksum-crc32"] == "DUoRhQ=="
        assert not {"Content-Encoding", "X-Amz-Trailer"} & set(dict(request.headers))
        assert request.headers["Authorization"].endswith(expected(request, "test", "test"))

    @pytest.mark.parametrize("spoilt", [False, True])
    def test_signed_ones_must_be_what_was_signed(self, behind, protect, spoilt):
        server, credentials, _ = protect(f"http://{behind.address}")
        hashed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        made = self.put(server, credentials, b"", hashed, **{"x-amz-decoded-content-length": "11"})
        body = signed_chunks(made, credentials["SecretKey"], [b"hello", b" world", b""])
        if spoilt:
            with pytest.raises(urllib.error.HTTPError) as caught:
                self.send(made, body.replace(b"world", b"wurld"))
            assert b"<Code>SignatureDoesNotMatch</Code>" in caught.value.read()
            assert behind.requests == []
        else:
            self.send(made, body).close()
            assert behind.requests[0].get_data() == b"hello world"

    @pytest.mark.parametrize("body", [b"", b"5\r\nhel", b"zz\r\n\r\n", b"5;x=y\r\nhello\r\n0\r\n\r\n"])
    def test_those_that_cannot_be_read_are_refused(self, behind, protect, body):
        server, credentials, _ = protect(f"http://{behind.address}")
        made = self.put(server, credentials, body, "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        with pytest.raises(urllib.error.HTTPError) as caught:
            self.send(made, body)
        assert b"<Code>IncompleteBody</Code>" in caught.value.read()


def signed_chunks(made, secret, pieces):
    """A chunked body, signed as S3's API reference describes."""
    import hashlib
    import hmac

    authorization = made.headers["Authorization"]
    before = authorization.rpartition("Signature=")[2]
    scope = authorization.partition("Credential=")[2].partition(",")[0].partition("/")[2]
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    body = b""
    for piece in pieces:
        text = "\n".join([
            "AWS4-HMAC-SHA256-PAYLOAD", made.headers["X-Amz-Date"], scope, before,
            hashlib.sha256(b"").hexdigest(), hashlib.sha256(piece).hexdigest(),
        ])  # fmt: skip
        before = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        body += f"{len(piece):x};chunk-signature={before}\r\n".encode() + piece + b"\r\n"
    return body


def test_paths_are_told_apart_by_every_byte(behind, protect):
    _, _, s3 = protect(f"http://{behind.address}")
    for key in ("a%2Fb", "a?b", "a#b", "%", "a//b", "ünï"):
        s3.get_object(Bucket="b", Key=key)
        target = behind.requests[-1].environ["RAW_URI"]
        assert unquote(target) == f"/b/{key}"
