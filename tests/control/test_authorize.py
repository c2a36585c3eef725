"""`/_cogmock/authorize` over HTTP. The decisions themselves are tested with IAM."""

import json
import threading

import boto3
import pytest
from support.http import ask
from support.waiting import cheaply

from cogmock.iam import policy
from cogmock.web.app import Application
from scripts.story import trust

ARTICLE = "arn:aws:s3:::articles/premium/a.txt"


@pytest.fixture
def pool_id(cognito):
    identity = boto3.client("cognito-identity", region_name="us-east-1")
    return identity.create_identity_pool(IdentityPoolName="shop", AllowUnauthenticatedIdentities=True)[
        "IdentityPoolId"
    ]


@pytest.fixture
def put(pool_id):
    """Writes the guests' policy."""
    iam = boto3.client("iam", region_name="us-east-1")
    document = json.dumps(trust(pool_id, "unauthenticated"))
    role = iam.create_role(RoleName="guest", AssumeRolePolicyDocument=document)["Role"]["Arn"]

    def put(effect="Allow", **more):
        statement = {
            "Sid": "Reading",
            "Effect": effect,
            "Action": "s3:GetObject",
            "Resource": ARTICLE,
            **more,
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName="guest", PolicyName="reading", PolicyDocument=document)

    put.role = role
    return put


@pytest.fixture
def keys(pool_id, put):
    """A guest's credentials, as the control API takes them."""
    identity = boto3.client("cognito-identity", region_name="us-east-1")
    identity.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"unauthenticated": put.role})
    identity_id = identity.get_id(IdentityPoolId=pool_id)["IdentityId"]
    given = identity.get_credentials_for_identity(IdentityId=identity_id)["Credentials"]
    return {
        "access_key_id": given["AccessKeyId"],
        "secret_access_key": given["SecretKey"],
        "session_token": given["SessionToken"],
    }


@pytest.fixture
def asked(cognito, keys):
    application = Application(cognito.world)

    def asked(**question):
        body = {**keys, "action": "s3:GetObject", "resource": ARTICLE} | question
        return ask(
            application,
            "POST",
            "/_cogmock/authorize",
            {name: value for name, value in body.items() if value is not None},
        )

    return asked


class TestAuthorize:
    def test_the_handle_explains_as_the_api_does(self, cognito, put, asked, keys):
        put(Resource="arn:aws:s3:::other/*")
        decision = cognito.authorize(keys["access_key_id"], "s3:GetObject", ARTICLE)
        assert repr(decision) == asked().json["explanation"]
        assert "'arn:aws:s3:::other/*' does not match" in repr(decision)

    def test_a_long_decision_does_not_hold_the_lock(self, cognito, put, asked, monkeypatch):
        put()
        free = []
        evaluate = policy.evaluate

        def look():
            free.append(cognito.world.lock.acquire(timeout=30))
            if free[-1]:
                cognito.world.lock.release()

        def watched(*args, **more):
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
            return evaluate(*args, **more)

        monkeypatch.setattr(policy, "evaluate", watched)
        assert asked().json["decision"] == "allowed"
        assert free == [True]

    def test_a_policy_full_of_wildcards_is_decided_soon(self, put, asked):
        put(Resource=["arn:aws:s3:::" + "*?a" * n for n in range(1, 75)])
        with cheaply(1):
            assert asked(resource="arn:aws:s3:::" + "ab" * 1000 + "b").json["decision"] == "implicitDeny"

    def test_what_a_policy_allows_is_allowed_and_says_by_what(self, put, asked):
        put()
        answer = asked()
        assert answer.status == 200
        assert answer.json["decision"] == "allowed"
        assert answer.json["role_arn"] == put.role
        assert answer.json["matched"] == [{"policy": "reading", "sid": "Reading", "effect": "Allow"}]
        assert answer.json["principal_tags"] == {}
        assert "cognito-identity.amazonaws.com:sub" in answer.json["variables"]

    def test_what_none_allows_is_not(self, asked):
        assert asked().json["decision"] == "implicitDeny"

    def test_an_edit_of_the_policy_counts_at_once(self, put, asked):
        put()
        assert asked().json["decision"] == "allowed"
        put("Deny")
        assert asked().json["decision"] == "explicitDeny"

    def test_the_key_id_alone_will_do(self, put, asked):
        put()
        assert asked(secret_access_key=None, session_token=None).json["decision"] == "allowed"

    def test_context_adds_condition_keys(self, put, asked):
        put(Condition={"StringEquals": {"aws:SourceIp": "192.0.2.1"}})
        assert asked().json["decision"] == "implicitDeny"
        assert asked(context={"aws:SourceIp": "192.0.2.1"}).json["decision"] == "allowed"

    def test_context_never_overrides_the_sessions_own(self, put, asked):
        put(Condition={"StringEquals": {"cognito-identity.amazonaws.com:sub": "another"}})
        context = {"cognito-identity.amazonaws.com:sub": "another"}
        assert asked(context=context).json["decision"] == "implicitDeny"

    @pytest.mark.parametrize(
        "change",
        [
            {"access_key_id": "ASIAAAAAAAAAAAAAAAAA"},
            {"secret_access_key": "wrong"},
            {"session_token": "forged"},
        ],
    )
    def test_credentials_that_are_unknown_or_forged_are_refused(self, asked, change):
        answer = asked(**change)
        assert answer.status == 403
        assert answer.json["error"] == "InvalidClientTokenId"
        assert answer.json["message"]

    def test_credentials_past_their_time_are_refused(self, cognito, asked):
        cognito.clock.advance(hours=2)
        answer = asked()
        assert answer.status == 403
        assert answer.json["error"] == "ExpiredToken"

    @pytest.mark.parametrize(
        "change",
        [
            {"access_key_id": None},
            {"access_key_id": 5},
            {"action": None},
            {"action": "GetObject"},
            {"action": "s3:Get*"},
            {"resource": None},
            {"resource": ["a"]},
            {"resource": "arn:aws:s3:::" + "a" * 2048},
            {"action": "s3:" + "G" * 300},
            {"context": {"k": "v" * 3000}},
            {"context": {"k" * 3000: "v"}},
            {"context": {"k": ["v"] * 201}},
            {"context": []},
            {"context": {"aws:SourceIp": {}}},
            {"context": {"aws:SourceIp": [None]}},
            {"session_token": 5},
            {"resources": "x"},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, asked, change):
        answer = asked(**change)
        assert answer.status == 400
        assert answer.json["error"] == "InvalidRequest"
        assert next(iter(change)) in answer.json["message"]
