"""The lives of users, as calls on one connection: made, signed in, looked up, changed, deleted. `soak` plays them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

PASSWORD = "Corr3ct-Horse!"
CALLBACK = "http://localhost:3000/callback"
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, "
    "Signature=00"
)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
FORM = "application/x-www-form-urlencoded"

Timed = Callable[[Callable[[], Any]], Any]
"""Makes a request when its turn comes, and measures it."""


class Wrong(Exception):
    """An answer that should have been another."""


class Connection:
    """One keep-alive connection, with the cookies of one browser."""

    def __init__(self, port: int, timed: Timed) -> None:
        self.port = port
        self._timed = timed
        self._http = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, bytes]:
        """Status, Location and body. Raises OSError, HTTPException."""
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        sent = {"Host": f"localhost:{self.port}", "Cookie": cookie, **headers}

        def exchanged() -> tuple[Any, bytes]:
            self._http.request(method, path, body.encode(), sent)
            answer = self._http.getresponse()
            return answer, answer.read()

        answer, content = self._timed(exchanged)
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.headers.get("Location") or "", content

    def close(self) -> None:
        self._http.close()

    def call(
        self, operation: str, service: str = "IdentityProvider", refused: str = "", **params: Any
    ) -> Any:
        """The answer of a call of the JSON API. Raises Wrong where it is not as expected."""
        headers = {
            "X-Amz-Target": f"AWSCognito{service}Service.{operation}",
            "Authorization": SIGNED,
            "Content-Type": "application/x-amz-json-1.1",
        }
        status, _, body = self.ask("POST", "/", json.dumps(params), **headers)
        answer = json.loads(body or b"{}")
        if (answer.get("__type", "") if status != 200 else "") != refused:
            raise Wrong(f"{operation}: {status} {body[:200]!r}")
        return answer

    def query(self, action: str, **params: str) -> bytes:
        """The answer of IAM or STS. Raises Wrong."""
        form = urlencode({"Action": action, **params})
        status, _, body = self.ask("POST", "/", form, Authorization=SIGNED, **{"Content-Type": FORM})
        if status != 200:
            raise Wrong(f"{action}: {status} {body[:200]!r}")
        return body

    def page(self, path: str, form: dict[str, str] | None = None) -> tuple[str, bytes]:
        """Where a page leads, and its body. Raises Wrong."""
        if form is None:
            status, location, body = self.ask("GET", path)
        else:
            status, location, body = self.ask("POST", path, urlencode(form), **{"Content-Type": FORM})
        if status not in {200, 302, 303}:
            raise Wrong(f"{path.partition('?')[0]}: {status} {body[:200]!r}")
        return location, body


class Shop:
    """What all connections use: pools, clients, a domain and a role."""

    def __init__(self, door: Connection) -> None:
        email: Any = {"AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"]}
        self.pool = door.call("CreateUserPool", PoolName="soak", **email)["UserPool"]["Id"]
        own = f"soak-{self.pool[-9:].lower()}"
        door.call("CreateUserPoolDomain", UserPoolId=self.pool, Domain=own, ManagedLoginVersion=2)
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        made = door.call(
            "CreateUserPoolClient",
            UserPoolId=self.pool,
            ClientName="web",
            ExplicitAuthFlows=flows,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            SupportedIdentityProviders=["COGNITO"],
            CallbackURLs=[CALLBACK],
        )
        self.client = made["UserPoolClient"]["ClientId"]
        door.call(
            "CreateManagedLoginBranding",
            UserPoolId=self.pool,
            ClientId=self.client,
            UseCognitoProvidedValues=True,
        )
        door.call("CreateGroup", UserPoolId=self.pool, GroupName="staff")
        provider = f"cognito-idp.us-east-1.amazonaws.com/{self.pool}"
        self.identities = door.call(
            "CreateIdentityPool",
            "Identity",
            IdentityPoolName="soak",
            AllowUnauthenticatedIdentities=True,
            CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": self.client}],
        )["IdentityPoolId"]
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": self.identities}},
                }
            ],
        }
        body = door.query(
            "CreateRole", Version="2010-05-08", RoleName=own, AssumeRolePolicyDocument=json.dumps(trust)
        )
        arn = re.search(rb"<Arn>([^<]+)", body)
        assert arn is not None
        roles = {"authenticated": arn[1].decode(), "unauthenticated": arn[1].decode()}
        door.call("SetIdentityPoolRoles", "Identity", IdentityPoolId=self.identities, Roles=roles)
        self.provider = provider


def life(door: Connection, shop: Shop, name: str, chance: random.Random) -> None:
    """One user from beginning to end. Raises Wrong."""
    user = {"UserPoolId": shop.pool, "Username": name}
    told = [{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}]
    door.call("AdminCreateUser", UserAttributes=told, **user)
    door.call("AdminSetUserPassword", Password=PASSWORD, Permanent=True, **user)
    acts = [_sign_in, _directory, _credentials, _pages, _refusals]
    for act in chance.choices(acts, weights=[6, 6, 2, 2, 2], k=8):
        act(door, shop, name)
    door.call("AdminDeleteUser", **user)
    door.call("AdminGetUser", refused="UserNotFoundException", **user)


def _tokens(door: Connection, shop: Shop, name: str, password: str = PASSWORD, **more: Any) -> Any:
    given = {"USERNAME": name, "PASSWORD": password}
    flow = {"ClientId": shop.client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given}
    return door.call("InitiateAuth", **flow, **more).get("AuthenticationResult")


def _sign_in(door: Connection, shop: Shop, name: str) -> None:
    tokens = _tokens(door, shop, name)
    door.call("GetUser", AccessToken=tokens["AccessToken"])
    refresh = {"REFRESH_TOKEN": tokens["RefreshToken"]}
    door.call("InitiateAuth", ClientId=shop.client, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=refresh)
    door.call("RevokeToken", ClientId=shop.client, Token=tokens["RefreshToken"])
    door.call("GetUser", refused="NotAuthorizedException", AccessToken=tokens["AccessToken"])


def _directory(door: Connection, shop: Shop, name: str) -> None:
    user = {"UserPoolId": shop.pool, "Username": name}
    door.call("AdminAddUserToGroup", GroupName="staff", **user)
    door.call("AdminListGroupsForUser", **user)
    door.call("AdminUpdateUserAttributes", UserAttributes=[{"Name": "name", "Value": name}], **user)
    if not door.call("ListUsers", UserPoolId=shop.pool, Filter=f'email = "{name}"')["Users"]:
        raise Wrong("ListUsers: the user is missing")
    door.call("DescribeUserPool", UserPoolId=shop.pool)
    door.call("AdminRemoveUserFromGroup", GroupName="staff", **user)


def _credentials(door: Connection, shop: Shop, name: str) -> None:
    logins = {shop.provider: _tokens(door, shop, name)["IdToken"]}
    of = door.call("GetId", "Identity", IdentityPoolId=shop.identities, Logins=logins)["IdentityId"]
    door.call("GetCredentialsForIdentity", "Identity", IdentityId=of, Logins=logins)
    door.call("DeleteIdentities", "Identity", IdentityIdsToDelete=[of])
    door.query("GetCallerIdentity", Version="2011-06-15")


def _pages(door: Connection, shop: Shop, name: str) -> None:
    asked = {
        "client_id": shop.client,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email",
    }
    location, _ = door.page(f"/oauth2/authorize?{urlencode(asked)}")
    if not location.startswith(CALLBACK):
        _, page = door.page(location)
        fields = dict(HIDDEN.findall(page.decode()))
        location, _ = door.page(location, {**fields, "username": name, "password": PASSWORD})
    code = parse_qs(urlsplit(location).query).get("code")
    if not code:
        raise Wrong(f"sign-in by the page: {location}")
    form = {
        "grant_type": "authorization_code",
        "client_id": shop.client,
        "redirect_uri": CALLBACK,
        "code": code[0],
    }
    _, answer = door.page("/oauth2/token", form)
    bearer = f"Bearer {json.loads(answer)['access_token']}"
    status, _, body = door.ask("GET", "/oauth2/userInfo", Authorization=bearer)
    if status != 200:
        raise Wrong(f"userInfo: {status} {body[:200]!r}")
    door.page(f"/{shop.pool}/.well-known/jwks.json")
    door.page(
        f"/logout?{urlencode({'client_id': shop.client, 'redirect_uri': CALLBACK, 'response_type': 'code'})}"
    )


def _refusals(door: Connection, shop: Shop, name: str) -> None:
    given = {"USERNAME": name, "PASSWORD": "Wr0ng-Horse!"}
    flow = {"ClientId": shop.client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given}
    door.call("InitiateAuth", refused="NotAuthorizedException", **flow)
    _tokens(door, shop, name)  # five failures in a row would lock the user
    door.call("ListUsers", refused="InvalidParameterException", UserPoolId=shop.pool, Limit=1000)
    door.call("DescribeUserPool", refused="ResourceNotFoundException", UserPoolId="us-east-1_AAAAAAAAA")
