"""Signatures, made by botocore and checked here."""

from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cogmock.wire import sigv4

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEYS = Credentials("ASIAEXAMPLE", SECRET, "token/+=")
URLS = [
    "https://sts.amazonaws.com/",
    "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
    "https://sts.amazonaws.com/?b=2&a=1&a=0&empty=&c=a%20b%2Fc&d=~-_.",
    "https://example.com/a%20b/c%2Fd/%C3%A4",
    "http://localhost:4577/x//y",
]


def signed(auth, url, method="POST", body=b"Action=GetCallerIdentity", **headers):
    request = AWSRequest(method=method, url=url, data=body, headers=headers)
    auth.add_auth(request)
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    found = {"host": parts.netloc} | {name.lower(): _text(value) for name, value in prepared.headers.items()}
    return sigv4.Signed(method, parts.path, parts.query, found.get, body)


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize("url", URLS)
class TestHeader:
    def test_it_is_read_and_matches(self, url):
        request = signed(SigV4Auth(KEYS, "sts", "eu-west-1"), url, **{"X-Extra": "  two   blanks "})
        claim = sigv4.read(request)
        assert (claim.key_id, claim.region, claim.service) == ("ASIAEXAMPLE", "eu-west-1", "sts")
        assert claim.token == "token/+="
        assert not claim.presigned
        assert sigv4.matches(request, claim, SECRET)

    def test_another_secret_does_not(self, url):
        request = signed(SigV4Auth(KEYS, "sts", "eu-west-1"), url)
        assert not sigv4.matches(request, sigv4.read(request), SECRET + "x")

    def test_another_body_does_not(self, url):
        request = signed(SigV4Auth(KEYS, "sts", "eu-west-1"), url)
        other = sigv4.Signed(request.method, request.path, request.query, request.header, b"Action=Other")
        assert not sigv4.matches(other, sigv4.read(other), SECRET)


@pytest.mark.parametrize("url", URLS)
class TestQuery:
    def test_it_is_read_and_matches(self, url):
        request = signed(SigV4QueryAuth(KEYS, "sts", "eu-west-1", expires=60), url, "GET", b"")
        claim = sigv4.read(request)
        assert (claim.key_id, claim.token, claim.expires) == ("ASIAEXAMPLE", "token/+=", 60)
        assert sigv4.matches(request, claim, SECRET)
        assert claim.seconds() > 1_700_000_000

    def test_a_changed_query_does_not_match(self, url):
        request = signed(SigV4QueryAuth(KEYS, "sts", "eu-west-1", expires=60), url, "GET", b"")
        other = sigv4.Signed("GET", request.path, request.query + "&more=1", request.header, b"")
        assert not sigv4.matches(other, sigv4.read(other), SECRET)


class TestS3:
    def test_the_path_is_signed_as_it_is_sent(self):
        request = signed(
            S3SigV4Auth(KEYS, "s3", "us-east-1"), "https://b.s3.amazonaws.com/a%20b", "PUT", b"x"
        )
        assert sigv4.matches(request, sigv4.read(request), SECRET)

    def test_a_presigned_body_is_not_signed(self):
        request = signed(
            S3SigV4QueryAuth(KEYS, "s3", "us-east-1"), "https://b.s3.amazonaws.com/k", "GET", b""
        )
        assert sigv4.matches(request, sigv4.read(request), SECRET)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=00",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_other, SignedHeaders=host, Signature=00",
        "Bearer abc",
        "Basic YTpi",
    ],
)
def test_what_is_no_signature_is_not_read(header):
    request = sigv4.Signed("POST", "/", "", {"authorization": header}.get, b"")
    assert sigv4.read(request) is None


def test_a_time_that_is_none_is_told_so():
    header = "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=00"
    request = sigv4.Signed("POST", "/", "", {"authorization": header, "x-amz-date": "soon"}.get, b"")
    claim = sigv4.read(request)
    assert claim.seconds() is None
    assert not sigv4.matches(request, claim, SECRET)
