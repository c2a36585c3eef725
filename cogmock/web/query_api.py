"""The query protocol of STS and IAM: decodes a form, runs the operation, encodes the response as XML."""

from __future__ import annotations

from cogmock.core.backend import Backend, not_built
from cogmock.core.world import World
from cogmock.errors import (
    AccessDenied,
    AwsError,
    IncompleteSignature,
    InternalFailure,
    InvalidAction,
    MissingAuthenticationToken,
    SignatureDoesNotMatch,
)
from cogmock.iam.backend import IamBackend, StsBackend
from cogmock.iam.sessions import authorize, temporary_credentials
from cogmock.services import IAM, STS
from cogmock.web import cors, foreign_pages, json_api, place, signatures
from cogmock.web.exchange import Exchange, body_of
from cogmock.web.foreign_services import sentence, signed_for
from cogmock.web.newer_models import refuse_newer
from cogmock.web.replies import Answer, Environ
from cogmock.wire import query, sigv4

BACKENDS: dict[str, type[Backend]] = {STS.version: StsBackend, IAM.version: IamBackend}
"""By the Version that a request names."""
FORM = "application/x-www-form-urlencoded"


def at_root(world: World, environ: Environ) -> Answer:
    """A call of the query protocol. A POST that is not a form is treated as a JSON call without an operation."""
    if environ["REQUEST_METHOD"] == "POST" and not environ.get("CONTENT_TYPE", "").startswith(FORM):
        return json_api.answer(world, environ, "")
    return answer(world, environ)


def answer(world: World, environ: Environ) -> Answer:
    """Status, headers and body of a call of the query protocol."""
    exchange = Exchange(world, environ)
    body = exchange.run(InternalFailure, _run)
    status = 200
    if isinstance(body, AwsError):
        status = body.status
        backend = next((each for each in BACKENDS.values() if each.service == exchange.service), StsBackend)
        body = query.encode_error(backend.model().xml_namespace, body, exchange.request_id)
    headers = [
        ("Content-Type", query.CONTENT_TYPE),
        ("x-amzn-RequestId", exchange.request_id),
        ("Content-Length", str(len(body))),
        *cors.EVERYWHERE,
    ]
    exchange.finish(status)
    return status, headers, body


def _run(exchange: Exchange) -> bytes:
    """Raises AwsError."""
    world, environ = exchange.world, exchange.environ
    body = body_of(environ)
    given = query.fields(environ.get("QUERY_STRING", "").encode()) | query.fields(body)
    name, version = given.pop("Action", ""), given.pop("Version", "")
    backend = BACKENDS.get(version)
    operation = backend.model().operations.get(name) if backend else None
    if backend is not None and name in backend.model().others:
        exchange.service, exchange.operation = backend.service, name
        raise not_built(name)
    if backend is not None and operation is None:
        refuse_newer(backend.model(), name)
    service = signed_for(environ) if backend is None else None
    if service:
        raise InvalidAction(sentence(service))
    if backend is None or operation is None:
        raise InvalidAction(
            f"Could not find operation {name} for version {version or 'NO_VERSION_SPECIFIED'}"
        )
    exchange.service, exchange.operation = backend.service, name
    refused = foreign_pages.refusal(world.settings, environ, public=False)
    if refused:
        raise AccessDenied(refused)
    claim = None if operation.unsigned else _claim(world, environ, body, backend.service)
    params, problems = query.decode(operation, given)
    exchange.params = params
    if problems:
        raise backend.refuse(problems)
    if claim:
        region = place.of_signed(world, claim.key_id, claim.region, SignatureDoesNotMatch)
    else:
        region = place.of_unsigned(world, params, environ)
    call = exchange.call_in(region, claim.key_id if claim else None)
    with call:
        if backend is IamBackend:
            authorize.check(call, f"iam:{name}")
        result = backend.answer(call, name, params)
    return query.encode(backend.model(), operation, result, exchange.request_id)


def _claim(world: World, environ: Environ, body: bytes, service: str) -> sigv4.Claim:
    """The signature's claims. It is verified for keys that cogmock issued; for other keys the secret is not known."""
    request = signatures.signed(environ, body)
    claim = sigv4.read(request)
    if claim is None and environ.get("HTTP_AUTHORIZATION"):
        raise IncompleteSignature
    if claim is None:
        raise MissingAuthenticationToken
    if claim.key_id.startswith("ASIA"):
        _, session = temporary_credentials.check(world, claim.key_id, claim.token)
        fault = signatures.fault(world, request, claim, session.secret_access_key, service)
        if fault:
            raise SignatureDoesNotMatch(fault)
    return claim
