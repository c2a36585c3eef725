"""Calls of AWS services that are not here. `AWS_ENDPOINT_URL` without a service's name sends those of all services."""

from __future__ import annotations

import re

from cogmock.services import NAMES
from cogmock.web.replies import Answer, Environ, as_json

_SERVICE = re.compile(
    r"Credential=[^/,\s]{1,256}(?:/|%2F)[^/,\s%]{0,64}(?:/|%2F)[^/,\s%]{1,64}(?:/|%2F)([\w-]{1,64})(?:/|%2F)aws4_request"
)
_OWN = {*NAMES, "kms", "execute-api", "appsync"}
_VARIABLES = ("COGNITO_IDENTITY_PROVIDER", "COGNITO_IDENTITY", "STS", "IAM")


def signed_for(environ: Environ) -> str | None:
    """The service that a request is signed for, in the header or in the query; None where cogmock has it."""
    found = _SERVICE.search(environ.get("HTTP_AUTHORIZATION", "")) or _SERVICE.search(
        environ.get("QUERY_STRING", "")
    )
    return found[1] if found and found[1] not in _OWN else None


def sentence(service: str) -> str:
    """What a caller of another service is told."""
    variables = ", ".join(f"AWS_ENDPOINT_URL_{each}" for each in _VARIABLES)
    return (
        f"cogmock does not answer calls of {service}. AWS_ENDPOINT_URL sends the calls of all services here: unset it "
        f"and set {variables}, as `cogmock env` prints them."
    )


def answer(environ: Environ) -> Answer | None:
    """The refusal of a call at a path that cogmock does not have; None where it is not signed for another service."""
    service = signed_for(environ)
    if service is None:
        return None
    if service in {"s3", "s3express"}:  # the errors of S3 are XML
        body = f"<Error><Code>NotImplemented</Code><Message>{sentence('s3')}</Message></Error>".encode()
        headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
        return 404, headers, body
    headers = [("x-amzn-errortype", "UnknownOperationException")]
    return as_json(404, {"error": "NotFound", "message": sentence(service)}, *headers)
