"""POST /_cogmock/access: the way from a user or guest to a decision."""

import json

import pytest

from cogmock.core.call import Call
from cogmock.iam.backend import IamBackend
from cogmock.identitypools.backend import IdentityPoolsBackend

HOST = "cognito-identity.amazonaws.com"


@pytest.fixture
def other(world):
    def asked(backend, operation, **params):
        with Call(world, world.region(), world.entropy.uuid()) as call:
            return backend.answer(call, operation, params)

    return asked


@pytest.fixture
def shop(aws, other):
    """A user pool with ada, an identity pool with a role for users and one for guests; asks for access."""
    user_pool = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
    client = aws("CreateUserPoolClient", UserPoolId=user_pool, ClientName="web")["UserPoolClient"]["ClientId"]
    aws("AdminCreateUser", UserPoolId=user_pool, Username="ada", MessageAction="SUPPRESS")
    made = other(
        IdentityPoolsBackend,
        "CreateIdentityPool",
        IdentityPoolName="shop",
        AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=[
            {"ProviderName": f"cognito-idp.us-east-1.amazonaws.com/{user_pool}", "ClientId": client}
        ],
    )["IdentityPoolId"]
    roles = {}
    for kind in ("authenticated", "unauthenticated"):
        condition = {
            "StringEquals": {f"{HOST}:aud": made},
            "ForAnyValue:StringLike": {f"{HOST}:amr": kind},
        }
        roles[kind] = _role(other, kind, condition)
        _policy(
            other, kind, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{kind}/*"}
        )
    other(IdentityPoolsBackend, "SetIdentityPoolRoles", IdentityPoolId=made, Roles=roles)
    return {"identity_pool_id": made, "user_pool_id": user_pool, "client_id": client, "roles": roles}


def _role(other, name, condition):
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": HOST},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return other(IamBackend, "CreateRole", RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]


def _policy(other, role, *statements):
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    other(IamBackend, "PutRolePolicy", RoleName=role, PolicyName="p", PolicyDocument=document)


@pytest.fixture
def walk(control, shop):
    def asked(username="ada", resource="arn:aws:s3:::authenticated/a", **more):
        named = {name: shop[name] for name in ("identity_pool_id", "user_pool_id", "client_id")}
        given = {**named, "username": username, "action": "s3:GetObject", "resource": resource, **more}
        return control("POST", "/access", {name: value for name, value in given.items() if value is not None})

    return asked


def _step(answer, name):
    return next(each for each in answer.json["steps"] if each["step"] == name)


class TestDecisions:
    def test_agree_with_real_credentials(self, control, world, walk, shop, other):
        """The walk says of each user and resource what the credentials of such a user may do."""
        named = {name: shop[name] for name in ("user_pool_id", "client_id")}
        token = control("POST", "/tokens", {**named, "username": "ada"}).json["id_token"]
        key = f"cognito-idp.us-east-1.amazonaws.com/{shop['user_pool_id']}"
        for username, login in (("ada", {key: token}), (None, {})):
            given = {"Logins": login} if login else {}
            identity = other(IdentityPoolsBackend, "GetId", IdentityPoolId=shop["identity_pool_id"], **given)
            credentials = other(
                IdentityPoolsBackend, "GetCredentialsForIdentity", IdentityId=identity["IdentityId"], **given
            )["Credentials"]
            for bucket in ("authenticated", "unauthenticated"):
                resource = f"arn:aws:s3:::{bucket}/a"
                asked = {
                    "access_key_id": credentials["AccessKeyId"],
                    "action": "s3:GetObject",
                    "resource": resource,
                }
                told = control("POST", "/authorize", asked).json
                assert walk(username, resource).json["decision"] == told["decision"], (username, bucket)

    def test_keep_nothing(self, walk, world, shop):
        walk()
        walk(None)
        region = world.region()
        assert len(region.identity_pools.get(shop["identity_pool_id"]).identities) == 0
        assert not world.account().credentials
        assert not region.user_pools.get(shop["user_pool_id"]).users["ada"].sessions

    def test_mark_the_statement_and_say_why_others_do_not_apply(self, walk, other):
        _policy(
            other,
            "authenticated",
            {"Sid": "One", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"},
            {"Sid": "Two", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::authenticated/*"},
        )
        [told] = [each for each in walk().json["policies"] if each["layer"] == "identity"]
        one, two = told["statements"]
        lines = told["document"].splitlines()
        assert (one["decided"], two["decided"], two["sid"]) == (False, True, "Two")
        assert '"Two"' in "\n".join(lines[two["start"] - 1 : two["end"]])
        told = walk(resource="arn:aws:s3:::nowhere/a").json
        assert told["decision"] == "implicitDeny"
        [policy] = [each for each in told["policies"] if each["layer"] == "identity"]
        assert "does not match" in policy["statements"][0]["reasons"][0]


class TestSteps:
    def test_of_a_user(self, walk, shop):
        answer = walk()
        assert [each["step"] for each in answer.json["steps"]] == ["login", "role", "trust", "decision"]
        assert all(each["ok"] for each in answer.json["steps"])
        assert answer.json["role_arn"] == shop["roles"]["authenticated"]

    def test_of_a_guest_have_session_policies(self, walk):
        answer = walk(None, "arn:aws:s3:::unauthenticated/a")
        assert _step(answer, "session")["ok"]
        assert "session" in {each["layer"] for each in answer.json["policies"]}

    def test_end_where_guests_are_not_taken(self, walk, world, shop):
        pool = world.region().identity_pools.get(shop["identity_pool_id"])
        pool.settings["AllowUnauthenticatedIdentities"] = False
        answer = walk(None)
        assert answer.json["decision"] is None
        assert [each["step"] for each in answer.json["steps"]] == ["login"]

    def test_end_where_the_client_is_not_among_the_providers(self, walk, aws, shop):
        other = aws("CreateUserPoolClient", UserPoolId=shop["user_pool_id"], ClientName="b")["UserPoolClient"]
        answer = walk(client_id=other["ClientId"])
        assert not _step(answer, "login")["ok"]
        assert other["ClientId"] in _step(answer, "login")["text"]

    def test_follow_the_rules_of_a_role_mapping(self, walk, world, shop, other, aws):
        key = f"cognito-idp.us-east-1.amazonaws.com/{shop['user_pool_id']}:{shop['client_id']}"
        rule = {
            "Claim": "cognito:groups",
            "MatchType": "Contains",
            "Value": "guests",
            "RoleARN": shop["roles"]["unauthenticated"],
        }
        mapping = {
            "Type": "Rules",
            "AmbiguousRoleResolution": "Deny",
            "RulesConfiguration": {"Rules": [rule]},
        }
        other(
            IdentityPoolsBackend,
            "SetIdentityPoolRoles",
            IdentityPoolId=shop["identity_pool_id"],
            Roles=shop["roles"],
            RoleMappings={key: mapping},
        )
        refused = _step(walk(), "role")
        assert (refused["ok"], refused["rules"][0]["fits"]) == (False, False)
        aws("CreateGroup", UserPoolId=shop["user_pool_id"], GroupName="guests")
        aws("AdminAddUserToGroup", UserPoolId=shop["user_pool_id"], GroupName="guests", Username="ada")
        answer = walk()
        assert _step(answer, "role")["rules"][0]["fits"]
        assert not _step(answer, "trust")["ok"]
        assert "amr" in _step(answer, "trust")["why"]

    def test_end_at_a_role_that_is_not_there(self, walk, world):
        del world.account().iam.roles
        world.account().iam.roles = type(world.account("210987654321").iam.roles)("name")
        assert "There is no role" in _step(walk(), "trust")["text"]


class TestWhatIf:
    ALLOWED = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'

    def test_an_edited_policy_is_evaluated_and_not_saved(self, walk):
        resource = "arn:aws:s3:::elsewhere/a"
        assert walk(resource=resource, policies={"p": self.ALLOWED}).json["decision"] == "allowed"
        assert (
            walk(resource=resource, policies={"new": json.loads(self.ALLOWED)}).json["decision"] == "allowed"
        )
        assert walk(resource=resource).json["decision"] == "implicitDeny"

    def test_an_edited_trust_policy_too(self, walk):
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": HOST},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{HOST}:aud": "us-east-1:other"}},
        }
        edited = {"Version": "2012-10-17", "Statement": [statement]}
        assert not _step(walk(trust_policy=edited), "trust")["ok"]

    @pytest.mark.parametrize("policies", ["x", {"p": "{"}, {"p": {"Statement": 1}}, {"p": "x" * 20000}, [1]])
    def test_what_is_no_policy_is_refused(self, walk, policies):
        assert walk(policies=policies).status == 400


class TestRefusals:
    @pytest.mark.parametrize(
        ("changed", "status"),
        [
            ({"identity_pool_id": "us-east-1:nowhere"}, 404),
            ({"user_pool_id": "us-east-1_nowhere00"}, 404),
            ({"username": "nobody"}, 404),
            ({"username": 7}, 400),
            ({"action": "*"}, 400),
            ({"resource": ""}, 400),
            ({"resource": "x" * 3000}, 400),
            ({"context": 1}, 400),
            ({"what": 1}, 400),
        ],
    )
    def test_say_what_is_wrong(self, walk, changed, status):
        answer = walk(**changed)
        assert (answer.status, bool(answer.json["message"])) == (status, True)
