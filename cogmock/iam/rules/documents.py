"""Policy documents: validated when they are stored, parsed when they are evaluated, encoded for answers."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from cogmock.errors import IamLimitExceededException, MalformedPolicyDocumentException
from cogmock.iam.policy import Kind, Policy, PolicyError, parse


@lru_cache(maxsize=512)
def compiled(text: str, kind: Kind = "identity") -> Policy:
    """The parsed policy. Cached by text, because parsing costs more than evaluating."""
    return parse(text, kind)


def accept(text: str, kind: Kind, *, most: int, limit: str) -> str:
    """The text, if it is valid. `most` is its size without white space, `limit` the error text beyond it."""
    if len(text) > most and len("".join(text.split())) > most:
        raise IamLimitExceededException(limit)
    try:
        compiled(text, kind)
    except PolicyError as fault:
        raise MalformedPolicyDocumentException(fault.message) from None
    return text


def shown(text: str) -> str:
    """The document as answers have it: URL-encoded (RFC 3986)."""
    return quote(text, safe="-_.~")
