"""Sign-in by passkey: a WebAuthn assertion."""

from __future__ import annotations

import hmac
import json

from cogmock import foreign_json
from cogmock.crypto import webauthn
from cogmock.crypto.jws import b64url
from cogmock.state.session import Challenge
from cogmock.state.user import Passkey
from cogmock.userpools.rules.proofs import factors, passkeys
from cogmock.userpools.sign_in.attempt import Question, SignIn


def ask(sign_in: SignIn) -> Question:
    user = sign_in.known()
    party = passkeys.relying_party(sign_in.call, sign_in.pool)
    challenge = b64url(sign_in.call.world.entropy.bytes(webauthn.CHALLENGE)).decode()
    options = {
        "challenge": challenge,
        "timeout": 180000,
        "rpId": party,
        "allowCredentials": [
            {"type": "public-key", "id": key.id, "transports": list(key.transports)}
            for key in passkeys.of(user, party)
        ],
        "userVerification": "required" if _must_verify(sign_in) else "preferred",
    }
    return Question(
        "WEB_AUTHN",
        {"CREDENTIAL_REQUEST_OPTIONS": json.dumps(options, separators=(",", ":"))},
        {"challenge": challenge, "party": party},
    )


def prove(sign_in: SignIn, challenge: Challenge | None) -> None:
    user = sign_in.known()
    data = challenge.data if challenge else {}
    try:
        proof = webauthn.assertion(foreign_json.read(sign_in.take("CREDENTIAL")))
    except ValueError as unread:
        raise sign_in.wrong(f"no credential: {unread}") from None
    key = (user.passkeys or {}).get(proof.id)
    fault = _fault(sign_in, data, proof, key)
    if key is None or fault:
        raise sign_in.wrong(f"the passkey does not hold: {fault}")
    key.counter = proof.counter


def _fault(
    sign_in: SignIn, data: dict[str, str], proof: webauthn.Assertion, key: Passkey | None
) -> str | None:
    """What is wrong with an assertion, in the order of WebAuthn Level 3, section 7.2."""
    party = data["party"]
    if key is None or key.relying_party != party:
        return "no passkey of the user's"
    checks = {
        "the handle of another user": proof.user_handle in (None, passkeys.handle(sign_in.known())),
        "not a sign-in": proof.client.type == "webauthn.get",
        "another challenge": hmac.compare_digest(proof.client.challenge.encode(), data["challenge"].encode()),
        "a page of another origin": webauthn.is_origin_of(proof.client.origin, party),
        "another relying party": proof.relying_party_hash == webauthn.relying_party_hash(party),
        "nobody was present": proof.present,
        "nobody was verified": proof.verified or not _must_verify(sign_in),
        "another signature": webauthn.is_signed(key.public_key, proof),
        "the counter went back": proof.counter > key.counter or (proof.counter == 0 == key.counter),
    }
    return next((fault for fault, holds in checks.items() if not holds), None)


def _must_verify(sign_in: SignIn) -> bool:
    """Whether user verification is required: by the pool, by the user, or because the passkey is two factors."""
    user = sign_in.user
    if user and user.mfa and user.mfa.passkeys:
        return True
    multi = factors.is_multi_factor_passkey(sign_in.pool)
    return passkeys.wants_verification(sign_in.pool) or (
        multi and factors.wants_two(sign_in.pool, sign_in.user)
    )
