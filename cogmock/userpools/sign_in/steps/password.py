"""The password in clear text, and NEW_PASSWORD_REQUIRED."""

from __future__ import annotations

import json

from cogmock.crypto import srp
from cogmock.errors import (
    InvalidParameterException,
    InvalidSession,
    NotAuthorizedException,
    PasswordResetRequiredException,
)
from cogmock.state.session import Challenge
from cogmock.state.user import User
from cogmock.userpools.rules.directory import attributes
from cogmock.userpools.rules.proofs import changes, existence, passwords
from cogmock.userpools.rules.threats import compromised
from cogmock.userpools.sign_in import lockout, user_migration
from cogmock.userpools.sign_in.attempt import Question, SignIn


def ask(_sign_in: SignIn) -> Question:
    return Question("PASSWORD")


def prove(sign_in: SignIn, _challenge: Challenge | None) -> None:
    lockout.check(sign_in)
    if sign_in.user is None:
        user_migration.join(sign_in, sign_in.take("PASSWORD"))
    refuse_reset(sign_in)
    if not _is_right(sign_in, sign_in.take("PASSWORD")):
        lockout.count(sign_in)
        raise sign_in.wrong("the password is wrong" if sign_in.user else "no user has this name")
    accept(sign_in)


def accept(sign_in: SignIn) -> None:
    """After a right password, in clear text or over SRP. Raises NotAuthorizedException if it has expired."""
    lockout.forget(sign_in)
    if passwords.is_stale(sign_in.call, sign_in.pool, sign_in.known()):
        raise NotAuthorizedException("Temporary password has expired and must be reset by an administrator.")


def refuse_reset(sign_in: SignIn) -> None:
    """Raises PasswordResetRequiredException if an administrator has reset the password."""
    user = sign_in.user
    if user is None or user.status != "RESET_REQUIRED":
        return
    # AWS dev guide: Managing user existence error responses: imported users without a password look unknown.
    if user.password_set == 0.0 and existence.is_hidden(sign_in.client):
        raise sign_in.wrong("imported, and has set no password yet")
    raise PasswordResetRequiredException


def ask_new(sign_in: SignIn) -> Question:
    user = sign_in.known()
    missing = [f"userAttributes.{name}" for name in _missing(sign_in, user)]
    return Question(
        "NEW_PASSWORD_REQUIRED",
        {
            "USER_ID_FOR_SRP": user.name,
            "requiredAttributes": json.dumps(missing, separators=(",", ":")),
            "userAttributes": json.dumps(user.attributes, separators=(",", ":"), ensure_ascii=False),
        },
    )


def prove_new(sign_in: SignIn, _challenge: Challenge | None) -> None:
    """Sets the new password, and required attributes that are missing."""
    user = sign_in.known()
    if user.status != "FORCE_CHANGE_PASSWORD":
        raise InvalidSession(reason="the password is no longer a temporary one")
    password = sign_in.take("NEW_PASSWORD")
    passwords.check_policy(sign_in.pool, password)
    compromised.refuse(sign_in.call, sign_in.pool, sign_in.client, user, password, "PASSWORD_CHANGE")
    passwords.check_history(sign_in.pool, user, password)
    changes.complete(sign_in.call, sign_in.pool, user, _attributes(sign_in, user))
    passwords.keep(sign_in.call, sign_in.pool, user, password)
    sign_in.pool.users.set_status(user, "CONFIRMED")
    user.modified = sign_in.call.now


def _attributes(sign_in: SignIn, user: User) -> dict[str, str]:
    """The attributes in the answer: those required and missing, and others that the client may write."""
    pool, prefix = sign_in.pool, "userAttributes."
    given = {
        name.removeprefix(prefix): value for name, value in sign_in.given.items() if name.startswith(prefix)
    }
    attributes.check_known(pool, given)
    missing = _missing(sign_in, user)
    for name in given:
        definition = pool.schema[name]
        if definition["Required"] and user.attributes.get(name):
            raise NotAuthorizedException(f"Cannot modify an already provided {name}")
        if name in attributes.FLAGS or (not definition["Mutable"] and name not in missing):
            raise InvalidParameterException(f"Cannot modify the non-mutable attribute {name}")
    lacking = [name for name in missing if not given.get(name)]
    if lacking:
        raise InvalidParameterException(
            f"Invalid attributes given, {', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} missing"
        )
    attributes.check_writable(pool, sign_in.client, given)
    attributes.check_values(pool, given, user.attributes)
    return given


def _missing(sign_in: SignIn, user: User) -> list[str]:
    return [
        name
        for name, definition in sign_in.pool.schema.items()
        if definition["Required"] and name != "sub" and not user.attributes.get(name)
    ]


def _is_right(sign_in: SignIn, password: str) -> bool:
    user = sign_in.user
    if user is None or not user.has_password:
        srp.exponent(
            b"", sign_in.pool.id, sign_in.attempt.username, password
        )  # takes as long as a real check
        return False
    is_right = passwords.prove(sign_in.call, sign_in.pool, user, password)
    sign_in.look_again()
    return is_right
