"""GET /_cogmock/events: what happens, told as server-sent events."""

import http.client
import json
from urllib.request import urlopen

import pytest
from support.waiting import until

CREATE = {"PoolName": "shop", "AutoVerifiedAttributes": ["email"]}


class Events:
    """A client of the stream, with the events of the server so far."""

    def __init__(self, server, after="", **headers):
        self.connection = http.client.HTTPConnection("localhost", server.settings.port, timeout=30)
        self.connection.request("GET", f"/_cogmock/events{after and '?after='}{after}", headers=headers)
        self.answer = self.connection.getresponse()

    def next(self, kind):
        """The data of the next event of a kind, and its id."""
        lines = {}
        while True:
            line = self.answer.readline().decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                lines[name] = value
            elif lines.get("event") == kind:
                return json.loads(lines["data"]), lines["id"]
            else:
                lines = {}

    def close(self):
        self.answer.close()
        self.connection.close()


@pytest.fixture
def listen(cognito_server):
    opened = []

    def listening(after="", **headers):
        opened.append(Events(cognito_server, after, **headers))
        opened[-1].next("clock")
        return opened[-1]

    yield listening
    for each in opened:
        each.close()


@pytest.fixture
def idp(cognito_server):
    return cognito_server.client("cognito-idp")


def _sign_up(idp):
    pool = idp.create_user_pool(**CREATE)["UserPool"]["Id"]
    client = idp.create_user_pool_client(UserPoolId=pool, ClientName="web")["UserPoolClient"]["ClientId"]
    mail = [{"Name": "email", "Value": "ada@example.com"}]
    idp.sign_up(ClientId=client, Username="ada", Password="Corr3ct-Horse!", UserAttributes=mail)
    return pool


class TestStream:
    def test_is_one_of_server_sent_events(self, listen):
        answer = listen().answer
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"

    def test_tells_a_message_as_the_list_does(self, listen, idp, cognito_server):
        events = listen()
        pool = _sign_up(idp)
        told, _ = events.next("message")
        assert told["user_pool_id"] == pool
        assert told["code"] == cognito_server.messages.last(username="ada").code

    def test_tells_requests_with_their_secrets_masked(self, listen, idp):
        events = listen()
        _sign_up(idp)
        told = [events.next("request")[0] for _ in range(3)]
        assert [each["operation"] for each in told] == ["CreateUserPool", "CreateUserPoolClient", "SignUp"]
        assert told[2]["parameters"]["Password"] == "***"

    def test_tells_changes_and_not_what_only_reads(self, listen, idp):
        events = listen()
        idp.list_user_pools(MaxResults=1)
        pool = idp.create_user_pool(**CREATE)["UserPool"]["Id"]
        with pytest.raises(idp.exceptions.ResourceNotFoundException):
            idp.delete_user_pool(UserPoolId="us-east-1_nowhere00")
        idp.delete_user_pool(UserPoolId=pool)
        assert events.next("change")[0]["cause"] == "CreateUserPool"
        told, _ = events.next("change")
        assert (told["cause"], told["UserPoolId"]) == ("DeleteUserPool", pool)

    def test_tells_what_control_calls_change(self, listen, cognito_server):
        events = listen()
        connection = http.client.HTTPConnection("localhost", cognito_server.settings.port, timeout=30)
        connection.request("POST", "/_cogmock/reset", "{}")
        assert connection.getresponse().status == 200
        connection.close()
        assert events.next("change")[0] == {"cause": "POST /_cogmock/reset"}

    def test_tells_moves_of_the_clock(self, listen, cognito_server):
        events = listen()
        cognito_server.clock.advance(hours=1)
        told, _ = events.next("clock")
        assert told["offset_seconds"] == 3600

    def test_goes_on_from_the_last_event_that_a_browser_names(self, listen, idp):
        events = listen()
        idp.create_user_pool(**CREATE)
        _, last = events.next("request")
        events.close()
        idp.list_user_pools(MaxResults=1)
        told, _ = listen(**{"Last-Event-ID": last}).next("request")
        assert told["operation"] == "ListUserPools"

    @pytest.mark.parametrize("last", ["", "x", "1.2", "-1.0.0", "99999999.99999999.9", "1.1.1.1", "²." * 3])
    def test_takes_any_last_event(self, listen, idp, last):
        events = listen(**{"Last-Event-ID": last.encode()})
        idp.create_user_pool(**CREATE)
        assert events.next("change")[0]["cause"] == "CreateUserPool"

    def test_goes_on_from_when_the_state_was_read(self, listen, control, idp, cognito_server):
        asked = urlopen(f"{cognito_server.url}/_cogmock/overview")
        seen = json.load(asked)["last_event"]
        asked.close()
        pool = _sign_up(idp)
        assert listen(seen).next("message")[0]["user_pool_id"] == pool

    def test_a_browser_that_returns_names_a_later_event_than_its_address(self, listen, idp):
        first = listen()
        idp.create_user_pool(**CREATE)
        _, last = first.next("change")
        idp.list_user_pools(MaxResults=1)
        told, _ = listen("0.0.0", **{"Last-Event-ID": last}).next("request")
        assert told["operation"] == "ListUserPools"

    @pytest.mark.parametrize(
        "query", ["kind=message", "after=x", "after=1.2", "after=-1.0.0", "after=1.2.3.4"]
    )
    def test_refuses_other_parameters_and_what_is_no_event(self, control, query):
        assert control("GET", f"/events?{query}").status == 400

    def test_is_not_for_other_origins(self, control):
        assert control("GET", "/events", headers={"Origin": "http://evil.example"}).status == 403

    def test_ends_when_the_client_leaves(self, listen, cognito_server):
        feed = cognito_server.world.feed
        until(lambda: feed.watchers == 0)  # the streams of tests before
        events = listen()
        assert feed.watchers == 1
        events.close()
        until(lambda: feed.watchers == 0)

    def test_of_too_many_clients_is_refused(self, control, world):
        world.feed.watchers = 100
        assert control("GET", "/events").status == 503
