"""The route of a request (API Gateway developer guide: routes for HTTP APIs, methods of REST APIs)."""

from __future__ import annotations

from dataclasses import dataclass

from cogmock.protect.apis import paths
from cogmock.protect.apis.request import ApiRefusal, ApiRequest
from cogmock.state.api import DEFAULT_ROUTE, DEFAULT_STAGE, ApiRoute, GuardedApi

LITERAL, VARIABLE, GREEDY, REST = range(4)
"""How precisely a segment of a route fits, and the route $default."""


@dataclass(frozen=True, slots=True)
class Match:
    """The route of a request, and the values of its variables."""

    route: ApiRoute
    parameters: dict[str, str]
    plain: list[str]
    """The segments of the path, slashes in them decoded and merged: what ARNs name."""


def without_stage(request: ApiRequest) -> str:
    """The path behind the stage. Raises ApiRefusal where it names another stage."""
    stage = request.api.stage
    if stage == DEFAULT_STAGE:
        return request.path or "/"
    first, slash, rest = request.path[1:].partition("/")
    if first != stage:
        raise ApiRefusal("stage", f"the stage of {request.api.id} is {stage}; its paths begin with /{stage}/")
    return f"/{rest}" if slash else "/"


def find(api: GuardedApi, method: str, path: str) -> Match:
    """The most specific route. Raises ApiRefusal, also where the path can be read as that of another route."""
    parts = paths.segments(path)
    plain = paths.plain(parts)
    found = _best(api, method, parts)
    if found is None:
        raise ApiRefusal("route", f"{api.id} has no route for {method} {path}")
    route, parameters = found
    if plain != parts:
        other = _best(api, method, plain)
        if other is not None and other[0] is not route:
            reason = (
                f"{path} is {route.key}, but a server that decodes or merges slashes reads {other[0].key}"
            )
            raise ApiRefusal("route", reason)
    return Match(route, parameters, plain)


def has_path(api: GuardedApi, path: str) -> bool:
    """Whether any method of this path has a route."""
    parts = paths.segments(path)
    return any(_fit(route.path, parts) is not None for route in api.routes)


def _best(api: GuardedApi, method: str, parts: list[str]) -> tuple[ApiRoute, dict[str, str]] | None:
    """A REST API chooses the resource first and then its method; an HTTP API looks at both together."""
    fitting = [
        (fit[0], route, fit[1]) for route in api.routes if (fit := _fit(route.path, parts)) is not None
    ]
    if api.kind == "rest" and fitting:
        resource = min(ranks for ranks, _, _ in fitting)
        fitting = [each for each in fitting if each[0] == resource]
    usable = [each for each in fitting if each[1].method in {method, "ANY"}]
    if not usable:
        return None
    _, route, parameters = min(usable, key=lambda each: (each[0], each[1].method == "ANY"))
    return route, parameters


def _fit(pattern: str, parts: list[str]) -> tuple[list[int], dict[str, str]] | None:
    """How precisely a path fits segment by segment, and the variables; None where it does not fit."""
    if pattern == DEFAULT_ROUTE:
        return [REST], {}
    wanted = pattern[1:].split("/") if pattern != "/" else []
    ranks: list[int] = []
    values: dict[str, str] = {}
    for at, segment in enumerate(wanted):
        if segment.endswith("+}"):
            rest = "/".join(parts[at:])
            return ([*ranks, GREEDY], values | {segment[1:-2]: rest}) if rest.strip("/") else None
        if at >= len(parts):
            return None
        if segment.startswith("{"):
            if not parts[at]:
                return None
            values[segment[1:-1]] = parts[at]
        elif segment != parts[at]:
            return None
        ranks.append(VARIABLE if segment.startswith("{") else LITERAL)
    return (ranks, values) if len(parts) == len(wanted) else None
