"""Identity pools, and their tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page
from cogmock.errors import InvalidParameterException, LimitExceededException, ResourceConflictException
from cogmock.identitypools.rules import lookup, providers
from cogmock.state.identity_pool import IdentityPool
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_identity as aws

MOST_POOLS = 1000
MOST_PROVIDERS = 50
MOST_TAGS = 50
CUSTOM_ID = "_custom_id_"
"""The tag that sets a pool's id. An addition of cogmock, not of AWS."""
APART = ("IdentityPoolId", "IdentityPoolTags")

_ID = re.compile(r"(?P<region>[\w-]+):[0-9a-f-]+", re.ASCII)


@operation
def create_identity_pool(call: Call, params: aws.CreateIdentityPoolInput) -> aws.IdentityPool:
    """The answer has only the members that were set, as on AWS."""
    pools, tags = call.region.identity_pools, dict(params.get("IdentityPoolTags") or {})
    pool_id = _pinned(call, tags) or f"{call.region.name}:{call.world.entropy.uuid()}"
    if len(pools) >= MOST_POOLS:
        raise LimitExceededException(f"The limit of {MOST_POOLS} identity pools for an account is reached.")
    pool = IdentityPool(
        id=pool_id,
        arn=arns.arn("cognito-identity", call.region.name, call.region.account, f"identitypool/{pool_id}"),
        settings=_settings(params),
        tags=_within_limit(tags),
    )
    pools.add(pool)
    return _described(pool)


@operation
def describe_identity_pool(call: Call, params: aws.DescribeIdentityPoolInput) -> aws.IdentityPool:
    return _described(lookup.pool(call, params["IdentityPoolId"]))


@operation
def list_identity_pools(call: Call, params: aws.ListIdentityPoolsInput) -> aws.ListIdentityPoolsResponse:
    pools, token = page(
        call.region.identity_pools,
        params["MaxResults"],
        params.get("NextToken"),
        ["ListIdentityPools", call.region.name],
    )
    return {
        "IdentityPools": [
            {"IdentityPoolId": pool.id, "IdentityPoolName": pool.settings.get("IdentityPoolName")}
            for pool in pools
        ],
        "NextToken": token,
    }


@operation
def update_identity_pool(call: Call, params: aws.IdentityPool) -> aws.IdentityPool:
    """Members that are not given return to their defaults; tags are kept. DeveloperProviderName cannot be changed."""
    pool = lookup.pool(call, params["IdentityPoolId"] or "")
    settings = _settings(params)
    name = pool.settings.get("DeveloperProviderName")
    if name is not None and settings.get("DeveloperProviderName", name) != name:
        raise InvalidParameterException("The developer provider name cannot be changed.")
    if name is not None:
        settings["DeveloperProviderName"] = name
    if params.get("IdentityPoolTags") is not None:
        pool.tags = _within_limit(dict(params["IdentityPoolTags"] or {}))
    pool.settings = settings
    return _described(pool)


@operation
def delete_identity_pool(call: Call, params: aws.DeleteIdentityPoolInput) -> None:
    """Deletes its identities too. Credentials already issued stay valid until they expire."""
    call.region.identity_pools.remove(lookup.pool(call, params["IdentityPoolId"]))


@operation
def tag_resource(call: Call, params: aws.TagResourceInput) -> aws.TagResourceResponse:
    pool = lookup.pool_by_arn(call, params["ResourceArn"])
    pool.tags = _within_limit(pool.tags | params["Tags"])
    return {}


@operation
def untag_resource(call: Call, params: aws.UntagResourceInput) -> aws.UntagResourceResponse:
    """Removing a tag that does not exist succeeds."""
    pool = lookup.pool_by_arn(call, params["ResourceArn"])
    pool.tags = {key: value for key, value in pool.tags.items() if key not in params["TagKeys"]}
    return {}


@operation
def list_tags_for_resource(
    call: Call, params: aws.ListTagsForResourceInput
) -> aws.ListTagsForResourceResponse:
    return {"Tags": lookup.pool_by_arn(call, params["ResourceArn"]).tags}


def _settings(given: aws.CreateIdentityPoolInput | aws.IdentityPool) -> aws.IdentityPool:
    """What was set. Empty lists and maps count as not set."""
    kept = {key: value for key, value in given.items() if key not in APART and value not in ({}, [])}
    settings = cast("aws.IdentityPool", kept)
    if len(settings.get("CognitoIdentityProviders") or ()) > MOST_PROVIDERS:
        raise LimitExceededException(
            f"An identity pool can have at most {MOST_PROVIDERS} CognitoIdentityProviders."
        )
    for provider in settings.get("CognitoIdentityProviders") or ():
        if providers.user_pool_of(provider.get("ProviderName") or "") is None:
            raise InvalidParameterException("Invalid Cognito Identity Provider")
    return settings


def _pinned(call: Call, tags: dict[str, str]) -> str | None:
    """The id in the tag, if there is one. Raises if it is malformed, of another Region or in use."""
    wanted = tags.pop(CUSTOM_ID, None)
    if wanted is None:
        return None
    found = _ID.fullmatch(wanted)
    if found is None or found["region"] != call.region.name or len(wanted) > 55:
        raise InvalidParameterException(
            f"The tag {CUSTOM_ID} must be an identity pool id of this Region, {call.region.name}:<lower-case GUID>."
        )
    if wanted in call.region.identity_pools:
        raise ResourceConflictException(f"An identity pool with the id {wanted} already exists.")
    return wanted


def _within_limit(tags: dict[str, str]) -> dict[str, str]:
    if len(tags) > MOST_TAGS:
        raise InvalidParameterException(f"An identity pool can have at most {MOST_TAGS} tags.")
    return tags


def _described(pool: IdentityPool) -> aws.IdentityPool:
    return {"IdentityPoolId": pool.id, **pool.settings, "IdentityPoolTags": pool.tags}
