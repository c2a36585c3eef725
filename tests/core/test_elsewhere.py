"""What does not exist for the caller but is in another account or Region: AWS's words, and the reason where it is."""

import boto3
import pytest
from botocore.exceptions import ClientError


def client(service, region="us-east-1", account="testing"):
    return boto3.client(service, region, aws_access_key_id=account, aws_secret_access_key="testing")


def refusal(cognito, call):
    """Message and reason of a call that is refused."""
    with pytest.raises(ClientError) as refused:
        call()
    return refused.value.response["Error"]["Message"], cognito.requests[-1].reason


@pytest.mark.parametrize("caller", [{"account": "210987654321"}, {"region": "eu-west-1"}])
class TestElsewhere:
    def test_a_pool(self, cognito, caller):
        pool = cognito.make_pool()
        message, reason = refusal(
            cognito, lambda: client("cognito-idp", **caller).describe_user_pool(UserPoolId=pool.id)
        )
        assert message == f"User pool {pool.id} does not exist."
        assert reason.startswith("it is in account 123456789012, Region us-east-1; the call went to account ")
        assert next(iter(caller.values())) in reason

    def test_an_identity_pool(self, cognito, caller):
        made = client("cognito-identity").create_identity_pool(
            IdentityPoolName="shop", AllowUnauthenticatedIdentities=True
        )
        identity_pool_id = made["IdentityPoolId"]
        message, reason = refusal(
            cognito,
            lambda: client("cognito-identity", **caller).describe_identity_pool(
                IdentityPoolId=identity_pool_id
            ),
        )
        assert message == f"IdentityPool '{identity_pool_id}' not found."
        assert reason.startswith("it is in account 123456789012, Region us-east-1")


class TestNowhere:
    def test_there_is_no_reason(self, cognito):
        refused = refusal(
            cognito, lambda: client("cognito-idp").describe_user_pool(UserPoolId="us-east-1_Nothing1")
        )
        assert refused == ("User pool us-east-1_Nothing1 does not exist.", None)


class TestClients:
    def test_a_client_of_another_pool(self, cognito):
        one, other = cognito.make_pool(), cognito.make_pool()
        message, reason = refusal(
            cognito,
            lambda: client("cognito-idp").describe_user_pool_client(
                UserPoolId=one.id, ClientId=other.client_id
            ),
        )
        assert message == f"User pool client {other.client_id} does not exist."
        assert reason == f"it belongs to the pool {other.id}"
