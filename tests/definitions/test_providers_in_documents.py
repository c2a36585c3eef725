"""Identity providers in a definitions document: applied, left alone the second time, and exported."""

from __future__ import annotations

import json

import pytest

from cogmock.definitions.applying import pool_parts
from cogmock.definitions.exporting.document import export

DOCUMENT = {
    "pools": [
        {
            "id": "us-east-1_Shop",
            "PoolName": "shop",
            "identity_providers": [
                {
                    "ProviderName": "Google",
                    "ProviderType": "Google",
                    "ProviderDetails": {"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"},
                    "AttributeMapping": {"email": "email"},
                },
                {
                    "ProviderName": "SignInWithApple",
                    "ProviderType": "SignInWithApple",
                    "ProviderDetails": {
                        "client_id": "a",
                        "team_id": "b",
                        "key_id": "c",
                        "private_key": "d",
                        "authorize_scopes": "email",
                    },
                },
                {
                    "ProviderName": "Corp",
                    "ProviderType": "OIDC",
                    "IdpIdentifiers": ["corp.example"],
                    "ProviderDetails": {
                        "client_id": "a",
                        "client_secret": "b",
                        "authorize_scopes": "openid",
                        "oidc_issuer": "http://localhost:4577/_cogmock/idp/oidc/corp",
                    },
                },
            ],
            "clients": [
                {"ClientName": "web", "SupportedIdentityProviders": ["COGNITO", "Google", "Corp"]},
            ],
        }
    ]
}


def providers(documents):
    found = {}
    for name in ("Google", "SignInWithApple", "Corp"):
        answer = documents.idp.describe_identity_provider(UserPoolId="us-east-1_Shop", ProviderName=name)
        found[name] = {key: of for key, of in answer["IdentityProvider"].items() if not key.endswith("Date")}
    return found


def test_are_made_before_the_clients_that_list_them(documents):
    documents.apply(json.dumps(DOCUMENT), kind="json")
    assert providers(documents)["Corp"]["ProviderDetails"]["token_url"].endswith("/oidc/corp/token")


def test_are_unchanged_the_second_time(documents):
    documents.apply(json.dumps(DOCUMENT), kind="json")
    report = documents.apply(json.dumps(DOCUMENT), kind="json")
    assert {change.change for change in report.changes} == {"unchanged"}


@pytest.mark.parametrize("secrets", [True, False])
def test_an_export_makes_the_same_again(documents, cognito, secrets):
    documents.apply(json.dumps(DOCUMENT), kind="json")
    before, schema = providers(documents), documents.pool()["SchemaAttributes"]
    exported = export(cognito.world, secrets=secrets)
    if not secrets:
        # Apple's key is a secret, and nothing works without it.
        listed = exported["pools"][0]["identity_providers"]
        exported["pools"][0]["identity_providers"] = [
            of for of in listed if of["ProviderType"] != "SignInWithApple"
        ]
        del before["SignInWithApple"]
    cognito.reset()
    documents.apply(json.dumps(exported), kind="json")
    for name, provider in before.items():
        answer = documents.idp.describe_identity_provider(UserPoolId="us-east-1_Shop", ProviderName=name)
        assert answer["IdentityProvider"]["ProviderDetails"] == provider["ProviderDetails"]
    assert documents.pool()["SchemaAttributes"] == schema


def test_a_saml_stand_in_without_the_extra_says_what_to_install(documents, monkeypatch):
    monkeypatch.setattr(pool_parts, "find_spec", lambda name: None if name == "signxml" else object())
    text = "pools: [{PoolName: x, identity_providers: [{ProviderName: Corp, ProviderType: SAML, pretend: true}]}]"
    [(path, _, message)] = documents.faults(text)
    assert path == "pools[0].identity_providers[0].pretend"
    assert message == "SAML needs the extra packages lxml and signxml: pip install 'cogmock[saml]'"
    assert documents.pools() == []
