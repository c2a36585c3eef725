"""How a user's tokens become void, all at once."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.state.user import User


def everywhere(call: Call, user: User) -> None:
    """Ends all sessions: access, ID and refresh tokens that were issued before are revoked."""
    user.sessions = None
    user.signed_out = call.now
