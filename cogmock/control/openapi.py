"""The control API as an OpenAPI 3.1 document, for generators of clients and for tools that call it."""

from __future__ import annotations

from typing import Any, NamedTuple

from cogmock.control.requests import ControlRequest, parameters
from cogmock.core.world import World
from cogmock.version import DOCS, __version__

TEXT, NUMBER, FLAG, OBJECT = {"type": "string"}, {"type": "number"}, {"type": "boolean"}, {"type": "object"}
TEXTS = {"type": "array", "items": TEXT}
ANY: dict[str, Any] = {}
JSON = "application/json"


class Described(NamedTuple):
    summary: str
    query: dict[str, dict[str, Any]] = {}
    body: dict[str, dict[str, Any]] | None = None
    """The members of the JSON object in the body; None without a body, {} for a document of another shape."""
    required: tuple[str, ...] = ()
    media: tuple[str, ...] = (JSON,)
    """Media types of the answer."""


POOL_AND_USER = {"user_pool_id": TEXT, "username": TEXT}
DESCRIBED: dict[str, Described] = {
    "GET /health": Described("Whether the server is ready, and its version"),
    "GET /messages": Described(
        "The e-mails and SMS that were sent, oldest first",
        {
            **POOL_AND_USER,
            "destination": TEXT,
            "id": NUMBER,
            "after": NUMBER,
            "before": NUMBER,
            "limit": NUMBER,
            "wait": NUMBER,
        },
    ),
    "DELETE /messages": Described("Deletes all messages"),
    "GET /messages/raw": Described(
        "An e-mail as a mail server gets it: headers and body",
        {"id": NUMBER},
        required=("id",),
        media=("message/rfc822",),
    ),
    "GET /clock": Described("The time that every expiry follows, and how far it was moved"),
    "POST /clock": Described(
        "Moves the clock by seconds, sets it, or resets it",
        body={"advance_seconds": NUMBER, "now": {"type": "string", "format": "date-time"}, "reset": FLAG},
    ),
    "GET /overview": Described("What there is: pools, clients and sign-in pages"),
    "GET /doctor": Described(
        "What will not work, why, and the command that mends it", {"user_pool_id": TEXT, "user_pools": FLAG}
    ),
    "POST /reset": Described("Drops all state", body={"apply": FLAG}),
    "POST /apply": Described(
        "Applies a document of definitions",
        {"prune": FLAG, "dry_run": FLAG, "folder": TEXT, "progress": FLAG},
        {},
    ),
    "GET /export": Described(
        "The running state as a document",
        {
            "format": {"type": "string", "enum": ["config", "cfn", "terraform", "csv"]},
            "secrets": FLAG,
            "user_pool_id": TEXT,
        },
        media=("application/yaml", JSON, "text/csv"),
    ),
    "GET /snapshot": Described("All state as one JSON document"),
    "PUT /snapshot": Described("Puts a snapshot in place of all state", body={}),
    "POST /import": Described(
        "Imports a template, Terraform's state, or users of another place",
        {
            "kind": TEXT,
            "stack": TEXT,
            "region": TEXT,
            "user_pool_id": TEXT,
            "parameters": TEXT,
            "dry_run": FLAG,
        },
        {},
    ),
    "POST /tokens": Described(
        "Tokens of a user without a sign-in",
        body={**POOL_AND_USER, "client_id": TEXT, "scopes": TEXTS, "groups": TEXTS},
        required=("user_pool_id", "client_id", "username"),
    ),
    "POST /browser-session": Described(
        "A signed-in browser, as Playwright's storage state",
        body={**POOL_AND_USER, "client_id": TEXT},
        required=("user_pool_id", "client_id", "username"),
    ),
    "POST /redeem": Described("Tokens for an authorization code", body={"code": TEXT}, required=("code",)),
    "POST /inspect": Described(
        "What a token says, whether it is good, and why not", body={"token": TEXT}, required=("token",)
    ),
    "GET /totp": Described(
        "The code of a user's authenticator app",
        {"username": TEXT, "user_pool_id": TEXT},
        required=("username",),
    ),
    "GET /users": Described(
        "The users of a pool, the newest first",
        {"user_pool_id": TEXT, "before": NUMBER, "limit": NUMBER},
        required=("user_pool_id",),
    ),
    "GET /secrets": Described("A client secret in Secrets Manager", {"arn": TEXT}, required=("arn",)),
    "POST /secrets/rotate": Described("Rotates a client secret", body={"arn": TEXT}, required=("arn",)),
    "GET /documents": Described("The registered client ID metadata documents"),
    "PUT /documents": Described(
        "Registers what a fetch of a URL finds; a body of null removes it",
        body={"url": TEXT, "status": NUMBER, "headers": OBJECT, "body": ANY},
        required=("url",),
    ),
    "POST /authorize": Described(
        "Whether temporary credentials allow an action",
        body={
            "access_key_id": TEXT,
            "secret_access_key": TEXT,
            "session_token": TEXT,
            "action": TEXT,
            "resource": TEXT,
            "context": OBJECT,
        },
        required=("access_key_id", "action", "resource"),
    ),
    "POST /access": Described(
        "The way from a user or guest of an identity pool to a decision",
        body={
            "identity_pool_id": TEXT,
            **POOL_AND_USER,
            "client_id": TEXT,
            "custom_role_arn": TEXT,
            "action": TEXT,
            "resource": TEXT,
            "context": OBJECT,
            "policies": ANY,
            "trust_policy": ANY,
        },
        required=("identity_pool_id", "action", "resource"),
    ),
    "GET /requests": Described(
        "The last calls, with the reason that AWS hides",
        {"after": NUMBER, "before": NUMBER, "id": NUMBER, "limit": NUMBER, "failed": FLAG, "secrets": FLAG},
    ),
    "GET /events": Described(
        "What happens, as server-sent events", {"after": TEXT}, media=("text/event-stream",)
    ),
    "GET /logs": Described(
        "What Cognito would have written to CloudWatch Logs", {"log_group": TEXT, "stream": TEXT}
    ),
    "PUT /risk": Described(
        "Makes threat protection judge the next sign-ins as you say",
        body={
            **POOL_AND_USER,
            "level": {"type": ["string", "null"], "enum": ["LOW", "MEDIUM", "HIGH", None]},
            "compromised": FLAG,
        },
        required=("user_pool_id",),
    ),
    "GET /openapi.json": Described("This document"),
}
"""Method and path → what the call takes."""


def read(world: World, request: ControlRequest) -> dict[str, Any]:
    parameters(request)
    paths: dict[str, dict[str, Any]] = {}
    for name, call in DESCRIBED.items():
        method, _, path = name.partition(" ")
        paths.setdefault(f"/_cogmock{path}", {})[method.lower()] = _operation(name, call)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cogmock's control API",
            "version": __version__,
            "description": f"What tests need and AWS has no call for. {DOCS}/control-api.md explains it.",
        },
        "servers": [{"url": world.settings.url}],
        "paths": paths,
        "components": {"schemas": {"Error": _object({"error": TEXT, "message": TEXT}, ("error", "message"))}},
    }


def _operation(name: str, call: Described) -> dict[str, Any]:
    words = name.lower().replace("/", " ").replace("-", " ").replace(".", " ").split()
    operation: dict[str, Any] = {
        "operationId": words[0] + "".join(word.capitalize() for word in words[1:]),
        "summary": call.summary,
        "parameters": [
            {"name": key, "in": "query", "required": key in call.required, "schema": schema}
            for key, schema in call.query.items()
        ],
        "responses": {
            "200": {"description": "Done", "content": {media: {"schema": ANY} for media in call.media}},
            "default": {
                "description": "Refused: what was wrong, and what is allowed",
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }
    if call.body is not None:
        schema = _object(call.body, call.required) if call.body else ANY
        operation["requestBody"] = {"content": {JSON: {"schema": schema}}}
    return operation


def _object(members: dict[str, dict[str, Any]], required: tuple[str, ...]) -> dict[str, Any]:
    found = {"type": "object", "properties": members}
    return found | {"required": list(required)} if required else found
