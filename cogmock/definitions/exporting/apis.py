"""Guarded APIs, as blocks of a document."""

from __future__ import annotations

import json
from typing import Any

from cogmock.state.api import DEFAULT_STAGE, ApiCors, ApiRoute, GuardedApi

USUAL_TIMEOUT = 29.0


def block(api: GuardedApi) -> dict[str, Any]:
    """The block of an API. What a document may leave out is left out."""
    found = {
        "id": api.id,
        "kind": api.kind,
        "region": api.region,
        "stage": None if api.stage == DEFAULT_STAGE else api.stage,
        "upstream": api.upstream,
        "issuer_pool": api.pool_id,
        "audience": list(api.audience),
        "timeout": None if api.timeout == USUAL_TIMEOUT else api.timeout,
        "routes": [_route(route) for route in api.routes],
        "cors": _cors(api.cors) if api.cors else None,
        "policy": json.loads(api.policy) if api.policy else None,
        "authorizers": list(api.authorizers),
        "introspection": None if api.introspection else False,
        "schema": api.schema,
    }
    return {key: value for key, value in found.items() if value not in (None, [], "")}


def _route(route: ApiRoute) -> dict[str, Any]:
    found = {
        "path": route.path,
        "method": route.method,
        "authorizer": route.authorizer,
        "scopes": list(route.scopes),
        "audience": list(route.audience),
    }
    return {key: value for key, value in found.items() if value}


def _cors(cors: ApiCors) -> dict[str, Any]:
    found = {
        "AllowOrigins": list(cors.allow_origins),
        "AllowMethods": list(cors.allow_methods),
        "AllowHeaders": list(cors.allow_headers),
        "ExposeHeaders": list(cors.expose_headers),
        "AllowCredentials": cors.allow_credentials or None,
        "MaxAge": cors.max_age,
    }
    return {key: value for key, value in found.items() if value not in (None, [])}
