"""Calls of services that are not here name the variable that sent them."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from cogmock import CognitoServer

RIGHT = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"


@pytest.fixture(scope="module")
def server():
    with CognitoServer() as running:
        yield running


@pytest.mark.parametrize(
    ("service", "operation", "given"),
    [
        ("dynamodb", "list_tables", {}),
        ("s3", "list_buckets", {}),
        ("s3", "list_objects_v2", {"Bucket": "articles"}),
        ("sqs", "list_queues", {}),
        ("sns", "list_topics", {}),
        ("lambda", "list_functions", {}),
        ("secretsmanager", "list_secrets", {}),
    ],
)
def test_a_call_of_another_service_is_told_so(server, service, operation, given):
    client = boto3.client(
        service,
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
    )
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)(**given)
    client.close()
    assert f"cogmock does not answer calls of {service}. " in str(refused.value)
    assert RIGHT in str(refused.value)


def test_a_presigned_url_of_s3_is_told_so(server):
    import requests

    client = boto3.client(
        "s3",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    url = client.generate_presigned_url("get_object", Params={"Bucket": "articles", "Key": "a"})
    client.close()
    answer = requests.get(url, timeout=30)
    assert (answer.status_code, RIGHT in answer.text) == (404, True)


def test_an_unknown_operation_of_cognito_stays_as_at_aws(server):
    import requests

    headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.Nothing"}
    answer = requests.post(server.url, json={}, headers=headers, timeout=30)
    assert answer.json() == {"__type": "UnknownOperationException", "message": ""}
