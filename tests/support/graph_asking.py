"""A guarded AppSync API, and ways to ask it."""

from __future__ import annotations

import json

from support.graphql_behind import SCHEMA
from support.guarded_shop import POOL, fields, policy, signed


def api(url, schema=SCHEMA, **more):
    return {
        "id": "graph",
        "kind": "appsync",
        "upstream": f"{url}/graphql",
        "schema": schema,
        "issuer_pool": POOL,
        **more,
    }


class Graph:
    """Ways to ask the API `graph`."""

    def __init__(self, shop, behind):
        self.shop, self.behind = shop, behind
        self.host = shop.host("graph", "appsync-api")

    def ask(self, query, who="bob", credentials=None, *, target="/graphql", content=None, **more):
        body = json.dumps(content or {"query": query, **more}).encode()
        headers = {"Content-Type": "application/json"}
        if credentials:
            headers = signed("POST", target, credentials, self.host, headers, body, service="appsync")
        elif who:
            headers["Authorization"] = self.shop.id_token(who)
        return self.shop.send("POST", target, headers=headers, body=body, host=self.host)

    def data(self, query, who="bob", credentials=None, **more):
        """The data, and the messages of the errors."""
        answer = self.ask(query, who, credentials, **more)
        assert answer.status == 200, answer.body
        return answer.json["data"], [each["message"] for each in answer.json.get("errors", [])]

    def allow(self, role, *named, deny=()):
        statements = [fields(*named)] if named else []
        statements += [fields(*deny, effect="Deny")] if deny else []
        document = policy(*(statements or [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]))
        self.shop.iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=json.dumps(document))
