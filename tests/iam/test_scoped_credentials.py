"""GetScopedCredentials, and the sizes of session tokens that all answers of STS have."""

import pytest
from support.identity_env import ACCOUNT, IdentityPoolEnv, allow, client, document
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize

READ = document(allow("s3:GetObject"))
EVERYTHING = document(allow("*"))


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.role(
        "worker",
        allow("s3:*"),
        allow("sqs:*"),
        trusts=trusted("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"),
    )
    return identity_env


def trusted(*actions):
    return document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": ACCOUNT},
            "Action": list(actions),
        }
    )


def session(identity_env, **more):
    arn = f"arn:aws:iam::{ACCOUNT}:role/worker"
    return identity_env.sts().assume_role(RoleArn=arn, RoleSessionName="one", **more)["Credentials"]


def scoped(credentials, **more):
    return client("sts", credentials).get_scoped_credentials(**more)


def may(identity_env, credentials, action, resource="arn:aws:s3:::bucket/a"):
    key = credentials["AccessKeyId"]
    return authorize(identity_env.world, access_key_id=key, action=action, resource=resource)


class TestGetScopedCredentials:
    def test_the_identity_stays_and_the_permissions_are_an_intersection(self, identity_env):
        whole = session(identity_env)
        narrow = scoped(whole, Policy=document(allow("s3:GetObject"), allow("dynamodb:GetItem")))
        assert narrow["ScopedPoliciesCount"] == 1
        caller = client("sts", narrow["Credentials"]).get_caller_identity()
        assert caller["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/one"
        info = narrow["SessionInfo"]
        assert (info["Arn"], info["ScopedSessionId"]) == (caller["Arn"], caller["UserId"])
        decisions = {
            action: may(identity_env, narrow["Credentials"], action)["decision"]
            for action in ("s3:GetObject", "s3:PutObject", "dynamodb:GetItem")
        }
        assert decisions == {
            "s3:GetObject": "allowed",
            "s3:PutObject": "implicitDeny",
            "dynamodb:GetItem": "implicitDeny",
        }
        assert may(identity_env, whole, "s3:PutObject")["decision"] == "allowed"

    def test_the_refusal_names_the_policy(self, identity_env):
        narrow = scoped(session(identity_env), Policy=READ)["Credentials"]
        assert "scope-down policy" in may(identity_env, narrow, "s3:PutObject")["explanation"]

    def test_each_layer_must_allow_and_a_fourth_is_denied(self, identity_env):
        once = scoped(session(identity_env), Policy=document(allow("s3:Get*"), allow("sqs:*")))["Credentials"]
        twice = scoped(once, Policy=document(allow("s3:*")))
        assert twice["ScopedPoliciesCount"] == 2
        assert may(identity_env, twice["Credentials"], "s3:GetObject")["decision"] == "allowed"
        assert may(identity_env, twice["Credentials"], "s3:PutObject")["decision"] == "implicitDeny"
        assert may(identity_env, twice["Credentials"], "sqs:SendMessage")["decision"] == "implicitDeny"
        thrice = scoped(twice["Credentials"], Policy=EVERYTHING)
        assert thrice["ScopedPoliciesCount"] == 3
        with refused("AccessDenied"):
            scoped(thrice["Credentials"], Policy=EVERYTHING)
        again = scoped(thrice["Credentials"], DurationSeconds=60)
        assert again["ScopedPoliciesCount"] == 3

    def test_a_deny_counts(self, identity_env):
        policy = document(allow("*"), allow("s3:DeleteObject", Effect="Deny"))
        narrow = scoped(session(identity_env), Policy=policy)["Credentials"]
        assert may(identity_env, narrow, "s3:DeleteObject")["decision"] == "explicitDeny"
        assert may(identity_env, narrow, "s3:GetObject")["decision"] == "allowed"

    def test_session_policies_and_tags_stay(self, identity_env):
        whole = session(identity_env, Policy=document(allow("s3:*")), Tags=[{"Key": "team", "Value": "a"}])
        narrow = scoped(whole, Policy=document(allow("sqs:*"), allow("s3:GetObject")))["Credentials"]
        assert may(identity_env, narrow, "sqs:SendMessage")["decision"] == "implicitDeny"
        answer = may(identity_env, narrow, "s3:GetObject")
        assert (answer["decision"], answer["principal_tags"]) == ("allowed", {"team": "a"})

    def test_it_limits_the_roles_that_can_be_assumed(self, identity_env):
        identity_env.role("next", trusts=trusted("sts:AssumeRole"))
        identity_env.role("worker2", allow("sts:AssumeRole"), trusts=trusted("sts:AssumeRole"))
        arn = f"arn:aws:iam::{ACCOUNT}:role/"
        whole = identity_env.sts().assume_role(RoleArn=f"{arn}worker2", RoleSessionName="one")["Credentials"]
        chained = {"RoleArn": f"{arn}next", "RoleSessionName": "two"}
        assert client("sts", whole).assume_role(**chained)["Credentials"]
        narrow = scoped(whole, Policy=READ)["Credentials"]
        with refused("AccessDenied"):
            client("sts", narrow).assume_role(**chained)

    def test_the_source_identity_is_carried_forward(self, identity_env):
        whole = session(identity_env, SourceIdentity="ada")
        assert scoped(whole, DurationSeconds=60)["SourceIdentity"] == "ada"
        assert "SourceIdentity" not in scoped(session(identity_env), DurationSeconds=60)

    def test_the_time_of_issue_stays_so_that_revoked_sessions_stay_revoked(self, identity_env):
        whole = session(identity_env)
        before = may(identity_env, whole, "s3:GetObject")["variables"]["aws:TokenIssueTime"]
        identity_env.cognito.clock.advance(minutes=5)
        narrow = scoped(whole, Policy=READ)["Credentials"]
        after = may(identity_env, narrow, "s3:GetObject")["variables"]["aws:TokenIssueTime"]
        assert after == before


class TestDuration:
    def test_without_one_the_sessions_expiration_stays(self, identity_env):
        whole = session(identity_env)
        identity_env.cognito.clock.advance(minutes=5)
        assert scoped(whole, Policy=READ)["Credentials"]["Expiration"] == whole["Expiration"]

    def test_it_may_be_a_second_and_is_over_then(self, identity_env):
        narrow = scoped(session(identity_env), DurationSeconds=1)["Credentials"]
        identity_env.cognito.clock.advance(2)
        with refused("ExpiredToken"):
            client("sts", narrow).get_caller_identity()

    def test_it_cannot_outlive_the_session(self, identity_env):
        whole = session(identity_env, DurationSeconds=900)
        with refused("InsufficientSessionLifetime"):
            scoped(whole, DurationSeconds=901)
        assert scoped(whole, DurationSeconds=800)["Credentials"]

    @pytest.mark.parametrize("seconds", [129601, 10**9])
    def test_beyond_the_limits_it_is_no_duration(self, identity_env, seconds):
        with refused("ValidationError"):
            scoped(session(identity_env), DurationSeconds=seconds)


class TestRefused:
    def test_one_of_policy_and_duration_is_needed(self, identity_env):
        with refused("ValidationError"):
            scoped(session(identity_env))

    def test_keys_that_are_no_sessions(self, identity_env):
        with refused("InvalidSubjectCredentials"):
            identity_env.sts().get_scoped_credentials(DurationSeconds=60)

    @pytest.mark.parametrize("policy", ["{", "[]", '{"Statement": 1}', '"x"'])
    def test_what_is_no_policy(self, identity_env, policy):
        with refused("MalformedPolicyDocument"):
            scoped(session(identity_env), Policy=policy)

    def test_a_policy_that_is_too_long(self, identity_env):
        with refused("ValidationError"):
            scoped(session(identity_env), Policy=READ + " " * 2048)

    def test_the_global_endpoint(self, identity_env):
        sts = client("sts", session(identity_env), endpoint_url="https://sts.amazonaws.com")
        with refused("InvalidAction"):
            sts.get_scoped_credentials(DurationSeconds=60)

    def test_a_policy_that_denies_it(self, identity_env):
        identity_env.iam.put_role_policy(
            RoleName="worker",
            PolicyName="no",
            PolicyDocument=document(allow("sts:GetScopedCredentials", Effect="Deny")),
        )
        with refused("AccessDenied"):
            scoped(session(identity_env), DurationSeconds=60)

    def test_a_description_must_be_printable(self, identity_env):
        whole = session(identity_env)
        assert scoped(whole, DurationSeconds=60, ScopedSessionDescription="nightly report")
        with refused("ValidationError"):
            scoped(whole, DurationSeconds=60, ScopedSessionDescription="a\x01b")


class TestSessionTokenSize:
    def test_every_answer_has_size_and_utilization(self, identity_env):
        arn = f"arn:aws:iam::{ACCOUNT}:role/worker"
        sts = identity_env.sts()
        whole = session(identity_env)
        for answer in (
            sts.assume_role(RoleArn=arn, RoleSessionName="one"),
            sts.get_session_token(),
            sts.get_federation_token(Name="ada"),
            scoped(whole, DurationSeconds=60),
            sts.assume_root(
                TargetPrincipal="999999999999",
                TaskPolicyArn={"arn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"},
            ),
        ):
            size = len(answer["Credentials"]["SessionToken"])
            assert answer["SessionTokenSize"] == size
            assert answer["SessionTokenUtilization"] == -(-size * 100 // 4096)

    @pytest.mark.parametrize("least", [0, 1000, 1001, 4096])
    def test_a_token_has_the_size_that_is_asked_for_at_least(self, identity_env, least):
        credentials = session(identity_env, MinimumSessionTokenSize=least)
        assert least <= len(credentials["SessionToken"]) <= max(least + 4, 900)
        assert identity_env.caller(credentials)["Account"] == ACCOUNT
        narrow = scoped(credentials, DurationSeconds=60, MinimumSessionTokenSize=least)["Credentials"]
        assert len(narrow["SessionToken"]) >= least

    def test_policies_and_tags_make_it_longer(self, identity_env):
        plain = session(identity_env)["SessionToken"]
        tags = [{"Key": f"key{number}", "Value": "x" * 200} for number in range(50)]
        assert len(session(identity_env, Tags=tags)["SessionToken"]) > len(plain)
        narrow = scoped(session(identity_env), Policy=READ)["Credentials"]
        assert len(narrow["SessionToken"]) > len(plain)
