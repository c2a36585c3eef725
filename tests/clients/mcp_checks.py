"""The MCP SDK for Python, unmodified: an agent signs in at a user pool to call an MCP server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
import requests
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata
from mcp_resource import running
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from visitor import Visitor

from cogmock import CognitoServer

PASSWORD = "Passw0rd!"
AGENT = "https://agent.example.com/client.json"
CALLBACK = "http://127.0.0.1:49152/callback"
ROOT = Path(__file__).parent.parent.parent


class Memory:
    """Where the SDK keeps tokens and the client's registration."""

    tokens = info = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.info

    async def set_client_info(self, info):
        self.info = info


class Agent:
    """An agent whose user signs in on the pages, without JavaScript."""

    def __init__(self, url, **more):
        self.url, self.storage, self.visitor, self.opened = url, Memory(), Visitor(), []
        self.provider = OAuthClientProvider(
            server_url=url,
            client_metadata=OAuthClientMetadata(redirect_uris=[CALLBACK], client_name="Example Agent"),
            storage=self.storage,
            redirect_handler=self.redirected,
            callback_handler=self.called_back,
            **more,
        )

    async def redirected(self, url):
        self.opened.append(url)

    async def called_back(self):
        target = await asyncio.to_thread(self.visitor.signs_in, self.opened[-1], PASSWORD)
        assert target.startswith(f"{CALLBACK}?")
        answer = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        return AuthorizationCodeResult(code=answer["code"], state=answer["state"])

    def asks(self):
        """What the server's tool answers."""
        return asyncio.run(self._asks())

    async def _asks(self):
        async with (
            httpx2.AsyncClient(auth=self.provider) as http,
            Client(streamable_http_client(self.url, http_client=http)) as client,
        ):
            result = await client.call_tool("whoami", {})
            return result.content[0].text


@pytest.fixture
def cognito():
    with CognitoServer() as server:
        yield server


@pytest.fixture
def pool_of(cognito):
    """A pool with the user ada, and an app client; with CIMD policies and registration as asked."""

    def made(*, documents, registration):
        more = (
            {"DcrConfiguration": {"EnableStatus": "Enabled", "OpenDcrEnabled": True}} if registration else {}
        )
        pool = cognito.make_pool(
            users=["ada"],
            client={
                "AllowedOAuthFlowsUserPoolClient": True,
                "AllowedOAuthFlows": ["code"],
                "AllowedOAuthScopes": ["openid", "email"],
                "CallbackURLs": ["http://localhost/unused"],
                "SupportedIdentityProviders": ["COGNITO"],
            },
            **more,
        )
        if documents:
            cognito.client("cognito-idp").create_cimd_policy(
                UserPoolId=pool.id,
                ClientId=pool.client_id,
                PolicyName="agents",
                URLPatterns=["https://agent.example.com/*"],
            )
            document = {
                "client_id": AGENT,
                "client_name": "Example Agent",
                "redirect_uris": ["http://127.0.0.1/callback"],
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
            }
            cognito.document(AGENT, document)
        return pool

    return made


@pytest.mark.parametrize("registration", [False, True], ids=["documents alone", "registration too"])
def test_an_agent_signs_in_by_its_metadata_document(cognito, pool_of, registration):
    pool = pool_of(documents=True, registration=registration)
    with running(f"{cognito.url}/{pool.id}") as url:
        agent = Agent(url, client_metadata_url=AGENT)
        assert agent.asks() == f"ada by {AGENT}"
        assert agent.storage.info.client_id == AGENT
        claims = jwt.decode(agent.storage.tokens.access_token, options={"verify_signature": False})
        assert (claims["aud"], claims["client_id"]) == (url, AGENT)


def test_an_agent_registers_where_there_are_no_documents(cognito, pool_of):
    pool = pool_of(documents=False, registration=True)
    with running(f"{cognito.url}/{pool.id}") as url:
        agent = Agent(url, client_metadata_url=AGENT)
        registered = agent.asks().removeprefix("ada by ")
        assert agent.storage.info.client_id == registered != AGENT
        idp = cognito.client("cognito-idp")
        found = idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=registered)["UserPoolClient"]
        assert found["ClientType"] == "DCR"
        assert found["ClientName"] == "Example Agent"


@pytest.mark.parametrize("documents", [True, False], ids=["document", "registration"])
def test_expired_tokens_are_refreshed_without_the_user(cognito, pool_of, documents):
    pool = pool_of(documents=documents, registration=not documents)
    with running(f"{cognito.url}/{pool.id}") as url:
        agent = Agent(url, client_metadata_url=AGENT)
        first = agent.asks()
        before = agent.storage.tokens.access_token
        agent.provider.context.token_expiry_time = 1
        assert agent.asks() == first
        assert agent.storage.tokens.access_token != before
        assert len(agent.opened) == 1


def test_the_server_refuses_tokens_for_another_resource_and_of_other_kinds(cognito, pool_of):
    pool = pool_of(documents=True, registration=False)
    with running(f"{cognito.url}/{pool.id}") as url:
        tokens = cognito.tokens("ada", client=pool.client_id, scopes=["openid"])
        for token in (tokens.access_token, tokens.id_token, "x"):
            answer = requests.post(url, json={}, headers={"Authorization": f"Bearer {token}"}, timeout=30)
            assert answer.status_code == 401
            assert "resource_metadata" in answer.headers["WWW-Authenticate"]


def test_an_agent_without_a_policy_or_registration_is_told(cognito, pool_of):
    pool = pool_of(documents=False, registration=False)
    with running(f"{cognito.url}/{pool.id}") as url, pytest.raises(BaseExceptionGroup):
        Agent(url, client_metadata_url=AGENT).asks()


def test_the_blocks_of_the_page_run():
    document = Sybil(parsers=[PythonCodeBlockParser()]).parse(ROOT / "docs" / "mcp.md")
    for example in document.examples():
        example.evaluate()
