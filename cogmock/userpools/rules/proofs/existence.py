"""PreventUserExistenceErrors: the answers for users that do not exist."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.errors import AwsError, CodeMismatchException, ExpiredCodeException, UserNotFoundException
from cogmock.state.client import UserPoolClient
from cogmock.state.expiring import Expiring
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory.attributes import EMAIL, PHONE
from cogmock.userpools.rules.proofs import codes, recovery

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

MOST = 1000
"""How many simulated codes a pool remembers."""
NOT_FOUND = "Username/client id combination not found."


def is_hidden(client: UserPoolClient) -> bool:
    """Whether the client may not learn which users exist (PreventUserExistenceErrors)."""
    return client.settings.get("PreventUserExistenceErrors") == "ENABLED"


def simulated_delivery(
    call: Call, pool: UserPool, client: UserPoolClient, name: str, occasion: codes.Occasion
) -> aws.CodeDeliveryDetailsType:
    """The delivery details for an unknown user: always the same masked address. Nothing is sent."""
    if not is_hidden(client):
        raise UserNotFoundException(NOT_FOUND)
    call.reason = call.reason or f"nothing was sent: there is no user {name!r} who may have a code"
    _remember(call, pool, f"{occasion.key} {name}", call.now + occasion.lifetime)
    if PHONE.fullmatch(name):
        return codes.details("phone_number", name)
    attribute = "phone_number" if _favours_phone(pool) and not EMAIL.fullmatch(name) else "email"
    return codes.details(attribute, invented_address(pool, name, attribute))


def invented_address(pool: UserPool, name: str, attribute: str) -> str:
    """The address of an unknown user: the name itself if it is an address, else one derived from the name."""
    if (PHONE if attribute == "phone_number" else EMAIL).fullmatch(name):
        return name
    drawn = hashlib.sha256(pool.seal_key + name.encode()).digest()
    if attribute == "phone_number":
        return f"+1000000{int.from_bytes(drawn[:2]) % 10000:04}"
    return f"{_LETTERS[drawn[0] % 26]}@{_LETTERS[drawn[1] % 26]}"


def code_refusal(call: Call, pool: UserPool, client: UserPoolClient, name: str, key: str) -> AwsError:
    """The refusal of a code of an unknown user: the same as for a user who exists."""
    if not is_hidden(client):
        return UserNotFoundException(NOT_FOUND)
    call.reason = f"there is no user {name!r} to whom a code was sent"
    if pool.simulated and pool.simulated.get(f"{key} {name}", 0.0) > call.now:
        return CodeMismatchException()
    return ExpiredCodeException()


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _remember(call: Call, pool: UserPool, key: str, until: float) -> None:
    if pool.simulated is None:
        pool.simulated = Expiring(float)
    pool.simulated.keep(key, until, call.now)
    if len(pool.simulated) > MOST:
        del pool.simulated[next(iter(pool.simulated))]  # callers may invent any number of names


def _favours_phone(pool: UserPool) -> bool:
    return recovery.mechanisms(pool)[0] == "verified_phone_number"
