"""One row of the CSV file of a user import, and the user that it describes.

The texts go to the log, which has no data of users. Where AWS's text is not known, it is marked below.
"""

from __future__ import annotations

import re

from cogmock.core.call import Call
from cogmock.crypto import password_hashes
from cogmock.errors import AwsError, InvalidParameterException
from cogmock.state.import_job import ImportJob
from cogmock.state.user import Mfa, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.arrivals import creation
from cogmock.userpools.rules.directory import aliases, attributes
from cogmock.userpools.rules.importing.csv_file import HASH, MFA, USERNAME, Row
from cogmock.userpools.rules.proofs import factors

SUCCEEDED = "The import succeeded."
EXISTS = "The user already exists."
NOT_VERIFIED = (
    "The User Record does not set any of the auto verified attributes to true. "
    "(Example: email_verified to true)."
)
BOOLEANS = {"true": True, "false": False}
BIRTHDATE = re.compile(r"(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])/\d{4}", re.ASCII)
LONGEST_NAME = 128


class Skipped(Exception):
    """The user is there already."""


class Failed(Exception):
    """The row cannot be imported; the message is for the log."""


def take(call: Call, pool: UserPool, job: ImportJob, columns: list[str], row: Row) -> str:
    """Imports the user of a row and counts the outcome. Returns the line for the log."""
    try:
        _add(call, pool, job, _values(columns, row))
    except Skipped:
        job.skipped += 1
        return f"[SKIPPED] Line Number {row.number} - {EXISTS}"
    except Failed as fault:
        job.failed += 1
        return f"[FAILED] Line Number {row.number} - {fault}"
    job.imported += 1
    return f"[SUCCEEDED] Line Number {row.number} - {SUCCEEDED}"


def _values(columns: list[str], row: Row) -> dict[str, str]:
    # inferred: the wording of every failure in this module but NOT_VERIFIED
    if row.values is None:
        raise Failed("The User Record is longer than 16000 characters.")
    if len(row.values) != len(columns):
        raise Failed(f"The User Record has {len(row.values)} values for {len(columns)} columns.")
    return dict(zip(columns, row.values, strict=True))


def _add(call: Call, pool: UserPool, job: ImportJob, record: dict[str, str]) -> None:
    """Runs no trigger and sends no message. Raises Skipped, Failed."""
    # inferred: that nothing runs and nothing is sent
    username, hashed = record.pop(USERNAME), record.pop(HASH, "")
    wants_mfa = _mfa(pool, record.pop(MFA))
    given = {name: value for name, value in record.items() if value}
    _check_name(username)
    given |= aliases.implied(pool, username)
    if aliases.find(pool, username) is not None:
        raise Skipped
    _check(pool, username, given)
    if hashed and not (job.algorithm and password_hashes.is_usable(job.algorithm, hashed)):
        raise Failed(f"The password hash is not a valid {job.algorithm} hash.")
    user = creation.add(call, pool, username, given, "CONFIRMED" if hashed else "RESET_REQUIRED")
    if hashed:
        user.imported_hash, user.password_set = hashed, call.now
    if wants_mfa:
        user.mfa = _factors(pool, user)


def _check_name(username: str) -> None:
    if not username:
        raise Failed(f"The User Record has no value for {USERNAME}.")
    if len(username) > LONGEST_NAME or len(username.split()) > 1:
        raise Failed(f"The value of {USERNAME} is too long, or has spaces in it.")


def _mfa(pool: UserPool, text: str) -> bool:
    wanted = BOOLEANS.get(text.lower())
    mode = pool.settings.get("MfaConfiguration", "OFF")
    if wanted is None:
        raise Failed(f"The value of {MFA} is neither true nor false.")
    if (mode == "ON" and not wanted) or (mode == "OFF" and wanted):
        needed = "true" if mode == "ON" else "false"
        raise Failed(f"The value of {MFA} must be {needed}, because MFA of the user pool is {mode}.")
    return wanted


def _factors(pool: UserPool, user: User) -> Mfa | None:
    """SMS, if the pool has it and the user a phone number. inferred: the file names no factor."""
    usable = factors.SMS in factors.switched_on(pool) and factors.has(user, factors.SMS)
    return Mfa(enabled=(factors.SMS,)) if usable else None


def _check(pool: UserPool, username: str, given: dict[str, str]) -> None:
    """Refuses what does not match the schema, and an address that is not verified or is another user's."""
    if given.get("birthdate") and not BIRTHDATE.fullmatch(given["birthdate"]):
        raise Failed("The value of birthdate is not in the format mm/dd/yyyy.")
    try:
        attributes.check_values(pool, given)
        attributes.check_required(pool, given)
        aliases.check_form(pool, username)
        _check_free(pool, given)
    except AwsError as refused:
        raise Failed(refused.message.strip()) from None
    if not any(
        _is_true(given, f"{attribute}_verified") and given.get(attribute) for attribute in _to_verify(pool)
    ):
        raise Failed(NOT_VERIFIED)


def _check_free(pool: UserPool, given: dict[str, str]) -> None:
    names = list(pool.settings.get("UsernameAttributes") or ())
    names += [
        attribute
        for attribute in pool.settings.get("AliasAttributes") or ()
        if attribute == "preferred_username" or _is_true(given, f"{attribute}_verified")
    ]
    for attribute in names:
        if given.get(attribute):
            aliases.check_free(pool, attribute, given[attribute], InvalidParameterException)


def _to_verify(pool: UserPool) -> list[str]:
    """The attributes of which one must be verified: AWS starts no job for a pool that verifies none."""
    return list(pool.settings.get("AutoVerifiedAttributes") or ())


def _is_true(given: dict[str, str], name: str) -> bool:
    return given.get(name, "").lower() == "true"
