"""REST and HTTP APIs of API Gateway: the route, its authorizer, and the request for the server behind."""

from __future__ import annotations

from urllib.parse import urlsplit

from cogmock.protect.apis import authorizers, contexts, cors, refusals, routing, upstream
from cogmock.protect.apis.authorizers import Admitted
from cogmock.protect.apis.request import ApiRefusal, ApiRequest, Outcome
from cogmock.protect.apis.routing import Match
from cogmock.protect.request import Answer

_SIGNATURE = frozenset(("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"))
_SIGNED_QUERY = "x-amz-"
_REMAPPED = frozenset(("www-authenticate", "server"))
"""Headers of a server behind a REST API that get another name (developer guide: important notes)."""


def answer(request: ApiRequest) -> Outcome:
    """What becomes of a request. Never raises ApiRefusal: a refusal is an outcome."""
    outcome = Outcome(Answer(500, [], []), f"{request.sent.method} {request.path}")
    outcome.params = {"Api": request.api.id}
    try:
        outcome.answer = _passed(request, outcome)
    except ApiRefusal as refusal:
        refused, outcome.error, outcome.message = refusals.answer(request.api, refusal, request.request_id)
        outcome.reason = refusal.reason
        outcome.username = refusal.username or outcome.username
        outcome.answer = cors.added(request, refused)
    return outcome


def _passed(request: ApiRequest, outcome: Outcome) -> Answer:
    """The answer of the server behind, or of a preflight. Raises ApiRefusal."""
    refuse_impossible(request)
    path = routing.without_stage(request)
    mocked = _mocked(request, path)
    if mocked is not None:
        return mocked
    match = _matched(request, path)
    if match is None:
        return _preflight(request)
    resource = authorizers.resource_of(request, match)
    outcome.operation = match.route.key
    outcome.params |= {"Arn": resource, "Authorizer": match.route.authorizer}
    admitted = authorizers.admit(request, match, resource)
    outcome.username = admitted.username
    if admitted.caller is not None:
        outcome.params["Caller"] = admitted.caller.arn
    if admitted.decision is not None:
        outcome.params["AllowedBy"] = [str(each) for each in admitted.decision.matched]
    return _sent_on(request, match, path, admitted)


def _mocked(request: ApiRequest, path: str) -> Answer | None:
    """A REST API with CORS has an OPTIONS method of its own at each resource, before any ANY."""
    api = request.api
    if api.kind != "rest" or api.cors is None or request.sent.method != "OPTIONS":
        return None
    explicit = any(route.method == "OPTIONS" for route in api.routes)
    if explicit and routing.find(api, "OPTIONS", path).route.method == "OPTIONS":
        return None
    return _preflight(request) if routing.has_path(api, path) else None


def _matched(request: ApiRequest, path: str) -> Match | None:
    """The route; None for a preflight request of an HTTP API with CORS that has no route. Raises ApiRefusal."""
    try:
        return routing.find(request.api, request.sent.method, path)
    except ApiRefusal as refusal:
        configured = request.api.kind == "http" and request.api.cors is not None
        if refusal.kind == "route" and configured and cors.is_preflight(request):
            return None
        raise


def _preflight(request: ApiRequest) -> Answer:
    assert request.api.cors is not None  # noqa: S101 - for the type checker: its callers have looked
    return cors.preflight(request, request.api.cors)


def _sent_on(request: ApiRequest, match: Match, path: str, admitted: Admitted) -> Answer:
    api, sent = request.api, request.sent
    make = contexts.of_rest if api.kind == "rest" else contexts.of_http
    context = make(request, match.route, admitted.claims, admitted.caller)
    headers = headers_for(request, signed=admitted.caller is not None)
    headers[contexts.HEADER] = contexts.as_header(context)
    query = _query(sent.query) if admitted.caller else sent.query
    target = f"{urlsplit(api.upstream).path}{path}{'?' if query else ''}{query}"
    found = upstream.send(api.upstream, api.timeout, sent.method, target, headers, sent.body)
    if api.kind == "rest":
        found.headers = [
            (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value)
            for name, value in found.headers
        ]
    found.headers += refusals.marks(api, request.request_id)
    return cors.added(request, found)


def refuse_impossible(request: ApiRequest) -> None:
    """Refuses WebSockets, and requests that this guard passed on and that came back. Raises ApiRefusal."""
    if request.sent.header("sec-websocket-key"):
        raise ApiRefusal("websocket", "the request asks for a WebSocket")
    if _hop(request) in (request.sent.header("via") or ""):
        raise ApiRefusal("unreachable", f"the upstream {request.api.upstream} leads back to this API")


def _hop(request: ApiRequest) -> str:
    return f"1.1 {request.api.id}.cogmock"


def headers_for(request: ApiRequest, *, signed: bool) -> dict[str, str]:
    """The caller's headers, and those by which a server sees who called. Signatures go no further."""
    sent = request.sent
    named = {each.strip().lower() for each in (sent.header("connection") or "").split(",")}
    dropped = upstream.HOP_BY_HOP | named | {contexts.HEADER, "host", "content-length"}
    dropped |= _SIGNATURE if signed else frozenset()
    headers = {name: value for name, value in sent.headers.items() if name not in dropped}
    before = headers.get("x-forwarded-for")
    headers |= {
        "host": urlsplit(request.api.upstream).netloc.rpartition("@")[2],
        "x-amzn-trace-id": headers.get("x-amzn-trace-id")
        or f"Root=1-{request.request_id.replace('-', '')[:8]}-{request.request_id.replace('-', '')[8:32]}",
        "x-forwarded-for": f"{before}, {request.source_ip}" if before else request.source_ip,
        "via": ", ".join(filter(None, (headers.get("via"), _hop(request)))),
        "x-forwarded-host": request.host,
        "x-forwarded-proto": "https" if request.secure else "http",
    }
    if sent.body or sent.method in {"POST", "PUT", "PATCH"}:
        headers["content-length"] = str(len(sent.body))
    return headers


def _query(query: str) -> str:
    """Without the parameters of a presigned URL."""
    return "&".join(part for part in query.split("&") if not part.lower().startswith(_SIGNED_QUERY))
