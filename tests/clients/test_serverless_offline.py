"""serverless-offline's own authorizers, unmodified, with tokens of a server: what they check, and what they do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import api_calls, npm
from support.api_calls import called, forged
from support.processes import free_port, running

from cogmock.testing.server import CognitoServer

pytestmark = [pytest.mark.node, pytest.mark.slow]
FILES = Path(__file__).parent / "serverless"
POOL, CLIENT = "us-east-1_Shop", "shopclient00000000000000"
SISTER = "sisterclient000000000000"
OTHER, OTHERS_CLIENT = "us-east-1_Other", "otherclient0000000000000"


def pool(pool_id, *clients):
    return {
        "id": pool_id,
        "PoolName": pool_id,
        "users": [{"Username": "ada", "password": "Corr3ct-Horse!"}],
        "clients": [{"id": client, "ClientName": client} for client in clients],
    }


@pytest.fixture(scope="module")
def server():
    with CognitoServer() as started:
        started.apply({"pools": [pool(POOL, CLIENT, SISTER), pool(OTHER, OTHERS_CLIENT)]})
        yield started


@pytest.fixture(scope="module")
def local(server, tmp_path_factory):
    """The address of both APIs, which `serverless offline` serves."""
    modules = npm.installed("serverless", npm.NODE.parent / "node-serverless")
    folder = tmp_path_factory.mktemp("shop")
    for name in ("serverless.yml", "handler.js"):
        (folder / name).write_text((FILES / name).read_text())
    (folder / "node_modules").symlink_to(modules)
    port = free_port()
    ports = ["--httpPort", str(port), "--lambdaPort", str(free_port())]
    # Without --ignoreJWTSignature it does not start: it cannot check signatures.
    options = ["--ignoreJWTSignature", "--noPrependStageInUrl"]
    environ = {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "CI": "1"}
    environ |= {"ISSUER": f"{server.url}/{POOL}", "CLIENT": CLIENT}
    command = [modules / ".bin" / "serverless", "offline", "start", *options, *ports]
    with running(command, folder, port, **environ) as url:
        yield url


def token(server, kind="access_token", pool=POOL, client=CLIENT, **more):
    return api_calls.token(server, kind, pool, client, **more)


class TestAnHttpApi:
    @pytest.mark.parametrize("kind", ["access_token", "id_token"])
    def test_tokens_of_the_client_get_in(self, local, server, kind):
        status, authorizer = called(f"{local}/me", token(server, kind))
        assert (status, authorizer["jwt"]["claims"]["iss"]) == (200, f"{server.url}/{POOL}")

    def test_a_scope_opens_its_route(self, local, server):
        assert called(f"{local}/scoped", token(server, scopes=["articles/read"]))[0] == 200
        assert called(f"{local}/scoped", token(server)) == (403, "JWT Token missing valid scope")

    def test_no_token_and_no_jwt(self, local):
        assert called(f"{local}/me") == (401, "Unauthorized")
        assert called(f"{local}/me", "let-me-in") == (401, "Unauthorized")

    def test_a_token_of_another_client_and_of_another_pool(self, local, server):
        sister = token(server, client=SISTER)
        assert called(f"{local}/me", sister) == (401, "JWT Token does not contain correct audience")
        foreign = token(server, pool=OTHER, client=OTHERS_CLIENT)
        assert called(f"{local}/me", foreign) == (401, "JWT Token not from correct issuer url")

    def test_an_expired_token(self, local, server):
        server.clock.advance(hours=-2)
        try:
            sent = token(server)
        finally:
            server.clock.reset()
        assert called(f"{local}/me", sent) == (401, "JWT Token expired")

    def test_a_forged_signature_gets_in_so_that_needs_the_guard(self, local, server):
        sent = forged(token(server))
        assert called(f"{local}/me", sent)[0] == 200
        routes = [{"path": "/me", "method": "GET", "authorizer": "jwt"}]
        api = {"id": "shop", "kind": "http", "upstream": local, "issuer_pool": POOL, "audience": [CLIENT]}
        server.apply({"apis": [{**api, "routes": routes}]})
        assert called(f"{server.url}/_api/shop/me", token(server))[0] == 200
        assert called(f"{server.url}/_api/shop/me", sent) == (401, "Unauthorized")


class TestARestApi:
    """COGNITO_USER_POOLS: serverless-offline reads the claims and checks nothing."""

    def test_it_reads_who_signed_in(self, local, server):
        status, authorizer = called(f"{local}/rest", token(server, "id_token"))
        assert (status, authorizer["claims"]["cognito:username"]) == (200, "ada")

    def test_alone_it_lets_everybody_in(self, local, server):
        assert called(f"{local}/rest")[0] == 200
        assert called(f"{local}/rest", forged(token(server, "id_token")))[0] == 200

    def test_behind_the_guard_tokens_are_checked(self, local, server):
        routes = [{"path": "/rest", "method": "GET", "authorizer": "cognito"}]
        api = {"id": "books", "kind": "rest", "stage": "dev", "upstream": local, "issuer_pool": POOL}
        server.apply({"apis": [{**api, "routes": routes}]})
        guarded = f"{server.url}/_api/books/dev/rest"
        good = token(server, "id_token")
        status, authorizer = called(guarded, good)
        assert (status, authorizer["claims"]["cognito:username"]) == (200, "ada")
        foreign = token(server, "id_token", pool=OTHER, client=OTHERS_CLIENT)
        for sent in (None, forged(good), foreign):
            assert called(guarded, sent) == (401, "Unauthorized")
