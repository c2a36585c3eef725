"""The SDKs of the Model Context Protocol, unmodified: agents that sign in to call an MCP server."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.agents import AGENT, metadata
from support.pool_env import PASSWORD

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
CALLBACK = "http://127.0.0.1:49152/callback"


def test_the_python_sdk_and_the_page(passes):
    passes("mcp", "mcp_checks.py")


@pytest.fixture
def pool_of(cognito_server):
    """A pool that accepts metadata documents, or registrations, with the user ada."""

    def made(*, documents):
        dcr = {"DcrConfiguration": {"EnableStatus": "Enabled", "OpenDcrEnabled": True}}
        pool = cognito_server.make_pool(
            users=["ada"],
            password=PASSWORD,
            client={
                "AllowedOAuthFlowsUserPoolClient": True,
                "AllowedOAuthFlows": ["code"],
                "AllowedOAuthScopes": ["openid", "email"],
                "CallbackURLs": ["http://localhost/unused"],
                "SupportedIdentityProviders": ["COGNITO"],
            },
            **({} if documents else dcr),
        )
        if documents:
            cognito_server.client("cognito-idp").create_cimd_policy(
                UserPoolId=pool.id, ClientId=pool.client_id, PolicyName="agents", URLPatterns=[AGENT]
            )
            cognito_server.document(AGENT, metadata(redirect_uris=["http://127.0.0.1/callback"]))
        return pool

    return made


@contextmanager
def resource(python, issuer):
    """The URL of an MCP server that runs meanwhile and takes the tokens of an issuer."""
    command = [python, HERE / "mcp_resource.py", issuer]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.stdin.close()


@pytest.mark.node
class TestTypeScript:
    def test_an_agent_signs_in_by_its_metadata_document(self, cognito_server, pool_of, python_of, node):
        pool = pool_of(documents=True)
        with resource(python_of("mcp"), f"{cognito_server.url}/{pool.id}") as server:
            answer = node("mcp.cjs", self.asked(server))
        said = f"ada by {AGENT}"
        assert answer == {"first": said, "again": said, "renewed": True, "client": AGENT, "signIns": 1}

    @pytest.mark.parametrize("method", ["none", "client_secret_basic", "client_secret_post"])
    def test_an_agent_registers_where_there_are_no_documents(
        self, cognito_server, pool_of, python_of, node, method
    ):
        pool = pool_of(documents=False)
        with resource(python_of("mcp"), f"{cognito_server.url}/{pool.id}") as server:
            answer = node("mcp.cjs", self.asked(server, method=method))
        assert answer["client"] != AGENT
        assert answer["first"] == answer["again"] == f"ada by {answer['client']}"
        assert (answer["renewed"], answer["signIns"]) == (True, 1)

    def asked(self, server, **more):
        people = {"username": "ada", "password": PASSWORD}
        return {"server": server, "document": AGENT, "callback": CALLBACK, "method": "none", **people, **more}
