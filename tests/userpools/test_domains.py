"""Domains of user pools: names, creation, and errors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.pool_env import connect, refused

NO_PARENT = (
    "Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or "
    "domain parent is a top-level domain."
)
CERTIFICATE = {
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
}
TAKEN = "Domain already associated with another user pool."


@pytest.fixture
def pool_id(idp):
    return pool_of(idp)


def pool_of(idp, **settings):
    return idp.create_user_pool(PoolName="shop", **settings)["UserPool"]["Id"]


def made(idp, pool_id, name="shop", **more):
    answer = idp.create_user_pool_domain(UserPoolId=pool_id, Domain=name, **more)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def described(idp, name="shop"):
    return idp.describe_user_pool_domain(Domain=name)["DomainDescription"]


def pool(idp, pool_id):
    return idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]


def _moment(version):
    return datetime.strptime(version, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()


class TestCreateUserPoolDomain:
    def test_a_prefix_is_answered_with_nothing(self, idp, pool_id):
        assert made(idp, pool_id) == {}
        assert pool(idp, pool_id)["Domain"] == "shop"

    def test_the_version_is_answered_where_it_was_given(self, idp, pool_id):
        assert made(idp, pool_id, ManagedLoginVersion=2) == {"ManagedLoginVersion": 2}

    def test_a_custom_domain_is_answered_with_the_host_to_point_to(self, idp, pool_id):
        host = made(idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE)["CloudFrontDomain"]
        assert host.endswith(".cloudfront.net")
        assert pool(idp, pool_id)["CustomDomain"] == "auth.example.com"
        assert "Domain" not in pool(idp, pool_id)

    def test_a_pool_may_have_one_of_each(self, idp, pool_id):
        made(idp, pool_id)
        made(idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE)
        found = pool(idp, pool_id)
        assert (found["Domain"], found["CustomDomain"]) == ("shop", "auth.example.com")

    def test_refuses_a_second_prefix(self, idp, pool_id):
        made(idp, pool_id)
        with refused("InvalidParameterException", "User pool already has a domain configured."):
            made(idp, pool_id, "other")

    def test_refuses_what_another_pool_has(self, idp, pool_id):
        made(idp, pool_id)
        with refused("InvalidParameterException", TAKEN):
            made(idp, pool_of(idp))

    def test_a_prefix_is_free_in_other_regions_but_a_custom_domain_is_not(self, idp, pool_id):
        made(idp, pool_id)
        made(idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE)
        far = connect("eu-west-1")
        there = pool_of(far)
        assert made(far, there) == {}
        with refused("InvalidParameterException", TAKEN):
            made(far, there, "auth.example.com", CustomDomainConfig=CERTIFICATE)

    @pytest.mark.parametrize("word", ["aws", "amazon", "cognito"])
    def test_refuses_reserved_words(self, idp, pool_id, word):
        with refused("InvalidParameterException", f"Domain cannot contain reserved word: {word}"):
            made(idp, pool_id, f"my-{word}-shop")

    @pytest.mark.parametrize("name", ["-shop", "shop-", "Shop", "shop_1", "a.b", "x" * 64])
    def test_refuses_names_that_no_prefix_can_be(self, idp, pool_id, name):
        with refused("InvalidParameterException"):
            made(idp, pool_id, name)

    def test_refuses_a_custom_domain_without_a_parent(self, idp, pool_id):
        with refused("InvalidParameterException", NO_PARENT):
            made(idp, pool_id, "example", CustomDomainConfig=CERTIFICATE)

    def test_lite_has_no_managed_login(self, idp):
        with refused("FeatureUnavailableInTierException"):
            made(idp, pool_of(idp, UserPoolTier="LITE"), ManagedLoginVersion=2)

    def test_refuses_another_version(self, idp, pool_id):
        with refused("InvalidParameterException"):
            made(idp, pool_id, ManagedLoginVersion=3)

    def test_failover_is_for_custom_domains(self, idp, pool_id):
        routing = {"Failover": {"SecondaryRegion": "eu-west-1", "PrimaryRoute53HealthCheckId": "a" * 36}}
        with refused("InvalidParameterException"):
            made(idp, pool_id, Routing=routing)

    def test_a_custom_domain_fails_over_to_an_active_replica_only(self, idp, pool_id):
        routing = {"Failover": {"SecondaryRegion": "eu-west-1", "PrimaryRoute53HealthCheckId": "a" * 36}}
        with refused("InvalidParameterException", "Region eu-west-1 is not active for the user pool"):
            made(
                idp,
                pool_id,
                "auth.example.com",
                CustomDomainConfig=CERTIFICATE,
                Routing=routing,
                ManagedLoginVersion=2,
            )

    def test_the_classic_hosted_ui_has_no_routing(self, idp, pool_id):
        routing = {"Failover": {"SecondaryRegion": "eu-west-1", "PrimaryRoute53HealthCheckId": "a" * 36}}
        text = "Routing field is not supported for Hosted UI (classic)"
        for more in ({}, {"ManagedLoginVersion": 1}):
            with refused("InvalidParameterException", text):
                made(
                    idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE, Routing=routing, **more
                )
        made(idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE)
        with refused("InvalidParameterException", text):
            idp.update_user_pool_domain(
                UserPoolId=pool_id,
                Domain="auth.example.com",
                CustomDomainConfig=CERTIFICATE,
                Routing=routing,
            )

    @pytest.mark.parametrize(
        "arn",
        [
            CERTIFICATE["CertificateArn"].replace("us-east-1", "eu-west-1"),
            CERTIFICATE["CertificateArn"].replace(":acm:", ":iam:"),
            "arn:aws:iam::123456789012:server-certificate/shop",
        ],
    )
    def test_a_certificate_is_of_acm_in_us_east_1(self, idp, pool_id, arn):
        text = (
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, "
            "or doesn't include a valid certificate chain."
        )
        config = {"CertificateArn": arn}
        with refused("InvalidParameterException", text):
            made(idp, pool_id, "auth.example.com", CustomDomainConfig=config)
        made(idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE)
        with refused("InvalidParameterException", text):
            idp.update_user_pool_domain(
                UserPoolId=pool_id, Domain="auth.example.com", CustomDomainConfig=config
            )
        assert described(idp, "auth.example.com")["CustomDomainConfig"] == CERTIFICATE

    @pytest.mark.parametrize("policy", ["TLS_V1", "TLS_V1_2_2021", "TLS_V1_3_2025"])
    def test_a_custom_domain_has_one_of_three_policies(self, idp, pool_id, policy):
        made(idp, pool_id, "auth.example.com", CustomDomainConfig={**CERTIFICATE, "SecurityPolicy": policy})
        with refused("InvalidParameterException"):
            made(
                idp,
                pool_of(idp),
                "b.example.com",
                CustomDomainConfig={**CERTIFICATE, "SecurityPolicy": "TLS_V2"},
            )

    @pytest.mark.parametrize("name", ["a", "x" * 63, "a-b-1"])
    def test_a_prefix_has_up_to_63_characters(self, idp, pool_id, name):
        assert made(idp, pool_id, name) == {}

    def test_refuses_a_pool_that_is_not_there(self, idp):
        with refused("ResourceNotFoundException"):
            made(idp, "us-east-1_nowhere00")


class TestDescribeUserPoolDomain:
    def test_tells_all_of_it(self, idp, pool_id):
        made(idp, pool_id)
        found = described(idp)
        assert found.pop("CloudFrontDistribution").endswith(".cloudfront.net")
        version = found.pop("Version")
        assert len(version) == 14
        assert version.isdigit()
        assert found == {
            "UserPoolId": pool_id,
            "AWSAccountId": "123456789012",
            "Domain": "shop",
            "S3Bucket": "aws-cognito-prod-iad-assets",
            "Status": "ACTIVE",
            "CustomDomainConfig": {},
            "ManagedLoginVersion": 1,
        }

    @pytest.mark.parametrize(
        ("region", "airport"), [("us-west-2", "pdx"), ("eu-west-1", "dub"), ("ap-southeast-2", "syd")]
    )
    def test_the_bucket_bears_the_airport_of_the_region(self, cognito, region, airport):
        idp = connect(region)
        made(idp, pool_of(idp))
        assert described(idp)["S3Bucket"] == f"aws-cognito-prod-{airport}-assets"

    @pytest.mark.usefixtures("still")
    def test_the_version_is_the_time_of_the_last_change(self, cognito, idp, pool_id):
        made(idp, pool_id)
        first = described(idp)["Version"]
        cognito.clock.advance(90)
        assert described(idp)["Version"] == first
        idp.update_user_pool_domain(UserPoolId=pool_id, Domain="shop", ManagedLoginVersion=2)
        assert _moment(described(idp)["Version"]) - _moment(first) == 90

    def test_a_custom_domain_shows_its_certificate(self, idp, pool_id):
        config = CERTIFICATE | {"SecurityPolicy": "TLS_V1_2_2021"}
        made(idp, pool_id, "auth.example.com", CustomDomainConfig=config)
        assert described(idp, "auth.example.com")["CustomDomainConfig"] == config

    def test_one_that_is_not_there_is_empty(self, idp):
        assert described(idp, "nowhere") == {}


class TestUpdateUserPoolDomain:
    def test_changes_the_version_and_answers_it(self, idp, pool_id):
        made(idp, pool_id)
        answer = idp.update_user_pool_domain(UserPoolId=pool_id, Domain="shop", ManagedLoginVersion=2)
        assert answer["ManagedLoginVersion"] == 2
        assert described(idp)["ManagedLoginVersion"] == 2

    def test_changes_the_certificate_of_a_custom_domain(self, idp, pool_id):
        made(idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE)
        other = {"CertificateArn": CERTIFICATE["CertificateArn"].replace("1111", "9999")}
        answer = idp.update_user_pool_domain(
            UserPoolId=pool_id, Domain="auth.example.com", CustomDomainConfig=other
        )
        assert answer["CloudFrontDomain"].endswith(".cloudfront.net")
        assert described(idp, "auth.example.com")["CustomDomainConfig"] == other

    def test_what_is_not_given_stays(self, idp, pool_id):
        made(idp, pool_id, ManagedLoginVersion=2)
        idp.update_user_pool_domain(UserPoolId=pool_id, Domain="shop")
        assert described(idp)["ManagedLoginVersion"] == 2

    def test_a_prefix_becomes_no_custom_domain_and_a_custom_domain_no_prefix(self, idp, pool_id):
        made(idp, pool_id)
        with refused("InvalidParameterException", "Cannot convert prefix domain to custom domain."):
            idp.update_user_pool_domain(UserPoolId=pool_id, Domain="shop", CustomDomainConfig=CERTIFICATE)
        made(idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE)
        with refused("InvalidParameterException", "Cannot convert custom domain to prefix domain."):
            idp.update_user_pool_domain(UserPoolId=pool_id, Domain="auth.example.com")

    def test_refuses_one_that_is_not_there_and_one_of_another_pool(self, idp, pool_id):
        with refused("ResourceNotFoundException", "User pool domain was not found."):
            idp.update_user_pool_domain(UserPoolId=pool_id, Domain="shop")
        made(idp, pool_of(idp))
        with refused("InvalidParameterException", "The domain is not configured for this user pool."):
            idp.update_user_pool_domain(UserPoolId=pool_id, Domain="shop")


class TestDeleteUserPoolDomain:
    def test_the_name_is_free_again(self, idp, pool_id):
        made(idp, pool_id)
        idp.delete_user_pool_domain(UserPoolId=pool_id, Domain="shop")
        assert described(idp) == {}
        assert "Domain" not in pool(idp, pool_id)
        assert made(idp, pool_of(idp)) == {}

    def test_of_two_domains_the_other_stays(self, idp, pool_id):
        made(idp, pool_id)
        made(idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE)
        idp.delete_user_pool_domain(UserPoolId=pool_id, Domain="auth.example.com")
        assert "CustomDomain" not in pool(idp, pool_id)
        assert pool(idp, pool_id)["Domain"] == "shop"

    def test_refuses_one_that_is_not_there_and_one_of_another_pool(self, idp, pool_id):
        with refused("ResourceNotFoundException"):
            idp.delete_user_pool_domain(UserPoolId=pool_id, Domain="shop")
        made(idp, pool_of(idp))
        with refused("InvalidParameterException"):
            idp.delete_user_pool_domain(UserPoolId=pool_id, Domain="shop")

    def test_a_pool_is_not_deleted_while_it_has_one(self, idp, pool_id):
        made(idp, pool_id)
        with refused(
            "InvalidParameterException",
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        ):
            idp.delete_user_pool(UserPoolId=pool_id)
        idp.delete_user_pool_domain(UserPoolId=pool_id, Domain="shop")
        idp.delete_user_pool(UserPoolId=pool_id)

    def test_an_update_of_the_pool_keeps_both(self, idp, pool_id):
        made(idp, pool_id)
        made(idp, pool_id, "auth.example.com", CustomDomainConfig=CERTIFICATE)
        idp.update_user_pool(UserPoolId=pool_id)
        assert pool(idp, pool_id)["Domain"] == "shop"
        assert pool(idp, pool_id)["CustomDomain"] == "auth.example.com"
