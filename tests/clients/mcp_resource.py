"""An MCP server with one tool, whose callers need an access token of a user pool. Prints its URL; ends with its input.

usage: mcp_resource.py ISSUER
"""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import contextmanager

import jwt
import uvicorn
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer


class Verifier:
    """Checks access tokens by the keys that their issuer publishes."""

    def __init__(self, issuer, resource):
        self.issuer, self.resource = issuer, resource
        self.keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json")

    async def verify_token(self, token):
        try:
            key = self.keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(token, key, ["RS256"], issuer=self.issuer, audience=self.resource)
        except jwt.PyJWTError:
            return None
        if claims["token_use"] != "access":
            return None
        return AccessToken(
            token=token,
            client_id=claims["client_id"],
            scopes=claims["scope"].split(),
            expires_at=claims["exp"],
            resource=claims["aud"],
            subject=claims["sub"],
            claims=claims,
        )


def server_of(issuer, url):
    auth = AuthSettings(
        issuer_url=issuer,
        resource_server_url=url,
        required_scopes=["openid"],
        validate_token_resource=True,
    )
    server = MCPServer("notes", token_verifier=Verifier(issuer, url), auth=auth, log_level="ERROR")

    @server.tool()
    def whoami() -> str:
        """The user who is signed in, and the client that asks."""
        token = get_access_token()
        return f"{token.claims['username']} by {token.client_id}"

    return server


@contextmanager
def running(issuer):
    """The URL of the server, which runs in a thread meanwhile."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://localhost:{listening.getsockname()[1]}/mcp"
    app = server_of(issuer, url).streamable_http_app(stateless_http=True, json_response=True)
    web = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    thread = threading.Thread(target=web.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield url
    finally:
        web.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    with running(sys.argv[1]) as where:
        print(where, flush=True)
        sys.stdin.read()
