"""Encrypted codes: messages of the AWS Encryption SDK, under data keys that the KMS endpoint of this server opens."""

from __future__ import annotations

import base64
import json
from typing import Any

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.crypto import sealed
from cogmock.errors import CodeDeliveryFailureException
from cogmock.state.user_pool import UserPool

CONTEXT = "userpool-id"
"""The one member of the encryption context that Cognito gives. The SDK adds the key that verifies the signature."""
BLOB, TAG = 184, 16
"""Bytes of an encrypted data key, as AWS's have them, and of the tag at its end."""
EXTRA = "Custom senders need the AWS Encryption SDK: pip install 'cogmock[kms]'"


def encrypt(call: Call, pool: UserPool, key_arn: str, plaintext: str) -> bytes:
    """A text as custom senders get it. Raises CodeDeliveryFailureException where the SDK is missing."""
    try:
        import aws_encryption_sdk
    except ImportError:
        raise CodeDeliveryFailureException(EXTRA) from None
    from cogmock.core.messages.kms_key import Key

    entropy = call.world.entropy

    def seal(data_key: bytes, context: dict[str, str]) -> bytes:
        return _sealed(pool, key_arn, data_key, context, entropy.bytes(sealed.NONCE))

    client = aws_encryption_sdk.EncryptionSDKClient(
        commitment_policy=aws_encryption_sdk.CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
    )
    message, _ = client.encrypt(
        source=plaintext.encode(),
        key_provider=Key.of(key_arn, entropy, seal),
        encryption_context={CONTEXT: pool.id},
        algorithm=aws_encryption_sdk.Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384,
        frame_length=4096,
    )
    return bytes(message)


def decrypt(world: World, message: bytes) -> str:
    """The text in a message of ours, read by the SDK itself. For tests."""
    import aws_encryption_sdk

    from cogmock.core.messages.kms_key import Opener

    client = aws_encryption_sdk.EncryptionSDKClient(
        commitment_policy=aws_encryption_sdk.CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
    )
    plaintext, _ = client.decrypt(
        source=message, key_provider=Opener.of(lambda blob, context: opened(world, blob, context)[0])
    )
    return bytes(plaintext).decode()


def opened(world: World, blob: bytes, context: dict[str, str]) -> tuple[bytes, str]:
    """A data key, and the ARN of the key that it is under. Raises ValueError where pool, context or blob are wrong."""
    found = world.find_pool(context.get(CONTEXT, ""))
    if found is None:
        raise sealed.Unsealed
    content: Any = json.loads(sealed.unseal(found[1].seal_key, blob, _about(context)))
    return base64.b64decode(content[0]), content[1]


def _sealed(pool: UserPool, key_arn: str, data_key: bytes, context: dict[str, str], nonce: bytes) -> bytes:
    payload = json.dumps([base64.b64encode(data_key).decode(), key_arn]).encode()
    return sealed.seal(pool.seal_key, payload, _about(context), nonce, size=BLOB - sealed.NONCE - TAG)


def _about(context: dict[str, str]) -> str:
    return f"data key {json.dumps(context, sort_keys=True)}"
