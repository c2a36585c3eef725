"""AWS's CSV file for the import of users. Cognito developer guide: Importing users from a CSV file."""

from __future__ import annotations

import csv

from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.files import LONGEST_HEADER, csv_values
from cogmock.definitions.importing.draft import Draft, add
from cogmock.definitions.importing.sources import Source
from cogmock.definitions.importing.trees import grown, text_of
from cogmock.definitions.nodes import Node

NAME = "cognito:username"
HASH = "password_hash"
"""A column with hashes of passwords of another system."""


def read(draft: Draft, source: Source) -> None:
    """Adds the users to the pool that the caller names, or to the only one. They must reset their passwords."""
    pool_id = source.pool_id or _only(draft)
    at = Node(None, "", 1)
    block = draft.pool(pool_id, at)
    if block is None:
        return
    lines = source.text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    columns = csv_values(lines[0][:LONGEST_HEADER])
    if NAME not in columns:
        raise InvalidConfig([Fault("", 1, f"the first line must have the column {NAME}")])
    for number, line in enumerate(lines[1:], 2):
        try:
            values = csv_values(line)
        except csv.Error as error:
            raise InvalidConfig([Fault("", number, f"not CSV: {error}")]) from None
        if any(values):
            _user(draft, block, columns, values, number)


def _user(draft: Draft, block: Node, columns: list[str], values: list[str], line: int) -> None:
    at = Node(None, f"line {line}", line)
    if len(values) != len(columns):
        draft.faults.append(at.fault(f"the line has {len(values)} fields, the first one has {len(columns)}"))
        return
    row = dict(zip(columns, values, strict=True))
    username = row.get(NAME) or ""
    if draft.around.has_user(text_of(block.mapping.get("id")) or "", username):
        draft.skip(username, "user", "the user is there already")
        return
    hashed = row.pop(HASH, "")
    attributes = {name: value for name, value in row.items() if value and not name.startswith("cognito:")}
    entry: dict[str, object] = {"Username": username, "attributes": attributes}
    entry |= {"password_hash": hashed} if hashed else {"status": "RESET_REQUIRED"}
    add(block, "users", grown(entry, at))
    draft.resources[username] = username


def _only(draft: Draft) -> str | None:
    pools = draft.around.pools_in_all()
    if len(pools) != 1:
        message = f"name the user pool (--pool, user_pool_id=): there are {len(pools)}"
        raise InvalidConfig([Fault("", None, message)])
    return pools[0]
