"""Point-in-time recovery: its states, its refusals and its quotas."""

from __future__ import annotations

import boto3
import pytest
from support.http import ask
from support.pool_env import connect, refused
from support.recovery_env import DAY, GENERATED, HOUR, START, RecoveryEnv

from cogmock.web.app import Application

QUARTER = 15 * 60
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=testing/20330518/us-east-1/cognito-idp/aws4_request, "
    "SignedHeaders=host, Signature=0"
)
NOBODY = "00000000-0000-4000-8000-000000000000"
KEY = {
    "KeyType": "CUSTOMER_MANAGED_KEY",
    "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
}


@pytest.fixture
def made(cognito):
    """Makes an environment whose pool is an hour old."""

    def made(**pool):
        env = RecoveryEnv(cognito, **pool)
        env.wait(HOUR)
        return env

    return made


@pytest.fixture
def env(made):
    return made()


def account(env, key):
    """A client of another account."""
    return boto3.client("cognito-idp", aws_access_key_id=key, aws_secret_access_key="x")


def set_tier(env, tier):
    env.idp.update_user_pool(UserPoolId=env.pool_id, UserPoolTier=tier)


class TestInitiatePointInTimeRecovery:
    def test_begins_to_generate_a_preview(self, env):
        recovery = env.initiate(QUARTER)
        assert recovery["RestoreStatus"] == "PREVIEW_GENERATING"
        assert recovery["RestoreTimestamp"].timestamp() == START + QUARTER
        assert START + HOUR <= recovery["TriggerTimestamp"].timestamp() < START + HOUR + 60
        assert "RestorePreview" not in recovery

    def test_the_point_is_at_least_fifteen_minutes_ago(self, env):
        with refused("InvalidParameterException"):
            env.initiate(HOUR - QUARTER + 1)
        env.initiate(HOUR - QUARTER)

    def test_refuses_points_before_the_pool_and_in_the_future(self, env):
        with refused("InvalidParameterException"):
            env.initiate(-1)
        with refused("InvalidParameterException"):
            env.initiate(2 * HOUR)

    def test_essentials_reaches_back_one_day(self, env):
        env.wait(DAY)
        with refused("InvalidParameterException"):
            env.initiate(HOUR - 1)
        env.wait(0)
        env.initiate(HOUR + 1)

    def test_plus_reaches_back_fourteen_days(self, made):
        env = made(UserPoolTier="PLUS")
        env.wait(14 * DAY)
        with refused("InvalidParameterException"):
            env.initiate(HOUR - 1)
        env.wait(0)
        env.initiate(HOUR + 1)

    def test_the_plan_must_have_been_in_force_at_the_point(self, env):
        set_tier(env, "PLUS")
        env.wait(2 * DAY)
        with refused("InvalidParameterException"):
            env.initiate(HOUR // 2)
        env.initiate(HOUR + 60)

    def test_a_pool_that_was_lite_has_nothing_to_go_back_to(self, made):
        env = made(UserPoolTier="LITE")
        set_tier(env, "ESSENTIALS")
        env.wait(HOUR)
        with refused("InvalidParameterException"):
            env.initiate(HOUR // 2)
        env.initiate(HOUR + 60)

    def test_one_recovery_at_a_time(self, env):
        first = env.initiate(QUARTER)["RestoreId"]
        with refused("ConcurrentModificationException"):
            env.initiate(QUARTER)
        env.cancel(first)
        env.initiate(QUARTER)

    def test_three_previews_in_a_day(self, env):
        for _ in range(3):
            env.cancel(env.initiate(2 * QUARTER)["RestoreId"])
        with refused("LimitExceededException"):
            env.initiate(2 * QUARTER)
        env.wait(DAY)
        env.initiate(DAY)

    def test_ten_previews_in_thirty_days(self, env):
        for number in range(10):
            env.cancel(env.initiate(env.now - HOUR // 2)["RestoreId"])
            if number % 3 == 2:
                env.wait(DAY + HOUR)
        with refused(
            "LimitExceededException", "There can be at most 10 recovery previews of a user pool in 30 days."
        ):
            env.initiate(env.now - HOUR // 2)
        env.wait(27 * DAY)
        env.initiate(env.now - HOUR // 2)

    def test_one_completed_recovery_in_a_day(self, env):
        env.recovered(QUARTER)
        with refused("LimitExceededException"):
            env.initiate(QUARTER)
        env.wait(DAY)
        env.initiate(env.now - HOUR // 2)

    def test_five_active_recoveries_in_an_account(self, env):
        pools = [env.idp.create_user_pool(PoolName=f"n{number}")["UserPool"]["Id"] for number in range(6)]
        made = env.now
        env.wait(HOUR)
        for pool_id in pools[:5]:
            env.initiate(made + 60, pool_id)
        with refused("LimitExceededException", "There can be at most 5 active recoveries in an account."):
            env.initiate(made + 60, pools[5])

    def test_ten_previews_of_an_account_in_a_day(self, env):
        pools = [env.idp.create_user_pool(PoolName=f"n{number}")["UserPool"]["Id"] for number in range(4)]
        made = env.now
        env.wait(HOUR)
        for number in range(10):
            pool_id = pools[number % 4]
            recovery = env.initiate(made + 60, pool_id)
            env.idp.cancel_point_in_time_recovery(UserPoolId=pool_id, RestoreId=recovery["RestoreId"])
        with refused("LimitExceededException"):
            env.initiate(made + 60)

    def test_all_accounts_are_one_organization(self, env, cognito):
        for number in range(2):
            other = account(env, f"{number}" * 12)
            pools = [other.create_user_pool(PoolName="n")["UserPool"]["Id"] for _ in range(5)]
            made = env.now
            env.wait(HOUR)
            for pool_id in pools:
                other.initiate_point_in_time_recovery(UserPoolId=pool_id, RestoreTimestamp=START + made + 60)
        with refused(
            "LimitExceededException", "There can be at most 10 active recoveries in an organization."
        ):
            env.initiate(QUARTER)

    def test_fifteen_previews_of_an_organization_in_a_day(self, env, cognito):
        for number in range(2):
            other = account(env, f"{number}" * 12)
            pools = [other.create_user_pool(PoolName="n")["UserPool"]["Id"] for _ in range(3)]
            made = env.now
            env.wait(HOUR)
            for turn in range(8 - number):
                named = {"UserPoolId": pools[turn % 3]}
                begun = other.initiate_point_in_time_recovery(**named, RestoreTimestamp=START + made + 60)
                other.cancel_point_in_time_recovery(**named, RestoreId=begun["Restoration"]["RestoreId"])
        with refused(
            "LimitExceededException",
            "There can be at most 15 recovery previews in an organization in 24 hours.",
        ):
            env.initiate(QUARTER)

    @pytest.mark.parametrize("stamp", ["1e999", "-1e30", "1e300", "NaN", '"soon"', "null", "[]", "true"])
    def test_refuses_what_is_no_time(self, env, cognito, stamp):
        answer = ask(
            Application(cognito.world),
            "POST",
            "/",
            f'{{"UserPoolId": "{env.pool_id}", "RestoreTimestamp": {stamp}}}'.encode(),
            headers={
                "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiatePointInTimeRecovery",
                "Authorization": SIGNED,
            },
            content_type="application/x-amz-json-1.1",
        )
        assert answer.status == 400

    def test_not_in_the_region_of_a_replica(self, made):
        env = made(KeyConfiguration=KEY)
        env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName="eu-west-1")
        with refused("OperationNotEnabledException"):
            env.initiate(QUARTER)
        env.wait(10)
        home, env.idp = env.idp, connect("eu-west-1")
        with refused("OperationNotEnabledException"):
            env.initiate(QUARTER)
        env.idp = home
        env.initiate(QUARTER)

    def test_a_pool_that_is_not_there(self, env):
        with refused("ResourceNotFoundException"):
            env.initiate(QUARTER, "us-east-1_Nothing12")


class TestDescribePointInTimeRecovery:
    def test_the_preview_is_there_after_a_second(self, env):
        restore_id = env.initiate(QUARTER)["RestoreId"]
        env.wait(0)
        assert "RestorePreview" not in env.described(restore_id)
        env.wait(10)
        recovery = env.described(restore_id)
        assert recovery["RestoreStatus"] == GENERATED
        nothing = {"CreateCount": 0, "UpdateCount": 0, "DeleteCount": 0}
        assert recovery["RestorePreview"] == [
            {"Entity": entity, **nothing} for entity in ("Users", "Groups", "User MFAs", "Passkeys")
        ]

    def test_it_expires_a_day_after_it_was_initiated(self, env):
        restore_id = env.initiate(QUARTER)["RestoreId"]
        env.wait(DAY - 60)
        assert env.described(restore_id)["RestoreStatus"] == GENERATED
        env.wait(70)
        assert env.described(restore_id)["RestoreStatus"] == "PREVIEW_EXPIRED"
        env.add_user()

    @pytest.mark.parametrize(
        ("restore_id", "code"),
        [(NOBODY, "ResourceNotFoundException"), ("A" * 36, "InvalidParameterException")],
    )
    def test_refuses_a_recovery_that_is_not_there(self, env, restore_id, code):
        for tried in (env.described, env.start, env.cancel):
            with refused(code):
                tried(restore_id)


class TestStartPointInTimeRecovery:
    def test_restores_for_a_second_and_is_completed(self, env):
        restore_id, _ = env.previewed(QUARTER)
        assert env.start(restore_id)["RestoreStatus"] == "RESTORING"
        env.wait(0)
        with refused("OperationNotEnabledException"):
            env.add_user()
        env.wait(10)
        assert env.described(restore_id)["RestoreStatus"] == "RESTORE_COMPLETED"
        env.add_user()

    def test_needs_a_preview(self, env):
        restore_id = env.initiate(QUARTER)["RestoreId"]
        env.wait(0)
        with refused("InvalidParameterException"):
            env.start(restore_id)

    def test_only_once(self, env):
        restore_id, _ = env.previewed(QUARTER)
        env.start(restore_id)
        for tried in (env.start, env.cancel):
            with refused("InvalidParameterException"):
                tried(restore_id)

    def test_not_after_it_was_cancelled_or_has_expired(self, env):
        restore_id, _ = env.previewed(QUARTER)
        env.cancel(restore_id)
        with refused("InvalidParameterException"):
            env.start(restore_id)
        other, _ = env.previewed(QUARTER)
        env.wait(DAY + 10)
        with refused("InvalidParameterException"):
            env.start(other)


class TestCancelPointInTimeRecovery:
    @pytest.mark.parametrize("seconds", [0, 10])
    def test_discards_the_preview_and_changes_nothing(self, env, seconds):
        env.add_user()
        env.wait(HOUR)
        env.delete()
        restore_id = env.initiate(HOUR + 60)["RestoreId"]
        env.wait(seconds)
        recovery = env.cancel(restore_id)
        assert recovery["RestoreStatus"] == "PREVIEW_CANCELLED"
        assert "RestorePreview" not in recovery
        assert env.names() == set()
        env.add_user("bob")
        with refused("InvalidParameterException"):
            env.cancel(restore_id)


class TestListPointInTimeRecoveries:
    def test_newest_first_without_previews_and_in_pages(self, env):
        made = []
        for _ in range(3):
            made.append(env.initiate(QUARTER)["RestoreId"])
            env.cancel(made[-1])
        answer = env.idp.list_point_in_time_recoveries(UserPoolId=env.pool_id)["Restorations"]
        assert [each["RestoreId"] for each in answer] == made[::-1]
        assert answer[0].keys() == {"RestoreId", "RestoreStatus", "RestoreTimestamp"}
        first = env.idp.list_point_in_time_recoveries(UserPoolId=env.pool_id, MaxResults=2)
        assert [each["RestoreId"] for each in first["Restorations"]] == made[:0:-1]
        rest = env.idp.list_point_in_time_recoveries(
            UserPoolId=env.pool_id, MaxResults=2, NextToken=first["NextToken"]
        )
        assert [each["RestoreId"] for each in rest["Restorations"]] == made[:1]
        assert "NextToken" not in rest

    def test_a_page_has_at_most_sixty(self, env):
        with refused("InvalidParameterException"):
            env.idp.list_point_in_time_recoveries(UserPoolId=env.pool_id, MaxResults=61)


class TestLite:
    def test_has_none_of_the_five_operations(self, made):
        env = made(UserPoolTier="LITE")
        asks = [
            lambda: env.initiate(QUARTER),
            lambda: env.described(NOBODY),
            lambda: env.start(NOBODY),
            lambda: env.cancel(NOBODY),
            lambda: env.idp.list_point_in_time_recoveries(UserPoolId=env.pool_id),
        ]
        for tried in asks:
            with refused("FeatureUnavailableInTierException"):
                tried()


class TestFailures:
    """The tag `_recovery_failure_` of a pool lets its recoveries fail as AWS's may."""

    def test_a_preview_that_can_not_be_generated_changes_nothing(self, made):
        env = made(UserPoolTags={"_recovery_failure_": "PREVIEW_GENERATION_FAILED"})
        restore_id = env.initiate(QUARTER)["RestoreId"]
        env.wait(10)
        recovery = env.described(restore_id)
        assert recovery["RestoreStatus"] == "PREVIEW_GENERATION_FAILED"
        assert "RestorePreview" not in recovery
        env.add_user()
        env.initiate(QUARTER)

    @pytest.mark.parametrize("failure", ["TEMPORARY_INTERNAL_ERROR_SEE_SUPPORT_CASE", "AWS_ABORTED"])
    def test_after_other_failures_writes_stay_paused(self, made, failure):
        env = made(UserPoolTags={"_recovery_failure_": failure})
        env.add_user()
        env.wait(HOUR)
        restore_id, counts = env.previewed(QUARTER)
        assert counts["Users"] == (0, 0, 1)
        assert env.start(restore_id)["RestoreStatus"] == "RESTORING"
        env.wait(2 * DAY)
        assert env.described(restore_id)["RestoreStatus"] == failure
        assert env.names() == {"ada"}
        with refused("OperationNotEnabledException"):
            env.add_user("bob")
        with refused("ConcurrentModificationException"):
            env.initiate(env.now - HOUR)

    def test_a_tag_that_names_no_failure_is_refused(self, made):
        env = made(UserPoolTags={"_recovery_failure_": "BAD_LUCK"})
        with refused("InvalidParameterException"):
            env.initiate(QUARTER)
