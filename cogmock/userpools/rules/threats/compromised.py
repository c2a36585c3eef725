"""Compromised credentials: passwords that are known to everybody.

AWS's own data cannot be had. The list has notorious passwords; `--compromised` names a file with more, and PUT
/_cogmock/risk says it of any user.
"""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import InvalidPasswordException
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.threats import configuration

_LISTED = """
    123456 12345678 123456789 1234567890 password qwerty qwerty123 abc123 iloveyou letmein admin welcome monkey dragon
    Password1 Password1! Password12! Password123 Password123! Password1234! P@ssword1 P@ssword1! P@ssword123
    P@ssword123! P@ssw0rd P@ssw0rd! P@ssw0rd1 P@ssw0rd1! P@ssw0rd123 P@ssw0rd123! P@$$w0rd P@$$w0rd1 Passw0rd1!
    Qwerty123! Qwerty1234! Welcome1 Welcome1! Welcome123! Admin123! Admin1234! Abc123456! Abcd1234! Letmein1!
    Letmein123! Changeme1! Changeme123! Test1234! Test12345! Summer2024! Summer2025! Summer2026! Winter2024!
    Winter2025! Winter2026! Hello123! Iloveyou1!
"""
NOTORIOUS = frozenset(_LISTED.split())
"""Passwords that many people use, most of them made to satisfy policies."""
REFUSED = "Provided password cannot be used for security reasons."


def is_known(call: Call, pool: UserPool, user: User | None, password: str) -> bool:
    """Whether a password is compromised, or was said to be."""
    if user is not None and (found := pool.risk_verdicts.get(user.sub)) and found.compromised:
        return True
    if pool.risk_verdict and pool.risk_verdict.compromised:
        return True
    return password in NOTORIOUS or password in call.world.compromised


def refuse(
    call: Call, pool: UserPool, client: UserPoolClient | None, user: User | None, password: str, event: str
) -> bool:
    """Refuses a new password; `event` is SIGN_UP or PASSWORD_CHANGE. Says whether it is compromised but goes through.

    Raises InvalidPasswordException.
    """
    mode, settings = configuration.mode(pool), configuration.of(pool, client.id if client else None)
    if mode == configuration.OFF or not configuration.watches_compromised(settings, event):
        return False
    found = is_known(call, pool, user, password)
    if found and mode == configuration.ENFORCED and configuration.blocks_compromised(settings, event):
        raise InvalidPasswordException(REFUSED, reason="it is among the compromised passwords")
    return found
