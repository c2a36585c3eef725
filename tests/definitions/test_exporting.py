"""An export is a document: applied to an empty server it gives the same again."""

from __future__ import annotations

import json

import boto3
import pytest
import yaml
from support.http import ask
from support.shop_document import POOL, SHOP

from cogmock import mock_cognito
from cogmock.core.world import World
from cogmock.definitions.applying.document import apply
from cogmock.definitions.exporting.document import export
from cogmock.definitions.load import load_data, load_text
from cogmock.web.app import Application

VOLATILE = {
    "CreationDate",
    "LastModifiedDate",
    "UserCreateDate",
    "UserLastModifiedDate",
    "CreateDate",
    "RoleId",
}


def settled(value):
    """An answer without what no document pins."""
    if isinstance(value, dict):
        return {
            key: settled(of) for key, of in value.items() if key not in VOLATILE and key != "ResponseMetadata"
        }
    return [settled(of) for of in value] if isinstance(value, list) else value


def shown():
    """All that boto3 shows of the pools, clients, groups, users, roles and identity pools."""
    idp, iam = (boto3.client(service, region_name="us-east-1") for service in ("cognito-idp", "iam"))
    identity = boto3.client("cognito-identity", region_name="us-east-1")
    found = []
    for pool in idp.list_user_pools(MaxResults=60)["UserPools"]:
        about = {"UserPoolId": pool["Id"]}
        found += [idp.describe_user_pool(**about), idp.get_user_pool_mfa_config(**about)]
        for client in idp.list_user_pool_clients(**about)["UserPoolClients"]:
            asked = about | {"ClientId": client["ClientId"]}
            found.append(idp.describe_user_pool_client(**asked))
        found += [idp.list_groups(**about), idp.list_users(**about)]
        found.append(idp.list_resource_servers(**about, MaxResults=50))
        found += [
            idp.admin_list_groups_for_user(**about, Username=user["Username"])
            for user in idp.list_users(**about)["Users"]
        ]
    for pool in identity.list_identity_pools(MaxResults=60)["IdentityPools"]:
        about = {"IdentityPoolId": pool["IdentityPoolId"]}
        found += [identity.describe_identity_pool(**about), identity.get_identity_pool_roles(**about)]
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        found += [
            role,
            *[
                iam.get_role_policy(RoleName=name, PolicyName=one)
                for one in iam.list_role_policies(RoleName=name)["PolicyNames"]
            ],
        ]
    return settled(json.loads(json.dumps(found, default=str)))


@pytest.mark.parametrize("secrets", [True, False])
def test_a_round_trip_gives_the_same_again(documents, secrets):
    documents.apply(SHOP)
    documents.idp.set_ui_customization(UserPoolId=POOL, CSS=".banner-customizable {background: red;}")
    document = export(documents.world, secrets=secrets)
    before = shown()
    with mock_cognito(code="123456") as other:
        apply(other.world, load_data(document))
        after = shown()
        second = apply(other.world, load_data(document))
    if not secrets:  # a new secret was made, and TOTP stays behind
        before, after = without_secrets(before), without_secrets(after)
    assert after == before
    assert second.summary["updated"] == second.summary["created"] == 0


def without_secrets(value):
    if isinstance(value, dict):
        gone = {"ClientSecret", "UserMFASettingList", "PreferredMfaSetting"}
        return {key: without_secrets(of) for key, of in value.items() if key not in gone}
    return [without_secrets(of) for of in value] if isinstance(value, list) else value


def test_with_secrets_users_sign_in_with_their_passwords(documents):
    documents.apply(SHOP)
    document = export(documents.world, secrets=True)
    assert "Corr3ct-Horse!" not in json.dumps(document)
    with mock_cognito(code="123456") as other:
        apply(other.world, load_data(document))
        answer = boto3.client("cognito-idp", region_name="us-east-1").initiate_auth(
            ClientId="webwebweb",
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": "Corr3ct-Horse!"},
        )
    assert answer["AuthenticationResult"]["IdToken"]


class TestOverHttp:
    @pytest.fixture
    def get(self, documents):
        documents.apply(SHOP)
        application = Application(documents.world)
        return lambda query="", **headers: ask(
            application, "GET", f"/_cogmock/export{query}", headers=headers
        )

    def test_yaml_by_default_json_by_accept(self, get):
        assert yaml.safe_load(get().body)["pools"][0]["PoolName"] == "shop"
        assert get().headers["content-type"] == "application/yaml; charset=utf-8"
        answer = get(Accept="application/json")
        assert json.loads(answer.body) == yaml.safe_load(get().body)
        assert answer.headers["content-type"] == "application/json"

    def test_no_secrets_unless_asked_for(self, get):
        for word in (b"notasecret", b"verifier", b"totp"):
            assert word not in get().body
            assert word in get("?secrets=true").body

    def test_one_pool(self, get):
        assert get(f"?user_pool_id={POOL}").body
        answer = get("?user_pool_id=us-east-1_nope")
        assert (answer.status, answer.json["error"]) == (400, "ResourceNotFoundException")

    def test_users_as_csv(self, get):
        answer = get("?format=csv")
        lines = answer.body.decode().splitlines()
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert lines[0].endswith("cognito:mfa_enabled,cognito:username")
        assert any("ada@example.com" in line and line.endswith("false,ada") for line in lines)

    def test_an_unknown_format(self, get):
        answer = get("?format=xml")
        assert (answer.status, answer.json["message"]) == (
            400,
            "'format' must be one of config, csv, not 'xml'.",
        )

    def test_an_empty_server_is_an_empty_document(self):
        answer = ask(Application(World()), "GET", "/_cogmock/export")
        assert load_text(answer.body.decode()).pools == []
