"""What roles, users and groups carry: the same for all three."""

import pytest
from support.identity_env import ACCOUNT, allow, document, trust
from support.pool_env import refused

READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


class Bearer:
    """One role, user or group, and its operations under one name."""

    def __init__(self, iam, noun, name="bearer"):
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

    def attached(self, **more):
        return [
            each["PolicyName"] for each in self.call("list_attached_{}_policies", **more)["AttachedPolicies"]
        ]


@pytest.fixture
def iam(cognito_clients):
    return cognito_clients.iam


@pytest.fixture(params=["role", "user", "group"])
def bearer(iam, request):
    return Bearer(iam, request.param)


class TestInlinePolicies:
    def test_one_is_kept_and_shown(self, bearer):
        bearer.put()
        found = bearer.call("get_{}_policy", PolicyName="own")
        assert found["PolicyDocument"]["Statement"] == [allow()]
        assert (found[bearer.key], found["PolicyName"]) == ("bearer", "own")

    def test_one_of_the_same_name_takes_its_place(self, bearer):
        bearer.put()
        bearer.put("own", allow("s3:*"))
        found = bearer.call("get_{}_policy", PolicyName="own")
        assert found["PolicyDocument"]["Statement"] == [allow("s3:*")]

    def test_a_faulty_one_is_refused_and_changes_nothing(self, bearer):
        with refused("MalformedPolicyDocument", "Policy statement must contain resources."):
            bearer.put("own", {"Effect": "Allow", "Action": "s3:*"})
        assert bearer.call("list_{}_policies")["PolicyNames"] == []

    def test_together_they_have_a_size(self, bearer):
        most = {"role": 10240, "user": 2048, "group": 5120}[bearer.noun]
        half = allow(resource=["arn:aws:s3:::" + "x" * 100] * (most // 2 // 117 + 1))
        bearer.put("one", half)
        message = f"Maximum policy size of {most} bytes exceeded for {bearer.noun} bearer"
        with refused("LimitExceeded", message):
            bearer.put("two", half)
        assert bearer.call("list_{}_policies")["PolicyNames"] == ["one"]

    def test_they_are_listed_by_name_in_pages(self, bearer):
        for name in ("b", "a", "c"):
            bearer.put(name)
        first = bearer.call("list_{}_policies", MaxItems=2)
        assert (first["PolicyNames"], first["IsTruncated"]) == (["a", "b"], True)
        rest = bearer.call("list_{}_policies", Marker=first["Marker"])
        assert (rest["PolicyNames"], rest["IsTruncated"]) == (["c"], False)

    def test_one_is_deleted(self, bearer):
        bearer.put()
        bearer.call("delete_{}_policy", PolicyName="own")
        message = f"The {bearer.noun} policy with name own cannot be found."
        with refused("NoSuchEntity", message):
            bearer.call("delete_{}_policy", PolicyName="own")
        with refused("NoSuchEntity", message):
            bearer.call("get_{}_policy", PolicyName="own")

    def test_nobody_is_found_who_is_not_there(self, bearer):
        bearer.name = "nobody"
        message = f"The {bearer.noun} with name nobody cannot be found."
        for form in ("list_{}_policies", "list_attached_{}_policies", "delete_{}"):
            with refused("NoSuchEntity", message):
                bearer.call(form)
        for ask in (bearer.put, bearer.attach):
            with refused("NoSuchEntity", message):
                ask()


class TestAttachedPolicies:
    def test_in_the_order_they_came_and_each_once(self, bearer, iam):
        own = iam.create_policy(PolicyName="b", Path="/x/", PolicyDocument=document(allow()))["Policy"]["Arn"]
        for arn in (READ, own, READ):
            bearer.attach(arn)
        assert bearer.attached() == ["AmazonS3ReadOnlyAccess", "b"]
        assert bearer.attached(PathPrefix="/x/") == ["b"]

    def test_one_that_does_not_exist_is_refused(self, bearer):
        arn = f"arn:aws:iam::{ACCOUNT}:policy/absent"
        with refused("NoSuchEntity", f"Policy {arn} does not exist or is not attachable."):
            bearer.attach(arn)

    def test_what_is_no_arn_could_not_be_parsed(self, bearer):
        with refused("ValidationError", "Invalid ARN:  Could not be parsed!"):
            bearer.attach("longpolicynamebutnoarn")

    def test_ten_are_the_most(self, bearer, iam):
        for number in range(10):
            made = iam.create_policy(PolicyName=f"p{number}", PolicyDocument=document(allow()))
            bearer.attach(made["Policy"]["Arn"])
        with refused("LimitExceeded", f"Cannot exceed quota for PoliciesPer{bearer.noun.title()}: 10"):
            bearer.attach()

    def test_one_is_detached(self, bearer):
        bearer.attach()
        bearer.call("detach_{}_policy", PolicyArn=READ)
        assert bearer.attached() == []
        with refused("NoSuchEntity", f"Policy {READ} was not found."):
            bearer.call("detach_{}_policy", PolicyArn=READ)

    def test_who_carries_some_is_not_deleted(self, bearer):
        bearer.put()
        with refused("DeleteConflict", "Cannot delete entity, must delete policies first."):
            bearer.call("delete_{}")
        bearer.call("delete_{}_policy", PolicyName="own")
        bearer.attach()
        with refused("DeleteConflict", "Cannot delete entity, must detach all policies first."):
            bearer.call("delete_{}")
        bearer.call("detach_{}_policy", PolicyArn=READ)
        bearer.call("delete_{}")


class TestListEntitiesForPolicy:
    def test_by_kind_and_use(self, iam):
        arn = iam.create_policy(PolicyName="b", PolicyDocument=document(allow()))["Policy"]["Arn"]
        for noun in ("role", "user", "group"):
            Bearer(iam, noun, f"a {noun}".replace(" ", "-")).attach(arn)
        Bearer(iam, "user", "bounded")
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
