"""What boto3 costs by itself: a handler hands back fixed bytes, and nothing is emulated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def floor() -> Iterator[None]:
    """While it lasts, every call of cognito-idp is answered with fixed bytes."""
    import botocore.httpsession

    bodies = {name: json.dumps(of).encode() for name, of in ANSWERS.items()}
    one_user = json.dumps({"Users": USERS[:1]}).encode()
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
