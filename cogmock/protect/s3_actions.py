"""The IAM actions that an S3 request needs, and their resources (service authorization reference: S3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from cogmock.protect.request import ProxyRequest, Refusal, RequiredAction
from cogmock.wire import arns

_AWS_HOST = re.compile(r"(?P<bucket>.+)\.s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?")

_BUCKET_PARTS = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "analytics": "AnalyticsConfiguration",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "intelligent-tiering": "IntelligentTieringConfiguration",
    "inventory": "InventoryConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "logging": "BucketLogging",
    "metrics": "MetricsConfiguration",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
"""Subresource of a bucket → the noun of its Get and Put actions."""
_READ_PARTS = {
    "location": "GetBucketLocation",
    "policyStatus": "GetBucketPolicyStatus",
    "uploads": "ListBucketMultipartUploads",
    "versions": "ListBucketVersions",
}
_OWN_DELETE = {"policy": "DeleteBucketPolicy", "website": "DeleteBucketWebsite"}
"""The subresources with a Delete action of their own; deleting the others needs their Put action."""
_OBJECT_PARTS = {
    "acl": "ObjectAcl",
    "legal-hold": "ObjectLegalHold",
    "retention": "ObjectRetention",
    "tagging": "ObjectTagging",
}
_VERSIONED = {
    "GetObject": "GetObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectAcl": "PutObjectVersionAcl",
    "PutObjectTagging": "PutObjectVersionTagging",
    "DeleteObject": "DeleteObjectVersion",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
}
_CONDITION_HEADERS = (
    "x-amz-acl",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-grant-full-control",
    "x-amz-grant-read",
    "x-amz-grant-read-acp",
    "x-amz-grant-write",
    "x-amz-grant-write-acp",
    "x-amz-metadata-directive",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
)
_CONDITION_PARAMETERS = {"prefix": "s3:prefix", "delimiter": "s3:delimiter", "max-keys": "s3:max-keys"}


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket and a key, either of which may be empty."""

    bucket: str
    key: str
    region: str

    @property
    def arn(self) -> str:
        return arns.arn("s3", self.region, "", f"{self.bucket}/{self.key}" if self.key else self.bucket)


def bucket_of_host(host: str, public_host: str = "") -> str:
    """The bucket of a virtual-hosted-style host name; empty for path style."""
    name = re.sub(r":\d+$", "", host).lower()
    found = _AWS_HOST.fullmatch(name)
    if found:
        return found["bucket"]
    own = next((own for own in (public_host, "localhost") if own and name.endswith(f".{own}")), None)
    bucket = name.removesuffix(f".{own}").removesuffix(".s3") if own else ""
    return "" if bucket == "s3" else bucket


def with_bucket(request: ProxyRequest, public_url: str) -> ProxyRequest:
    """The request in path style."""
    bucket = bucket_of_host(request.header("host") or "", urlsplit(public_url).hostname or "")
    return replace(request, path=f"/{bucket}{request.path}") if bucket else request


def place_of(request: ProxyRequest, path: str | None = None) -> Place:
    """Bucket and key of a path in path style: of the request's own, or of another that it names."""
    path = request.path if path is None else path
    bucket, _, key = path.lstrip("/").partition("/")
    return Place(unquote(bucket), unquote(key), request.region)


def required(request: ProxyRequest) -> list[RequiredAction]:
    """All actions that must be allowed. The first one names the operation. Raises Refusal."""
    place, given = place_of(request), request.parameters()
    _check_plain(request.path, given, bool(place.key))
    context = dict(_context(request, given))
    if not place.bucket:
        return [RequiredAction("s3:ListAllMyBuckets", arns.arn("s3", request.region, "", "*"), context)]
    if not place.key:
        return [RequiredAction(f"s3:{_bucket_action(request.method, given)}", place.arn, context)]
    found = [RequiredAction(f"s3:{_object_action(request.method, given)}", place.arn, context)]
    if request.method == "PUT":
        found += _additional(request, given, place, context)
    if "attributes" in given and request.method == "GET":
        found.append(RequiredAction("s3:GetObjectAttributes", place.arn, context))
    return found


def _check_plain(path: str, given: dict[str, str], of_object: bool) -> None:  # noqa: FBT001 - one internal caller
    """Refuses requests that the server behind might understand differently than this module does."""
    segments = path.split("/")
    if path.startswith("//") or ".." in segments or "." in segments:
        raise Refusal("path")
    parts = _OBJECT_PARTS.keys() if of_object else _BUCKET_PARTS.keys() | _READ_PARTS.keys()
    if len(parts & given.keys()) > 1:
        raise Refusal("parts")


def is_object_read(request: ProxyRequest) -> bool:
    """Whether a 404 of the server behind means that an object does not exist."""
    return request.method in {"GET", "HEAD"} and bool(place_of(request).key)


def _bucket_action(method: str, given: dict[str, str]) -> str:
    part = next((name for name in given if name in _BUCKET_PARTS), "")
    noun = _BUCKET_PARTS.get(part)
    match method:
        case "GET" if noun:
            return f"Get{noun}"
        case "GET" | "HEAD":
            return next((_READ_PARTS[name] for name in given if name in _READ_PARTS), "ListBucket")
        case "PUT":
            return f"Put{noun}" if noun else "CreateBucket"
        case "DELETE":
            return _OWN_DELETE.get(part) or (f"Put{noun}" if noun else "DeleteBucket")
        case "POST" if "delete" in given:
            return "DeleteObject"
    raise Refusal("method")


def _object_action(method: str, given: dict[str, str]) -> str:
    noun = next((_OBJECT_PARTS[name] for name in given if name in _OBJECT_PARTS), "Object")
    match method:
        case "GET" | "HEAD":
            action = "ListMultipartUploadParts" if "uploadId" in given else f"Get{noun}"
        case "PUT":
            action = f"Put{noun}"
        case "DELETE":
            action = "AbortMultipartUpload" if "uploadId" in given else f"Delete{noun}"
        case "POST" if "select" in given:
            action = "GetObject"
        case "POST" if "restore" in given:
            action = "RestoreObject"
        case "POST" if "uploads" in given or "uploadId" in given:
            action = "PutObject"
        case _:
            raise Refusal("method")
    return _VERSIONED.get(action, action) if given.get("versionId") else action


def _additional(
    request: ProxyRequest, given: dict[str, str], place: Place, context: dict[str, str]
) -> Iterator[RequiredAction]:
    """What a PUT needs besides: reading the source of a copy, and setting an ACL or tags."""
    source = request.header("x-amz-copy-source")
    if source:
        path, _, query = source.partition("?")
        versioned = query.startswith("versionId=")
        action = "s3:GetObjectVersion" if versioned else "s3:GetObject"
        version = {"s3:versionid": unquote(query.removeprefix("versionId="))} if versioned else {}
        yield RequiredAction(action, place_of(request, path).arn, context | version)
    if given.keys() & _OBJECT_PARTS.keys() or "partNumber" in given:
        return
    if any(name == "x-amz-acl" or name.startswith("x-amz-grant-") for name in request.headers):
        yield RequiredAction("s3:PutObjectAcl", place.arn, context)
    if request.header("x-amz-tagging"):
        yield RequiredAction("s3:PutObjectTagging", place.arn, context)


def _context(request: ProxyRequest, given: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in _CONDITION_HEADERS:
        value = request.header(name)
        if value is not None:
            yield f"s3:{name}", value
    for name, key in _CONDITION_PARAMETERS.items():
        if name in given:
            yield key, given[name]
    if given.get("versionId"):
        yield "s3:VersionId", given["versionId"]
    for pair in (request.header("x-amz-tagging") or "").split("&"):
        tag, _, value = pair.partition("=")
        if tag:
            yield f"s3:RequestObjectTag/{unquote(tag.replace('+', ' '))}", unquote(value.replace("+", " "))
