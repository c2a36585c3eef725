"""User pools: their settings and their schema."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.entropy import LETTERS
from cogmock.core.keys import STOCK
from cogmock.core.operation import operation
from cogmock.core.paging import page
from cogmock.errors import InvalidParameterException
from cogmock.state.user import UserTable
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup, schema

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

DEFAULTS: dict[str, Any] = {
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 8,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": True,
            "RequireSymbols": True,
            "TemporaryPasswordValidityDays": 7,
        },
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
    },
    "DeletionProtection": "INACTIVE",
    "LambdaConfig": {},
    "MfaConfiguration": "OFF",
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
    "AccountRecoverySetting": {
        "RecoveryMechanisms": [
            {"Priority": 1, "Name": "verified_email"},
            {"Priority": 2, "Name": "verified_phone_number"},
        ]
    },
    "UserPoolTier": "ESSENTIALS",
}
"""The settings of a pool that was made with a name alone."""
FINAL = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration")
"""Settings that no update touches."""
APART = ("PoolName", "UserPoolId", "Schema", "UserPoolTags")
"""Members of the requests that are no settings."""


@operation
def create_user_pool(call: Call, params: aws.CreateUserPoolRequest) -> aws.CreateUserPoolResponse:
    pool_id = f"{call.region.name}_{call.world.entropy.text(9, LETTERS)}"
    given: dict[str, Any] = {key: value for key, value in params.items() if key not in APART}
    case_sensitive = given.get("UsernameConfiguration", {}).get("CaseSensitive", True)
    pool = UserPool(
        id=pool_id,
        arn=f"arn:aws:cognito-idp:{call.region.name}:{call.region.account}:userpool/{pool_id}",
        name=params["PoolName"],
        settings=deepcopy(DEFAULTS) | given,
        schema=schema.standard(),
        created=call.now,
        modified=call.now,
        seal_key=call.world.entropy.bytes(32),
        tags=dict(params.get("UserPoolTags") or {}),
        users=UserTable(case_sensitive=case_sensitive),
    )
    call.region.user_pools.add(pool)
    return {"UserPool": _described(pool)}


@operation
def describe_user_pool(call: Call, params: aws.DescribeUserPoolRequest) -> aws.DescribeUserPoolResponse:
    return {"UserPool": _described(lookup.pool(call, params["UserPoolId"]))}


@operation
def list_user_pools(call: Call, params: aws.ListUserPoolsRequest) -> aws.ListUserPoolsResponse:
    pools, token = page(
        call.region.user_pools,
        params["MaxResults"],
        params.get("NextToken"),
        ["ListUserPools", call.region.name],
    )
    return {"UserPools": [_listed(pool) for pool in pools], "NextToken": token}


@operation
def update_user_pool(call: Call, params: aws.UpdateUserPoolRequest) -> None:
    """What is not given returns to its default; schema and sign-in names stay."""
    pool = lookup.pool(call, params["UserPoolId"])
    given = {key: value for key, value in params.items() if key not in APART}
    kept = {key: pool.settings[key] for key in FINAL if key in pool.settings}
    pool.settings = deepcopy(DEFAULTS) | given | kept
    pool.name = params.get("PoolName") or pool.name
    pool.tags = dict(params.get("UserPoolTags") or {})
    pool.modified = call.now


@operation
def delete_user_pool(call: Call, params: aws.DeleteUserPoolRequest) -> None:
    """Clients, users and groups go with it."""
    pool = lookup.pool(call, params["UserPoolId"])
    if pool.settings["DeletionProtection"] == "ACTIVE":
        raise InvalidParameterException(
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first."
        )
    for client in call.region.clients.bunch("pool_id", pool.id):
        call.region.clients.remove(client)
    call.region.user_pools.remove(pool)
    pool.give_keys_back(STOCK.give_back)


def _described(pool: UserPool) -> aws.UserPoolType:
    described: Any = {
        "Id": pool.id,
        "Name": pool.name,
        "Arn": pool.arn,
        **pool.settings,
        "LastModifiedDate": pool.modified,
        "CreationDate": pool.created,
        "SchemaAttributes": list(pool.schema.values()),
        "EstimatedNumberOfUsers": len(pool.users),
        "UserPoolTags": pool.tags,
    }
    return described  # type: ignore[no-any-return]  # a dict in AWS's words, put together from one


def _listed(pool: UserPool) -> aws.UserPoolDescriptionType:
    return {
        "Id": pool.id,
        "Name": pool.name,
        "LambdaConfig": pool.settings["LambdaConfig"],
        "LastModifiedDate": pool.modified,
        "CreationDate": pool.created,
    }
