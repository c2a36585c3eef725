"""Tokens at authorizers of REST and HTTP APIs: which are taken, and how the others are refused."""

from __future__ import annotations

import base64
import json

import pytest
from support.guarded_shop import CLIENT, POOL, Shop, document

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.testing.server import CognitoServer

REST = {"id": "shop", "kind": "rest", "issuer_pool": POOL}
HTTP = {"id": "http", "kind": "http", "issuer_pool": POOL}


@pytest.fixture(scope="module")
def shop():
    """One server for all tests here; the server behind answers nothing, for only refusals and 502 matter."""
    with CognitoServer() as server:
        routes = [
            {"path": "/id", "authorizer": "cognito"},
            {"path": "/scope", "authorizer": "cognito", "scopes": ["articles/read", "articles/write"]},
            {"path": "/mine", "authorizer": "cognito", "audience": ["web"]},
        ]
        jwt = [{**route, "authorizer": "jwt"} for route in routes]
        rest = REST | {"upstream": "http://127.0.0.1:1", "routes": routes}
        http = HTTP | {"upstream": "http://127.0.0.1:1", "routes": jwt}
        server.apply(document(rest, http))
        server.apply(
            {
                "pools": [
                    {
                        "id": "us-east-1_Other",
                        "PoolName": "other",
                        "clients": [{"id": "c" * 24, "ClientName": "c"}],
                        "users": [{"Username": "ada", "password": "Corr3ct-Horse!"}],
                    }
                ]
            }
        )
        yield Shop(server)


PASSED = 502
"""The server behind is dead, so what passed the guard is a 502."""


def signed(shop, claims, *, key=0, algorithm="RS256", **header):
    region, pool = shop.world.find_pool(POOL)
    with Call(shop.world, region, "request") as call:
        return pool_tokens.signing_keys(call, pool)[key].sign(claims, algorithm, **header)


def claims(shop, **more):
    now = int(shop.world.clock.now())
    given = {"sub": "s", "aud": CLIENT, "token_use": "id", "iat": now, "exp": now + 600, "iss": f"x/{POOL}"}
    return {name: value for name, value in (given | more).items() if value is not None}


def rest(shop, path, token):
    return shop.get(path, token=token)


def http(shop, path, token):
    return shop.get(path, token=token, host=shop.host("http"))


def both(shop, token, path="/id"):
    """The status at the Cognito authorizer and at the JWT authorizer."""
    return rest(shop, path, token).status, http(shop, path, token).status


def changed(token, **header):
    """The token with another header and the same signature."""
    _, payload, signature = token.split(".")
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{head}.{payload}.{signature}"


def unsigned(shop, **header):
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (header, claims(shop))
    ]
    return ".".join([*parts, ""])


class TestTaken:
    def test_an_id_token_with_and_without_the_scheme(self, shop):
        token = shop.id_token()
        assert both(shop, token) == (PASSED, PASSED)
        for header in (token, f"bearer {token}", f"Bearer  {token}"):
            for host in (shop.host(), shop.host("http")):
                assert shop.send("GET", "/id", headers={"Authorization": header}, host=host).status == PASSED

    def test_an_access_token_where_scopes_are_asked_and_one_of_them_is_enough(self, shop):
        token = shop.access_token(scopes=["openid", "articles/write"])
        assert both(shop, token, "/scope") == (PASSED, PASSED)

    def test_a_jwt_authorizer_takes_access_tokens_without_scopes_too(self, shop):
        assert both(shop, shop.access_token()) == (401, PASSED)

    def test_a_revoked_token_and_one_of_a_deleted_user_pass_until_they_expire(self, shop):
        """As on AWS: the gateway has the pool's public keys and nothing else."""
        shop.idp.admin_create_user(UserPoolId=POOL, Username="gone", MessageAction="SUPPRESS")
        token = shop.id_token("gone")
        shop.idp.admin_user_global_sign_out(UserPoolId=POOL, Username="gone")
        assert both(shop, token) == (PASSED, PASSED)
        shop.idp.admin_delete_user(UserPoolId=POOL, Username="gone")
        assert both(shop, token) == (PASSED, PASSED)

    def test_aud_counts_before_client_id(self, shop):
        """API Gateway looks at client_id only where there is no aud."""
        by_id = signed(shop, claims(shop, aud=None, client_id=CLIENT))
        beside = signed(shop, claims(shop, aud="https://api.example", client_id=CLIENT))
        several = signed(shop, claims(shop, aud=["https://api.example", CLIENT]))
        assert [http(shop, "/mine", token).status for token in (by_id, beside, several)] == [
            PASSED,
            401,
            PASSED,
        ]

    def test_a_token_of_another_client_where_the_audience_is_stated(self, shop):
        other = shop.id_token(client_id="otherclient0000000000000")
        assert both(shop, other) == (PASSED, PASSED)
        assert both(shop, other, "/mine") == (401, 401)
        told = http(shop, "/mine", other).headers["www-authenticate"]
        assert (
            told
            == 'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"'
        )


class TestRefusals:
    """Status, body and headers are API Gateway's."""

    def test_of_a_rest_api(self, shop):
        answer = shop.get("/id")
        assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}')
        assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-amzn-requestid"]

    def test_of_an_http_api(self, shop):
        answer = shop.get("/id", host=shop.host("http"))
        assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}')
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["apigw-requestid"]
        assert "x-amzn-errortype" not in answer.headers

    def test_a_lacking_scope(self, shop):
        token = shop.access_token(scopes=["articles/delete"])
        answer = http(shop, "/scope", token)
        assert (answer.status, answer.json) == (403, {"message": "Forbidden"})
        assert (
            'scope="articles/read articles/write" error="insufficient_scope"'
            in answer.headers["www-authenticate"]
        )
        answer = rest(shop, "/scope", token)
        assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})

    def test_an_id_token_has_no_scopes(self, shop):
        assert both(shop, shop.id_token(), "/scope") == (401, 403)

    def test_an_expired_token(self, shop):
        token = signed(shop, claims(shop, exp=int(shop.world.clock.now()) - 5))
        answer = rest(shop, "/id", token)
        assert (answer.status, answer.json) == (401, {"message": "The incoming token has expired"})
        answer = http(shop, "/id", token)
        assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
        assert 'error_description="the token has expired"' in answer.headers["www-authenticate"]

    def test_the_clock_is_the_world_s(self, shop):
        token = shop.id_token()
        shop.server.clock.advance(hours=2)
        assert both(shop, token) == (401, 401)
        shop.server.clock.reset()
        assert both(shop, token) == (PASSED, PASSED)

    def test_each_is_explained_in_the_journal(self, shop):
        http(shop, "/scope", shop.access_token(scopes=["articles/delete"]))
        entry = shop.last_call()
        assert (entry.operation, entry.error, entry.username) == ("ANY /scope", "Forbidden", "ada")
        assert (
            entry.reason
            == "the route wants one of articles/read articles/write, the token has articles/delete"
        )


class TestExplained:
    def test_log_and_journal_have_the_reason_that_the_caller_does_not_get(self, shop, caplog):
        with caplog.at_level("INFO", "cogmock"):
            http(shop, "/scope", shop.id_token())
        (line,) = [record.getMessage() for record in caplog.records if "/scope" in record.getMessage()]
        reason = "the route wants one of articles/read articles/write, the token has none"
        assert line.startswith("✗ ANY /scope")
        assert line.endswith(f"Forbidden · {reason}")
        told = shop.send("GET", "/_cogmock/requests", host="localhost").json["requests"][-1]
        assert (told["service"], told["reason"], told["status"]) == ("execute-api", reason, 403)
        assert (
            told["parameters"]["Arn"] == "arn:aws:execute-api:us-east-1:123456789012:http/$default/GET/scope"
        )

    def test_the_console_lists_it(self, shop):
        http(shop, "/scope", shop.id_token())
        page = shop.send("GET", "/_cogmock/ui/calls", host="localhost")
        assert page.status == 200
        assert b"ANY /scope" in page.body

    def test_what_passes_says_by_what(self, shop):
        rest(shop, "/id", shop.id_token())
        entry = shop.last_call()
        assert entry.parameters["Authorizer"] == "cognito"
        assert (entry.user_pool_id, entry.username) == (POOL, "ada")

    def test_tokens_are_in_neither(self, shop, caplog):
        token = shop.id_token()
        with caplog.at_level("DEBUG", "cogmock"):
            rest(shop, "/id", token)
            http(shop, f"/id?token={token}", token)
        signature = token.rpartition(".")[2]
        told = shop.send("GET", "/_cogmock/requests", host="localhost").body.decode()
        assert signature not in caplog.text
        assert signature not in told


class TestBadTokens:
    @pytest.mark.parametrize(
        "token",
        [
            "",
            "x",
            "a.b.c",
            "....",
            "\xff.\xff.\xff",
            "e30.e30.e30",
            "x" * 50000,
            "null.null.null",
            "Bearer",
            "e30.W10.",
        ],
    )
    def test_what_is_no_token(self, shop, token):
        assert both(shop, token) == (401, 401)

    def test_a_token_of_another_pool(self, shop):
        token = shop.control(
            "/tokens", {"user_pool_id": "us-east-1_Other", "client_id": "c" * 24, "username": "ada"}
        )["id_token"]
        assert both(shop, token) == (401, 401)
        assert shop.last_call().reason == f"the token is not of {POOL}: its issuer is us-east-1_Other"

    @pytest.mark.parametrize(
        "header", [{"alg": "none"}, {"alg": "None"}, {"alg": "HS256"}, {"alg": "RS512"}, {}]
    )
    def test_tricks_with_alg(self, shop, header):
        kid = shop.world.find_pool(POOL)[1].keys[0].kid if shop.id_token() else ""
        assert both(shop, unsigned(shop, kid=kid, **header)) == (401, 401)
        assert both(shop, changed(shop.id_token(), kid=kid, **header)) == (401, 401)

    def test_hmac_with_the_public_key(self, shop):
        """The classic confusion: the verifier's public key taken for a shared secret."""
        import hashlib
        import hmac

        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        key = shop.world.find_pool(POOL)[1].keys[0] if shop.id_token() else None
        pem = key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        head = unsigned(shop, alg="HS256", kid=key.kid).rpartition(".")[0]
        made = base64.urlsafe_b64encode(hmac.digest(pem, head.encode(), hashlib.sha256)).rstrip(b"=").decode()
        assert both(shop, f"{head}.{made}") == (401, 401)

    def test_a_key_id_of_another_kind(self, shop):
        token = shop.id_token()
        for kid in (None, 7, [], "x", {"a": 1}):
            assert both(shop, changed(token, alg="RS256", kid=kid)) == (401, 401)

    def test_a_token_that_names_its_own_key(self, shop):
        from cogmock.crypto.jws import SigningKey

        key = SigningKey.generate()
        own = key.sign(claims(shop), jwk=json.dumps(key.jwk()), jku="http://127.0.0.1:1/keys")
        assert both(shop, own) == (401, 401)

    def test_critical_extensions_are_not_understood(self, shop):
        assert both(shop, signed(shop, claims(shop), crit="exp")) == (401, 401)

    def test_a_changed_payload(self, shop):
        head, _, signature = shop.id_token("bob").split(".")
        payload = shop.id_token("ada").split(".")[1]
        assert both(shop, f"{head}.{payload}.{signature}") == (401, 401)

    @pytest.mark.parametrize(
        "times",
        [
            {"exp": None},
            {"exp": "9999999999"},
            {"exp": True},
            {"exp": -1},
            {"nbf": 9999999999},
            {"iat": 9999999999},
            {"nbf": []},
        ],
    )
    def test_times(self, shop, times):
        assert both(shop, signed(shop, claims(shop, **times))) == (401, 401)

    @pytest.mark.parametrize("use", ["access", "refresh", "", None])
    def test_a_cognito_authorizer_wants_id_tokens(self, shop, use):
        assert both(shop, signed(shop, claims(shop, token_use=use))) == (401, PASSED)

    @pytest.mark.parametrize("scope", [None, 7, "articles", "articles/reader", {"articles/read": 1}])
    def test_scopes_that_are_none(self, shop, scope):
        token = signed(shop, claims(shop, token_use="access", scope=scope), key=1)
        assert both(shop, token, "/scope") == (401, 403)

    def test_two_authorization_headers(self, shop):
        given = [
            ("Authorization", f"Bearer {shop.id_token()}"),
            ("Authorization", f"Bearer {shop.id_token('bob')}"),
        ]
        for host in (shop.host(), shop.host("http")):
            assert shop.send("GET", "/id", headers=given, host=host).status == 401

    def test_a_token_elsewhere_is_none(self, shop):
        token = shop.id_token()
        assert shop.get(f"/id?Authorization={token}").status == 401
        assert (
            shop.send(
                "GET", "/id", headers={"X-Authorization": token, "Cookie": f"Authorization={token}"}
            ).status
            == 401
        )
