"""SAM, serverless.yml, Terraform's state and plan, AWS's user CSV and cognito-local's data folder are imported."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json

import boto3
import pytest
from support.another_server import another_server

from cogmock.definitions import imports
from cogmock.definitions.applying.document import apply
from cogmock.definitions.exporting.document import export
from cogmock.definitions.faults import InvalidConfig
from cogmock.definitions.importing.sources import Source, kind_of
from cogmock.definitions.load import load_data

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"


@pytest.fixture
def imported(documents):
    def run(text, main="", **how):
        files = text if isinstance(text, dict) else {main: text}
        return imports.run(documents.world, Source(files, main, **how))

    return run


def faults(imported, *given, **how):
    with pytest.raises(InvalidConfig) as invalid:
        imported(*given, **how)
    return [fault.message for fault in invalid.value.faults]


class TestSam:
    TEXT = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12}}
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Check:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.check
      Events:
        Both: {Type: Cognito, Properties: {UserPool: !Ref Pool, Trigger: [PreSignUp, PostConfirmation]}}
Outputs:
  Role: {Value: !GetAtt CheckRole.Arn}
"""

    def test_events_of_functions_are_triggers_of_the_pool(self, imported, documents):
        made = imported(self.TEXT)["resources"]
        assert documents.pool(made["Pool"])["LambdaConfig"] == {
            "PreSignUp": f"{FUNCTION}:Check",
            "PostConfirmation": f"{FUNCTION}:Check",
        }

    def test_an_event_needs_a_pool_of_the_template(self, imported):
        message, *_ = faults(imported, self.TEXT.replace("!Ref Pool", "us-east-1_x"))
        assert message == "UserPool must be a Ref to a user pool of this template"

    def test_the_function_runs_at_sign_up(self, imported, documents, cognito):
        pool_id = imported(self.TEXT)["resources"]["Pool"]
        seen = []
        cognito.functions["Check"] = lambda event, _context: seen.append(event["triggerSource"]) or event
        client = documents.idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")
        client_id = client["UserPoolClient"]["ClientId"]
        documents.idp.sign_up(ClientId=client_id, Username="ada", Password="Corr3ct-Horse!")
        assert seen == ["PreSignUp_SignUp"]


class TestServerless:
    TEXT = """
service: shop
custom: {names: {dev: shop-dev, prod: shop}, more: "${file(more.yml):auth}"}
provider: {name: aws, stage: "${opt:stage, 'dev'}", region: us-east-1}
functions:
  pre-sign-up:
    handler: src/index.handler
    events:
      - cognitoUserPool: {pool: Members, trigger: PreSignUp}
      - cognitoUserPool: {pool: Guests, trigger: PostConfirmation}
resources:
  - Resources:
      CognitoUserPoolMembers:
        Type: AWS::Cognito::UserPool
        Properties:
          UserPoolName: ${self:custom.names.${sls:stage}}-${env:COLOUR, 'blue'}
          Policies: {PasswordPolicy: {MinimumLength: "${self:custom.more.length}"}}
  - Outputs:
      Name: {Value: !Sub "${AWS::Region}-${self:service}"}
"""
    MORE = "auth: {length: 12}"

    def files(self):
        return {"serverless.yml": self.TEXT, "more.yml": self.MORE}

    def test_variables_functions_and_events(self, imported, documents):
        answer = imported(self.files(), "serverless.yml")
        members = documents.pool(answer["resources"]["CognitoUserPoolMembers"])
        assert (members["Name"], members["Policies"]["PasswordPolicy"]["MinimumLength"]) == (
            "shop-dev-blue",
            12,
        )
        assert members["LambdaConfig"] == {"PreSignUp": f"{FUNCTION}:shop-dev-pre-sign-up"}
        guests = documents.pool(answer["resources"]["CognitoUserPoolGuests"])
        assert guests["Name"] == "Guests"
        assert guests["LambdaConfig"] == {"PostConfirmation": f"{FUNCTION}:shop-dev-pre-sign-up"}
        assert answer["outputs"] == {"Name": "us-east-1-shop"}

    def test_options_are_parameters(self, imported, documents):
        how = {"parameters": {"stage": "prod", "env:COLOUR": "red"}}
        made = imported(self.files(), "serverless.yml", **how)["resources"]
        assert documents.pool(made["CognitoUserPoolMembers"])["Name"] == "shop-red"

    def test_a_variable_without_a_value(self, imported):
        message, *_ = faults(imported, {"serverless.yml": self.TEXT}, "serverless.yml")
        assert message.startswith("${file(more.yml):auth} has no value here")

    def test_variables_in_a_circle(self, imported):
        text = "service: ${self:custom.a}\nprovider: {name: aws}\ncustom: {a: '${self:custom.b}', b: '${self:custom.a}'}"
        assert "depends on itself" in faults(imported, {"serverless.yml": text})[0]


def terraform(*resources, plan=False, configuration=None):
    listed = [
        {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "values": values}
        for kind, name, values in resources
    ]
    module = {"root_module": {"resources": listed}}
    document = {"format_version": "1.2", "planned_values" if plan else "values": module}
    return json.dumps(document | ({"configuration": configuration} if configuration else {}))


class TestTerraform:
    POOL = {
        "id": "us-east-1_State",
        "arn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_State",
        "name": "shop",
        "alias_attributes": ["email"],
        "username_attributes": [],
        "mfa_configuration": "OPTIONAL",
        "software_token_mfa_configuration": [{"enabled": True}],
        "password_policy": [{"minimum_length": 12, "require_symbols": False, "temporary_password_validity_days": 3}],
        "schema": [
            {"name": "tenant", "attribute_data_type": "String", "mutable": True, "string_attribute_constraints": [{"max_length": "20", "min_length": "1"}]}
        ],
        "lambda_config": [{"pre_sign_up": f"{FUNCTION}:check", "custom_email_sender": []}],
        "account_recovery_setting": [{"recovery_mechanism": [{"name": "verified_email", "priority": 1}]}],
        "email_configuration": [{"email_sending_account": "COGNITO_DEFAULT", "from_email_address": ""}],
        "tags": {"team": "shop"},
        "domain": None,
    }  # fmt: skip

    def test_a_state_keeps_its_ids_and_secrets(self, imported, documents):
        client = {
            "id": "clientofstate000000000000",
            "user_pool_id": "us-east-1_State",
            "name": "web",
            "client_secret": "notasecret0123456789abcdef",
            "generate_secret": True,
            "callback_urls": ["http://localhost:3000/cb"],
            "allowed_oauth_flows": ["code"],
            "allowed_oauth_flows_user_pool_client": True,
            "allowed_oauth_scopes": ["openid"],
            "explicit_auth_flows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "token_validity_units": [
                {"access_token": "minutes", "id_token": "minutes", "refresh_token": "days"}
            ],
            "access_token_validity": 10,
            "supported_identity_providers": ["COGNITO"],
        }
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
        trust = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}],
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        answer = imported(
            terraform(
                ("aws_cognito_user_pool", "shop", self.POOL),
                ("aws_cognito_user_pool_client", "web", client),
                ("aws_cognito_user_group", "admins", {"user_pool_id": "us-east-1_State", "name": "admins"}),
                (
                    "aws_cognito_user",
                    "ada",
                    {
                        "user_pool_id": "us-east-1_State",
                        "username": "ada",
                        "password": "Corr3ct-Horse!x",
                        "attributes": {"email": "ada@example.com"},
                        "sub": "0b6c5c0e-0000-4000-8000-000000000001",
                    },
                ),
                (
                    "aws_cognito_user_in_group",
                    "ada",
                    {"user_pool_id": "us-east-1_State", "username": "ada", "group_name": "admins"},
                ),
                (
                    "aws_iam_role",
                    "member",
                    {"name": "member", "assume_role_policy": json.dumps(trust), "tags": {"a": "b"}},
                ),
                (
                    "aws_iam_role_policy",
                    "read",
                    {"role": "member", "name": "read", "policy": json.dumps(policy)},
                ),
                (
                    "aws_cognito_identity_pool",
                    "shop",
                    {
                        "id": "us-east-1:00000000-0000-4000-8000-000000000009",
                        "identity_pool_name": "shop",
                        "allow_unauthenticated_identities": False,
                        "cognito_identity_providers": [
                            {
                                "client_id": client["id"],
                                "provider_name": "cognito-idp.us-east-1.amazonaws.com/us-east-1_State",
                                "server_side_token_check": False,
                            }
                        ],
                    },
                ),
                (
                    "aws_cognito_identity_pool_roles_attachment",
                    "shop",
                    {
                        "identity_pool_id": "us-east-1:00000000-0000-4000-8000-000000000009",
                        "roles": {"authenticated": "arn:aws:iam::123456789012:role/member"},
                    },
                ),
                ("aws_s3_bucket", "files", {"id": "files"}),
            )
        )
        assert answer["resources"]["aws_cognito_user_pool.shop"] == "us-east-1_State"
        assert [one["logical_id"] for one in answer["skipped"]] == ["aws_s3_bucket.files"]
        pool = documents.pool("us-east-1_State")
        assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
        assert pool["MfaConfiguration"] == "OPTIONAL"
        assert pool["LambdaConfig"] == {"PreSignUp": f"{FUNCTION}:check"}
        assert pool["UserPoolTags"] == {"team": "shop"}
        assert "custom:tenant" in [one["Name"] for one in pool["SchemaAttributes"]]
        found = documents.idp.describe_user_pool_client(UserPoolId="us-east-1_State", ClientId=client["id"])
        assert found["UserPoolClient"]["ClientSecret"] == client["client_secret"]
        assert found["UserPoolClient"]["AccessTokenValidity"] == 10
        ada = documents.user("ada", "us-east-1_State")
        assert (ada["UserStatus"], ada["attributes"]["sub"]) == (
            "CONFIRMED",
            "0b6c5c0e-0000-4000-8000-000000000001",
        )
        groups = documents.idp.admin_list_groups_for_user(UserPoolId="us-east-1_State", Username="ada")
        assert [one["GroupName"] for one in groups["Groups"]] == ["admins"]
        roles = documents.identity.get_identity_pool_roles(
            IdentityPoolId="us-east-1:00000000-0000-4000-8000-000000000009"
        )
        assert roles["Roles"] == {"authenticated": "arn:aws:iam::123456789012:role/member"}
        assert documents.iam.list_role_policies(RoleName="member")["PolicyNames"] == ["read"]

    def test_a_plan_finds_ids_that_are_not_known_yet_by_references(self, imported, documents):
        configuration = {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_cognito_user_pool_client.web",
                        "expressions": {
                            "user_pool_id": {
                                "references": ["aws_cognito_user_pool.shop.id", "aws_cognito_user_pool.shop"]
                            }
                        },
                    }
                ]
            }
        }
        text = terraform(
            ("aws_cognito_user_pool", "shop", {"name": "shop"}),
            ("aws_cognito_user_pool_client", "web", {"name": "web"}),
            plan=True,
            configuration=configuration,
        )
        made = imported(text)["resources"]
        pool_id = made["aws_cognito_user_pool.shop"]
        found = documents.idp.list_user_pool_clients(UserPoolId=pool_id)["UserPoolClients"]
        assert [one["ClientId"] for one in found] == [made["aws_cognito_user_pool_client.web"]]

    def test_modules_have_addresses_of_their_own(self, imported):
        resource = {
            "address": "module.auth.aws_cognito_user_pool.shop",
            "mode": "managed",
            "type": "aws_cognito_user_pool",
            "values": {"name": "shop", "id": "us-east-1_Inner"},
        }
        inner = {"address": "module.auth", "resources": [resource]}
        state = {"format_version": "1.0", "values": {"root_module": {"child_modules": [inner]}}}
        made = imported(json.dumps(state))["resources"]
        assert made == {"module.auth.aws_cognito_user_pool.shop": "us-east-1_Inner"}


class TestUserCsv:
    TEXT = "cognito:username,email,email_verified,cognito:mfa_enabled\nada,ada@example.com,true,false\n"

    def test_users_must_reset_their_passwords(self, imported, documents):
        documents.apply("pools: [{id: us-east-1_Shop, PoolName: shop}]")
        imported(self.TEXT)
        ada = documents.user("ada")
        assert (ada["UserStatus"], ada["attributes"]["email"]) == ("RESET_REQUIRED", "ada@example.com")

    def test_a_user_who_is_there_stays(self, imported, documents):
        documents.apply(
            "pools: [{id: us-east-1_Shop, PoolName: shop, users: [{Username: ada, password: Corr3ct-Horse!}]}]"
        )
        answer = imported(self.TEXT)
        assert documents.user("ada")["UserStatus"] == "CONFIRMED"
        assert answer["skipped"][0]["reason"] == "the user is there already"

    def test_several_pools_need_a_choice(self, imported, documents):
        documents.apply(
            "pools: [{id: us-east-1_Shop, PoolName: shop}, {id: us-east-1_Other, PoolName: other}]"
        )
        assert faults(imported, self.TEXT) == ["name the user pool (--pool, user_pool_id=): there are 2"]
        imported(self.TEXT, pool_id="us-east-1_Other")
        assert documents.user("ada", "us-east-1_Other")

    def test_a_fault_names_its_line(self, imported, documents):
        documents.apply("pools: [{id: us-east-1_Shop, PoolName: shop}]")
        with pytest.raises(InvalidConfig) as invalid:
            imported(self.TEXT + "grace,grace@example.com,true,false,more\n")
        [fault] = invalid.value.faults
        assert (fault.line, fault.message) == (3, "the line has 5 fields, the first one has 4")

    HASH = "$pbkdf2-sha256$i=1000$c2FsdHNhbHQ$" + base64.b64encode(
        hashlib.pbkdf2_hmac("sha256", b"Old-Passw0rd", b"saltsalt", 1000)
    ).decode().rstrip("=")

    @pytest.mark.parametrize("way", ["import", "document"])
    def test_hashes_of_old_passwords_are_kept(self, imported, documents, tmp_path, way):
        text = f"cognito:username,name,password_hash\nada,Lovelace\\, Ada,{self.HASH}\n".replace(
            "i=1000$", "1000$"
        )
        shop = "{id: us-east-1_Shop, PoolName: shop, clients: [{id: webwebweb, ClientName: web, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}]"
        (tmp_path / "users.csv").write_text(text)
        if way == "import":
            documents.apply(f"pools: [{shop}}}]")
            imported(text)
        else:
            documents.apply(f"pools: [{shop}, import: users.csv}}]", folder=tmp_path)
        ada = documents.user("ada")
        assert (ada["UserStatus"], ada["attributes"]["name"]) == ("CONFIRMED", "Lovelace, Ada")
        document = export(documents.world, secrets=True)
        with another_server() as other:
            apply(other.world, load_data(document))
            answer = boto3.client("cognito-idp", region_name="us-east-1").initiate_auth(
                ClientId="webwebweb",
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": "ada", "PASSWORD": "Old-Passw0rd"},
            )
        assert answer["AuthenticationResult"]["IdToken"]

    @pytest.mark.parametrize("line", ["ada", "", '"' + "x" * 200_000, "x" * 200_000 + ",a"])
    def test_a_line_of_another_form_is_no_fault_of_the_server(self, imported, documents, tmp_path, line):
        (tmp_path / "users.csv").write_text(f"name,cognito:username\n{line}\n")
        shop = "{id: us-east-1_Shop, PoolName: shop, import: users.csv}"
        with contextlib.suppress(InvalidConfig):
            documents.apply(f"pools: [{shop}]", folder=tmp_path)

    def test_a_hash_that_cannot_be_checked_is_a_fault(self, imported, documents):
        documents.apply("pools: [{id: us-east-1_Shop, PoolName: shop}]")
        [message] = faults(imported, "cognito:username,password_hash\nada,5f4dcc3b5aa765d61d8327deb882cf99\n")
        assert message.startswith("a password hash is one of BCRYPT, ARGON2ID")


class TestCognitoLocal:
    FILES = {
        "db/us-east-1_Local.json": json.dumps(
            {
                "Options": {
                    "Id": "us-east-1_Local",
                    "Name": "local",
                    "UsernameAttributes": ["email"],
                    "MfaConfiguration": "OFF",
                    "Policies": {"PasswordPolicy": {"MinimumLength": 8, "RequireUppercase": True}},
                    "SchemaAttributes": [{"Name": "custom:tenant", "AttributeDataType": "String", "Mutable": True}],
                },
                "Users": {
                    "0b6c5c0e-0000-4000-8000-000000000001": {
                        "Username": "0b6c5c0e-0000-4000-8000-000000000001",
                        "Password": "short",
                        "UserStatus": "CONFIRMED",
                        "Enabled": True,
                        "Attributes": [
                            {"Name": "sub", "Value": "0b6c5c0e-0000-4000-8000-000000000001"},
                            {"Name": "email", "Value": "ada@example.com"},
                        ],
                        "RefreshTokens": [],
                    }
                },
                "Groups": {"admins": {"GroupName": "admins", "members": ["0b6c5c0e-0000-4000-8000-000000000001"]}},
            }
        ),
        "db/clients.json": json.dumps(
            {"Clients": {"localclient": {"ClientId": "localclient", "ClientName": "web", "UserPoolId": "us-east-1_Local", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}}}
        ),
    }  # fmt: skip

    def test_users_sign_in_with_the_passwords_that_they_had(self, imported, documents):
        imported(self.FILES)
        answer = documents.idp.initiate_auth(
            ClientId="localclient",
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada@example.com", "PASSWORD": "short"},
        )
        assert answer["AuthenticationResult"]["IdToken"]
        ada = documents.user("ada@example.com", "us-east-1_Local")
        assert ada["attributes"]["sub"] == "0b6c5c0e-0000-4000-8000-000000000001"
        groups = documents.idp.admin_list_groups_for_user(
            UserPoolId="us-east-1_Local", Username="ada@example.com"
        )
        assert [one["GroupName"] for one in groups["Groups"]] == ["admins"]


@pytest.mark.parametrize(
    ("files", "main", "kind"),
    [
        ({"": '{"Resources": {}}'}, "", "cloudformation"),
        ({"": "service: shop\nprovider: {name: aws}"}, "", "serverless"),
        ({"": TestUserCsv.TEXT}, "", "csv"),
        ({"": terraform()}, "", "terraform"),
        (TestCognitoLocal.FILES, "", "cognito-local"),
        ({"": TestCognitoLocal.FILES["db/us-east-1_Local.json"]}, "", "cognito-local"),
        ({"manifest.json": "{}"}, "", "cdk"),
        ({"serverless.yml": ""}, "serverless.yml", "serverless"),
    ],
)
def test_the_kind_is_found_by_content(files, main, kind):
    assert kind_of(Source(files, main)) == kind
