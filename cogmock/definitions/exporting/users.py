"""Users as entries of a document, and as lines of AWS's CSV file."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from typing import Any

from cogmock.crypto import totp
from cogmock.state.identity_provider import SUBJECT
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.importing.csv_file import columns_of
from cogmock.userpools.rules.proofs import factors


def entry(pool: UserPool, user: User, *, secrets: bool) -> dict[str, Any]:
    """A user with sub and status, which are pinned; with `secrets`, what their password is checked by, and TOTP."""
    found: dict[str, Any] = {
        "Username": _username(pool, user),
        "attributes": {"sub": user.sub, **user.attributes},
        "status": user.status,
        "groups": list(user.groups or ()),
        "disabled": None if user.enabled else True,
        "identities": _identities(pool, user),
    }
    if secrets and user.password is not None:
        found["verifier"] = base64.b64encode(user.password).decode()
    elif secrets and user.imported_hash is not None:
        found["password_hash"] = user.imported_hash
    if secrets and user.mfa is not None and user.mfa.secret:
        found["totp"] = totp.shown(user.mfa.secret)
    found |= _factors(user, known={factors.SMS, factors.EMAIL} | ({factors.TOTP} if secrets else set()))
    return {key: value for key, value in found.items() if value is not None and (value != [] or key == "mfa")}


def _factors(user: User, known: set[str]) -> dict[str, Any]:
    """The second factors that are on, where a TOTP secret does not say it already."""
    mfa = user.mfa
    on = [name for name in mfa.enabled if name in known and factors.has(user, name)] if mfa else []
    preferred = mfa.preferred if mfa and mfa.preferred in on else None
    if factors.TOTP in known and factors.has(user, factors.TOTP):
        return {} if on == [preferred] == [factors.TOTP] else {"mfa": on, "preferred_mfa": preferred}
    return {"mfa": on, "preferred_mfa": preferred} if on else {}


def _identities(pool: UserPool, user: User) -> list[dict[str, Any]]:
    """The federated identities; with the attribute by which one is linked, where it is not the subject."""
    linked = {
        (provider, value): attribute
        for key in pool.links.of(user)
        for provider, attribute, value in [json.loads(key)]
    }
    found = []
    for identity in user.identities or ():
        attribute = linked.get((identity["providerName"], identity["userId"]), SUBJECT)
        stated = {key: value for key, value in identity.items() if value is not None}
        found.append(stated if attribute == SUBJECT else stated | {"attribute": attribute})
    return found


def _username(pool: UserPool, user: User) -> str:
    """The address that the user signs in by, in a pool where usernames are addresses."""
    if any(identity["primary"] for identity in user.identities or ()):
        return user.name
    addresses = [user.attributes.get(name) for name in pool.settings.get("UsernameAttributes") or ()]
    return next((address for address in addresses if address), user.name)


def _american(date: str) -> str:
    """A birthdate as the import wants it, mm/dd/yyyy; OpenID Connect writes yyyy-mm-dd."""
    return re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\2/\3/\1", date)


def as_csv(pool: UserPool) -> str:
    """All users of a pool in the form that AWS's user import reads. It has no passwords."""
    columns = columns_of(pool)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\")
    writer.writerow(columns)
    for _, user in pool.users.unwatched():
        shown = {
            **user.attributes,
            "birthdate": _american(user.attributes.get("birthdate", "")),
            "cognito:username": _username(pool, user),
            "cognito:mfa_enabled": str(bool(user.mfa and user.mfa.enabled)).lower(),
        }
        writer.writerow([shown.get(column, "") for column in columns])
    return text.getvalue()
