"""The request context for the server behind, in the shapes of API Gateway's versions 1.0 and 2.0."""

from __future__ import annotations

import re

from support.guarded_shop import CLIENT, IDENTITIES, POOL, PROVIDER, invoke

ROUTES = [
    {"path": "/open/{id}"},
    {"path": "/signed/{proxy+}", "authorizer": "iam"},
]


def api(behind, kind, authorizer):
    routes = [*ROUTES, {"path": "/me", "method": "GET", "authorizer": authorizer}]
    routes.append({"path": "/scoped", "authorizer": authorizer, "scopes": ["articles/read"]})
    base = {"id": "shop", "kind": kind, "stage": "prod", "upstream": behind.url, "issuer_pool": POOL}
    return base | {"routes": routes}


def shop_of(shop, behind, kind):
    return shop(
        api(behind, kind, "cognito" if kind == "rest" else "jwt"),
        guest=[invoke("GET/*")],
        premium=[invoke("GET/*")],
    )


class TestRest:
    def test_an_open_route(self, shop, behind):
        env = shop_of(shop, behind, "rest")
        env.get("/prod/open/1?x=y", headers={"User-Agent": "me"})
        context = behind.context
        assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context.pop("requestTime"))
        assert abs(context.pop("requestTimeEpoch") / 1000 - env.world.clock.now()) < 60
        assert context.pop("requestId") == context.pop("extendedRequestId")
        identity = context.pop("identity")
        assert {name: of for name, of in identity.items() if of} == {
            "sourceIp": "127.0.0.1",
            "userAgent": "me",
        }
        assert context == {
            "accountId": "123456789012",
            "apiId": "shop",
            "domainName": "shop.execute-api.us-east-1.localhost",
            "domainPrefix": "shop",
            "httpMethod": "GET",
            "path": "/prod/open/1",
            "protocol": "HTTP/1.1",
            "resourcePath": "/open/{id}",
            "stage": "prod",
        }

    def test_claims_are_texts_and_times_are_dates(self, shop, behind):
        env = shop_of(shop, behind, "rest")
        env.idp.admin_add_user_to_group(UserPoolId=POOL, Username="ada", GroupName="staff")
        env.idp.admin_update_user_attributes(
            UserPoolId=POOL,
            Username="ada",
            UserAttributes=[
                {"Name": "email", "Value": "ada@example.com"},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        env.get("/prod/me", token=env.id_token())
        claims = behind.context["authorizer"]["claims"]
        assert all(isinstance(value, str) for value in claims.values())
        assert sorted(claims["cognito:groups"].split(",")) == ["premium", "staff"]
        assert (claims["aud"], claims["token_use"], claims["email_verified"]) == (CLIENT, "id", "true")
        assert re.fullmatch(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}", claims["exp"])
        assert claims["auth_time"].isdigit()

    def test_scopes_stand_beside_the_claims(self, shop, behind):
        env = shop_of(shop, behind, "rest")
        env.get("/prod/scoped", token=env.access_token(scopes=["openid", "articles/read"]))
        assert behind.context["authorizer"]["scopes"] == ["openid", "articles/read"]

    def test_the_identity_of_a_signer(self, shop, behind):
        env = shop_of(shop, behind, "rest")
        credentials = env.credentials("ada")
        env.get("/prod/signed/a", credentials=credentials)
        identity = behind.context["identity"]
        assert identity["cognitoIdentityPoolId"] == IDENTITIES
        assert identity["cognitoIdentityId"].startswith("us-east-1:")
        assert identity["cognitoAuthenticationType"] == "authenticated"
        assert re.fullmatch(
            rf"{re.escape(PROVIDER)},{re.escape(PROVIDER)}:CognitoSignIn:[0-9a-f-]{{36}}",
            identity["cognitoAuthenticationProvider"],
        )
        assert identity["accessKey"] == credentials["AccessKeyId"]
        assert identity["userArn"].endswith(":assumed-role/premium/CognitoIdentityCredentials")
        assert identity["caller"] == identity["user"]
        assert identity["user"].endswith(":CognitoIdentityCredentials")
        assert "authorizer" not in behind.context

    def test_a_guest(self, shop, behind):
        env = shop_of(shop, behind, "rest")
        env.get("/prod/signed/a", credentials=env.credentials())
        identity = behind.context["identity"]
        assert identity["cognitoAuthenticationType"] == "unauthenticated"
        assert identity["cognitoAuthenticationProvider"] is None


class TestHttp:
    def test_an_open_route(self, shop, behind):
        env = shop_of(shop, behind, "http")
        env.ask("POST", "/prod/open/1?x=y", headers={"User-Agent": "me"})
        context = behind.context
        assert context.pop("requestId")
        assert context.pop("time").endswith(" +0000")
        assert context.pop("timeEpoch") > 1_600_000_000_000
        assert context == {
            "accountId": "123456789012",
            "apiId": "shop",
            "domainName": "shop.execute-api.us-east-1.localhost",
            "domainPrefix": "shop",
            "http": {
                "method": "POST",
                "path": "/prod/open/1",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "me",
            },
            "routeKey": "ANY /open/{id}",
            "stage": "prod",
        }

    def test_claims_and_scopes(self, shop, behind):
        env = shop_of(shop, behind, "http")
        env.idp.admin_add_user_to_group(UserPoolId=POOL, Username="ada", GroupName="staff")
        env.get("/prod/me", token=env.id_token())
        jwt = behind.context["authorizer"]["jwt"]
        assert all(isinstance(value, str) for value in jwt["claims"].values())
        assert jwt["claims"]["cognito:groups"] in {"[premium staff]", "[staff premium]"}
        assert jwt["claims"]["exp"].isdigit()
        assert jwt["scopes"] is None
        env.get("/prod/scoped", token=env.access_token(scopes=["articles/read"]))
        assert behind.context["authorizer"]["jwt"]["scopes"] == ["articles/read"]
        assert behind.context["routeKey"] == "ANY /scoped"

    def test_the_identity_of_a_signer(self, shop, behind):
        env = shop_of(shop, behind, "http")
        env.get("/prod/signed/a", credentials=env.credentials("ada"))
        iam = behind.context["authorizer"]["iam"]
        assert iam["cognitoIdentity"]["identityId"].startswith("us-east-1:")
        assert iam["cognitoIdentity"]["identityPoolId"] == IDENTITIES
        assert iam["cognitoIdentity"]["amr"][:2] == ["authenticated", PROVIDER]
        assert iam["userId"] == iam["callerId"]
        assert iam["accountId"] == behind.context["accountId"] == "123456789012"


def test_letters_of_all_scripts_travel_in_a_header(shop, behind):
    env = shop_of(shop, behind, "http")
    attribute = {"Name": "name", "Value": "Ada Łovelace 🌒"}
    env.idp.admin_update_user_attributes(UserPoolId=POOL, Username="ada", UserAttributes=[attribute])
    env.get("/prod/me", token=env.id_token())
    assert behind.last.headers["x-amzn-request-context"].isascii()
    assert behind.context["authorizer"]["jwt"]["claims"]["name"] == "Ada Łovelace 🌒"
