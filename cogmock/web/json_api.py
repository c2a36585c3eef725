"""The JSON protocol: decodes a request, runs the operation, encodes the response."""

from __future__ import annotations

from functools import partial

from cogmock.core.backend import Backend
from cogmock.core.reading import is_reading
from cogmock.core.world import World
from cogmock.errors import (
    AwsError,
    ForeignPage,
    InternalErrorException,
    InternalServerException,
    InvalidSignatureException,
    MissingAuthenticationTokenException,
    UnknownOperationException,
)
from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.services import COGNITO_IDENTITY, COGNITO_IDP
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.web import cors, foreign_pages, place
from cogmock.web.exchange import Exchange, body_of
from cogmock.web.replies import Answer, Environ
from cogmock.wire import json11

BACKENDS: dict[str, type[Backend]] = {
    COGNITO_IDP.target: UserPoolsBackend,
    COGNITO_IDENTITY.target: IdentityPoolsBackend,
}
"""By what stands before the dot in X-Amz-Target."""


LONGEST_HEADER = 1024
"""Characters of a message in x-amzn-ErrorMessage."""


def answer(world: World, environ: Environ, target: str) -> Answer:
    """Status, headers and body of a call of the JSON protocol."""
    exchange = Exchange(world, environ)
    body = exchange.run(partial(_internal, exchange), _run, target)
    headers = [
        ("Content-Type", json11.CONTENT_TYPE),
        ("x-amzn-RequestId", exchange.request_id),
        *cors.EVERYWHERE,
    ]
    status = 200
    if isinstance(body, AwsError):
        status, error = body.status, body
        body = json11.encode_error(error)
        headers += [
            ("x-amzn-ErrorType", f"{error.code}:"),
            ("x-amzn-ErrorMessage", header_text(error.message)),
        ]
    headers.append(("Content-Length", str(len(body))))
    exchange.finish(status)
    return status, headers, body


def _internal(exchange: Exchange, *, reason: str) -> AwsError:
    """The error of a fault of ours. The operations on client secrets have another one (service model)."""
    backend = next((each for each in BACKENDS.values() if each.service == exchange.service), None)
    errors = backend.model().operations[exchange.operation].errors if backend else ()
    kind = InternalServerException if "InternalServerException" in errors else InternalErrorException
    return kind(reason=reason)


def header_text(message: str) -> str:
    """The beginning of a message in the form that a header allows: one line of Latin-1. The body has all of it.

    Clients refuse long heads: Node above 16 KB, Python above 64 KB.
    """
    return (
        " ".join(message[:LONGEST_HEADER].split("\n"))
        .encode("latin-1", "replace")
        .decode("latin-1")
        .translate(_CONTROLS)
        .strip()
    )


_CONTROLS = dict.fromkeys([*range(32), 127], " ")


def _run(exchange: Exchange, target: str) -> bytes:
    """Raises AwsError."""
    world, environ = exchange.world, exchange.environ
    prefix, _, name = target.partition(".")
    backend = BACKENDS.get(prefix)
    operation = backend.model().operations.get(name) if backend else None
    if backend is not None and operation is None:
        from cogmock.web.newer_models import refuse_newer

        refuse_newer(backend.model(), name)
    if backend is None and target:
        from cogmock.web import foreign_services

        raise UnknownOperationException(
            foreign_services.sentence(foreign_services.signed_for(environ) or f"{prefix!a:.100}")
        )
    if backend is None or operation is None:
        raise UnknownOperationException(reason=f"no operation has the X-Amz-Target {target!a:.100}")
    exchange.service, exchange.operation = backend.service, name
    signer = place.signer(environ)
    asks_iam = not operation.unsigned and name not in backend.unsigned_too
    refused = foreign_pages.refusal(
        world.settings,
        environ,
        public=operation.unsigned or (signer is None and not asks_iam),
    )
    if refused:
        raise ForeignPage(refused)
    if signer is None and asks_iam:
        raise MissingAuthenticationTokenException
    body = body_of(environ)
    is_temporary = asks_iam and signer is not None and signer[0].startswith("ASIA")
    if signer and is_temporary:
        from cogmock.web import issued_keys

        issued_keys.verify(world, environ, body, signer[0], backend.service)
    params, problems = json11.decode(operation, body)
    exchange.params = params
    if problems:
        raise backend.refuse(problems)
    token = place.token_of(params)
    if signer and not operation.unsigned:
        region = place.of_signed(world, *signer, InvalidSignatureException)
    else:
        region = place.of_unsigned(world, params, environ, token)
    call = exchange.call_in(region, signer[0] if signer else None)
    call.token = token
    call.reads = is_reading(name)
    with call:
        if is_temporary:
            issued_keys.check(call, backend.service, name, params)
        result = backend.answer(call, name, params)
    return json11.encode(operation, result)
