"""The key `apis` of a document: read, checked, applied again, pruned and exported."""

from __future__ import annotations

import json

import pytest
from support.another_server import another_server

from cogmock.definitions.applying.document import apply
from cogmock.definitions.exporting.document import export
from cogmock.definitions.load import load_data

POOL = "pools: [{id: us-east-1_Shop, PoolName: shop, clients: [{id: webwebweb, ClientName: web}]}]\n"
SHOP = (
    POOL
    + """
apis:
  - id: shop
    kind: rest
    stage: prod
    upstream: "http://localhost:3000/"
    issuer_pool: us-east-1_Shop
    audience: [web]
    timeout: 2.5
    cors: {AllowOrigins: ["https://app.example"], AllowMethods: [get], AllowCredentials: true, MaxAge: 60}
    policy:
      Version: "2012-10-17"
      Statement: {Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: ["execute-api:/prod/GET/*"]}
    routes:
      - {path: "/articles/{id}", method: get, authorizer: cognito, scopes: [articles/read]}
      - {path: "/admin/{proxy+}", authorizer: iam}
      - {path: /health}
  - {id: plain, kind: http, upstream: "https://localhost:3000", routes: [{path: $default}], cors: true}
  - id: graph
    kind: appsync
    upstream: http://localhost:4000/graphql
    issuer_pool: shop
    introspection: false
    schema: "type Query { hello: AWSDate @aws_iam }"
"""
)


def of(documents, api_id):
    return documents.world.find_api(api_id)


class TestApplying:
    def test_a_document_makes_apis(self, documents):
        report = documents.apply(SHOP)
        assert [change.name for change in report.changes if change.kind == "api"] == [
            "shop",
            "plain",
            "graph",
        ]
        shop, graph = of(documents, "shop"), of(documents, "graph")
        assert (shop.kind, shop.stage, shop.region) == ("rest", "prod", "us-east-1")
        assert (shop.upstream, shop.timeout, shop.audience) == ("http://localhost:3000", 2.5, ["webwebweb"])
        assert [route.key for route in shop.routes] == [
            "GET /articles/{id}",
            "ANY /admin/{proxy+}",
            "ANY /health",
        ]
        assert [route.authorizer for route in shop.routes] == ["cognito", "iam", "none"]
        assert (graph.pool_id, graph.authorizers, graph.introspection) == (
            "us-east-1_Shop",
            ["cognito", "iam"],
            False,
        )

    def test_short_resources_of_a_policy_become_whole_arns(self, documents):
        documents.apply(SHOP)
        statement = json.loads(of(documents, "shop").policy)["Statement"][0]
        assert statement["Resource"] == ["arn:aws:execute-api:us-east-1:123456789012:shop/prod/GET/*"]

    def test_the_second_time_nothing_changes_and_an_edit_is_named(self, documents):
        documents.apply(SHOP)
        assert documents.apply(SHOP).summary["updated"] == 0
        report = documents.apply(SHOP.replace("timeout: 2.5", "timeout: 3"))
        assert [(one.name, one.fields) for one in report.changes if one.change == "updated"] == [
            ("shop", ["timeout"])
        ]

    def test_a_fault_elsewhere_leaves_apis_as_they_were(self, documents):
        documents.apply(SHOP)
        bad = (
            SHOP.replace("timeout: 2.5", "timeout: 9")
            + "identity_pools: [{IdentityPoolName: a, clients: [x]}]"
        )
        documents.faults(bad)
        assert of(documents, "shop").timeout == 2.5

    def test_pruning_deletes_what_the_list_does_not_name(self, documents):
        documents.apply(SHOP)
        kept = POOL + "apis: [{id: plain, kind: http, upstream: 'http://a', routes: [{path: /}]}]"
        assert documents.apply(kept, prune=True, dry_run=True).summary["deleted"] == 2
        assert of(documents, "shop")
        documents.apply(kept, prune=True)
        assert (of(documents, "shop"), of(documents, "graph")) == (None, None)
        assert of(documents, "plain").upstream == "http://a"

    def test_an_export_gives_the_same_apis_again(self, documents):
        documents.apply(SHOP)
        document = export(documents.world)
        with another_server() as other:
            apply(other.world, load_data(document))
            assert export(other.world)["apis"] == document["apis"]
            assert apply(other.world, load_data(document)).summary["updated"] == 0
        assert [api["id"] for api in document["apis"]] == ["shop", "plain", "graph"]

    def test_another_account_has_apis_of_its_own(self, documents):
        documents.apply(
            "accounts: {'210987654321': {apis: [{id: far, kind: http, upstream: 'http://a', routes: [{path: /}]}]}}"
        )
        assert of(documents, "far").account == "210987654321"


PLAIN = "apis:\n  - {id: shop, kind: http, upstream: 'http://a', routes: [{path: /a}], "


def faulty(**given):
    whole = {"id": "shop", "kind": "rest", "upstream": "http://a", "routes": [{"path": "/a"}]} | given
    return json.dumps({"apis": [{key: value for key, value in whole.items() if value is not None}]})


def route(**given):
    return faulty(routes=[{"path": "/a", **given}])


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "path", "words"),
        [
            (faulty(id=None), "id", "required"),
            (faulty(id="Shop"), "id", "lower-case"),
            (faulty(id="a.b"), "id", "host name"),
            (faulty(kind=None), "kind", "rest, http, appsync"),
            (faulty(kind="soap"), "kind", "none of rest, http, appsync"),
            (faulty(upstream=None), "upstream", "required"),
            (faulty(upstream="localhost:3000"), "upstream", "must be a URL"),
            (faulty(upstream="http://[::1"), "upstream", "must be a URL"),
            (faulty(upstream="http://a\r\nx"), "upstream", "must be a URL"),
            (faulty(stage="a/b"), "stage", "letters"),
            (faulty(routes=None), "routes", "required"),
            (faulty(timeout=0), "timeout", "seconds"),
            (faulty(timeout="soon"), "timeout", "seconds"),
            (faulty(schema="x"), "schema", "no schema"),
            (faulty(colour="red"), "colour", "unknown key"),
            (faulty(kind="http", policy={}), "policy", "no policy"),
            (faulty(policy={"Statement": []}), "policy", "Syntax errors"),
            (faulty(policy="absent.json"), "policy", "cannot be read"),
            (faulty(cors={"Origins": []}), "cors.Origins", "unknown key"),
            (faulty(cors={"AllowOrigins": ["app"]}), "cors.AllowOrigins", "no origin"),
            (
                faulty(cors={"AllowOrigins": ["*"], "AllowCredentials": True}),
                "cors.AllowCredentials",
                "refuses",
            ),
            (faulty(cors={"MaxAge": 1e9}), "cors.MaxAge", "seconds"),
            (faulty(kind="appsync", routes=None), "schema", "required"),
            (faulty(kind="appsync", schema="type Query { a: Nope }"), "routes", "no routes"),
            (route(method="FETCH"), "routes[0].method", "no method"),
            (route(authorizer="key"), "routes[0].authorizer", "no authorizer"),
            (route(authorizer="iam", scopes=["a"]), "routes[0].scopes", "no scopes"),
            (route(path=None), "routes[0].path", "required"),
            (route(path="a"), "routes[0].path", "begin with /"),
            (route(path="/a//b"), "routes[0].path", "segment ''"),
            (route(path="/../b"), "routes[0].path", "segment '..'"),
            (route(path="/{a+}/b"), "routes[0].path", "last segment"),
            (route(path="/{a}b"), "routes[0].path", "segment '{a}b'"),
            (route(path="$default"), "routes[0].path", "only HTTP APIs"),
            (route(authorizer="cognito"), "issuer_pool", "names the user pool"),
            (
                faulty(routes=[{"path": "/{a}"}, {"path": "/{b}"}]),
                "routes[1].path",
                "stated by apis[0].routes[0]",
            ),
            (
                faulty(kind="http", routes=[{"path": "/a", "authorizer": "cognito"}]),
                "routes[0].authorizer",
                "say jwt",
            ),
        ],
    )
    def test_is_told_with_its_place(self, documents, text, path, words):
        faults = {place: message for place, _, message in documents.faults(text, kind="json")}
        assert words in faults[f"apis[0].{path}"]

    @pytest.mark.parametrize(
        ("schema", "words"),
        [
            ("type Query { a: Nope }", "Unknown type 'Nope'"),
            ("type Query { a: String", "line 1 of the schema: Syntax Error"),
            ("type Query { a: String @model }", "@model"),
            ("type Other { a: String }", "Query"),
            ("type Query { a: [" * 2000, "schema"),
        ],
    )
    def test_a_schema_that_cannot_be_used(self, documents, schema, words):
        text = faulty(kind="appsync", routes=None, schema=schema)
        ((path, _, message),) = documents.faults(text, kind="json")
        assert path == "apis[0].schema"
        assert words in message

    def test_a_pool_that_is_not_there(self, documents):
        text = route(authorizer="cognito")[:-3] + ', "issuer_pool": "us-east-1_None"}]}'
        assert (
            documents.faults(text, kind="json")
            == [("apis[0].issuer_pool", None, "there is no user pool us-east-1_None")]
            or documents.faults(text, kind="json")[0][2] == "there is no user pool us-east-1_None"
        )

    def test_an_id_that_is_taken(self, documents):
        text = POOL + PLAIN + "}\n" + PLAIN.removeprefix("apis:\n") + "}\n"
        assert documents.faults(text)[0][2] == "the id shop is taken by apis[0]"
        documents.apply(PLAIN + "}")
        assert (
            documents.faults(PLAIN + "region: eu-west-1}")[0][2]
            == "the id shop is taken by an API in us-east-1"
        )
