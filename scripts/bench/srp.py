"""SRP sign-ins and refreshes: CPU time of the emulator, compared with that of the arithmetic alone."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import boto3

from cogmock import mock_cognito
from cogmock.crypto import srp
from cogmock.crypto.jws import SigningKey

ROUNDS = 60
A = 2**255 + 1
"""The client's secret: that it is the same each time costs the server nothing less."""
TIMESTAMP = "Tue Feb 1 03:04:05 UTC 2000"
GIVEN = {"USERNAME": "ada", "PASSWORD": "Passw0rd!"}


def clocked(call: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    answer = call()
    return time.process_time() - began, answer


def claim(pool: str, told: dict[str, str]) -> dict[str, str]:
    """The client's proof, whose cost is not counted."""
    public, name = pow(srp.G, A, srp.N), pool.partition("_")[2]
    salt, server_public = bytes.fromhex(told["SALT"].rjust(32, "0")), int(told["SRP_B"], 16)
    x = int.from_bytes(srp.exponent(salt, name, "ada", GIVEN["PASSWORD"]), "big")
    u = number(srp.signed_form(public), srp.signed_form(server_public))
    k = number(srp.signed_form(srp.N), srp.signed_form(srp.G))
    shared = pow(server_public - k * pow(srp.G, x, srp.N), A + u * x, srp.N)
    block = base64.b64decode(told["SECRET_BLOCK"])
    signature = srp.signature(srp.derived(shared, u), name, "ada", block, TIMESTAMP)
    return {
        "USERNAME": "ada",
        "TIMESTAMP": TIMESTAMP,
        "PASSWORD_CLAIM_SECRET_BLOCK": told["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode(),
    }


def number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


def arithmetic() -> dict[str, float]:
    """Seconds that the powers and the signatures take by themselves."""
    key, secret = SigningKey.generate(), bytes([255]) * srp.SECRET
    public, verifier = pow(srp.G, A, srp.N), pow(srp.G, A + 1, srp.N)

    def powers() -> None:
        srp.key(public, srp.challenge(verifier, secret), verifier, secret)

    def signatures() -> None:
        for _ in range(2):
            key.sign({"sub": "x" * 700})

    spent = {of.__name__: median(clocked(of)[0] for _ in range(ROUNDS)) for of in (powers, signatures)}
    return {"srp": spent["powers"] + spent["signatures"], "refresh": spent["signatures"]}


def main() -> None:
    spent: dict[str, list[float]] = {"srp": [], "refresh": []}
    with mock_cognito():
        idp = boto3.client("cognito-idp", region_name="us-east-1")
        pool = idp.create_user_pool(PoolName="p")["UserPool"]["Id"]
        made = idp.create_user_pool_client(UserPoolId=pool, ClientName="c")
        client = made["UserPoolClient"]["ClientId"]
        idp.admin_create_user(UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
        idp.admin_set_user_password(
            UserPoolId=pool, Username="ada", Password=GIVEN["PASSWORD"], Permanent=True
        )
        begin = {"USERNAME": "ada", "SRP_A": f"{pow(srp.G, A, srp.N):x}"}
        for _ in range(ROUNDS):
            first, asked = clocked(
                partial(idp.initiate_auth, ClientId=client, AuthFlow="USER_SRP_AUTH", AuthParameters=begin)
            )
            proof = claim(pool, asked["ChallengeParameters"])
            second, answer = clocked(
                partial(
                    idp.respond_to_auth_challenge,
                    ClientId=client,
                    ChallengeName="PASSWORD_VERIFIER",
                    ChallengeResponses=proof,
                )
            )
            token = {"REFRESH_TOKEN": answer["AuthenticationResult"]["RefreshToken"]}
            third, _ = clocked(
                partial(
                    idp.initiate_auth,
                    ClientId=client,
                    AuthFlow="REFRESH_TOKEN_AUTH",
                    AuthParameters=token,
                )
            )
            spent["srp"].append(first + second)
            spent["refresh"].append(third)
    print(json.dumps({"spent": {key: median(of) for key, of in spent.items()}, "floor": arithmetic()}))


if __name__ == "__main__":
    main()
