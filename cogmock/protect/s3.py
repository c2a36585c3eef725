"""S3 behind the proxy: authorization by IAM policies, refusals in S3's format."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

from cogmock.iam.policy import Decision
from cogmock.protect import aws_chunked, forward, s3_actions
from cogmock.protect.callers import Caller
from cogmock.protect.request import Answer, ProxyRequest, Refusal, RequiredAction
from cogmock.wire import arns

MOST_DELETED = 1000
LONGEST_LIST = 2 * 1024 * 1024
"""Bytes of a DeleteObjects request with a thousand keys of the greatest length."""
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

Send = Callable[[ProxyRequest], Answer]

_REFUSALS = {
    "missing": (403, "AccessDenied", "Access Denied"),
    "key": (403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
    "token": (400, "InvalidToken", "The provided token is malformed or otherwise invalid."),
    "expired": (400, "ExpiredToken", "The provided token has expired."),
    "signature": (
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. "
        "Check your key and signing method.",
    ),
    "query": (400, "AuthorizationQueryParametersError", "The query of the presigned URL cannot be read."),
    "old": (403, "AccessDenied", "Request has expired"),
    "denied": (403, "AccessDenied", "Access Denied"),
    "hash": (
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    ),
    "body": (
        400,
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    ),
    "chunks": (400, "IncompleteBody", "The chunks of the request body cannot be read."),
    "path": (400, "InvalidURI", "Couldn't parse the specified URI."),
    "parts": (400, "InvalidArgument", "Conflicting query string parameters."),
    "method": (405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
    "too large": (400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"),
    "unreachable": (503, "ServiceUnavailable", "Service is unable to handle request."),
}


def answer(request: ProxyRequest, caller: Caller, send: Send) -> tuple[Answer, str]:
    """The answer and the name of the operation. Raises Refusal."""
    _check_body(request)
    request = s3_actions.with_bucket(request, caller.world.settings.url)
    actions = s3_actions.required(request)
    name = actions[0].action.partition(":")[2]
    if request.method == "POST" and "delete" in request.parameters():
        return _delete(request, caller, send), "DeleteObjects"
    for action in actions:
        _authorize(caller, action)
    found = send(aws_chunked.decoded(request, caller.session.secret_access_key))
    if found.status == 404 and s3_actions.is_object_read(request):
        _hide_absence(request, caller, found)
    return found, name


def refused(refusal: Refusal, request_id: str, path: str) -> tuple[Answer, str]:
    """A refusal in S3's format, and its code."""
    status, code, words = _REFUSALS[refusal.kind]
    parts = {
        "Code": code,
        "Message": refusal.message or words,
        "Resource": path,
        "RequestId": request_id,
        "HostId": base64.b64encode(hashlib.sha256(request_id.encode()).digest()).decode(),
    }
    body = _xml("Error", "".join(f"<{name}>{_text(value)}</{name}>" for name, value in parts.items()))
    return _document(status, body, request_id), code


def _authorize(caller: Caller, required: RequiredAction) -> None:
    decision = caller.decide(required)
    if not decision.allowed:
        raise Refusal("denied", _message(decision), decision.explain())


def _message(decision: Decision) -> str:
    """S3 puts the resource in quotes (S3 user guide: troubleshoot access denied errors)."""
    resource = decision.request.resource
    return decision.refusal().replace(f" on resource: {resource}", f' on resource: "{resource}"', 1)


def _check_body(request: ProxyRequest) -> None:
    """The signature covers the declared hash; so the hash must be that of the body."""
    declared = request.header("x-amz-content-sha256") or ""
    if len(declared) == 64 and hashlib.sha256(request.body).hexdigest() != declared.lower():
        raise Refusal("hash")


def _hide_absence(request: ProxyRequest, caller: Caller, found: Answer) -> None:
    """Without permission to list the bucket, a missing object is AccessDenied, not 404 (S3: GetObject)."""
    place = s3_actions.place_of(request)
    decision = caller.decide(
        RequiredAction("s3:ListBucket", arns.arn("s3", request.region, "", place.bucket))
    )
    if not decision.allowed:
        forward.close(found)
        raise Refusal("denied", _message(decision), f"the object does not exist, and\n{decision.explain()}")


def _delete(request: ProxyRequest, caller: Caller, send: Send) -> Answer:
    """Each key is authorized on its own; the refused ones are errors in the answer beside the deleted ones."""
    bucket = s3_actions.place_of(request).bucket
    objects, quiet = _listed(aws_chunked.decoded(request, caller.session.secret_access_key).body)
    allowed, errors = [], []
    for each in objects:
        version = each.get("VersionId")
        action = "s3:DeleteObjectVersion" if version else "s3:DeleteObject"
        decision = caller.decide(
            RequiredAction(action, arns.arn("s3", request.region, "", f"{bucket}/{each['Key']}"))
        )
        if decision.allowed:
            allowed.append(each)
        else:
            errors.append(_error({**each, "Code": "AccessDenied", "Message": _message(decision)}))
    if not allowed:
        return _document(200, _xml("DeleteResult", "".join(errors), NAMESPACE), "")
    body = _xml("Delete", f"<Quiet>{quiet}</Quiet>" + "".join(map(_object, allowed)), NAMESPACE)
    found = send(_with_body(request, body))
    if not errors or found.status != 200:
        return found
    text = forward.whole(found).decode("utf-8", "replace")
    if "</DeleteResult>" in text:
        text = text.replace("</DeleteResult>", f"{''.join(errors)}</DeleteResult>", 1)
    else:
        text = _xml("DeleteResult", "".join(errors), NAMESPACE).decode()
    return _document(200, text.encode(), "")


def _listed(body: bytes) -> tuple[list[dict[str, str]], str]:
    """The keys to delete, and whether the answer is quiet. Raises Refusal for any other body."""
    import xmltodict

    if len(body) > LONGEST_LIST:
        raise Refusal("body")
    try:
        listed: Any = xmltodict.parse(body, force_list=("Object",), strip_whitespace=False)["Delete"]
        objects = [
            {name: str(each[name]) for name in ("Key", "VersionId") if each.get(name)}
            for each in listed["Object"]
        ]
    except Exception:  # noqa: BLE001 - expat, xmltodict and unexpected trees raise different errors
        raise Refusal("body") from None
    if not 0 < len(objects) <= MOST_DELETED or not all("Key" in each for each in objects):
        raise Refusal("body")
    return objects, "true" if str(listed.get("Quiet", "")).strip().lower() == "true" else "false"


def _with_body(request: ProxyRequest, body: bytes) -> ProxyRequest:
    """The request with another body, without the checksums of the old one."""
    headers = {
        name: value
        for name, value in request.headers.items()
        if not name.startswith("x-amz-checksum-")
        and name not in {"x-amz-sdk-checksum-algorithm", "x-amz-content-sha256", "content-encoding"}
        and not name.startswith(("x-amz-trailer", "x-amz-decoded"))
    }
    md5 = hashlib.md5(body, usedforsecurity=False).digest()
    headers["content-md5"] = base64.b64encode(md5).decode()
    return replace(request, body=body, headers=headers)


def _object(parts: dict[str, str]) -> str:
    return f"<Object>{_members(parts)}</Object>"


def _error(parts: dict[str, str]) -> str:
    return f"<Error>{_members(parts)}</Error>"


def _members(parts: dict[str, str]) -> str:
    return "".join(f"<{name}>{_text(value)}</{name}>" for name, value in parts.items())


def _text(value: str) -> str:
    return "".join(sign if sign >= " " or sign in "\t\n" else "\ufffd" for sign in escape(value, quote=False))


def _xml(name: str, content: str, namespace: str = "") -> bytes:
    opened = f'{name} xmlns="{namespace}"' if namespace else name
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{opened}>{content}</{name}>'.encode()


def _document(status: int, body: bytes, request_id: str) -> Answer:
    headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
    return Answer(status, headers + ([("x-amz-request-id", request_id)] if request_id else []), [body])
