"""The presigned URL of an import job, and the file that is sent to it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from urllib.parse import urlencode

from cogmock.core.call import Call
from cogmock.services import IMPORT_BUCKET
from cogmock.state.import_job import ImportJob
from cogmock.state.user_pool import UserPool

LIFETIME = 900
"""Seconds for which the URL takes a file (AWS dev guide: Creating and running the import job)."""
SIGNED = "host;x-amz-server-side-encryption"

log = logging.getLogger("cogmock.imports")


class Refusal(Exception):
    """An error of S3, with its status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(message)


def url(call: Call, pool: UserPool, job_id: str, signature: str) -> str:
    """In S3's path style; on this server, or on S3's host where the issuer is AWS's."""
    settings, region = call.world.settings, call.region
    base = call.origin if settings.issuer == "host" and call.origin else settings.url
    if settings.issuer == "aws":
        base = f"https://s3.{region.name}.amazonaws.com"
    at = datetime.fromtimestamp(call.now, UTC)
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Date": f"{at:%Y%m%dT%H%M%SZ}",
        "X-Amz-SignedHeaders": SIGNED,
        "X-Amz-Expires": str(LIFETIME),
        "X-Amz-Credential": f"AKIACOGMOCKIMPORTJOB/{at:%Y%m%d}/{region.name}/s3/aws4_request",
        "X-Amz-Signature": signature,
    }
    path = f"{IMPORT_BUCKET}{region.name}/{region.account}/{pool.id}/{job_id}"
    return f"{base}/{path}?{urlencode(query)}"


def accept(call: Call, job: ImportJob | None, signature: str, content: bytes, encryption: str) -> None:
    """Keeps the file of a job that was not started yet; a later file replaces it. Raises Refusal."""
    if job is None or signature != job.signature:
        message = "The request signature we calculated does not match the signature you provided."
        raise Refusal(403, "SignatureDoesNotMatch", message)
    if call.now >= job.created + LIFETIME:
        raise Refusal(403, "AccessDenied", "Request has expired")
    if encryption != "aws:kms":
        log.warning(
            "the file of %s came without the header x-amz-server-side-encryption: aws:kms, which S3 requires there",
            job.id,
        )
    if job.status == "Created":
        job.file = content
    else:
        log.warning("the file sent for %s is ignored, because the job is %s", job.id, job.status)
