"""Functions behind HTTP: a plain URL, or an endpoint with the Invoke API of Lambda."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from cogmock import foreign_json
from cogmock.core.functions.failures import FunctionFailed, NotInvocable, TimedOut
from cogmock.core.functions.job import Arn, Job

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPMessage


CODES = {
    400: "InvalidRequestContentException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    413: "RequestTooLargeException",
    429: "TooManyRequestsException",
}
"""Status → the error of the Lambda API, where an answer names none."""
SERVICE = "ServiceException"
LARGEST = 6 * 1024 * 1024
"""Bytes of a function's answer (Lambda quotas)."""
TOO_LARGE = f"Response payload size exceeded maximum allowed payload size ({LARGEST} bytes)."


def post(url: str, job: Job) -> bytes:
    """Hands the event to a URL. Raises Failure."""
    return _answered(url, job, {})


def invoke(endpoint: str, job: Job) -> bytes:
    """Invokes by function name, which all emulators accept; account and Region are in the signature."""
    arn = job.arn
    query = f"?Qualifier={quote(arn.qualifier, safe='')}" if arn.qualifier else ""
    url = f"{endpoint.rstrip('/')}/2015-03-31/functions/{quote(arn.name)}/invocations{query}"
    kind = "Event" if job.asynchronous else "RequestResponse"
    return _answered(url, job, {"X-Amz-Invocation-Type": kind, **_signed(arn)})


def _answered(url: str, job: Job, headers: dict[str, str]) -> bytes:
    from http.client import HTTPException

    try:
        status, answered, body = _asked(url, job, headers)
    except TimeoutError:
        raise TimedOut from None
    except (OSError, HTTPException, ValueError) as error:
        raise NotInvocable(SERVICE, f"{url}: {error}") from error
    fault = _fault(body)
    if answered.get("X-Amz-Function-Error") or fault is not None:
        raise FunctionFailed(fault if fault is not None else body.decode(errors="replace"))
    if not 200 <= status < 300:
        code = (answered.get("x-amzn-ErrorType") or CODES.get(status, SERVICE)).partition(":")[0]
        raise NotInvocable(code, f"{url} answered {status}: {body[:200].decode(errors='replace')}")
    return body


def _asked(url: str, job: Job, headers: dict[str, str]) -> tuple[int, HTTPMessage, bytes]:
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.netloc, job.seconds)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, job.event, {"Content-Type": "application/json", **headers})
        with connection.getresponse() as answer:
            body = answer.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise FunctionFailed(TOO_LARGE)
        return answer.status, answer.headers, body
    finally:
        connection.close()


def _connection(scheme: str, host: str, seconds: float) -> HTTPConnection:
    """Uses http.client, which HTTP mocks in tests do not replace, so that they do not intercept the call."""
    from http.client import HTTPConnection, HTTPSConnection

    kind = HTTPSConnection if scheme == "https" else HTTPConnection
    return kind(host.rpartition("@")[2], timeout=seconds)


def _fault(body: bytes) -> str | None:
    """The error message of a failed function. The runtime emulator answers 200 and omits the header."""
    try:
        content = foreign_json.read(body)
    except foreign_json.NotJson:
        return None
    if isinstance(content, dict) and "errorMessage" in content and "response" not in content:
        return str(content["errorMessage"])
    return None


def _signed(arn: Arn) -> dict[str, str]:
    """A signature in the right form, for its scope. Lambda emulators do not verify it."""
    scope = f"Credential={arn.account}/20260101/{arn.region}/lambda/aws4_request"
    signature = f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
    return {"X-Amz-Date": "20260101T000000Z", "Authorization": signature}
