"""Run by test_aio.py, in an environment that has aioboto3."""

import asyncio

import aioboto3
import pytest


def test_results_errors_and_paginators(cognito):
    async def story():
        async with aioboto3.Session().client("cognito-idp", region_name="us-east-1") as idp:
            made = (await idp.create_user_pool(PoolName="shop"))["UserPool"]
            with pytest.raises(idp.exceptions.ResourceNotFoundException):
                await idp.describe_user_pool(UserPoolId="us-east-1_nowhere00")
            pages = idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 1})
            return made["Id"], [pool["Id"] async for page in pages for pool in page["UserPools"]]

    made, found = asyncio.run(story())
    assert found == [made]
    assert cognito.world.find_pool(made)
