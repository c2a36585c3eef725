"""Global sign-out: all tokens of a user are revoked at once."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.state.user import User


def everywhere(call: Call, user: User) -> None:
    """Ends all sessions of a user. Access, ID and refresh tokens issued before are revoked."""
    user.sessions = None
    user.signed_out = call.now
