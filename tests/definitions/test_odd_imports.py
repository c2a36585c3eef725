"""A template, or a state of Terraform, with a value of a wrong kind is imported or refused with its faults."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from support.odd_values import places, replaced

from cogmock import mock_cognito
from cogmock.definitions import imports
from cogmock.definitions.faults import InvalidConfig
from cogmock.definitions.importing.sources import Source

ODD = [None, "x", [], {}, ["x"], [[]], {"Ref": "x"}, {"Fn::Sub": "${x}"}, {"Fn::GetAtt": []}, {"Fn::If": [1]}]
POOL = "us-east-1_Shop"
STATE = {
    "aws_cognito_user_pool": {
        "id": POOL,
        "name": "shop",
        "password_policy": [{"minimum_length": 9}],
        "schema": [{"name": "tenant", "attribute_data_type": "String", "mutable": True}],
        "tags": {"stage": "dev"},
    },
    "aws_cognito_user_pool_client": {
        "id": "webwebweb",
        "name": "web",
        "user_pool_id": POOL,
        "callback_urls": ["https://a/"],
    },
    "aws_cognito_user_pool_domain": {"domain": "shop", "user_pool_id": POOL},
    "aws_cognito_user_group": {"name": "admins", "user_pool_id": POOL, "precedence": 1},
    "aws_cognito_user": {"username": "ada", "user_pool_id": POOL, "attributes": {"email": "ada@example.com"}},
    "aws_cognito_user_in_group": {"username": "ada", "group_name": "admins", "user_pool_id": POOL},
}

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}],
}
RESOURCES = {
    "Pool": (
        "UserPool",
        {"UserPoolName": "shop", "LambdaConfig": {"PreSignUp": {"Fn::GetAtt": ["Check", "Arn"]}}},
    ),
    "Web": (
        "UserPoolClient",
        {"UserPoolId": {"Ref": "Pool"}, "CallbackURLs": [{"Fn::Sub": "https://${Pool}/"}]},
    ),
    "Ada": (
        "UserPoolUser",
        {
            "UserPoolId": {"Ref": "Pool"},
            "Username": "ada",
            "UserAttributes": [{"Name": "name", "Value": "Ada"}],
        },
    ),
    "Identities": ("IdentityPool", {"IdentityPoolName": "shop", "AllowUnauthenticatedIdentities": True}),
}
TEMPLATE = {
    "Resources": {
        name: {"Type": f"AWS::Cognito::{kind}", "Properties": of} for name, (kind, of) in RESOURCES.items()
    }
    | {
        "Check": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "check"}},
        "Guest": {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": "guest", "AssumeRolePolicyDocument": TRUST},
        },
    },
    "Outputs": {"Id": {"Value": {"Ref": "Pool"}}},
}


def state():
    resources = [
        {"address": f"{kind}.one", "mode": "managed", "type": kind, "name": "one", "values": values}
        for kind, values in STATE.items()
    ]
    return {"format_version": "1.2", "values": {"root_module": {"resources": resources}}}


def bring(world, document):
    imports.run(world, Source({"": json.dumps(document)}, stack="shop"))


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_value_of_any_kind_in_any_place_of_a_template(odd):
    with mock_cognito() as cognito:
        bring(cognito.world, TEMPLATE)
        for path in places(TEMPLATE):
            with suppress(InvalidConfig):  # anything else fails the test
                bring(cognito.world, replaced(TEMPLATE, path, odd))
            cognito.reset()


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_value_of_any_kind_in_any_place_of_a_state_of_terraform(odd):
    with mock_cognito() as cognito:
        bring(cognito.world, state())
        for path in places(state()):
            with suppress(InvalidConfig):
                bring(cognito.world, replaced(state(), path, odd))
            cognito.reset()
