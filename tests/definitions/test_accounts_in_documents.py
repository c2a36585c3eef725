"""What belongs to an account as a whole, and clients and scopes of dynamic client registration, in documents."""

from __future__ import annotations

import boto3
import pytest
from support.another_server import another_server
from support.shop_document import POOL

from cogmock.definitions import pulling
from cogmock.definitions.applying.document import apply
from cogmock.definitions.exporting.document import export
from cogmock.definitions.load import load_data

ID = "0b6c5c0e-0000-4000-8000-000000000001"
ACCOUNT = f"""
limits: {{us-east-1: {{UserAuthentication: 240}}, eu-west-1: {{UserRead: 121}}}}
outbound_federation: {{id: {ID}}}
personas: [{{name: Ada, email: ada@example.com, sub: s, claims: {{a: [b]}}}}]
"""
REFUSED = "pools: [{PoolName: x, MfaConfiguration: 'ON'}]"


def limit(category="UserAuthentication", region="us-east-1"):
    definition = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}}
    idp = boto3.client("cognito-idp", region_name=region)
    return idp.get_provisioned_limit(LimitDefinition=definition)["Limit"]["ProvisionedLimitValue"]


def issuer(documents):
    return documents.iam.get_outbound_web_identity_federation_info()["IssuerIdentifier"]


class TestAccount:
    def test_it_is_set_and_comes_again(self, documents):
        documents.apply(ACCOUNT)
        before = (limit(), limit("UserRead", "eu-west-1"), issuer(documents))
        assert before[:2] == (240, 121)
        assert ID in before[2]
        document = export(documents.world)
        with another_server() as other:
            apply(other.world, load_data(document))
            assert (limit(), limit("UserRead", "eu-west-1"), issuer(documents)) == before
            assert other.world.stand_ins.personas == documents.world.stand_ins.personas
            assert apply(other.world, load_data(document)).summary["updated"] == 0

    def test_it_is_taken_back_with_a_refused_document(self, documents):
        documents.apply(ACCOUNT)
        changed = ACCOUNT.replace("240", "180").replace(f"id: {ID}", "enabled: false")
        assert documents.faults(changed + REFUSED)
        documents.apply(changed, dry_run=True)
        assert (limit(), ID in issuer(documents)) == (240, True)
        told = {one.kind: one.fields for one in documents.apply(changed).changes if one.change == "updated"}
        assert told == {"limit": ["UserAuthentication"], "outbound_federation": ["enabled"]}
        assert export(documents.world)["outbound_federation"] == {"id": ID, "enabled": False}

    @pytest.mark.parametrize(
        ("text", "path", "message"),
        [
            (
                "limits: {us-east-1: {UserAuth: 240}}",
                "limits.us-east-1.UserAuth",
                "unknown category 'UserAuth'; did you mean",
            ),
            (
                "limits: {us-east-1: {UserRead: many}}",
                "limits.us-east-1.UserRead",
                "a limit is a whole number of requests a second",
            ),
            (
                "limits: {us-east-1: {UserRead: 1}}",
                "limits.us-east-1.UserRead",
                "The limit of UserRead can not be lower than its default, 120.",
            ),
            ("limits: {mars: {}}", "limits.mars", "mars is not a Region"),
            ("limits: [a]", "limits", "must be a mapping of Regions to limits, not a list"),
            (
                "limits: {us-east-1: [a]}",
                "limits.us-east-1",
                "must be a mapping of categories to numbers, not a list",
            ),
            ("outbound_federation: {id: x}", "outbound_federation.id", "an id is a UUID in lower case"),
            (
                "outbound_federation: {enable: true}",
                "outbound_federation.enable",
                "unknown key 'enable'; did you mean 'enabled'?",
            ),
        ],
    )
    def test_faults(self, documents, text, path, message):
        [(place, _, told)] = documents.faults(text)
        assert place == path
        assert told.startswith(message)

    def test_another_issuer_of_an_account_is_a_fault(self, documents):
        documents.apply(ACCOUNT)
        [(path, _, message)] = documents.faults(ACCOUNT.replace("000000000001", "000000000002"))
        assert (path, message) == (
            "outbound_federation.id",
            f"the account has the issuer {ID}, which cannot be changed",
        )


REGISTERING = f"""
pools:
  - id: {POOL}
    PoolName: shop
    DcrConfiguration: {{EnableStatus: Enabled}}
    resource_servers: []
    clients: [{{id: agentagent, ClientName: agent, type: DCR}}]
"""


class TestRegistration:
    def test_the_scope_that_aws_manages_is_no_part_of_an_export(self, documents):
        documents.apply(REGISTERING)
        [pool] = export(documents.world)["pools"]
        assert "resource_servers" not in pool
        pulled = pulling.pull(documents.idp, POOL).document
        assert "resource_servers" not in pulled["pools"][0]
        for document in (export(documents.world), pulled):
            with another_server() as other:
                apply(other.world, load_data(document))
                assert apply(other.world, load_data(document)).summary["updated"] == 0
                listed = documents.idp.list_resource_servers(UserPoolId=POOL)["ResourceServers"]
                assert [one["Identifier"] for one in listed] == ["aws.cognito/dcr"]
                about = {"UserPoolId": POOL, "ClientId": "agentagent"}
                client = documents.idp.describe_user_pool_client(**about)["UserPoolClient"]
                assert client["ClientType"] == "DCR"

    def test_it_stays_when_the_lists_of_a_document_are_pruned(self, documents):
        documents.apply(REGISTERING)
        documents.apply(REGISTERING, prune=True)
        assert len(documents.idp.list_resource_servers(UserPoolId=POOL)["ResourceServers"]) == 1

    def test_a_type_that_there_is_not(self, documents):
        [(path, _, message)] = documents.faults(REGISTERING.replace("DCR}", "DCRR}"))
        assert (path, message) == ("pools[0].clients[0].type", "unknown type 'DCRR'; did you mean 'DCR'?")
