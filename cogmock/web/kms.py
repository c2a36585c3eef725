"""The Decrypt operation of KMS, with which custom sender functions decrypt the data keys of codes."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from cogmock import foreign_json
from cogmock.core.world import World
from cogmock.errors import AwsError, ForeignPage
from cogmock.web import foreign_pages
from cogmock.web.exchange import body_of

PREFIX = "TrentService."
ALGORITHM = "SYMMETRIC_DEFAULT"
CONTENT_TYPE = "application/x-amz-json-1.1"


def answer(world: World, environ: dict[str, Any], target: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of a call of KMS."""
    try:
        refused = foreign_pages.refusal(world.settings, environ, public=False)
        if refused:
            raise ForeignPage(refused)
        if target != f"{PREFIX}Decrypt":
            status, content = _refusal("UnknownOperationException", "This KMS offers Decrypt alone.")
        else:
            status, content = _decrypt(world, body_of(environ))
    except AwsError as error:
        status, content = _refusal(error.code, error.message)
    body = json.dumps(content).encode()
    headers = [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body)))]
    return status, [*headers, ("x-amzn-RequestId", world.entropy.uuid())], body


def _decrypt(world: World, body: bytes) -> tuple[int, dict[str, Any]]:
    from cogmock.core.messages import code_encryption

    try:
        asked = foreign_json.read(body)
        blob = base64.b64decode(asked["CiphertextBlob"], validate=True)
        context = dict(asked.get("EncryptionContext") or {})
        key_id = asked.get("KeyId")
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return _refusal("SerializationException", "CiphertextBlob must be given, in base64.")
    try:
        with world.lock:
            plaintext, arn = code_encryption.opened(world, blob, context)
    except ValueError:
        return _refusal("InvalidCiphertextException", "")
    if key_id and key_id not in (arn, arn.rpartition("/")[2]):
        return _refusal(
            "IncorrectKeyException", "The key ID in the request does not identify the key of the data."
        )
    plain = base64.b64encode(plaintext).decode()
    return 200, {"KeyId": arn, "Plaintext": plain, "EncryptionAlgorithm": ALGORITHM}


def _refusal(code: str, message: str) -> tuple[int, dict[str, Any]]:
    return 400, {"__type": code, "message": message}
