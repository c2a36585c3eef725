"""ARNs and host names of AWS: the one place that makes them, for each partition (AWS reference: ARNs, partitions)."""

from __future__ import annotations

import re

GLOBAL = frozenset({"iam", "sts", "s3"})
"""Services whose ARNs name no Region."""

IDENTITY_POOLS = "cognito-identity.amazonaws.com"
IDENTITY_POOLS_OF_CHINA = "cognito-identity.amazonaws.com.cn"
_GOVCLOUD_WEST = "cognito-identity-us-gov.amazonaws.com"
_OF_REGION = re.compile(
    r"cognito-identity\.(?P<region>[a-z]+(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?", re.ASCII
)


def partition(region: str) -> str:
    """The group of Regions to which a Region belongs: `aws`, `aws-us-gov` or `aws-cn`."""
    if region.startswith("us-gov-"):
        return "aws-us-gov"
    return "aws-cn" if region.startswith("cn-") else "aws"


def arn(service: str, region: str, account: str, resource: str) -> str:
    """The ARN of a resource. The Region decides the partition, also where the ARN does not name the Region."""
    named = "" if service in GLOBAL else region
    return f"arn:{partition(region)}:{service}:{named}:{account}:{resource}"


def beside(other: str, service: str, account: str, resource: str) -> str:
    """The ARN of a resource of a global service, in the partition of another ARN."""
    return f"arn:{partition_of(other)}:{service}::{account}:{resource}"


def partition_of(text: str) -> str:
    """The partition that an ARN names."""
    return text.split(":", 2)[1]


def region_of(text: str) -> str:
    """The Region that an ARN names; empty where it names none, or is no ARN."""
    parts = text.split(":", 5)
    return parts[3] if len(parts) == 6 else ""


def host(service: str, region: str) -> str:
    """AWS's own host name of a service, such as `cognito-idp.cn-north-1.amazonaws.com.cn`."""
    return f"{service}.{region}.amazonaws.com{'.cn' if partition(region) == 'aws-cn' else ''}"


def domain_host(prefix: str, region: str) -> str:
    """AWS's own host name of a prefix domain. In GovCloud it is a FIPS endpoint (AWS: Amazon Cognito in GovCloud)."""
    label = "auth-fips" if partition(region) == "aws-us-gov" else "auth"
    return f"{prefix}.{label}.{region}.amazoncognito.com"


def identity_issuer(region: str) -> str:
    """The name of identity pools as an issuer, in tokens, keys of logins, trust policies and condition keys.

    AWS: the pages on Amazon Cognito of the guides to China (Beijing) and GovCloud. # inferred: Ningxia as Beijing.
    """
    if region == "us-gov-west-1":
        return _GOVCLOUD_WEST
    return IDENTITY_POOLS if partition(region) == "aws" else host("cognito-identity", region)


def identity_key_prefixes(region: str) -> tuple[str, ...]:
    """What stands before the colon in condition keys of identity pools' sessions: the issuer's name.

    # inferred: in China both, since an example in AWS's guide there names this one beside the issuer's name.
    """
    issuer = identity_issuer(region)
    return (issuer, IDENTITY_POOLS_OF_CHINA) if partition(region) == "aws-cn" else (issuer,)


def is_identity_issuer(name: str) -> bool:
    """Whether a name is that of identity pools in any Region."""
    found = _OF_REGION.fullmatch(name)
    return name == identity_issuer(found["region"]) if found else name in {IDENTITY_POOLS, _GOVCLOUD_WEST}
