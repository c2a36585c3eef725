"""Requests to a server that wait for other requests to it, with as few threads as there can be."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.waiting import LONG, promptly, until

from cogmock.testing.server import CognitoServer

pytestmark = pytest.mark.usefixtures("unrelieved")
AT_ONCE = 64
SECONDS = 50.0
"""Far more than is needed, for machines that are busy with other things."""


@pytest.fixture
def unrelieved(monkeypatch):
    """No leader is relieved by the clock, and one computation runs beside it. Functions may take their time."""
    monkeypatch.setattr("cogmock.core.functions.invoke.LIMIT", SECONDS)
    monkeypatch.setattr("cogmock.httpd.server.TICK", 60.0)
    monkeypatch.setattr("cogmock.httpd.crew.os.cpu_count", lambda: 2)


@pytest.fixture
def server():
    with CognitoServer() as running:
        yield running


def call(server, operation, **params):
    headers = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
    if operation != "InitiateAuth":
        headers["Authorization"] = (
            "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cognito-idp/aws4_request, "
            "SignedHeaders=host, Signature=00"
        )
    request = urllib.request.Request(server.url, json.dumps(params).encode(), headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.loads(answer.read() or b"{}")


def shop(server, **pool):
    """A pool with a user; its id, and that of its client."""
    pool_id = call(server, "CreateUserPool", PoolName="shop", **pool)["UserPool"]["Id"]
    client = call(
        server,
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]["ClientId"]
    call(server, "AdminCreateUser", UserPoolId=pool_id, Username="ana", MessageAction="SUPPRESS")
    call(
        server,
        "AdminSetUserPassword",
        UserPoolId=pool_id,
        Username="ana",
        Password="Passw0rd!",
        Permanent=True,
    )
    return pool_id, client


def sign_in(server, client):
    given = {"USERNAME": "ana", "PASSWORD": "Passw0rd!"}
    return call(server, "InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)


class TestTriggersThatCallBack:
    def test_are_answered_under_full_load(self, server):
        together = threading.Barrier(AT_ONCE)

        def before(event, _context):
            together.wait(SECONDS)
            user = call(server, "AdminGetUser", UserPoolId=event["userPoolId"], Username=event["userName"])
            assert user["Username"] == "ana"
            return event

        server.functions["before"] = before
        arn = "arn:aws:lambda:us-east-1:123456789012:function:before"
        _, client = shop(server, LambdaConfig={"PreAuthentication": arn})
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tokens = list(pool.map(lambda _: sign_in(server, client), range(AT_ONCE)))
        assert all(each["AuthenticationResult"]["AccessToken"] for each in tokens)


class TestLongPolls:
    def test_leave_room_for_the_call_they_wait_for(self, server):
        pool_id, _ = shop(server)
        polled = f"{server.url}/_cogmock/messages?username=ben@example.com&wait={SECONDS}"

        def poll(_):
            with urllib.request.urlopen(polled, timeout=SECONDS + 10) as answer:
                return len(json.loads(answer.read())["messages"])

        with ThreadPoolExecutor(AT_ONCE) as pool:
            polls = [pool.submit(poll, number) for number in range(AT_ONCE)]
            for _ in range(20):
                assert call(server, "AdminGetUser", UserPoolId=pool_id, Username="ana")["Enabled"]
            call(
                server,
                "AdminCreateUser",
                UserPoolId=pool_id,
                Username="ben@example.com",
                UserAttributes=[{"Name": "email", "Value": "ben@example.com"}],
                DesiredDeliveryMediums=["EMAIL"],
            )
            assert [each.result() for each in polls] == [1] * AT_ONCE

    def test_end_when_their_clients_leave_and_when_the_server_stops(self, server, monkeypatch):
        server._server._grace = LONG
        begun, wait = [], server.world.outbox.wait

        def begun_wait(*given):
            begun.append(given)
            return wait(*given)

        monkeypatch.setattr(server.world.outbox, "wait", begun_wait)

        def polling():
            client = socket.create_connection(("127.0.0.1", server._server.port), timeout=SECONDS)
            client.sendall(
                f"GET /_cogmock/messages?wait={SECONDS} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            )
            return client

        leaving, staying = [polling() for _ in range(10)], polling()
        until(lambda: len(begun) == 11)
        for client in leaving:
            client.close()
        until(lambda: len(server._server._crew.connections) == 1)
        with promptly():
            server.stop()
        with staying:
            response = http.client.HTTPResponse(staying)
            response.begin()
            assert json.loads(response.read())["messages"] == []


class TestSignIns:
    def test_at_many_connections_all_succeed(self, server):
        _, client = shop(server)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tokens = list(pool.map(lambda _: sign_in(server, client), range(AT_ONCE * 2)))
        assert len({each["AuthenticationResult"]["AccessToken"] for each in tokens}) == AT_ONCE * 2
