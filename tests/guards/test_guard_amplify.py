"""AWS Amplify's own clients at guarded APIs, signing as they do at AWS."""

from __future__ import annotations

import pytest
from support import npm
from support.graph_asking import api
from support.guarded_shop import fields, invoke

pytestmark = [pytest.mark.node, pytest.mark.slow]


def test_rest_and_graphql_by_signature_and_by_token(shop, behind, graphql_behind):
    rest = {"id": "shop", "kind": "rest", "stage": "prod", "upstream": behind.url}
    rest |= {"routes": [{"path": "/{proxy+}", "authorizer": "iam"}]}
    env = shop(rest, api(graphql_behind.url), free=[invoke("GET/free/*"), fields("Query.open", "Query.feed")])
    asked = {
        "url": env.server.url,
        "tokens": env.tokens("bob"),
        "credentials": {name: str(of) for name, of in env.credentials("bob").items()},
        "query": "{ open staff { names } feed { title } }",
    }
    answer = npm.answered(npm.installed(), "guarded.cjs", asked)
    assert answer["allowed"] == [200, {"path": "/free/a"}]
    assert answer["denied"][0] == 403
    assert answer["denied"][1]["Message"].startswith("User: arn:aws:sts::123456789012:assumed-role/free/")
    titles = [{"title": "Title 1"}, {"title": "Gold"}]
    assert answer["iam"]["data"] == {"open": "hello", "staff": None, "feed": titles}
    assert told(answer["iam"]) == ["Not Authorized to access staff on type Query"]
    titles = [{"title": "Title 1"}, {"title": None}]
    assert answer["pool"]["data"] == {"open": None, "staff": {"names": ["Ada"]}, "feed": titles}
    assert told(answer["pool"]) == [
        "Not Authorized to access open on type Query",
        "Not Authorized to access title on type Premium",
    ]


def told(answer):
    return [each["message"] for each in answer["errors"]]
