"""An export is a document: applied to an empty server it gives the same again."""

from __future__ import annotations

import json

import boto3
import pytest
import yaml
from support.another_server import another_server
from support.http import ask
from support.shop_document import EVERYTHING, FEDERATED, POOL, SHOP, WATCHED
from support.shown_state import shown, without_secrets

from cogmock.core.world import World
from cogmock.definitions.applying.document import apply
from cogmock.definitions.exporting.document import export
from cogmock.definitions.load import load_data, load_text
from cogmock.web.app import Application


def test_threat_protection_and_logs_come_again(documents):
    documents.apply(WATCHED)
    assert set(documents.apply(WATCHED).summary.items()) >= {("updated", 0), ("created", 0)}
    before, document = shown(), export(documents.world)
    with another_server() as other:
        apply(other.world, load_data(document))
        assert shown() == before


def test_threat_protection_and_logs_are_taken_back_with_a_refused_document(documents):
    documents.apply(WATCHED)
    before = shown()
    changed = WATCHED.replace("BLOCK", "NO_ACTION").replace("log-group:shop", "log-group:other")
    assert documents.faults(changed + "  - {PoolName: x, MfaConfiguration: 'ON'}\n")
    assert shown() == before


@pytest.mark.parametrize("secrets", [True, False])
def test_domains_policies_and_factors_come_again(documents, secrets):
    documents.apply(EVERYTHING)
    before, document = shown(), export(documents.world, secrets=secrets)
    stated = document["pools"][0]
    assert {"cimd_policies", "domain"} <= stated.keys()
    assert all("mfa" in user for user in stated["users"] if user["Username"] != "eve")
    with another_server() as other:
        apply(other.world, load_data(document))
        after, second = shown(), apply(other.world, load_data(document))
    if not secrets:
        before, after = without_secrets(before), without_secrets(after)
    assert after == before
    assert second.summary["updated"] == second.summary["created"] == 0


def test_a_published_secret_comes_again_and_is_rotated(documents):
    documents.apply(EVERYTHING)
    document = export(documents.world, secrets=True)
    with another_server() as other:
        apply(other.world, load_data(document))
        client = other.world.region("us-east-1").clients["jobsjobs"]
        assert [secret.value for secret in client.secrets] == ["notasecret0123456789abcdef"]
        other.clock.advance(days=7)
        described = boto3.client("cognito-idp", region_name="us-east-1").list_user_pool_client_secrets(
            UserPoolId=POOL, ClientId="jobsjobs"
        )
        assert len(described["ClientSecrets"]) == 2


@pytest.mark.parametrize("secrets", [True, False])
def test_a_round_trip_gives_the_same_again(documents, secrets):
    documents.apply(SHOP)
    documents.idp.set_ui_customization(UserPoolId=POOL, CSS=".banner-customizable {background: red;}")
    document = export(documents.world, secrets=secrets)
    before = shown()
    with another_server() as other:
        apply(other.world, load_data(document))
        after = shown()
        second = apply(other.world, load_data(document))
    if not secrets:  # a new secret was made, and TOTP stays behind
        before, after = without_secrets(before), without_secrets(after)
    assert after == before
    assert second.summary["updated"] == second.summary["created"] == 0


def test_with_secrets_users_sign_in_with_their_passwords(documents):
    documents.apply(SHOP)
    document = export(documents.world, secrets=True)
    assert "Corr3ct-Horse!" not in json.dumps(document)
    with another_server() as other:
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
            "'format' must be one of config, csv, cfn, terraform, not 'xml'.",
        )

    def test_an_empty_server_is_an_empty_document(self):
        answer = ask(Application(World()), "GET", "/_cogmock/export")
        assert load_text(answer.body.decode()).pools == []


class TestFederatedUsers:
    @pytest.fixture
    def documents(self, documents):
        documents.apply(FEDERATED)
        documents.idp.admin_link_provider_for_user(
            UserPoolId=POOL,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "grace@example.com"},
            SourceUser={
                "ProviderName": "Corp",
                "ProviderAttributeName": "email",
                "ProviderAttributeValue": "g@x.com",
            },
        )
        return documents

    def test_they_and_their_links_come_again(self, documents):
        before, links = shown(), documents.world.find_pool(POOL)[1].links
        document = export(documents.world, secrets=True)
        with another_server() as other:
            apply(other.world, load_data(document))
            assert shown() == before
            assert other.world.find_pool(POOL)[1].links == links
            assert apply(other.world, load_data(document)).summary["updated"] == 0

    def test_a_federated_user_is_one(self, documents):
        user = documents.user("Google_107")
        assert user["UserStatus"] == "EXTERNAL_PROVIDER"
        [identity] = json.loads(user["attributes"]["identities"])
        assert (identity["userId"], identity["dateCreated"]) == ("107", 1700000000000)

    def test_an_identity_has_one_user(self, documents):
        text = FEDERATED.replace("Google_107", "Google_other").replace("000000000001", "000000000002")
        [(path, _, message)] = documents.faults(text)
        assert path == "pools[0].users[0].identities"
        assert message == "the identity 107 of Google is another user's"

    def test_a_refused_document_leaves_links_as_they_were(self, documents):
        links = dict(documents.world.find_pool(POOL)[1].links)
        changed = FEDERATED.replace('"107"', '"108"') + "  - {PoolName: x, MfaConfiguration: 'ON'}\n"
        assert documents.faults(changed)
        assert documents.world.find_pool(POOL)[1].links == links

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ("{userId: '1'}", "this key is required"),
            ("{userId: '1', providerName: Nope}", "the pool has no identity provider Nope"),
            ("{userId: '1', providerName: Google, dateCreated: x}", "must be a number of milliseconds"),
            ("{userID: '1', providerName: Google}", "unknown key 'userID'; did you mean 'userId'?"),
        ],
    )
    def test_faults(self, documents, given, message):
        text = (
            FEDERATED.split("    users:")[0] + f"    users: [{{Username: a@b.co, identities: [{given}]}}]\n"
        )
        assert message in [fault[2] for fault in documents.faults(text)]


def test_what_clients_have_by_default_is_not_repeated(documents):
    documents.apply(
        "pools: [{id: us-east-1_Shop, PoolName: shop, clients: [{id: webwebweb, ClientName: web}]}]"
    )
    [pool] = export(documents.world)["pools"]
    assert pool["clients"] == [{"id": "webwebweb", "ClientName": "web"}]
