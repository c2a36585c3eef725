"""Validation of the ARNs and dates in a policy document, as IAM's legacy parser does it."""

from __future__ import annotations

import re

_PARTITIONS = frozenset(
    ("*", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
)
_IAM_PATHS = (
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
)
_REGIONAL_S3 = ("*", "accesspoint", "job/", "storage-lens", "async-request/", "access-grants/")


def fault(resource: str) -> str | None:
    """The error text for a resource that is no valid ARN; None for a valid one."""
    if resource == "*":
        return None
    _, colon, rest = resource.partition(":")
    if not colon:
        return f'Resource {resource} must be in ARN format or "*".'
    partition, *tail = rest.split(":", 4)
    if partition not in _PARTITIONS:
        whole = ":".join([*tail, "*", "*", "*", "*"][: max(4, len(tail))])
        return f'Partition "{partition}" is not valid for resource "arn:{partition}:{whole}".'
    if not tail:
        return "Resource vendor must be fully qualified and cannot contain regexes."
    service, region, _, name = [*tail, "", "", ""][:4]
    return _service_fault(resource, service, region, name) if len(tail) == 4 else None


def _service_fault(resource: str, service: str, region: str, name: str) -> str | None:
    regional = region not in ("", "*")
    if service == "iam":
        if regional:
            return f"IAM resource {resource} cannot contain region information."
        if name != "root" and not name.startswith((*_IAM_PATHS, "*")):
            return f'IAM resource path must either be "*", root, or start with {", ".join(_IAM_PATHS)}.'
    if service == "s3" and regional and not name.startswith(_REGIONAL_S3):
        return f"Resource {resource} can not contain region information."
    return None


def parses_as_of_old(resource: str) -> bool:
    """Whether the legacy parser accepts an ARN: it has a service, and no empty part unless it has all six."""
    if resource == "*":
        return True
    return (resource.count(":") >= 5 or "::" not in resource) and resource.split(":")[2] != ""


_DATE = re.compile(
    r"(?P<year>-?\d+)(-(?P<month>\d+)(-(?P<day>\d+))?)?"
    r"(t((?P<hour>\d+)(:(?P<minute>\d+)(:(?P<second>\d+)(\.(?P<fraction>\d+))?"
    r"(z|\+(?P<zone>\d\d)(:(?P<zone_minute>\d\d))?|-\d\d(:\d\d)?)?|z)?|z)?)?)?",
    re.ASCII,
)
_RANGES = {
    "year": (-292275054, 292278993),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
    "fraction": (0, 999999999),
    "zone": (0, 23),
    "zone_minute": (0, 59),
}


def is_date(text: str) -> bool:
    """Whether IAM accepts a date: ISO 8601 with years of up to nine digits, or epoch seconds."""
    folded = text.lower()
    if "t" not in folded and "-" not in folded:
        return folded.isascii() and folded.isdecimal() and len(folded) <= 19 and int(folded) < 1 << 63
    found = _DATE.fullmatch(folded)
    return found is not None and all(
        len(value) <= 10 and _RANGES[name][0] <= int(value) <= _RANGES[name][1]
        for name, value in found.groupdict().items()
        if value is not None
    )
