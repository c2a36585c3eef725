"""Every operation that botocore has a paginator for runs to its end, whatever the size of its pages."""

from __future__ import annotations

import base64

import pytest
from botocore import xform_name
from support.pool_env import PoolEnv, connect, refused

SHOWN = {
    "AdminListGroupsForUser": "GroupName",
    "ListGroups": "GroupName",
    "ListResourceServers": "Identifier",
    "ListUserPoolClients": "ClientName",
    "ListUserPools": "Name",
    "ListUsers": "Username",
    "ListUsersInGroup": "Username",
}
"""Operation → the member of an item by which it is known."""
KEYS = {"ListUserPoolClients": "ClientId", "ListUserPools": "Id"}
"""Where another member is what an item is deleted by."""
LATER = {"AdminListUserAuthEvents", "ListCIMDPolicies", "ListClientMetadataURLs", "ListIdentityProviders"}
"""Not offered yet, or without anything to list: they have tests of their own once they are there."""
MADE = [f"n{number}" for number in range(7)]
TOKENS = ("NextToken", "PaginationToken")


@pytest.fixture
def full(cognito):
    """A pool with seven of everything, and seven pools."""
    env = PoolEnv(cognito)
    pool = {"UserPoolId": env.pool_id}
    for name in MADE:
        env.create(name)
        env.idp.create_group(GroupName=name, **pool)
        env.idp.create_resource_server(Identifier=name, Name=name, **pool)
        env.idp.create_user_pool_client(ClientName=name, **pool)
        env.idp.create_user_pool(PoolName=name)
    for name in MADE:
        env.idp.admin_add_user_to_group(GroupName=name, Username="n0", **pool)
        env.idp.admin_add_user_to_group(GroupName="n0", Username=name, **pool)
    return env


def members(env, name):
    """The parameters of an operation that say what is to be listed."""
    given = {"UserPoolId": env.pool_id, "GroupName": "n0", "Username": "n0"}
    return {key: value for key, value in given.items() if key in shape(env.idp, name)}


def shape(idp, name):
    return idp.meta.service_model.operation_model(name).input_shape.members


def test_no_paginator_is_left_out(cognito):
    idp = connect()
    paginated = {
        name for name in idp.meta.service_model.operation_names if idp.can_paginate(xform_name(name))
    }
    assert paginated - LATER == SHOWN.keys()


@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize("name", SHOWN)
def test_it_shows_everything_once(full, name, size):
    paginator = full.idp.get_paginator(xform_name(name))
    pages = list(paginator.paginate(**members(full, name), PaginationConfig={"PageSize": size}))
    items = [item for page in pages for item in page[paginator.result_keys[0].expression]]
    shown = [item[SHOWN[name]] for item in items]
    assert sorted(of for of in shown if of in MADE) == MADE
    assert len(shown) == len(set(shown))
    assert len(pages) == -(-len(items) // size), "no page is empty"


@pytest.mark.parametrize("name", SHOWN)
def test_who_takes_away_what_a_page_shows_misses_nothing(full, name):
    pool, idp = {"UserPoolId": full.pool_id}, full.idp
    take = {
        "AdminListGroupsForUser": lambda of: idp.admin_remove_user_from_group(
            GroupName=of, Username="n0", **pool
        ),
        "ListGroups": lambda of: idp.delete_group(GroupName=of, **pool),
        "ListResourceServers": lambda of: idp.delete_resource_server(Identifier=of, **pool),
        "ListUserPoolClients": lambda of: idp.delete_user_pool_client(ClientId=of, **pool),
        "ListUserPools": lambda of: idp.delete_user_pool(UserPoolId=of),
        "ListUsers": lambda of: idp.admin_delete_user(Username=of, **pool),
        "ListUsersInGroup": lambda of: idp.admin_remove_user_from_group(GroupName="n0", Username=of, **pool),
    }[name]
    paginator, known_by = full.idp.get_paginator(xform_name(name)), KEYS.get(name, SHOWN[name])
    seen = []
    for page in paginator.paginate(**members(full, name), PaginationConfig={"PageSize": 2}):
        for item in page[paginator.result_keys[0].expression]:
            if item[SHOWN[name]] in MADE:
                seen.append(item[SHOWN[name]])
                take(item[known_by])
    assert sorted(seen) == MADE


@pytest.mark.parametrize("name", SHOWN)
def test_a_token_of_another_question_is_refused(full, name):
    token_member = next(member for member in TOKENS if member in shape(full.idp, name))
    limit_member = "Limit" if "Limit" in shape(full.idp, name) else "MaxResults"
    ask, given = getattr(full.idp, xform_name(name)), members(full, name)
    foreign = "ListGroups" if name != "ListGroups" else "ListUsers"
    answer = getattr(full.idp, xform_name(foreign))(**members(full, foreign), Limit=2)
    other = next(answer[member] for member in TOKENS if member in answer)
    own = ask(**given, **{limit_member: 2})[token_member]
    tampered = base64.b64encode(base64.b64decode(own)[:-3] + b'x"]').decode()
    for token in (other, tampered, own[:-5], "x", "W10="):
        with refused("InvalidParameterException", "Invalid pagination token given."):
            ask(**given, **{limit_member: 2, token_member: token})
    assert ask(**given, **{limit_member: 2, token_member: own})
