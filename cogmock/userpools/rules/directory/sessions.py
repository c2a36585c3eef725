"""Tracked sessions: token sessions of sign-ins and SSO sessions of browsers, listed and ended by operations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.entropy import LOWER
from cogmock.errors import OperationNotEnabledException, ResourceNotFoundException
from cogmock.state.expiring import Expiring
from cogmock.state.session import Session, SsoSession, Trace
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

TOKEN, SSO = "tkn", "sso"
SYSTEMS = {"iPhone": "iOS", "iPad": "iOS", "Android": "Android", "Windows": "Windows", "Mac OS": "macOS"}
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}


def track(call: Call, pool: UserPool, user: User, session: Session, sso: SsoSession | None = None) -> None:
    """Makes a new session a tracked one if the pool tracks sessions. At the limit the least recently used is ended."""
    if not pool.tracks_sessions:
        return
    active = sorted(tokens_of(call, user), key=lambda session: session.last_active)
    surplus = len(active) + 1 - pool.sessions_per_user
    for idle in active[: max(surplus, 0)]:
        end(user, idle)
    session.trace = Trace(
        id=TOKEN + call.world.entropy.text(25, LOWER),
        created=call.now,
        ip=call.source_ip,
        device=device_of(call.user_agent),
        origin=sso.id if sso else None,
    )


def begin_sso(call: Call, pool: UserPool, user: User, client_id: str, expires: float) -> SsoSession | None:
    """The SSO session of a browser; None if the pool does not track sessions."""
    if not pool.tracks_sessions:
        return None
    session = SsoSession(
        id=SSO + call.world.entropy.text(25, LOWER),
        client_id=client_id,
        created=call.now,
        last_active=call.now,
        expires=expires,
        ip=call.source_ip,
        device=device_of(call.user_agent),
    )
    if user.sso is None:
        user.sso = Expiring()
    user.sso.keep(session.id, session, call.now)
    return session


def touch(call: Call, user: User, session: Session) -> None:
    """Records a refresh as the last activity of a session, and of the SSO session that it came from."""
    session.last_active = call.now
    if session.trace is None:
        return
    session.trace.ip, session.trace.device = call.source_ip, device_of(call.user_agent)
    sso = user.sso.get(session.trace.origin or "") if user.sso else None
    if sso:
        sso.last_active, sso.ip, sso.device = call.now, session.trace.ip, session.trace.device


def end(user: User, session: Session) -> None:
    """Ends a session: its refresh token and all its access tokens are revoked."""
    if user.sessions:
        user.sessions.pop(session.id, None)


def end_sso(user: User, session_id: str) -> None:
    if user.sso:
        user.sso.pop(session_id, None)


def end_linked(call: Call, user: User, session_id: str) -> None:
    """Ends the sessions linked to one: the token sessions of an SSO session, or the SSO session of a token session."""
    for session in tokens_of(call, user):
        if session.trace and session.trace.origin == session_id:
            end(user, session)
        if session.trace and session.trace.id == session_id and session.trace.origin:
            end_sso(user, session.trace.origin)


def end_one(call: Call, user: User, session_id: str, *, linked: bool) -> None:
    """Raises ResourceNotFoundException."""
    token = next((each for each in tokens_of(call, user) if each.trace and each.trace.id == session_id), None)
    if token is None and session_id not in (user.sso or {}):
        raise ResourceNotFoundException("Session does not exist.")
    if linked:
        end_linked(call, user, session_id)
    if token:
        end(user, token)
    end_sso(user, session_id)


def tokens_of(call: Call, user: User) -> list[Session]:
    """The tracked token sessions that have not expired, the oldest first."""
    return [each for each in (user.sessions or {}).values() if each.trace and each.expires > call.now]


def check_tracking(pool: UserPool) -> None:
    if not pool.tracks_sessions:
        raise OperationNotEnabledException("Session tracking is not enabled for this user pool.")


def described(call: Call, user: User, current: str | None = None) -> list[aws.SessionDescriptionType]:
    """All sessions of a user that have not expired. `current` is the origin_jti of the caller's token."""
    shown = [
        _described(session.trace, session, session.client_id, current=session.id == current)
        for session in tokens_of(call, user)
        if session.trace
    ]
    return shown + [
        _described(sso, sso, sso.client_id, current=False)
        for sso in (user.sso or {}).values()
        if sso.expires > call.now
    ]


def _described(
    seen: Trace | SsoSession, alive: Session | SsoSession, client_id: str, *, current: bool
) -> aws.SessionDescriptionType:
    return {
        "SessionId": seen.id,
        "SessionType": "SSO" if isinstance(seen, SsoSession) else "TOKEN",
        "ClientId": client_id,
        "CreateDate": seen.created,
        "LastActiveDate": alive.last_active,
        "DeviceType": seen.device,
        "LastIPAddress": seen.ip,
        "OriginSessionId": seen.origin if isinstance(seen, Trace) else None,
        "IsCurrentSession": current,
    }


def device_of(user_agent: str) -> str:
    """A short name for a user agent: `Firefox on Windows`, `Boto3`, or `unknown`."""
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), None)
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), None)
    product = re.match(r"[\w.-]+", user_agent)
    name = browser or (product[0] if product else "unknown")
    return f"{name} on {system}"[:1024] if system else name[:1024]
