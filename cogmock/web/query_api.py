"""The query APIs, STS and IAM: from the form of a request to the operation, and back as XML."""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import quote

from cogmock.core.backend import Backend, not_built
from cogmock.core.world import World
from cogmock.errors import (
    AwsError,
    IncompleteSignature,
    InternalFailure,
    InvalidAction,
    MissingAuthenticationToken,
    SignatureDoesNotMatch,
)
from cogmock.iam.backend import IamBackend, StsBackend
from cogmock.iam.sessions import authorize, temporary_credentials
from cogmock.web import cors, json_api, place
from cogmock.web.replies import Answer, Environ
from cogmock.wire import query, sigv4

BACKENDS: dict[str, type[Backend]] = {"2011-06-15": StsBackend, "2010-05-08": IamBackend}
"""By the Version that a request names."""
FORM = "application/x-www-form-urlencoded"

log = logging.getLogger("cogmock")


def at_root(world: World, environ: Environ) -> Answer:
    """A call of the query protocol; what is posted and no form is a JSON call that names no operation."""
    if environ["REQUEST_METHOD"] == "POST" and not environ.get("CONTENT_TYPE", "").startswith(FORM):
        return json_api.answer(world, environ, "")
    return answer(world, environ)


def answer(world: World, environ: Environ) -> Answer:
    """Status, headers and body of a call of the query protocol."""
    began = time.perf_counter()
    request_id = world.entropy.uuid()
    outcome = json_api.Outcome()
    try:
        _run(world, environ, request_id, outcome)
    except AwsError as error:
        outcome.error = error
    except Exception:  # whatever it is, the caller must get an answer and the trace must not be lost
        log.exception("%s failed inside cogmock; please report it", outcome.operation or "a query")
        outcome.error = InternalFailure(reason="a fault of cogmock; the log has its trace")
    status = 200
    if outcome.error:
        status = outcome.error.status
        backend = next((each for each in BACKENDS.values() if each.service == outcome.service), StsBackend)
        outcome.body = query.encode_error(backend.model().xml_namespace, outcome.error, request_id)
    headers = [
        ("Content-Type", query.CONTENT_TYPE),
        ("x-amzn-RequestId", request_id),
        ("Content-Length", str(len(outcome.body))),
        *cors.EVERYWHERE,
    ]
    json_api.record(world, request_id, outcome, status, (time.perf_counter() - began) * 1000)
    return status, headers, outcome.body


def _run(world: World, environ: Environ, request_id: str, outcome: json_api.Outcome) -> None:
    body = json_api.body_of(environ)
    given = query.fields(environ.get("QUERY_STRING", "").encode()) | query.fields(body)
    name, version = given.pop("Action", ""), given.pop("Version", "")
    backend = BACKENDS.get(version)
    operation = backend.model().operations.get(name) if backend else None
    if backend is not None and name in backend.model().others:
        outcome.service, outcome.operation = backend.service, name
        raise not_built(name)
    if backend is None or operation is None:
        raise InvalidAction(
            f"Could not find operation {name} for version {version or 'NO_VERSION_SPECIFIED'}"
        )
    outcome.service, outcome.operation = backend.service, name
    claim = None if operation.unsigned else _claim(world, environ, body)
    params, problems = query.decode(operation, given)
    outcome.params = params
    if problems:
        raise backend.refuse(problems)
    region = (
        place.of_signed(world, claim.key_id, claim.region, SignatureDoesNotMatch)
        if claim
        else place.of_unsigned(world, params, environ)
    )
    outcome.region = region
    call = outcome.call = json_api.call_of(
        world, region, request_id, environ, claim.key_id if claim else None
    )
    with call:
        if backend is IamBackend:
            authorize.check(call, f"iam:{name}")
        result = backend.answer(call, name, params)
    outcome.body = query.encode(backend.model(), operation, result, request_id)


def _claim(world: World, environ: Environ, body: bytes) -> sigv4.Claim:
    """Who signed. Keys that we issued must have made the signature; others we cannot judge, and take."""
    request = signed(environ, body)
    claim = sigv4.read(request)
    if claim is None and environ.get("HTTP_AUTHORIZATION"):
        raise IncompleteSignature
    if claim is None:
        raise MissingAuthenticationToken
    if claim.key_id.startswith("ASIA"):
        _, session = temporary_credentials.check(world, claim.key_id, claim.token)
        if not sigv4.matches(request, claim, session.secret_access_key):
            raise SignatureDoesNotMatch
        _check_age(world, claim)
    return claim


def _check_age(world: World, claim: sigv4.Claim) -> None:
    """Of a presigned call, by the world's clock as it stood at the signing. Others may be of any age."""
    signed_at = claim.seconds()
    if claim.expires is None:
        return
    if signed_at is None or world.clock.now() > world.clock.then(signed_at) + claim.expires:
        raise SignatureDoesNotMatch(
            f"Signature expired: {claim.time} is more than {claim.expires} seconds ago"
        )


def signed(environ: Environ, body: bytes) -> sigv4.Signed:
    """The parts of a request that a signature covers."""

    def header(name: str) -> str | None:
        key = name.upper().replace("-", "_")
        found: Any = environ.get(key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}")
        return found if isinstance(found, str) else None

    path = quote(environ.get("PATH_INFO", "/").encode("latin-1"), safe="/-_.~")
    return sigv4.Signed(environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", ""), header, body)
