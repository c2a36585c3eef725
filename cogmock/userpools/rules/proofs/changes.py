"""Changing attributes: which addresses become unverified, and which codes must be sent."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AliasExistsException, InvalidParameterException
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping
from cogmock.userpools.rules.directory import aliases, attributes
from cogmock.userpools.rules.directory.attributes import VERIFIABLE
from cogmock.userpools.rules.proofs import codes


def make(call: Call, pool: UserPool, user: User, values: dict[str, str]) -> list[tuple[str, str]]:
    """Changes attributes; empty values remove them. Returns (attribute, address) for each code that must be sent."""
    written = attributes.stored(pool, values)
    unproven: list[tuple[str, str]] = []
    waiting: dict[str, str] = {}
    for attribute in VERIFIABLE:
        if attribute in values and values[attribute] != user.attributes.get(attribute):
            _change(pool, attribute, written, unproven, waiting)
    _check_aliases(pool, user, written, waiting)
    _drop_proofs(user, values)
    user.pending = {**(user.pending or {}), **waiting} or None
    keeping.note(call, pool, user)
    pool.users.write(user, written)
    user.modified = call.now
    return unproven


def complete(call: Call, pool: UserPool, user: User, values: dict[str, str]) -> None:
    """Attributes that a sign-in brings take effect at once. New addresses are unverified, and no code is sent.

    Raises AliasExistsException.
    """
    written = attributes.stored(pool, values)
    for attribute in VERIFIABLE:
        if attribute in values and values[attribute] != user.attributes.get(attribute):
            written[f"{attribute}_verified"] = "false" if values[attribute] else None
    _check_aliases(pool, user, written, {})
    _drop_proofs(user, values)
    keeping.note(call, pool, user)
    pool.users.write(user, written)
    user.modified = call.now


def prove(call: Call, pool: UserPool, user: User, attribute: str, value: str) -> None:
    """Sets an address that was verified by code."""
    keeping.note(call, pool, user)
    pool.users.write(user, {attribute: value, f"{attribute}_verified": "true"})
    user.pending = {
        name: address for name, address in (user.pending or {}).items() if name != attribute
    } or None
    user.modified = call.now


def _drop_proofs(user: User, values: dict[str, str]) -> None:
    """Discards codes and pending values for earlier addresses."""
    for attribute in VERIFIABLE:
        if attribute in values and user.codes:
            codes.discard(user, codes.change(attribute).key)
    user.pending = {name: value for name, value in (user.pending or {}).items() if name not in values} or None


def _change(
    pool: UserPool,
    attribute: str,
    written: dict[str, str | None],
    unproven: list[tuple[str, str]],
    waiting: dict[str, str],
) -> None:
    """A new e-mail address or phone number takes effect at once, unverified, or only after verification."""
    value, flag = written[attribute], f"{attribute}_verified"
    if not value:
        written.setdefault(flag, None)
        return
    if (written.get(flag) or "").lower() == "true":
        return
    setting = pool.settings.get("UserAttributeUpdateSettings") or {}
    if attribute in (setting.get("AttributesRequireVerificationBeforeUpdate") or ()):
        waiting[attribute] = value
        del written[attribute]
        written.pop(flag, None)
        unproven.append((attribute, value))
        return
    written.setdefault(flag, "false")
    if attribute in (pool.settings.get("AutoVerifiedAttributes") or ()):
        unproven.append((attribute, value))


def _check_aliases(
    pool: UserPool, user: User, written: dict[str, str | None], waiting: dict[str, str]
) -> None:
    for attribute in pool.settings.get("UsernameAttributes") or ():
        value = written.get(attribute) or waiting.get(attribute)
        if value:
            aliases.check_free(pool, attribute, value, AliasExistsException, but=user)
    for attribute in pool.settings.get("AliasAttributes") or ():
        value = written.get(attribute) or user.attributes.get(attribute)
        flag = written.get(f"{attribute}_verified") or ""
        preferred = attribute == "preferred_username" and written.get(attribute)
        if value and (preferred or flag.lower() == "true"):
            if preferred and user.status == "UNCONFIRMED":
                raise InvalidParameterException(aliases.UNCONFIRMED_PREFERRED)
            aliases.check_free(pool, attribute, value, AliasExistsException, but=user)
