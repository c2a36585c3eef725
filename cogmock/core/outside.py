"""Questions to other servers over HTTP: what an issuer publishes. Never asked under the world's lock."""

from __future__ import annotations

import json
import time
from typing import Any

SECONDS = 5
"""How long a server may keep silent."""
LONGEST = 10
"""How many seconds an answer may take in all."""
LARGEST = 1024 * 1024


class Unreachable(Exception):
    """No answer, or none that is JSON. `status` is that of an answer which says that it is none."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def fetch_json(url: str) -> dict[str, Any]:
    """The JSON object at a web URL. Raises Unreachable."""
    import urllib.request
    from http.client import HTTPException
    from urllib.error import HTTPError

    if not url.startswith(("http://", "https://")):
        raise Unreachable(f"{url[:200]!r} is no web URL")
    began = time.monotonic()
    body = b""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - the scheme has been looked at
            while chunk := answer.read1(65536):
                body += chunk
                if len(body) > LARGEST or time.monotonic() - began > LONGEST:
                    raise Unreachable(f"{url} answers too much or too slowly")
        found = json.loads(body)
    except HTTPError as refusal:
        refusal.close()
        raise Unreachable(f"{url} answers {refusal.code}", refusal.code) from None
    except (OSError, HTTPException, ValueError, RecursionError) as fault:
        raise Unreachable(f"{url}: {fault}") from None
    if not isinstance(found, dict):
        raise Unreachable(f"{url} answers no JSON object")
    return found
