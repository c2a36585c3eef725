"""Finding users by username, sub, sign-in address or alias, and keeping these unique."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError, InvalidParameterException
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping
from cogmock.userpools.rules.directory.attributes import EMAIL, PHONE

UNCONFIRMED_PREFERRED = (
    "Preferred username cannot be provided for unconfirmed account, "
    "since user pool is configured for preferred username alias."
)
FORMS = {"email": EMAIL, "phone_number": PHONE}


def find(pool: UserPool, name: str) -> User | None:
    """A user by username, sub, sign-in address or alias; None if there is none."""
    return pool.users.get(name) or pool.users.by_sub(name) or _by_address(pool, name)


def _by_address(pool: UserPool, name: str) -> User | None:
    for attribute in pool.settings.get("UsernameAttributes") or ():
        # A federated user is named by provider and subject; the address is no name of theirs.
        found = [user for user in pool.users.by(attribute, name) if user.status != "EXTERNAL_PROVIDER"]
        if found:
            return found[0]
    for attribute in pool.settings.get("AliasAttributes") or ():
        found = [user for user in pool.users.by(attribute, name) if is_in_force(user, attribute)]
        if found:
            return found[0]
    return None


def is_in_force(user: User, attribute: str) -> bool:
    """Whether an alias can be used: addresses once they are verified, a preferred username at once."""
    return attribute == "preferred_username" or is_verified(user, attribute)


def is_verified(user: User, attribute: str) -> bool:
    return user.attributes.get(f"{attribute}_verified", "").lower() == "true"


def implied(pool: UserPool, username: str) -> dict[str, str]:
    """The attribute whose value a username is, in a pool where users sign in by e-mail or phone number."""
    for attribute in pool.settings.get("UsernameAttributes") or ():
        if FORMS[attribute].fullmatch(username):
            return {attribute: username}
    return {}


def check_form(pool: UserPool, username: str) -> None:
    """Refuses a username that the pool does not take."""
    kinds = pool.settings.get("UsernameAttributes") or ()
    if kinds and not implied(pool, username):
        raise InvalidParameterException(_SHOULD_BE[len(kinds) > 1 or kinds[0]])
    for attribute in pool.settings.get("AliasAttributes") or ():
        if attribute in FORMS and FORMS[attribute].fullmatch(username):
            kind = _WORDS[attribute]
            raise InvalidParameterException(
                f"Username cannot be of {kind} format, since user pool is configured for {kind} alias."
            )


_WORDS = {"email": "email", "phone_number": "phone number"}
_SHOULD_BE: dict[bool | str, str] = {
    True: "Username should be either an email or a phone number.",
    "email": "Username should be an email.",
    "phone_number": "Username should be a phone number.",
}


def holder(pool: UserPool, attribute: str, value: str, *, but: User | None = None) -> User | None:
    """Another user who has a value that must be unique: a sign-in address, or an alias in force."""
    named = attribute in (pool.settings.get("UsernameAttributes") or ())
    if not named and attribute not in (pool.settings.get("AliasAttributes") or ()):
        return None
    for user in pool.users.by(attribute, value):
        if named and user.status == "EXTERNAL_PROVIDER":
            continue
        if user is not but and (named or is_in_force(user, attribute)):
            return user
    return None


def check_free(
    pool: UserPool, attribute: str, value: str, error: type[AwsError], *, but: User | None = None
) -> None:
    """Refuses a sign-in address or alias that another user has."""
    if holder(pool, attribute, value, but=but):
        raise taken(pool, attribute, error)


def make_free(
    call: Call,
    pool: UserPool,
    attribute: str,
    value: str,
    error: type[AwsError],
    *,
    force: bool,
    but: User | None = None,
) -> None:
    """As check_free; but with `force` the address of the other user becomes unverified, so the alias is free."""
    old = holder(pool, attribute, value, but=but)
    if old is None:
        return
    if not force or attribute not in FORMS or attribute in (pool.settings.get("UsernameAttributes") or ()):
        raise taken(pool, attribute, error)
    keeping.note(call, pool, old)
    pool.users.write(old, {f"{attribute}_verified": "false"})
    old.modified = call.now


def taken(pool: UserPool, attribute: str, error: type[AwsError]) -> AwsError:
    given = "given " if attribute in (pool.settings.get("UsernameAttributes") or ()) else ""
    return error(f"An account with the {given}{attribute} already exists.")
