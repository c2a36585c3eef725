"""Policy documents as they are kept: checked when they come, compiled when they are asked, and shown."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from cogmock.errors import IamLimitExceededException, MalformedPolicyDocumentException
from cogmock.iam.policy import Kind, Policy, PolicyError, parse


@lru_cache(maxsize=512)
def compiled(text: str, kind: Kind = "identity") -> Policy:
    """A policy, ready to be asked. Reading one costs more than asking it, so the last ones are kept."""
    return parse(text, kind)


def accept(text: str, kind: Kind, *, most: int, limit: str) -> str:
    """The text, if IAM takes it. `limit` is what IAM says of one that is too long, white space aside."""
    if len(text) > most and len("".join(text.split())) > most:
        raise IamLimitExceededException(limit)
    try:
        compiled(text, kind)
    except PolicyError as fault:
        raise MalformedPolicyDocumentException(fault.message) from None
    return text


def shown(text: str) -> str:
    """A document as answers bear it: URL-encoded (RFC 3986)."""
    return quote(text, safe="-_.~")
