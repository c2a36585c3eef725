"""Answers of the gateway itself, in the forms of REST APIs, of HTTP APIs and of AppSync."""

from __future__ import annotations

import json
from typing import Any

from cogmock.protect.apis.request import ApiRefusal
from cogmock.protect.request import Answer, Head
from cogmock.state.api import GuardedApi

SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
INVALID_KEY = "The security token included in the request is invalid."
EXPIRED_KEY = "The security token included in the request is expired"
WEBSOCKET = "cogmock guards requests of HTTP; it passes no WebSocket on."

_SIGNED = {
    "incomplete": (403, "IncompleteSignatureException", ""),
    "key": (403, "UnrecognizedClientException", INVALID_KEY),
    "token": (403, "UnrecognizedClientException", INVALID_KEY),
    "expired": (403, "ExpiredTokenException", EXPIRED_KEY),
    "signature": (403, "InvalidSignatureException", SIGNATURE),
    "query": (403, "IncompleteSignatureException", "The parameters of the presigned URL cannot be read."),
    "old": (403, "InvalidSignatureException", "Signature expired"),
}
"""Refusals of a signature, which both services word alike. The form is that of `_REST`."""
_REST = {
    "route": (403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    "stage": (403, "ForbiddenException", "Forbidden"),
    "path": (400, "BadRequestException", "Bad Request"),  # inferred: status and message
    "unauthorized": (401, "UnauthorizedException", "Unauthorized"),
    "token expired": (401, "UnauthorizedException", "The incoming token has expired"),
    "scopes": (403, "ForbiddenException", "Forbidden"),
    "missing": (403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    **_SIGNED,
    "denied": (403, "AccessDeniedException", ""),
    "too large": (413, "RequestEntityTooLargeException", "Request Too Long"),
    "unreachable": (502, "InternalServerErrorException", "Internal server error"),
    "timeout": (504, "InternalServerErrorException", "Endpoint request timed out"),
    "websocket": (501, "NotImplementedException", WEBSOCKET),
}
"""Kind → status, x-amzn-ErrorType, message (API Gateway developer guide: gateway responses; seen in real responses)."""
_HTTP = {
    "route": (404, "Not Found"),
    "stage": (404, "Not Found"),
    "path": (400, "Bad Request"),  # inferred: as above
    "unauthorized": (401, "Unauthorized"),
    "token expired": (401, "Unauthorized"),
    "too large": (413, "Request Entity Too Large"),
    "unreachable": (502, "Bad Gateway"),  # inferred: the message
    "timeout": (504, "Gateway Timeout"),  # inferred: the message
    "websocket": (501, WEBSOCKET),
}
"""The same for HTTP APIs, which say Forbidden to everything else."""
_APPSYNC = {
    "unauthorized": (401, "UnauthorizedException", "You are not authorized to make this call."),
    "token expired": (401, "UnauthorizedException", "Token has expired."),
    "missing": (401, "UnauthorizedException", "Missing authorization header"),
    **_SIGNED,
    "malformed": (400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
    "too large": (413, "RequestEntityTooLargeException", "The request is too large."),  # inferred
    "route": (404, "NotFoundException", "Not Found"),  # inferred
    "path": (404, "NotFoundException", "Not Found"),  # inferred
    "method": (405, "MethodNotAllowedException", "GraphQL requests are sent by POST or GET."),  # inferred
    "subscription": (
        400,
        "BadRequestException",
        "Subscriptions need a WebSocket, and cogmock passes none on.",
    ),
    "unreachable": (502, "InternalFailureException", "Internal server error"),  # inferred
    "timeout": (504, "InternalFailureException", "Endpoint request timed out"),  # inferred
    "websocket": (501, "NotImplementedException", WEBSOCKET),
}


def answer(api: GuardedApi, refusal: ApiRefusal, request_id: str) -> tuple[Answer, str, str]:
    """The answer to a refused request, its error type, and its message."""
    if api.kind == "http":
        status, message = _HTTP.get(refusal.kind, (403, "Forbidden"))
        extra = [("www-authenticate", refusal.challenge)] if refusal.challenge else []
        head = [*marks(api, request_id), *extra]
        return _document(status, {"message": message}, head), message.replace(" ", ""), message
    table = _APPSYNC if api.kind == "appsync" else _REST
    status, error, usual = table[refusal.kind]
    message = refusal.message or usual
    head = [*marks(api, request_id), ("x-amzn-ErrorType", error)]
    if api.kind == "appsync":
        content: dict[str, Any] = {"errors": [{"errorType": error, "message": message}]}
    else:
        # Only the text about permissions is under a capital letter (seen in real responses).
        content = {"Message" if refusal.kind == "denied" else "message": message}
    return _document(status, content, head), error, message


def marks(api: GuardedApi, request_id: str) -> Head:
    """The headers by which each kind of API identifies a response."""
    match api.kind:
        case "http":
            return [("apigw-requestid", request_id)]
        case "rest":
            return [("x-amzn-RequestId", request_id), ("x-amz-apigw-id", request_id)]
    return [("x-amzn-RequestId", request_id)]


def _document(status: int, content: Any, head: Head) -> Answer:
    body = json.dumps(content, separators=(",", ":")).encode()
    return Answer(
        status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *head], [body]
    )
