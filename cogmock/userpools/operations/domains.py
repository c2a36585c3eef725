"""Operations on the domains of user pools. A pool can have one prefix domain and one custom domain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.entropy import LOWER
from cogmock.core.operation import operation
from cogmock.errors import InvalidParameterException
from cogmock.state.domain import Domain
from cogmock.state.region import Region
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.admission import replicas
from cogmock.userpools.rules.settings import tiers

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

UNUSABLE = (
    "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid "
    "certificate chain."
)
LONGEST = 63
PREFIX = re.compile(r"[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?", re.ASCII)
HOST = re.compile(r"[a-z0-9](?:[a-z0-9\-.]{0,251}[a-z0-9])?", re.ASCII)
RESERVED = ("aws", "amazon", "cognito")
AIRPORTS = {
    "us-east-1": "iad",
    "us-east-2": "cmh",
    "us-west-1": "sfo",
    "us-west-2": "pdx",
    "eu-west-1": "dub",
    "eu-west-2": "lhr",
    "eu-central-1": "fra",
    "ap-northeast-1": "nrt",
    "ap-southeast-1": "sin",
    "ap-southeast-2": "syd",
}
"""Region → its abbreviation in the names of AWS's buckets."""
CERTIFICATE = re.compile(r"arn:aws:acm:us-east-1:\d{12}:certificate/.+|arn:aws-[a-z-]+:acm:.+", re.ASCII)
"""Certificates that CloudFront can use; other partitions have no us-east-1."""
MANAGED = 2
"""The ManagedLoginVersion of managed login; 1 is the classic hosted UI."""


@operation
def create_user_pool_domain(
    call: Call, params: aws.CreateUserPoolDomainRequest
) -> aws.CreateUserPoolDomainResponse:
    """The domain is active at once; a custom domain needs no DNS entry."""
    pool = lookup.pool(call, params["UserPoolId"])
    name, custom = params["Domain"], params.get("CustomDomainConfig")
    present = pool.settings.get("CustomDomain") if custom else pool.settings.get("Domain")
    _check_name(name, custom=bool(custom))
    if custom and call.replica is not None:
        # inferred: that it is refused, and the wording.
        raise InvalidParameterException("A custom domain is created in the primary Region of its user pool.")
    version = params.get("ManagedLoginVersion")
    _check_version(pool, version)
    _check_certificate(custom)
    _check_routing(call, pool, params.get("Routing"), custom=bool(custom), version=version or 1)
    if present:
        raise InvalidParameterException("User pool already has a domain configured.")
    if any(name in region.domains for region in _regions_to_check(call, custom=bool(custom))):
        raise InvalidParameterException("Domain already associated with another user pool.")
    domain = Domain(
        name=name,
        pool_id=pool.id,
        created=call.now,
        modified=call.now,
        distribution=f"d{call.world.entropy.text(13, LOWER)}.cloudfront.net",
        version=version or 1,
        custom=dict(custom) if custom else None,
        routing=dict(params.get("Routing") or {}) or None,
    )
    call.local.domains.add(domain)
    settings = replicas.own(call, pool).settings
    if custom:
        settings["CustomDomain"] = name
    else:
        settings["Domain"] = name
    return _answered(domain, params)


@operation
def describe_user_pool_domain(
    call: Call, params: aws.DescribeUserPoolDomainRequest
) -> aws.DescribeUserPoolDomainResponse:
    """For a domain that does not exist the description is empty, as on AWS."""
    domain = call.local.domains.get(params["Domain"])
    if domain is None:
        return {"DomainDescription": {}}
    return {
        "DomainDescription": {
            "UserPoolId": domain.pool_id,
            "AWSAccountId": call.region.account,
            "Domain": domain.name,
            "S3Bucket": f"aws-cognito-prod-{AIRPORTS.get(call.local.name, call.local.name)}-assets",
            "CloudFrontDistribution": domain.distribution,
            "Version": f"{datetime.fromtimestamp(domain.modified, UTC):%Y%m%d%H%M%S}",
            "Status": "ACTIVE",
            "CustomDomainConfig": domain.custom or {},  # type: ignore[typeddict-item]  # empty, as AWS has it
            "ManagedLoginVersion": domain.version,
            "Routing": domain.routing,
        }
    }


@operation
def update_user_pool_domain(
    call: Call, params: aws.UpdateUserPoolDomainRequest
) -> aws.UpdateUserPoolDomainResponse:
    """Settings that are not given are kept. Changing ManagedLoginVersion ends all browser sessions."""
    pool = lookup.pool(call, params["UserPoolId"])
    domain = lookup.domain(call, pool, params["Domain"])
    custom, version = params.get("CustomDomainConfig"), params.get("ManagedLoginVersion")
    if custom and domain.custom is None:
        raise InvalidParameterException("Cannot convert prefix domain to custom domain.")
    if domain.custom and not custom:
        raise InvalidParameterException("Cannot convert custom domain to prefix domain.")
    _check_version(pool, version)
    _check_certificate(custom)
    _check_routing(
        call,
        pool,
        params.get("Routing"),
        custom=domain.custom is not None,
        version=version or domain.version,
    )
    domain.custom = dict(custom) if custom else domain.custom
    domain.routing = dict(params.get("Routing") or {}) or domain.routing
    if version and version != domain.version:
        domain.version = version
        pool.browser_sessions.clear()
    domain.modified = call.now
    return _answered(domain, params)


@operation
def delete_user_pool_domain(call: Call, params: aws.DeleteUserPoolDomainRequest) -> None:
    pool = lookup.pool(call, params["UserPoolId"])
    domain = lookup.domain(call, pool, params["Domain"])
    call.local.domains.remove(domain)
    settings = replicas.own(call, pool).settings
    if domain.custom:
        del settings["CustomDomain"]
    else:
        del settings["Domain"]


def _answered(
    domain: Domain, params: aws.CreateUserPoolDomainRequest | aws.UpdateUserPoolDomainRequest
) -> aws.CreateUserPoolDomainResponse:
    return {
        "CloudFrontDomain": domain.distribution if domain.custom else None,
        "ManagedLoginVersion": params.get("ManagedLoginVersion"),
        "Routing": params.get("Routing"),
    }


def _regions_to_check(call: Call, *, custom: bool) -> Iterable[Region]:
    """The Regions in which a name must be free: for a prefix its own, for a custom domain all, in all accounts."""
    return (region for region in call.world.regions() if custom or region.name == call.local.name)


def _check_name(name: str, *, custom: bool) -> None:
    if custom:
        if not HOST.fullmatch(name) or "." not in name or ".." in name:
            raise InvalidParameterException(
                "Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain "
                "or domain parent is a top-level domain."
            )
        return
    if len(name) > LONGEST:
        raise InvalidParameterException(
            f"1 validation error detected: Value '{name}' at 'domain' failed to satisfy constraint: "
            f"Member must have length less than or equal to {LONGEST}"
        )
    if not PREFIX.fullmatch(name):
        raise InvalidParameterException(
            "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, "
            f"and hyphens. Please enter a different name that follows this format: ^{PREFIX.pattern}$",
            reason="a custom domain needs a CustomDomainConfig" if "." in name else None,
        )
    for word in RESERVED:
        if word in name:
            raise InvalidParameterException(f"Domain cannot contain reserved word: {word}")


def _check_version(pool: UserPool, version: int | None) -> None:
    if version is None:
        return
    if version not in (1, MANAGED):
        raise InvalidParameterException("ManagedLoginVersion must be 1 or 2.")
    if version == MANAGED:
        tiers.demand_one(pool.tier, "ESSENTIALS", "Managed Login Version 2")


def _check_certificate(config: aws.CustomDomainConfigType | None) -> None:
    """Whether the certificate exists is not known here: its ARN must be of ACM in us-east-1."""
    if config and not CERTIFICATE.fullmatch(config["CertificateArn"]):
        raise InvalidParameterException(
            UNUSABLE, reason=f"{config['CertificateArn']} is not of ACM in us-east-1"
        )


def _check_routing(
    call: Call, pool: UserPool, routing: aws.RoutingType | None, *, custom: bool, version: int
) -> None:
    if not routing:
        return
    if not custom:
        raise InvalidParameterException("Routing is only for custom domains.")
    if version != MANAGED:
        # AWS's wording, as a peer of cogmock recorded it.
        raise InvalidParameterException("Routing field is not supported for Hosted UI (classic)")
    failover = routing.get("Failover")
    secondary = failover["SecondaryRegion"] if failover else None
    active = {
        each.region
        for each in replicas.present(pool, call.now)
        if replicas.status(each, call.now) == "ACTIVE"
    }
    if secondary and secondary not in active:
        # AWS's wording, as a peer of cogmock recorded it.
        raise InvalidParameterException(f"Region {secondary} is not active for the user pool")
