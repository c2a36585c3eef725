"""A GraphQL server behind a guard: it executes what arrives, without any authorization."""

from __future__ import annotations

import json

import graphql
from werkzeug import Response

from cogmock.wire import graphql_schema
from support.behind import Behind

SCHEMA = """
type Query {
  articles: [Article!]!
  article(id: ID!): Article
  premium: Premium @aws_cognito_user_pools(cognito_groups: ["premium"]) @aws_iam
  feed: [Item!] @aws_cognito_user_pools @aws_iam
  search(text: String): [Found!]
  staff: Staff
  open: String @aws_iam
}
type Mutation {
  publish(title: String!): Article @aws_auth(cognito_groups: ["staff"])
  like(id: ID!): Int
}
type Subscription { published: Article @aws_subscribe(mutations: ["publish"]) }
interface Item @aws_cognito_user_pools @aws_iam { id: ID!  title: String }
type Article implements Item @aws_cognito_user_pools @aws_iam {
  id: ID!
  title: String
  body: String @aws_auth(cognito_groups: ["premium"])
  draft: String! @aws_auth(cognito_groups: ["staff"])
  author: Author
  related: [Article!]!
}
type Premium implements Item @aws_cognito_user_pools(cognito_groups: ["premium"]) @aws_iam { id: ID!  title: String  text: String }
type Author @aws_cognito_user_pools @aws_iam { name: String  email: AWSEmail @aws_auth(cognito_groups: ["staff"]) }
type Staff { notes: [String!]! @aws_auth(cognito_groups: ["staff"]) names: [String] }
union Found = Article | Author | Premium
"""


def article(number):
    return {
        "__typename": "Article",
        "id": f"a{number}",
        "title": f"Title {number}",
        "body": f"Body {number}",
        "draft": f"Draft {number}",
        "author": {"__typename": "Author", "name": "Grace", "email": "grace@example.com"},
        "related": [],
    }


PREMIUM = {"__typename": "Premium", "id": "p1", "title": "Gold", "text": "Secret"}


class GraphqlBehind(Behind):
    """`asked` are the documents that arrived."""

    def __init__(self, schema=SCHEMA):
        super().__init__()
        self.asked = []
        self.likes = 0
        self._schema = graphql_schema.built(schema)
        one, two = article(1), article(2)
        one["related"] = [two]
        self.data = {
            "articles": [one, two],
            "article": one,
            "premium": PREMIUM,
            "feed": [one, PREMIUM],
            "search": [one, {"__typename": "Author", "name": "Ada", "email": "ada@example.com"}, PREMIUM],
            "staff": {"notes": ["n"], "names": ["Ada"]},
            "open": "hello",
            "publish": two,
            "like": lambda *_, **__: self._like(),
        }
        self.respond = self._execute

    def _like(self):
        self.likes += 1
        return self.likes

    def _execute(self, request):
        given = json.loads(request.get_data())
        self.asked.append(given["query"])
        result = graphql.graphql_sync(
            self._schema,
            given["query"],
            root_value=self.data,
            variable_values=given.get("variables"),
            operation_name=given.get("operationName"),
        )
        return Response(json.dumps(result.formatted), mimetype="application/json")
