"""Who may reach what, and identities: pages over an identity pool with two roles."""

import json
import re

import pytest

from cogmock.core.call import Call
from cogmock.iam.backend import IamBackend
from cogmock.identitypools.backend import IdentityPoolsBackend

HOST = "cognito-identity.amazonaws.com"


@pytest.fixture
def ask_other(world):
    def asked(backend, operation, **params):
        with Call(world, world.region(), world.entropy.uuid()) as call:
            return backend.answer(call, operation, params)

    return asked


@pytest.fixture
def pool(ask_other, shop):
    """An identity pool of the shop, whose users may read free articles."""
    provider = {
        "ProviderName": f"cognito-idp.us-east-1.amazonaws.com/{shop['pool']}",
        "ClientId": shop["client"],
    }
    made = ask_other(
        IdentityPoolsBackend,
        "CreateIdentityPool",
        IdentityPoolName="shop",
        AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=[provider],
    )
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": HOST},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {f"{HOST}:aud": made["IdentityPoolId"]}},
            }
        ],
    }
    role = ask_other(IamBackend, "CreateRole", RoleName="member", AssumeRolePolicyDocument=json.dumps(trust))
    statement = {
        "Sid": "Free",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::a/free/*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    ask_other(IamBackend, "PutRolePolicy", RoleName="member", PolicyName="articles", PolicyDocument=document)
    roles = {"authenticated": role["Role"]["Arn"]}
    ask_other(
        IdentityPoolsBackend, "SetIdentityPoolRoles", IdentityPoolId=made["IdentityPoolId"], Roles=roles
    )
    return made["IdentityPoolId"]


def _query(pool, shop, resource, user="ada"):
    who = f"identity_pool_id={pool}&client_id={shop['client']}&username={user}"
    return f"{who}&action=s3:GetObject&resource={resource}"


class TestAccess:
    def test_shows_each_step_and_marks_the_statement(self, console, pool, shop):
        path = f"/ui/access?{_query(pool, shop, 'arn:aws:s3:::a/free/1.txt')}"
        assert "Allowed" in console.text(path)
        page = console.get(path).body.decode()
        decided = " ".join(re.findall(r'<code class="decided">(.*?)</code>', page, re.DOTALL))
        assert "Free" in decided
        assert "this statement decided" in decided

    def test_says_why_something_is_denied(self, console, pool, shop):
        text = console.text(f"/ui/access?{_query(pool, shop, 'arn:aws:s3:::a/premium/1.txt')}")
        assert "Denied: nothing allows it" in text
        assert text.count("does not match arn:aws:s3:::a/premium/1.txt") == 1
        assert "implicitDeny" not in text
        assert "allowed by trust policy of member, Allow at line" in text

    def test_what_if_is_decided_and_not_saved(self, console, pool, shop):
        resource = "arn:aws:s3:::a/premium/1.txt"
        allowed = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
        }
        fields = dict(part.split("=", 1) for part in _query(pool, shop, resource).split("&"))
        answer = console.post("/ui/access", **fields, policy_name="articles", policy=json.dumps(allowed))
        assert b"Allowed" in answer.body
        assert b"which are not saved" in answer.body
        assert "Denied" in console.text(f"/ui/access?{_query(pool, shop, resource)}")

    def test_what_if_with_a_faulty_policy_says_so(self, console, pool, shop):
        fields = dict(part.split("=", 1) for part in _query(pool, shop, "*").split("&"))
        answer = console.post("/ui/access", **fields, policy_name="articles", policy="{no policy")
        assert answer.status == 400
        assert b"articles: " in answer.body
        assert b"{no policy" in answer.body

    def test_of_a_guest_without_a_role_ends_there(self, console, pool, shop):
        text = console.text(f"/ui/access?{_query(pool, shop, '*', user='')}")
        assert "No credentials" in text
        assert "the pool has no role for the unauthenticated" in text

    def test_refuses_what_is_no_action(self, console, pool, shop):
        answer = console.get(f"/ui/access?identity_pool_id={pool}&action=everything&username=")
        assert (answer.status, b"must be one action" in answer.body) == (400, True)


class TestCredentials:
    @pytest.fixture
    def key(self, ask_other, pool):
        """The access key id of a guest."""
        role = ask_other(IamBackend, "GetRole", RoleName="member")["Role"]["Arn"]
        ask_other(
            IdentityPoolsBackend, "SetIdentityPoolRoles", IdentityPoolId=pool, Roles={"unauthenticated": role}
        )
        made = ask_other(IdentityPoolsBackend, "GetId", IdentityPoolId=pool)["IdentityId"]
        found = ask_other(IdentityPoolsBackend, "GetCredentialsForIdentity", IdentityId=made)
        return found["Credentials"]["AccessKeyId"]

    def test_that_were_issued_are_decided_about(self, console, key):
        asked = f"/ui/access?access_key_id={key}&action=s3:GetObject&resource=arn:aws:s3:::a"
        assert "allowed: s3:GetObject on arn:aws:s3:::a/free/1.txt" in console.text(f"{asked}/free/1.txt")
        assert "implicitDeny: s3:GetObject on arn:aws:s3:::a/x" in console.text(f"{asked}/x")

    def test_context_adds_condition_keys(self, console, key):
        asked = f"/ui/access?access_key_id={key}&action=s3:GetObject&resource=arn:aws:s3:::a/free/1.txt"
        assert "192.0.2.77" in console.text(f'{asked}&context={{"aws:SourceIp":"192.0.2.77"}}')
        assert "The context is no JSON object" in console.text(f"{asked}&context={{nothing", 400)

    def test_that_are_unknown_are_refused_in_words(self, console, pool):
        text = console.text("/ui/access?access_key_id=ASIANOBODY&action=s3:GetObject&resource=*", 400)
        assert "The security token included in the request is invalid" in text

    def test_are_asked_about_without_an_identity_pool_too(self, console):
        page = console.get("/ui/access").body.decode()
        assert 'name="access_key_id"' in page
        assert "No identity pool yet" in page


class TestFormsHaveTheNamesOfTheControlApi:
    def test_of_users(self, console, shop):
        page = console.get("/ui/users").body.decode()
        for name in ("user_pool_id", "username", "password"):
            assert f'name="{name}"' in page

    def test_of_access_and_of_tokens(self, console, pool):
        page = console.get("/ui/access").body.decode()
        for name in (
            *("identity_pool_id", "client_id", "username", "access_key_id"),
            *("action", "resource", "context"),
        ):
            assert page.count(f'name="{name}"') == 1
        page = console.get("/ui/tokens").body.decode()
        for name in ("user_pool_id", "client_id", "username", "scopes", "groups", "token"):
            assert page.count(f'name="{name}"') == 1


class TestIdentities:
    def test_are_listed_shown_and_deleted(self, console, pool, ask_other):
        made = ask_other(IdentityPoolsBackend, "GetId", IdentityPoolId=pool)["IdentityId"]
        assert made.partition(":")[2] in console.text("/ui/identities")
        assert "none: a guest" in console.text(f"/ui/identities?id={made}")
        assert console.post("/ui/identities/delete", identity_pool_id=pool, id=made).status == 303
        assert "No identities yet" in console.text("/ui/identities")
        assert "not there any more" in console.text(f"/ui/identities?id={made}")

    @pytest.mark.parametrize("missing", ["pool", "identity"])
    def test_that_do_not_exist_are_not_said_to_be_deleted(self, console, pool, ask_other, missing):
        made = ask_other(IdentityPoolsBackend, "GetId", IdentityPoolId=pool)["IdentityId"]
        other = "us-east-1:00000000-0000-4000-8000-000000000000"
        named = {"identity_pool_id": pool, "id": made}
        named |= {"id" if missing == "identity" else "identity_pool_id": other}
        answer = console.post("/ui/identities/delete", **named)
        assert (answer.status, b"There is no" in answer.body) == (404, True)
        assert made.partition(":")[2] in console.text("/ui/identities")
