"""Signed requests at routes with the authorizer iam: who is let in, and how the others are refused."""

from __future__ import annotations

import json

import pytest
from support.guarded_shop import invoke, presigned, signed

ROUTES = [{"path": "/{proxy+}", "authorizer": "iam"}]


@pytest.fixture
def env(shop, behind):
    base = {"kind": "rest", "stage": "prod", "upstream": behind.url, "routes": ROUTES}
    return shop(
        base | {"id": "shop"},
        base | {"id": "http", "kind": "http"},
        guest=[invoke("*/free/*"), invoke("*/free/*", api="http")],
    )


def refused(answer, error):
    assert (answer.status, answer.headers["x-amzn-errortype"]) == (403, error)
    return answer.json


class TestPassed:
    def test_a_body_and_a_query_are_covered(self, env, behind):
        credentials = env.credentials()
        target = "/prod/free/a%20b?x=1&y=a%20b"
        answer = env.ask("POST", target, credentials=credentials, body=b'{"a": 1}')
        assert answer.status == 200
        assert (behind.target, behind.last.get_data()) == ("/free/a%20b?x=1&y=a%20b", b'{"a": 1}')

    def test_a_presigned_url(self, env, behind):
        target = presigned("/prod/free/a?x=1", env.credentials(), env.host())
        assert env.get(target).status == 200
        assert behind.target == "/free/a?x=1"

    def test_on_the_plain_host(self, env):
        host = f"localhost:{env.port}"
        answer = env.get("/_api/shop/prod/free/a", credentials=env.credentials(), host=host)
        assert answer.status == 200

    def test_neither_signature_nor_session_token_goes_further(self, env, behind):
        env.get("/prod/free/a", credentials=env.credentials())
        assert not {"Authorization", "X-Amz-Security-Token", "X-Amz-Date"} & set(dict(behind.last.headers))


class TestRefusals:
    def test_a_denied_request_names_caller_action_and_resource(self, env):
        content = refused(env.get("/prod/premium/a", credentials=env.credentials()), "AccessDeniedException")
        assert content == {
            "Message": "User: arn:aws:sts::123456789012:assumed-role/guest/CognitoIdentityCredentials is not authorized "
            "to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:shop/prod/GET/premium/a "
            "because no identity-based policy allows the execute-api:Invoke action"
        }
        entry = env.last_call()
        assert entry.parameters["Arn"].endswith(":123456789012:shop/prod/GET/premium/a")
        assert "close: identity-based policy own, Allow" in entry.reason

    def test_an_http_api_says_forbidden_to_all(self, env):
        host = env.host("http")
        bad = {**env.credentials(), "SecretKey": "x"}
        for credentials in (None, bad, env.credentials()):
            answer = env.get("/prod/premium/a", credentials=credentials, host=host)
            assert (answer.status, answer.json) == (403, {"message": "Forbidden"})

    def test_an_unsigned_request(self, env):
        assert refused(env.get("/prod/free/a"), "MissingAuthenticationTokenException") == {
            "message": "Missing Authentication Token"
        }

    def test_a_token_in_place_of_a_signature(self, env):
        content = refused(env.get("/prod/free/a", token=env.id_token()), "IncompleteSignatureException")
        assert content["message"].startswith("Authorization header requires 'Credential' parameter.")

    def test_a_wrong_secret(self, env):
        answer = env.get("/prod/free/a", credentials={**env.credentials(), "SecretKey": "x"})
        assert (
            "does not match the signature you provided"
            in refused(answer, "InvalidSignatureException")["message"]
        )

    @pytest.mark.parametrize("change", [{"AccessKeyId": "ASIAAAAAAAAAAAAAAAAA"}, {"SessionToken": "x"}])
    def test_keys_that_are_not_known(self, env, change):
        answer = env.get("/prod/free/a", credentials={**env.credentials(), **change})
        assert refused(answer, "UnrecognizedClientException") == {
            "message": "The security token included in the request is invalid."
        }

    def test_the_session_token_of_somebody_else(self, env):
        mine, other = env.credentials(), env.credentials("ada")
        answer = env.get("/prod/free/a", credentials={**mine, "SessionToken": other["SessionToken"]})
        refused(answer, "UnrecognizedClientException")

    def test_expired_credentials(self, env):
        credentials = env.credentials()
        env.server.clock.advance(hours=13)
        answer = env.get("/prod/free/a", credentials=credentials)
        assert refused(answer, "ExpiredTokenException") == {
            "message": "The security token included in the request is expired"
        }

    @pytest.mark.parametrize("change", ["method", "path", "query", "body", "host"])
    def test_a_request_that_is_not_the_signed_one(self, env, behind, change):
        credentials, host = env.credentials(), env.host()
        headers = signed("POST", "/prod/free/a?x=1", credentials, host, body=b"one")
        sent = {"method": "POST", "target": "/prod/free/a?x=1", "body": b"one", "host": host}
        sent |= {
            "method": {"method": "PUT"},
            "path": {"target": "/prod/free/b?x=1"},
            "query": {"target": "/prod/free/a?x=2"},
            "body": {"body": b"two"},
            "host": {"host": f"localhost:{env.port}", "target": "/_api/shop/prod/free/a?x=1"},
        }[change]
        refused(env.send(headers=headers, **sent), "InvalidSignatureException")
        assert behind.requests == []

    @pytest.mark.parametrize("scope", [{"service": "s3"}, {"service": "appsync"}, {"region": "eu-west-1"}])
    def test_a_signature_for_another_service_or_region(self, env, scope):
        headers = signed("GET", "/prod/free/a", env.credentials(), env.host(), **scope)
        content = refused(env.send("GET", "/prod/free/a", headers=headers), "InvalidSignatureException")
        assert content["message"].startswith("Credential should be scoped to")

    def test_an_old_signature(self, env, monkeypatch):
        headers = signed("GET", "/prod/free/a", env.credentials(), env.host())
        real = env.world.clock.real
        monkeypatch.setattr(type(env.world.clock), "real", lambda _: real() + 400)
        content = refused(env.send("GET", "/prod/free/a", headers=headers), "InvalidSignatureException")
        assert content["message"].startswith("Signature expired")

    def test_an_old_presigned_url(self, env):
        target = presigned("/prod/free/a", env.credentials(), env.host(), expires=30)
        env.server.clock.advance(minutes=1)
        refused(env.get(target), "InvalidSignatureException")

    @pytest.mark.parametrize(
        "query", ["X-Amz-Expires=0", "X-Amz-Expires=x", "X-Amz-Date=now", "X-Amz-Credential=a"]
    )
    def test_presigned_urls_that_cannot_be_read(self, env, query):
        target = presigned("/prod/free/a", env.credentials(), env.host())
        name = query.partition("=")[0]
        parts = [query if part.startswith(f"{name}=") else part for part in target.split("&")]
        assert env.get("&".join(parts)).status == 403

    @pytest.mark.parametrize("second", ["Bearer x", "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request"])
    def test_two_authorization_headers(self, env, second):
        headers = list(signed("GET", "/prod/free/a", env.credentials(), env.host()).items())
        for order in ([*headers, ("Authorization", second)], [("Authorization", second), *headers]):
            assert env.send("GET", "/prod/free/a", headers=order).status == 403

    @pytest.mark.parametrize(
        "header",
        [
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=ab",
            "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=;, Signature=ab",
            "AWS4-HMAC-SHA256 Credential=a/b/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=ab",
            "AWS4-ECDSA-P256-SHA256 Credential=a/b/us-east-1/execute-api/aws4_request",
            "\xe9",
        ],
    )
    def test_headers_that_cannot_be_read(self, env, header):
        assert env.send("GET", "/prod/free/a", headers={"Authorization": header}).status == 403

    def test_the_account_s_own_keys_are_not_known_to_guards(self, env):
        keys = {"AccessKeyId": "testing", "SecretKey": "testing", "SessionToken": ""}
        refused(env.get("/prod/free/a", credentials=keys), "UnrecognizedClientException")


class TestRolesAndPolicies:
    def test_a_deleted_role_allows_nothing(self, env):
        credentials = env.credentials()
        env.iam.delete_role_policy(RoleName="guest", PolicyName="own")
        env.iam.delete_role(RoleName="guest")
        refused(env.get("/prod/free/a", credentials=credentials), "AccessDeniedException")

    def test_variables_and_conditions_of_the_request(self, env):
        statement = invoke("GET/free/${cognito-identity.amazonaws.com:sub}/*")
        statement["Condition"] = {
            "StringLike": {"aws:UserAgent": "paper/*"},
            "IpAddress": {"aws:SourceIp": "127.0.0.1/32"},
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        env.iam.put_role_policy(RoleName="guest", PolicyName="own", PolicyDocument=json.dumps(document))
        credentials = env.credentials()
        identity_id = env.identity.get_id(IdentityPoolId="us-east-1:00000000-0000-4000-8000-000000000001")[
            "IdentityId"
        ]
        own = next(
            of.session.context["cognito-identity.amazonaws.com:sub"]
            for of in [
                type("Of", (), {"session": env.world.account().credentials.get(credentials["AccessKeyId"])})
            ]
        )
        agent = {"User-Agent": "paper/1"}
        for target, status in (
            (f"/prod/free/{own}/a", 200),
            (f"/prod/free/{own.replace(':', '%3A')}/a", 200),
            (f"/prod/free/{identity_id}/a", 403),
        ):
            assert env.get(target, credentials=credentials, headers=agent).status == status
        assert env.get(f"/prod/free/{own}/a", credentials=credentials).status == 403
