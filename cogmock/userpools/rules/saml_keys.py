"""The key that a pool signs its SAML requests with, and its certificate."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.core.keys import STOCK
from cogmock.crypto.jws import SigningKey
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup

YEAR = 365 * 86400


def signing(call: Call, pool: UserPool) -> SigningKey:
    """Made at its first use. May give the lock away: look things up again afterwards. Raises AwsError."""
    if pool.certificate is None:
        from cogmock.crypto import certificate

        serial = call.world.entropy.bytes(certificate.SERIAL)
        with call.outside():
            key = STOCK.take()
            made = certificate.self_signed(key, pool.id, call.now, serial)
        pool = lookup.pool(call, pool.id)
        pool.store_certificate(key, made, STOCK.give_back)
    if pool.saml_key is None:
        raise AssertionError("a certificate has its key")
    _renew(call, pool, pool.saml_key)
    return pool.saml_key


def _renew(call: Call, pool: UserPool, key: SigningKey) -> None:
    """A new certificate over the same key every year; the old ones stay valid for ten (AWS dev guide)."""
    from cogmock.crypto import certificate

    if call.now >= certificate.start(pool.certificate or b"") + YEAR:
        serial = call.world.entropy.bytes(certificate.SERIAL)
        pool.certificate = certificate.self_signed(key, pool.id, call.now, serial)
