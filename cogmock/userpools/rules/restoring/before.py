"""Before an operation that writes user data: refuses it while writes are paused, and notes what it will change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogmock.core.call import Call
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping, named, writes
from cogmock.userpools.rules.directory import aliases

CREATING = frozenset(
    {"SignUp", "AdminCreateUser", "CreateGroup", "CreateUserImportJob", "StartUserImportJob"}
)
"""Operations that change no user; only with MessageAction RESEND does AdminCreateUser."""


def write(call: Call, operation: str, params: Mapping[str, Any]) -> None:
    """Raises OperationNotEnabledException."""
    pool = named.pool(call, params)
    if pool is None:
        return
    writes.refuse(call, pool)
    if operation in CREATING and params.get("MessageAction") != "RESEND":
        return
    user = _user(call, pool, params)
    if user is not None:
        keeping.note(call, pool, user)
    group = pool.groups.get(params.get("GroupName", ""))
    if group is not None:
        keeping.note_group(call, pool, group)


def _user(call: Call, pool: UserPool, params: Mapping[str, Any]) -> User | None:
    if call.token is not None:
        return pool.users.by_sub(str(call.token.claims.get("sub", "")))
    name = params.get("Username")
    return aliases.find(pool, name) if name else None
