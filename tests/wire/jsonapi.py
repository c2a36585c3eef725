"""Calls of the JSON APIs as bare WSGI requests, where a client library would not let a request through."""

from __future__ import annotations

import io
import json

from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.web.app import Application

TARGETS = {
    "cognito-idp": "AWSCognitoIdentityProviderService",
    "cognito-identity": "AWSCognitoIdentityService",
}
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/cognito-idp/aws4_request, "
    "SignedHeaders=host, Signature=00"
)


class JsonApi:
    """An application, and how to ask it."""

    def __init__(self):
        self.application = Application(World(Settings(issuer="aws")))

    def ask(self, service, operation, body=None, *, signed=True, raw=None, **headers):
        """Status, headers (names in lower case) and parsed body."""
        data = json.dumps(body or {}).encode() if raw is None else raw
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "QUERY_STRING": "",
            "HTTP_X_AMZ_TARGET": f"{TARGETS.get(service, service)}.{operation}",
            "HTTP_HOST": f"{service}.us-east-1.amazonaws.com",
            "CONTENT_LENGTH": str(len(data)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443",
            "wsgi.input": io.BytesIO(data),
            "wsgi.url_scheme": "https",
            **({"HTTP_AUTHORIZATION": SIGNED} if signed else {}),
            **headers,
        }
        got = {}
        body = b"".join(
            self.application(environ, lambda status, headers: got.update(status=status, headers=headers))
        )
        headers = {name.lower(): value for name, value in got["headers"]}
        return int(got["status"][:3]), headers, json.loads(body) if body else None
