"""Second factors of users: the secret of an authenticator app, which factors are on, and which one is preferred."""

from __future__ import annotations

import binascii
import copy

from cogmock.crypto import totp
from cogmock.definitions.applying.run import Run
from cogmock.definitions.definition import UserDefinition
from cogmock.state.user import Mfa, User
from cogmock.userpools.rules.proofs import factors


def settle(run: Run, user: User, stated: UserDefinition) -> list[str]:
    """What of `totp` and `mfa` was changed. The former settings are kept whole, for a document that is taken back."""
    mfa = copy.copy(user.mfa) if user.mfa else Mfa()
    changed = [*_settle_secret(run, mfa, stated), *_switch(run, user, mfa, stated)]
    if changed:
        user.mfa = mfa
    return changed


def _settle_secret(run: Run, mfa: Mfa, stated: UserDefinition) -> list[str]:
    if not stated.totp:
        return []
    secret = _secret(stated.totp)
    if not secret:
        run.refuse(stated.node, "a TOTP secret is text in base32, for example JBSWY3DPEHPK3PXP", "totp")
    if secret == mfa.secret:
        return []
    mfa.secret, mfa.candidate = secret, None
    factors.switch(mfa, factors.TOTP, on=True)
    mfa.preferred = factors.TOTP
    return ["totp"]


def _secret(text: str) -> bytes | None:
    """The bytes of a secret as authenticator apps take it: blanks, hyphens and case do not count."""
    plain = text.replace(" ", "").replace("-", "").upper().rstrip("=")
    try:
        return totp.read(plain)
    except (binascii.Error, ValueError):
        return None


def _switch(run: Run, user: User, mfa: Mfa, stated: UserDefinition) -> list[str]:
    """Factors that are stated are on, all others off. Without a preferred one the user is asked to choose."""
    if stated.mfa is None:
        return []
    for factor in stated.mfa:
        if not (mfa.secret if factor == factors.TOTP else factors.has(user, factor)):
            needs = "totp" if factor == factors.TOTP else f"attributes.{factors.ATTRIBUTES[factor]}"
            run.refuse(stated.node, f"{factor} needs {needs}", "mfa")
    before = (mfa.enabled, mfa.preferred)
    for factor in factors.ORDER:
        factors.switch(mfa, factor, on=factor in stated.mfa)
    mfa.preferred = stated.preferred_mfa
    return ["mfa"] if (mfa.enabled, mfa.preferred) != before else []
