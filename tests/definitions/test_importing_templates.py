"""CloudFormation templates are imported: functions, conditions, parameters, ids, and faults with their places."""

from __future__ import annotations

import json

import pytest
from support.templates import SHOP

from cogmock.definitions import imports
from cogmock.definitions.faults import InvalidConfig
from cogmock.definitions.importing.sources import Source

REGION = "us-east-1"


class Imports:
    def __init__(self, documents):
        self.documents = documents

    def run(self, text, **how):
        dry_run = how.pop("dry_run", False)
        return imports.run(self.documents.world, Source({"": text}, **how), dry_run=dry_run)

    def faults(self, text, **how):
        with pytest.raises(InvalidConfig) as invalid:
            self.run(text, **how)
        return [(fault.path, fault.line, fault.message) for fault in invalid.value.faults]


@pytest.fixture
def imported(documents):
    return Imports(documents)


def template(**resources):
    return json.dumps({"Resources": resources})


def pool(**properties):
    return {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "shop", **properties}}


class TestAWholeTemplate:
    def test_everything_is_there_and_refers_to_each_other(self, imported, documents):
        answer = imported.run(SHOP, stack="shop")
        made = answer["resources"]
        described = documents.pool(made["Pool"])
        assert described["Name"] == "shop-dev"
        assert described["Policies"]["PasswordPolicy"]["MinimumLength"] == 8
        assert described["LambdaConfig"] == {
            "PreSignUp": "arn:aws:lambda:us-east-1:123456789012:function:shop-pre-sign-up"
        }
        assert described["MfaConfiguration"] == "OPTIONAL"
        assert described["UserPoolTags"] == {"stage": "dev"}
        assert (described["Domain"], described["DeletionProtection"]) == ("shop-dev", "INACTIVE")
        about = {"UserPoolId": made["Pool"]}
        web = documents.idp.describe_user_pool_client(**about, ClientId=made["Web"])["UserPoolClient"]
        assert web["CallbackURLs"] == ["http://localhost:3000/cb", "http://localhost:3001/cb"]
        assert web["AllowedOAuthScopes"] == ["openid", "articles/read"]
        assert web["SupportedIdentityProviders"] == ["COGNITO"]
        assert web["ClientName"].startswith("Web-")
        group = documents.idp.get_group(**about, GroupName="admins")["Group"]
        role = documents.iam.get_role(RoleName=made["Member"])["Role"]
        assert group["RoleArn"] == role["Arn"]
        groups = documents.idp.admin_list_groups_for_user(**about, Username="ada")["Groups"]
        assert [one["GroupName"] for one in groups] == ["admins"]
        [provider] = documents.identity.describe_identity_pool(IdentityPoolId=made["Identities"])[
            "CognitoIdentityProviders"
        ]
        assert provider["ClientId"] == made["Web"]
        given = documents.identity.get_identity_pool_roles(IdentityPoolId=made["Identities"])
        assert given["Roles"] == {"authenticated": role["Arn"]}
        assert given["RoleMappings"] == {
            f"{provider['ProviderName']}:{made['Web']}": {"Type": "Token", "AmbiguousRoleResolution": "Deny"}
        }
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Condition"]["StringEquals"] == {
            "cognito-identity.amazonaws.com:aud": made["Identities"]
        }
        policy = documents.iam.get_role_policy(RoleName=made["Member"], PolicyName="read")["PolicyDocument"]
        assert policy["Statement"][0]["Resource"] == "arn:aws:s3:::shop-files/*"
        attached = documents.iam.list_attached_role_policies(RoleName=made["FunctionRole"])[
            "AttachedPolicies"
        ]
        assert [one["PolicyName"] for one in attached] == ["AWSLambdaBasicExecutionRole"]
        [style] = [
            documents.idp.describe_managed_login_branding_by_client(**about, ClientId=made["Web"])[
                "ManagedLoginBranding"
            ]
        ]
        assert style["UseCognitoProvidedValues"] is True

    def test_the_answer_names_outputs_resources_and_what_was_left_out(self, imported, documents):
        answer = imported.run(SHOP, stack="shop")
        made = answer["resources"]
        secret = documents.idp.describe_user_pool_client(UserPoolId=made["Pool"], ClientId=made["Jobs"])
        assert answer["outputs"] == {
            "PoolId": made["Pool"],
            "Secret": secret["UserPoolClient"]["ClientSecret"],
            "Issuer": f"https://cognito-idp.us-east-1.amazonaws.com/{made['Pool']}",
        }
        assert [(one["logical_id"], one["type"]) for one in answer["skipped"]] == [
            ("Files", "AWS::S3::Bucket")
        ]
        assert "Login" not in made

    def test_the_second_import_changes_nothing(self, imported):
        first = imported.run(SHOP, stack="shop")
        second = imported.run(SHOP, stack="shop")
        assert (second["resources"], second["outputs"]) == (first["resources"], first["outputs"])
        assert {one["change"] for one in second["changes"]} == {"unchanged"}

    def test_parameters_change_what_is_there(self, imported, documents):
        first = imported.run(SHOP, stack="shop")
        second = imported.run(SHOP, stack="shop", parameters={"Google": "yes"})
        assert second["resources"].items() >= first["resources"].items()
        assert second["resources"]["Login"] == "Google"
        web = documents.idp.describe_user_pool_client(
            UserPoolId=first["resources"]["Pool"], ClientId=first["resources"]["Web"]
        )
        assert web["UserPoolClient"]["SupportedIdentityProviders"] == ["COGNITO", "Google"]

    def test_stacks_of_two_names_are_two(self, imported, documents):
        text = template(Pool=pool())
        first = imported.run(text, stack="a")["resources"]["Pool"]
        second = imported.run(text, stack="b")["resources"]["Pool"]
        assert sorted(documents.pools()) == sorted([first, second])

    def test_a_dry_run_makes_nothing(self, imported, documents):
        answer = imported.run(SHOP, stack="shop", dry_run=True)
        assert answer["summary"]["created"] > 5
        assert documents.pools() == []

    def test_another_region(self, imported, documents):
        made = imported.run(template(Pool=pool()), region="eu-west-1")["resources"]
        assert made["Pool"].startswith("eu-west-1_")
        assert documents.pools() == []


class TestFunctions:
    """Each is seen in an output."""

    @pytest.fixture
    def value(self, imported):
        def given(expression, **sections):
            document = {
                "Resources": {"Pool": pool()},
                "Outputs": {"Value": {"Value": expression}},
                **sections,
            }
            return imported.run(json.dumps(document), stack="shop")["outputs"]["Value"]

        return given

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ({"Ref": "AWS::Region"}, "us-east-1"),
            ({"Ref": "AWS::AccountId"}, "123456789012"),
            ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
            ({"Fn::Join": [":", ["a", {"Ref": "AWS::Region"}, 3]]}, "a:us-east-1:3"),
            ({"Fn::Sub": "${AWS::Region}/${!Literal}"}, "us-east-1/${Literal}"),
            ({"Fn::Sub": ["${who}!", {"who": {"Fn::Select": [1, ["ada", "grace"]]}}]}, "grace!"),
            ({"Fn::Select": ["1", {"Fn::Split": ["/", "a/b/c"]}]}, "b"),
            ({"Fn::Base64": "ada"}, "YWRh"),
            ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "us-east-1a"),
            ({"Fn::Length": [1, 2, 3]}, "3"),
            ({"Fn::ToJsonString": {"a": {"Ref": "AWS::Region"}}}, '{"a": "us-east-1"}'),
            ({"Fn::FindInMap": ["M", "x", "y", {"DefaultValue": "z"}]}, "z"),
        ],
    )
    def test_its_value(self, value, expression, expected):
        assert value(expression) == expected

    def test_conditions_decide_as_in_cloudformation(self, value):
        sections = {
            "Parameters": {"A": {"Type": "String", "Default": "x"}},
            "Conditions": {
                "Is": {"Fn::Equals": [{"Ref": "A"}, "x"]},
                "Not": {"Fn::Not": [{"Condition": "Is"}]},
                "Both": {"Fn::And": [{"Condition": "Is"}, {"Condition": "Not"}]},
                "Any": {"Fn::Or": [{"Condition": "Is"}, {"Condition": "Not"}]},
            },
        }
        for name, expected in {"Is": "yes", "Not": "no", "Both": "no", "Any": "yes"}.items():
            assert value({"Fn::If": [name, "yes", "no"]}, **sections) == expected

    def test_an_export_of_another_stack(self, value, imported):
        first = {
            "Resources": {"Pool": pool()},
            "Outputs": {"Id": {"Value": {"Ref": "Pool"}, "Export": {"Name": "pool"}}},
        }
        pool_id = imported.run(json.dumps(first), stack="other")["outputs"]["Id"]
        assert value({"Fn::ImportValue": "pool"}) == pool_id

    @pytest.mark.parametrize(
        ("expression", "message"),
        [
            ({"Ref": "Pol"}, "the template has no parameter and no resource Pol; did you mean Pool?"),
            ({"Ref": "AWS::Regoin"}, "there is no pseudo parameter AWS::Regoin; did you mean AWS::Region?"),
            ({"Fn::GetAtt": ["Nope", "Arn"]}, "the template has no resource Nope"),
            ({"Fn::Sub": "${Nope}"}, "the template has no parameter and no resource Nope"),
            ({"Fn::FindInMap": ["M", "x", "y"]}, "the mappings have no M.x.y"),
            ({"Fn::Select": [3, ["a"]]}, "there is no value 3: the list has 1, counted from 0"),
            ({"Fn::Join": "a"}, "this function takes a list of 2 values"),
            ({"Fn::If": ["Nope", 1, 2]}, "the template has no condition Nope"),
            ({"Fn::Bogus": 1}, "the function Fn::Bogus is not understood here"),
            (
                {"Fn::ImportValue": "nope"},
                "no stack exports nope; import the stack that does first (exports: none)",
            ),
        ],
    )
    def test_what_it_names_must_be_there(self, imported, expression, message):
        document = {"Resources": {"Pool": pool()}, "Outputs": {"Value": {"Value": expression}}}
        [(path, _, found)] = imported.faults(json.dumps(document))
        assert path.startswith("Outputs.Value.Value")
        assert found == message


class TestIds:
    def test_a_tag_pins_the_id_of_a_pool(self, imported, documents):
        text = template(Pool=pool(UserPoolTags={"_custom_id_": "us-east-1_Pinned", "kept": "1"}))
        assert imported.run(text)["resources"]["Pool"] == "us-east-1_Pinned"
        assert documents.pool("us-east-1_Pinned")["UserPoolTags"] == {"kept": "1"}

    def test_a_client_may_belong_to_a_pool_that_is_there(self, imported, documents):
        documents.apply("pools: [{id: us-east-1_Shop, PoolName: shop}]")
        client = {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": "us-east-1_Shop"}}
        made = imported.run(template(Web=client))["resources"]
        found = documents.idp.describe_user_pool_client(UserPoolId="us-east-1_Shop", ClientId=made["Web"])
        assert found["UserPoolClient"]["ClientId"] == made["Web"]

    def test_nested_stacks_are_read_where_their_templates_are_there(self, documents):
        nested = {
            "Parameters": {"Name": {"Type": "String"}},
            "Resources": {"Pool": pool(UserPoolName={"Ref": "Name"})},
            "Outputs": {"Id": {"Value": {"Ref": "Pool"}}},
        }
        parent = {
            "Resources": {
                "Auth": {
                    "Type": "AWS::CloudFormation::Stack",
                    "Properties": {"TemplateURL": "nested.template.json", "Parameters": {"Name": "inner"}},
                },
                "Web": {
                    "Type": "AWS::Cognito::UserPoolClient",
                    "Properties": {"UserPoolId": {"Fn::GetAtt": ["Auth", "Outputs.Id"]}},
                },
            }
        }
        artifact = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/us-east-1",
            "properties": {"templateFile": "Main.template.json"},
        }
        files = {
            "manifest.json": json.dumps({"artifacts": {"Main": artifact}}),
            "Main.template.json": json.dumps(parent),
            "nested.template.json": json.dumps(nested),
        }
        first = imports.run(documents.world, Source(files))
        second = imports.run(documents.world, Source(files))
        assert documents.pool(first["resources"]["Pool"])["Name"] == "inner"
        assert second["resources"] == first["resources"]
        assert {one["change"] for one in second["changes"]} == {"unchanged"}


class TestFaults:
    """All are told, with logical id, property and line, and nothing is made."""

    def test_a_property_that_aws_refuses(self, imported, documents):
        text = "Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      MfaConfiguration: MAYBE\n"
        [(path, line, message)] = imported.faults(text)
        assert (path, line) == ("Resources.Pool.Properties.MfaConfiguration", 5)
        assert "must satisfy enum value set: [" in message
        assert documents.pools() == []

    def test_an_unknown_property(self, imported):
        [(path, _, message)] = imported.faults(template(Pool=pool(AliasAttribute=["email"])))
        assert path == "Resources.Pool.Properties.AliasAttribute"
        assert message == "unknown key 'AliasAttribute'; did you mean 'AliasAttributes'?"

    def test_a_circle_of_resources(self, imported):
        first = pool(UserPoolName={"Ref": "B"})
        [(_, _, message)] = imported.faults(template(A=first, B=pool(UserPoolName={"Fn::Sub": "${A.Arn}"})))
        assert message.startswith("Circular dependency between resources: [")

    def test_a_circle_of_conditions(self, imported):
        document = {
            "Conditions": {"A": {"Condition": "B"}, "B": {"Condition": "A"}},
            "Resources": {"Pool": pool() | {"Condition": "A"}},
        }
        [(path, _, message)] = imported.faults(json.dumps(document))
        assert (path, message) == ("Conditions.A", "the condition A depends on itself")

    def test_parameters(self, imported):
        text = "Parameters: {Stage: {Type: String, AllowedValues: [dev]}}\nResources: {}"
        [(_, _, message)] = imported.faults(text)
        assert message == "the parameter Stage has no default: give it with --parameter Stage=VALUE"
        [(_, _, message)] = imported.faults(text, parameters={"Stage": "prod"})
        assert message == "'prod' is not allowed for the parameter Stage: it is one of dev"
        [(_, _, message)] = imported.faults(text, parameters={"Stge": "dev"})
        assert message == "the template has no parameter Stge; it has Stage"

    def test_a_client_of_no_pool(self, imported):
        client = {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": "us-east-1_nope"}}
        [(path, _, message)] = imported.faults(template(Web=client))
        assert (path, message) == (
            "Resources.Web.Properties.UserPoolId",
            "there is no user pool us-east-1_nope",
        )

    def test_a_depends_on_that_names_nothing(self, imported):
        [(path, _, message)] = imported.faults(template(Pool=pool() | {"DependsOn": "Nope"}))
        assert (path, message) == ("Resources.Pool.DependsOn", "the template has no resource Nope")

    def test_a_later_refusal_takes_all_of_it_back(self, imported, documents):
        documents.apply("pools: [{id: us-east-1_Other, PoolName: other, domain: taken}]")
        domain = {
            "Type": "AWS::Cognito::UserPoolDomain",
            "Properties": {"UserPoolId": {"Ref": "Pool"}, "Domain": "taken"},
        }
        [(path, _, _)] = imported.faults(template(Pool=pool(), Domain=domain))
        assert path.startswith("Resources.Domain.Properties")
        assert documents.pools() == ["us-east-1_Other"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", "the file is none of these"),
            ("Resources: []", "must be a mapping of logical ids"),
            ("Resources: {Pool: 3}", "this key is required"),
            ("Resources: {Pool: {Type: AWS::Cognito::UserPool, Properties: 3}}", "must be a mapping"),
            ("Resources: {'a b': {Type: X}}", "a logical id has letters and digits alone"),
            ("Resource: {}\nResources: {}", "a template has no section Resource"),
            ("Resources: !!python/object:os.system {}", "the tag tag:yaml.org,2002:python/object:os.system"),
            ("Resources: {A: !Nope b}", "the tag !Nope is not understood here"),
            ("\0\0", "the file is binary, not a text"),
            ("[1, 2", "not valid JSON"),
            ("a: &a [*a]", "an alias may not contain itself"),
            ("pools: []", "this is a document of cogmock's own: `cogmock apply` takes it"),
        ],
    )
    def test_a_file_that_is_no_template(self, imported, text, expected):
        assert expected in imported.faults(text)[0][2]

    def test_functions_that_would_grow_for_ever(self, imported):
        expression = "x" * 100
        for _ in range(40):
            expression = {"Fn::Sub": ["${a}${a}", {"a": expression}]}
        document = {"Resources": {"Pool": pool()}, "Outputs": {"Value": {"Value": expression}}}
        [(_, _, message)] = imported.faults(json.dumps(document))
        assert "nested deeper" in message or "longer than 1,000,000 characters" in message


def test_a_cimd_policy_of_a_template(imported, documents):
    policy = {
        "Type": "AWS::Cognito::CIMDPolicy",
        "Properties": {
            "UserPoolId": {"Ref": "Pool"},
            "ClientId": {"Ref": "Client"},
            "PolicyName": "agents",
            "URLPatterns": ["https://agent.example.com/*"],
        },
    }
    client = {
        "Type": "AWS::Cognito::UserPoolClient",
        "Properties": {"UserPoolId": {"Ref": "Pool"}, "ClientName": "web"},
    }
    text = template(Pool=pool(), Client=client, Agents=policy)
    made = imported.run(text)
    [found] = documents.idp.list_cimd_policies(UserPoolId=made["resources"]["Pool"])["CIMDPolicies"]
    assert (found["PolicyName"], found["ClientId"]) == ("agents", made["resources"]["Client"])
