"""CIMD policies: which client ID metadata documents a pool accepts, and the cache of these documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.entropy import LOWER
from cogmock.core.operation import operation
from cogmock.core.paging import page
from cogmock.errors import (
    CachedCIMDURLDoesNotExistException,
    InvalidParameterException,
    LimitExceededException,
)
from cogmock.state.client_metadata import CimdPolicy, MetadataUrl
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.cimd import documents, policies
from cogmock.userpools.rules.cimd.checks import BadDocument
from cogmock.userpools.rules.settings import tiers

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

PAGE = 60
MOST = 100
"""Policies of a pool. inferred: LimitExceededException exists for them, the number is not published."""
FEATURE = "Client ID Metadata Documents"
"""inferred: AWS's name for it in refusals of the plan."""


@operation
def create_cimd_policy(call: Call, params: aws.CreateCIMDPolicyRequest) -> aws.CreateCIMDPolicyResponse:
    """Clients that are public at all times may use an app client with a secret: they are never asked for it."""
    pool = _pool_with_plan(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    if len(pool.cimd_policies) >= MOST:
        raise LimitExceededException(f"A user pool can have at most {MOST} CIMD policies.")
    policy = CimdPolicy(
        id=call.world.entropy.text(26, LOWER),
        client_id=client.id,
        name=params["PolicyName"],
        patterns=list(params["URLPatterns"]),
        cache_seconds=params.get("CacheDuration") or documents.SHORTEST,
        created=call.now,
        modified=call.now,
    )
    pool.cimd_policies.add(policy)
    return {"CIMDPolicy": _described(call, pool, policy)}


@operation
def describe_cimd_policy(call: Call, params: aws.DescribeCIMDPolicyRequest) -> aws.DescribeCIMDPolicyResponse:
    """Without ClientId once the app client was deleted."""
    pool = lookup.pool(call, params["UserPoolId"])
    return {"CIMDPolicy": _described(call, pool, lookup.cimd_policy(pool, params["CIMDPolicyId"]))}


@operation
def update_cimd_policy(call: Call, params: aws.UpdateCIMDPolicyRequest) -> aws.UpdateCIMDPolicyResponse:
    """PolicyName and CacheDuration are kept if not given. URLs that no pattern covers any more leave the list."""
    pool = _pool_with_plan(call, params["UserPoolId"])
    policy = lookup.cimd_policy(pool, params["CIMDPolicyId"])
    policy.client_id = lookup.client(call, pool.id, params["ClientId"]).id
    policy.patterns = list(params["URLPatterns"])
    policy.name = params.get("PolicyName") or policy.name
    policy.cache_seconds = params.get("CacheDuration") or policy.cache_seconds
    policy.modified = call.now
    for row in policy.urls:
        if not any(policies.matches(pattern, row.url) for pattern in policy.patterns):
            policy.urls.remove(row)
    return {"CIMDPolicy": _described(call, pool, policy)}


@operation
def delete_cimd_policy(call: Call, params: aws.DeleteCIMDPolicyRequest) -> None:
    """Its clients can neither sign in nor refresh their tokens any more; access tokens are valid until they expire."""
    pool = lookup.pool(call, params["UserPoolId"])
    pool.cimd_policies.remove(lookup.cimd_policy(pool, params["CIMDPolicyId"]))


@operation
def list_cimd_policies(call: Call, params: aws.ListCIMDPoliciesRequest) -> aws.ListCIMDPoliciesResponse:
    """The entries have no URLPatterns; DescribeCIMDPolicy shows them."""
    pool = lookup.pool(call, params["UserPoolId"])
    question = ["ListCIMDPolicies", pool.id]
    rows, token = page(
        pool.cimd_policies, params.get("MaxResults") or PAGE, params.get("NextToken"), question
    )
    return {"CIMDPolicies": [_summary(call, pool, policy) for policy in rows], "NextToken": token}


@operation
def list_client_metadata_urls(
    call: Call, params: aws.ListClientMetadataURLsRequest
) -> aws.ListClientMetadataURLsResponse:
    """URLs whose document is not cached any more have no dates. Of each policy the last thousand are kept."""
    pool = lookup.pool(call, params["UserPoolId"])
    policy = lookup.cimd_policy(pool, params["CIMDPolicyId"])
    question = ["ListClientMetadataURLs", pool.id, policy.id]
    rows, token = page(policy.urls, params.get("MaxResults") or PAGE, params.get("NextToken"), question)
    return {"ClientMetadataURLs": [_listed(call, policy, row) for row in rows], "NextToken": token}


@operation
def update_client_metadata_url_state(call: Call, params: aws.UpdateClientMetadataURLStateRequest) -> None:
    """REFRESH fetches the document at once; one that cannot be used is refused, and its old copy dropped."""
    pool = _pool_with_plan(call, params["UserPoolId"])
    policy = lookup.cimd_policy(pool, params["CIMDPolicyId"])
    url = params["URL"]
    if documents.cached(call, policy, url) is None:
        # inferred: the message.
        raise CachedCIMDURLDoesNotExistException(f"There is no cached client metadata document for {url}.")
    if params["Action"] == "INVALIDATE":
        documents.forget(policy, url)
        return
    try:
        documents.fetched(call, pool, policy, url)
    except BadDocument as fault:
        # inferred: the error; AWS's model does not name one for it.
        raise InvalidParameterException(
            f"The client metadata document at {url} is not valid.", reason=str(fault)
        ) from None


def _pool_with_plan(call: Call, pool_id: str) -> UserPool:
    pool = lookup.pool(call, pool_id)
    tiers.demand(pool.tier, "ESSENTIALS", [FEATURE])
    return pool


def _described(call: Call, pool: UserPool, policy: CimdPolicy) -> Any:
    return {"UserPoolId": pool.id, **_summary(call, pool, policy), "URLPatterns": policy.patterns}


def _summary(call: Call, pool: UserPool, policy: CimdPolicy) -> Any:
    client = call.region.clients.get(policy.client_id)
    return {
        "CIMDPolicyId": policy.id,
        "ClientId": client.id if client and client.pool_id == pool.id else None,
        "PolicyName": policy.name,
        "CacheDuration": policy.cache_seconds,
        "CreationDate": policy.created,
        "LastModifiedDate": policy.modified,
    }


def _listed(call: Call, policy: CimdPolicy, row: MetadataUrl) -> aws.ClientMetadataURLType:
    if documents.cached(call, policy, row.url) is None:
        return {"URL": row.url}
    return {"URL": row.url, "CachedDate": row.cached, "ExpirationDate": row.expires}
