import io
import re
import time
import urllib.error
import urllib.request
from urllib.parse import quote

import boto3
import pytest
from botocore.config import Config
from support.identity_env import ACCOUNT, allow, client
from support.pool_env import refused
from support.processes import free_port

from cogmock.testing.server import CognitoServer

BUCKET = "arn:aws:s3:::articles"
READ = allow(resource=f"{BUCKET}/premium/*")
ALL = allow("s3:*", [BUCKET, f"{BUCKET}/*"])


@pytest.fixture
def bucket(behind):
    s3 = behind("s3")
    s3.create_bucket(Bucket="articles")
    s3.put_object(Bucket="articles", Key="premium/a b+ü.txt", Body=b"worth it")
    s3.put_object(Bucket="articles", Key="free/a.txt", Body=b"for all")
    return s3


def fetched(url, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=30) as answer:
        return answer.read()


def refused_url(url):
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetched(url)
    return caught.value.code, caught.value.read().decode()


def spoilt(request, **_):
    """A body with an XML entity instead of a key."""
    request.data = b'<!DOCTYPE a [<!ENTITY b "c">]><Delete><Object><Key>&b;</Key></Object></Delete>'


class TestGetObject:
    def test_ada_reads_what_her_role_lets_her_and_the_guest_gets_403(self, bucket, ask):
        ada = ask("s3", READ)
        assert ada.get_object(Bucket="articles", Key="premium/a b+ü.txt")["Body"].read() == b"worth it"
        guest = ask("s3", allow(resource=f"{BUCKET}/free/*"), name=None)
        assert guest.get_object(Bucket="articles", Key="free/a.txt")["Body"].read() == b"for all"
        with refused("AccessDenied") as caught:
            guest.get_object(Bucket="articles", Key="premium/a b+ü.txt")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        message = caught.value.response["Error"]["Message"]
        assert re.fullmatch(
            f"User: arn:aws:sts::{ACCOUNT}:assumed-role/guest/CognitoIdentityCredentials is not authorized to "
            r'perform: s3:GetObject on resource: "arn:aws:s3:::articles/premium/a b\+ü.txt" because no '
            "identity-based policy allows the s3:GetObject action",
            message,
        )

    def test_an_explicit_denial_is_told(self, bucket, ask):
        ada = ask("s3", ALL, {"Effect": "Deny", "Action": "s3:GetObject", "Resource": f"{BUCKET}/premium/*"})
        with refused("AccessDenied") as caught:
            ada.get_object(Bucket="articles", Key="premium/a b+ü.txt")
        assert "with an explicit deny in an identity-based policy" in str(caught.value)

    def test_an_edit_of_the_policy_counts_at_once(self, bucket, ask, identity_env):
        ada = ask("s3", READ)
        ada.head_object(Bucket="articles", Key="premium/a b+ü.txt")
        identity_env.iam.delete_role_policy(RoleName="member", PolicyName="own")
        with refused("403"):
            ada.head_object(Bucket="articles", Key="premium/a b+ü.txt")

    def test_a_range_and_a_large_object_come_whole(self, bucket, ask):
        content = bytes(range(256)) * 40_000
        bucket.put_object(Bucket="articles", Key="premium/large", Body=content)
        ada = ask("s3", ALL)
        assert ada.get_object(Bucket="articles", Key="premium/large")["Body"].read() == content
        part = ada.get_object(Bucket="articles", Key="premium/large", Range="bytes=5-9")
        assert (part["Body"].read(), part["ResponseMetadata"]["HTTPStatusCode"]) == (content[5:10], 206)

    def test_who_may_not_list_does_not_learn_that_something_is_not_there(self, bucket, ask):
        with refused("AccessDenied") as caught:
            ask("s3", READ).get_object(Bucket="articles", Key="premium/absent")
        assert 'perform: s3:ListBucket on resource: "arn:aws:s3:::articles" because' in str(caught.value)
        with refused("NoSuchKey"):
            ask("s3", ALL).get_object(Bucket="articles", Key="premium/absent")

    def test_conditions_see_tags_of_the_principal_and_variables(self, bucket, ask, identity_env):
        ada = ask("s3", allow(resource=BUCKET + "/${cognito-identity.amazonaws.com:sub}/*"))
        mine = identity_env.id_of(identity_env.logins("ada"))
        bucket.put_object(Bucket="articles", Key=f"{mine}/note", Body=b"mine")
        assert ada.get_object(Bucket="articles", Key=f"{mine}/note")["Body"].read() == b"mine"
        with refused("AccessDenied"):
            ada.get_object(Bucket="articles", Key="us-east-1:someone-else/note")

    def test_a_bucket_may_stand_in_the_host(self, bucket, ask, identity_env):
        port = identity_env.cognito.url.rpartition(":")[2]
        ada = ask("s3", READ)
        url = ada.generate_presigned_url(
            "get_object", Params={"Bucket": "articles", "Key": "premium/a b+ü.txt"}
        )
        assert fetched(url) == b"worth it"
        signed = client(
            "s3",
            identity_env.credentials("ada"),
            endpoint_url=f"http://localhost:{port}",
            config=Config(s3={"addressing_style": "virtual"}, retries={"total_max_attempts": 1}),
        )
        url = signed.generate_presigned_url(
            "get_object", Params={"Bucket": "articles", "Key": "premium/a b+ü.txt"}
        )
        assert url.startswith("http://articles.localhost:")
        host, _, rest = url.removeprefix("http://").partition("/")
        request = urllib.request.Request(f"{identity_env.cognito.url}/{rest}", headers={"Host": host})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.read() == b"worth it"


class TestPresignedUrls:
    @pytest.mark.parametrize("version", [None, "s3v4"])
    def test_they_work_until_they_expire(self, bucket, ask, version):
        more = {"signature_version": version} if version else {}
        place = {"Bucket": "articles", "Key": "premium/a b+ü.txt", "ResponseContentType": "text/x"}
        url = ask("s3", READ, **more).generate_presigned_url("get_object", Params=place, ExpiresIn=300)
        assert ("X-Amz-Signature" in url) == bool(version)
        assert fetched(url) == b"worth it"

    @pytest.mark.parametrize("version", [None, "s3v4"])
    def test_a_changed_one_is_refused(self, bucket, ask, version):
        more = {"signature_version": version} if version else {}
        place = {"Bucket": "articles", "Key": "free/a.txt"}
        url = ask("s3", ALL, **more).generate_presigned_url("get_object", Params=place)
        status, body = refused_url(url.replace("free/a.txt", "premium/a%20b%2B%C3%BC.txt"))
        assert status == 403
        assert "<Code>SignatureDoesNotMatch</Code>" in body

    def test_the_clock_of_the_world_lets_them_expire_and_new_ones_are_fresh(self, bucket, ask, identity_env):
        ada = ask("s3", READ, signature_version="s3v4")
        place = {"Bucket": "articles", "Key": "premium/a b+ü.txt"}
        url = ada.generate_presigned_url("get_object", Params=place, ExpiresIn=300)
        identity_env.cognito.clock.advance(minutes=6)
        status, body = refused_url(url)
        assert (status, "<Message>Request has expired</Message>" in body) == (403, True)
        time.sleep(1.1)  # signatures have whole seconds; this one must be after the move
        assert fetched(ada.generate_presigned_url("get_object", Params=place, ExpiresIn=300)) == b"worth it"

    def test_one_to_put_takes_a_body(self, bucket, ask):
        ada = ask("s3", allow("s3:PutObject", f"{BUCKET}/up/*"), signature_version="s3v4")
        url = ada.generate_presigned_url("put_object", Params={"Bucket": "articles", "Key": "up/x"})
        request = urllib.request.Request(url, data=b"new", method="PUT", headers={"Content-Type": ""})
        urllib.request.urlopen(request, timeout=30).close()
        assert bucket.get_object(Bucket="articles", Key="up/x")["Body"].read() == b"new"

    def test_nothing_may_be_added_to_one(self, bucket, ask):
        ada = ask("s3", ALL, signature_version="s3v4")
        url = ada.generate_presigned_url("put_object", Params={"Bucket": "articles", "Key": "free/copy"})
        source = {"x-amz-copy-source": "/articles/free/a.txt", "Content-Type": ""}
        request = urllib.request.Request(url, method="PUT", headers=source)
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=30)
        assert b"headers present in the request which were not signed" in caught.value.read()


class TestPutObject:
    def test_what_is_allowed_arrives_and_nothing_else(self, bucket, ask):
        ada = ask("s3", allow("s3:PutObject", f"{BUCKET}/up/*"))
        ada.put_object(Bucket="articles", Key="up/x", Body=b"new", ContentType="text/x", Metadata={"a": "b"})
        found = bucket.get_object(Bucket="articles", Key="up/x")
        assert (found["Body"].read(), found["ContentType"], found["Metadata"]) == (
            b"new",
            "text/x",
            {"a": "b"},
        )
        with refused("AccessDenied"):
            ada.put_object(Bucket="articles", Key="premium/x", Body=b"new")
        with refused("AccessDenied") as caught:
            ada.put_object(Bucket="articles", Key="up/y", Body=b"new", ACL="public-read")
        assert "s3:PutObjectAcl" in str(caught.value)
        keys = [each["Key"] for each in bucket.list_objects_v2(Bucket="articles", Prefix="up/")["Contents"]]
        assert keys == ["up/x"]

    def test_in_parts(self, bucket, ask):
        content = b"0123456789abcdef" * 700_000
        ada = ask("s3", allow("s3:PutObject", f"{BUCKET}/up/*"))
        ada.upload_fileobj(io.BytesIO(content), "articles", "up/parts")
        assert bucket.get_object(Bucket="articles", Key="up/parts")["Body"].read() == content
        with refused("AccessDenied"):
            ada.create_multipart_upload(Bucket="articles", Key="premium/parts")

    def test_a_copy_must_be_allowed_to_read_its_source(self, bucket, ask):
        source = {"Bucket": "articles", "Key": "premium/a b+ü.txt"}
        ada = ask("s3", allow("s3:PutObject", f"{BUCKET}/up/*"))
        with refused("AccessDenied") as caught:
            ada.copy_object(Bucket="articles", Key="up/copy", CopySource=source)
        assert 's3:GetObject on resource: "arn:aws:s3:::articles/premium/a b+ü.txt"' in str(caught.value)
        ask("s3", READ, allow("s3:PutObject", f"{BUCKET}/up/*"))
        ada.copy_object(Bucket="articles", Key="up/copy", CopySource=source)
        assert bucket.get_object(Bucket="articles", Key="up/copy")["Body"].read() == b"worth it"

    def test_a_body_that_is_not_the_signed_one_is_refused(self, bucket, ask):
        ada = ask("s3", ALL)

        def spoil(request, **_):
            request.body = b"bad"

        ada.meta.events.register("before-send.s3.PutObject", lambda request, **_: spoil(request))
        with refused("XAmzContentSHA256Mismatch"):
            ada.put_object(Bucket="articles", Key="up/x", Body=b"new")


class TestBuckets:
    def test_listing_obeys_the_prefix_condition(self, bucket, ask):
        ada = ask("s3", allow("s3:ListBucket", BUCKET, Condition={"StringLike": {"s3:prefix": "free/*"}}))
        found = ada.list_objects_v2(Bucket="articles", Prefix="free/")
        assert [each["Key"] for each in found["Contents"]] == ["free/a.txt"]
        for more in ({}, {"Prefix": "premium/"}):
            with refused("AccessDenied"):
                ada.list_objects_v2(Bucket="articles", **more)

    def test_each_call_has_its_action(self, bucket, ask):
        calls = {
            "s3:ListAllMyBuckets": lambda s3: s3.list_buckets(),
            "s3:CreateBucket": lambda s3: s3.create_bucket(Bucket="articles"),
            "s3:GetBucketLocation": lambda s3: s3.get_bucket_location(Bucket="articles"),
            "s3:ListBucketVersions": lambda s3: s3.list_object_versions(Bucket="articles"),
            "s3:ListBucketMultipartUploads": lambda s3: s3.list_multipart_uploads(Bucket="articles"),
            "s3:GetBucketVersioning": lambda s3: s3.get_bucket_versioning(Bucket="articles"),
            "s3:PutBucketPolicy": lambda s3: s3.put_bucket_policy(Bucket="articles", Policy="{}"),
            "s3:DeleteBucketPolicy": lambda s3: s3.delete_bucket_policy(Bucket="articles"),
            "s3:PutBucketCORS": lambda s3: s3.delete_bucket_cors(Bucket="articles"),
            "s3:DeleteBucket": lambda s3: s3.delete_bucket(Bucket="articles"),
            "s3:GetObjectTagging": lambda s3: s3.get_object_tagging(Bucket="articles", Key="k"),
            "s3:PutObjectAcl": lambda s3: s3.put_object_acl(Bucket="articles", Key="k", ACL="private"),
            "s3:DeleteObject": lambda s3: s3.delete_object(Bucket="articles", Key="k"),
            "s3:DeleteObjectVersion": lambda s3: s3.delete_object(Bucket="articles", Key="k", VersionId="v"),
            "s3:GetObjectVersion": lambda s3: s3.get_object(Bucket="articles", Key="k", VersionId="v"),
            "s3:AbortMultipartUpload": lambda s3: s3.abort_multipart_upload(
                Bucket="articles", Key="k", UploadId="u"
            ),
            "s3:ListMultipartUploadParts": lambda s3: s3.list_parts(Bucket="articles", Key="k", UploadId="u"),
        }
        ada = ask("s3", allow("s3:GetObject", f"{BUCKET}/none"))
        for action, call in calls.items():
            with refused("AccessDenied") as caught:
                call(ada)
            assert f"perform: {action} on resource" in str(caught.value), action

    def test_of_many_keys_each_is_judged_by_itself(self, bucket, ask):
        ada = ask("s3", allow("s3:DeleteObject", f"{BUCKET}/free/*"))
        keys = [{"Key": "free/a.txt"}, {"Key": "premium/a b+ü.txt"}]
        found = ada.delete_objects(Bucket="articles", Delete={"Objects": keys})
        assert [each["Key"] for each in found["Deleted"]] == ["free/a.txt"]
        assert [(each["Key"], each["Code"]) for each in found["Errors"]] == [
            ("premium/a b+ü.txt", "AccessDenied")
        ]
        left = [each["Key"] for each in bucket.list_objects_v2(Bucket="articles")["Contents"]]
        assert left == ["premium/a b+ü.txt"]
        found = ada.delete_objects(Bucket="articles", Delete={"Objects": keys[1:], "Quiet": True})
        assert len(found["Errors"]) == 1


class TestCredentials:
    def test_those_that_are_not_ours_do_not_exist(self, bucket, identity_env):
        with refused("InvalidAccessKeyId") as caught:
            client(
                "s3", {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretKey": "x", "SessionToken": "x"}
            ).list_buckets()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    def test_a_wrong_secret_does_not_sign(self, bucket, identity_env):
        with refused("SignatureDoesNotMatch"):
            client("s3", {**identity_env.credentials("ada"), "SecretKey": "x"}).list_buckets()

    def test_another_s_token_is_invalid(self, bucket, identity_env):
        other = identity_env.credentials(None)["SessionToken"]
        with refused("InvalidToken"):
            client("s3", {**identity_env.credentials("ada"), "SessionToken": other}).list_buckets()

    def test_they_expire_with_the_world_s_clock(self, bucket, ask, identity_env):
        ada = ask("s3", ALL)
        identity_env.cognito.clock.advance(hours=2)
        with refused("ExpiredToken"):
            ada.list_objects_v2(Bucket="articles")

    def test_nobody_is_refused(self, bucket, identity_env):
        request = urllib.request.Request(
            f"{identity_env.cognito.url}/articles/free/a.txt", headers={"Host": "s3.localhost"}
        )
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=30)
        assert (caught.value.code, b"AccessDenied" in caught.value.read()) == (403, True)


class TestOddRequests:
    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("/articles/free/../premium/a", "InvalidURI"),
            ("//articles/free/a.txt", "InvalidURI"),
            ("/articles/free/a.txt?acl&tagging", "InvalidArgument"),
        ],
    )
    def test_what_the_server_behind_might_understand_otherwise_is_refused(
        self, bucket, identity_env, path, code
    ):
        from botocore.auth import S3SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        given = identity_env.credentials("ada")
        url = f"{identity_env.cognito.url}{path}"
        request = AWSRequest("GET", url, headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
        keys = Credentials(given["AccessKeyId"], given["SecretKey"], given["SessionToken"])
        S3SigV4Auth(keys, "s3", "us-east-1").add_auth(request)
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(
                urllib.request.Request(url, headers=dict(request.headers.items())), timeout=30
            )
        assert f"<Code>{code}</Code>" in caught.value.read().decode()

    @pytest.mark.parametrize(
        "query",
        [
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={key}/20260101/us-east-1/s3/aws4_request"
            "&X-Amz-SignedHeaders=host&X-Amz-Expires=300&X-Amz-Date=soon&X-Amz-Security-Token={token}&X-Amz-Signature=%C3%BC",
            "AWSAccessKeyId={key}&Signature=%C3%BC&x-amz-security-token={token}&Expires=99999999999",
        ],
    )
    def test_a_signature_that_can_be_none_is_refused(self, bucket, identity_env, query):
        given = identity_env.credentials("ada")
        query = query.format(key=given["AccessKeyId"], token=quote(given["SessionToken"], safe=""))
        status, body = refused_url(f"{identity_env.cognito.url}/articles/free/a.txt?{query}")
        assert (status, "<Code>SignatureDoesNotMatch</Code>" in body) == (403, True)

    def test_a_list_of_keys_that_is_none_is_refused(self, bucket, ask):
        ada = ask("s3", ALL)
        ada.meta.events.register("before-sign.s3.DeleteObjects", spoilt)
        with refused("MalformedXML"):
            ada.delete_objects(Bucket="articles", Delete={"Objects": [{"Key": "free/a.txt"}]})

    def test_a_server_behind_that_is_not_there_is_unavailable(self, monkeypatch):
        port = free_port()
        with CognitoServer(protect=(f"s3=http://127.0.0.1:{port}",)) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
            from support.identity_env import IdentityPoolEnv

            identity_env = IdentityPoolEnv(server)
            identity_env.role("member", allow("s3:*"))
            identity_env.role("guest")
            roles = {"authenticated": f"arn:aws:iam::{ACCOUNT}:role/member"}
            identity_env.identity.set_identity_pool_roles(IdentityPoolId=identity_env.pool_id, Roles=roles)
            identity_env.add_user("ada")
            s3 = client(
                "s3", identity_env.credentials("ada"), config=Config(retries={"total_max_attempts": 1})
            )
            with refused("ServiceUnavailable") as caught:
                s3.list_buckets()
            assert f"cannot reach http://127.0.0.1:{port}" in str(caught.value)

    def test_the_journal_has_the_reason(self, bucket, ask, identity_env):
        with refused("AccessDenied"):
            ask("s3", READ).get_object(Bucket="articles", Key="free/a.txt")
        url = f"{identity_env.cognito.url}/_cogmock/requests"
        import json

        last = json.loads(fetched(url))["requests"][-1]
        assert (last["service"], last["operation"], last["error"]) == ("s3", "GetObject", "AccessDenied")
        assert "close: identity-based policy own" in last["reason"]

    @pytest.mark.parametrize("named", ["s3", "sqs=http://127.0.0.1:1", "s3=http://a:b:c", "s3=ftp://x"])
    def test_a_server_that_is_named_wrongly_stops_the_start(self, named):
        with pytest.raises(ValueError, match="--protect"):
            CognitoServer(protect=(named,))

    def test_cognito_still_answers_beside_it(self, identity_env):
        assert boto3.client("cognito-idp", region_name="us-east-1").list_user_pools(MaxResults=5)["UserPools"]
