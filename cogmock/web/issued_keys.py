"""Calls of Cognito that are signed with temporary credentials of cogmock's own: their signature and permission.

Any other key is made up and stands for the account's own: its secret is not known, and it may do everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import (
    AccessDeniedException,
    ExpiredToken,
    ExpiredTokenException,
    InvalidClientTokenId,
    InvalidSignatureException,
    SignatureDoesNotMatch,
    UnrecognizedClientException,
)
from cogmock.iam.policy import Decision
from cogmock.iam.rules import lookup
from cogmock.iam.sessions import authorize, temporary_credentials
from cogmock.services import COGNITO_IDENTITY
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.user_pool import UserPool
from cogmock.web import signatures
from cogmock.web.replies import Environ
from cogmock.wire import arns, sigv4

Context = dict[str, str | list[str]]

TAGS = ("UserPoolTags", "IdentityPoolTags", "Tags")
"""Parameters with the tags of a request, by key."""
DENIED_WITH = {"DescribeTermsByClient": "DescribeTerms"}
"""Operation → another one; a policy that denies the other denies it, too (service model)."""


def verify(world: World, environ: Environ, body: bytes, key_id: str, service: str) -> None:
    """Raises UnrecognizedClientException, ExpiredTokenException, InvalidSignatureException.

    A key that cogmock did not issue is not refused; it may be one of AWS's.
    """
    request = signatures.signed(environ, body)
    claim = sigv4.read(request)
    try:
        _, session = temporary_credentials.check(world, key_id, claim.token if claim else None)
    except ExpiredToken:
        raise ExpiredTokenException(ExpiredToken.message) from None
    except InvalidClientTokenId:
        if any(key_id in account.credentials for _, account in tuple(world.accounts.unwatched())):
            raise UnrecognizedClientException from None
        return
    if claim is None:
        raise InvalidSignatureException(SignatureDoesNotMatch.message)
    fault = signatures.fault(world, request, claim, session.secret_access_key, service)
    if fault:
        raise InvalidSignatureException(fault)


def check(call: Call, service: str, operation: str, params: dict[str, Any]) -> None:
    """Raises AccessDeniedException where the policies of the session that signed the call do not allow it."""
    resource = _resource(call, service, params)
    context = _context(call, params, resource)
    _demand(authorize.decided(call, f"{service}:{operation}", resource, context))
    if operation in DENIED_WITH:
        other = authorize.decided(call, f"{service}:{DENIED_WITH[operation]}", resource, context)
        if other and other.decision == "explicitDeny":
            _demand(other)
    if operation == "SetIdentityPoolRoles":
        # inferred: the value of the condition key. That the permission is needed stands in the developer guide.
        passed: Context = {"iam:PassedToService": arns.IDENTITY_POOLS}
        for role_arn in _roles(params):
            _demand(authorize.decided(call, "iam:PassRole", role_arn, passed))


def _demand(decision: Decision | None) -> None:
    if decision and not decision.allowed:
        raise AccessDeniedException(decision.refusal(), reason=decision.explain())


def _resource(call: Call, service: str, params: dict[str, Any]) -> str:
    """The ARN of the pool that a call is about (AWS: service authorization reference).

    Where a call names none, it is `*` for user pools, and an ARN without an id for identity pools, as AWS's refusals of
    ListUserPools, CreateUserPool and ListIdentityPools say. # inferred: for other operations that name no pool.
    """
    region, account = call.region.name, call.region.account
    if "UserPoolId" in params:
        return arns.arn(service, region, account, f"userpool/{params['UserPoolId']}")
    if "ResourceArn" in params:
        return str(params["ResourceArn"])
    if service == COGNITO_IDENTITY.name:
        return arns.arn(service, region, account, f"identitypool/{params.get('IdentityPoolId', '')}")
    return "*"


def _context(call: Call, params: dict[str, Any], resource: str) -> Context:
    """The condition keys of the request itself."""
    context: Context = {
        "aws:RequestedRegion": call.region.name,
        "aws:ResourceAccount": lookup.account_of(resource) or call.region.account,
    }
    if call.user_agent:
        context["aws:UserAgent"] = call.user_agent
    tags: dict[str, str] = next((params[name] for name in TAGS if isinstance(params.get(name), dict)), {})
    context |= {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    keys = [*tags, *params.get("TagKeys", ())]
    if keys:
        context["aws:TagKeys"] = keys
    pool = _pool(call, params)
    return context | {f"aws:ResourceTag/{key}": value for key, value in (pool.tags if pool else {}).items()}


def _pool(call: Call, params: dict[str, Any]) -> UserPool | IdentityPool | None:
    named = params.get("UserPoolId") or params.get("IdentityPoolId") or params.get("ResourceArn", "")
    pool_id = named.rpartition("/")[2]
    return call.region.user_pools.get(pool_id) or call.region.identity_pools.get(pool_id)


def _roles(params: dict[str, Any]) -> Iterator[str]:
    """The ARNs of the roles that SetIdentityPoolRoles gives to a pool."""
    yield from params["Roles"].values()
    for mapping in (params.get("RoleMappings") or {}).values():
        for rule in (mapping.get("RulesConfiguration") or {}).get("Rules", ()):
            yield rule["RoleARN"]
