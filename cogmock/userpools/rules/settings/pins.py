"""Ids that a caller chooses, which AWS does not have: for tests and shared environments that need fixed ids."""

from __future__ import annotations

import re

from cogmock.core.call import Call
from cogmock.errors import InvalidParameterException

POOL_TAGS = ("_custom_id_", "ms-custom-id", "floci:override-id")
CLIENT_PREFIXES = ("_custom_id_:", "ms-custom-id:")

LONGEST = 55
"""Characters of a pool id: the longest that operations accept."""

_POOL = r"[0-9A-Za-z]{1,46}"
_CLIENT = r"[\w+]{1,128}"


def pool_id(call: Call, tags: dict[str, str]) -> tuple[str | None, dict[str, str]]:
    """The pool id that a tag sets, if any, and the other tags."""
    wanted = next((tags[tag] for tag in POOL_TAGS if tag in tags), None)
    rest = {key: value for key, value in tags.items() if key not in POOL_TAGS}
    if wanted is None:
        return None, rest
    region, _, own = wanted.partition("_")
    if region != call.region.name or not re.fullmatch(_POOL, own) or len(wanted) > LONGEST:
        raise InvalidParameterException(
            f"The user pool id {wanted} can not be set: it must be {call.region.name}_ "
            f"and letters and digits, {LONGEST} characters at most."
        )
    # Unique over all accounts, because an unsigned call finds its pool by the id alone.
    if call.world.find_pool(wanted):
        raise InvalidParameterException(
            f"The user pool id {wanted} can not be set: a user pool has it already."
        )
    return wanted, rest


def client_id(call: Call, name: str) -> tuple[str | None, str]:
    """The client id that a name with a prefix sets, if any, and the name without the prefix."""
    prefix = next((prefix for prefix in CLIENT_PREFIXES if name.startswith(prefix)), None)
    if prefix is None:
        return None, name
    wanted = name.removeprefix(prefix)
    if not re.fullmatch(_CLIENT, wanted, re.ASCII):
        raise InvalidParameterException(
            f"The client id {wanted} can not be set: it must be 1 to 128 letters, digits, _ and +."
        )
    if call.world.find_client(wanted):
        raise InvalidParameterException(f"The client id {wanted} can not be set: a client has it already.")
    return wanted, wanted
