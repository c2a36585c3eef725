"""AWS's CSV file for the import of users. Cognito developer guide: Importing users from a CSV file."""

from __future__ import annotations

import csv
import io

from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.importing.draft import Draft, add
from cogmock.definitions.importing.sources import Source
from cogmock.definitions.importing.trees import grown, text_of
from cogmock.definitions.nodes import Node

NAME = "cognito:username"


def read(draft: Draft, source: Source) -> None:
    """Adds the users to the pool that the caller names, or to the only one. They must reset their passwords."""
    pool_id = source.pool_id or _only(draft)
    at = Node(None, "", 1)
    block = draft.pool(pool_id, at)
    reader = csv.DictReader(io.StringIO(source.text.lstrip("\ufeff"), newline=""))
    if block is None:
        return
    if NAME not in (reader.fieldnames or ()):
        raise InvalidConfig([Fault("", 1, f"the first line must have the column {NAME}")])
    try:
        for row in reader:
            _user(draft, block, row, reader.line_num)
    except csv.Error as error:
        raise InvalidConfig([Fault("", reader.line_num, f"not CSV: {error}")]) from None


def _user(draft: Draft, block: Node, row: dict[str, str | None], line: int) -> None:
    at = Node(None, f"line {line}", line)
    if None in row:
        draft.faults.append(at.fault("the line has more fields than the first one"))
        return
    username = row.get(NAME) or ""
    if draft.around.has_user(text_of(block.mapping.get("id")) or "", username):
        draft.skip(username, "user", "the user is there already")
        return
    attributes = {name: value for name, value in row.items() if value and not name.startswith("cognito:")}
    entry = {"Username": username, "status": "RESET_REQUIRED", "attributes": attributes}
    add(block, "users", grown(entry, at))
    draft.resources[username] = username


def _only(draft: Draft) -> str | None:
    pools = draft.around.pools_in_all()
    if len(pools) != 1:
        message = f"name the user pool (--pool, user_pool_id=): there are {len(pools)}"
        raise InvalidConfig([Fault("", None, message)])
    return pools[0]
