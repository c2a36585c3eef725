"""Stacks that the real CDK synthesises are imported: `aws-cdk-lib` from npm writes the cloud assembly."""

from __future__ import annotations

import boto3
import pytest
from support import npm

from cogmock.definitions import imports
from cogmock.definitions.importing.gathering import gathered
from cogmock.definitions.importing.sources import Source

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def assembly(tmp_path_factory):
    out = tmp_path_factory.mktemp("cdk") / "cdk.out"
    npm.answered(npm.installed(), "cdk_app.js", {"outdir": str(out)})
    files, main = gathered(out.parent)
    return Source(files, main)


@pytest.mark.node
class TestCdk:
    def test_both_stacks_are_imported_and_refer_to_each_other(self, assembly, cognito):
        answer = imports.run(cognito.world, assembly)
        outputs = answer["outputs"]
        idp = boto3.client("cognito-idp", region_name=REGION)
        pool = idp.describe_user_pool(UserPoolId=outputs["PoolId"])["UserPool"]
        assert (pool["Name"], pool["Domain"], pool["UsernameAttributes"]) == ("shop", "shop-cdk", ["email"])
        assert pool["MfaConfiguration"] == "OPTIONAL"
        assert pool["LambdaConfig"]["PreSignUp"].endswith(":function:check")
        clients = idp.list_user_pool_clients(UserPoolId=pool["Id"])["UserPoolClients"]
        [web] = [one for one in clients if one["ClientId"] != outputs["JobsId"]]
        described = idp.describe_user_pool_client(UserPoolId=pool["Id"], ClientId=web["ClientId"])[
            "UserPoolClient"
        ]
        assert described["SupportedIdentityProviders"] == ["Google", "COGNITO"]
        assert described["AllowedOAuthScopes"] == ["openid", "articles/read"]
        jobs = idp.describe_user_pool_client(UserPoolId=pool["Id"], ClientId=outputs["JobsId"])[
            "UserPoolClient"
        ]
        assert jobs["ClientSecret"]
        identity = boto3.client("cognito-identity", region_name=REGION)
        found = identity.describe_identity_pool(IdentityPoolId=outputs["IdentityPoolId"])
        assert found["CognitoIdentityProviders"][0]["ClientId"] == web["ClientId"]
        roles = identity.get_identity_pool_roles(IdentityPoolId=outputs["IdentityPoolId"])["Roles"]
        name = roles["authenticated"].rpartition("/")[2]
        iam = boto3.client("iam", region_name=REGION)
        [policy] = iam.list_role_policies(RoleName=name)["PolicyNames"]
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        assert "arn:aws:s3:::shop-files/*" in document["Statement"][0]["Resource"]

    def test_a_nested_stack_is_imported_with_its_parent(self, assembly, cognito):
        outputs = imports.run(cognito.world, assembly)["outputs"]
        idp = boto3.client("cognito-idp", region_name=REGION)
        assert idp.describe_user_pool(UserPoolId=outputs["GuestsId"])["UserPool"]["Name"] == "guests"

    def test_the_second_import_changes_nothing(self, assembly, cognito):
        first = imports.run(cognito.world, assembly)
        second = imports.run(cognito.world, assembly)
        assert second["resources"] == first["resources"]
        assert {one["change"] for one in second["changes"]} == {"unchanged"}

    def test_one_stack_by_its_name(self, assembly, cognito):
        answer = imports.run(cognito.world, Source(assembly.files, stack="Auth"))
        assert "PoolId" in answer["outputs"]
        assert "IdentityPoolId" not in answer["outputs"]
