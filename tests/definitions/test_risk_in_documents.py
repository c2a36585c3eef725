"""The key `risk` of a pool: its settings of threat protection, and those of single clients."""

from __future__ import annotations

import pytest

from cogmock.definitions.faults import InvalidConfig

DOCUMENT = """
pools:
- id: us-east-1_Shop
  PoolName: shop
  UserPoolTier: PLUS
  UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}
  clients: [{id: web, ClientName: web}, {id: app, ClientName: app}]
  risk:
  - RiskExceptionConfiguration: {BlockedIPRangeList: [192.0.2.0/24]}
  - client: web
    CompromisedCredentialsRiskConfiguration: {Actions: {EventAction: NO_ACTION}}
"""


def described(documents, **client):
    found = documents.idp.describe_risk_configuration(UserPoolId="us-east-1_Shop", **client)
    return found["RiskConfiguration"]


def test_it_is_applied_and_the_second_time_nothing_changes(documents):
    documents.apply(DOCUMENT)
    assert described(documents)["RiskExceptionConfiguration"] == {"BlockedIPRangeList": ["192.0.2.0/24"]}
    own = described(documents, ClientId="web")
    assert own["ClientId"] == "web"
    assert own["CompromisedCredentialsRiskConfiguration"]["Actions"] == {"EventAction": "NO_ACTION"}
    assert "ClientId" not in described(documents, ClientId="app")
    again = documents.apply(DOCUMENT)
    assert {change.change for change in again.changes if change.kind == "risk_configuration"} == {"unchanged"}


def test_what_aws_refuses_is_a_fault_and_changes_nothing(documents):
    documents.apply(DOCUMENT)
    with pytest.raises(InvalidConfig, match="Incorrect CIDR format"):
        documents.apply(DOCUMENT.replace("192.0.2.0/24", "nowhere").replace("NO_ACTION", "BLOCK"))
    own = described(documents, ClientId="web")
    assert own["CompromisedCredentialsRiskConfiguration"]["Actions"] == {"EventAction": "NO_ACTION"}


def test_it_is_exported(documents, cognito):
    documents.apply(DOCUMENT)
    (pool,) = cognito.export()["pools"]
    assert pool["risk"] == [
        {"RiskExceptionConfiguration": {"BlockedIPRangeList": ["192.0.2.0/24"]}},
        {
            "client": "web",
            "CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "NO_ACTION"}},
        },
    ]
    cognito.reset()
    cognito.apply({"pools": [pool]})
    assert described(documents, ClientId="web")["ClientId"] == "web"


def test_as_a_template_it_comes_back(documents, cognito):
    from cogmock.definitions.exporting.cloudformation import template

    documents.apply(DOCUMENT)
    resources = template(cognito.export())["Resources"].values()
    attached = [
        each["Properties"]
        for each in resources
        if each["Type"] == "AWS::Cognito::UserPoolRiskConfigurationAttachment"
    ]
    assert [properties["ClientId"] == "ALL" for properties in attached] == [True, False]
    assert attached[0]["RiskExceptionConfiguration"] == {"BlockedIPRangeList": ["192.0.2.0/24"]}


def test_settings_without_effect_are_not_exported(documents, cognito):
    documents.apply(DOCUMENT)
    documents.idp.update_user_pool(UserPoolId="us-east-1_Shop", UserPoolTier="ESSENTIALS")
    (pool,) = cognito.export()["pools"]
    assert "risk" not in pool
