"""The control API, as the contract has it."""

import threading
import time
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from support.waiting import LIMIT, promptly

from cogmock.core.call import Call
from cogmock.settings import Settings
from cogmock.version import __version__
from cogmock.web.control import RULES


def add_request(world, **of):
    entry = {
        "at": 1767225600.0,
        "request_id": "r",
        "service": "cognito-idp",
        "operation": "ListUserPools",
        "account": "123456789012",
        "region": "us-east-1",
        "parameters": {"MaxResults": 5},
        "status": 200,
        "error": None,
        "message": None,
        "reason": None,
        "duration_ms": 1.23456,
        "triggers": [],
    }
    return world.journal.add(**entry | of)


class TestHealth:
    def test_it_is_well_and_says_its_version(self, control):
        answer = control("GET", "/health")
        assert answer.status == 200
        assert answer.json == {"status": "ok", "version": __version__}

    def test_head_is_answered_too(self, control):
        answer = control("HEAD", "/health")
        assert (answer.status, answer.body) == (200, b"")

    @pytest.mark.parametrize("status", ["standby", "unavailable"])
    def test_a_server_without_its_store_says_so(self, control, world, status):
        world.keeper = SimpleNamespace(status=status, health=lambda: status)
        answer = control("GET", "/health", host="balancer.example")
        assert (answer.status, answer.json) == (503, {"status": status})


class TestMessages:
    def test_each_has_the_fields_of_the_contract(self, control, send):
        send()
        assert control("GET", "/messages").json == {
            "messages": [
                {
                    "id": 1,
                    "user_pool_id": "us-east-1_aaaaaaaaa",
                    "username": "ada",
                    "medium": "EMAIL",
                    "destination": "ada@example.com",
                    "subject": "Your code",
                    "body": "It is 123456.",
                    "code": "123456",
                    "link": None,
                    "trigger_source": "CustomMessage_SignUp",
                    "sent_at": "2026-01-01T00:00:00.250Z",
                }
            ]
        }

    def test_a_mail_is_told_as_a_mail_server_gets_it(self, control, send):
        send(body="It is <b>123456</b>.")
        answer = control("GET", "/messages/raw?id=1")
        assert (answer.status, answer.headers["content-type"]) == (200, "message/rfc822")
        read = message_from_bytes(answer.body, policy=policy.default)
        assert (read["To"], read["Subject"]) == ("ada@example.com", "Your code")
        assert read["Date"].datetime.isoformat() == "2026-01-01T00:00:00+00:00"
        assert (read.get_content_type(), read.get_content().strip()) == ("text/html", "It is <b>123456</b>.")

    @pytest.mark.parametrize(
        ("query", "status"), [("", 400), ("?id=0", 400), ("?id=x", 400), ("?id=2", 400), ("?id=3", 404)]
    )
    def test_what_is_no_mail_has_no_raw_form(self, control, send, query, status):
        send()
        send(medium="SMS", subject=None)
        assert control("GET", f"/messages/raw{query}").status == status

    def test_an_address_that_no_mail_can_have_is_refused(self, control, send):
        send(destination="\ud800@example.com")
        refused = control("GET", "/messages/raw?id=1")
        assert (refused.status, "cannot be written as a mail" in refused.json["message"]) == (400, True)

    def test_they_come_oldest_first(self, control, send):
        for code in ("1", "2", "3"):
            send(code=code)
        assert [of["code"] for of in control("GET", "/messages").json["messages"]] == ["1", "2", "3"]

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ("user_pool_id=us-east-1_bbbbbbbbb", ["2"]),
            ("username=grace", ["3"]),
            ("destination=%2B15550100", ["4"]),
            ("username=ada&user_pool_id=us-east-1_bbbbbbbbb", ["2"]),
            ("username=nobody", []),
            ("username=", ["1", "2", "3", "4"]),
            ("after=2", ["3", "4"]),
            ("after=2&username=ada", ["4"]),
            ("after=99", []),
        ],
    )
    def test_filters_narrow_them(self, control, send, query, codes):
        send(code="1")
        send(code="2", user_pool_id="us-east-1_bbbbbbbbb")
        send(code="3", username="grace", destination="grace@example.com")
        send(code="4", destination="+15550100", medium="SMS")
        assert [of["code"] for of in control("GET", f"/messages?{query}").json["messages"]] == codes

    def test_a_user_whose_name_is_a_uuid_is_found_by_address(self, control, send):
        send(username="4f6c0000-0000-4000-8000-000000000000")
        assert len(control("GET", "/messages?username=ada@example.com").json["messages"]) == 1

    def test_wait_returns_at_once_when_there_is_one(self, control, send):
        send()
        with promptly():
            assert control("GET", "/messages?wait=60").json["messages"]

    def test_wait_gives_up_in_time(self, control):
        began = time.monotonic()
        with promptly():
            assert control("GET", "/messages?wait=0.05").json == {"messages": []}
        assert time.monotonic() - began >= 0.05

    def test_wait_sees_what_comes_and_holds_no_lock_meanwhile(self, control, send, world):
        send(username="grace")
        answers = []
        waiting = threading.Thread(
            target=lambda: answers.append(control("GET", "/messages?username=ada&after=1&wait=60"))
        )
        waiting.start()
        with Call(world, world.region(), "request"):
            send(username="grace")
            send(code="42")
        waiting.join(LIMIT)
        assert [of["code"] for of in answers[0].json["messages"]] == ["42"]

    @pytest.mark.parametrize(
        "query",
        [
            "after=-1",
            "after=x",
            "after=1.5",
            "after=%C2%B2",
            "wait=soon",
            "wait=-1",
            "wait=nan",
            "wait=inf",
            "user=ada",
        ],
    )
    def test_what_makes_no_sense_is_refused(self, control, query):
        answer = control("GET", f"/messages?{query}")
        assert answer.status == 400
        assert answer.json["error"] == "InvalidRequest"
        assert query.partition("=")[0] in answer.json["message"]

    def test_delete_empties_it(self, control, send):
        send()
        assert control("DELETE", "/messages").json == {"messages": []}
        assert control("GET", "/messages").json == {"messages": []}

    def test_ids_go_on_after_it_was_emptied(self, control, send):
        send()
        control("DELETE", "/messages")
        send(code="2")
        assert [of["code"] for of in control("GET", "/messages?after=1").json["messages"]] == ["2"]


class TestClock:
    def test_it_is_read(self, control, world):
        before = world.clock.now()
        control("POST", "/clock", {"now": "2030-05-01T12:00:00Z"})
        assert control("GET", "/clock").json["now"].startswith("2030-05-01T12:00:0")
        assert world.clock.now() > before

    def test_it_advances(self, control, world):
        before = world.clock.now()
        control("POST", "/clock", {"advance_seconds": 3600})
        control("POST", "/clock", {"advance_seconds": 0.5})
        assert 3600.5 <= world.clock.now() - before < 3700

    def test_it_goes_back_too(self, control, world):
        before = world.clock.now()
        control("POST", "/clock", {"advance_seconds": -60})
        assert world.clock.now() < before

    @pytest.mark.parametrize(
        ("now", "epoch"),
        [
            ("2026-01-01T00:00:00Z", 1767225600),
            ("2026-01-01T02:00:00+02:00", 1767225600),
            ("2026-01-01T00:00:00", 1767225600),
            ("2026-01-01", 1767225600),
            ("2026-01-01T00:00:00.500Z", 1767225600.5),
        ],
    )
    def test_it_takes_a_moment(self, control, world, now, epoch):
        assert control("POST", "/clock", {"now": now}).status == 200
        assert epoch <= world.clock.now() < epoch + 60

    def test_it_is_set_right_again(self, control, world):
        control("POST", "/clock", {"advance_seconds": 86400})
        control("POST", "/clock", {"reset": True})
        assert abs(world.clock.now() - time.time()) < 60

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"advance_seconds": "soon"},
            {"advance_seconds": True},
            {"advance_seconds": [1]},
            {"advance_seconds": 1e300},
            {"advance_seconds": -1e12},
            {"advance_seconds": 10**400},
            b'{"advance_seconds": NaN}',
            b'{"advance_seconds": 1e999}',
            {"now": "tomorrow"},
            {"now": 5},
            {"now": "0001-01-01T00:00:00"},
            {"reset": False},
            {"reset": 1},
            {"reset": True, "now": "2026-01-01"},
            {"advance": 5},
            [],
            b"{",
            b"\xff\xfe",
            b"[" * 200000,
        ],
    )
    def test_what_makes_no_sense_is_refused_and_moves_nothing(self, control, world, body):
        answer = control("POST", "/clock", body)
        assert answer.status == 400
        assert answer.json["message"].endswith((".", "Z."))
        assert abs(world.clock.now() - time.time()) < 60


class TestReset:
    def test_it_drops_all_state(self, control, world, aws, send):
        pool_id = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        send()
        add_request(world)
        control("POST", "/clock", {"advance_seconds": 86400})
        assert control("POST", "/reset").status == 200
        assert world.find_pool(pool_id) is None
        assert control("GET", "/messages").json == {"messages": []}
        assert control("GET", "/requests").json == {"requests": []}
        assert abs(world.clock.now() - time.time()) < 60

    def test_it_leaves_a_world_that_works(self, control, aws):
        control("POST", "/reset", {})
        assert aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]

    @pytest.mark.parametrize("body", [{"apply": "yes"}, {"all": True}, [1], b"x"])
    def test_what_makes_no_sense_is_refused(self, control, body):
        assert control("POST", "/reset", body).status == 400


class TestRequests:
    def test_each_says_what_became_of_it(self, control, world):
        add_request(world, status=400, error="NotAuthorizedException", message="No.", reason="password wrong")
        assert control("GET", "/requests").json == {
            "requests": [
                {
                    "id": 1,
                    "at": "2026-01-01T00:00:00.000Z",
                    "request_id": "r",
                    "service": "cognito-idp",
                    "operation": "ListUserPools",
                    "kind": "api",
                    "method": "",
                    "path": "",
                    "user_pool_id": "",
                    "username": "",
                    "outcome": "",
                    "account": "123456789012",
                    "region": "us-east-1",
                    "parameters": {"MaxResults": 5},
                    "refused": True,
                    "status": 400,
                    "error": "NotAuthorizedException",
                    "message": "No.",
                    "reason": "password wrong",
                    "duration_ms": 1.235,
                    "triggers": [],
                }
            ]
        }

    def test_after_gives_only_newer_ones(self, control, world):
        for _ in range(3):
            add_request(world)
        assert [of["id"] for of in control("GET", "/requests?after=1").json["requests"]] == [2, 3]

    def test_secrets_are_masked(self, control, world):
        add_request(
            world,
            operation="InitiateAuth",
            parameters={
                "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": "ada", "PASSWORD": "Hidden-1"},
                "ClientId": "abc",
                "ClientMetadata": {"shown": "yes"},
            },
        )
        answer = control("GET", "/requests")
        assert b"Hidden-1" not in answer.body
        assert answer.json["requests"][0]["parameters"] == {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "***", "PASSWORD": "***"},
            "ClientId": "abc",
            "ClientMetadata": {"shown": "yes"},
        }

    def test_a_call_that_named_no_operation_is_listed_too(self, control, world):
        add_request(
            world, service="", operation="", parameters=None, status=400, error="UnknownOperationException"
        )
        assert control("GET", "/requests").json["requests"][0]["parameters"] is None

    @pytest.mark.parametrize("query", ["after=x", "earlier=1"])
    def test_what_makes_no_sense_is_refused(self, control, query):
        assert control("GET", f"/requests?{query}").status == 400


class TestMissingCalls:
    @pytest.mark.parametrize("path", ["/nowhere", "/health/", "/Health", "//", "/%0a", "/messages/1"])
    def test_an_unknown_path_is_answered_with_those_that_are_there(self, control, path):
        answer = control("GET", path)
        assert answer.status == 404
        assert "/_cogmock/health" in answer.json["message"]

    @pytest.mark.parametrize(
        ("method", "path", "allow"),
        [
            ("POST", "/health", "GET"),
            ("PUT", "/messages", "GET, DELETE"),
            ("GET", "/reset", "POST"),
            ("TRACE", "/idp/google/authorize", "DELETE, GET, OPTIONS, PATCH, POST, PUT"),
        ],
    )
    def test_a_wrong_method_is_told_the_right_ones(self, control, method, path, allow):
        answer = control(method, path)
        assert answer.status == 405
        assert answer.headers["allow"] == allow

    def test_a_wrong_method_of_any_path_is_refused(self, control):
        for rule in RULES:
            if "<" not in rule.rule:
                path = rule.rule.removeprefix("/_cogmock")
                assert control("OPTIONS", path).status == 405, path

    def test_a_query_without_end_is_refused(self, control):
        answer = control("GET", "/messages?" + "&".join(f"after={number}" for number in range(200)))
        assert answer.status == 400
        assert "too many" in answer.json["message"]

    def test_a_body_too_large_is_refused(self, control):
        assert control("POST", "/clock", b" " * (10 * 1024 * 1024 + 1)).status == 413


class TestWhichRequests:
    @pytest.fixture(autouse=True)
    def _calls(self, world):
        for number in range(1, 6):
            world.journal.add(
                at=1767225600,
                request_id="r",
                service="cognito-idp",
                operation="SignUp",
                account="123456789012",
                region="us-east-1",
                parameters={"ClientId": "c", "Username": "ada", "Password": f"secret{number}"},
                status=400 if number % 2 else 200,
                error="NotAuthorizedException" if number % 2 else None,
                message=None,
                reason=None,
                duration_ms=1.0,
                triggers=[],
            )

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ("", [1, 2, 3, 4, 5]),
            ("after=3", [4, 5]),
            ("before=3", [1, 2]),
            ("id=2", [2]),
            ("id=9", []),
            ("failed=true", [1, 3, 5]),
            ("failed", [1, 3, 5]),
            ("limit=2", [4, 5]),
            ("limit=2&failed=true&before=5", [1, 3]),
        ],
    )
    def test_are_chosen_by_parameters(self, control, query, ids):
        assert [each["id"] for each in control("GET", f"/requests?{query}").json["requests"]] == ids

    def test_have_their_secrets_when_they_are_asked_for(self, control):
        hidden = control("GET", "/requests?id=1").json["requests"][0]["parameters"]
        told = control("GET", "/requests?id=1&secrets=true").json["requests"][0]["parameters"]
        assert (hidden["Password"], told["Password"]) == ("***", "secret1")

    @pytest.mark.parametrize("query", ["failed=maybe", "secrets=2", "id=-1", "limit=x", "before="])
    def test_are_not_chosen_by_nonsense(self, control, query):
        assert control("GET", f"/requests?{query}").status == (200 if query == "before=" else 400)


class TestOverview:
    def test_tells_what_there_is(self, control, aws, world):
        told = control("GET", "/overview").json
        assert (told["user_pools"], told["identity_pools"], told["is_loopback"]) == ([], [], True)
        pool = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        aws("CreateUserPoolDomain", UserPoolId=pool, Domain="shop", ManagedLoginVersion=2)
        client = aws(
            "CreateUserPoolClient",
            UserPoolId=pool,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=["http://localhost:3000/cb", "http://localhost:4577/_cogmock/callback"],
            GenerateSecret=True,
        )["UserPoolClient"]["ClientId"]
        [told] = control("GET", "/overview").json["user_pools"]
        assert (told["id"], told["name"], told["account"], told["users"]) == (pool, "shop", "123456789012", 0)
        assert (told["domain"], told["domain_version"]) == ("shop.auth.us-east-1.localhost", 2)
        assert (told["clients"][0]["id"], told["clients"][0]["has_secret"]) == (client, True)
        assert "%2F_cogmock%2Fcallback" in told["clients"][0]["sign_in_url"]
        world.clock.advance(60)
        assert control("GET", "/overview").json["clock"]["offset_seconds"] == 60

    @pytest.mark.parametrize(
        ("setting", "issuer"),
        [
            ("server", "http://localhost:4577"),
            ("aws", "https://cognito-idp.us-east-1.amazonaws.com"),
            ("host", "http://cogmock.localhost:99"),
        ],
    )
    def test_the_issuer_is_that_of_the_tokens(self, control, aws, world, setting, issuer):
        world.settings = Settings(issuer=setting)
        pool = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        [told] = control("GET", "/overview", host="cogmock.localhost:99").json["user_pools"]
        assert told["issuer"] == f"{issuer}/{pool}"


class TestWhichMessages:
    @pytest.mark.parametrize(
        ("query", "ids"),
        [("before=3", [1, 2]), ("id=2", [2]), ("id=9", []), ("limit=2", [4, 5]), ("limit=1&before=4", [3])],
    )
    def test_are_chosen_by_parameters(self, control, send, query, ids):
        for _ in range(5):
            send()
        assert [each["id"] for each in control("GET", f"/messages?{query}").json["messages"]] == ids
