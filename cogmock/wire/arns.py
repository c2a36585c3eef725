"""ARNs and host names of AWS: the one place that makes them, for each partition (AWS reference: ARNs, partitions)."""

from __future__ import annotations

GLOBAL = frozenset({"iam", "sts", "s3"})
"""Services whose ARNs name no Region."""


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


def host(service: str, region: str) -> str:
    """AWS's own host name of a service, such as `cognito-idp.cn-north-1.amazonaws.com.cn`."""
    return f"{service}.{region}.amazonaws.com{'.cn' if partition(region) == 'aws-cn' else ''}"
