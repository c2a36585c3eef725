"""Tags, where logs go, and limits."""

from __future__ import annotations

import pytest
from support.pool_env import connect, refused

GROUP = {"LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:env"}
STREAM = {"StreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/env"}
BUCKET = {"BucketArn": "arn:aws:s3:::env"}
NOTICES = {"LogLevel": "ERROR", "EventSource": "userNotification", "CloudWatchLogsConfiguration": GROUP}


@pytest.fixture
def pool(idp):
    return idp.create_user_pool(PoolName="shop", UserPoolTags={"team": "blue"})["UserPool"]


def tags_of(idp, pool):
    return idp.list_tags_for_resource(ResourceArn=pool["Arn"])["Tags"]


def elsewhere(pool):
    return [
        pool["Arn"].replace("us-east-1:", "eu-west-1:"),
        pool["Arn"].replace("123456789012", "210987654321"),
        pool["Arn"] + "x",
    ]


class TestTagResource:
    def test_merges_into_the_tags_of_the_pool(self, idp, pool):
        idp.tag_resource(ResourceArn=pool["Arn"], Tags={"team": "red", "stage": "test"})
        assert tags_of(idp, pool) == {"team": "red", "stage": "test"}
        after = idp.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
        assert after["UserPoolTags"] == {"team": "red", "stage": "test"}

    def test_keys_differ_by_case(self, idp, pool):
        idp.tag_resource(ResourceArn=pool["Arn"], Tags={"Team": "red"})
        assert tags_of(idp, pool) == {"team": "blue", "Team": "red"}

    def test_takes_what_tags_can_be_made_of(self, idp, pool):
        tags = {"a b_c.d:e/f=g+h-i@j": "", "länge": "1 2"}
        idp.tag_resource(ResourceArn=pool["Arn"], Tags=tags)
        assert tags_of(idp, pool) == {"team": "blue", **tags}

    @pytest.mark.parametrize(
        "tags", [{"aws:x": "y"}, {"a*": "y"}, {"a": "y?"}, {"x" * 129: "y"}, {"a": "y" * 257}]
    )
    def test_refuses_what_tags_can_not_be_made_of(self, idp, pool, tags):
        with refused("InvalidParameterException"):
            idp.tag_resource(ResourceArn=pool["Arn"], Tags=tags)
        assert tags_of(idp, pool) == {"team": "blue"}

    def test_a_pool_has_at_most_50(self, idp, pool):
        idp.tag_resource(ResourceArn=pool["Arn"], Tags={f"key{n}": "x" for n in range(49)})
        with refused("InvalidParameterException"):
            idp.tag_resource(ResourceArn=pool["Arn"], Tags={"one-more": "x"})
        idp.tag_resource(ResourceArn=pool["Arn"], Tags={"team": "green"})

    def test_refuses_pools_that_are_not_here(self, idp, pool):
        for arn in elsewhere(pool):
            with refused("ResourceNotFoundException"):
                idp.tag_resource(ResourceArn=arn, Tags={"a": "b"})

    @pytest.mark.parametrize(
        "arn",
        [
            "arn:aws:cognito-idp:us-east-1:123456789012:userpool",
            "arn:aws:cognito-idp:us-east-1:123456789012:other/us-east-1_Abc",
            "arn:aws:cognito-identity:us-east-1:123456789012:identitypool/x",
            "nothing like an ARN at all",
        ],
    )
    def test_refuses_what_is_no_arn_of_a_pool(self, idp, arn):
        with refused("InvalidParameterException"):
            idp.tag_resource(ResourceArn=arn, Tags={"a": "b"})


class TestUntagResource:
    def test_ignores_keys_that_are_not_there(self, idp, pool):
        idp.untag_resource(ResourceArn=pool["Arn"], TagKeys=["team", "nothing"])
        assert tags_of(idp, pool) == {}

    def test_refuses_pools_that_are_not_here(self, idp, pool):
        for arn in elsewhere(pool):
            with refused("ResourceNotFoundException"):
                idp.untag_resource(ResourceArn=arn, TagKeys=["a"])


class TestListTagsForResource:
    def test_shows_the_tags_of_the_pool(self, idp, pool):
        assert tags_of(idp, pool) == {"team": "blue"}

    def test_a_pool_without_tags_has_an_empty_map(self, idp):
        assert tags_of(idp, idp.create_user_pool(PoolName="bare")["UserPool"]) == {}

    def test_refuses_pools_that_are_not_here(self, idp, pool):
        for arn in elsewhere(pool):
            with refused("ResourceNotFoundException"):
                idp.list_tags_for_resource(ResourceArn=arn)


def delivery(idp, pool):
    answer = idp.get_log_delivery_configuration(UserPoolId=pool["Id"])
    return answer["LogDeliveryConfiguration"]


def deliver(idp, pool, *configurations):
    answer = idp.set_log_delivery_configuration(UserPoolId=pool["Id"], LogConfigurations=list(configurations))
    return answer["LogDeliveryConfiguration"]


class TestGetLogDeliveryConfiguration:
    def test_a_fresh_pool_delivers_nothing(self, idp, pool):
        assert delivery(idp, pool) == {"UserPoolId": pool["Id"], "LogConfigurations": []}

    def test_refuses_a_pool_that_is_not_there(self, idp):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            idp.get_log_delivery_configuration(UserPoolId="us-east-1_Nowhere")


class TestSetLogDeliveryConfiguration:
    def test_replaces_the_list(self, idp, pool):
        assert deliver(idp, pool, NOTICES) == {"UserPoolId": pool["Id"], "LogConfigurations": [NOTICES]}
        assert delivery(idp, pool)["LogConfigurations"] == [NOTICES]
        assert deliver(idp, pool)["LogConfigurations"] == []

    def test_an_update_of_the_pool_leaves_it(self, idp, pool):
        deliver(idp, pool, NOTICES)
        idp.update_user_pool(UserPoolId=pool["Id"])
        assert delivery(idp, pool)["LogConfigurations"] == [NOTICES]

    @pytest.mark.parametrize(
        "place",
        [
            {"CloudWatchLogsConfiguration": GROUP},
            {"FirehoseConfiguration": STREAM},
            {"S3Configuration": BUCKET},
        ],
    )
    def test_events_of_users_need_plus_and_go_anywhere(self, idp, place):
        events = {"LogLevel": "INFO", "EventSource": "userAuthEvents", **place}
        plus = idp.create_user_pool(PoolName="plus", UserPoolTier="PLUS")["UserPool"]
        assert deliver(idp, plus, events, NOTICES)["LogConfigurations"] == [events, NOTICES]
        bare = idp.create_user_pool(PoolName="bare")["UserPool"]
        with refused("FeatureUnavailableInTierException"):
            deliver(idp, bare, events)

    @pytest.mark.parametrize(
        "change",
        [
            {"LogLevel": "INFO"},
            {"CloudWatchLogsConfiguration": {}, "S3Configuration": BUCKET},
            {"FirehoseConfiguration": STREAM},
        ],
    )
    def test_notices_are_errors_and_go_to_cloudwatch_alone(self, idp, pool, change):
        with refused("InvalidParameterException"):
            deliver(idp, pool, NOTICES | change)

    def test_both_complaints_stand_in_one_text(self, idp, pool):
        homeless = {"LogLevel": "ERROR", "EventSource": "userNotification"}
        with refused(
            "InvalidParameterException",
            "Request validation Failed. Following event sources in request have no destination: "
            "[userNotification]. Following event sources appear more then once in a request: [userNotification].",
        ):
            deliver(idp, pool, homeless, homeless)
        with refused(
            "InvalidParameterException",
            "Request validation Failed. Following event sources appear more then once in a request: [userNotification].",
        ):
            deliver(idp, pool, NOTICES, NOTICES)

    def test_refuses_more_than_two(self, idp, pool):
        with refused("InvalidParameterException"):
            deliver(idp, pool, NOTICES, NOTICES, NOTICES)


def category(name):
    return {"LimitClass": "API_CATEGORY", "Attributes": {"Category": name}}


class TestGetProvisionedLimit:
    def test_is_the_free_limit_until_one_is_set(self, idp):
        limit = idp.get_provisioned_limit(LimitDefinition=category("UserAuthentication"))["Limit"]
        assert limit == {
            "LimitDefinition": category("UserAuthentication"),
            "ProvisionedLimitValue": 120,
            "FreeLimitValue": 120,
        }

    @pytest.mark.parametrize("attributes", [{"Category": "Nothing"}, {}])
    def test_refuses_a_category_that_is_not_there(self, idp, attributes):
        with refused("InvalidParameterException"):
            idp.get_provisioned_limit(
                LimitDefinition={"LimitClass": "API_CATEGORY", "Attributes": attributes}
            )


class TestUpdateProvisionedLimit:
    def test_is_kept_for_this_region(self, idp):
        answer = idp.update_provisioned_limit(
            LimitDefinition=category("UserCreation"), RequestedLimitValue=80
        )
        assert answer["Limit"]["ProvisionedLimitValue"] == 80
        kept = idp.get_provisioned_limit(LimitDefinition=category("UserCreation"))["Limit"]
        assert kept == answer["Limit"]
        other = connect("eu-west-1").get_provisioned_limit(LimitDefinition=category("UserCreation"))
        assert other["Limit"]["ProvisionedLimitValue"] == 50

    def test_refuses_less_than_what_is_free(self, idp):
        with refused("InvalidParameterException"):
            idp.update_provisioned_limit(LimitDefinition=category("UserCreation"), RequestedLimitValue=49)

    def test_refuses_more_than_the_account_can_have(self, idp):
        with refused("ServiceQuotaExceededException"):
            idp.update_provisioned_limit(LimitDefinition=category("UserCreation"), RequestedLimitValue=501)
