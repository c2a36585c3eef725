"""Resources of IAM in templates and in Terraform's states and plans."""

from __future__ import annotations

import json

import pytest
from support.shop_document import METADATA

from cogmock.definitions import imports
from cogmock.definitions.importing.sources import Source

READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
ISSUER = "arn:aws:iam::123456789012:oidc-provider/issuer.example.com"
TEMPLATE = """
Resources:
  Issuer:
    Type: AWS::IAM::OIDCProvider
    Properties: {Url: "https://issuer.example.com", ClientIdList: [app], Tags: [{Key: a, Value: b}]}
  Corp: {Type: AWS::IAM::SAMLProvider, Properties: {Name: corp, SamlMetadataDocument: "METADATA"}}
  Readers: {Type: AWS::IAM::Group, Properties: {Path: /}}
  Dora:
    Type: AWS::IAM::User
    Properties:
      UserName: dora
      LoginProfile: {Password: secret}
      Policies: [{PolicyName: own, PolicyDocument: POLICY}]
      PermissionsBoundary: !Ref Limit
  Emil: {Type: AWS::IAM::User, Properties: {Groups: [!Ref Readers]}}
  Joined: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Readers, Users: [!Ref Dora]}}
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Dora}}
  Reading: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: POLICY, Users: [!Ref Emil], Groups: [!Ref Readers]}}
  Limit: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: limit, PolicyDocument: POLICY}}
  Inline: {Type: AWS::IAM::Policy, Properties: {PolicyName: more, PolicyDocument: POLICY, Groups: [!Ref Readers], Users: [!Ref Emil, nobody]}}
  OfUser: {Type: AWS::IAM::UserPolicy, Properties: {PolicyName: third, PolicyDocument: POLICY, UserName: !Ref Emil}}
  OfGroup: {Type: AWS::IAM::GroupPolicy, Properties: {PolicyName: third, PolicyDocument: POLICY, GroupName: !Ref Readers}}
Outputs:
  Issuer: {Value: !Ref Issuer}
  Corp: {Value: !GetAtt Corp.Arn}
  Secret: {Value: !GetAtt Key.SecretAccessKey}
""".replace("POLICY", json.dumps(READ)).replace("METADATA", METADATA.replace('"', '\\"'))


class TestTemplate:
    @pytest.fixture
    def made(self, documents):
        return imports.run(documents.world, Source({"": TEMPLATE}, stack="shop"))

    def test_providers_have_their_arns_as_references(self, made, documents):
        assert made["outputs"]["Issuer"] == ISSUER
        assert made["outputs"]["Corp"] == "arn:aws:iam::123456789012:saml-provider/corp"
        found = documents.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ISSUER)
        assert (found["ClientIDList"], found["Tags"]) == (["app"], [{"Key": "a", "Value": "b"}])
        metadata = documents.iam.get_saml_provider(SAMLProviderArn=made["outputs"]["Corp"])
        assert metadata["SAMLMetadataDocument"] == METADATA

    def test_users_have_groups_and_policies(self, made, documents):
        group, emil = (made["resources"][name] for name in ("Readers", "Emil"))
        names = [user["UserName"] for user in documents.iam.get_group(GroupName=group)["Users"]]
        assert {*names} == {"dora", emil}
        policies = documents.iam.list_user_policies
        assert policies(UserName="dora")["PolicyNames"] == ["own"]
        assert policies(UserName=emil)["PolicyNames"] == ["more", "third"]
        assert documents.iam.list_group_policies(GroupName=group)["PolicyNames"] == ["more", "third"]
        reading = made["resources"]["Reading"]
        for listed in (
            documents.iam.list_attached_group_policies(GroupName=group),
            documents.iam.list_attached_user_policies(UserName=emil),
        ):
            assert [one["PolicyArn"] for one in listed["AttachedPolicies"]] == [reading]
        boundary = documents.iam.get_user(UserName="dora")["User"]["PermissionsBoundary"]
        assert boundary["PermissionsBoundaryArn"] == "arn:aws:iam::123456789012:policy/limit"

    def test_what_there_is_not_is_told(self, made):
        told = {(one["logical_id"], one["type"]): one["reason"] for one in made["skipped"]}
        assert told["Key", "AWS::IAM::AccessKey"].startswith("IAM users have no access keys here")
        assert told["Dora", "LoginProfile"] == "there is no console of AWS to sign in to"
        assert told["Inline", "user nobody"] == "the template has no such user"

    def test_a_second_import_changes_nothing(self, made, documents):
        again = imports.run(documents.world, Source({"": TEMPLATE}, stack="shop"))
        assert (again["summary"]["created"], again["summary"]["updated"]) == (0, 0)
        assert again["resources"] == made["resources"]


POLICY = "arn:aws:iam::123456789012:policy/reading"
RESOURCES = [
    (
        "aws_iam_openid_connect_provider",
        {
            "url": "https://issuer.example.com",
            "client_id_list": ["app"],
            "thumbprint_list": [],
            "arn": ISSUER,
        },
    ),
    (
        "aws_iam_saml_provider",
        {
            "name": "corp",
            "saml_metadata_document": METADATA,
            "saml_provider_uuid": "270da156-421d-4058-9e08-366ee04646d2",
        },
    ),
    (
        "aws_iam_policy",
        {"name": "reading", "path": "/", "policy": json.dumps(READ), "arn": POLICY, "tags": {"a": "b"}},
    ),
    ("aws_iam_group", {"name": "readers", "path": "/"}),
    ("aws_iam_group", {"name": "guests"}),
    (
        "aws_iam_user",
        {"name": "dora", "permissions_boundary": POLICY, "tags": {"a": "b"}, "force_destroy": False},
    ),
    ("aws_iam_user_policy", {"user": "dora", "name": "own", "policy": json.dumps(READ)}),
    ("aws_iam_group_policy", {"group": "readers", "name": "own", "policy": json.dumps(READ)}),
    ("aws_iam_group_policy_attachment", {"group": "readers", "policy_arn": POLICY}),
    ("aws_iam_policy_attachment", {"name": "x", "users": ["dora"], "policy_arn": POLICY}),
    ("aws_iam_user_group_membership", {"user": "dora", "groups": ["readers"]}),
    ("aws_iam_group_membership", {"name": "x", "group": "guests", "users": ["dora"]}),
    ("aws_iam_access_key", {"user": "dora", "secret": "x"}),
]


class TestTerraform:
    @pytest.fixture
    def made(self, documents):
        listed = [
            {
                "address": f"{kind}.r{number}",
                "mode": "managed",
                "type": kind,
                "name": f"r{number}",
                "values": values,
            }
            for number, (kind, values) in enumerate(RESOURCES)
        ]
        state = {"format_version": "1.0", "values": {"root_module": {"resources": listed}}}
        return imports.run(documents.world, Source({"": json.dumps(state)}))

    def test_all_is_made(self, made, documents):
        found = documents.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ISSUER)
        assert found["ClientIDList"] == ["app"]
        corp = documents.iam.get_saml_provider(SAMLProviderArn="arn:aws:iam::123456789012:saml-provider/corp")
        assert corp["SAMLProviderUUID"] == "270da156-421d-4058-9e08-366ee04646d2"
        groups = documents.iam.list_groups_for_user(UserName="dora")["Groups"]
        assert {group["GroupName"] for group in groups} == {"readers", "guests"}
        assert documents.iam.list_user_policies(UserName="dora")["PolicyNames"] == ["own"]
        for listed in (
            documents.iam.list_attached_user_policies(UserName="dora"),
            documents.iam.list_attached_group_policies(GroupName="readers"),
        ):
            assert [one["PolicyArn"] for one in listed["AttachedPolicies"]] == [POLICY]
        assert documents.iam.get_policy(PolicyArn=POLICY)["Policy"]["Tags"] == [{"Key": "a", "Value": "b"}]

    def test_an_access_key_is_told(self, made):
        [skipped] = made["skipped"]
        assert skipped["type"] == "aws_iam_access_key"
        assert skipped["reason"].startswith("IAM users have no access keys here")
