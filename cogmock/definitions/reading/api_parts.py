"""Routes of an API, and its answers to preflight requests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite

from cogmock.definitions import blocks
from cogmock.definitions.faults import Fault, unknown_key
from cogmock.definitions.nodes import Node
from cogmock.state.api import DEFAULT_ROUTE, ApiCors, ApiRoute

METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
AUTHORIZERS = {"rest": ("cognito", "jwt", "iam", "none"), "http": ("jwt", "iam", "none")}

_LITERAL = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%-]+", re.ASCII)
_VARIABLE = re.compile(r"\{[A-Za-z0-9._-]+\+?\}", re.ASCII)
_ORIGIN = re.compile(r"\*|(?:https?|[a-z][a-z0-9+.-]*)://[^\s/]+")
_LISTS = ("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders")
_CORS = (*_LISTS, "AllowCredentials", "MaxAge")
MOST_SECONDS = 86400


def routes(node: Node, kind: str, faults: list[Fault]) -> list[ApiRoute]:
    """The routes of an API. Two of one method and path are a fault, whatever their variables are called."""
    found: dict[tuple[str, str], Node] = {}
    listed = []
    for entry in blocks.entries(node, "routes", faults):
        route = _route(entry, kind, faults)
        if route is None:
            continue
        shape = re.sub(r"\{[^}+]+", "{", route.path)
        first = found.setdefault((route.method, shape), entry)
        if first is not entry:
            faults.append(entry.fault(f"{route.key} is stated by {first.path} already", "path"))
        listed.append(route)
    return listed


def _route(node: Node, kind: str, faults: list[Fault]) -> ApiRoute | None:
    if not blocks.settle(blocks.ROUTE, node, faults):
        return None
    path = blocks.text(node, "path", faults)
    if path is None:
        if "path" not in node.mapping:
            faults.append(node.fault("this key is required", "path"))
        return None
    wrong = _fault_of_path(path, kind)
    if wrong:
        faults.append(node.fault(wrong, "path"))
    method = (blocks.text(node, "method", faults) or "ANY").upper()
    if method not in METHODS:
        faults.append(node.fault(f"{method!r} is no method of a route: {', '.join(METHODS)}", "method"))
    route = ApiRoute(path, method, _authorizer(node, kind, faults))
    route.scopes, route.audience = texts(node, "scopes", faults), texts(node, "audience", faults)
    if route.scopes and route.authorizer not in {"cognito", "jwt"}:
        faults.append(node.fault(f"the authorizer {route.authorizer} looks at no scopes", "scopes"))
    return route


def _fault_of_path(path: str, kind: str) -> str | None:
    if path == DEFAULT_ROUTE:
        return None if kind == "http" else "only HTTP APIs have a route $default; say /{proxy+}"
    if not path.startswith("/"):
        return f"the path {path!r} must begin with /"
    segments = path[1:].split("/") if path != "/" else []
    for at, segment in enumerate(segments):
        if segment in {".", ".."} or not (_LITERAL.fullmatch(segment) or _VARIABLE.fullmatch(segment)):
            return (
                f"the path {path!r} has the segment {segment!r}; a segment is a text, {{name}} or {{name+}}"
            )
        if segment.endswith("+}") and at + 1 < len(segments):
            return f"in the path {path!r}, {segment} must be the last segment"
    return None


def _authorizer(node: Node, kind: str, faults: list[Fault]) -> str:
    named = blocks.text(node, "authorizer", faults) or "none"
    if named == "cognito" and kind == "http":
        faults.append(node.fault("HTTP APIs have no Cognito authorizer; say jwt", "authorizer"))
    elif named not in AUTHORIZERS[kind]:
        listed = ", ".join(AUTHORIZERS[kind])
        faults.append(node.fault(f"{named!r} is no authorizer here: {listed}", "authorizer"))
    return named


def cors(node: Node, faults: list[Fault]) -> ApiCors | None:
    """`true` permits everything. A mapping has AWS's members, as in `Cors` of CreateApi."""
    child = node.mapping.get("cors")
    if child is None:
        return None
    if not isinstance(child.value, dict | list):
        is_on = blocks.flag(node, "cors", faults)
        return ApiCors(["*"], ["*"], ["*"], ["*"], max_age=MOST_SECONDS) if is_on else None
    if not blocks.settle(blocks.CORS, child, faults):
        return None
    faults.extend(child.fault(unknown_key(key, _CORS), key) for key in child.mapping if key not in _CORS)
    found = ApiCors()
    found.allow_origins, found.allow_methods, found.allow_headers, found.expose_headers = (
        texts(child, key, faults) for key in _LISTS
    )
    found.allow_methods = [method.upper() for method in found.allow_methods]
    found.allow_credentials = blocks.flag(child, "AllowCredentials", faults) is True
    found.max_age = _max_age(child, faults)
    faults.extend(
        child.fault(f"{origin!r} is no origin, such as https://app.example", "AllowOrigins")
        for origin in found.allow_origins
        if not _ORIGIN.fullmatch(origin)
    )
    if found.allow_credentials and "*" in found.allow_origins:
        faults.append(child.fault("AWS refuses credentials for the origin *", "AllowCredentials"))
    return found


def _max_age(node: Node, faults: list[Fault]) -> int | None:
    child = node.mapping.get("MaxAge")
    if child is None:
        return None
    seconds = number(child)
    if seconds is None or seconds != int(seconds) or not -1 <= seconds <= MOST_SECONDS:
        faults.append(child.fault(f"must be a number of seconds from -1 to {MOST_SECONDS}"))
        return None
    return int(seconds)


def number(node: Node) -> float | None:
    """The number that a node states; None where it is none."""
    try:
        found = float(node.text or "")
    except ValueError:
        return None
    return found if isfinite(found) and not isinstance(node.value, bool) else None


def texts(node: Node, key: str, faults: list[Fault]) -> list[str]:
    """A list of texts; none where the key is not there."""
    found = []
    for entry in blocks.entries(node, key, faults):
        if entry.text is None or isinstance(entry.value, bool):
            faults.append(entry.fault(f"must be a text, not {entry.kind}"))
        else:
            found.append(entry.text)
    return found


def choice(node: Node, key: str, known: Sequence[str], faults: list[Fault]) -> str | None:
    """One of some texts; None where the key is not there."""
    text = blocks.text(node, key, faults)
    if text is None or text in known:
        return text
    faults.append(node.fault(f"{text!r} is none of {', '.join(known)}", key))
    return None
