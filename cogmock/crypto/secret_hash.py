"""SecretHash: proves that a client knows its secret without sending it."""

from __future__ import annotations

import base64
import hashlib
import hmac


def secret_hash(secret: str, username: str, client_id: str) -> str:
    digest = hmac.digest(secret.encode(), (username + client_id).encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()
