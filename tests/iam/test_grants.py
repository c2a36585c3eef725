"""Managed policies, groups of versions and boundaries, as credentials that are out feel them."""

import pytest
from society import allow, document

from cogmock.iam.authorize import authorize

FILE = "arn:aws:s3:::premium/a.txt"
READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


@pytest.fixture
def member(society):
    """Asks what Ada's credentials may, by action and resource."""
    society.roles()
    society.resident()
    key_id = society.credentials("ada")["AccessKeyId"]

    def ask(action="s3:GetObject", resource=FILE):
        return authorize(society.world, access_key_id=key_id, action=action, resource=resource)

    return ask


def policy(iam, *statements, name="extra"):
    return iam.create_policy(PolicyName=name, PolicyDocument=document(*statements))["Policy"]["Arn"]


class TestAttachedPolicies:
    def test_they_count_at_once_and_until_they_are_detached(self, society, member):
        assert member()["decision"] == "implicitDeny"
        society.iam.attach_role_policy(RoleName="member", PolicyArn=READ)
        assert member()["decision"] == "allowed"
        assert member("s3:PutObject")["decision"] == "implicitDeny"
        society.iam.detach_role_policy(RoleName="member", PolicyArn=READ)
        assert member()["decision"] == "implicitDeny"

    def test_the_default_version_counts(self, society, member):
        arn = policy(society.iam, allow("s3:ListBucket"))
        society.iam.attach_role_policy(RoleName="member", PolicyArn=arn)
        society.iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow()))
        assert member()["decision"] == "implicitDeny"
        society.iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
        assert member()["decision"] == "allowed"

    def test_a_denial_in_one_beats_the_role_s_own(self, society, member):
        society.iam.put_role_policy(
            RoleName="member", PolicyName="own", PolicyDocument=document(allow("s3:*"))
        )
        deny = {"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}
        society.iam.attach_role_policy(RoleName="member", PolicyArn=policy(society.iam, deny))
        decision = member()
        assert decision["decision"] == "explicitDeny"
        assert decision["matched"][0]["policy"] == "extra"


class TestBoundaries:
    def test_only_what_both_allow(self, society, member):
        own = document(allow("s3:GetObject"), allow("s3:PutObject"))
        society.iam.put_role_policy(RoleName="member", PolicyName="own", PolicyDocument=own)
        society.iam.put_role_permissions_boundary(RoleName="member", PermissionsBoundary=READ)
        assert member()["decision"] == "allowed"
        denied = member("s3:PutObject")
        assert denied["decision"] == "implicitDeny"
        assert "permissions boundary" in denied["explanation"]
        assert member("s3:ListBucket")["decision"] == "implicitDeny"
        society.iam.delete_role_permissions_boundary(RoleName="member")
        assert member("s3:PutObject")["decision"] == "allowed"
