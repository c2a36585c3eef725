"""OpenID tokens of identity pools: creates and verifies them. They have one issuer with keys of its own."""

from __future__ import annotations

from typing import Any

from cogmock.core.call import Call
from cogmock.core.keys import STOCK
from cogmock.core.world import ACCOUNT, World
from cogmock.crypto import jws
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.region import Region
from cogmock.wire import arns

ALGORITHM = "RS512"
SECONDS = 600
"""How long a token of the classic flow is good."""
TAGS = "https://aws.amazon.com/tags"
"""The claim by which any OpenID token brings session tags (IAM guide)."""

_POOL_ARN = "/identity-pool-arn"
"""What the name of the claim with the pool's ARN ends in; it begins with the issuer."""

Claims = dict[str, Any]


def mint(call: Call, claims: Claims) -> str:
    """A token of this issuer. Signs without the world's lock."""
    key, kid = signing_key(call), kid_of(call.region)
    with call.outside(is_computation=True):
        return key.sign(claims, ALGORITHM, kid=kid, typ="JWS")


def read(call: Call, token: str) -> Claims | None:
    """The claims, if this issuer signed them. Says nothing of expiry."""
    try:
        parsed = jws.peek(token)
    except jws.InvalidToken:
        return None
    for region in call.world.regions():
        if region.openid_key is not None and kid_of(region) == parsed.header.get("kid"):
            try:
                return region.openid_key.verify(parsed, ALGORITHM)
            except jws.InvalidToken:
                return None
    return None


def is_own(token: str) -> bool:
    """Whether a token names an identity pool as its issuer. The signature is not checked."""
    try:
        return is_issuer(str(jws.peek(token).claims.get("iss")))
    except jws.InvalidToken:
        return False


def is_issuer(url: str) -> bool:
    """Whether this is the issuer of identity pools, in any partition."""
    return url.startswith("https://") and arns.is_identity_issuer(url.removeprefix("https://"))


def issuer(region: str) -> str:
    """The `iss` of tokens of a Region. # inferred: without the slash at the end that AWS's guide to China shows."""
    return f"https://{arns.identity_issuer(region)}"


def pool_arn(said: Claims) -> str:
    """The ARN of the identity pool that a token is of."""
    return str(said[f"{said['iss']}{_POOL_ARN}"])


def signing_key(call: Call) -> jws.SigningKey:
    """The key of this Region. The first to ask draws it from the stock."""
    if call.region.openid_key is not None:
        return call.region.openid_key
    with call.outside():
        drawn = STOCK.take()
    return call.region.store_openid_key(drawn, STOCK.give_back)


def kid_of(region: Region) -> str:
    """The key id in AWS's form: the Region and a number. Other accounts use their account number."""
    return f"{region.name}{1 if region.account == ACCOUNT else region.account}"


def claims(
    call: Call, pool: IdentityPool, identity_id: str, amr: list[str], tags: dict[str, str], seconds: int
) -> Claims:
    """The claims of a token. `amr` lists how the identity was authenticated."""
    own = issuer(call.region.name)
    said: Claims = {
        "sub": identity_id,
        "aud": pool.id,
        "amr": amr,
        f"{own}{_POOL_ARN}": pool.arn,
        "iss": own,
        "exp": int(call.now) + seconds,
        "iat": int(call.now),
    }
    if tags:
        said[TAGS] = {
            "principal_tags": {key: [value] for key, value in tags.items()},
            "transitive_tag_keys": [],
        }
    return said


def configuration(base: str, region: str) -> dict[str, Any]:
    """The discovery document. The issuer is always AWS's."""
    return {
        "issuer": issuer(region),
        "jwks_uri": f"{base}/.well-known/jwks_uri",
        "authorization_endpoint": f"{base}/authorize",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
    }


def jwks(world: World) -> dict[str, Any]:
    """The keys of all Regions that have signed a token."""
    return {
        "keys": [
            region.openid_key.jwk(ALGORITHM) | {"kid": kid_of(region)}
            for region in world.regions()
            if region.openid_key is not None
        ]
    }
