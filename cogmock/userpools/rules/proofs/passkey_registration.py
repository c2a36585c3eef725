"""Registering a passkey: the options for the browser, and the checks of the credential that it creates."""

from __future__ import annotations

import hmac
from typing import Any

from cogmock.core.call import Call
from cogmock.crypto import webauthn
from cogmock.crypto.jws import b64url
from cogmock.errors import (
    InvalidParameterException,
    LimitExceededException,
    NotAuthorizedException,
    WebAuthnChallengeNotFoundException,
    WebAuthnClientMismatchException,
    WebAuthnCredentialNotSupportedException,
    WebAuthnOriginNotAllowedException,
    WebAuthnRelyingPartyMismatchException,
)
from cogmock.state.user import Passkey, Registration, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping, writes
from cogmock.userpools.rules.proofs import passkeys

TIMEOUT = 60
"""Seconds that the browser waits for its user."""
PENDING = 300
"""Seconds within which a registration has to be completed. inferred: the number."""


def begin(call: Call, pool: UserPool, user: User, client_id: str) -> dict[str, Any]:
    """The CredentialCreationOptions. A second start replaces the first. Raises AwsError."""
    writes.refuse(call, pool)
    passkeys.check_enabled(pool)
    if user.status == "EXTERNAL_PROVIDER":
        # AWS dev guide: federated users have no passkeys of the pool. inferred: error and wording.
        raise NotAuthorizedException("Federated users cannot register passkeys.")
    party = passkeys.relying_party(call, pool)
    _check_room(user)
    challenge = b64url(call.world.entropy.bytes(webauthn.CHALLENGE)).decode()
    user.registration = Registration(challenge, client_id, call.now + PENDING)
    return _options(pool, user, party, challenge)


def complete(call: Call, pool: UserPool, user: User, client_id: str, credential: Any) -> None:
    """Adds the passkey. Attestation is not checked, as on AWS. Raises AwsError."""
    writes.refuse(call, pool)
    passkeys.check_enabled(pool)
    party = passkeys.relying_party(call, pool)
    _check_room(user)
    made = _checked(call, user, client_id, party, credential)
    if not made.present or (passkeys.wants_verification(pool) and not made.verified):
        raise InvalidParameterException("User verification is required.")
    if made.id in (user.passkeys or {}):
        raise InvalidParameterException("The credential is registered already.")
    passkey = Passkey(
        id=made.id,
        public_key=made.public_key,
        counter=made.counter,
        name=made.name,
        relying_party=party,
        created=call.now,
        attachment=made.attachment,
        transports=made.transports,
    )
    keeping.note(call, pool, user)
    user.passkeys = {**(user.passkeys or {}), passkey.id: passkey}
    user.registration = None


def _checked(call: Call, user: User, client_id: str, party: str, credential: Any) -> webauthn.Registration:
    """The credential, if it is for this user's challenge, this client and a page of the relying party."""
    pending = user.registration
    if pending is None or pending.expires <= call.now:
        raise WebAuthnChallengeNotFoundException("No registration is under way.")
    if pending.client_id != client_id:
        raise WebAuthnClientMismatchException("The registration was started through another client.")
    try:
        made = webauthn.registration(credential)
    except webauthn.Malformed as fault:
        raise InvalidParameterException("Invalid credential.", reason=str(fault)) from None
    if made.client.type != "webauthn.create":
        raise InvalidParameterException("Invalid credential.", reason=f"made for {made.client.type}")
    if not hmac.compare_digest(made.client.challenge.encode(), pending.challenge.encode()):
        raise WebAuthnChallengeNotFoundException("The challenge is not the one of the registration.")
    if not webauthn.is_origin_of(made.client.origin, party):
        raise WebAuthnOriginNotAllowedException(f"Origin {made.client.origin} is not allowed.")
    if made.relying_party_hash != webauthn.relying_party_hash(party):
        raise WebAuthnRelyingPartyMismatchException(f"The credential is not for {party}.")
    if made.algorithm not in webauthn.ALGORITHMS or made.format not in webauthn.FORMATS:
        raise WebAuthnCredentialNotSupportedException(
            "The algorithm or the attestation format is not supported."
        )
    return made


def _check_room(user: User) -> None:
    if len(user.passkeys or ()) >= passkeys.MOST:
        raise LimitExceededException(f"A user may have {passkeys.MOST} passkeys.")


def _options(pool: UserPool, user: User, party: str, challenge: str) -> dict[str, Any]:
    return {
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": "required" if passkeys.wants_verification(pool) else "preferred",
        },
        "challenge": challenge,
        "excludeCredentials": [{"id": key.id, "type": "public-key"} for key in passkeys.of(user, party)],
        "pubKeyCredParams": [{"alg": alg, "type": "public-key"} for alg in webauthn.ALGORITHMS],
        "rp": {"id": party, "name": party},
        "timeout": TIMEOUT * 1000,
        "user": {"displayName": user.name, "id": passkeys.handle(user), "name": user.name},
    }
