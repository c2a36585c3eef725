"""What boto3 costs by itself: a handler returns fixed bytes, and nothing is emulated.

The bytes are answers that cogmock gave before, so that boto3 has as much to parse as beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from botocore.awsrequest import AWSResponse

TOKEN = "e30.e30.AA"
USERS = [
    {
        "Username": f"user{index:06}",
        "Attributes": [
            {"Name": "sub", "Value": "00000000-0000-4000-8000-000000000000"},
            {"Name": "email", "Value": f"user{index:06}@example.com"},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "name", "Value": "A User"},
            {"Name": "phone_number", "Value": "+15550000000"},
        ],
        "UserCreateDate": 1795717792.627,
        "UserLastModifiedDate": 1795717792.627,
        "Enabled": True,
        "UserStatus": "CONFIRMED",
    }
    for index in range(60)
]
POOL = {
    "Id": "us-east-1_Abcdefghi",
    "Name": "p",
    "CreationDate": 1795717792.627,
    "LastModifiedDate": 1795717792.627,
}
CLIENT = {"ClientId": "a" * 26, "ClientName": "c", "UserPoolId": POOL["Id"], "CreationDate": 1795717792.627}
ANSWERS: dict[str, Any] = {
    "CreateUserPool": {"UserPool": POOL},
    "DescribeUserPool": {"UserPool": POOL},
    "CreateUserPoolClient": {"UserPoolClient": CLIENT},
    "AdminCreateUser": {"User": USERS[0]},
    "AdminSetUserPassword": {},
    "AdminGetUser": {"Username": "user000000", "UserAttributes": USERS[0]["Attributes"], "Enabled": True},
    "GetUser": {"Username": "user000000", "UserAttributes": USERS[0]["Attributes"]},
    "ListUsers": {"Users": USERS, "PaginationToken": "x"},
    "InitiateAuth": {
        "AuthenticationResult": {
            "AccessToken": TOKEN * 100,
            "IdToken": TOKEN * 100,
            "RefreshToken": TOKEN * 150,
            "ExpiresIn": 3600,
            "TokenType": "Bearer",
        },
        "ChallengeParameters": {},
    },
}


class _Raw:
    """What an AWSResponse reads its body from; ours is read already."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        return iter(())


@cache
def _recorded() -> dict[str, bytes]:
    """Operation → the bytes that cogmock answers, for a pool with 60 users."""
    from cogmock.core.world import World
    from cogmock.settings import Settings
    from scripts.bench.server import new_user

    world = World(Settings(issuer="aws"))
    bodies: dict[str, bytes] = {}

    def ask(operation: str, **params: Any) -> Any:
        bodies[operation] = _asked(world, operation, json.dumps(params).encode())
        return json.loads(bodies[operation] or b"{}")

    pool = ask("CreateUserPool", PoolName="p")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = ask("CreateUserPoolClient", UserPoolId=pool, ClientName="c", ExplicitAuthFlows=flows)
    for index in range(61):
        ask("AdminCreateUser", **new_user(pool, f"user{index:06}"))
    named = {"UserPoolId": pool, "Username": "user000000"}
    ask("AdminSetUserPassword", Password="Passw0rd!", Permanent=True, **named)
    given = {"USERNAME": "user000000", "PASSWORD": "Passw0rd!"}
    client = made["UserPoolClient"]["ClientId"]
    tokens = ask("InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    ask("GetUser", AccessToken=tokens["AuthenticationResult"]["AccessToken"])
    ask("AdminGetUser", **named)
    ask("DescribeUserPool", UserPoolId=pool)
    ask("ListUsers", UserPoolId=pool, Limit=60)
    world.close()
    return bodies


def _asked(world: Any, operation: str, body: bytes) -> bytes:
    from io import BytesIO

    from cogmock.web import json_api
    from scripts.bench.load import SIGNATURE

    environ = {
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": SIGNATURE,
        "HTTP_HOST": "cognito-idp.us-east-1.amazonaws.com",
        "wsgi.url_scheme": "https",
    }
    return json_api.answer(world, environ, f"AWSCognitoIdentityProviderService.{operation}")[2]


@contextmanager
def floor(*, small: bool = False) -> Iterator[None]:
    """While it lasts, every call of cognito-idp is answered with fixed bytes. `small` imports nothing of cogmock."""
    import botocore.httpsession

    fixed = {name: json.dumps(of).encode() for name, of in ANSWERS.items()}
    bodies = fixed if small else _recorded()
    one_user = json.dumps({"Users": json.loads(bodies["ListUsers"])["Users"][:1]}).encode()
    real = botocore.httpsession.URLLib3Session.send

    def send(_: Any, request: Any) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        name = (target.decode() if isinstance(target, bytes) else target).partition(".")[2]
        response = AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.1"}, _Raw())
        found = one_user if b'"Filter"' in request.body else bodies[name]
        response._content = found  # noqa: SLF001 - so that nothing is streamed
        return response

    botocore.httpsession.URLLib3Session.send = send
    try:
        yield
    finally:
        botocore.httpsession.URLLib3Session.send = real
