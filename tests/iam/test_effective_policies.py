"""The effect of managed policies, their versions and boundaries on credentials already issued."""

import pytest
from support.identity_env import allow, document

from cogmock.iam.sessions.authorize import authorize

FILE = "arn:aws:s3:::premium/a.txt"
READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


@pytest.fixture
def member(identity_env):
    """Decides an action on a resource for Ada's credentials."""
    identity_env.roles()
    identity_env.add_user()
    key_id = identity_env.credentials("ada")["AccessKeyId"]

    def ask(action="s3:GetObject", resource=FILE):
        return authorize(identity_env.world, access_key_id=key_id, action=action, resource=resource)

    return ask


def policy(iam, *statements, name="extra"):
    return iam.create_policy(PolicyName=name, PolicyDocument=document(*statements))["Policy"]["Arn"]


class TestAttachedPolicies:
    def test_they_count_at_once_and_until_they_are_detached(self, identity_env, member):
        assert member()["decision"] == "implicitDeny"
        identity_env.iam.attach_role_policy(RoleName="member", PolicyArn=READ)
        assert member()["decision"] == "allowed"
        assert member("s3:PutObject")["decision"] == "implicitDeny"
        identity_env.iam.detach_role_policy(RoleName="member", PolicyArn=READ)
        assert member()["decision"] == "implicitDeny"

    def test_the_default_version_counts(self, identity_env, member):
        arn = policy(identity_env.iam, allow("s3:ListBucket"))
        identity_env.iam.attach_role_policy(RoleName="member", PolicyArn=arn)
        identity_env.iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow()))
        assert member()["decision"] == "implicitDeny"
        identity_env.iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
        assert member()["decision"] == "allowed"

    def test_a_denial_in_one_beats_the_role_s_own(self, identity_env, member):
        identity_env.iam.put_role_policy(
            RoleName="member", PolicyName="own", PolicyDocument=document(allow("s3:*"))
        )
        deny = {"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}
        identity_env.iam.attach_role_policy(RoleName="member", PolicyArn=policy(identity_env.iam, deny))
        decision = member()
        assert decision["decision"] == "explicitDeny"
        assert decision["matched"][0]["policy"] == "extra"


class TestBoundaries:
    def test_only_what_both_allow(self, identity_env, member):
        own = document(allow("s3:GetObject"), allow("s3:PutObject"))
        identity_env.iam.put_role_policy(RoleName="member", PolicyName="own", PolicyDocument=own)
        identity_env.iam.put_role_permissions_boundary(RoleName="member", PermissionsBoundary=READ)
        assert member()["decision"] == "allowed"
        denied = member("s3:PutObject")
        assert denied["decision"] == "implicitDeny"
        assert "permissions boundary" in denied["explanation"]
        assert member("s3:ListBucket")["decision"] == "implicitDeny"
        identity_env.iam.delete_role_permissions_boundary(RoleName="member")
        assert member("s3:PutObject")["decision"] == "allowed"
