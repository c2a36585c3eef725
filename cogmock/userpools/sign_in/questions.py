"""Open challenges, and the Session strings that refer to them."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

from cogmock.core.call import Call
from cogmock.crypto import sealed, srp
from cogmock.errors import InvalidParameterException, InvalidSession, NotAuthorizedException
from cogmock.state.client import UserPoolClient
from cogmock.state.session import Attempt, Challenge
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.proofs import secret_hash
from cogmock.userpools.sign_in.attempt import Question, SignIn

BLOCK = "secret block"
SIGN_UP = "SIGN_UP"
"""Not a challenge of AWS: marks the Session of a sign-up."""
BY_BLOCK = {"PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER"}
"""Challenges that are found by their secret block if the answer has no Session."""
WITHOUT_SESSION = {"USER_SRP_AUTH"}
"""Flows whose first answer has no Session, because clients send none back."""


def keep(sign_in: SignIn, question: Question) -> Question:
    """Stores a question until it is answered, and sets its Session."""
    call, pool = sign_in.call, sign_in.pool
    challenge = Challenge(
        id=question.id or call.world.entropy.uuid(),
        name=question.name,
        attempt=replace(sign_in.attempt),  # it goes on to change when this challenge is answered
        expires=call.now + (sign_in.client.settings.get("AuthSessionValidity") or 3) * 60,
        data=question.data,
    )
    pool.challenges.keep(challenge.id, challenge, call.now)
    if question.name != "PASSWORD_VERIFIER" or sign_in.attempt.flow not in WITHOUT_SESSION:
        question.session = session(call, pool, challenge)
    return question


def after_sign_up(
    call: Call, pool: UserPool, client: UserPoolClient, user: User, *, proven: tuple[str, ...] = ()
) -> str | None:
    """The Session of a sign-up, which starts a sign-in; None if the client does not allow USER_AUTH.

    `proven` has the one-time code that confirmed the sign-up; it is empty before the confirmation.
    """
    if "ALLOW_USER_AUTH" not in (client.settings.get("ExplicitAuthFlows") or ()):
        return None
    attempt = Attempt("USER_AUTH", client.id, user.name, True, call.world.entropy.uuid(), proven)  # noqa: FBT003 - there is such a user
    return keep(SignIn(call, pool, client, user, attempt, {}), Question(SIGN_UP)).session


def from_sign_up(
    call: Call, pool: UserPool, client: UserPoolClient, given: dict[str, str], session: str
) -> SignIn:
    """The sign-in that continues a confirmed sign-up. Its code counts as the first factor.

    Raises InvalidParameterException, NotAuthorizedException.
    """
    typed = given.get("USERNAME")
    if not typed:
        raise InvalidParameterException("Missing required parameter USERNAME")
    secret_hash.check(call, client, typed, given.get("SECRET_HASH"), where="sign_in")
    challenge = find(call, pool, session)
    if challenge.name != SIGN_UP or not challenge.attempt.proven:
        raise InvalidSession(reason="not the session of a confirmed sign-up")
    if challenge.attempt.client_id != client.id or not _is_meant(pool, challenge, typed):
        raise InvalidSession(reason="a session of another user or client")
    sign_in = of(call, pool, challenge)
    challenge.used = True
    sign_in.given = given
    return sign_in


def session(call: Call, pool: UserPool, challenge: Challenge) -> str:
    """The Session of a challenge: an opaque string that contains the pool, the challenge and its expiry."""
    payload = json.dumps([challenge.id, challenge.expires]).encode()
    return sealed.message(pool.seal_key, payload, pool.id, call.world.entropy.bytes(sealed.NONCE))


def secret_block(call: Call, pool: UserPool, challenge_id: str) -> str:
    """The SECRET_BLOCK of an SRP exchange: the challenge id, encrypted."""
    nonce = call.world.entropy.bytes(sealed.NONCE)
    return base64.b64encode(
        sealed.seal(pool.seal_key, challenge_id.encode(), BLOCK, nonce, size=1100)
    ).decode()


def resume(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    name: str,
    given: dict[str, str],
    *,
    session: str | None,
    metadata: dict[str, str] | None = None,
) -> tuple[SignIn, Challenge]:
    """The sign-in that an answer belongs to. Raises InvalidParameterException, NotAuthorizedException."""
    typed = given.get("USERNAME")
    if not typed:
        raise InvalidParameterException("Missing required parameter USERNAME")
    secret_hash.check(call, client, typed, given.get("SECRET_HASH"), where="sign_in")
    challenge = _named(call, pool, name, given, session)
    if challenge.attempt.client_id != client.id:
        raise InvalidSession(reason="a session of another client")
    if challenge.name != name:
        raise InvalidSession(reason=f"the session is for {challenge.name}")
    if not _is_meant(pool, challenge, typed):
        raise InvalidSession(reason="a session of another user")
    sign_in = of(call, pool, challenge)
    sign_in.given, sign_in.metadata = given, metadata or {}
    return sign_in, challenge


def of(call: Call, pool: UserPool, challenge: Challenge) -> SignIn:
    """The sign-in that a challenge is part of. Raises NotAuthorizedException."""
    attempt = challenge.attempt
    client = call.region.clients.get(attempt.client_id)
    user = pool.users.get(attempt.username) if attempt.known else None
    if client is None or (attempt.known and user is None):
        raise InvalidSession(reason="the user or the client was deleted meanwhile")
    if user and not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    return SignIn(call, pool, client, user, attempt, {})


def find(call: Call, pool: UserPool, session: str) -> Challenge:
    """The challenge that a session names, if it may still be answered. Raises NotAuthorizedException."""
    try:
        challenge_id, expires = json.loads(sealed.unmessage(pool.seal_key, session))
    except ValueError:
        raise InvalidSession(reason="not a session of this pool") from None
    if expires <= call.now:
        raise InvalidSession("Invalid session for the user, session is expired.")
    return _unused(pool.challenges.get(challenge_id))


def _named(call: Call, pool: UserPool, name: str, given: dict[str, str], session: str | None) -> Challenge:
    if session:
        return find(call, pool, session)
    if name == "DEVICE_SRP_AUTH":
        return _open_device_question(call, pool, given)
    block = given.get("PASSWORD_CLAIM_SECRET_BLOCK")
    if name not in BY_BLOCK or not block:
        raise InvalidParameterException("Missing required parameter Session")
    try:
        challenge_id = sealed.unseal(pool.seal_key, srp.decoded(block), BLOCK).decode()
    except ValueError:
        raise NotAuthorizedException("Incorrect username or password.", reason="no secret block") from None
    challenge = pool.challenges.get(challenge_id)
    if challenge is None or challenge.expires <= call.now:
        raise InvalidSession("Invalid session for the user, session is expired.")
    return _unused(challenge)


def _open_device_question(call: Call, pool: UserPool, given: dict[str, str]) -> Challenge:
    """The last open challenge of a device, for clients that send no Session here (pycognito)."""
    key = given.get("DEVICE_KEY")
    for challenge_id, challenge in reversed(list(pool.challenges.unwatched())):
        is_open = not challenge.used and challenge.expires > call.now
        if is_open and challenge.name == "DEVICE_SRP_AUTH" and challenge.attempt.device_key == key:
            return pool.challenges[challenge_id]
    raise InvalidParameterException("Missing required parameter Session")


def _unused(challenge: Challenge | None) -> Challenge:
    if challenge is None:
        raise InvalidSession(reason="the session is gone")
    if challenge.used:
        raise InvalidSession("Invalid session for the user, session can only be used once.")
    return challenge


def _is_meant(pool: UserPool, challenge: Challenge, typed: str) -> bool:
    """Whether a name is that of the challenge: the typed one, or one that the challenge returned."""
    attempt = challenge.attempt
    if typed in (attempt.username, challenge.data.get("user_id")):
        return True
    found = aliases.find(pool, typed)
    return found is not None and attempt.known and found.name == attempt.username
