"""A server with guarded APIs, and a server behind them."""

from __future__ import annotations

import pytest
from support.behind import Behind
from support.graphql_behind import GraphqlBehind
from support.guarded_shop import Shop, document

from cogmock.testing.server import CognitoServer


@pytest.fixture
def behind():
    server = Behind()
    yield server
    server.stop()


@pytest.fixture
def shop():
    """Starts a server with APIs; further arguments are statements of the roles."""
    servers = []

    def start(*apis, **statements):
        server = CognitoServer()
        server.start()
        servers.append(server)
        server.apply(document(*apis, **statements))
        return Shop(server)

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def graphql_behind():
    server = GraphqlBehind()
    yield server
    server.stop()
