"""A guest, a free and a premium user at an API, in each mode of authorization."""

from __future__ import annotations

import json

import pytest
from support.guarded_shop import POOL, invoke, policy

PATHS = {"free": "/prod/free/a", "premium": "/prod/premium/b", "admin": "/prod/admin/c"}


def routes(authorizer):
    """Three routes: one is open to all, one to members, one to nobody yet."""
    match authorizer:
        case "iam":
            return [{"path": "/{proxy+}", "authorizer": "iam"}]
        case "none":
            return [{"path": "/free/{id}"}]
    return [
        {"path": "/free/{id}"},
        {"path": "/premium/{id}", "authorizer": authorizer},
        {"path": "/admin/{id}", "authorizer": authorizer, "scopes": ["shop/admin"]},
    ]


def api(behind, kind, authorizer):
    base = {"id": "shop", "kind": kind, "stage": "prod", "upstream": behind.url, "issuer_pool": POOL}
    return base | {"routes": routes(authorizer)}


def answers(shop, ways):
    """Who → the status of each of the three routes."""
    return {who: [shop.get(path, **way).status for path in PATHS.values()] for who, way in ways.items()}


class TestIam:
    """The seed's story: roles by identity pool and group, policies that are edited while it runs."""

    @pytest.mark.parametrize("kind", ["rest", "http"])
    def test_guest_free_and_premium_then_a_policy_and_a_group_change(self, shop, behind, kind):
        env = shop(
            api(behind, kind, "iam"),
            guest=[invoke("GET/free/*")],
            free=[invoke("GET/free/*")],
            premium=[invoke("GET/free/*", "GET/premium/*")],
        )
        who = {name: {"credentials": env.credentials(name)} for name in ("bob", "ada")}
        who |= {"guest": {"credentials": env.credentials()}, "nobody": {}}
        assert answers(env, who) == {
            "nobody": [403, 403, 403],
            "guest": [200, 403, 403],
            "bob": [200, 403, 403],
            "ada": [200, 200, 403],
        }
        env.iam.put_role_policy(
            RoleName="premium",
            PolicyName="own",
            PolicyDocument=json.dumps(policy(invoke("GET/*"), invoke("GET/free/*", effect="Deny"))),
        )
        assert answers(env, {"ada": who["ada"]}) == {"ada": [403, 200, 200]}
        env.idp.admin_add_user_to_group(UserPoolId=POOL, Username="bob", GroupName="premium")
        assert answers(env, {"bob": who["bob"]}) == {"bob": [200, 403, 403]}  # the old credentials
        assert answers(env, {"bob": {"credentials": env.credentials("bob")}}) == {"bob": [403, 200, 200]}

    def test_the_same_decisions_by_the_control_api(self, shop, behind):
        env = shop(api(behind, "rest", "iam"), guest=[invoke("GET/free/*")])
        credentials = env.credentials()
        asked = {"access_key_id": credentials["AccessKeyId"], "action": "execute-api:Invoke"}
        arn = "arn:aws:execute-api:us-east-1:123456789012:shop/prod/GET/"
        verdicts = {
            path: env.control("/authorize", asked | {"resource": arn + path})["decision"]
            for path in ("free/a", "premium/b")
        }
        assert verdicts == {"free/a": "allowed", "premium/b": "implicitDeny"}


@pytest.mark.parametrize(("kind", "authorizer"), [("rest", "cognito"), ("http", "jwt"), ("rest", "jwt")])
def test_tokens_open_routes_by_their_scopes(shop, behind, kind, authorizer):
    env = shop(api(behind, kind, authorizer))
    who = {
        "guest": {},
        "id": {"token": env.id_token("bob")},
        "access": {"token": env.access_token("bob")},
        "admin": {"token": env.access_token("ada", scopes=["shop/admin"])},
    }
    lacking = 401 if authorizer == "cognito" else 403
    by_access = lacking if authorizer == "jwt" else 401
    assert answers(env, who) == {
        "guest": [200, 401, 401],
        "id": [200, 200, lacking],
        "access": [200, 200 if authorizer == "jwt" else 401, by_access],
        "admin": [200, 200 if authorizer == "jwt" else 401, 200],
    }


def test_an_open_route_takes_anybody_and_others_are_not_there(shop, behind):
    env = shop(api(behind, "http", "none"))
    assert answers(env, {"guest": {}}) == {"guest": [200, 404, 404]}


def test_a_group_change_is_in_the_next_token(shop, behind):
    env = shop(api(behind, "http", "jwt"))

    def groups():
        env.get(PATHS["premium"], token=env.id_token("bob"))
        return behind.context["authorizer"]["jwt"]["claims"].get("cognito:groups")

    before = groups()
    env.idp.admin_add_user_to_group(UserPoolId=POOL, Username="bob", GroupName="premium")
    assert (before, groups()) == (None, "[premium]")
