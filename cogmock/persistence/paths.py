"""The path of a row: `accounts/123456789012/regions/us-east-1/user_pools/us-east-1_x/users/ada`.

It is the way from the root: the name of a branch, the key of an entry, the name of one of its branches, and so on. Keys
are quoted as in URLs where they are not plain printable text, so a path is ASCII and has no slash within a key.
"""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes

ROOT = "world"
"""The row of what belongs to no account."""
_SAFE = " !\"#$&'()*+,-.:;<=>?@[\\]^_`{|}~"
_PLAIN = re.compile(r"[!-$&-.0-~ ]*").fullmatch
"""Printable ASCII without the percent sign and the slash."""


def below(owner: str, branch: str, key: str) -> str:
    """The path of an entry in a branch of the row at `owner`; of the root's where that is empty."""
    name = key if _PLAIN(key) else quote_from_bytes(key.encode("utf-8", "surrogatepass"), _SAFE)
    return f"{owner}/{branch}/{name}" if owner else f"{branch}/{name}"


def split(path: str) -> tuple[str, str, str]:
    """The owner's path, the branch and the key. Raises ValueError."""
    *owner, branch, name = path.rsplit("/", 2)
    key = unquote_to_bytes(name).decode("utf-8", "surrogatepass") if "%" in name else name
    return owner[0] if owner else "", branch, key


def depth(path: str) -> int:
    return path.count("/")
