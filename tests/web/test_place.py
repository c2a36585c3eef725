"""Which Region and account a call means."""

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from support.http import ask
from support.pool_env import refused
from support.waiting import cheaply

from cogmock import services
from cogmock.core.world import World
from cogmock.web.app import Application

CALLER = "Action=GetCallerIdentity&Version=2011-06-15"
FORM = "application/x-www-form-urlencoded"


def unsigned(service, region):
    return boto3.client(service, region_name=region, config=Config(signature_version=UNSIGNED))


def signed(scope):
    return {
        "Authorization": f"AWS4-HMAC-SHA256 Credential=AKIA/20260101/{scope}/aws4_request, "
        "SignedHeaders=host, Signature=00"
    }


class TestHostsOfAws:
    """A call to AWS's own host name stays in that Region, even where its client or pool is in another."""

    def test_a_client_of_another_region_does_not_exist(self, cognito):
        idp = boto3.client("cognito-idp", region_name="us-east-1")
        pool_id = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        made = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]
        question = {"ClientId": made["ClientId"], "Username": "ada", "ConfirmationCode": "123456"}
        with refused("ResourceNotFoundException"):
            unsigned("cognito-idp", "eu-west-1").confirm_sign_up(**question)
        with refused("UserNotFoundException"):
            unsigned("cognito-idp", "us-east-1").confirm_sign_up(**question)

    def test_an_identity_pool_of_another_region_does_not_exist(self, cognito):
        made = boto3.client("cognito-identity", region_name="us-east-1").create_identity_pool(
            IdentityPoolName="shop", AllowUnauthenticatedIdentities=True
        )
        question = {"IdentityPoolId": made["IdentityPoolId"]}
        with refused("ResourceNotFoundException"):
            unsigned("cognito-identity", "eu-west-1").get_id(**question)
        assert unsigned("cognito-identity", "us-east-1").get_id(**question)["IdentityId"]

    @pytest.mark.parametrize(
        ("host", "read"),
        [
            ("cognito-idp.us-east-1.amazonaws.com", ("cognito-idp", "us-east-1")),
            ("issuer-cognito-idp.us-east-1.amazonaws.com", ("cognito-idp", "us-east-1")),
            ("cognito-idp-fips.us-gov-west-1.amazonaws.com", ("cognito-idp", "us-gov-west-1")),
            ("cognito-identity.eu-west-1.api.aws:443", ("cognito-identity", "eu-west-1")),
            ("cognito-identity.cn-north-1.amazonaws.com.cn", ("cognito-identity", "cn-north-1")),
            ("sts-fips.us-west-2.amazonaws.com", ("sts", "us-west-2")),
            ("STS.us-west-2.api.aws", ("sts", "us-west-2")),
            ("sts.amazonaws.com", ("sts", None)),
            ("iam.amazonaws.com", ("iam", None)),
            ("iam-fips.amazonaws.com", ("iam", None)),
            ("iam.global.api.aws", ("iam", None)),
            ("iam.us-gov.amazonaws.com", ("iam", None)),
            ("s3.us-east-1.amazonaws.com", None),
            ("sts.us-east-1.amazonaws.com.evil.example", None),
            ("localhost:4577", None),
        ],
    )
    def test_one_table_reads_them(self, host, read):
        assert services.of_host(host) == read

    @pytest.mark.parametrize(
        "url", ["https://sts-fips.us-east-1.amazonaws.com", "https://sts.us-east-1.api.aws"]
    )
    def test_the_mock_answers_at_sts_hosts_of_every_form(self, cognito, url):
        assert boto3.client("sts", region_name="us-east-1", endpoint_url=url).get_caller_identity()["Account"]

    @pytest.mark.parametrize(
        "url",
        ["https://iam.amazonaws.com", "https://iam-fips.amazonaws.com", "https://iam.global.api.aws"],
    )
    def test_the_mock_answers_at_iam_hosts_of_every_form(self, cognito, url):
        assert boto3.client("iam", region_name="us-east-1", endpoint_url=url).list_roles()["Roles"] == []


class TestSignatures:
    @pytest.mark.parametrize("region", ["US-EAST-1", "a--b", "x" * 33, "1-a", "us_east_1", "eu-west-"])
    def test_a_name_that_is_no_regions_is_refused(self, region):
        application = Application(World())
        answer = ask(
            application,
            "POST",
            "/",
            {"MaxResults": 1},
            headers={
                **signed(f"{region}/cognito-idp"),
                "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools",
            },
        )
        assert answer.status == 400
        assert answer.json["__type"] == "InvalidSignatureException"
        assert "valid region" in answer.json["message"]
        answer = ask(
            application, "POST", "/", CALLER.encode(), headers=signed(f"{region}/sts"), content_type=FORM
        )
        assert answer.status == 403
        assert [region.name for region in application.world.regions()] in ([], ["us-east-1"])

    @pytest.mark.parametrize("region", ["us-east-1", "eusc-de-east-1", "us-iso-east-1", "local"])
    def test_regions_of_all_partitions_and_short_names_are_accepted(self, region):
        answer = ask(
            Application(World()),
            "POST",
            "/",
            CALLER.encode(),
            headers=signed(f"{region}/sts"),
            content_type=FORM,
        )
        assert answer.status == 200

    @pytest.mark.parametrize(
        "header", ["Credential=" * 5500, "AWS4-HMAC-SHA256 " + " " * 60000, "Credential=a/" * 5000]
    )
    def test_a_header_of_60_kb_costs_little(self, header):
        application = Application(World())
        targeted = {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"}
        with cheaply(0.5):
            answer = ask(application, "POST", "/", {}, headers={"Authorization": header, **targeted})
            assert answer.status == 400
            form = {"headers": {"Authorization": header}, "content_type": FORM}
            answer = ask(application, "POST", "/", CALLER.encode(), **form)
            assert answer.status == 400
