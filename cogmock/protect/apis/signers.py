"""Requests signed with temporary credentials: who signed, and what their policies allow."""

from __future__ import annotations

import base64
import hashlib

from cogmock.protect import callers
from cogmock.protect.apis.request import ApiRefusal, ApiRequest
from cogmock.protect.callers import Caller
from cogmock.protect.request import Refusal
from cogmock.state.account import Account
from cogmock.state.credentials import Credentials
from cogmock.wire import sigv4

SKEW = 300.0
"""Seconds by which the time of a signature may differ from the real time (IAM guide: signed requests)."""


def identify(request: ApiRequest) -> Caller:
    """The caller whose credentials signed the request. Raises ApiRefusal."""
    sent = request.sent
    signed = sigv4.Signed(sent.method, sent.path, sent.query, sent.header, sent.body)
    claim = sigv4.read(signed)
    header = sent.header("authorization") or ""
    if claim is None or "," in header.partition("Signature=")[2]:  # two headers are joined by a comma
        raise (
            ApiRefusal("incomplete", "the Authorization header has no signature", message=_incomplete(header))
            if header
            else ApiRefusal("missing", "the request is not signed")
        )
    _check_scope(request, claim)
    account, session = _session(request, claim)
    if not sigv4.matches(signed, claim, session.secret_access_key):
        raise ApiRefusal("signature", "the signature is not the one that the secret makes of this request")
    _check_time(request, claim)
    context: dict[str, str | list[str]] = {
        "aws:SourceIp": request.source_ip,
        "aws:RequestedRegion": request.api.region,
        "aws:SecureTransport": str(request.secure).lower(),
    }
    for key, name in (("aws:UserAgent", "user-agent"), ("aws:Referer", "referer")):
        value = sent.header(name)
        if value is not None:
            context[key] = value
    return Caller(request.world, account, session, context)


_WHY = {
    "key": "the access key id is not one that cogmock issued",
    "token": "the session token is not that of the access key id",
    "expired": "the credentials are past their Expiration",
    "old": "the presigned URL is past its X-Amz-Expires",
    "query": "the presigned URL has no valid X-Amz-Expires and X-Amz-Date",
}


def _session(request: ApiRequest, claim: sigv4.Claim) -> tuple[Account, Credentials]:
    """The credentials that a request names. Raises ApiRefusal."""
    try:
        found = callers.session_of(request.world, claim.key_id, claim.token)
        if claim.presigned:
            callers.check_age(request.world, claim)
    except Refusal as refusal:
        raise ApiRefusal(refusal.kind, _WHY.get(refusal.kind)) from None
    return found


def _check_scope(request: ApiRequest, claim: sigv4.Claim) -> None:
    api = request.api
    if claim.service != api.service:
        words = f"Credential should be scoped to correct service: '{api.service}'. "
        raise ApiRefusal("signature", f"the signature is for the service {claim.service!r}", message=words)
    if claim.region != api.region:
        words = f"Credential should be scoped to a valid region, not '{claim.region[:64]}'. "
        raise ApiRefusal(
            "signature",
            f"{api.id} is in {api.region}, the signature is for {claim.region[:64]!r}",
            message=words,
        )
    if "host" not in claim.headers:
        words = "'Host' must be a 'SignedHeader' in the AWS Authorization."
        raise ApiRefusal("signature", "the signature does not cover the Host header", message=words)


def _check_time(request: ApiRequest, claim: sigv4.Claim) -> None:
    """By the real clock: clients sign with theirs, whatever the world's clock says."""
    signed = claim.seconds()
    if signed is None or (not claim.presigned and abs(request.world.clock.real() - signed) > SKEW):
        words = f"Signature expired: {claim.time[:32]} is more than {SKEW / 60:.0f} min. away from our time."
        raise ApiRefusal("signature", "the signature is older or newer than five minutes", message=words)


def _incomplete(header: str) -> str:
    """AWS shows the header by its hash alone."""
    shown = base64.b64encode(hashlib.sha256(header.encode("latin-1", "replace")).digest()).decode()
    missing = "".join(
        f"Authorization header requires '{name}' parameter. "
        for name in ("Credential", "Signature", "SignedHeaders")
    )
    return f"{missing}(Hashed with SHA-256 and encoded with Base64) Authorization={shown}"
