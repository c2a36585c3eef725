"""`chalice local`, unmodified, with CognitoUserPoolAuthorizer: alone it reads tokens and checks nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import api_calls
from support.api_calls import called, forged
from support.processes import free_port, running

from cogmock.testing.server import CognitoServer

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
POOL, CLIENT = "us-east-1_Shop", "shopclient00000000000000"
OTHER, OTHERS_CLIENT = "us-east-1_Other", "otherclient0000000000000"


@pytest.fixture(scope="module")
def local(python_of, tmp_path_factory):
    """The address of an API that `chalice local` serves."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "app.py").write_text((HERE / "chalice_app.py").read_text())
    (folder / ".chalice").mkdir()
    stages = {"version": "2.0", "app_name": "shop", "stages": {"dev": {"api_gateway_stage": "api"}}}
    (folder / ".chalice" / "config.json").write_text(json.dumps(stages))
    port = free_port()
    chalice = python_of("chalice").parent / "chalice"
    with running([chalice, "local", "--port", str(port), "--no-autoreload"], folder, port) as url:
        yield url


@pytest.fixture(scope="module")
def server(local):
    """A server with two pools, and a guard of the first one in front of the API."""
    pools = [
        {
            "id": pool,
            "PoolName": pool,
            "users": [{"Username": "ada", "password": "Corr3ct-Horse!"}],
            "clients": [{"id": client, "ClientName": "web"}],
        }
        for pool, client in ((POOL, CLIENT), (OTHER, OTHERS_CLIENT))
    ]
    routes = [{"path": "/health"}, {"path": "/me", "method": "GET", "authorizer": "cognito"}]
    api = {
        "id": "shop",
        "kind": "rest",
        "stage": "api",
        "upstream": local,
        "issuer_pool": POOL,
        "routes": routes,
    }
    with CognitoServer() as started:
        started.apply({"pools": pools, "apis": [api]})
        yield started


def token(server, kind="id_token", pool=POOL, client=CLIENT, **more):
    return api_calls.token(server, kind, pool, client, **more)


def test_it_reads_who_signed_in(local, server):
    status, authorizer = called(f"{local}/me", token(server))
    assert (status, authorizer["principalId"]) == (200, "ada")
    assert authorizer["claims"]["aud"] == CLIENT


def test_alone_it_checks_neither_signature_nor_pool_and_needs_no_token(local, server):
    """So a test of who gets in needs the guard."""
    assert called(f"{local}/me", forged(token(server)))[1]["principalId"] == "ada"
    assert called(f"{local}/me", token(server, pool=OTHER, client=OTHERS_CLIENT))[1]["principalId"] == "ada"
    assert called(f"{local}/me") == (200, {})
    # An access token has no cognito:username: it is let in as a machine's.
    assert called(f"{local}/me", token(server, "access_token")) == (200, {})


class TestBehindTheGuard:
    @pytest.fixture
    def guarded(self, server):
        return f"{server.url}/_api/shop/api"

    def test_the_user_of_the_pool_gets_in(self, guarded, server):
        status, authorizer = called(f"{guarded}/me", token(server))
        assert (status, authorizer["principalId"]) == (200, "ada")

    @pytest.mark.parametrize("kind", ["none", "text", "forged", "foreign", "access"])
    def test_others_do_not(self, guarded, server, kind):
        sent = {
            "none": lambda: None,
            "text": lambda: "let-me-in",
            "forged": lambda: forged(token(server)),
            "foreign": lambda: token(server, pool=OTHER, client=OTHERS_CLIENT),
            "access": lambda: token(server, "access_token"),
        }[kind]()
        assert called(f"{guarded}/me", sent) == (401, "Unauthorized")

    def test_an_expired_token_does_not(self, guarded, server):
        sent = token(server)
        server.clock.advance(hours=2)
        try:
            assert called(f"{guarded}/me", sent) == (401, "The incoming token has expired")
        finally:
            server.clock.reset()
