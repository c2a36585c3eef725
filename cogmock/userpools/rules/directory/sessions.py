"""Tracked sessions of users: what a sign-in and a browser leave to be looked at, and to be ended from afar."""

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
    """Makes a new session one that is tracked, where the pool tracks any. At the limit the idlest goes first."""
    if not pool.tracks_sessions:
        return
    active = sorted(tokens_of(call, user), key=lambda of: of.last_active)
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
    """The tracked half of a browser's session, where the pool tracks any."""
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
    """A refresh: it is the latest sign of life of a session, and of the browser's session behind it."""
    session.last_active = call.now
    if session.trace is None:
        return
    session.trace.ip, session.trace.device = call.source_ip, device_of(call.user_agent)
    sso = user.sso.get(session.trace.origin or "") if user.sso else None
    if sso:
        sso.last_active, sso.ip, sso.device = call.now, session.trace.ip, session.trace.device


def end(user: User, session: Session) -> None:
    """Ends a session: its refresh token and the access tokens that came from it are void."""
    if user.sessions:
        user.sessions.pop(session.id, None)


def end_sso(user: User, session_id: str) -> None:
    if user.sso:
        user.sso.pop(session_id, None)


def end_linked(call: Call, user: User, session_id: str) -> None:
    """Ends what is linked to a session: upwards its browser's session, downwards the token sessions born from it."""
    for of in tokens_of(call, user):
        if of.trace and of.trace.origin == session_id:
            end(user, of)
        if of.trace and of.trace.id == session_id and of.trace.origin:
            end_sso(user, of.trace.origin)


def end_one(call: Call, user: User, session_id: str, *, linked: bool) -> None:
    """Raises ResourceNotFoundException."""
    token = next((of for of in tokens_of(call, user) if of.trace and of.trace.id == session_id), None)
    if token is None and session_id not in (user.sso or {}):
        raise ResourceNotFoundException("Session does not exist.")
    if linked:
        end_linked(call, user, session_id)
    if token:
        end(user, token)
    end_sso(user, session_id)


def tokens_of(call: Call, user: User) -> list[Session]:
    """The tracked token sessions that are still alive, the oldest first."""
    return [of for of in (user.sessions or {}).values() if of.trace and of.expires > call.now]


def check_tracking(pool: UserPool) -> None:
    if not pool.tracks_sessions:
        raise OperationNotEnabledException("Session tracking is not enabled for this user pool.")


def described(call: Call, user: User, current: str | None = None) -> list[aws.SessionDescriptionType]:
    """All sessions of a user that are alive. `current` is the origin_jti of the token that asks."""
    shown = [
        _described(of.trace, of, of.client_id, current=of.id == current)
        for of in tokens_of(call, user)
        if of.trace
    ]
    return shown + [
        _described(of, of, of.client_id, current=False)
        for of in (user.sso or {}).values()
        if of.expires > call.now
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
    """What a user agent tells of itself, as far as that is worth: `Firefox on Windows`, `Boto3`, or `unknown`."""
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), None)
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), None)
    product = re.match(r"[\w.-]+", user_agent)
    name = browser or (product[0] if product else "unknown")
    return f"{name} on {system}"[:1024] if system else name[:1024]
