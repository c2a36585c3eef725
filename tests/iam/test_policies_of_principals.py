"""Policies of roles, users and groups. The rules are the same for all three, so each kind has the same tests."""

import pytest
from support.identity_env import ACCOUNT, allow, document, trust
from support.pool_env import refused

READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


class Principal:
    """One role, user or group, and its operations under one name."""

    def __init__(self, iam, noun, name="someone"):
        self.iam, self.noun, self.name = iam, noun, name
        self.key = f"{noun.title()}Name"
        more = {"AssumeRolePolicyDocument": trust()} if noun == "role" else {}
        getattr(iam, f"create_{noun}")(**{self.key: name}, **more)

    def call(self, form, **more):
        return getattr(self.iam, form.format(self.noun))(**{self.key: self.name}, **more)

    def put(self, name="own", *statements):
        text = document(*(statements or [allow()]))
        return self.call("put_{}_policy", PolicyName=name, PolicyDocument=text)

    def attach(self, arn=READ):
        return self.call("attach_{}_policy", PolicyArn=arn)

    def names(self):
        return self.call("list_{}_policies")["PolicyNames"]

    def attached(self, **more):
        return [
            each["PolicyName"] for each in self.call("list_attached_{}_policies", **more)["AttachedPolicies"]
        ]

    def is_missing(self):
        """The expected refusal for a principal that does not exist."""
        self.name = "nobody"
        return refused("NoSuchEntity", f"The {self.noun} with name nobody cannot be found.")


@pytest.fixture
def iam(cognito_clients):
    return cognito_clients.iam


@pytest.fixture
def principal(iam, request):
    return Principal(iam, request.cls.noun)


class PutPolicy:
    def test_one_is_kept_and_shown(self, principal):
        principal.put()
        found = principal.call("get_{}_policy", PolicyName="own")
        assert found["PolicyDocument"]["Statement"] == [allow()]

    def test_one_of_the_same_name_is_replaced(self, principal):
        principal.put()
        principal.put("own", allow("s3:*"))
        found = principal.call("get_{}_policy", PolicyName="own")
        assert found["PolicyDocument"]["Statement"] == [allow("s3:*")]

    def test_a_faulty_one_is_refused_and_changes_nothing(self, principal):
        with refused("MalformedPolicyDocument", "Policy statement must contain resources."):
            principal.put("own", {"Effect": "Allow", "Action": "s3:*"})
        assert principal.names() == []

    def test_together_they_have_a_size(self, principal):
        most = {"role": 10240, "user": 2048, "group": 5120}[principal.noun]
        half = allow(resource=["arn:aws:s3:::" + "x" * 100] * (most // 2 // 117 + 1))
        principal.put("one", half)
        message = f"Maximum policy size of {most} bytes exceeded for {principal.noun} someone"
        with refused("LimitExceeded", message):
            principal.put("two", half)
        assert principal.names() == ["one"]

    def test_a_missing_principal(self, principal):
        with principal.is_missing():
            principal.put()


class GetPolicy:
    def test_it_names_principal_and_policy(self, principal):
        principal.put()
        found = principal.call("get_{}_policy", PolicyName="own")
        assert (found[principal.key], found["PolicyName"]) == ("someone", "own")

    def test_one_that_does_not_exist(self, principal):
        with refused("NoSuchEntity", f"The {principal.noun} policy with name own cannot be found."):
            principal.call("get_{}_policy", PolicyName="own")

    def test_a_missing_principal(self, principal):
        with principal.is_missing():
            principal.call("get_{}_policy", PolicyName="own")


class DeletePolicy:
    def test_it_is_gone(self, principal):
        principal.put()
        principal.call("delete_{}_policy", PolicyName="own")
        assert principal.names() == []

    def test_twice_is_refused(self, principal):
        with refused("NoSuchEntity", f"The {principal.noun} policy with name own cannot be found."):
            principal.call("delete_{}_policy", PolicyName="own")

    def test_then_the_principal_can_be_deleted(self, principal):
        principal.put()
        with refused("DeleteConflict", "Cannot delete entity, must delete policies first."):
            principal.call("delete_{}")
        principal.call("delete_{}_policy", PolicyName="own")
        principal.call("delete_{}")

    def test_a_missing_principal(self, principal):
        with principal.is_missing():
            principal.call("delete_{}_policy", PolicyName="own")


class ListPolicies:
    def test_by_name_in_pages(self, principal):
        for name in ("b", "a", "c"):
            principal.put(name)
        first = principal.call("list_{}_policies", MaxItems=2)
        assert (first["PolicyNames"], first["IsTruncated"]) == (["a", "b"], True)
        rest = principal.call("list_{}_policies", Marker=first["Marker"])
        assert (rest["PolicyNames"], rest["IsTruncated"]) == (["c"], False)

    def test_a_marker_of_another_principal_is_refused(self, iam, principal):
        for name in ("a", "b"):
            principal.put(name)
        marker = principal.call("list_{}_policies", MaxItems=1)["Marker"]
        other = Principal(iam, principal.noun, "other")
        with refused("ValidationError"):
            other.call("list_{}_policies", Marker=marker)

    def test_a_missing_principal(self, principal):
        with principal.is_missing():
            principal.call("list_{}_policies")


class AttachPolicy:
    def test_one_that_does_not_exist_is_refused(self, principal):
        arn = f"arn:aws:iam::{ACCOUNT}:policy/absent"
        with refused("NoSuchEntity", f"Policy {arn} does not exist or is not attachable."):
            principal.attach(arn)

    def test_what_is_no_arn_is_not_valid(self, principal):
        with refused("ValidationError", "ARN longpolicynamebutnoarn is not valid."):
            principal.attach("longpolicynamebutnoarn")

    def test_ten_are_the_most(self, principal, iam):
        for number in range(10):
            made = iam.create_policy(PolicyName=f"p{number}", PolicyDocument=document(allow()))
            principal.attach(made["Policy"]["Arn"])
        with refused("LimitExceeded", f"Cannot exceed quota for PoliciesPer{principal.noun.title()}: 10"):
            principal.attach()
        assert principal.attach(made["Policy"]["Arn"])  # again, which changes nothing

    def test_a_missing_principal(self, principal):
        with principal.is_missing():
            principal.attach()


class DetachPolicy:
    def test_once(self, principal):
        principal.attach()
        principal.call("detach_{}_policy", PolicyArn=READ)
        assert principal.attached() == []
        with refused("NoSuchEntity", f"Policy {READ} was not found."):
            principal.call("detach_{}_policy", PolicyArn=READ)

    def test_then_the_principal_can_be_deleted(self, principal):
        principal.attach()
        with refused("DeleteConflict", "Cannot delete entity, must detach all policies first."):
            principal.call("delete_{}")
        principal.call("detach_{}_policy", PolicyArn=READ)
        principal.call("delete_{}")

    def test_a_missing_principal(self, principal):
        with principal.is_missing():
            principal.call("detach_{}_policy", PolicyArn=READ)


class ListAttachedPolicies:
    def test_in_the_order_in_which_they_were_attached_and_each_once(self, principal, iam):
        own = iam.create_policy(PolicyName="b", Path="/x/", PolicyDocument=document(allow()))["Policy"]["Arn"]
        for arn in (READ, own, READ):
            principal.attach(arn)
        assert principal.attached() == ["AmazonS3ReadOnlyAccess", "b"]
        assert principal.attached(PathPrefix="/x/") == ["b"]

    def test_in_pages(self, principal, iam):
        own = iam.create_policy(PolicyName="b", PolicyDocument=document(allow()))["Policy"]["Arn"]
        for arn in (READ, own):
            principal.attach(arn)
        first = principal.call("list_attached_{}_policies", MaxItems=1)
        assert principal.attached(Marker=first["Marker"]) == ["b"]

    def test_a_missing_principal(self, principal):
        with principal.is_missing():
            principal.attached()


class TestPutRolePolicy(PutPolicy):
    noun = "role"


class TestGetRolePolicy(GetPolicy):
    noun = "role"


class TestDeleteRolePolicy(DeletePolicy):
    noun = "role"


class TestListRolePolicies(ListPolicies):
    noun = "role"


class TestAttachRolePolicy(AttachPolicy):
    noun = "role"


class TestDetachRolePolicy(DetachPolicy):
    noun = "role"


class TestListAttachedRolePolicies(ListAttachedPolicies):
    noun = "role"


class TestPutUserPolicy(PutPolicy):
    noun = "user"


class TestGetUserPolicy(GetPolicy):
    noun = "user"


class TestDeleteUserPolicy(DeletePolicy):
    noun = "user"


class TestListUserPolicies(ListPolicies):
    noun = "user"


class TestAttachUserPolicy(AttachPolicy):
    noun = "user"


class TestDetachUserPolicy(DetachPolicy):
    noun = "user"


class TestListAttachedUserPolicies(ListAttachedPolicies):
    noun = "user"


class TestPutGroupPolicy(PutPolicy):
    noun = "group"


class TestGetGroupPolicy(GetPolicy):
    noun = "group"


class TestDeleteGroupPolicy(DeletePolicy):
    noun = "group"


class TestListGroupPolicies(ListPolicies):
    noun = "group"


class TestAttachGroupPolicy(AttachPolicy):
    noun = "group"


class TestDetachGroupPolicy(DetachPolicy):
    noun = "group"


class TestListAttachedGroupPolicies(ListAttachedPolicies):
    noun = "group"


class TestListEntitiesForPolicy:
    def test_by_kind_and_use(self, iam):
        arn = iam.create_policy(PolicyName="b", PolicyDocument=document(allow()))["Policy"]["Arn"]
        for noun in ("role", "user", "group"):
            Principal(iam, noun, f"a {noun}".replace(" ", "-")).attach(arn)
        Principal(iam, "user", "bounded")
        iam.put_user_permissions_boundary(UserName="bounded", PermissionsBoundary=arn)

        def names(**more):
            found = iam.list_entities_for_policy(PolicyArn=arn, **more)
            return [
                each[f"{kind}Name"] for kind, key in KINDS.items() for each in found[key]
            ]  # fmt: skip

        assert names() == ["a-role", "a-user", "bounded", "a-group"]
        assert names(EntityFilter="User") == ["a-user", "bounded"]
        assert names(PolicyUsageFilter="PermissionsBoundary") == ["bounded"]
        assert names(PolicyUsageFilter="PermissionsPolicy") == ["a-role", "a-user", "a-group"]


KINDS = {"Role": "PolicyRoles", "User": "PolicyUsers", "Group": "PolicyGroups"}
