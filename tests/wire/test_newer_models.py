"""Requests of clients whose service model is newer than cogmock's."""

import logging

import boto3
import botocore
import pytest
from botocore.exceptions import ClientError
from support.http import ask

from cogmock.wire import model, unknown_members

FORM = "application/x-www-form-urlencoded; charset=utf-8"
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/sts/aws4_request, "
    "SignedHeaders=host, Signature=00"
}


@pytest.fixture
def older(monkeypatch):
    """Takes an operation out of cogmock's model."""

    def forget(service, name):
        monkeypatch.delitem(model.load(service).operations, name)

    return forget


class TestOperations:
    def test_one_that_botocore_knows_says_which_version_has_it(self, cognito, older):
        older("cognito-idp", "ListUserPools")
        idp = boto3.client("cognito-idp", region_name="us-east-1")
        with pytest.raises(ClientError) as refused:
            idp.list_user_pools(MaxResults=1)
        error = refused.value.response
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 501
        assert error["Error"]["Code"] == "NotImplementedException"
        assert f"ListUserPools yet: it is in the service model of botocore {botocore.__version__}" in str(
            refused.value
        )
        assert f"cogmock has the model of botocore {model.load('cognito-idp').botocore}" in str(refused.value)

    def test_so_does_one_of_the_query_protocol(self, cognito, older):
        older("sts", "GetCallerIdentity")
        with pytest.raises(ClientError) as refused:
            boto3.client("sts", region_name="us-east-1").get_caller_identity()
        assert refused.value.response["Error"]["Code"] == "NotImplementedException"
        assert botocore.__version__ in str(refused.value)

    def test_one_that_nobody_knows_is_unknown_and_the_journal_has_its_name(self, api):
        status, _, body = api.ask("cognito-idp", "CreateMoon")
        assert (status, body["__type"]) == (400, "UnknownOperationException")
        [call] = api.application.world.journal
        assert (
            call.reason == "no operation has the X-Amz-Target 'AWSCognitoIdentityProviderService.CreateMoon'"
        )


class TestMembers:
    @pytest.fixture(autouse=True)
    def fresh(self, caplog):
        unknown_members._warn.cache_clear()
        caplog.set_level(logging.WARNING, "cogmock")

    def test_one_is_ignored_and_noted_once(self, api, caplog):
        for _ in range(3):
            status, _, _ = api.ask("cognito-idp", "ListUserPools", {"MaxResults": 1, "Colour": "red"})
            assert status == 200
        assert caplog.text.count("'Colour' is not a member of ListUserPoolsRequest") == 1

    def test_one_deep_inside_is_noted_with_its_structure(self, api, caplog):
        policies = {"PasswordPolicy": {"MinimumLength": 8, "Emoji": True}}
        status, _, _ = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "p", "Policies": policies})
        assert status == 200
        assert "'Emoji' is not a member of PasswordPolicyType" in caplog.text

    def test_one_of_a_form_is_noted_and_a_signature_in_the_url_is_none(self, api, caplog):
        form = b"Action=GetCallerIdentity&Version=2011-06-15&Colour=red&X-Amz-Date=1"
        answer = ask(api.application, "POST", "/", form, headers=SIGNED, content_type=FORM)
        assert answer.status == 200
        assert caplog.text.count("is not a member of") == 1
        assert "'Colour' is not a member of GetCallerIdentityRequest" in caplog.text

    def test_a_name_cannot_write_lines_of_its_own(self, api, caplog):
        api.ask("cognito-idp", "ListUserPools", {"MaxResults": 1, "a\nb" + "c" * 200: 1})
        assert "'a\\nb" in caplog.text
        assert max(map(len, caplog.text.splitlines())) < 400
