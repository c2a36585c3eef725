"""Authentication: finds the credentials that signed a request and checks signature, token and age."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from cogmock.core.world import World
from cogmock.errors import ExpiredToken, InvalidClientTokenId
from cogmock.iam.policy import Decision
from cogmock.iam.sessions import authorize, temporary_credentials
from cogmock.protect import s3_actions
from cogmock.protect.request import ProxyRequest, Refusal, RequiredAction
from cogmock.state.account import Account
from cogmock.state.credentials import Credentials
from cogmock.wire import sigv4

LONGEST = 604800
"""Longest validity of a presigned URL, in seconds."""

LONGEST_HEADER = 8192
"""Characters of an Authorization header that are searched for the service."""

_SCOPE = re.compile(r"Credential=[^,\s]+/([a-z0-9-]+)/aws4_request")
_SUBRESOURCES = frozenset(
    (
        *(
            "accelerate",
            "acl",
            "analytics",
            "cors",
            "delete",
            "inventory",
            "lifecycle",
            "location",
            "logging",
        ),
        *(
            "metrics",
            "notification",
            "partNumber",
            "policy",
            "publicAccessBlock",
            "replication",
            "requestPayment",
        ),
        *(
            "restore",
            "tagging",
            "torrent",
            "uploadId",
            "uploads",
            "versionId",
            "versioning",
            "versions",
            "website",
        ),
        *("response-cache-control", "response-content-disposition", "response-content-encoding"),
        *("response-content-language", "response-content-type", "response-expires", "select", "select-type"),
    )
)
"""The query parameters that signature version 2 covers (S3 API reference: signing REST requests)."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated sender of a request."""

    world: World
    account: Account
    session: Credentials
    context: Mapping[str, str | list[str]]
    """Condition keys of the request itself."""

    @property
    def arn(self) -> str:
        return temporary_credentials.arn(self.account, self.session)

    def decide(self, required: RequiredAction) -> Decision:
        """Decides by the current policies, after releasing the world's lock."""
        with self.world.lock:
            role = temporary_credentials.role_of(self.account, self.session)
            given = {**self.context, **required.context}
            keys = temporary_credentials.context(self.world, self.account, self.session, role, given)
            question = authorize.question(
                self.world, self.account, self.session, role, required.action, required.resource, keys
            )
        return question.decide()


def service_of(headers: Mapping[str, str], query: str) -> str | None:
    """The service that a request is signed for, by its header or its query."""
    found = _SCOPE.search(headers.get("authorization", "")[:LONGEST_HEADER])
    if found:
        return found[1]
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name == "X-Amz-Credential":
            scope = unquote(value).split("/")
            return scope[-2] if len(scope) > 2 else None
        if name == "AWSAccessKeyId":
            return "s3"
    return None


def identify(world: World, request: ProxyRequest, source_ip: str) -> Caller:
    """The caller. Sets Region and account of the request. Raises Refusal."""
    claim = sigv4.read(_signed(request))
    if claim is not None:
        account, session = session_of(world, claim.key_id, claim.token)
        if not sigv4.matches(_signed(request), claim, session.secret_access_key):
            raise Refusal("signature")
        if claim.presigned:
            check_age(world, claim)
        if claim.service == "s3":
            _check_headers(request, claim)
        request.region = claim.region
        context = {
            "s3:authType": "REST-QUERY-STRING" if claim.presigned else "REST-HEADER",
            "s3:signatureversion": sigv4.ALGORITHM,
        }
    else:
        account, session = _by_version_2(world, request)
        context = {"s3:authType": "REST-QUERY-STRING", "s3:signatureversion": "AWS"}
    request.account = account.id
    context |= {"aws:SourceIp": source_ip, "aws:RequestedRegion": request.region}
    for key, name in (("aws:UserAgent", "user-agent"), ("aws:Referer", "referer")):
        value = request.header(name)
        if value is not None:
            context[key] = value
    return Caller(world, account, session, context)


def session_of(world: World, key_id: str, token: str | None) -> tuple[Account, Credentials]:
    """The credentials of an access key id and their account. Raises Refusal "expired", "token" or "key"."""
    with world.lock:
        try:
            return temporary_credentials.check(world, key_id, token)
        except ExpiredToken:
            raise Refusal("expired") from None
        except InvalidClientTokenId:
            known = any(key_id in account.credentials for _, account in world.accounts.unwatched())
            raise Refusal("token" if known else "key") from None


def _signed(request: ProxyRequest) -> sigv4.Signed:
    return sigv4.Signed(request.method, request.path, request.query, request.header, request.body)


def _check_headers(request: ProxyRequest, claim: sigv4.Claim) -> None:
    """Refuses x-amz- headers outside the signature: the holder of a presigned URL must not change what it does."""
    needless = {"x-amz-content-sha256"} if claim.presigned else set()
    loose = {name for name in request.headers if name.startswith("x-amz-")} - {*claim.headers} - needless
    if loose:
        raise Refusal("denied", "There were headers present in the request which were not signed")


def check_age(world: World, claim: sigv4.Claim) -> None:
    """By the world's clock: URLs expire when it is moved, and URLs signed after the move are valid."""
    signed, seconds = claim.seconds(), claim.expires or 0
    if signed is None or not 0 < seconds <= LONGEST:
        raise Refusal("query", "X-Amz-Expires must be between 1 and 604800 seconds, X-Amz-Date a date.")
    if world.clock.now() > world.clock.then(signed) + seconds:
        raise Refusal("old", "Request has expired")


def _by_version_2(world: World, request: ProxyRequest) -> tuple[Account, Credentials]:
    """Signature version 2, which boto3 presigns S3 URLs with by default (S3: query string authentication)."""
    given = request.parameters()
    if not given.get("AWSAccessKeyId") or not given.get("Signature"):
        raise Refusal("missing")
    account, session = session_of(world, given["AWSAccessKeyId"], given.get("x-amz-security-token"))
    expires = given.get("Expires", "")
    if not re.fullmatch(r"\d{1,11}", expires, re.ASCII):
        raise Refusal("query", "Invalid date (should be seconds since epoch)")
    text = "\n".join(
        (
            request.method,
            request.header("content-md5") or "",
            request.header("content-type") or "",
            expires,
            _amz_headers(request, given) + _resource(request, given, world.settings.url),
        )
    )
    made = hmac.digest(session.secret_access_key.encode(), text.encode(), "sha1")
    if not hmac.compare_digest(base64.b64encode(made), given["Signature"].encode()):
        raise Refusal("signature")
    if world.clock.real() > int(expires):
        raise Refusal("old", "Request has expired")
    return account, session


def _amz_headers(request: ProxyRequest, given: dict[str, str]) -> str:
    found = {name: value for name, value in request.headers.items() if name.startswith("x-amz-")}
    if "x-amz-security-token" in given:
        found["x-amz-security-token"] = given["x-amz-security-token"]
    return "".join(f"{name}:{value}\n" for name, value in sorted(found.items()))


def _resource(request: ProxyRequest, given: dict[str, str], public_url: str) -> str:
    signed = [
        f"{name}={value}" if value else name for name, value in sorted(given.items()) if name in _SUBRESOURCES
    ]
    path = s3_actions.with_bucket(request, public_url).path
    return f"{path}?{'&'.join(signed)}" if signed else path
