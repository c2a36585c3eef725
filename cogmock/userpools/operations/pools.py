"""Operations on user pools: their settings, MFA, schema and signing certificate."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.entropy import LETTERS
from cogmock.core.keys import STOCK
from cogmock.core.operation import operation
from cogmock.core.paging import page, page_of
from cogmock.errors import (
    InvalidParameterException,
    LimitExceededException,
    TierChangeNotAllowedException,
    UserImportInProgressException,
    UserPoolTaggingException,
)
from cogmock.state.entries import Entries
from cogmock.state.replica import Replica
from cogmock.state.shapes import UserPoolSettings
from cogmock.state.table import Table
from cogmock.state.user_pool import UserPool
from cogmock.state.user_table import UserTable
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.admission import keeping, recoveries, replicas
from cogmock.userpools.rules.settings import (
    mfa_settings,
    pins,
    pool_settings,
    registration,
    schema,
    tags,
    tiers,
)
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

PORTION = 10_000
"""Rows of a deleted pool that are freed at a time: some 10 ms."""


MOST = 1000
"""User pools of an account in a Region (AWS dev guide: Quotas)."""


@operation
def create_user_pool(call: Call, params: aws.CreateUserPoolRequest) -> aws.CreateUserPoolResponse:
    """The tag `_custom_id_` sets the id of the pool; the tag itself is not stored."""
    if len(call.region.user_pools) >= MOST:
        raise LimitExceededException(f"An account can have at most {MOST} user pools in a Region.")
    pinned, own_tags = pins.pool_id(call, params.get("UserPoolTags") or {})
    settings = pool_settings.settled(params, call.region.name)
    attributes = schema.described(params.get("Schema") or ())
    aliases = settings.get("AliasAttributes") or ()
    if attributes["preferred_username"]["Required"] and "preferred_username" in aliases:
        raise InvalidParameterException(
            "preferred_username can not be both a required attribute and an alias."
        )
    mfa_settings.settle(settings)
    tiers.check(settings)
    tags.check(own_tags, UserPoolTaggingException)
    naming = settings.get("UsernameConfiguration")
    pool_id = pinned or f"{call.region.name}_{call.world.entropy.text(9, LETTERS)}"
    pool = UserPool(
        id=pool_id,
        arn=arns.arn("cognito-idp", call.region.name, call.region.account, f"userpool/{pool_id}"),
        name=params["PoolName"],
        settings=settings,
        schema=attributes,
        created=call.now,
        modified=call.now,
        seal_key=call.world.entropy.bytes(32),
        tags=own_tags,
        users=UserTable(case_sensitive=naming is None or naming["CaseSensitive"]),
    )
    registration.settle(pool)
    keeping.settle(pool, call.now)
    call.region.user_pools.add(pool)
    return {"UserPool": _described(pool)}


@operation
def describe_user_pool(call: Call, params: aws.DescribeUserPoolRequest) -> aws.DescribeUserPoolResponse:
    return {"UserPool": _described(lookup.pool(call, params["UserPoolId"]))}


@operation
def list_user_pools(call: Call, params: aws.ListUserPoolsRequest) -> aws.ListUserPoolsResponse:
    """In the Region of a replica the pool is listed, too, after those of the Region itself."""
    question = ["ListUserPools", call.region.name]
    limit, next_token = params["MaxResults"], params.get("NextToken")
    views = replicas.views_in(call)
    if views:
        pools, token = page_of([*call.region.user_pools, *views], limit, next_token, question)
    else:
        pools, token = page(call.region.user_pools, limit, next_token, question)
    return {"UserPools": [_listed(call, pool) for pool in pools], "NextToken": token}


@operation
def update_user_pool(call: Call, params: aws.UpdateUserPoolRequest) -> None:
    """Settings that are not given return to their defaults; schema, sign-in names and a few others are kept.

    In the Region of a replica: its e-mail, SMS and triggers; all other settings must be given as they are.
    """
    pool = _idle(call, params["UserPoolId"])
    own_tags = dict(params.get("UserPoolTags") or {})
    settings = pool_settings.updated(pool.settings, params, call.local.name)
    mfa_settings.settle(settings)
    if settings.get("UserPoolTier") != pool.tier:
        tiers.check(settings, TierChangeNotAllowedException)
    tiers.check(settings)
    tags.check(own_tags, UserPoolTaggingException)
    if call.replica is not None:
        _update_replica(call.replica, pool, params, settings)
        return
    _check_plan(call, pool, settings)
    pool.settings = settings
    registration.settle(pool)
    keeping.settle(pool, call.now)
    pool.name = params.get("PoolName") or pool.name
    pool.tags = own_tags
    pool.modified = call.now


@operation
def delete_user_pool(call: Call, params: aws.DeleteUserPoolRequest) -> None:
    """Deletes the pool's clients, users and groups, too."""
    pool = _idle(call, params["UserPoolId"])
    if pool.settings.get("DeletionProtection") == "ACTIVE":
        raise InvalidParameterException(
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first."
        )
    if call.region.domains.count("pool_id", pool.id):
        raise InvalidParameterException(
            "User pool cannot be deleted. It has a domain configured that should be deleted first."
        )
    if replicas.present(pool, call.now):
        # inferred: that it is refused, and the wording.
        raise InvalidParameterException(
            "User pool cannot be deleted. It has replicas that should be deleted first."
        )
    for client in call.region.clients.where("pool_id", pool.id):
        call.region.clients.remove(client)
    call.region.user_pools.remove(pool)
    pool.give_keys_back(STOCK.give_back)
    _let_go(call, pool)


def _let_go(call: Call, pool: UserPool) -> None:
    """Frees what may be much, in portions: a million users at once would stop all other calls for half a second."""
    held: list[Table[Any] | Entries[Any]] = [pool.users, *(group.members for group in pool.groups)]
    held += [
        pool.history.changes,
        pool.links,
        pool.challenges,
        pool.federated_requests,
        pool.unknown_lockouts,
    ]
    for rows in held:
        while len(rows) > PORTION and rows.let_go(PORTION):
            call.give_way()


@operation
def add_custom_attributes(call: Call, params: aws.AddCustomAttributesRequest) -> None:
    """If one attribute is refused, none is added."""
    pool = _idle(call, params["UserPoolId"])
    pool.schema = schema.extended(pool.schema, params["CustomAttributes"])
    pool.modified = call.now


@operation
def set_user_pool_mfa_config(
    call: Call, params: aws.SetUserPoolMfaConfigRequest
) -> aws.SetUserPoolMfaConfigResponse:
    """Replaces the whole MFA configuration: factors that are not given are off, MfaConfiguration defaults to OFF."""
    pool = lookup.pool(call, params["UserPoolId"])
    settings = mfa_settings.replaced(pool.settings, params, call.region.name)
    pool.settings = settings
    pool.modified = call.now
    return mfa_settings.described(settings)


@operation
def get_user_pool_mfa_config(
    call: Call, params: aws.GetUserPoolMfaConfigRequest
) -> aws.GetUserPoolMfaConfigResponse:
    return mfa_settings.described(lookup.pool(call, params["UserPoolId"]).settings)


@operation
def get_signing_certificate(
    call: Call, params: aws.GetSigningCertificateRequest
) -> aws.GetSigningCertificateResponse:
    """The newest: it is renewed every year over the same key."""
    from cogmock.userpools.rules import saml_keys

    pool = lookup.pool(call, params["UserPoolId"])
    saml_keys.signing(call, pool)
    pool = lookup.pool(call, params["UserPoolId"])
    return {"Certificate": base64.b64encode(pool.certificate or b"").decode()}


def _idle(call: Call, pool_id: str) -> UserPool:
    """A pool into which no users are being imported. Raises UserImportInProgressException."""
    pool = lookup.pool(call, pool_id)
    if pool.is_importing:
        raise UserImportInProgressException
    return pool


def _described(pool: UserPool) -> aws.UserPoolType:
    described: Any = {
        "Id": pool.id,
        "Name": pool.name,
        "Arn": pool.arn,
        **{member: value for member, value in pool.settings.items() if member not in mfa_settings.APART},
        "LastModifiedDate": pool.modified,
        "CreationDate": pool.created,
        "SchemaAttributes": list(pool.schema.values()),
        "EstimatedNumberOfUsers": len(pool.users),
        "UserPoolTags": pool.tags,
    }
    return described  # type: ignore[no-any-return]  # a dict in AWS's words, put together from one


def _update_replica(
    replica: Replica, pool: UserPool, params: aws.UpdateUserPoolRequest, settings: UserPoolSettings
) -> None:
    """Raises InvalidParameterException for a setting of the primary that is not given as it is."""
    given: Any = settings
    held: Any = pool.settings
    names = sorted(name for name in {*given, *held} - replicas.REGIONAL if given.get(name) != held.get(name))
    if params.get("PoolName", pool.name) != pool.name:
        names.append("PoolName")
    if names:
        # inferred: the error and the wording.
        raise InvalidParameterException(
            f"In the Region of a replica these must be given as the primary has them: {', '.join(names)}."
        )
    kept: Any = {name: given[name] for name in replicas.REGIONAL if name in given}
    replica.settings = kept
    replica.tags = dict(params.get("UserPoolTags") or {})


def _check_plan(call: Call, pool: UserPool, settings: UserPoolSettings) -> None:
    """A pool with replicas stays in a plan that has them; so does one with a recovery in progress.

    In LITE a recovery can be neither started nor cancelled, and the writes of the pool would stay paused.
    """
    uses = {
        "Multi-Region Replication": replicas.present(pool, call.now),
        # inferred: the refusal and the name.
        "Point-in-Time Recovery": recoveries.pauses_writes(pool, call.now),
    }
    tier = settings.get("UserPoolTier") or "ESSENTIALS"
    tiers.demand(
        tier, "ESSENTIALS", [name for name, used in uses.items() if used], TierChangeNotAllowedException
    )


def _listed(call: Call, pool: UserPool) -> aws.UserPoolDescriptionType:
    return {
        "Id": pool.id,
        "Name": pool.name,
        "LambdaConfig": pool.settings.get("LambdaConfig"),
        "LastModifiedDate": pool.modified,
        "CreationDate": pool.created,
        "ReplicaRegions": [each.region for each in replicas.present(pool, call.now)] or None,
    }
