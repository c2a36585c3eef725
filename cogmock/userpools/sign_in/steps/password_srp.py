"""The password proven over SRP, so that it is not sent."""

from __future__ import annotations

import hmac
import uuid

from cogmock.crypto import srp
from cogmock.errors import InvalidParameterException
from cogmock.state.session import Challenge
from cogmock.state.user import User
from cogmock.userpools.sign_in import lockout, questions
from cogmock.userpools.sign_in.attempt import Question, SignIn
from cogmock.userpools.sign_in.steps import password


def ask_public(_sign_in: SignIn) -> Question:
    return Question("PASSWORD_SRP")


def take_public(sign_in: SignIn, _challenge: Challenge | None) -> None:
    """Takes the client's SRP_A. The next question has the server's SRP_B."""
    sign_in.attempt.public_a = public(sign_in)
    sign_in.attempt.chosen = "PASSWORD_VERIFIER"


def public(sign_in: SignIn) -> str:
    """SRP_A. Raises InvalidParameterException if it is not a valid public value."""
    given = sign_in.take("SRP_A")
    if srp.public(given) is None:
        raise InvalidParameterException("Invalid SRP_A value.")
    return given


def ask(sign_in: SignIn) -> Question:
    """An unknown name gets numbers, too, with the same salt and id each time."""
    password.refuse_reset(sign_in)
    identity, salt, exponent = _kept(sign_in)
    question = exchange(sign_in, "PASSWORD_VERIFIER", salt, exponent)
    question.parameters |= {
        "USERNAME": sign_in.user.name if sign_in.user else identity,
        "USER_ID_FOR_SRP": identity,
    }
    question.data["user_id"] = identity
    return question


def prove(sign_in: SignIn, challenge: Challenge | None) -> None:
    lockout.check(sign_in)
    password.refuse_reset(sign_in)
    identity, _, exponent = _kept(sign_in)
    pool_name = sign_in.pool.id.partition("_")[2]
    good = is_proof(sign_in, challenge, exponent, pool_name, identity)
    user = sign_in.user
    if not good or user is None or user.password is None or user.password.exponent != exponent:
        lockout.count(sign_in)
        raise sign_in.wrong(_reason(user))
    password.accept(sign_in)


def exchange(sign_in: SignIn, name: str, salt: bytes, exponent: bytes | int) -> Question:
    """The question with SRP_B. `exponent` may be the verifier itself. Computes without the lock."""
    call = sign_in.call
    secret = call.world.entropy.bytes(srp.SECRET)
    identifier = call.world.entropy.uuid()
    with call.outside(is_computation=True):
        verifier = exponent if isinstance(exponent, int) else srp.verifier(exponent)
        server_public = srp.challenge(verifier, secret)
    sign_in.look_again()
    block = questions.secret_block(call, sign_in.pool, identifier)
    return Question(
        name,
        {
            "SALT": f"{int.from_bytes(salt, 'big'):x}",
            "SRP_B": f"{server_public:x}",
            "SECRET_BLOCK": block,
        },
        {"b": secret.hex(), "B": f"{server_public:x}", "A": sign_in.attempt.public_a, "block": block},
        id=identifier,
    )


def is_proof(
    sign_in: SignIn, challenge: Challenge | None, exponent: bytes | int, group: str, identity: str
) -> bool:
    """Whether the client has the key of the exchange. Computes without the lock, compares in constant time."""
    block = sign_in.take("PASSWORD_CLAIM_SECRET_BLOCK")
    claimed = sign_in.take("PASSWORD_CLAIM_SIGNATURE")
    timestamp = sign_in.take("TIMESTAMP")
    if not srp.is_timestamp(timestamp):
        raise InvalidParameterException("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english")
    if challenge is None or block != challenge.data["block"]:
        return False
    data = challenge.data
    with sign_in.call.outside(is_computation=True):
        verifier = exponent if isinstance(exponent, int) else srp.verifier(exponent)
        key = srp.key(int(data["A"], 16), int(data["B"], 16), verifier, bytes.fromhex(data["b"]))
    sign_in.look_again()
    if key is None or challenge.used:
        return False
    wanted = srp.signature(key, group, identity, srp.decoded(block), timestamp)
    try:
        return hmac.compare_digest(srp.decoded(claimed), wanted)
    except ValueError:
        return False


def _reason(user: User | None) -> str:
    if user is None:
        return "no user has this name"
    if user.imported_hash is not None:
        return "SRP cannot check an imported hash: the first sign-in must send the password itself"
    return "the proof is wrong"


def _kept(sign_in: SignIn) -> tuple[str, bytes, bytes]:
    """USER_ID_FOR_SRP, salt and exponent: the user's, or invented ones that are the same each time."""
    user = sign_in.user
    if user and user.password:
        return user.name, user.password.salt, user.password.exponent
    name = sign_in.pool.users.fold(sign_in.attempt.username)
    identity = user.name if user else str(uuid.UUID(bytes=_invented(sign_in, "id", name)[:16], version=4))
    return identity, _invented(sign_in, "salt", name)[: srp.SALT], _invented(sign_in, "x", name)


def _invented(sign_in: SignIn, what: str, name: str) -> bytes:
    return hmac.digest(sign_in.pool.seal_key, f"{what} {name}".encode(), "sha256")
