"""Operations on the replicas of a user pool in other Regions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page_of
from cogmock.core.tokens import pool_tokens
from cogmock.errors import (
    InvalidParameterException,
    LimitExceededException,
    OperationNotEnabledException,
    UserPoolTaggingException,
)
from cogmock.state.replica import Replica
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup, saml_keys
from cogmock.userpools.rules.admission import replicas
from cogmock.userpools.rules.settings import pool_settings, tags, tiers
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

FEATURE = "Multi-Region Replication"
MOST = 5
"""Replicas of a pool. inferred: AWS's documents have no number."""
PAGE = 60
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")


@operation
def create_user_pool_replica(
    call: Call, params: aws.CreateUserPoolReplicaRequest
) -> aws.CreateUserPoolReplicaResponse:
    """Begins as CREATING and is INACTIVE after a second of the clock. It has no triggers and sends no SMS at first."""
    pool, name = lookup.pool(call, params["UserPoolId"]), params["RegionName"]
    tiers.demand(pool.tier, "ESSENTIALS", [FEATURE])
    _check_region(call, pool, name)
    _check_key(pool)
    own_tags = dict(params.get("UserPoolTags") or {})
    tags.check(own_tags, UserPoolTaggingException)
    if len(replicas.present(pool, call.now)) >= MOST:
        raise LimitExceededException(f"A user pool can have at most {MOST} replicas.")
    _draw_keys(call, pool)
    pool = lookup.pool(call, pool.id)
    _check_region(call, pool, name)  # the lock was released
    call.world.region(name, call.region.account)
    replica = Replica(
        region=name,
        arn=arns.arn("cognito-idp", name, call.region.account, f"userpool/{pool.id}"),
        created=call.now,
        ready=call.now + replicas.CREATING,
        settings=pool_settings.regional_defaults(),
        tags=own_tags,
    )
    pool.replicas = {each.region: each for each in replicas.present(pool, call.now)} | {name: replica}
    return {"UserPoolReplica": _described(call, replica)}


@operation
def list_user_pool_replicas(
    call: Call, params: aws.ListUserPoolReplicasRequest
) -> aws.ListUserPoolReplicasResponse:
    """The primary is listed first."""
    pool = call.region.user_pools[lookup.pool(call, params["UserPoolId"]).id]
    primary: aws.UserPoolReplicaType = {
        "RegionName": call.region.name,
        "Status": "ACTIVE",
        "Role": "PRIMARY",
        "UserPoolArn": pool.arn,
    }
    listed = [primary, *(_described(call, each) for each in replicas.present(pool, call.now))]
    shown, token = page_of(listed, PAGE, params.get("NextToken"), ["ListUserPoolReplicas", pool.id])
    return {"UserPoolReplicas": shown, "NextToken": token}


@operation
def update_user_pool_replica(
    call: Call, params: aws.UpdateUserPoolReplicaRequest
) -> aws.UpdateUserPoolReplicaResponse:
    """Lets a replica serve end users, or not. It can be called in the primary Region and in that of the replica."""
    replica = _secondary(call, params)
    if replicas.status(replica, call.now) not in ("ACTIVE", "INACTIVE"):
        # inferred: the error.
        raise InvalidParameterException(
            f"The replica in {replica.region} is {replicas.status(replica, call.now)}."
        )
    replica.status = params["Status"]
    return {"UserPoolReplica": _described(call, replica)}


@operation
def delete_user_pool_replica(
    call: Call, params: aws.DeleteUserPoolReplicaRequest
) -> aws.DeleteUserPoolReplicaResponse:
    """Only in the primary Region, and only an INACTIVE replica. Its prefix domain is deleted, too."""
    replica = _secondary(call, params)
    found = replicas.status(replica, call.now)
    if found != "INACTIVE":
        # inferred: the error.
        raise InvalidParameterException(
            f"Only an INACTIVE replica can be deleted; the one in {replica.region} is {found}."
        )
    replica.status, replica.ready = "DELETING", call.now + replicas.CREATING
    domains = call.world.region(replica.region, call.region.account).domains
    for domain in domains.where("pool_id", params["UserPoolId"]):
        domains.remove(domain)
    return {"UserPoolReplica": _described(call, replica)}


def _secondary(
    call: Call, params: aws.UpdateUserPoolReplicaRequest | aws.DeleteUserPoolReplicaRequest
) -> Replica:
    pool, name = lookup.pool(call, params["UserPoolId"]), params["RegionName"]
    if name == call.region.name:
        # inferred: the error.
        raise InvalidParameterException(f"{name} has the primary of user pool {pool.id}.")
    return lookup.replica(call, pool, name)


def _check_region(call: Call, pool: UserPool, name: str) -> None:
    # inferred: the errors.
    if not _REGION.fullmatch(name):
        raise InvalidParameterException(f"{name} is not a Region.")
    if name == call.region.name:
        raise InvalidParameterException(f"{name} has the primary of user pool {pool.id}.")
    if any(each.region == name for each in replicas.present(pool, call.now)):
        raise InvalidParameterException(f"User pool {pool.id} already has a replica in {name}.")


def _check_key(pool: UserPool) -> None:
    """Service model (KeyConfigurationType): replication needs a multi-Region key. inferred: the error."""
    key = pool.settings.get("KeyConfiguration") or {}
    if ":key/mrk-" not in (key.get("KmsKeyArn") or ""):
        raise OperationNotEnabledException(
            "A user pool is replicated with a multi-Region customer managed key only.",
            reason="KeyConfiguration needs KeyType CUSTOMER_MANAGED_KEY and a KmsKeyArn like "
            "arn:aws:kms:us-east-1:123456789012:key/mrk-…; any such ARN is accepted",
        )


def _draw_keys(call: Call, pool: UserPool) -> None:
    """Generates the pool's keys, which all Regions share. Releases the lock."""
    pool_tokens.signing_keys(call, pool)
    saml_keys.signing(call, lookup.pool(call, pool.id))


def _described(call: Call, replica: Replica) -> aws.UserPoolReplicaType:
    return {
        "RegionName": replica.region,
        "Status": replicas.status(replica, call.now),
        "Role": "SECONDARY",
        "UserPoolArn": replica.arn,
    }
