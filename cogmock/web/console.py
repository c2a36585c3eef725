"""The console, mounted: its calls of the APIs are made in process."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from cogmock.console.context import Context, Place, Refused
from cogmock.control import api
from cogmock.control.requests import ControlRequest, ControlResponse
from cogmock.core.backend import Backend
from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import AwsError
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.web import control, json_api, place

TARGETS = {backend.service: target for target, backend in json_api.BACKENDS.items()}
METHODS = ("GET", "POST")
SCOPE = "AWS4-HMAC-SHA256 Credential={}/20260101/{}/{}/aws4_request, SignedHeaders=host, Signature=0"


@cache
def _services() -> dict[str, type[Backend]]:
    """Name of a service → its backend. STS and IAM are imported late: each start needs this module for its paths."""
    from cogmock.web import query_api

    return {each.service: each for each in (*json_api.BACKENDS.values(), *query_api.BACKENDS.values())}


def _doctor() -> None:
    from cogmock.control import doctor

    del doctor


STEPS = (_services, UserPoolsBackend.model, _doctor)
"""What pages need at their first visit, beside their modules and templates."""


class Console:
    """All addresses of the console. It has a map of its own."""

    cross_origin = False

    def answer(self, world: World, request: Request, **_: str) -> Response:
        refusal = control.refused(world, request)
        if refusal:
            return refusal
        from cogmock.console import routes, warm

        answer = routes.answer(context(world, request), request)
        warm.begin(*STEPS)
        return answer


RULES = [
    Rule(f"{control.PREFIX}{path}", methods=METHODS, endpoint=Console())
    for path in ("", "/", "/callback", "/ui", "/ui/<path:rest>")
]


def context(world: World, request: Request) -> Context:
    from cogmock.control import events

    origin = place.origin(request.environ)

    def ask(method: str, path: str, query: Mapping[str, str], body: bytes, headers: Mapping[str, str]) -> Any:
        asked = ControlRequest(method, path, dict(query), body, origin, headers)
        status, content = api.answer(world, asked)
        if status >= 400:
            raise Refused(status, content["error"], content["message"], content)
        return content.body if isinstance(content, ControlResponse) else content

    return Context(
        origin=origin,
        root=request.root_path,
        ask=ask,
        quiet_call=partial(_read, world, origin),
        listed_call=partial(_sent, world, request),
        last_event=events.last_id(world),
    )


def _read(
    world: World, origin: str, where: Place, service: str, operation: str, params: dict[str, Any]
) -> dict[str, Any]:
    """The answer of an operation that neither journal nor log mention, and no rate counts. Raises Refused."""
    backend = _services()[service]
    shape = backend.model().operations[operation]
    try:
        given, problems = shape.checked(params)
        if problems:
            raise backend.refuse(problems)
        region = world.visited(where.region, where.account)
        with Call(world, region, world.entropy.uuid(), origin=origin) as made:
            made.is_own = True
            return _plain(backend.answer(made, operation, given))
    except AwsError as refused:
        raise Refused(refused.status, refused.code, refused.message) from None


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as JSON has it, without members that are None."""
    plain: dict[str, Any] = json.loads(json.dumps(answer, default=_text), object_hook=_present)
    return plain


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _present(value: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if item is not None}


def _sent(
    world: World, request: Request, where: Place, service: str, operation: str, params: dict[str, Any]
) -> dict[str, Any]:
    """The answer of an operation, called as a client would. Raises Refused."""
    body = json.dumps(params).encode()
    environ = {
        **{name: value for name, value in request.environ.items() if name in KEPT},
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": SCOPE.format(where.account, where.region, service),
        "wsgi.input": io.BytesIO(body),
    }
    status, _, content = json_api.answer(world, environ, f"{TARGETS[service]}.{operation}")
    answer: dict[str, Any] = json.loads(content or b"{}")
    if status != 200:
        raise Refused(status, answer["__type"], answer.get("message", ""))
    return answer


KEPT = (
    *("HTTP_HOST", "HTTP_USER_AGENT", "REMOTE_ADDR", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"),
    *("SCRIPT_NAME", "wsgi.url_scheme"),
)
