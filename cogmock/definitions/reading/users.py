"""The `users` of a pool's block, and those of its CSV file."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Any

from cogmock.crypto import password_hashes
from cogmock.definitions import aws_members, blocks, files
from cogmock.definitions.definition import Identity, UserDefinition
from cogmock.definitions.faults import Fault, unknown_key
from cogmock.definitions.nodes import Node
from cogmock.definitions.nodes import written as as_text
from cogmock.state.identity_provider import SUBJECT
from cogmock.userpools.rules.proofs import factors

STATUSES = (
    *("UNCONFIRMED", "CONFIRMED", "FORCE_CHANGE_PASSWORD", "RESET_REQUIRED", "EXTERNAL_PROVIDER"),
    *("ARCHIVED", "COMPROMISED", "UNKNOWN"),
)
VERIFIER = 16 + 32
"""Bytes of a salt and an SRP exponent."""
GIVEN = {"UserPoolId": "us-east-1_placeholder"}


def read(pool: Node, folder: Path | None, faults: list[Fault]) -> list[UserDefinition]:
    """All users of a pool's block."""
    found = [user for node in blocks.entries(pool, "users", faults) for user in _user(node, faults)]
    if "import" in pool.mapping:
        node = pool.mapping["import"]
        found += [_imported(node, row, faults) for row in files.rows(node, folder, faults)]
    return found


def _user(node: Node, faults: list[Fault]) -> list[UserDefinition]:
    if not blocks.settle(blocks.USER, node, faults):
        return []
    params = aws_members.read(
        node, "cognito-idp", "AdminCreateUser", faults, given=GIVEN, ours=blocks.USER.ours
    )
    if "Username" not in params:
        return []  # told already
    stated = [
        each for each in params.get("UserAttributes") or () if each and "Name" in each
    ]  # or a fault is told
    attributes = {each["Name"]: each.get("Value") or "" for each in stated}
    user = UserDefinition(node, params["Username"], attributes)
    user.password = blocks.text(node, "password", faults)
    user.temporary_password = blocks.text(node, "temporary_password", faults) or params.get(
        "TemporaryPassword"
    )
    if user.password and user.temporary_password:
        faults.append(
            node.fault("a user has a password or a temporary_password, not both", "temporary_password")
        )
    user.confirmed = blocks.flag(node, "confirmed", faults)
    user.disabled = blocks.flag(node, "disabled", faults)
    user.totp = blocks.text(node, "totp", faults)
    user.mfa, user.preferred_mfa = _mfa(node, faults)
    user.status = _status(node, faults)
    user.verifier = _verifier(node, faults)
    user.password_hash = _password_hash(node, faults)
    if "groups" in node.mapping:
        user.groups = [entry.text or "" for entry in blocks.texts(node, "groups", faults)]
    user.attributes |= _attributes(node, faults)
    if "identities" in node.mapping:
        entries = blocks.entries(node, "identities", faults)
        user.identities = [one for entry in entries for one in _identity(entry, faults)]
    return [user]


def _identity(node: Node, faults: list[Fault]) -> list[Identity]:
    """An identity in the form in which AWS shows it in the attribute `identities`."""
    if not blocks.settle(blocks.IDENTITY, node, faults):
        return []
    value, provider = (blocks.text(node, key, faults) for key in ("userId", "providerName"))
    created = blocks.text(node, "dateCreated", faults) or "0"
    if not value or not provider:
        faults.append(node.fault("this key is required", "userId" if provider else "providerName"))
        return []
    if not created.isdecimal():
        faults.append(node.fault("must be a number of milliseconds", "dateCreated"))
        return []
    return [
        Identity(
            provider,
            value,
            blocks.text(node, "attribute", faults) or SUBJECT,
            primary=blocks.flag(node, "primary", faults) or False,
            issuer=blocks.text(node, "issuer", faults),
            created=int(created) or None,
        )
    ]


def _mfa(node: Node, faults: list[Fault]) -> tuple[list[str] | None, str | None]:
    """The second factors that are on, and the preferred one."""
    if "mfa" not in node.mapping:
        if "preferred_mfa" in node.mapping:
            faults.append(node.fault("state under the key mfa which second factors are on", "preferred_mfa"))
        return None, None
    entries = blocks.entries(node, "mfa", faults)
    names = [entry.text or "" for entry in entries]
    faults.extend(
        entry.fault(unknown_key(name, factors.ORDER).replace("key", "factor", 1))
        for entry, name in zip(entries, names, strict=True)
        if name not in factors.ORDER
    )
    preferred = blocks.text(node, "preferred_mfa", faults)
    if preferred is not None and preferred not in names:
        faults.append(node.fault("the preferred factor is one of those under mfa", "preferred_mfa"))
    return names, preferred


def _status(node: Node, faults: list[Fault]) -> str | None:
    status = blocks.text(node, "status", faults)
    if status is not None and status not in STATUSES:
        faults.append(node.fault(unknown_key(status, STATUSES).replace("key", "status", 1), "status"))
        return None
    return status


def _verifier(node: Node, faults: list[Fault]) -> bytes | None:
    text = blocks.text(node, "verifier", faults)
    if text is None:
        return None
    try:
        verifier = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        verifier = b""
    if len(verifier) != VERIFIER:
        faults.append(node.fault("a verifier is base64 text as an export writes it", "verifier"))
    return verifier


def _password_hash(node: Node, faults: list[Fault]) -> str | None:
    text = blocks.text(node, "password_hash", faults)
    if text is not None:
        _check_hash(node, text, faults)
    return text


def _check_hash(node: Node, text: str, faults: list[Fault]) -> None:
    if not any(password_hashes.is_usable(each, text) for each in password_hashes.FORMS):
        kinds = ", ".join(password_hashes.FORMS)
        faults.append(
            node.fault(f"a password hash is one of {kinds}, as user import takes it", "password_hash")
        )


def _attributes(node: Node, faults: list[Fault]) -> dict[str, str]:
    block = node.mapping.get("attributes")
    if block is None:
        return {}
    if not isinstance(block.value, dict):
        faults.append(block.fault(f"must be a mapping of names and values, not {block.kind}"))
        return {}
    values = {}
    for name, child in block.mapping.items():
        if isinstance(child.value, dict | list):
            faults.append(child.fault(f"the value of an attribute must be a text, not {child.kind}"))
        else:
            # A bare true is AWS's "true", and +1555… is a telephone number, no sum.
            values[name] = as_text(child.value) or "" if isinstance(child.value, bool) else child.text or ""
    return values


def _imported(node: Node, row: dict[str, Any], faults: list[Fault]) -> UserDefinition:
    """A line of AWS's user import. Users without a password hash must reset their password before they sign in."""
    line = row.pop("line")
    username = row.pop("cognito:username") or ""
    hashed = row.pop("password_hash", None)
    attributes = {
        name: value for name, value in row.items() if name and not name.startswith("cognito:") and value
    }
    place = Node(None, f"{node.path}({node.value}, line {line})", node.line)
    if hashed:
        _check_hash(place, hashed, faults)
        return UserDefinition(place, username, attributes, password_hash=hashed)
    return UserDefinition(place, username, attributes, status="RESET_REQUIRED")
