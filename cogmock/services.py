"""The AWS services that cogmock answers or protects: names, targets, versions and hosts, in one table."""

from __future__ import annotations

import re
from typing import NamedTuple


class Service(NamedTuple):
    name: str
    """In signatures, host names and botocore."""
    title: str
    target: str
    """What stands before the dot in X-Amz-Target; empty for services of the query protocol."""
    version: str
    """Of the API, as requests of the query protocol name it."""


COGNITO_IDP = Service("cognito-idp", "User pools", "AWSCognitoIdentityProviderService", "2016-04-18")
COGNITO_IDENTITY = Service("cognito-identity", "Identity pools", "AWSCognitoIdentityService", "2014-06-30")
STS = Service("sts", "Temporary credentials", "", "2011-06-15")
IAM = Service("iam", "Roles and policies", "", "2010-05-08")

SERVICES = (COGNITO_IDP, COGNITO_IDENTITY, STS, IAM)
NAMES = tuple(service.name for service in SERVICES)
IMPORT_BUCKET = "aws-cognito-idp-user-import-"
"""How the name of the bucket begins that takes the files of user imports; the Region follows."""

PROTECTED = ("s3", "dynamodb")
"""Services that run elsewhere, and that `--protect` puts behind the proxy."""

GUARDED = ("execute-api", "appsync")
"""API Gateway and AppSync, as a document states APIs under `apis`."""

HOST = (
    rf"(?:issuer-)?(?P<service>{'|'.join(NAMES)})(?:-fips|(?<=cognito-identity)-us-gov)?(?P<place>(?:\.[a-z0-9-]+)*?)"
    r"\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)"
)
"""A pattern of AWS's own host names of the services: regional, global, FIPS, dual-stack and Chinese names, those of the
multi-Region issuer, and the issuer of identity pools in GovCloud (US-West)."""
DOMAIN_HOST = r"(?P<domain>[a-z0-9-]+)\.auth(?:-fips)?\.(?P<domain_region>[a-z0-9-]+)\.amazoncognito\.com"
"""A pattern of AWS's own host names of user pools' prefix domains."""

API_PATH = "/_api/"
"""Below it APIs are reached on any host."""
API_HOST = (
    r"(?P<id>[a-z0-9-]+)\.(?P<service>execute-api|appsync-api|appsync-realtime-api)\.(?P<region>[a-z0-9-]+)"
    r"\.(?:localhost|amazonaws\.com(?:\.cn)?)"
)
"""A pattern of the host names of APIs behind API Gateway and AppSync: AWS's own, and those below localhost."""

OUTBOUND_SUFFIX = ".tokens.sts.global.api.aws"
OUTBOUND = r"[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws"
"""A pattern of the issuers of GetWebIdentityToken; each account has its own."""

_OUTBOUND = rf"({OUTBOUND})(?::\d+)?"
_HOST = re.compile(HOST + r"(?::\d+)?\.?", re.IGNORECASE)
_GOVCLOUD_WEST = "cognito-identity-us-gov."
"""How the issuer of identity pools in GovCloud (US-West) begins; it does not name the Region."""
_REGION = re.compile(r"\.([a-z]{2,}(?:-[a-z]+)+-\d{1,2})")


class Host(NamedTuple):
    service: str
    region: str | None
    """None for a global name, as sts.amazonaws.com."""


def of_host(host: str) -> Host | None:
    """The service and Region of a host name of AWS's; None where it is not one."""
    found = _HOST.fullmatch(host)
    if found is None:
        return None
    if host.lower().startswith(_GOVCLOUD_WEST):
        return Host("cognito-identity", "us-gov-west-1")
    region = _REGION.fullmatch(found["place"].lower())
    return Host(found["service"].lower(), region[1] if region else None)


def outbound_issuer(host: str) -> str | None:
    """The id in the host name of an issuer of GetWebIdentityToken; None for any other host."""
    found = re.fullmatch(_OUTBOUND, host, re.IGNORECASE)
    return found[1].lower().removesuffix(OUTBOUND_SUFFIX) if found else None
