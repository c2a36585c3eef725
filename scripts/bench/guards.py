"""APIs behind a guard: CPU of a call beyond that of a plain proxy. The server behind runs in another process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from http.client import HTTPConnection
from io import BytesIO
from statistics import median
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cogmock.core.world import World
from cogmock.definitions.applying.document import apply
from cogmock.definitions.load import load_data
from cogmock.web.app import Application

POOL, CLIENT = "us-east-1_Bench", "benchclient0000000000000"
IDENTITIES = "us-east-1:00000000-0000-4000-8000-000000000001"
ROUNDS, BLOCK = 9, 40
ANSWER = json.dumps({"data": {"articles": [{"id": str(at), "title": f"Title {at}"} for at in range(20)]}})
BEHIND = f"""
import http.server
body = {ANSWER!r}.encode()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_POST = do_GET
    def log_message(self, *_): ...
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""
SCHEMA = """
type Query { articles: [Article] @aws_cognito_user_pools @aws_iam }
type Article @aws_cognito_user_pools @aws_iam { id: ID title: String body: String @aws_auth(cognito_groups: ["staff"]) }
"""


def document(port: int) -> dict[str, Any]:
    url = f"http://127.0.0.1:{port}"
    gateway = {"upstream": url, "issuer_pool": POOL, "stage": "prod"}
    trust = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"}
    may = {"Effect": "Allow", "Action": ["execute-api:Invoke", "appsync:GraphQL"], "Resource": "*"}
    paths = {"none": "none", "jwt": "jwt", "iam": "iam"}
    routes = [{"path": f"/{path}/{{id}}", "authorizer": authorizer} for path, authorizer in paths.items()]
    return {
        "pools": [
            {
                "id": POOL,
                "PoolName": "bench",
                "clients": [
                    {"id": CLIENT, "ClientName": "web", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}
                ],
                "users": [{"Username": "ada", "password": "Corr3ct-Horse!"}],
            }
        ],
        "roles": [
            {
                "RoleName": "guest",
                "AssumeRolePolicyDocument": _policy(trust),
                "policies": {"own": _policy(may)},
            }
        ],
        "identity_pools": [
            {
                "id": IDENTITIES,
                "IdentityPoolName": "bench",
                "AllowUnauthenticatedIdentities": True,
                "roles": {"unauthenticated": "guest"},
            }
        ],
        "apis": [
            {"id": "http", "kind": "http", "routes": routes, **gateway},
            {
                "id": "rest",
                "kind": "rest",
                "routes": [{"path": "/id/{id}", "authorizer": "cognito"}],
                **gateway,
            },
            {"id": "graph", "kind": "appsync", "upstream": url, "issuer_pool": POOL, "schema": SCHEMA},
        ],
    }


def _policy(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statement}


class Guard:
    """The application, and what a caller has."""

    def __init__(self, port: int) -> None:
        self.world = World()
        apply(self.world, load_data(document(port)))
        self.application = Application(self.world)
        signed_in = self.call("InitiateAuth", "cognito-idp", AuthFlow="USER_PASSWORD_AUTH", ClientId=CLIENT,
                              AuthParameters={"USERNAME": "ada", "PASSWORD": "Corr3ct-Horse!"})  # fmt: skip
        self.token: str = signed_in["AuthenticationResult"]["IdToken"]
        identity = self.call("GetId", "cognito-identity", IdentityPoolId=IDENTITIES)
        self.keys = self.call("GetCredentialsForIdentity", "cognito-identity", **identity)["Credentials"]

    def call(self, operation: str, service: str, **params: Any) -> Any:
        target = (
            "AWSCognitoIdentityProviderService" if service == "cognito-idp" else "AWSCognitoIdentityService"
        )
        headers = {"HTTP_X_AMZ_TARGET": f"{target}.{operation}"}
        return json.loads(self.ask("POST", "localhost", "/", json.dumps(params).encode(), headers))

    def ask(self, method: str, host: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "REQUEST_URI": path,
            "QUERY_STRING": "",
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-amz-json-1.1",
            "HTTP_HOST": host,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "4577",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            **headers,
        }
        seen: list[str] = []
        answer: Iterable[bytes] = self.application(environ, lambda status, _: seen.append(status))
        content = b"".join(answer)
        if seen[0][:3] != "200":
            raise SystemExit(f"{host}{path}: {seen[0]} {content!r}")
        return content

    def signed(self, host: str, path: str) -> dict[str, str]:
        made = AWSRequest("GET", f"http://{host}{path}")
        keys = Credentials(self.keys["AccessKeyId"], self.keys["SecretKey"], self.keys["SessionToken"])
        SigV4Auth(keys, "execute-api", "us-east-1").add_auth(made)
        return {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in made.headers.items()}


def plain(port: int) -> bytes:
    """A proxy that does nothing but pass a request on."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/none/1", headers={"Accept": "*/*", "X-Forwarded-For": "127.0.0.1"})
    answer = connection.getresponse()
    answer.getheaders()
    body = answer.read()
    connection.close()
    return body


def ways(guard: Guard, port: int) -> dict[str, Callable[[], bytes]]:
    http, rest = (f"{name}.execute-api.us-east-1.localhost:4577" for name in ("http", "rest"))
    graph = "graph.appsync-api.us-east-1.localhost:4577"
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {guard.token}"}
    whole, cut = (
        json.dumps({"query": f"{{ articles {{ id title {more} }} }}"}).encode() for more in ("", "body")
    )
    signature = guard.signed(http, "/prod/iam/1")
    return {
        "a plain proxy": lambda: plain(port),
        "none": lambda: guard.ask("GET", http, "/prod/none/1", b"", {}),
        "jwt": lambda: guard.ask("GET", http, "/prod/jwt/1", b"", bearer),
        "cognito": lambda: guard.ask("GET", rest, "/prod/id/1", b"", bearer),
        "iam": lambda: guard.ask("GET", http, "/prod/iam/1", b"", signature),
        "GraphQL, all allowed": lambda: guard.ask("POST", graph, "/graphql", whole, bearer),
        "GraphQL, a field cut": lambda: guard.ask("POST", graph, "/graphql", cut, bearer),
    }


def main() -> None:
    behind = subprocess.Popen([sys.executable, "-c", BEHIND], stdout=subprocess.PIPE, text=True)
    assert behind.stdout is not None
    try:
        port = int(behind.stdout.readline())
        measured = ways(Guard(port), port)
        times: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(ROUNDS):
            for name, ask in measured.items():
                began = time.process_time()
                for _ in range(BLOCK):
                    ask()
                times[name].append((time.process_time() - began) / BLOCK * 1e6)
        print(json.dumps({name: median(of) for name, of in times.items()}))
    finally:
        behind.terminate()
        behind.wait(10)


if __name__ == "__main__":
    main()
