"""AWS's own host names of the four services. The one table: the mock and the server both read it."""

from __future__ import annotations

import re
from typing import NamedTuple

SERVICE = (
    r"(?:issuer-)?(?P<service>cognito-idp|cognito-identity|sts|iam)(?:-fips)?(?P<place>(?:\.[a-z0-9-]+)*?)"
    r"\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)"
)
"""A pattern of regional, global, FIPS, dual-stack and Chinese names, and those of the multi-Region issuer."""

OUTBOUND_SUFFIX = ".tokens.sts.global.api.aws"
OUTBOUND = r"[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws"
"""A pattern of the issuers of GetWebIdentityToken; each account has its own."""

_OUTBOUND = re.compile(rf"({OUTBOUND})(?::\d+)?", re.IGNORECASE)
_HOST = re.compile(SERVICE + r"(?::\d+)?\.?", re.IGNORECASE)
_REGION = re.compile(r"\.([a-z]{2,}(?:-[a-z]+)+-\d{1,2})")


class Host(NamedTuple):
    service: str
    region: str | None
    """None for a global name, as sts.amazonaws.com."""


def outbound_issuer(host: str) -> str | None:
    """The id in the host name of an issuer of GetWebIdentityToken; None for any other host."""
    found = _OUTBOUND.fullmatch(host)
    return found[1].lower().removesuffix(OUTBOUND_SUFFIX) if found else None


def read(host: str) -> Host | None:
    """The service and Region of a host name of AWS's; None where it is not one."""
    found = _HOST.fullmatch(host)
    if found is None:
        return None
    region = _REGION.fullmatch(found["place"].lower())
    return Host(found["service"].lower(), region[1] if region else None)
