"""Methods, paths and policies: the guard answers as the table says, and so does another simulator of IAM."""

from __future__ import annotations

import json

import pytest
from iam.decisions.writing import DENY, NO, SESSION, YES, Pair, policy
from support import iam_judge
from support.guarded_shop import ACCOUNT, Shop, document

from cogmock.testing.server import CognitoServer

ACTION = "execute-api:Invoke"
API = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:shop"


def on(*paths, effect="Allow", action=ACTION, **more):
    resources = [path if path == "*" or path.startswith("arn:") else f"{API}/{path}" for path in paths]
    return {"Effect": effect, "Action": action, "Resource": resources, **more}


def whoever(*paths, **more):
    return on(*paths, Principal="*", **more)


ALL, FREE = on("*"), on("prod/GET/free/*")
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/guest"
# Name, statements of the role, statements of the API's policy, then expected verdict by method and path.
TABLE = [
    ("nothing", [], None, {("GET", "free/a"): NO, ("POST", "free/a"): NO}),
    ("everything", [ALL], None, {("GET", "free/a"): YES, ("DELETE", "admin/x/y"): YES}),
    (
        "one folder",
        [FREE],
        None,
        {
            ("GET", "free/a"): YES,
            ("GET", "free/a/b"): YES,
            ("GET", "free"): NO,
            ("GET", "freebies/a"): NO,
            ("GET", "Free/a"): NO,
            ("POST", "free/a"): NO,
            ("GET", "premium/a"): NO,
        },
    ),
    (
        "any method but DELETE",
        [on("prod/*/pets/*"), on("prod/DELETE/*", effect="Deny")],
        None,
        {("GET", "pets/1"): YES, ("PUT", "pets/1"): YES, ("DELETE", "pets/1"): DENY, ("GET", "pet/1"): NO},
    ),
    (
        "a question mark is one character",
        [on("prod/GET/pets/?")],
        None,
        {("GET", "pets/1"): YES, ("GET", "pets/12"): NO, ("GET", "pets/a/b"): NO},
    ),
    ("another stage", [on("dev/*")], None, {("GET", "free/a"): NO}),
    ("another api", [on(f"arn:aws:execute-api:us-east-1:{ACCOUNT}:other/*")], None, {("GET", "free/a"): NO}),
    ("another region", [on(f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:*")], None, {("GET", "free/a"): NO}),
    (
        "actions by pattern",
        [on("prod/GET/*", action="execute-api:*")],
        None,
        {("GET", "free/a"): YES, ("HEAD", "free/a"): NO},
    ),
    ("another action", [on("*", action="execute-api:ManageConnections")], None, {("GET", "free/a"): NO}),
    (
        "all but one folder",
        [{"Effect": "Allow", "Action": ACTION, "NotResource": [f"{API}/prod/*/admin/*"]}],
        None,
        {("GET", "free/a"): YES, ("GET", "admin/a"): NO},
    ),
    (
        "a denied exception inside an allowed folder",
        [FREE, on("prod/GET/free/secret*", effect="Deny")],
        None,
        {("GET", "free/a"): YES, ("GET", "free/secret"): DENY, ("GET", "free/secrets/a"): DENY},
    ),
    (
        "a condition that holds",
        [on("prod/GET/*", Condition={"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}})],
        None,
        {("GET", "free/a"): YES},
    ),
    (
        "a condition that does not hold",
        [on("prod/GET/*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})],
        None,
        {("GET", "free/a"): NO},
    ),
    (
        "the api's policy alone allows",
        [],
        [whoever("prod/GET/free/*")],
        {("GET", "free/a"): YES, ("GET", "premium/a"): NO},
    ),
    (
        "the api's policy denies",
        [ALL],
        [whoever("*"), whoever("prod/*/admin/*", effect="Deny")],
        {("GET", "free/a"): YES, ("POST", "admin/a"): DENY},
    ),
    (
        "the api's policy is silent",
        [FREE],
        [whoever("prod/POST/*")],
        {("GET", "free/a"): YES, ("POST", "x"): YES, ("PUT", "x"): NO},
    ),
    (
        "the api's policy names the role",
        [],
        [on("prod/GET/*", Principal={"AWS": ROLE_ARN})],
        {("GET", "free/a"): YES},
    ),
    (
        "the api's policy names the account",
        [FREE],
        [on("prod/GET/*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})],
        {("GET", "free/a"): YES, ("GET", "premium/a"): NO},
    ),
    (
        "the api's policy names somebody else",
        [],
        [on("prod/GET/*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"})],
        {("GET", "free/a"): NO},
    ),
    (
        "the api's policy denies other addresses",
        [ALL],
        [whoever("*", effect="Deny", Condition={"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}})],
        {("GET", "free/a"): DENY},
    ),
]
VECTORS = [
    (f"{name}: {method} {path}", role, resource, method, path, verdict)
    for name, role, resource, expected in TABLE
    for (method, path), verdict in expected.items()
]


def api(behind, resource=None):
    base = {"id": "shop", "kind": "rest", "stage": "prod", "upstream": behind}
    base |= {"routes": [{"path": "/{proxy+}", "authorizer": "iam"}]}
    return base | ({"policy": policy(*resource)} if resource else {})


@pytest.fixture(scope="module")
def env():
    """One server and one guest for all vectors. Nobody listens behind, so what is allowed is a 502."""
    with CognitoServer() as server:
        server.apply(document(api("http://127.0.0.1:1")))
        shop = Shop(server)
        shop.guest = shop.credentials()
        yield shop


@pytest.mark.parametrize("vector", VECTORS, ids=[vector[0] for vector in VECTORS])
def test_the_guard_answers_as_the_table_says(env, vector):
    _, role, resource, method, path, verdict = vector
    env.server.apply({"apis": [api("http://127.0.0.1:1", resource)]})
    statements = role or [on("*", action="s3:GetObject")]
    env.iam.put_role_policy(
        RoleName="guest", PolicyName="own", PolicyDocument=json.dumps(policy(*statements))
    )
    answer = env.ask(method, f"/prod/{path}", credentials=env.guest)
    entry = env.last_call()
    assert answer.status == (502 if verdict == YES else 403)
    if verdict != YES:
        assert answer.headers["x-amzn-errortype"] == "AccessDeniedException"
        assert entry.reason.startswith(f"{verdict}: {ACTION} on {API}/prod/{method}/{path}")


def test_there_are_forty_vectors_of_each_kind_of_verdict():
    assert len(VECTORS) >= 40
    assert {vector[-1] for vector in VECTORS} == {YES, NO, DENY}


@pytest.mark.slow
def test_another_simulator_decides_alike():
    pairs = [
        Pair(
            name=name,
            expected=verdict,
            action=ACTION,
            resource=f"{API}/prod/{method}/{path}",
            context={"aws:SourceIp": "127.0.0.1"},
            identity=[policy(*role)] if role else [],
            resource_policy=policy(*resource) if resource else None,
            principal=SESSION.replace("Reader", "guest"),
        )
        for name, role, resource, method, path, verdict in VECTORS
    ]
    differing = {
        pair.name: (pair.expected, verdict)
        for pair, verdict in zip(pairs, iam_judge.verdicts(pairs), strict=True)
        if pair.expected != verdict
    }
    assert differing == {}


class TestResourcePoliciesWithoutSignatures:
    """Developer guide, authorization workflow: the policy itself must allow the call."""

    @pytest.mark.parametrize("authorizer", ["none", "cognito"])
    @pytest.mark.parametrize(
        ("statements", "status", "suffix"),
        [
            ([whoever("prod/GET/*")], 502, None),
            ([whoever("prod/POST/*")], 403, ""),
            (
                [whoever("*"), whoever("*/a", effect="Deny")],
                403,
                " with an explicit deny in a resource-based policy",
            ),
            ([on("*", Principal={"AWS": ROLE_ARN})], 403, ""),
            ([whoever("*", Condition={"IpAddress": {"aws:SourceIp": "127.0.0.1"}})], 502, None),
        ],
    )
    def test_an_explicit_allow_is_needed(self, env, authorizer, statements, status, suffix):
        stated = api("http://127.0.0.1:1", statements) | {"issuer_pool": "us-east-1_LocalShop"}
        stated["routes"] = [{"path": "/a", "authorizer": authorizer}]
        env.server.apply({"apis": [stated]})
        answer = env.get("/prod/a", token=env.id_token())
        assert answer.status == status
        if suffix is not None:
            assert answer.json == {
                "Message": "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
                f"arn:aws:execute-api:us-east-1:********9012:shop/prod/GET/a{suffix}"
            }
            assert "resource-based policy of the API shop" in env.last_call().reason

    def test_the_authorizer_comes_before_the_policy(self, env):
        stated = api("http://127.0.0.1:1", [whoever("prod/POST/*")]) | {"issuer_pool": "us-east-1_LocalShop"}
        stated["routes"] = [{"path": "/a", "authorizer": "cognito"}]
        env.server.apply({"apis": [stated]})
        assert env.get("/prod/a").status == 401

    def test_the_control_api_looks_at_it_too(self, env):
        env.server.apply({"apis": [api("http://127.0.0.1:1", [whoever("prod/GET/open")])]})
        env.iam.put_role_policy(
            RoleName="guest",
            PolicyName="own",
            PolicyDocument=json.dumps(policy(on("*", action="s3:GetObject"))),
        )
        decided = [
            env.server.authorize(env.guest, ACTION, f"{API}/prod/GET/{path}").decision
            for path in ("open", "closed")
        ]
        assert decided == [YES, NO]


def test_a_caller_of_another_account_needs_both_policies(env):
    """IAM guide: cross-account access. The API is moved to an account that the guest is not of."""
    from cogmock.iam.rules import api_policies

    assert api_policies.owner(f"{API}/prod/GET/a") == ACCOUNT
    elsewhere = "210987654321"
    arn = f"arn:aws:execute-api:us-east-1:{elsewhere}:far/prod/GET/a"
    env.iam.put_role_policy(RoleName="guest", PolicyName="own", PolicyDocument=json.dumps(policy(on(arn))))
    stated = api("http://127.0.0.1:1") | {"id": "far"}

    def decided(**more):
        env.server.apply({"accounts": {elsewhere: {"apis": [stated | more]}}})
        answer = env.get("/prod/a", credentials=env.guest, host=env.host("far"))
        return answer.status

    assert decided() == 403
    assert decided(policy=policy(whoever(arn))) == 502
