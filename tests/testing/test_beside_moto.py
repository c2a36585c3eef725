import subprocess
import sys
import textwrap

import boto3
import pytest
import requests
from botocore.exceptions import ClientError
from moto import mock_aws

from cogmock import mock_cognito

POOL_URL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_nowhere00/.well-known/jwks.json"


def moto_outside(**settings):
    return mock_aws(), mock_cognito(**settings)


def moto_inside(**settings):
    return mock_cognito(**settings), mock_aws()


@pytest.fixture(params=[moto_outside, moto_inside], ids=lambda order: order.__name__)
def both(request):
    """Enters the two mocks in either order."""

    def enter(**settings):
        return _Both(*request.param(**settings))

    return enter


class _Both:
    def __init__(self, first, second):
        self.mocks = first, second

    def __enter__(self):
        for mock in self.mocks:
            mock.start()

    def __exit__(self, *_):
        for mock in reversed(self.mocks):
            mock.stop()


def client(service):
    return boto3.client(service, region_name="us-east-1")


class TestBesideMoto:
    def test_each_answers_its_own(self, both):
        with both():
            client("s3").create_bucket(Bucket="articles")
            assert [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]] == ["articles"]
            with mock_cognito() as cog:
                pool_id = client("cognito-idp").create_user_pool(PoolName="x")["UserPool"]["Id"]
                assert cog.world.find_pool(pool_id)

    def test_neither_leaves_anything(self, both):
        import moto.core.botocore_stubber as stubber

        before = vars(stubber.BotocoreStubber)["process_request"], vars(requests.adapters.HTTPAdapter)["send"]
        for _ in range(2):
            with both():
                assert client("cognito-idp").list_user_pools(MaxResults=1)["UserPools"] == []
                assert client("s3").list_buckets()["Buckets"] == []
                client("cognito-idp").create_user_pool(PoolName="x")
                client("s3").create_bucket(Bucket="articles")
        after = vars(stubber.BotocoreStubber)["process_request"], vars(requests.adapters.HTTPAdapter)["send"]
        assert after == before

    def test_requests_reaches_us(self, both):
        with both(), mock_cognito() as cog:
            url = "https://cognito-idp.us-east-1.amazonaws.com/"
            target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"}
            requests.post(url, json={"MaxResults": 1}, headers=target, timeout=30)
            assert [entry.operation for entry in cog.requests] == ["ListUserPools"]

    def test_requests_to_others_reach_moto(self, both):
        with both():
            client("s3").create_bucket(Bucket="articles")
            assert "ListBucketResult" in requests.get("https://articles.s3.amazonaws.com/", timeout=30).text

    def test_what_passes_through_is_motos(self, both):
        with both(passthrough=["iam", "sts"]):
            client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
            assert client("iam").get_role(RoleName="r")["Role"]["RoleName"] == "r"

    def test_a_client_made_before_both(self, both, monkeypatch):
        early = boto3.client(
            "cognito-idp", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        with both(), mock_cognito() as cog:
            early.create_user_pool(PoolName="x")
            assert cog.requests[-1].operation == "CreateUserPool"

    def test_without_us_cognito_is_motos_again(self):
        with mock_aws():
            with mock_cognito() as cog:
                self.identity_pools()
                assert [entry.operation for entry in cog.requests] == ["ListIdentityPools"]
            client("cognito-identity").create_identity_pool(
                IdentityPoolName="motos", AllowUnauthenticatedIdentities=True
            )
            assert self.identity_pools() == ["motos"]

    def test_they_may_end_in_the_order_they_began(self, monkeypatch):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")  # moto would put back what it found: ours
        ours, motos = mock_cognito(), mock_aws()
        ours.start()
        motos.start()
        ours.stop()
        client("cognito-identity").create_identity_pool(
            IdentityPoolName="motos", AllowUnauthenticatedIdentities=True
        )
        with mock_cognito() as cog:
            client("cognito-idp").create_user_pool(PoolName="x")
            assert (
                requests.get("https://cognito-idp.us-east-1.amazonaws.com/x", timeout=30).status_code == 404
            )
            assert cog.requests[0].operation == "CreateUserPool"
            assert client("s3").list_buckets()["Buckets"] == []
        assert self.identity_pools() == ["motos"]
        motos.stop()
        with mock_cognito():
            assert client("cognito-idp").list_user_pools(MaxResults=9)["UserPools"] == []

    def identity_pools(self):
        """None where the operation is not there."""
        try:
            found = client("cognito-identity").list_identity_pools(MaxResults=9)["IdentityPools"]
        except ClientError:
            return None
        return [pool["IdentityPoolName"] for pool in found]

    def test_moto_may_be_imported_while_we_run(self):
        script = """
            import boto3
            from cogmock import mock_cognito
            with mock_cognito() as cog:
                boto3.client("cognito-idp", region_name="us-east-1")
                from moto import mock_aws
                with mock_aws():
                    boto3.client("cognito-idp", region_name="us-east-1").create_user_pool(PoolName="x")
                    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="articles")
                    print([entry.operation for entry in cog.requests])
        """
        command = [sys.executable, "-c", textwrap.dedent(script)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (ran.stdout, ran.stderr) == ("['CreateUserPool']\n", "")
