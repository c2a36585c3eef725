"""What the signature of a request covers, and whether it is good."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from cogmock.core.world import World
from cogmock.errors import SignatureDoesNotMatch
from cogmock.web.replies import Environ
from cogmock.wire import sigv4


def signed(environ: Environ, body: bytes) -> sigv4.Signed:
    """The parts of a request that a signature covers."""

    def header(name: str) -> str | None:
        key = name.upper().replace("-", "_")
        found: Any = environ.get(key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}")
        return found if isinstance(found, str) else None

    path = quote(environ.get("PATH_INFO", "/").encode("latin-1"), safe="/-_.~")
    return sigv4.Signed(environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", ""), header, body)


def fault(world: World, request: sigv4.Signed, claim: sigv4.Claim, secret: str, service: str) -> str | None:
    """Why a signature is refused that temporary credentials of cogmock's own are to have made; None where it is good.

    A presigned call expires, by the world's clock at the time of signing. Others may have any age.
    """
    if claim.service != service:
        # A signature for S3 covers the payload's hash as its sender states it, and so any payload.
        return f"Credential should be scoped to correct service: '{service}'."
    if not sigv4.matches(request, claim, secret):
        return SignatureDoesNotMatch.message
    if claim.expires is None:
        return None
    signed_at = claim.seconds()
    if signed_at is None or world.clock.now() > world.clock.then(signed_at) + claim.expires:
        return f"Signature expired: {claim.time} is more than {claim.expires} seconds ago"
    return None
