"""A shop with APIs behind guards: pools, users, roles, and requests in each way of authorization."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

POOL, CLIENT = "us-east-1_LocalShop", "localwebclient0000000000"
IDENTITIES = "us-east-1:00000000-0000-4000-8000-000000000001"
PROVIDER = f"cognito-idp.us-east-1.amazonaws.com/{POOL}"
ACCOUNT = "123456789012"
COGNITO = "cognito-identity.amazonaws.com"


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def invoke(*paths, api="shop", stage="prod", effect="Allow"):
    """A statement about paths of an API, such as `GET/free/*`."""
    resources = [f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{api}/{stage}/{path}" for path in paths]
    return {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resources}


def fields(*named, api="graph", effect="Allow"):
    """A statement about fields of an AppSync API, such as `Query.articles`."""
    resources = [
        f"arn:aws:appsync:us-east-1:{ACCOUNT}:apis/{api}/types/{each.replace('.', '/fields/')}"
        for each in named
    ]
    return {"Effect": effect, "Action": "appsync:GraphQL", "Resource": resources}


def role(name, *statements):
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": COGNITO},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{COGNITO}:aud": IDENTITIES}},
    }
    return {
        "RoleName": name,
        "AssumeRolePolicyDocument": policy(trust),
        "policies": {"own": policy(*statements)} if statements else {},
    }


def document(*apis, guest=(), free=(), premium=()):
    """Ada is in the group premium, Bob is not. The statements are those of the three roles."""
    return {
        "pools": [
            {
                "id": POOL,
                "PoolName": "shop",
                "clients": [
                    {"id": CLIENT, "ClientName": "web", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]},
                    {"id": "otherclient0000000000000", "ClientName": "other"},
                ],
                "groups": [
                    {"GroupName": "premium", "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/premium"},
                    {"GroupName": "staff"},
                ],
                "users": [
                    {"Username": "ada", "password": "Corr3ct-Horse!", "groups": ["premium"]},
                    {"Username": "bob", "password": "Corr3ct-Horse!"},
                ],
            }
        ],
        "roles": [role("guest", *guest), role("free", *free), role("premium", *premium)],
        "identity_pools": [
            {
                "id": IDENTITIES,
                "IdentityPoolName": "shop",
                "AllowUnauthenticatedIdentities": True,
                "clients": ["web"],
                "roles": {"authenticated": "free", "unauthenticated": "guest"},
                "role_mappings": {
                    f"{PROVIDER}:{CLIENT}": {"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"}
                },
            }
        ],
        "apis": list(apis),
    }


@dataclass
class Reply:
    """`headers` has lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Shop:
    """A server with the document, and ways to call its APIs."""

    def __init__(self, server):
        self.server = server
        self.port = server.settings.port
        self.identity = server.client("cognito-identity")
        self.idp = server.client("cognito-idp")
        self.iam = server.client("iam")

    @property
    def world(self):
        return self.server.world

    def control(self, path, content):
        answer = self.send("POST", f"/_cogmock{path}", body=json.dumps(content).encode(), host="localhost")
        assert answer.status == 200, answer.body
        return answer.json

    def tokens(self, username="ada", client_id=CLIENT, **more):
        about = {"user_pool_id": POOL, "client_id": client_id, "username": username}
        return self.control("/tokens", about | more)

    def id_token(self, username="ada", **more):
        return self.tokens(username, **more)["id_token"]

    def access_token(self, username="ada", **more):
        return self.tokens(username, **more)["access_token"]

    def credentials(self, username=None):
        """Temporary credentials of a user, or of a guest."""
        logins = {"Logins": {PROVIDER: self.id_token(username)}} if username else {}
        identity_id = self.identity.get_id(IdentityPoolId=IDENTITIES, **logins)["IdentityId"]
        return self.identity.get_credentials_for_identity(IdentityId=identity_id, **logins)["Credentials"]

    def host(self, api="shop", service="execute-api"):
        return f"{api}.{service}.us-east-1.localhost:{self.port}"

    def send(self, method, target, *, headers=(), body=b"", host=None):
        """The answer to a request that is sent as it stands. `headers` are pairs, or a mapping."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host or self.host())
            for name, value in headers.items() if isinstance(headers, dict) else headers:
                connection.putheader(name, value)
            if body:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            pairs = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, pairs, answer.read())
        finally:
            connection.close()

    def get(self, target, token=None, credentials=None, **more):
        return self.ask("GET", target, token, credentials, **more)

    def ask(self, method, target, token=None, credentials=None, *, headers=None, body=b"", host=None):
        """A request with a token, or signed with credentials, or neither."""
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if credentials:
            headers |= signed(method, target, credentials, host or self.host(), headers, body)
        return self.send(method, target, headers=headers, body=body, host=host)

    def last_call(self):
        """The journal's entry of the last call of an API."""
        return [entry for entry in self.world.journal if entry.service in {"execute-api", "appsync"}][-1]


def signed(
    method, target, credentials, host, headers=None, body=b"", *, service="execute-api", region="us-east-1"
):
    """The headers of a signed request."""
    made = AWSRequest(method, f"http://{host}{target}", headers=headers or {}, data=body)
    keys = Credentials(credentials["AccessKeyId"], credentials["SecretKey"], credentials["SessionToken"])
    SigV4Auth(keys, service, region).add_auth(made)
    return dict(made.headers.items())


def presigned(target, credentials, host, expires=60):
    """Path and query of a presigned URL."""
    made = AWSRequest("GET", f"http://{host}{target}")
    keys = Credentials(credentials["AccessKeyId"], credentials["SecretKey"], credentials["SessionToken"])
    SigV4QueryAuth(keys, "execute-api", "us-east-1", expires=expires).add_auth(made)
    return made.url.removeprefix(f"http://{host}")
