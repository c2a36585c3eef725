"""AssumeRoot: another account's root user, for one task."""

import boto3
import pytest
from support.identity_env import ACCOUNT, IdentityPoolEnv, allow, client, document
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize

MEMBER = "999999999999"
ROOT = f"arn:aws:iam::{MEMBER}:root"
TASKS = "arn:aws:iam::aws:policy/root-task/"


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.roles()
    identity_env.add_user()
    return identity_env


def assume(sts, target=MEMBER, task="S3UnlockBucketPolicy", **more):
    return sts.assume_root(TargetPrincipal=target, TaskPolicyArn={"arn": f"{TASKS}{task}"}, **more)


class TestAssumeRoot:
    @pytest.mark.parametrize("target", [MEMBER, ROOT])
    def test_the_session_is_the_root_user_of_the_other_account(self, identity_env, target):
        answer = assume(identity_env.sts(), target)
        caller = client("sts", answer["Credentials"]).get_caller_identity()
        assert (caller["Arn"], caller["Account"], caller["UserId"]) == (ROOT, MEMBER, MEMBER)
        left = answer["Credentials"]["Expiration"].timestamp() - identity_env.world.clock.now()
        assert 890 < left <= 900
        assert "SourceIdentity" not in answer

    def test_it_may_do_what_the_task_needs_and_nothing_else(self, identity_env):
        key = assume(identity_env.sts())["Credentials"]["AccessKeyId"]

        def decided(action, resource="arn:aws:s3:::locked"):
            return authorize(identity_env.world, access_key_id=key, action=action, resource=resource)

        assert decided("s3:DeleteBucketPolicy")["decision"] == "allowed"
        assert decided("s3:GetObject", "arn:aws:s3:::locked/a")["decision"] == "explicitDeny"
        assert decided("iam:CreateUser", "*")["decision"] == "explicitDeny"

    def test_iam_refuses_what_the_task_leaves_out(self, identity_env):
        credentials = assume(identity_env.sts(), task="IAMAuditRootUserCredentials")["Credentials"]
        with refused("AccessDenied"):
            client("iam", credentials).list_roles()

    @pytest.mark.parametrize(
        "task",
        [
            "IAMAuditRootUserCredentials",
            "IAMCreateRootUserPassword",
            "IAMDeleteRootUserCredentials",
            "S3UnlockBucketPolicy",
            "SQSUnlockQueuePolicy",
        ],
    )
    def test_the_five_tasks_of_aws(self, identity_env, task):
        assert assume(identity_env.sts(), task=task)["Credentials"]

    def test_a_duration_of_zero_and_one_too_long(self, identity_env):
        credentials = assume(identity_env.sts(), DurationSeconds=0)["Credentials"]
        with refused("ExpiredToken"):
            client("sts", credentials).get_caller_identity()
        with refused("ValidationError"):
            assume(identity_env.sts(), DurationSeconds=901)

    @pytest.mark.parametrize("target", ["nobody-at-all", f"arn:aws:iam::{MEMBER}:role/x"])
    def test_a_target_that_is_no_account(self, identity_env, target):
        with refused("ValidationError"):
            assume(identity_env.sts(), target)

    @pytest.mark.parametrize("task", ["Other", "../AdministratorAccess"])
    def test_another_policy_is_refused(self, identity_env, task):
        with refused("ValidationError"):
            assume(identity_env.sts(), task=task)

    def test_the_callers_own_account_is_no_member(self, identity_env):
        with refused("AccessDenied"):
            assume(identity_env.sts(), ACCOUNT)

    def test_a_session_needs_permission_for_target_and_task(self, identity_env):
        sts = identity_env.sts(identity_env.credentials("ada"))
        message = f"not authorized to perform: sts:AssumeRoot on resource: {ROOT}"
        with refused("AccessDenied") as caught:
            assume(sts)
        assert message in str(caught.value)
        condition = {"StringEquals": {"sts:TaskPolicyArn": f"{TASKS}S3UnlockBucketPolicy"}}
        own = document(allow("sts:AssumeRoot", ROOT, Condition=condition))
        identity_env.iam.put_role_policy(RoleName="member", PolicyName="own", PolicyDocument=own)
        assert assume(sts)["Credentials"]
        with refused("AccessDenied"):
            assume(sts, task="SQSUnlockQueuePolicy")

    def test_the_global_endpoint_does_not_offer_it(self, identity_env):
        sts = boto3.client("sts", region_name="us-east-1", endpoint_url="https://sts.amazonaws.com")
        with refused("InvalidAction"):
            assume(sts)
