"""AppSync: fields that a caller may not read are cut from the query, null in the answer, and told as errors."""

from __future__ import annotations

import json

import pytest
from support.graph_asking import Graph, api
from support.guarded_shop import POOL, signed


@pytest.fixture
def graph(shop, graphql_behind):
    return Graph(shop(api(graphql_behind.url)), graphql_behind)


class TestUserPools:
    def test_everything_allowed_goes_through_as_it_was_sent(self, graph):
        query = "query Front($id: ID!) { articles { title }  one: article(id: $id) { id } }"
        data, errors = graph.data(query, variables={"id": "a1"})
        assert (data["articles"][0], data["one"], errors) == ({"title": "Title 1"}, {"id": "a1"}, [])
        assert graph.behind.asked == [query]

    def test_a_refused_field_is_null_with_appsync_s_error(self, graph):
        answer = graph.ask("{\n  premium { title }\n  articles { id }\n}").json
        assert answer == {
            "data": {"premium": None, "articles": [{"id": "a1"}, {"id": "a2"}]},
            "errors": [
                {
                    "path": ["premium"],
                    "data": None,
                    "errorType": "Unauthorized",
                    "errorInfo": None,
                    "locations": [{"line": 2, "column": 3, "sourceName": None}],
                    "message": "Not Authorized to access premium on type Query",
                }
            ],
        }
        assert "premium" not in graph.behind.asked[0]

    def test_groups_of_the_token_count(self, graph):
        assert graph.data("{ premium { title text } }", "ada") == (
            {"premium": {"title": "Gold", "text": "Secret"}},
            [],
        )
        graph.shop.idp.admin_add_user_to_group(UserPoolId=POOL, Username="bob", GroupName="premium")
        assert graph.data("{ premium { text } }")[0] == {"premium": {"text": "Secret"}}

    def test_access_tokens_are_taken_too(self, graph):
        body = json.dumps({"query": "{ open articles { id } }"}).encode()
        headers = {"Authorization": f"Bearer {graph.shop.access_token()}"}
        answer = graph.shop.send("POST", "/graphql", headers=headers, body=body, host=graph.host)
        assert answer.json["data"]["articles"]

    def test_fields_of_types_and_lists(self, graph):
        data, errors = graph.data("{ articles { title body author { name email } } }")
        assert data["articles"] == [
            {"title": f"Title {at}", "body": None, "author": {"name": "Grace", "email": None}}
            for at in (1, 2)
        ]
        assert len(errors) == 4
        assert "body" not in graph.behind.asked[0]

    def test_nothing_left_to_ask_asks_nobody(self, graph):
        assert graph.data("{ premium { title } }")[0] == {"premium": None}
        assert graph.data('mutation { publish(title: "x") { id } }') == (
            {"publish": None},
            ["Not Authorized to access publish on type Mutation"],
        )
        assert graph.behind.requests == []

    def test_only_the_allowed_part_of_a_mutation_is_carried_out(self, graph):
        data, _ = graph.data('mutation { a: like(id: 1)  publish(title: "x") { id }  b: like(id: 2) }')
        assert data == {"a": 1, "publish": None, "b": 2}
        assert "publish" not in graph.behind.asked[0]

    def test_a_null_that_may_not_be_takes_its_parent_along(self, graph):
        data, errors = graph.data("{ article(id: 1) { id draft } }")
        assert data == {"article": None}
        assert errors == [
            "Not Authorized to access draft on type Article",
            "Cannot return null for non-nullable type: 'String' within parent 'Article' (/article/draft)",
        ]
        assert graph.data("{ staff { names notes } }")[0] == {"staff": None}
        assert graph.data("{ open articles { draft } }")[0] is None
        assert graph.data("{ feed { id } }")[0] == {"feed": None}

    def test_the_journal_explains(self, graph):
        graph.ask("query Front { premium { title } articles { body } }")
        entry = graph.shop.last_call()
        assert (entry.service, entry.operation, entry.username) == ("appsync", "query Front", "bob")
        assert entry.error == "Unauthorized"
        assert entry.parameters["Refused"] == ["Query.premium", "Article.body"]
        reason = "Query.premium is for the groups premium; the token has none"
        assert reason in entry.reason
        told = graph.shop.send("GET", "/_cogmock/requests?failed=true", host="localhost").json["requests"][-1]
        assert (told["service"], told["operation"], told["status"]) == ("appsync", "query Front", 200)
        assert reason in told["reason"]

    def test_the_context_of_the_resolver(self, graph):
        graph.ask("{ articles { id } }", "ada")
        identity = graph.behind.context["identity"]
        assert (identity["username"], identity["groups"]) == ("ada", ["premium"])
        assert identity["claims"]["token_use"] == "id"
        assert identity["sourceIp"] == ["127.0.0.1"]


class TestTricks:
    """No way of writing a query leads around the rule of a field."""

    @pytest.mark.parametrize(
        "query",
        [
            "{ articles { title: body } }",
            "{ x: articles { y: body  id } }",
            "{ articles { ...F } } fragment F on Article { body }",
            "{ articles { ...F } } fragment F on Item { ... on Article { body } }",
            "{ ...R } fragment R on Query { articles { ...F } } fragment F on Article { ...G } fragment G on Article { b: body }",
            "{ articles { ... { body } } }",
            "{ articles { ... @include(if: true) { body } } }",
            "query Q($yes: Boolean = true) { articles { body @include(if: $yes) } }",
            "{ articles { related { body } } }",
            "{ feed { ... on Article { body } } }",
            "{ search { ... on Article { body } ... on Item { ... on Article { b: body } } } }",
            "{ articles { id @skip(if: true) body @skip(if: false) } }",
            "query A { open } query B { articles { body } }",
            "{ articles { id: body } articles { id: body } }",
            "{ articles { x: title x: body } }",
        ],
    )
    def test_is_of_no_use(self, graph, query):
        name = "B" if "query A" in query else None
        answer = graph.ask(query, operationName=name)
        assert "Body" not in answer.body.decode()
        assert all("body" not in asked for asked in graph.behind.asked)
        assert "Not Authorized to access body on type Article" in answer.body.decode()

    def test_what_is_skipped_is_neither_asked_nor_told(self, graph):
        query = "query Q($no: Boolean!) { articles { id body @include(if: $no) ...F @skip(if: true) } } fragment F on Article { b: body }"
        data, errors = graph.data(query, variables={"no": False})
        assert (data["articles"], errors) == ([{"id": "a1"}, {"id": "a2"}], [])

    def test_variables_and_fragments_that_nothing_uses_any_more_are_left_out(self, graph):
        query = "query Q($a: ID!, $t: String!) { article(id: $a) { ...F } search(text: $t) { ... on Premium { ...G } } } fragment F on Article { id } fragment G on Premium { text }"
        data, errors = graph.data(query, variables={"a": 1, "t": "x"})
        assert data["article"] == {"id": "a1"}
        assert len(errors) == 1

    def test_another_operation_of_the_document_does_not_arrive(self, graph):
        query = "query Bad { premium { text } } query Good { articles { id } }"
        data, _ = graph.data(query, operationName="Good")
        assert data["articles"]
        assert "premium" not in graph.behind.asked[0]

    def test_a_doubled_member_of_the_request_is_read_once(self, graph):
        body = b'{"query": "{ articles { id } }", "query": "{ articles { body } }"}'
        headers = {"Authorization": graph.shop.id_token("bob")}
        answer = graph.shop.send("POST", "/graphql", headers=headers, body=body, host=graph.host)
        assert "Body" not in answer.body.decode()

    def test_a_server_that_says_more_than_it_was_asked(self, graph):
        from werkzeug import Response

        leak = {"data": {"articles": [{"id": "a1", "body": "Body 1"}], "premium": {"text": "Secret"}}}
        graph.behind.respond = lambda _: Response(json.dumps(leak), mimetype="application/json")
        data, _ = graph.data("{ articles { id body } premium { text } }")
        assert data == {"articles": [{"id": "a1", "body": None}], "premium": None}


class TestInterfacesAndUnions:
    def test_a_field_of_an_interface_is_asked_for_the_allowed_types_alone(self, graph):
        data, errors = graph.data("{ feed { title } }")
        assert data == {"feed": [{"title": "Title 1"}, {"title": None}]}
        assert errors == ["Not Authorized to access title on type Premium"]
        assert "... on Article" in graph.behind.asked[0]
        assert graph.data("{ feed { title } }", "ada")[0] == {
            "feed": [{"title": "Title 1"}, {"title": "Gold"}]
        }

    def test_members_of_a_union(self, graph):
        query = "{ search { __typename ... on Article { id } ... on Author { email name } ... on Premium { text } } }"
        data, errors = graph.data(query)
        assert data["search"] == [
            {"__typename": "Article", "id": "a1"},
            {"__typename": "Author", "email": None, "name": "Ada"},
            {"__typename": "Premium", "text": None},
        ]
        assert sorted(errors) == [
            "Not Authorized to access email on type Author",
            "Not Authorized to access text on type Premium",
        ]

    def test_the_order_of_the_query_is_kept_and_helpers_do_not_show(self, graph):
        answer = graph.ask("{ feed { title guardedType: title } premium { id } open }").json
        assert list(answer["data"]) == ["feed", "premium", "open"]
        assert answer["data"]["feed"][0] == {"title": "Title 1", "guardedType": "Title 1"}


class TestIam:
    """Signed requests: directives first, then `appsync:GraphQL` on the field."""

    def test_the_story_of_guest_free_and_premium(self, graph):
        graph.allow("guest", "Query.open")
        graph.allow("free", "Query.open", "Query.feed")
        graph.allow("premium", "Query.*")
        query = "{ open feed { title } premium { text } }"
        who = {name: graph.shop.credentials(name) for name in ("bob", "ada")} | {
            "guest": graph.shop.credentials()
        }
        seen = {
            name: {key for key, of in graph.data(query, credentials=held)[0].items() if of}
            for name, held in who.items()
        }
        assert seen == {"guest": {"open"}, "bob": {"open", "feed"}, "ada": {"open", "feed", "premium"}}
        graph.allow("guest", "Query.*", deny=["Query.open"])
        assert graph.data(query, credentials=who["guest"])[0]["open"] is None
        assert graph.data(query, credentials=who["guest"])[0]["premium"] == {"text": "Secret"}
        graph.shop.idp.admin_add_user_to_group(UserPoolId=POOL, Username="bob", GroupName="premium")
        assert graph.data(query, credentials=graph.shop.credentials("bob"))[0]["premium"]

    def test_fields_without_aws_iam_are_closed_whatever_the_policies_say(self, graph):
        graph.allow("guest", "*.*")
        data, errors = graph.data("{ open articles { id } }", credentials=graph.shop.credentials())
        assert data is None or data == {"open": "hello", "articles": None}
        assert "Not Authorized to access articles on type Query" in errors

    def test_fields_of_other_types_are_read_through_an_allowed_one(self, graph):
        graph.allow("guest", "Query.premium")
        data, _ = graph.data("{ premium { title text } }", credentials=graph.shop.credentials())
        assert data == {"premium": {"title": "Gold", "text": "Secret"}}

    def test_a_policy_that_names_fields_of_a_type_opens_these_alone(self, graph):
        graph.allow("guest", "Query.premium", "Premium.title")
        data, errors = graph.data("{ premium { title text } }", credentials=graph.shop.credentials())
        assert data == {"premium": {"title": "Gold", "text": None}}
        assert errors == ["Not Authorized to access text on type Premium"]

    def test_an_explicit_deny_on_a_field_of_a_type(self, graph):
        graph.allow("guest", "Query.*", deny=["Premium.text"])
        data, _ = graph.data("{ premium { title text } }", credentials=graph.shop.credentials())
        assert data == {"premium": {"title": "Gold", "text": None}}

    def test_the_decision_is_explained(self, graph):
        graph.allow("guest", "Query.open")
        credentials = graph.shop.credentials()
        graph.ask("{ feed { id } }", credentials=credentials)
        reason = graph.shop.last_call().reason
        arn = "arn:aws:appsync:us-east-1:123456789012:apis/graph/types/Query/fields/"
        assert reason.startswith(f"implicitDeny: appsync:GraphQL on {arn}feed")
        decided = [
            graph.shop.server.authorize(credentials, "appsync:GraphQL", arn + name).allowed
            for name in ("open", "feed")
        ]
        assert decided == [True, False]

    def test_the_context_of_the_resolver(self, graph):
        graph.allow("premium", "Query.*")
        graph.ask("{ open }", credentials=graph.shop.credentials("ada"))
        identity = graph.behind.context["identity"]
        assert identity["cognitoIdentityAuthType"] == "authenticated"
        assert identity["cognitoIdentityId"].startswith("us-east-1:")
        assert identity["userArn"].endswith(":assumed-role/premium/CognitoIdentityCredentials")
        assert not {"Authorization", "X-Amz-Security-Token"} & set(dict(graph.behind.last.headers))

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"SecretKey": "x"}, "InvalidSignatureException"),
            ({"AccessKeyId": "ASIAAAAAAAAAAAAAAAAA"}, "UnrecognizedClientException"),
        ],
    )
    def test_bad_signatures(self, graph, change, error):
        answer = graph.ask("{ open }", credentials={**graph.shop.credentials(), **change})
        assert (answer.status, answer.headers["x-amzn-errortype"]) == (403, error)
        assert answer.json["errors"][0]["errorType"] == error

    def test_a_signature_for_api_gateway_is_none_for_appsync(self, graph):
        body = b'{"query": "{ open }"}'
        headers = signed("POST", "/graphql", graph.shop.credentials(), graph.host, {}, body)
        answer = graph.shop.send("POST", "/graphql", headers=headers, body=body, host=graph.host)
        assert answer.headers["x-amzn-errortype"] == "InvalidSignatureException"


class TestModes:
    def test_the_first_authorizer_is_the_default_mode(self, shop, graphql_behind):
        schema = "type Query { articles: [String] open: String @aws_cognito_user_pools }"
        graph = Graph(shop(api(graphql_behind.url, schema, authorizers=["iam", "cognito"])), graphql_behind)
        graph.allow("guest", "Query.*")
        assert graph.data("{ open articles }")[1] == ["Not Authorized to access articles on type Query"]
        assert graph.data("{ open }", credentials=graph.shop.credentials())[1] == [
            "Not Authorized to access open on type Query"
        ]

    def test_a_mode_that_the_api_does_not_have(self, shop, graphql_behind):
        graph = Graph(shop(api(graphql_behind.url, authorizers=["cognito"])), graphql_behind)
        answer = graph.ask("{ open }", credentials=graph.shop.credentials())
        assert (answer.status, answer.json["errors"][0]["message"]) == (
            401,
            "You are not authorized to make this call.",
        )

    def test_without_credentials(self, graph):
        answer = graph.ask("{ open }", who=None)
        assert (answer.status, answer.json) == (
            401,
            {
                "errors": [
                    {
                        "errorType": "UnauthorizedException",
                        "message": "Valid authorization header not provided.",
                    }
                ]
            },
        )
        assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
        assert answer.headers["access-control-allow-origin"] == "*"

    def test_an_expired_token(self, graph):
        token = graph.shop.id_token()
        graph.shop.server.clock.advance(hours=2)
        answer = graph.shop.send(
            "POST", "/graphql", headers={"Authorization": token}, body=b"{}", host=graph.host
        )
        assert (answer.status, answer.json["errors"][0]["message"]) == (401, "Token has expired.")

    @pytest.mark.parametrize("token", ["x", "a.b.c", "Bearer", "Basic YTpi"])
    def test_bad_tokens(self, graph, token):
        answer = graph.shop.send(
            "POST", "/graphql", headers={"Authorization": token}, body=b"{}", host=graph.host
        )
        assert (answer.status, answer.json["errors"][0]["errorType"]) == (401, "UnauthorizedException")
