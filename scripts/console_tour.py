"""A server full of things to see in the console, and a way through its sections: for screenshots and tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from botocore.exceptions import ClientError

PASSWORD = "Corr3ct-Horse!"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
HOST = "cognito-identity.amazonaws.com"
WIDTHS = (390, 1280, 1920)


class Shop:
    """A user pool with ada, a client whose pages may end on the callback page, and calls about them."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.idp = server.client("cognito-idp", region_name="us-east-1")
        self.pool = self.idp.create_user_pool(
            PoolName="shop",
            AutoVerifiedAttributes=["email"],
            UserPoolTags={"_custom_id_": "us-east-1_LocalShop"},
        )["UserPool"]["Id"]
        self.callback = f"{server.url}/_cogmock/callback"
        self.client = self.idp.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="web",
            ExplicitAuthFlows=FLOWS,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            CallbackURLs=[self.callback],
            LogoutURLs=[self.callback],
            SupportedIdentityProviders=["COGNITO"],
        )["UserPoolClient"]["ClientId"]
        self.user("ada")

    def user(self, name: str) -> None:
        mail = [
            {"Name": "email", "Value": f"{name}@example.com"},
            {"Name": "email_verified", "Value": "true"},
        ]
        named = {"UserPoolId": self.pool, "Username": name}
        self.idp.admin_create_user(**named, UserAttributes=mail, MessageAction="SUPPRESS")
        self.idp.admin_set_user_password(**named, Password=PASSWORD, Permanent=True)

    def sign_up(self, name: str) -> None:
        mail = [{"Name": "email", "Value": f"{name}@example.com"}]
        self.idp.sign_up(ClientId=self.client, Username=name, Password=PASSWORD, UserAttributes=mail)

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """A refusal is what the console shows."""
        with suppress(ClientError):
            self.idp.initiate_auth(
                AuthFlow="USER_PASSWORD_AUTH",
                ClientId=self.client,
                AuthParameters={"USERNAME": name, "PASSWORD": password},
            )

    def trigger(self, name: str, function: str) -> None:
        arn = f"arn:aws:lambda:us-east-1:123456789012:function:{function}"
        self.idp.update_user_pool(
            UserPoolId=self.pool, AutoVerifiedAttributes=["email"], LambdaConfig={name: arn}
        )

    def url(self, path: str, **more: str) -> str:
        given = {"client_id": self.client, "response_type": "code", "redirect_uri": self.callback, **more}
        return f"{self.server.url}{path}?{urlencode(given)}"

    def identity_pool(self) -> str:
        """An identity pool whose users may read free articles and their own."""
        identity = self.server.client("cognito-identity", region_name="us-east-1")
        iam = self.server.client("iam", region_name="us-east-1")
        provider = {
            "ProviderName": f"cognito-idp.us-east-1.amazonaws.com/{self.pool}",
            "ClientId": self.client,
        }
        made: str = identity.create_identity_pool(
            IdentityPoolName="shop", AllowUnauthenticatedIdentities=True, CognitoIdentityProviders=[provider]
        )["IdentityPoolId"]
        roles = {kind: _role(iam, made, kind) for kind in ("authenticated", "unauthenticated")}
        identity.set_identity_pool_roles(IdentityPoolId=made, Roles=roles)
        for _ in range(3):
            identity.get_id(IdentityPoolId=made)
        return made


def _role(iam: Any, pool: str, kind: str) -> str:
    condition = {"StringEquals": {f"{HOST}:aud": pool}, "ForAnyValue:StringLike": {f"{HOST}:amr": kind}}
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": HOST},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    made: str = iam.create_role(RoleName=f"shop-{kind}", AssumeRolePolicyDocument=_document(trust))["Role"][
        "Arn"
    ]
    free = {
        "Sid": "ReadFree",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::articles/free/*",
    }
    own = {
        "Sid": "Own",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::articles/${cognito-identity.amazonaws.com:sub}/*",
    }
    iam.put_role_policy(RoleName=f"shop-{kind}", PolicyName="articles", PolicyDocument=_document(free, own))
    return made


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def filled(server: Any) -> tuple[Shop, str]:
    """A shop with people, messages, refusals, and its identity pool's id."""
    shop = Shop(server)
    for group in ("admins", "editors"):
        shop.idp.create_group(UserPoolId=shop.pool, GroupName=group)
    shop.idp.admin_add_user_to_group(UserPoolId=shop.pool, GroupName="admins", Username="ada")
    for name in ("grace", "linus", "margaret", "barbara", "edsger"):
        shop.sign_up(name)
    for number in range(12):
        shop.user(f"reader{number:02}")
    shop.sign_in("ada", "wrong")
    shop.sign_in("ada")
    shop.idp.forgot_password(ClientId=shop.client, Username="ada")
    with suppress(HTTPError):
        urlopen(shop.url("/oauth2/authorize", redirect_uri="http://localhost:5173/"))
    return shop, shop.identity_pool()


def _formatted_mail(shop: Shop) -> Any:
    """A mail in HTML, as a function of the pool makes it."""
    shop.server.functions["welcome"] = _welcome
    shop.trigger("CustomMessage", "welcome")
    shop.sign_up("katherine")
    return shop.server.messages.last(username="katherine")


def _welcome(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    code = event["request"]["codeParameter"]
    event["response"]["emailSubject"] = "Welcome to the shop"
    event["response"]["emailMessage"] = (
        f"<h1>Welcome</h1><p>Your code is <b>{code}</b>.</p>"
        '<p><a href="https://shop.example.com/confirm">Confirm your address</a></p>'
    )
    return event


def empty(server: Any, page: Any) -> Iterator[str]:
    """Each section of an empty server."""
    for section in ("start", "inbox", "calls", "users", "identities", "pools", "tokens", "access", "gallery"):
        page.goto(f"{server.url}/_cogmock/ui/{section}")
        yield f"empty-{section}"


def sections(server: Any, page: Any) -> Iterator[str]:
    """Each section with something in it."""
    shop, identities = filled(server)
    mail = _formatted_mail(shop)
    base = f"{server.url}/_cogmock/ui"
    server.clock.advance(hours=1)
    page.goto(f"{base}/clock")
    yield "clock-moved"
    server.clock.reset()
    refused = next(each.id for each in reversed(list(server.requests)) if each.operation == "InitiateAuth")
    asked = {
        "identity_pool_id": identities,
        "client_id": shop.client,
        "username": "ada",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::articles/premium/a.txt",
    }
    places = {
        "start": "/start",
        "inbox": "/inbox",
        "mail": f"/inbox?id={mail.id}",
        "mail-text": f"/inbox?id={mail.id}&view=text",
        "mail-raw": f"/inbox?id={mail.id}&view=raw",
        "calls": "/calls",
        "call": f"/calls?failed=true&id={refused - 1}",
        "users": "/users",
        "users-sorted": "/users?sort=email",
        "users-found": "/users?q=reader",
        "user": "/users?username=ada",
        "user-add": "/users?add=true",
        "identities": "/identities",
        "pools": "/pools",
        "client": f"/pools?client_id={shop.client}",
        "tokens": "/tokens",
        "clock": "/clock",
        "access": f"/access?{urlencode(asked)}",
        "state": "/state",
        "gallery": "/gallery",
    }
    for name, path in places.items():
        page.goto(f"{base}{path}")
        yield name
    yield from _acts(server, page, base)


def _acts(server: Any, page: Any, base: str) -> Iterator[str]:
    """Pages that come after a form."""
    page.goto(f"{base}/users?username=ada")
    page.get_by_role("button", name="Give an authenticator app").click()
    page.locator("#totp .digits").wait_for()
    yield "user-with-app"
    page.goto(f"{base}/tokens")
    page.get_by_label("User", exact=True).fill("ada")
    page.get_by_role("button", name="Make tokens").click()
    page.locator(".claims").first.wait_for()
    yield "tokens-made"
    page.goto(f"{base}/state")
    page.locator("#document").fill("pools:\n  - PoolNam: shop\n")
    page.get_by_role("button", name="Apply", exact=True).click()
    page.get_by_role("alert").wait_for()
    yield "state-faults"
    page.goto(f"{server.url}/_cogmock/callback?code=3f0c&state=s")
    yield "callback"
