"""Exports as a CloudFormation template and as a Terraform configuration."""

from __future__ import annotations

import json

import boto3
import pytest
import yaml
from support.another_server import another_server
from support.http import ask
from support.shop_document import EVERYTHING, FEDERATED, POOL, SHOP, WATCHED
from support.shown_state import shown, without_secrets
from support.templates import SHOP as TEMPLATE

from cogmock.definitions import imports
from cogmock.definitions.exporting import formats
from cogmock.definitions.importing.sources import Source
from cogmock.web.app import Application

TRUST = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}'


def template(world, **how):
    return formats.write(world, "cfn", **how)[0]


class TestCloudFormation:
    @pytest.mark.parametrize("secrets", [True, False])
    @pytest.mark.parametrize(
        "stated", [SHOP, WATCHED, FEDERATED, EVERYTHING], ids=["shop", "watched", "federated", "rest"]
    )
    def test_a_round_trip_gives_the_same_again(self, documents, stated, secrets):
        documents.apply(stated)
        before, text = shown(), template(documents.world, secrets=secrets)
        with another_server() as other:
            imports.run(other.world, Source({"": text}))
            after = shown()
        if not secrets:
            before, after = without_secrets(before), without_secrets(after)
        assert after == before

    def test_a_client_whose_analytics_have_the_role_of_its_identity_pool(self, documents):
        documents.apply(SHOP)
        role = "arn:aws:iam::123456789012:role/shop-authenticated"
        analytics = {"ApplicationId": "a1", "RoleArn": role, "ExternalId": "x"}
        documents.idp.update_user_pool_client(
            UserPoolId=POOL, ClientId="webwebweb", AnalyticsConfiguration=analytics
        )
        before, text = shown(), template(documents.world, secrets=True)
        with another_server() as other:
            imports.run(other.world, Source({"": text}))
            assert shown() == before

    def test_what_a_template_made_comes_out_as_one(self, documents):
        source = Source({"": TEMPLATE}, stack="shop", parameters={"Google": "yes"})
        imports.run(documents.world, source)
        before, text = shown(), template(documents.world, secrets=True)
        with another_server() as other:
            imports.run(other.world, Source({"": text}))
            assert shown() == before

    def test_resources_refer_to_each_other(self, documents):
        documents.apply(SHOP)
        resources = yaml.safe_load(template(documents.world))["Resources"]
        client = next(of for of in resources.values() if of["Type"] == "AWS::Cognito::UserPoolClient")
        assert client["Properties"]["UserPoolId"] == {"Ref": "Shop"}
        identity = next(of for of in resources.values() if of["Type"] == "AWS::Cognito::IdentityPool")
        [provider] = identity["Properties"]["CognitoIdentityProviders"]
        assert provider["ProviderName"] == {"Fn::Sub": "cognito-idp.us-east-1.amazonaws.com/${Shop}"}
        assert provider["ClientId"] == {"Ref": "WebClient"}
        assert POOL not in json.dumps({name: of for name, of in resources.items() if name != "Shop"})

    def test_cfn_lint_finds_no_error(self, documents):
        cfnlint = pytest.importorskip("cfnlint.api")
        documents.apply(SHOP)
        imports.run(documents.world, Source({"": TEMPLATE}, stack="shop", parameters={"Google": "yes"}))
        found = cfnlint.lint(template(documents.world), None, ["us-east-1"])
        assert [
            (match.rule.id, match.message, match.path) for match in found if match.rule.id.startswith("E")
        ] == []

    def test_what_stands_twice_is_written_twice(self, documents):
        """CloudFormation refuses aliases of YAML."""
        documents.apply(EVERYTHING)
        assert "*id0" not in template(documents.world)

    def test_what_iam_has_refers_to_each_other(self, documents):
        documents.apply(EVERYTHING)
        resources = yaml.safe_load(template(documents.world))["Resources"]
        role, user = resources["ReaderRole"]["Properties"], resources["DoraUser"]["Properties"]
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"]["Federated"] == {"Ref": "IssuerExampleComShopProvider"}
        assert role["ManagedPolicyArns"] == [{"Ref": "ReadingPolicy"}]
        assert user["PermissionsBoundary"] == {"Ref": "LimitsPolicy"}
        assert user["Groups"] == [{"Ref": "StaffGroup"}]

    def test_a_policy_about_the_role_that_has_it_makes_no_circle(self, documents):
        role = "arn:aws:iam::123456789012:role/own"
        allowed = f'{{Version: "2012-10-17", Statement: [{{Effect: Allow, Action: "iam:PassRole", Resource: "{role}"}}]}}'
        documents.apply(
            f"iam_policies: [{{PolicyName: p, PolicyDocument: {allowed}}}]\n"
            f"roles: [{{RoleName: own, managed_policies: [p], AssumeRolePolicyDocument: {TRUST}}}]"
        )
        before, text = shown(), template(documents.world)
        with another_server() as other:
            imports.run(other.world, Source({"": text}))
            assert shown() == before

    def test_media_types(self, documents):
        documents.apply(SHOP)
        application = Application(documents.world)
        answer = ask(application, "GET", "/_cogmock/export?format=cfn")
        assert answer.headers["content-type"] == "application/vnd.aws.cloudformation+yaml; charset=utf-8"
        as_json = ask(
            application, "GET", "/_cogmock/export?format=cfn", headers={"Accept": "application/json"}
        )
        assert as_json.headers["content-type"] == "application/vnd.aws.cloudformation+json"
        assert as_json.json == yaml.safe_load(answer.body)

    def test_two_regions_need_a_choice(self, documents):
        documents.apply("pools: [{id: us-east-1_A, PoolName: a}, {id: eu-west-1_B, PoolName: b}]")
        application = Application(documents.world)
        answer = ask(application, "GET", "/_cogmock/export?format=cfn")
        assert (answer.status, answer.json["error"]) == (400, "InvalidParameterException")
        one = ask(application, "GET", "/_cogmock/export?format=cfn&user_pool_id=eu-west-1_B")
        assert list(yaml.safe_load(one.body)["Resources"]) == ["B"]


class TestTerraform:
    @pytest.fixture
    def blocks(self, documents):
        hcl = pytest.importorskip("hcl2")
        documents.apply(SHOP)
        text, media_type = formats.write(documents.world, "terraform")
        assert media_type == "text/x-hcl; charset=utf-8"
        return hcl.loads(text)

    def test_resources_are_in_the_words_of_the_provider(self, blocks):
        resources = {}
        for block in blocks["resource"]:
            for kind, named in block.items():
                resources.setdefault(kind.strip('"'), []).extend(named.values())
        [pool] = resources["aws_cognito_user_pool"]
        assert plain(pool["name"]) == "shop"
        assert plain(pool["mfa_configuration"]) == "OPTIONAL"
        assert pool["software_token_mfa_configuration"][0]["enabled"] is True
        web = next(of for of in resources["aws_cognito_user_pool_client"] if plain(of["name"]) == "web")
        assert web["user_pool_id"] == "${aws_cognito_user_pool.shop.id}"
        assert {"aws_cognito_user_group", "aws_cognito_resource_server", "aws_iam_role"} <= resources.keys()

    def test_import_blocks_name_what_is_there(self, blocks):
        ids = {plain(of["id"]) for of in blocks["import"]}
        assert {POOL, f"{POOL}/webwebweb", f"{POOL}|articles", f"{POOL}/admins"} <= ids


def test_terraform_has_what_iam_has(documents):
    hcl = pytest.importorskip("hcl2")
    documents.apply(EVERYTHING)
    blocks = hcl.loads(formats.write(documents.world, "terraform")[0])
    found = {}
    for block in blocks["resource"]:
        for kind, named in block.items():
            found.setdefault(plain(kind), {}).update({plain(name): of for name, of in named.items()})
    [provider] = found["aws_iam_openid_connect_provider"].values()
    assert [plain(one) for one in provider["client_id_list"]] == ["app", "web"]
    assert {*found["aws_iam_policy"]} == {"reading", "limits"}
    assert found["aws_iam_user"]["dora"]["permissions_boundary"] == "${aws_iam_policy.limits.arn}"
    [membership] = found["aws_iam_user_group_membership"].values()
    assert membership["groups"] == ["${aws_iam_group.staff.name}"]
    [attached] = found["aws_iam_group_policy_attachment"].values()
    assert attached["policy_arn"] == "${aws_iam_policy.reading.arn}"
    assert "aws_iam_openid_connect_provider.issuer_example_com_shop.arn" in str(
        found["aws_iam_role"]["reader"]
    )
    assert {"aws_iam_saml_provider", "aws_iam_user_policy", "aws_iam_group_policy"} <= found.keys()


def test_a_number_that_the_provider_has_in_one_place_is_written_once(documents):
    config = "{AllowAdminCreateUserOnly: true}"
    documents.apply(f"pools: [{{id: us-east-1_Shop, PoolName: shop, AdminCreateUserConfig: {config}}}]")
    written = formats.write(documents.world, "terraform")[0]
    assert "allow_admin_create_user_only = true" in written
    assert "unused_account_validity_days" not in written


def plain(text):
    return text.strip('"')


def test_texts_that_look_like_code_are_texts(documents):
    """A template of either language in a message is no template there."""
    text = 'Hello ${aws_iam_role.x} %{if} \\n "q" us-east-1_Shop {####}'
    documents.idp.create_user_pool(
        PoolName="shop",
        UserPoolTags={"_custom_id_": POOL},
        VerificationMessageTemplate={"EmailMessage": text},
    )
    written = formats.write(documents.world, "terraform")[0]
    assert '"Hello $${aws_iam_role.x} %%{if} \\\\n \\"q\\" ' in written
    before, cfn = shown(), template(documents.world)
    with another_server() as other:
        imports.run(other.world, Source({"": cfn}))
        assert shown() == before


def test_attached_policies_of_aws_are_exported_by_arn(documents):
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    documents.iam.create_role(RoleName="reader", AssumeRolePolicyDocument=TRUST)
    documents.iam.attach_role_policy(RoleName="reader", PolicyArn=arn)
    before, text = shown(), template(documents.world)
    with another_server() as other:
        imports.run(other.world, Source({"": text}))
        assert shown() == before
        attached = boto3.client("iam").list_attached_role_policies(RoleName="reader")["AttachedPolicies"]
    assert [one["PolicyArn"] for one in attached] == [arn]
