"""GraphQL requests that are wrong, huge or deep, introspection, and servers behind that misbehave."""

from __future__ import annotations

import json
import time

import graphql
import pytest
from support.behind import RawBehind
from support.graph_asking import Graph, api
from support.graphql_behind import GraphqlBehind
from support.guarded_shop import Shop, document
from support.waiting import LIMIT
from werkzeug import Response

from cogmock.testing.server import CognitoServer


@pytest.fixture(scope="module")
def graph():
    behind = GraphqlBehind()
    with CognitoServer() as server:
        server.apply(document(api(behind.url, timeout=LIMIT)))
        yield Graph(Shop(server), behind)
    behind.stop()


@pytest.fixture(autouse=True)
def fresh(graph):
    graph.behind.asked.clear()
    graph.behind.requests.clear()
    graph.behind.respond = graph.behind._execute


def sent(graph, body, method="POST", target="/graphql", **headers):
    given = {"Authorization": graph.shop.id_token("bob"), **headers}
    return graph.shop.send(method, target, headers=given, body=body, host=graph.host)


def malformed(answer, message="Unable to parse GraphQL query."):
    assert (answer.status, answer.json) == (
        400,
        {"errors": [{"errorType": "MalformedHttpRequestException", "message": message}]},
    )


class TestRequests:
    @pytest.mark.parametrize(
        "body",
        [
            b"meow",
            b"{}",
            b"{}}",
            b"[]",
            b"\xff",
            b"null",
            b'[{"query": "{ open }"}]',
            b'{"query": 7}',
            b'{"query": ""}',
            b'{"query": "{ open"}',
            b'{"query": "{ open }", "variables": []}',
            b'{"query": "{ open }", "operationName": 1}',
            b'{"query": "type Query { a: Int }"}',
            b'{"query": "{ open }", "variables": ' + b"[" * 300 + b"]" * 300 + b"}",
        ],
    )
    def test_that_cannot_be_read(self, graph, body):
        answer = sent(graph, body)
        if b"type Query" in body:
            assert answer.json["data"] is None
        else:
            malformed(answer)
        assert graph.behind.requests == []

    def test_an_empty_body(self, graph):
        malformed(sent(graph, b""), "Request body is empty.")

    def test_by_get(self, graph):
        from urllib.parse import urlencode

        query = urlencode(
            {"query": "query Q($id: ID!) { article(id: $id) { id body } }", "variables": '{"id": 1}'}
        )
        answer = sent(graph, b"", "GET", f"/graphql?{query}")
        assert answer.json["data"] == {"article": {"id": "a1", "body": None}}
        malformed(sent(graph, b"", "GET", "/graphql?query={open}&variables=x"))
        malformed(sent(graph, b"", "GET", "/graphql"))

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
    def test_by_another_method(self, graph, method):
        assert sent(graph, b"{}", method).status == 405

    @pytest.mark.parametrize("target", ["/", "/_api/graph/graphql", "/_api/graph"])
    def test_other_addresses_of_the_endpoint(self, graph, target):
        host = graph.host if target == "/" else "localhost"
        headers = {"Authorization": graph.shop.id_token()}
        answer = graph.shop.send(
            "POST", target, headers=headers, body=b'{"query": "{ premium { id } }"}', host=host
        )
        assert answer.json == {"data": {"premium": {"id": "p1"}}}

    @pytest.mark.parametrize("target", ["/graphql/", "/other", "/graphql/x", "//graphql", "/GraphQL"])
    def test_other_paths(self, graph, target):
        assert sent(graph, b'{"query": "{ open }"}', target=target).status == 404

    def test_subscriptions_are_refused(self, graph):
        answer = graph.ask("subscription { published { id } }")
        assert (answer.status, answer.json["errors"][0]["errorType"]) == (400, "BadRequestException")

    def test_websockets_are_refused(self, graph):
        answer = sent(
            graph, b"", "GET", **{"Sec-WebSocket-Key": "x", "Upgrade": "websocket", "Connection": "Upgrade"}
        )
        assert answer.status == 501
        host = graph.shop.host("graph", "appsync-realtime-api")
        assert graph.shop.send("GET", "/graphql", headers={"Sec-WebSocket-Key": "x"}, host=host).status == 501

    def test_a_browser_may_ask_before(self, graph):
        headers = {"Origin": "https://app.example", "Access-Control-Request-Headers": "authorization"}
        answer = graph.shop.send("OPTIONS", "/graphql", headers=headers, host=graph.host)
        assert (answer.status, answer.headers["access-control-allow-headers"]) == (200, "authorization")
        assert answer.headers["access-control-allow-origin"] == "*"


class TestValidation:
    @pytest.mark.parametrize(
        ("query", "message"),
        [
            (
                "{badfield}",
                "Validation error of type FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'",
            ),
            ("{ articles { ...F } }", "Validation error of type UndefinedFragment: Unknown fragment 'F'."),
            (
                "query ($a: Int) { open }",
                "Validation error of type UnusedVariable: Variable '$a' is never used.",
            ),
            ("{ article { id } }", "Validation error of type MissingFieldArgument:"),
            ("{ article(id: 1, x: 2) { id } }", "Validation error of type UnknownArgument:"),
            ("{ articles }", "Validation error of type ScalarLeafs:"),
            ("{ open { x } }", "Validation error of type ScalarLeafs:"),
            ("{ open @nope }", "Validation error of type UnknownDirective:"),
            ("{ articles { ... on Nope { id } } }", "Validation error of type UnknownType:"),
            ("{ articles { ... on Author { name } } }", "Validation error of type InvalidFragmentType:"),
            (
                "{ articles { ...F } } fragment F on Article { ...F }",
                "Validation error of type FragmentCycle:",
            ),
            ("query A { open } query B { open }", "Must provide operation name"),
        ],
    )
    def test_errors_are_as_appsync_writes_them(self, graph, query, message):
        answer = graph.ask(query)
        assert (answer.status, answer.json["data"]) == (200, None)
        first = answer.json["errors"][0]
        assert first["message"].startswith(message)
        assert first["path"] is None
        assert graph.behind.requests == []

    def test_the_place_of_an_error(self, graph):
        assert graph.ask("{badfield}").json["errors"][0]["locations"] == [
            {"line": 1, "column": 2, "sourceName": None}
        ]

    def test_an_operation_that_is_not_there(self, graph):
        answer = graph.ask("query A { open }", operationName="B")
        assert answer.json["errors"][0]["message"] == "Unknown operation named 'B'."


def quickly(ask):
    """The answer. It costs half a second at most, and minutes where the cost grows with the square of the query."""
    began = time.process_time()
    answer = ask()
    assert time.process_time() - began < 10
    return answer


def chain(length, last="id"):
    """Fragments, each of which spreads the next twice: two to the power of their number fields, if written out."""
    parts = [f"fragment F{at} on Article {{ ...F{at + 1} ... {{ ...F{at + 1} }} }}" for at in range(length)]
    return "{ articles { ...F0 } } " + " ".join(parts) + f" fragment F{length} on Article {{ {last} }}"


class TestBounds:
    def test_more_tokens_than_the_parser_takes(self, graph):
        malformed(quickly(lambda: graph.ask("{ " + "open " * 16000 + "}")))

    def test_many_aliases_of_one_field(self, graph):
        query = "{ " + " ".join(f"a{at}: premium {{ id }}" for at in range(1500)) + " }"
        answer = quickly(lambda: graph.ask(query))
        assert answer.json["data"]["a1499"] is None
        assert len(answer.json["errors"]) == 1500

    def test_the_same_field_again_and_again(self, graph):
        answer = quickly(lambda: graph.ask("{ articles { id } " + "premium { id } " * 2500 + "}"))
        assert answer.json["data"]["premium"] is None

    @pytest.mark.parametrize("sign", ["{ a ", "[", "(", '{ a(x: "{") '])
    def test_deep_brackets(self, graph, sign):
        malformed(quickly(lambda: graph.ask(sign * 5000)))

    def test_a_query_that_is_as_deep_as_is_allowed(self, graph):
        inner = "{ articles " + "{ related " * 73 + "{ id body }" + "}" * 74
        data, _ = graph.data(inner)
        assert data["articles"][0]["related"][0]["related"] == []

    def test_a_query_that_is_too_deep(self, graph):
        answer = quickly(lambda: graph.ask("{ articles " + "{ related " * 74 + "{ id }" + "}" * 75))
        assert answer.json["errors"][0]["message"].startswith("Query depth limit exceeded")

    def test_depth_by_fragments(self, graph):
        parts = [f"fragment F{at} on Article {{ related {{ ...F{at + 1} }} }}" for at in range(100)]
        query = "{ articles { ...F0 } } " + " ".join(parts) + " fragment F100 on Article { id }"
        answer = quickly(lambda: graph.ask(query))
        assert answer.json["errors"][0]["message"].startswith("Query depth limit exceeded")

    def test_fragments_that_would_grow_without_end(self, graph):
        answer = quickly(lambda: graph.ask(chain(60, "id body")))
        assert answer.json["data"]["articles"][0] == {"id": "a1", "body": None}

    def test_a_chain_of_fragments_longer_than_a_stack(self, graph):
        parts = [f"fragment F{at} on Article {{ ...F{at + 1} }}" for at in range(1800)]
        query = "{ articles { ...F0 } } " + " ".join(parts) + " fragment F1800 on Article { id }"
        answer = quickly(lambda: graph.ask(query))
        assert answer.status in {200, 400}
        assert "errors" in answer.json

    def test_a_body_that_is_too_large(self, graph):
        answer = sent(graph, b'{"query": "{ open }", "x": "' + b"x" * (5 * 1024 * 1024) + b'"}')
        assert answer.status == 413

    def test_strings_and_comments_with_brackets_are_no_depth(self, graph):
        text = "{" * 400
        query = f'query Q {{ # {text}\n search(text: "{text}") {{ __typename }} more: search(text: """{text}""") {{ __typename }} }}'
        assert graph.ask(query).json["data"]["more"]


class TestIntrospection:
    def test_is_answered_from_the_schema(self, graph):
        data, errors = graph.data(graphql.get_introspection_query())
        assert {"Query", "Article", "AWSEmail"} <= {kind["name"] for kind in data["__schema"]["types"]}
        assert graphql.build_client_schema(data)
        assert (errors, graph.behind.requests) == ([], [])

    def test_beside_fields_and_in_fragments(self, graph):
        query = """query Q($name: String!) { ...R articles { id __typename } __typename }
            fragment R on Query { a: __type(name: $name) { ...T } premium { id } }
            fragment T on __Type { name fields { name } }"""
        data, errors = graph.data(query, variables={"name": "Author"})
        assert data == {
            "a": {"name": "Author", "fields": [{"name": "name"}, {"name": "email"}]},
            "premium": None,
            "articles": [{"id": "a1", "__typename": "Article"}, {"id": "a2", "__typename": "Article"}],
            "__typename": "Query",
        }
        assert errors == ["Not Authorized to access premium on type Query"]
        assert "__type(" not in graph.behind.asked[0]

    def test_lists_in_lists_are_bounded(self, graph):
        inner = "fields { type { " * 6 + "name" + " } }" * 6
        answer = quickly(lambda: graph.ask(f"{{ __schema {{ types {{ {inner} }} }} }}"))
        assert answer.json["errors"][0]["message"] == "Maximum introspection depth exceeded"

    @pytest.mark.parametrize(
        "query",
        [
            "{ " + " ".join(f"a{at}: __schema {{ types {{ name }} }}" for at in range(400)) + " }",
            "{ __schema { types { fields { " + " ".join(f"a{at}: name" for at in range(3000)) + " } } } }",
            chain(40)
            .replace("{ articles {", "{ __schema { types {", 1)
            .replace("} }", "} } }", 1)
            .replace("Article", "__Type")
            .replace("{ id }", "{ name }"),
        ],
        ids=["roots", "aliases", "fragments"],
    )
    def test_many_fields_are_bounded(self, graph, query):
        answer = quickly(lambda: graph.ask(query))
        assert "not asking for introspection in good faith" in answer.json["errors"][0]["message"]

    def test_it_can_be_switched_off(self, shop, graphql_behind):
        graph = Graph(shop(api(graphql_behind.url, introspection=False)), graphql_behind)
        for query in ("{ __schema { types { name } } }", '{ ... { __type(name: "Query") { name } } }'):
            answer = graph.ask(query).json
            assert answer["data"] is None
            assert "is undefined" in answer["errors"][0]["message"]
        assert graph.data("{ articles { __typename } }")[0]["articles"][0] == {"__typename": "Article"}

    def test_nobody_introspects_without_credentials(self, graph):
        assert graph.ask("{ __schema { types { name } } }", who=None).status == 401


REFUSED = "{ articles { id body } }"
"""A query of which something is cut, so that the answer is put together."""


class TestServersBehind:
    def answering(self, graph, content, status=200):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        graph.behind.respond = lambda _: Response(body, status, mimetype="application/json")

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"hello",
            b"[]",
            b'{"data": 7}',
            b'{"data": {}, "errors": {}}',
            {"data": {"articles": {"id": 1}}},
            {"data": {"articles": ["a"]}},
            b'{"data": {"articles": ' + b"[" * 500 + b"]" * 500 + b"}}",
        ],
    )
    def test_answers_that_are_none(self, graph, content):
        self.answering(graph, content)
        answer = graph.ask(REFUSED)
        assert (answer.status, answer.json["errors"][0]["errorType"]) == (502, "InternalFailureException")

    def test_an_answer_without_a_length_is_taken_whole(self, graph):
        parts = [b'{"data": {"articles": ', b'[{"id": "a1"}]}}']
        for query in (REFUSED, "{ articles { id } }"):
            graph.behind.respond = lambda _: Response(iter(parts), mimetype="application/json")
            answer = graph.ask(query).json
            assert answer["data"]["articles"][0]["id"] == "a1"

    def test_an_answer_that_never_ends(self, graph):
        graph.behind.respond = lambda _: Response(
            (b"x" * 65536 for _ in range(400)), mimetype="application/json"
        )
        assert graph.ask(REFUSED).status == 502

    def test_errors_of_the_server_stand_beside_those_of_the_guard(self, graph):
        own = {"message": "slow", "path": ["articles", 1, "id"]}
        self.answering(
            graph, {"data": {"articles": [{"id": "a1"}]}, "errors": [own], "extensions": {"cost": 1}}
        )
        answer = graph.ask(REFUSED).json
        assert answer["data"] == {"articles": [{"id": "a1", "body": None}]}
        assert answer["errors"][1] == own
        assert answer["extensions"] == {"cost": 1}

    def test_errors_without_data(self, graph):
        self.answering(graph, {"errors": [{"message": "bad"}]}, 400)
        answer = graph.ask(REFUSED)
        assert (answer.status, answer.json) == (400, {"data": None, "errors": [{"message": "bad"}]})

    @pytest.mark.parametrize("told", [None, "Nope", "Author", 7])
    def test_a_type_that_the_schema_does_not_have(self, graph, told):
        self.answering(graph, {"data": {"feed": [{"guardedType": told, "title": "x"}]}})
        assert graph.ask("{ feed { title } }").status == 502

    def test_a_dead_and_a_silent_server(self, shop):
        silent = RawBehind(silent=True)
        env = shop(api(silent.url, timeout=0.3), {**api("http://127.0.0.1:1"), "id": "dead"})
        answers = {}
        for name in ("graph", "dead"):
            graph = Graph(env, None)
            graph.host = env.host(name, "appsync-api")
            for query in ("{ articles { id } }", REFUSED):
                answer = graph.ask(query)
                answers[name, query] = answer.status, answer.json["errors"][0]["message"]
        silent.stop()
        assert set(answers.values()) == {(504, "Endpoint request timed out"), (502, "Internal server error")}
        assert {of for (name, _), of in answers.items() if name == "dead"} == {(502, "Internal server error")}
