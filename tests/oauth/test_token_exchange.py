"""The grant token-exchange of POST /oauth2/token (RFC 8693)."""

from __future__ import annotations

import pytest
from support.browser import basic
from support.pool_env import refused
from support.sign_in import read

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS = "urn:ietf:params:oauth:token-type:access_token"
IDENTITY = "urn:ietf:params:oauth:token-type:id_token"
BOTH = ["ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"]
SERVICE = {
    "GenerateSecret": True,
    "ExplicitAuthFlows": BOTH,
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email", "shop/read"],
    "CallbackURLs": ["https://service.example.com/in"],
}


@pytest.fixture
def tokens(env):
    """A user's tokens, of an app client that users sign in with; env's own client is then a service."""
    env.idp.create_resource_server(
        UserPoolId=env.pool_id,
        Identifier="shop",
        Name="shop",
        Scopes=[{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")],
    )
    found = env.tokens(scope="openid email")
    env.client_of(**SERVICE)
    return found


def exchange(env, subject, kind=ACCESS, *, headers=None, **more):
    fields = {
        "grant_type": GRANT,
        "client_id": env.client_id,
        "client_secret": env.secret,
        "subject_token": subject,
        "subject_token_type": kind,
        **more,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return env.token(given, **({"headers": headers} if headers else {}))


def problem(answer, error):
    assert (answer.status, answer.json) == (400, {"error": error})


class TestTokenExchange:
    def test_an_access_token_for_another_audience_and_no_refresh_token(self, env, tokens):
        answer = exchange(env, tokens["access_token"], audience="billing")
        assert answer.status == 200
        found = answer.json
        claims, subject = read(found.pop("access_token")), read(tokens["access_token"])
        assert found == {
            "issued_token_type": ACCESS,
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": "openid email",
        }
        assert (claims["aud"], claims["client_id"], claims["sub"]) == (
            "billing",
            env.client_id,
            subject["sub"],
        )
        assert "act" not in claims

    def test_the_scopes_that_all_three_have(self, env, tokens):
        answer = exchange(env, tokens["access_token"], scope="email shop/read")
        assert answer.json["scope"] == "email"
        assert read(answer.json["access_token"])["scope"] == "email"
        problem(exchange(env, tokens["access_token"], scope="shop/read"), "invalid_scope")

    def test_an_id_token_for_an_id_token(self, env, tokens):
        found = exchange(env, tokens["id_token"], IDENTITY, requested_token_type=IDENTITY).json
        assert found["issued_token_type"] == IDENTITY
        assert read(found["access_token"])["token_use"] == "id"

    def test_a_resource_is_a_resource_server(self, env, tokens):
        found = exchange(env, tokens["access_token"], resource="shop").json
        assert read(found["access_token"])["aud"] == "shop"
        problem(exchange(env, tokens["access_token"], resource="other"), "invalid_target")

    def test_an_actor_is_named(self, env, tokens):
        env.add_user("bob")
        service, secret = env.client_id, env.secret
        env.client_of()
        bob = env.token_of("bob")
        env.client_id, env.secret = service, secret
        given = {"actor_token": bob, "actor_token_type": ACCESS}
        found = exchange(env, tokens["access_token"], **given).json
        assert read(found["access_token"])["act"]["sub"] == read(bob)["sub"]
        problem(exchange(env, tokens["access_token"], actor_token=bob), "invalid_request")
        problem(exchange(env, tokens["access_token"], actor_token_type=ACCESS), "invalid_request")
        problem(
            exchange(env, tokens["access_token"], actor_token="x", actor_token_type=ACCESS), "invalid_request"
        )

    def test_the_client_may_come_by_a_basic_header(self, env, tokens):
        answer = exchange(
            env,
            tokens["access_token"],
            headers=basic(env.client_id, env.secret),
            client_id=None,
            client_secret=None,
        )
        assert answer.json["access_token"]

    @pytest.mark.parametrize(("flow", "allowed"), [(BOTH[0], "alone"), (BOTH[1], "with an actor")])
    def test_each_of_the_two_flows_opens_one_kind(self, env, tokens, flow, allowed):
        env.client_of(**SERVICE | {"ExplicitAuthFlows": [flow]})
        actor = {"actor_token": tokens["access_token"], "actor_token_type": ACCESS}
        for kind, given in (("alone", {}), ("with an actor", actor)):
            answer = exchange(env, tokens["access_token"], **given)
            if kind == allowed:
                assert answer.status == 200
            else:
                problem(answer, "unauthorized_client")

    @pytest.mark.parametrize(
        "more",
        [
            {"subject_token": None},
            {"subject_token_type": None},
            {"subject_token_type": "access_token"},
            {"subject_token_type": "urn:ietf:params:oauth:token-type:jwt"},
            {"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"},
            {"subject_token_type": IDENTITY},
            {"subject_token": "x"},
            {"requested_token_type": "urn:ietf:params:oauth:token-type:saml2"},
            {"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
            {"audience": "a", "resource": "shop"},
        ],
    )
    def test_what_is_no_request(self, env, tokens, more):
        problem(exchange(env, tokens["access_token"], **more), "invalid_request")
        assert env.cognito.requests[-1].reason

    def test_a_wrong_secret(self, env, tokens):
        answer = exchange(env, tokens["access_token"], client_secret="x" * 51)
        assert (answer.status, answer.json["error"]) == (400, "invalid_client")

    def test_it_dies_with_the_sign_in_of_its_subject(self, env, tokens):
        env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="ada")
        problem(exchange(env, tokens["access_token"]), "invalid_request")

    def test_lite_has_no_such_clients(self, env):
        env.idp.update_user_pool(UserPoolId=env.pool_id, UserPoolTier="LITE")
        for flow in BOTH:
            with refused("FeatureUnavailableInTierException"):
                env.client_of(**SERVICE | {"ExplicitAuthFlows": [flow]})

    def test_a_trigger_that_refuses(self, env, tokens, cognito):
        arn = "arn:aws:lambda:us-east-1:123456789012:function:claims"

        def refuse(_event, _context):
            raise ValueError("not you")

        cognito.functions["claims"] = refuse
        env.idp.update_user_pool(UserPoolId=env.pool_id, LambdaConfig={"PreTokenGeneration": arn})
        problem(exchange(env, tokens["access_token"]), "invalid_request")
        assert "not you" in env.cognito.requests[-1].reason
