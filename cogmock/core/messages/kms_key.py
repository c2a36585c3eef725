"""A key of KMS as the AWS Encryption SDK sees it. Imported with the first custom sender."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from aws_encryption_sdk.key_providers.base import (
    MasterKey,
    MasterKeyConfig,
    MasterKeyProvider,
    MasterKeyProviderConfig,
)
from aws_encryption_sdk.structures import DataKey, MasterKeyInfo

from cogmock.core.entropy import Entropy

Context = dict[str, str]
PROVIDER = "aws-kms"


class KeyConfig(MasterKeyConfig):  # type: ignore[misc]  # the library has no types
    provider_id = PROVIDER


class Key(MasterKey):  # type: ignore[misc]  # the library has no types
    """Generates data keys; `seal` encrypts them."""

    provider_id = PROVIDER
    _config_class = KeyConfig
    entropy: Entropy
    seal: Callable[[bytes, Context], bytes]

    @classmethod
    def of(cls, arn: str, entropy: Entropy, seal: Callable[[bytes, Context], bytes]) -> Self:
        key: Self = cls(key_id=arn)
        key.entropy = entropy
        key.seal = seal
        return key

    def _generate_data_key(self, algorithm: Any, encryption_context: Context) -> DataKey:
        data_key = self.entropy.bytes(algorithm.kdf_input_len)
        info = MasterKeyInfo(provider_id=PROVIDER, key_info=self.key_id)
        return DataKey(info, data_key, self.seal(data_key, encryption_context))

    def _encrypt_data_key(self, data_key: Any, algorithm: Any, encryption_context: Context) -> Any:
        raise NotImplementedError  # there is one key, and it made the data key

    def _decrypt_data_key(
        self, encrypted_data_key: Any, algorithm: Any, encryption_context: Context
    ) -> DataKey:
        raise NotImplementedError  # `Opener` reads


class Opener(MasterKeyProvider):  # type: ignore[misc]  # the library has no types
    """Decrypts data keys with `open`, for any key id."""

    provider_id = PROVIDER
    _config_class = MasterKeyProviderConfig
    vend_masterkey_on_decrypt = True
    open: Callable[[bytes, Context], bytes]

    @classmethod
    def of(cls, opens: Callable[[bytes, Context], bytes]) -> Self:
        opener: Self = cls()
        opener.open = opens
        return opener

    def _new_master_key(self, key_id: Any) -> Any:
        raise NotImplementedError

    def decrypt_data_key_from_list(
        self,
        encrypted_data_keys: list[Any],
        algorithm: Any,  # noqa: ARG002 - the library's signature
        encryption_context: Context,
    ) -> DataKey:
        first = next(iter(encrypted_data_keys))
        data_key = self.open(first.encrypted_data_key, encryption_context)
        return DataKey(first.key_provider, data_key, first.encrypted_data_key)
