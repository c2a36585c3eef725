"""An AppSync API: authenticates, cuts the query, asks the server behind, and completes its answer."""

from __future__ import annotations

import json
from typing import Any

from cogmock import foreign_json
from cogmock.protect.apis import contexts, gateway, refusals, tokens, upstream
from cogmock.protect.apis.appsync import callers, documents, introspection
from cogmock.protect.apis.appsync.completion import Completion
from cogmock.protect.apis.appsync.documents import Invalid
from cogmock.protect.apis.appsync.pruning import Pruned
from cogmock.protect.apis.appsync.rules import Rules
from cogmock.protect.apis.request import ApiRefusal, ApiRequest, Outcome
from cogmock.protect.request import Answer, Head
from cogmock.wire import graphql_schema

PATHS = ("/graphql", "/", "")
CORS: Head = [
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "x-amzn-RequestId,x-amzn-ErrorType,x-amz-user-agent,x-amzn-ErrorMessage,Date,x-amz-schema-version",
    ),
]
"""AppSync answers pages of any origin (seen in real responses)."""


def answer(request: ApiRequest) -> Outcome:
    """What becomes of a request. Never raises ApiRefusal: a refusal is an outcome."""
    outcome = Outcome(Answer(500, [], []), "GraphQL", {"Api": request.api.id})
    try:
        outcome.answer = _answer(request, outcome)
    except ApiRefusal as refusal:
        outcome.answer, outcome.error, outcome.message = refusals.answer(
            request.api, refusal, request.request_id
        )
        outcome.reason = refusal.reason
    except (Invalid, RecursionError) as fault:
        # Chains of fragments can be longer than Python's stack, though no field is deep.
        invalid = fault if isinstance(fault, Invalid) else Invalid([documents.error(documents.TOO_DEEP)])
        outcome.error, outcome.message = "ValidationError", str(invalid)
        outcome.answer = _content(request, {"data": None, "errors": invalid.errors})
    outcome.answer.headers += CORS
    return outcome


def _answer(request: ApiRequest, outcome: Outcome) -> Answer:
    gateway.refuse_impossible(request)
    if request.path not in PATHS:
        raise ApiRefusal("route", f"the path of an AppSync API is /graphql, not {request.path}")
    if request.sent.method == "OPTIONS":
        return _preflight(request)
    schema = graphql_schema.built(request.api.schema)
    rules = callers.identified(request, schema)
    outcome.username = tokens.username(rules.claims or {})
    if rules.caller is not None:
        outcome.params["Caller"] = rules.caller.arn
    query = documents.parse(request.api.schema, *documents.read(request))
    kind = query.operation.operation.value
    named = query.operation.name
    outcome.operation = f"{kind} {named.value}" if named else kind
    if kind == "subscription":
        raise ApiRefusal("subscription", "subscriptions need a WebSocket")
    pruned = Pruned(query, rules)
    if pruned.is_whole:
        found = _asked(request, rules, query.text, query.variables, query.operation_name)
        return _with_marks(request, found)
    return _completed(request, pruned, outcome)


def _completed(request: ApiRequest, pruned: Pruned, outcome: Outcome) -> Answer:
    """The answer with nulls and errors for what was cut."""
    introspected = introspection.answered(pruned.query, pruned.rules) if pruned.introspects else {}
    told: dict[str, Any] = {}
    status, headers = 200, []
    if not pruned.is_empty:
        text, variables = pruned.text()
        found = _asked(request, pruned.rules, text, variables, pruned.query.operation_name)
        told, status = _read(found, request), found.status
        headers = [(name, value) for name, value in found.headers if name.lower() == "set-cookie"]
    completion = Completion(pruned, introspected)
    of_server = told.get("errors") or []
    data = completion.data(told.get("data") or {}) if told.get("data") is not None or not of_server else None
    content: dict[str, Any] = {"data": data}
    if completion.errors or of_server:
        content["errors"] = [*completion.errors, *of_server]
    if "extensions" in told:
        content["extensions"] = told["extensions"]
    if pruned.refused:
        outcome.error = "Unauthorized"
        outcome.message = f"Not Authorized to access {', '.join(pruned.refused)}"
        outcome.params["Refused"] = list(pruned.refused)
        outcome.reason = "\n".join(dict.fromkeys(pruned.refused.values()))
    return _content(request, content, status, headers)


def _asked(
    request: ApiRequest, rules: Rules, text: str, variables: dict[str, Any], operation_name: str | None
) -> Answer:
    """The answer of the server behind. What it gets is written anew: it might read a doubled member differently."""
    named = {"operationName": operation_name} if operation_name else {}
    body = json.dumps({"query": text, "variables": variables, **named}).encode()
    headers = gateway.headers_for(request, signed=rules.caller is not None)
    headers |= {
        "accept": "application/json",
        "accept-encoding": "identity",
        "content-type": "application/json",
        "content-length": str(len(body)),
        contexts.HEADER: contexts.as_header(contexts.of_graphql(request, rules.claims, rules.caller)),
    }
    url = request.api.upstream
    target = upstream.path_of(url) or "/"
    return upstream.send(url, request.api.timeout, "POST", target, headers, body, whole=True)


def _read(found: Answer, request: ApiRequest) -> dict[str, Any]:
    """The content of an answer. Raises ApiRefusal where it is not that of a GraphQL server."""
    try:
        content = foreign_json.read(b"".join(found.body))
    except ValueError as fault:
        raise ApiRefusal(
            "unreachable", f"the answer of {request.api.upstream} is not JSON: {fault}"
        ) from None
    if isinstance(content, dict):
        data, errors = content.get("data"), content.get("errors")
        if (data is None or isinstance(data, dict)) and (errors is None or isinstance(errors, list)):
            return content
    raise ApiRefusal("unreachable", f"the answer of {request.api.upstream} is not that of a GraphQL server")


def _content(request: ApiRequest, content: Any, status: int = 200, headers: Head | None = None) -> Answer:
    body = json.dumps(content, separators=(",", ":")).encode()
    head = [("Content-Type", "application/json;charset=UTF-8"), ("Content-Length", str(len(body)))]
    return _with_marks(request, Answer(status, [*head, *(headers or [])], [body]))


def _with_marks(request: ApiRequest, answer: Answer) -> Answer:
    kept = [(name, value) for name, value in answer.headers if not name.lower().startswith("access-control-")]
    answer.headers = kept + refusals.marks(request.api, request.request_id)
    return answer


def _preflight(request: ApiRequest) -> Answer:
    asked = request.sent.header("access-control-request-headers") or "*"
    head = [
        ("Access-Control-Allow-Methods", "GET,POST,OPTIONS"),
        ("Access-Control-Allow-Headers", asked),
        ("Access-Control-Max-Age", "172800"),
        ("Content-Length", "0"),
    ]
    return Answer(200, head, [])
