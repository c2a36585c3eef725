"""A document with a value of a wrong kind, or with the same thing twice, is refused with its faults."""

from __future__ import annotations

from contextlib import suppress

import pytest
import yaml
from support.odd_values import ODD, places, replaced
from support.shop_document import EVERYTHING, FEDERATED, SHOP, WATCHED

from cogmock import mock_cognito
from cogmock.definitions.applying.document import apply
from cogmock.definitions.faults import InvalidConfig
from cogmock.definitions.load import load_data

ACCOUNTS = "accounts: {'210987654321': {pools: [{PoolName: other}]}}"


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_value_of_any_kind_in_any_place_is_applied_or_refused_with_faults(odd):
    with mock_cognito() as cognito:
        for document in map(yaml.safe_load, (SHOP, FEDERATED, WATCHED, EVERYTHING + ACCOUNTS)):
            for path in places(document):
                with suppress(InvalidConfig):  # anything else fails the test
                    apply(cognito.world, load_data(replaced(document, path, odd)))
                cognito.reset()


TWICE = {
    "user": (
        "pools: [{PoolName: a, users: [{Username: ada}, {Username: ada}]}]",
        "pools[0].users[1].Username",
        "the user ada is taken by pools[0].users[0]",
    ),
    "group": (
        "pools: [{PoolName: a, groups: [{GroupName: g}, {GroupName: g}]}]",
        "pools[0].groups[1].GroupName",
        "the group g is taken by pools[0].groups[0]",
    ),
    "client": (
        "pools: [{PoolName: a, clients: [{ClientName: web}, {id: webwebweb, ClientName: web}]}]",
        "pools[0].clients[1].ClientName",
        "the name web is taken by pools[0].clients[0]; to have both, give each an id",
    ),
    "pool": (
        "pools: [{PoolName: a}, {PoolName: a}]",
        "pools[1].PoolName",
        "the name a is taken by pools[0]; to have both, give each an id",
    ),
    "identity pool": (
        "identity_pools: [{IdentityPoolName: a}, {IdentityPoolName: a}]",
        "identity_pools[1].IdentityPoolName",
        "the name a is taken by identity_pools[0]; to have both, give each an id",
    ),
    "role": (
        "roles: [{RoleName: r, AssumeRolePolicyDocument: &t {Version: '2012-10-17', Statement: []}}, "
        "{RoleName: r, AssumeRolePolicyDocument: *t}]",
        "roles[1].RoleName",
        "the role r is taken by roles[0]",
    ),
    "prefix domain": (
        "pools: [{PoolName: a, domain: [one, two]}]",
        "pools[0].domain[1]",
        "a user pool has at most one prefix domain and one custom domain",
    ),
}


@pytest.mark.parametrize(("document", "place", "message"), TWICE.values(), ids=TWICE)
def test_the_second_of_two_is_a_fault(documents, document, place, message):
    assert (place, message) in [(path, told) for path, _, told in documents.faults(document)]


def test_ids_tell_clients_and_pools_of_one_name_apart(documents):
    clients = "clients: [{id: aaaaaaaa, ClientName: web}, {id: bbbbbbbb, ClientName: web}]"
    two = f"pools: [{{id: us-east-1_A, PoolName: a, {clients}}}, {{id: us-east-1_B, PoolName: a}}]"
    assert documents.apply(two).summary["created"] == 4


def test_one_name_in_two_accounts_and_regions(documents):
    pools = "[{PoolName: a}, {PoolName: a, region: eu-west-1}]"
    document = f"pools: {pools}\naccounts: {{'210987654321': {{pools: {pools}}}}}"
    assert documents.apply(document).summary["created"] == 4


def test_a_prefix_domain_beside_a_custom_domain(documents):
    documents.apply("pools: [{id: us-east-1_A, PoolName: a, domain: [shop, auth.example.com]}]")
    pool = documents.idp.describe_user_pool(UserPoolId="us-east-1_A")["UserPool"]
    assert (pool["Domain"], pool["CustomDomain"]) == ("shop", "auth.example.com")


def test_both_domains_as_describe_shows_them(documents):
    documents.apply("pools: [{Id: us-east-1_A, Name: a, Domain: shop, CustomDomain: auth.example.com}]")
    pool = documents.idp.describe_user_pool(UserPoolId="us-east-1_A")["UserPool"]
    assert (pool["Domain"], pool["CustomDomain"]) == ("shop", "auth.example.com")


def test_a_custom_domain_is_applied_again_and_keeps_its_certificate(documents):
    mine = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-0000-4000-8000-000000000000"
    stated = "pools: [{id: us-east-1_A, PoolName: a, branding: {}, domain: %s}]"
    documents.apply(
        stated % f"{{Domain: auth.example.com, CustomDomainConfig: {{CertificateArn: '{mine}'}}}}"
    )
    assert documents.apply(stated % "auth.example.com").summary["updated"] == 0
    domain = documents.idp.describe_user_pool_domain(Domain="auth.example.com")["DomainDescription"]
    assert domain["CustomDomainConfig"]["CertificateArn"] == mine


def test_a_totp_secret_is_taken_back_with_a_refused_document(documents):
    stated = "pools: [{id: us-east-1_A, PoolName: a, users: [{Username: ada, totp: %s}]}]"
    documents.apply(stated % "JBSWY3DPEHPK3PXP")
    before = documents.world.region("us-east-1").user_pools["us-east-1_A"].users["ada"].mfa.secret
    documents.faults(stated % "KRSXG5CTMVRXEZLU}, {Username: bob, groups: [absent]")
    after = documents.world.region("us-east-1").user_pools["us-east-1_A"].users["ada"].mfa.secret
    assert after == before


@pytest.mark.parametrize(
    ("stated", "place", "message"),
    [
        ("mfa: [SMS]", "mfa[0]", "unknown factor 'SMS'; did you mean 'SMS_MFA'?"),
        ("mfa: [SMS_MFA]", "mfa", "SMS_MFA needs attributes.phone_number"),
        ("mfa: [SOFTWARE_TOKEN_MFA]", "mfa", "SOFTWARE_TOKEN_MFA needs totp"),
        ("mfa: SMS_MFA", "mfa", "must be a list, not a text"),
        (
            "mfa: [], preferred_mfa: SMS_MFA",
            "preferred_mfa",
            "the preferred factor is one of those under mfa",
        ),
        (
            "preferred_mfa: SMS_MFA",
            "preferred_mfa",
            "state under the key mfa which second factors are on",
        ),
    ],
)
def test_second_factors_that_cannot_be(documents, stated, place, message):
    document = f"pools: [{{PoolName: a, users: [{{Username: ada, {stated}}}]}}]"
    assert documents.faults(document) == [(f"pools[0].users[0].{place}", 1, message)]


def test_a_user_with_a_preferred_factor_is_asked_for_it(documents):
    documents.apply(
        "pools: [{id: us-east-1_A, PoolName: a, mfa: {MfaConfiguration: OPTIONAL, EmailMfaConfiguration: {Subject: x}}, "
        "EmailConfiguration: {EmailSendingAccount: DEVELOPER, "
        "SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com'}, "
        "clients: [{id: webwebweb, ClientName: web, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, "
        "ALLOW_REFRESH_TOKEN_AUTH]}], users: [{Username: ada, password: Corr3ct-Horse!, "
        "attributes: {email: ada@example.com, email_verified: true}, mfa: [EMAIL_OTP], preferred_mfa: EMAIL_OTP}]}]"
    )
    given = {"USERNAME": "ada", "PASSWORD": "Corr3ct-Horse!"}
    asked = documents.idp.initiate_auth(
        ClientId="webwebweb", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
    )
    assert asked["ChallengeName"] == "EMAIL_OTP"
