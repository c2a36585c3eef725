"""The data folder of cognito-local: `db/clients.json`, and a file for each pool.

A pool's file has `Options` (what DescribeUserPool answers), `Users` by name with clear passwords, and `Groups`.
"""

from __future__ import annotations

import base64
from pathlib import PurePosixPath

from cogmock.core.entropy import LOWER
from cogmock.crypto import srp
from cogmock.definitions.importing.draft import Draft, add
from cogmock.definitions.importing.sources import Source, tree
from cogmock.definitions.importing.trees import grown, moved, text_of
from cogmock.definitions.nodes import Node

OPTIONS = {"Name": "PoolName", "Id": "id", "SchemaAttributes": "Schema"}
UNREAD = ("Arn", "CreationDate", "LastModifiedDate", "EstimatedNumberOfUsers", "Status", "MfaConfiguration")
SALT = 16


def read(draft: Draft, source: Source) -> None:
    """Adds pools, clients, groups and users."""
    for path, text in sorted(source.files.items()):
        name = PurePosixPath(path).name
        if (name.endswith(".json") and name not in {"clients.json", "config.json"}) or path == source.main:
            root = tree(text, path)
            if "Options" in root.mapping:
                _pool(draft, root)
    for path, text in source.files.items():
        if PurePosixPath(path).name == "clients.json":
            _clients(draft, tree(text, path))


def _pool(draft: Draft, root: Node) -> None:
    options = root.mapping["Options"]
    pool_id = text_of(options.mapping.get("Id")) or ""
    members = moved(options, OPTIONS, *UNREAD)
    members["PoolName"] = members.get("PoolName") or grown(pool_id, options)
    if "MfaConfiguration" in options.mapping and text_of(options.mapping["MfaConfiguration"]) != "OFF":
        # It knows SMS alone, and keeps no SMS settings, without which AWS does not turn MFA on.
        draft.skip(pool_id, "MfaConfiguration", "the file has no SMS settings, which MFA by SMS needs")
    block = Node(members, options.path, options.line)
    draft.pools[pool_id] = block
    draft.resources[pool_id] = pool_id
    groups = root.mapping.get("Groups")
    for group in groups.mapping.values() if groups else ():
        add(block, "groups", Node(moved(group, {}, "members"), group.path, group.line))
    users = root.mapping.get("Users")
    for user in users.mapping.values() if users else ():
        add(block, "users", _user(draft, block, user, groups))


def _user(draft: Draft, pool: Node, user: Node, groups: Node | None) -> Node:
    username = text_of(user.mapping.get("Username")) or ""
    listed = user.mapping.get("Attributes")
    attributes = {
        text_of(each.mapping.get("Name")) or "": text_of(each.mapping.get("Value")) or ""
        for each in (listed.items if listed else ())
    }
    addresses = [attributes.get(item.text or "") for item in _items(pool, "UsernameAttributes")]
    shown = next((address for address in addresses if address), username)
    if addresses and "sub" not in attributes:
        attributes["sub"] = draft.around.uuid()
    entry: dict[str, object] = {
        "Username": shown,
        "attributes": attributes,
        "status": text_of(user.mapping.get("UserStatus")) or "CONFIRMED",
        "disabled": text_of(user.mapping.get("Enabled")) == "false",
        "groups": [
            text_of(group.mapping.get("GroupName")) or name
            for name, group in (groups.mapping.items() if groups else ())
            if username in [item.text for item in _items(group, "members")]
        ],
    }
    password = text_of(user.mapping.get("Password"))
    if password:
        # Where people sign in by an address, the sub is the username that AWS keeps.
        name = attributes["sub"] if addresses else username
        entry["verifier"] = _verifier(draft, text_of(pool.mapping.get("id")) or "", name, password)
    return grown(entry, user)


def _items(node: Node, key: str) -> list[Node]:
    listed = node.mapping.get(key)
    return listed.items if listed else []


def _verifier(draft: Draft, pool_id: str, username: str, password: str) -> str:
    """What a password is checked by: those of cognito-local need not meet the pool's policy."""
    salt = draft.around.text(SALT, LOWER).encode()
    return base64.b64encode(salt + srp.exponent(salt, pool_id.partition("_")[2], username, password)).decode()


def _clients(draft: Draft, root: Node) -> None:
    clients = root.mapping.get("Clients")
    for client_id, client in clients.mapping.items() if clients else ():
        pool_id = text_of(client.mapping.get("UserPoolId"))
        block = draft.pools.get(pool_id or "")
        if block is None:
            draft.skip(client_id, "client", f"its user pool {pool_id} is not in the folder")
            continue
        members = moved(
            client, {"ClientId": "id"}, "UserPoolId", "CreationDate", "CreatedDate", "LastModifiedDate"
        )
        add(block, "clients", Node(members, client.path, client.line))
        draft.resources[client_id] = client_id
