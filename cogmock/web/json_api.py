"""The JSON APIs: from the bytes of a request to the operation, and back."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from cogmock.core.backend import Backend
from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import (
    AwsError,
    InternalErrorException,
    InvalidSignatureException,
    MissingAuthenticationTokenException,
    RequestEntityTooLargeException,
    SerializationException,
    UnknownOperationException,
)
from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.state.region import Region
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.web import cors, place
from cogmock.web.log import log_call
from cogmock.wire import json11

BACKENDS: dict[str, type[Backend]] = {
    "AWSCognitoIdentityProviderService": UserPoolsBackend,
    "AWSCognitoIdentityService": IdentityPoolsBackend,
}
LARGEST = 10 * 1024 * 1024
"""Bytes that a request body may have."""

log = logging.getLogger("cogmock")


@dataclass(slots=True, eq=False, repr=False)
class Outcome:
    """What became of a request, for the answer, the journal and the log."""

    service: str = ""
    operation: str = ""
    region: Region | None = None
    params: Any = None
    body: bytes = b""
    error: AwsError | None = None
    call: Call | None = None


def answer(world: World, environ: dict[str, Any], target: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of a call of the JSON protocol."""
    began = time.perf_counter()
    request_id = world.entropy.uuid()
    outcome = Outcome()
    try:
        _run(world, environ, target, request_id, outcome)
    except AwsError as error:
        outcome.error = error
    except Exception:  # whatever it is, the caller must get an answer and the trace must not be lost
        log.exception("%s failed inside cogmock; please report it", target)
        outcome.error = InternalErrorException(reason="a fault of cogmock; the log has its trace")
    headers = [("Content-Type", json11.CONTENT_TYPE), ("x-amzn-RequestId", request_id), *cors.EVERYWHERE]
    status = 200
    if outcome.error:
        outcome.body = json11.encode_error(outcome.error)
        status = outcome.error.status
        headers += [
            ("x-amzn-ErrorType", f"{outcome.error.code}:"),
            ("x-amzn-ErrorMessage", header_text(outcome.error.message)),
        ]
    headers.append(("Content-Length", str(len(outcome.body))))
    record(world, request_id, outcome, status, (time.perf_counter() - began) * 1000)
    return status, headers, outcome.body


def body_of(environ: dict[str, Any]) -> bytes:
    """The bytes of a request. Raises RequestEntityTooLargeException, SerializationException."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise SerializationException("Content-Length is no number.") from None
    if length > LARGEST:
        raise RequestEntityTooLargeException
    return environ["wsgi.input"].read(length) if length > 0 else b""


def header_text(message: str) -> str:
    """A message as a header can bear it: on one line, in Latin-1."""
    return (
        " ".join(message.split("\n"))
        .encode("latin-1", "replace")
        .decode("latin-1")
        .translate(_CONTROLS)
        .strip()
    )


_CONTROLS = dict.fromkeys([*range(32), 127], " ")


def _run(world: World, environ: dict[str, Any], target: str, request_id: str, outcome: Outcome) -> None:
    prefix, _, name = target.partition(".")
    backend = BACKENDS.get(prefix)
    operation = backend.model().operations.get(name) if backend else None
    if backend is None or operation is None:
        raise UnknownOperationException
    outcome.service, outcome.operation = backend.service, name
    signer = place.signer(environ)
    if signer is None and not operation.unsigned and name not in backend.unsigned_too:
        raise MissingAuthenticationTokenException
    params, problems = json11.decode(operation, body_of(environ))
    outcome.params = params
    if problems:
        raise backend.refuse(problems)
    token = place.token_of(params)
    if signer and not operation.unsigned:
        region = place.of_signed(world, *signer, InvalidSignatureException)
    else:
        region = place.of_unsigned(world, params, environ, token)
    outcome.region = region
    call = outcome.call = call_of(world, region, request_id, environ, signer[0] if signer else None)
    call.token = token
    with call:
        result = backend.answer(call, name, params)
    outcome.body = json11.encode(operation, result)


def call_of(
    world: World, region: Region, request_id: str, environ: dict[str, Any], principal: str | None
) -> Call:
    """The call that a request makes; `principal` is the access key id that signed it."""
    return Call(
        world,
        region,
        request_id,
        origin=place.origin(environ),
        source_ip=environ.get("REMOTE_ADDR", "127.0.0.1"),
        user_agent=environ.get("HTTP_USER_AGENT", ""),
        principal=principal,
    )


def record(world: World, request_id: str, outcome: Outcome, status: int, milliseconds: float) -> None:
    """Tells the journal and the log."""
    error, call = outcome.error, outcome.call
    reason = (error.reason if error else None) or (call.reason if call else None)
    entry = world.journal.add(
        at=call.now if call else world.clock.now(),
        request_id=request_id,
        service=outcome.service,
        operation=outcome.operation,
        account=outcome.region.account if outcome.region else "",
        region=outcome.region.name if outcome.region else "",
        parameters=outcome.params,
        status=status,
        error=error.code if error else None,
        message=error.message if error else None,
        reason=reason,
        duration_ms=milliseconds,
        triggers=call.triggers if call else [],
    )
    log_call(entry)
