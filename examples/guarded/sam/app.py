"""A function that is the same on AWS: there the event has the request context, here a header brings it."""

import json
from typing import Any

Event = dict[str, Any]


def authorizer_of(event: Event) -> dict[str, Any]:
    header = event["headers"].get("x-amzn-request-context")
    context = json.loads(header) if header else event["requestContext"]
    authorizer: dict[str, Any] = context["authorizer"]
    return authorizer


def handler(event: Event, _context: object) -> dict[str, Any]:
    match event["routeKey"]:
        case "GET /health":
            content = {"status": "ok"}
        case "GET /me":
            claims = authorizer_of(event)["jwt"]["claims"]
            content = {"name": claims["cognito:username"], "groups": claims["cognito:groups"]}
        case _:
            identity = authorizer_of(event)["iam"]["cognitoIdentity"]["identityId"]
            content = {"report": event["pathParameters"]["report"], "identity": identity}
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(content)}
