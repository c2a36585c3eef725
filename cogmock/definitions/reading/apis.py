"""The `apis` of a document: what is guarded, and who may call it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from cogmock.definitions import blocks, files
from cogmock.definitions.definition import ApiDefinition
from cogmock.definitions.faults import Fault
from cogmock.definitions.nodes import Node
from cogmock.definitions.reading import api_parts, api_policy
from cogmock.state.api import DEFAULT_STAGE, GuardedApi
from cogmock.wire import graphql_schema

KINDS = ("rest", "http", "appsync")
MODES = ("cognito", "iam")
LONGEST_TIMEOUT = 900.0

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_STAGE = re.compile(r"[A-Za-z0-9_-]{1,128}|\$default", re.ASCII)
_ONLY = {"appsync": ("schema", "authorizers", "introspection"), "rest": ("policy",)}
"""Kind → the keys that no other kind has."""
_NOT_OF_APPSYNC = ("routes", "stage", "cors")


def read(
    node: Node, account: str, folder: Path | None, region: str, faults: list[Fault]
) -> list[ApiDefinition]:
    """The API of a block; none where the block is none, or lacks what an API cannot be without."""
    if not blocks.settle(blocks.API, node, faults):
        return []
    faults.extend(
        child.fault(f"{key} has no place here; an API has keys of cogmock's alone")
        for key, child in node.mapping.items()
        if not key[:1].islower()
    )
    found = _identified(node, account, region, faults)
    if found is None:
        return []
    _check_keys(node, found.kind, faults)
    issuer = blocks.text(node, "issuer_pool", faults)
    found.audience = api_parts.texts(node, "audience", faults)
    found.timeout = _timeout(node, faults)
    if found.kind == "appsync":
        _read_graphql(node, found, folder, faults)
    else:
        _read_gateway(node, found, folder, faults)
    if issuer is None and _takes_tokens(found):
        faults.append(
            node.fault("an API that takes tokens names the user pool that issues them", "issuer_pool")
        )
    return [ApiDefinition(node, found, issuer)]


def _identified(node: Node, account: str, region: str, faults: list[Fault]) -> GuardedApi | None:
    api_id = _matching(
        node, "id", _ID, "lower-case letters, digits and hyphens, for it is part of a host name", faults
    )
    kind = api_parts.choice(node, "kind", KINDS, faults)
    upstream = _upstream(node, faults)
    if "kind" not in node.mapping:
        faults.append(node.fault(f"this key is required: {', '.join(KINDS)}", "kind"))
    issuer = node.mapping.get("issuer_pool")
    beside = (issuer.text or "").partition("_") if issuer else ("", "", "")
    place = blocks.text(node, "region", faults) or (beside[0] if beside[1] else "") or region
    if not api_id or not kind or not upstream:
        return None
    return GuardedApi(api_id, kind, place, account, upstream)


def _matching(node: Node, key: str, form: re.Pattern[str], words: str, faults: list[Fault]) -> str | None:
    if key not in node.mapping:
        faults.append(node.fault("this key is required", key))
        return None
    text = blocks.text(node, key, faults)
    if text is None or form.fullmatch(text):
        return text
    faults.append(node.fault(f"{text!r} is none: it has {words}", key))
    return None


def _upstream(node: Node, faults: list[Fault]) -> str | None:
    if "upstream" not in node.mapping:
        faults.append(node.fault("this key is required: the URL of the server behind", "upstream"))
        return None
    text = blocks.text(node, "upstream", faults)
    if text is None:
        return None
    try:
        url = urlsplit(text)
        usable = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:
        usable = False
    if not usable or url.query or url.fragment or not text.isascii() or not text.isprintable() or " " in text:
        faults.append(node.fault(f"{text!r} must be a URL such as http://localhost:3000", "upstream"))
        return None
    return text.rstrip("/")


def _check_keys(node: Node, kind: str, faults: list[Fault]) -> None:
    """Refuses keys that mean nothing for this kind of API."""
    alien = [key for other, keys in _ONLY.items() if other != kind for key in keys]
    alien += _NOT_OF_APPSYNC if kind == "appsync" else ()
    faults.extend(
        node.fault(f"an API of kind {kind} has no {key}", key) for key in alien if key in node.mapping
    )


def _timeout(node: Node, faults: list[Fault]) -> float:
    child = node.mapping.get("timeout")
    if child is None:
        return 29.0
    seconds = api_parts.number(child)
    if seconds is None or not 0 < seconds <= LONGEST_TIMEOUT:
        faults.append(child.fault(f"must be a number of seconds, above 0 and at most {LONGEST_TIMEOUT:.0f}"))
        return 29.0
    return seconds


def _read_gateway(node: Node, found: GuardedApi, folder: Path | None, faults: list[Fault]) -> None:
    if "stage" in node.mapping:
        found.stage = _matching(node, "stage", _STAGE, "letters, digits, - and _", faults) or DEFAULT_STAGE
    if "routes" not in node.mapping:
        faults.append(
            node.fault("this key is required: which paths there are, and who may call them", "routes")
        )
    found.routes = api_parts.routes(node, found.kind, faults)
    found.cors = api_parts.cors(node, faults)
    if "policy" in node.mapping and found.kind == "rest":
        text = files.policy(node.mapping["policy"], folder, faults)
        if text is not None:
            found.policy = api_policy.read(node.mapping["policy"], text, found, faults)


def _read_graphql(node: Node, found: GuardedApi, folder: Path | None, faults: list[Fault]) -> None:
    default = MODES if "issuer_pool" in node.mapping else MODES[1:]
    given = api_parts.texts(node, "authorizers", faults)
    if not set(given) <= set(MODES) or len(set(given)) < len(given):
        faults.append(
            node.fault(f"an AppSync API has these authorizers, each once: {', '.join(MODES)}", "authorizers")
        )
    found.authorizers = given or list(default)
    found.introspection = blocks.flag(node, "introspection", faults) is not False
    schema = node.mapping.get("schema")
    if schema is None:
        faults.append(
            node.fault("this key is required: a file with the GraphQL schema, or its text", "schema")
        )
        return
    written_out = isinstance(schema.value, str) and "{" in schema.value
    text = str(schema.value) if written_out else files.text(schema, folder, faults)
    if text is not None:
        found.schema = text
        try:
            graphql_schema.built(text)
        except graphql_schema.InvalidSchema as fault:
            faults.append(schema.fault(str(fault)))


def _takes_tokens(found: GuardedApi) -> bool:
    return "cognito" in found.authorizers or any(
        route.authorizer in {"cognito", "jwt"} for route in found.routes
    )
