"""Ways to apply a document in a test."""

from __future__ import annotations

import boto3
import pytest

from cogmock.definitions.applying.document import apply
from cogmock.definitions.faults import InvalidConfig
from cogmock.definitions.load import load_text


class Documents:
    """Applies documents to the mock of a test, and looks at what is there by boto3."""

    def __init__(self, cognito):
        self.world = cognito.world
        self.idp = boto3.client("cognito-idp", region_name="us-east-1")
        self.identity = boto3.client("cognito-identity", region_name="us-east-1")
        self.iam = boto3.client("iam", region_name="us-east-1")

    def apply(self, text, *, kind="yaml", folder=None, environ=None, **how):
        return apply(self.world, load_text(text, kind, folder, environ or {}), **how)

    def faults(self, text, **how):
        """Path → line and message of each fault."""
        with pytest.raises(InvalidConfig) as invalid:
            self.apply(text, **how)
        return [(fault.path, fault.line, fault.message) for fault in invalid.value.faults]

    def pool(self, pool_id="us-east-1_Shop"):
        return self.idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]

    def pools(self):
        return [pool["Id"] for pool in self.idp.list_user_pools(MaxResults=60)["UserPools"]]

    def user(self, username, pool_id="us-east-1_Shop"):
        found = self.idp.admin_get_user(UserPoolId=pool_id, Username=username)
        found["attributes"] = {of["Name"]: of["Value"] for of in found["UserAttributes"]}
        return found


@pytest.fixture
def documents(cognito):
    return Documents(cognito)
